"""Somebody without an account approves exactly what their link is for: they confirm their address, look, and answer.

Nothing of the content is shown before the code was typed in by this very browser, and never anything else of the desk.
"""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

from allauth.core.internal import ratelimit
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gatepost.gate import outside
from gatepost.gate.content import MODERATION, BadContent, CaptionsRef, Content, from_json
from gatepost.gate.correcting import words_out
from gatepost.gate.legible import known_of
from gatepost.gate.media import MediaError, get, stored
from gatepost.gate.models import Invitation
from gatepost.gate.outside import OutsideError
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.acts import title_of
from gatepost.web.frame.problems import ERRORS, refused, see
from gatepost.web.permission import needs
from gatepost.web.sign_off.group import seal_of

SIGHT = timedelta(hours=1)  # for so long after the code was typed in this browser shows the content
TRIES = {"outside": "60/h/ip"}
FIELDS = {"confirm": "code", "decline": "why"}


@needs("anybody")
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, secret: str) -> HttpResponse:
    """GET changes nothing: programs that look at links neither send a code nor use anything up."""
    invitation = outside.found(secret)
    if invitation is None:
        raise Http404
    at = timezone.now()
    if request.method != "POST":
        return render(request, "approve/approve.html", _context(request, invitation, at))
    wish = request.POST.get("do", "")
    try:
        _do(request, invitation, wish, at)
    except ERRORS as error:
        invitation = outside.found(secret) or invitation
        field = FIELDS.get(wish, "")
        return refused(request, "approve/approve.html", _context(request, invitation, at), error, field=field)
    return see(request.path)


def _do(request: HttpRequest, invitation: Invitation, wish: str, at: datetime) -> None:
    if not ratelimit.consume(request, app="gatepost", action="outside", config=TRIES):
        raise OutsideError("Too many tries from here. Wait an hour, then go on. Nothing was signed.")
    match wish:
        case "code":
            outside.send_code(invitation, at=at)
        case "confirm":
            outside.confirm(invitation, request.POST.get("code", ""), at=at)
            request.session[_key(invitation)] = (at + SIGHT).isoformat()
        case "sign" | "decline" if not _sees(request, invitation, at):
            raise OutsideError("An hour has passed, or this is another browser. Ask for a new code, then go on.")
        case "sign":
            seen = {"content": invitation.act.content, "words": list(seal_of([invitation.act]).words)}
            outside.sign(invitation, digest=request.POST.get("digest", ""), at=at, seen=seen)
        case "decline":
            outside.decline(invitation, reason=request.POST.get("reason", ""), at=at)
        case _:
            raise OutsideError("The page does not know what to do with that. Nothing was signed.")


def _key(invitation: Invitation) -> str:
    return f"outside.{invitation.pk}"


def _sees(request: HttpRequest, invitation: Invitation, at: datetime) -> bool:
    until = request.session.get(_key(invitation), "")
    return bool(until) and at < datetime.fromisoformat(until)


def _context(request: HttpRequest, invitation: Invitation, at: datetime) -> dict[str, Any]:
    context: dict[str, Any] = {
        "invitation": invitation,
        "organisation": in_force(at).organisation,
        "closed": "",
        "sees": False,
        "reason": request.POST.get("reason", ""),
    }
    try:
        outside.require_open(invitation, at=at)
        content = from_json(invitation.act.content)
    except OutsideError as error:
        return {**context, "closed": str(error)}
    except BadContent:
        return {**context, "closed": f"This cannot be shown at the moment. Ask {invitation.asked_by.name}."}
    if not _sees(request, invitation, at):
        waits = invitation.code_at is not None and at - invitation.code_at < outside.CODE_LIVES
        return {**context, "waits_for_code": waits and invitation.tries < outside.MOST_TRIES}
    act = invitation.act
    return {
        **context,
        "sees": True,
        "act": act,
        "content": content,
        "title": title_of(act),
        "answers": act.context.get("answering") if act.kind == "reply" else None,
        "moderation": act.kind in MODERATION or act.kind == "delete",
        "seal": seal_of([act]),
        "window": content.window(),
        "spoken": _spoken(content),
        "replaces": words_out(act) if act.kind == "edit" else "",
        "secret": outside.secret_of(invitation),
    }


def _spoken(content: Content) -> list[tuple[CaptionsRef, str]]:
    """The captions and transcripts that go out with films, in full."""
    found = []
    for words in (words for item in content.every_media for words in item.captions):
        try:
            found.append((words, get(words.sha256).decode("utf-8", "replace")))
        except MediaError:
            found.append((words, "They cannot be read any more. Say no, and why."))
    return found


@needs("anybody")
@require_safe
def approve_picture(request: HttpRequest, secret: str, sha256: str) -> HttpResponseBase:
    """A picture of the content, to the browser that typed the code in; no other picture of the desk."""
    invitation = outside.found(secret)
    if invitation is None or not _sees(request, invitation, timezone.now()):
        raise Http404
    item = next((one for one in known_of(invitation.act).every_media if one.sha256 == sha256), None)
    if item is None or invitation.act.digest != invitation.digest:
        raise Http404
    try:
        film = item.mime.startswith("video/")  # given piece by piece: a film is not read into memory
        file = stored(sha256).open("rb") if film else io.BytesIO(get(sha256))
    except (MediaError, OSError) as error:
        raise Http404 from error
    response = FileResponse(file, content_type=item.mime)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
