"""What of a channel is on the desk: gaps, calls that could not be read, silence. What hangs on a message."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gatepost.channels.actions import may_write
from gatepost.channels.models import Channel
from gatepost.inbox import coverage as covering
from gatepost.inbox.exposure import open_until, why_covered
from gatepost.inbox.intake_models import Attachment, Gap
from gatepost.inbox.rereading import told_of
from gatepost.networks.charges import reading_costs
from gatepost.networks.limits import figure
from gatepost.web.frame.given import end_of_day, number
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.who import me
from gatepost.web.intake.files import served
from gatepost.web.permission import needs


@needs("reader")
@require_safe
def attachment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A picture as it is, anything else as a file to take away: of abuse only to whoever has opened the words. Whoever
    looks is kept in the record."""
    found = get_object_or_404(Attachment.objects.select_related("message__decision").exclude(sha256=""), pk=pk)
    if why_covered(found.message) and not open_until([found.message], me(request), timezone.now()):
        raise PermissionDenied("What was said with it is covered. Open the words on the message’s page first.")
    return served(found, by=me(request), at=timezone.now())


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def coverage(request: HttpRequest, pk: int) -> HttpResponseBase:
    channel = get_object_or_404(Channel.objects.exclude(state="closed"), pk=pk)
    if request.method == "POST":
        try:
            said = _act(request, channel)
        except ERRORS as error:
            return refused(request, "intake/coverage.html", _context(request, channel), error)
        return done(request, said, "coverage", pk)
    return render(request, "intake/coverage.html", _context(request, channel))


def _act(request: HttpRequest, channel: Channel) -> str:
    by, at, given = me(request), timezone.now(), request.POST
    match given.get("act"):
        case "settle":
            gaps = Gap.objects.select_related("channel").filter(channel=channel)
            found = get_object_or_404(gaps, pk=number(given.get("gap", "")))
            covering.settle_gap(found, because=given.get("because", ""), by=by, at=at)
            return "The gap is settled. What you found is kept with your name."
        case "again":
            end = end_of_day(given.get("since", ""), "since")
            if end is None:
                raise Unclear("Enter the day from which on the channel is to be read again.", "since")
            covering.ask_to_read_again(channel, end - timedelta(days=1), by=by, at=at)
            return "The channel is read once more. What is known already is passed over."
        case "calls":
            calls = covering.ask_unreadable_again(channel, by=by, at=at)
            return f"{calls} {'call is' if calls == 1 else 'calls are'} tried again."
    raise Unclear("The desk does not know what to do with that.")


def _context(request: HttpRequest, channel: Channel) -> dict[str, object]:
    at = timezone.now()
    return {
        "channel": channel,
        "coverage": covering.coverage_of(channel, at=at, most=50),
        "may_mend": may_write(me(request), channel, at),
        "reads_again": bool(figure(channel.network, "read_again")) and channel.state == "live",
        "paid": reading_costs(channel.network),
        "twice": told_of(channel),
    }
