"""Sign-off: what waits, and one act or post with everything that is signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gatepost.channels.actions import reads_messages
from gatepost.gate import series
from gatepost.gate.allowances import Forecast, tight
from gatepost.gate.approval import valid_sign_offs
from gatepost.gate.content import MODERATION, WORDS_OF_OURS, WRITES
from gatepost.gate.correcting import why_not_take_down, words_out
from gatepost.gate.holds import is_held
from gatepost.gate.legible import known_of, why_not_read
from gatepost.gate.models import Act, Published
from gatepost.gate.seen import look
from gatepost.gate.states import OPEN
from gatepost.inbox.masking import spans_of
from gatepost.inbox.models import Evidence, Message
from gatepost.people.authority import signs_off
from gatepost.people.models import User
from gatepost.policy.model import Span
from gatepost.publishing.models import Post
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.acts import title_of
from gatepost.web.frame.findings import RANKS, WORDS
from gatepost.web.frame.history import history_of
from gatepost.web.frame.problems import ERRORS, Problem, done, problem, refused
from gatepost.web.frame.who import me
from gatepost.web.permission import needs
from gatepost.web.posts.doing import DOES, do
from gatepost.web.preview.likeness import Preview, preview
from gatepost.web.sign_off import doing
from gatepost.web.sign_off.group import (
    WAITING,
    changes_of,
    group_of,
    post_of,
    seal_of,
)
from gatepost.web.sign_off.queue import about_residents, queue
from gatepost.web.sign_off.signing import signing_of

LATEST = 8  # messages of a conversation shown beside an answer


@needs("signed in")
@require_http_methods(["GET", "POST"])
def sign_off(request: HttpRequest) -> HttpResponse:
    """What waits, and what is signed ahead; POST takes one of the latter back."""
    person, at = me(request), timezone.now()
    if request.method == "POST":
        try:
            return done(request, doing.end_repeats(request, by=person, at=at), "sign_off")
        except ERRORS as error:
            return refused(request, "sign_off/queue.html", _queue(person, at), error)
    return render(request, "sign_off/queue.html", _queue(person, at))


def _queue(person: User, at: datetime) -> dict[str, object]:
    ahead = list(series.in_force_now(at)[:100])
    entries = queue(person)
    left_out = Act.objects.filter(state=WAITING).count() - sum(len(entry.acts) for entry in entries)
    return {"entries": entries, "left_out": left_out, "ahead": ahead, "may_end": signs_off(person, at)}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the author was asked about one act, and the answer."""

    finding: dict[str, object]
    word: str
    answer: str
    channels: tuple[str, ...]


@needs("signed in")
@require_http_methods(["GET", "POST"])
def sign_off_act(request: HttpRequest, pk: UUID) -> HttpResponse:
    act = Act.objects.select_related("channel", "author").filter(pk=pk).first()
    if act is None:
        raise Http404
    if about_residents([act]) and not reads_messages(me(request), timezone.now()):
        raise PermissionDenied("This page shows what a resident wrote, to people approved for a channel.")
    if request.method == "GET":
        return _page(request, act)
    person, at = me(request), timezone.now()
    wish = request.POST.get("do", "")
    acts = group_of(act, post_of(act))
    try:
        if wish in doing.VERBS:
            said = doing.do(request, wish, acts, by=person, at=at)
            return (
                done(request, said, "sign_off")
                if wish in doing.TO_THE_QUEUE
                else done(request, said, "sign_off_act", act.pk)
            )
        if wish in DOES:
            said = do(request, act, wish, by=person, at=at)
            return done(request, said, "sign_off_act", act.pk)
    except ERRORS as error:
        shown = problem(error, title="This could not be done", field=doing.VERBS.get(wish, ""))
        return _page(request, Act.objects.select_related("channel", "author").get(pk=pk), shown)
    raise Http404


