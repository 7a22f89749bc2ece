"""A person's own settings: colours, keys, name, password, and keys for programs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gatepost.channels.outside_reader import may_be_told
from gatepost.people import actions, links
from gatepost.people.models import ApiToken
from gatepost.web.frame.given import number
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused, see
from gatepost.web.frame.who import me
from gatepost.web.permission import needs

NEW_LINK = "Ask an administrator for a link by e-mail, or one who had no part in this for a new link."


@needs("signed in")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "settings/settings.html", _context(request))
    act = request.POST.get("act")
    try:
        if act == "scheme":  # from the menu of any page: back to where the person was
            actions.prefer(me(request), scheme=request.POST.get("scheme", ""))
            return see(_back(request))
        if act == "token":
            title = request.POST.get("title", "").strip()[:120]
            if not title:
                raise Unclear("Say what the key is for.", "title")
            secret = actions.make_token(me(request), title=title, by=me(request), at=timezone.now())
            # shown in this very answer and kept nowhere
            return render(request, "settings/settings.html", {**_context(request), "secret": secret, "named": title})
        if act == "not_me":
            links.not_me(me(request), by=me(request), at=timezone.now())
            logout(request)
            messages.success(request, "Every way in under your name has ended, and it is in the record. " + NEW_LINK)
            return see(reverse("sign_in"))
        said = _act(request)
    except ValidationError as error:
        wrong = Unclear(" ".join(error.messages), "new")
        return refused(request, "settings/settings.html", _context(request), wrong)
    except ERRORS as error:
        return refused(request, "settings/settings.html", _context(request), error)
    return done(request, said, "settings")


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else reverse("settings")


def _act(request: HttpRequest) -> str:
    person, given, at = me(request), request.POST, timezone.now()
    match given.get("act"):
        case "keys":
            actions.prefer(person, keys_off=not given.get("keys"))
            return "Single-letter keys are turned off." if person.keys_off else "Single-letter keys are turned on."
        case "name":
            actions.introduce(person, name=given.get("name", ""), email=given.get("email", ""), password="", at=at)
            return "Your name and address are saved."
        case "password":
            validate_password(given.get("new", ""), person)
            actions.change_password(person, current=given.get("current", ""), new=given.get("new", ""), at=at)
            update_session_auth_hash(request, person)
            return "Your password is changed. Other devices are signed out."
        case "revoke":
            token = get_object_or_404(ApiToken, pk=number(given.get("token", "")), person=person)
            actions.revoke_token(token, by=person, at=at)
            return f"The key “{token.title}” no longer works."
    raise Unclear("The desk does not know what to do with that.")


def _context(request: HttpRequest) -> dict[str, Any]:
    sent = request.POST if request.method == "POST" and request.POST.get("act") == "name" else None
    return {
        "tokens": ApiToken.objects.filter(person=me(request), revoked_at=None).order_by("-created_at"),
        "name": sent.get("name", "") if sent else me(request).name,
        "email": sent.get("email", "") if sent else me(request).email,
        "has_password": me(request).has_usable_password(),
        "ways_in": links.ways_in(me(request)),
        "outside_told": may_be_told(me(request), timezone.now()),
    }
