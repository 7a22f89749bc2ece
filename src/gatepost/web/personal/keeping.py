"""How long things are kept: what would go now, the officer's agreement, and legal holds."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gatepost.inbox.models import Contact, Message
from gatepost.inbox.personal import holds as legal
from gatepost.inbox.personal import retention
from gatepost.inbox.personal_models import Erased, GoneLook, LegalHold
from gatepost.ledger.models import Line
from gatepost.policy.retention import Keeping, schedule
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.given import number
from gatepost.web.frame.lines import spoken
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.who import me
from gatepost.web.permission import needs


@needs("officer")
@require_http_methods(["GET", "HEAD", "POST"])
def keeping(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "personal/keeping.html", _kept())
    at, by, given = timezone.now(), me(request), request.POST
    try:
        match given.get("act"):
            case "agree":
                if not given.get("seen"):
                    raise Unclear("Tick the box to say that you have looked at what would go.", "seen")
                retention.agree(digest=given.get("digest", ""), by=by, at=at)
                return done(request, "Agreed. What is due is deleted within the hour.", "peoples_data_keeping")
            case "stop":
                retention.stop(by=by, at=at)
                return done(request, "Stopped. Nothing is deleted by its time any more.", "peoples_data_keeping")
        raise Unclear("The desk does not know what to do with that.")
    except ERRORS as error:
        return refused(request, "personal/keeping.html", _kept(), error, title="Not done")


def _kept() -> dict[str, Any]:
    now = timezone.now()
    verbs = ("retention.agreed", "retention.stopped", "retention.deleted")
    return {
        "told": retention.preview(at=now),
        "everything_held": legal.kind_is_held(legal.EVERYTHING),
        "erased": Erased.objects.count(),
        "rounds": GoneLook.objects.select_related("channel").exclude(channel__state="closed").order_by("channel__name"),
        "history": spoken(Line.objects.filter(verb__in=verbs).order_by("-id")[:20]),
    }


@needs("officer")
@require_http_methods(["GET", "HEAD", "POST"])
def holds(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "personal/holds.html", _holds(request))
    at, by, given = timezone.now(), me(request), request.POST
    try:
        match given.get("act"):
            case "make":
                legal.make(**_scope(given.get("what", "")), reason=given.get("reason", ""), by=by, at=at)
                said = "Held. Nothing of it is deleted until the legal hold is ended."
            case "end":
                hold = get_object_or_404(LegalHold, pk=number(given.get("hold", "")))
                legal.end(hold, because=given.get("because", ""), by=by, at=at)
                said = "Ended. What it covered is deleted again when its time is over."
            case _:
                raise Unclear("The desk does not know what to do with that.")
    except ERRORS as error:
        return refused(request, "personal/holds.html", {**_holds(request), "given": given}, error, field="reason")
    return done(request, said, "peoples_data_holds")


def _scope(what: str) -> dict[str, Any]:
    """What is held, as the form names it: "contact:5", "message:8", "kind:complaint"."""
    name, _, rest = what.partition(":")
    if name == "contact":
        return {"contact": Contact.objects.filter(pk=number(rest)).first()}
    if name == "message":
        return {"message": Message.objects.filter(pk=number(rest)).first()}
    if name == "kind":
        return {"kind": rest}
    raise Unclear("Choose what is held.", "what")


def _holds(request: HttpRequest) -> dict[str, Any]:
    options = [("kind:everything", "Everything there is"), ("kind:messages", "All messages")]
    options += [(f"kind:{one.kind}", one.title) for one in _listed() if one.kind != "messages"]
    asked = request.GET if request.method != "POST" else request.POST
    one = None
    if message := Message.objects.filter(pk=number(asked.get("message", ""))).select_related("contact").first():
        one = message
        options = [
            (f"message:{message.pk}", f"This message, number {message.pk}"),
            (f"contact:{message.contact_id}", f"Everything of this account: {message.contact}"),
            *options,
        ]
    return {
        "holds": legal.in_force(),
        "ended": LegalHold.objects.exclude(ended_at=None).select_related("by", "ended_by").order_by("-ended_at")[:20],
        "options": options,
        "about": one,
    }


def _listed() -> tuple[Keeping, ...]:
    return schedule(in_force(timezone.now())).keeping