def _page(request: HttpRequest, act: Act, problem: Problem | None = None) -> HttpResponse:
    person, at = me(request), timezone.now()
    post = post_of(act)
    acts = group_of(act, post)
    waiting = act.state == WAITING
    seen = {one.pk: look(one, person, at=at) for one in acts} if waiting else {}
    entries = queue(person) if act.state == WAITING else []
    place = next((number for number, entry in enumerate(entries) if act in entry.acts), None)
    subject, content = _subject(act), known_of(act)
    context = {
        "act": act,
        "acts": acts,
        "post": post,
        "title": title_of(act),
        "message": subject if isinstance(subject, Message) else None,
        "target": subject if isinstance(subject, Act) else None,
        "leaf": _by_hand(act),
        "target_says": words_out(act) if isinstance(subject, Act) else "",
        "thread": _thread(subject) if isinstance(subject, Message) else [],
        "moderation": act.kind in MODERATION,
        "evidence": Evidence.objects.filter(act=act).first(),
        "previews": _previews(acts, post),
        "changes": changes_of(acts, seen),
        "findings": _findings(acts),
        "seal": seal_of(acts),
        "signed": valid_sign_offs(act),
        "waiting": waiting,
        "unreadable": why_not_read(act),
        **signing_of(request, acts, person, at=at, waiting=waiting),
        "held": is_held(act, at=at),
        "going": Act.objects.filter(subject=f"act:{act.pk}", kind="delete", state__in=(*OPEN, "sent")).exists(),
        "entries": entries,
        "place": place + 1 if place is not None else 0,
        "before": entries[place - 1] if place else None,
        "after": entries[place + 1] if place is not None and place + 1 < len(entries) else None,
        "entry": entries[place] if place is not None else None,
        "history": history_of(request, [f"act:{one.pk}" for one in acts]),
        "pictures": content.every_media,
        "due": act.due_at or content.not_before,
        "tight": _tight(acts, at) if waiting else [],
        "names": _names(post, at),
        "problem": problem,
        "given": request.POST,
        "window": content.window() if act.content.get("not_after") else None,
    }
    return render(request, "sign_off/act.html", context, status=422 if problem else 200)


def _subject(act: Act) -> Message | Act | None:
    """What an act is about beside itself: the message it answers or hides, the act it takes down."""
    kind, _, number = act.subject.partition(":")
    if kind == "message" and number.isdecimal():
        return Message.objects.select_related("decision", "contact", "channel").filter(pk=int(number)).first()
    if kind == "act":
        return Act.objects.select_related("channel").filter(pk=number).first()
    return None


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the thread with the spans that are masked."""

    message: Message
    spans: tuple[Span, ...]


def _by_hand(act: Act) -> dict[str, object] | None:
    """What is online and no program can take down, or did not although its end has come, with what to do."""
    row = Published.objects.select_related("channel", "act").filter(pk=act.pk).first()
    why = why_not_take_down(row) if row is not None else ""
    return {"out": row, "why_not_down": why, "only_down": True} if row and (why or row.overdue_at) else None


def _thread(message: Message) -> list[Said]:
    rows = Message.objects.select_related("decision", "contact").filter(conversation=message.conversation_id)
    earlier = list(rows.filter(posted_at__lte=message.posted_at).order_by("-posted_at", "-pk")[:LATEST])
    return [
        Said(one, tuple(span for span in spans_of(one.decision.spans) if span.label == "personal_details"))
        for one in reversed(earlier)
    ]


def _previews(acts: list[Act], post: Post | None) -> list[Preview]:
    """The likeness of each act that writes; none for moderation and deletions."""
    common = post.text.strip() if post else None
    writes = [(act, known_of(act)) for act in acts if act.kind in WORDS_OF_OURS]
    return [
        preview(act.channel, content, own=common is not None and content.text != common, at=act.sent_at)
        for act, content in writes
    ]


def _tight(acts: list[Act], at: datetime) -> list[Forecast]:
    """Channels on which little more is taken before this leaves."""
    leaves = acts[0].due_at or known_of(acts[0]).not_before or at
    return tight([act.channel for act in acts if act.kind in WRITES], leaves=leaves, at=at)


def _findings(acts: list[Act]) -> list[Asked]:
    """What the policy found in the acts when they were submitted, the gravest first, each said once."""
    groups: dict[tuple[str, ...], tuple[dict[str, object], str, list[str]]] = {}
    for act in acts:
        for found in act.findings:
            key = (found["check"], found["message"], found["field"])
            answer = act.answers.get(found["check"], "")
            groups.setdefault(key, (found, answer, []))[2].append(act.channel.name)
    rows = [
        Asked(found, WORDS[str(found["severity"])], answer, () if len(names) == len(acts) else tuple(names))
        for found, answer, names in groups.values()
    ]
    return sorted(rows, key=lambda row: RANKS[str(row.finding["severity"])])


def _names(post: Post | None, at: datetime) -> dict[str, str]:
    """The words of the policy for a post's aim and audiences."""
    if post is None:
        return {}
    pack = in_force(at)
    aims = {aim.id: aim.title for aim in pack.aims}
    audiences = {audience.id: audience.title for audience in pack.audiences}
    return {
        "aim": aims.get(post.aim, ""),
        "audiences": ", ".join(audiences.get(name, name) for name in post.audiences),
    }
