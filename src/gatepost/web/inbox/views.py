"""The inbox: the list by time left, and one conversation at an address of its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gatepost.inbox.listing import Filter
from gatepost.inbox.models import Message
from gatepost.inbox.reply_drafts import keep_draft
from gatepost.rulebook.actions import in_force
from gatepost.web.desk.ways import hand_of, refused_before, turning_of
from gatepost.web.frame import facts
from gatepost.web.frame.given import number
from gatepost.web.frame.who import me
from gatepost.web.inbox.drafting import TEXT_LIMIT, Draft, checked
from gatepost.web.inbox.page import conversation_context, list_context
from gatepost.web.inbox.rows import newer_than
from gatepost.web.inbox.thread import thread_of
from gatepost.web.permission import needs


def place_in(request: HttpRequest) -> int:
    """Where the page before ended; 0 for the beginning."""
    return number(request.GET.get("after", ""), 40)


@needs("reader")
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """The list alone: one pane on a phone, beside an empty one where there is room."""
    now = timezone.now()
    person = me(request)
    context = list_context(Filter.of(request.GET, me=person.pk), person=person, after=place_in(request), at=now)
    return render(request, "inbox/list.html", context)


@needs("reader")
@require_GET
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One conversation with what the policy says of it."""
    now = timezone.now()
    one, person = found(pk), me(request)
    wanted = Filter.of(request.GET, me=person.pk)
    context = {
        **list_context(wanted, person=person, after=place_in(request), at=now),
        **conversation_context(request, one, at=now),
    }
    return render(request, "inbox/conversation.html", context)


@needs("reader")
@require_GET
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """The thread alone, for a page that is open while something happens."""
    now = timezone.now()
    one = found(pk)
    shown = thread_of(one, person=me(request), at=now)
    context = {"message": one, "thread": shown, "subjects": " ".join(shown.subjects), "who": str(one.contact)}
    return render(request, "inbox/thread.html", context)


@needs("reader")
@require_GET
def news(request: HttpRequest) -> HttpResponse:
    """How many messages came into this list since it was opened."""
    wanted = Filter.of(request.GET, me=me(request).pk)
    since = number(request.GET.get("since", ""), 15)
    context = {"fields": wanted.pairs(), "new": newer_than(wanted, since)}
    return render(request, "inbox/news.html", context)


@needs("reader")
@require_GET
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """The state of a message in its one word."""
    return render(request, "inbox/state.html", {"message": found(pk)})


@needs("signed in")
@require_GET
def counts(request: HttpRequest, what: str) -> HttpResponse:
    """A count of the navigation: "inbox" or "sign-off"."""
    shown = facts(request)
    waiting, words = (shown.inbox, "waiting for us") if what == "inbox" else (shown.sign_off, "waiting for you")
    return render(request, "inbox/count.html", {"number": waiting, "words": words})


@needs("reader")
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What the policy says of a reply as it is being written. What stands there is kept as this person's draft."""
    now = timezone.now()
    one = found(pk)
    draft = Draft.of(request.POST.dict())
    pack = in_force(now)
    if len(draft.text) < TEXT_LIMIT:
        keep_draft(
            one,
            draft.text,
            by=me(request),
            at=now,
            wording=draft.wording,
            answers=draft.answers,
            privately=draft.privately,
        )
    check = checked(one, draft, pack=pack, at=now)
    context = {
        "message": one,
        "draft": draft,
        "check": check,
        "hand": hand_of(one, None, now, refused=refused_before(one)),
        "turning": turning_of(one, check.findings, pack=pack, at=now),
        "wording": pack.wordings.get(draft.wording),
        "live": True,
    }
    return render(request, "inbox/checks.html", context)


def found(pk: int) -> Message:
    return get_object_or_404(
        Message.objects.select_related("channel", "contact", "conversation", "decision", "assignee"), pk=pk
    )
