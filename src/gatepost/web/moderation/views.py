"""The queue of what a moderator should look at, one message with everything that may be done, one decision."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gatepost.inbox.actions import is_revealed
from gatepost.inbox.exposure import open_until, why_covered
from gatepost.inbox.models import Evidence, Message, Ruling
from gatepost.inbox.personal.covering import details_in
from gatepost.networks.powers import KINDS, everywhere
from gatepost.web.frame.who import me
from gatepost.web.moderation.page import CAN, WORDS, message_context, queue_context, ruling_context
from gatepost.web.permission import needs


@needs("reader")
@require_safe
def moderation(request: HttpRequest) -> HttpResponse:
    return render(request, "moderation/queue.html", queue_context(me(request), timezone.now()))


@needs("signed in")
@require_safe
def band(request: HttpRequest) -> HttpResponse:
    """The alarm on top of every page, for a page that is open while it is raised or taken. It holds no words."""
    return render(request, "frame/alarm.html")


@needs("reader")
@require_safe
def networks(request: HttpRequest) -> HttpResponse:
    """What each network allows, who still sees it, whether it can be undone, with the source."""
    rows = [
        (title, [(WORDS[kind], CAN[found[kind].can], found[kind]) for kind in KINDS])
        for _, title, found in everywhere()
    ]
    return render(request, "moderation/networks.html", {"networks": rows})


@needs("reader")
@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(pk)
    return render(request, "moderation/message.html", message_context(one, me(request), timezone.now()))


@needs("reader")
@require_safe
def ruling(request: HttpRequest, pk: int) -> HttpResponse:
    one = found_ruling(pk)
    return render(request, "moderation/ruling.html", ruling_context(one, me(request), timezone.now()))


@needs("reader")
@require_safe
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture kept as evidence: of abuse only to whoever has opened the words, with personal details only to
    whoever gave a reason to see them."""
    kept = get_object_or_404(Evidence.objects.select_related("message__decision"), pk=pk)
    opened = open_until([kept.message], me(request), timezone.now())
    if not kept.picture or (why_covered(kept.message) and not opened):
        raise Http404
    if details_in(kept.text) and not is_revealed(kept.message, me(request), timezone.now()):
        raise PermissionDenied("It shows personal details. Say on the message’s page why you need to see them.")
    response = HttpResponse(kept.picture, content_type="image/svg+xml; charset=utf-8")
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def found(pk: int) -> Message:
    return get_object_or_404(Message.objects.select_related("channel", "contact", "conversation", "decision"), pk=pk)


def found_ruling(pk: int) -> Ruling:
    rows = Ruling.objects.select_related(
        "message__channel", "message__contact", "message__decision", "by", "act", "told_by", "lifted_by", "appeal"
    )
    return get_object_or_404(rows, pk=pk)
