"""Recording by hand what reached somebody elsewhere."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gatepost.inbox.by_hand import KINDS, Recorded, record_by_hand
from gatepost.inbox.problems import InboxError
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.who import me
from gatepost.web.permission import needs

FIELDS = ("kind", "text", "name", "reach", "address", "happened_at")


@needs("reader")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest) -> HttpResponseBase:
    at = timezone.now()
    given = {name: request.POST.get(name, "") for name in FIELDS} | {"key": request.POST.get("key") or str(uuid4())}
    if request.method != "POST":
        given["happened_at"] = timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")
        return render(request, "intake/record.html", {"given": given, "kinds": KINDS.items()})
    try:
        message = record_by_hand(_what(given, at), by=me(request), at=at)
    except ERRORS as error:
        context = {"given": given, "kinds": KINDS.items()}
        return refused(request, "intake/record.html", context, error, title="Not recorded yet", field=_field(error))
    since = timezone.localtime(message.posted_at).strftime("%H:%M on %-d %B %Y")
    return done(request, f"Recorded. The policy has read it. Its clocks count from {since}.", "message", message.pk)


def _what(given: dict[str, str], at: datetime) -> Recorded:
    if given["kind"] not in KINDS:
        raise Unclear("Choose how it reached you.", "kind")
    try:
        key = UUID(given["key"])
    except ValueError:
        key = uuid4()
    try:
        happened = datetime.fromisoformat(given["happened_at"]) if given["happened_at"].strip() else at
        happened = timezone.make_aware(happened) if happened.tzinfo is None else happened
    except (ValueError, OverflowError) as error:
        raise Unclear("Enter the day and time as 2026-11-26T14:30.", "happened_at") from error
    # A form's minute is rounded down and a clock of the reader's may run ahead a little.
    happened = min(happened, at) if (happened - at).total_seconds() < 120 else happened
    return Recorded(
        key=key,
        kind=given["kind"],
        text=given["text"],
        name=given["name"],
        reach=given["reach"],
        address=given["address"],
        happened_at=happened,
    )


def _field(error: Exception) -> str:
    """The field that an action's sentence is about."""
    if not isinstance(error, InboxError):
        return ""
    words = str(error)
    return next((field for word, field in (("page", "address"), ("happened", "happened_at")) if word in words), "text")
