"""Posts: lists by where they stand, and one post with what leaves, what became of it and its whole history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gatepost.channels.actions import reads_messages
from gatepost.gate import holds
from gatepost.gate.correcting import why_not_edit, why_not_take_down
from gatepost.gate.legible import known_of
from gatepost.gate.models import Act, Attempt, Published, PublishedPart
from gatepost.gate.precedence import ON_ITS_WAY
from gatepost.gate.published import last_out
from gatepost.gate.states import OPEN as STILL_OPEN
from gatepost.people.models import User
from gatepost.publishing import actions as publishing
from gatepost.publishing import comments
from gatepost.publishing.links import address_of, counted
from gatepost.publishing.models import ArchivedItem, Post
from gatepost.publishing.planner import title_of
from gatepost.publishing.versions import from_json, snapshot
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.given import number
from gatepost.web.frame.history import history_of
from gatepost.web.frame.problems import ERRORS, Problem, done, problem
from gatepost.web.frame.who import me
from gatepost.web.permission import needs
from gatepost.web.posts.doing import DOES, do
from gatepost.web.posts.listing import TABS, listed
from gatepost.web.preview.likeness import Preview, preview
from gatepost.web.sign_off.group import Seal, seal_of

OPEN = ("to_sign_off", "signed_off", "missed", "refused", "declined", "expired")


@needs("signed in")
@require_safe
def posts(request: HttpRequest) -> HttpResponse:
    tab = request.GET.get("tab", "drafts")
    known = next((row for row in TABS if row[0] == tab), TABS[0])
    place = number(request.GET.get("after", ""))
    rows, more = listed(known[0], place)
    held = {
        act.pk for act in holds.held_acts(at=timezone.now()).filter(pk__in=[act.pk for row in rows for act in row.acts])
    }
    titled = [(title_of(row.post), row) for row in rows]
    context = {"tab": known, "tabs": TABS, "rows": titled, "more": more, "held": held}
    context["mentions"] = comments.unseen(me(request))
    return render(request, "posts/posts.html", context)


@dataclass(frozen=True, slots=True)
class Further:
    """One further part that is or was out, its words as they are out, and why it cannot be changed or taken down."""

    row: PublishedPart
    says: str
    why_not_edit: str
    why_not_down: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """One channel of a post: exactly what leaves or left, and what became of it."""

    act: Act
    preview: Preview
    seal: Seal
    answer: Attempt | None
    takedowns: tuple[Act, ...]
    held: bool
    changes: tuple[Act, ...] = ()
    out: Published | None = None
    why_not_edit: str = ""
    why_not_down: str = ""
    says: str = ""  # the words as they are out, after the last edit
    parts: tuple[Further, ...] = ()
    archived: bool = False

    @property
    def going(self) -> bool:
        """Is it being taken down, or gone altogether, or is it not known what is out?"""
        if any(change.state in ON_ITS_WAY for change in self.changes):
            return True
        if any(down.state in STILL_OPEN for down in self.takedowns):
            return True
        if self.out is None:
            return any(down.state == "sent" for down in self.takedowns)
        return not (self.out.online or any(part.row.online for part in self.parts))

    @property
    def changing(self) -> bool:
        return any(change.state in STILL_OPEN for change in self.changes)


def _leaves(post: Post, person: User) -> list[Leaf]:
    acts = publishing.acts_of(post)
    kept = set(ArchivedItem.objects.filter(act__in=[act.pk for act in acts]).values_list("act", flat=True))
    archived = kept if kept and reads_messages(person, timezone.now()) else set()
    answers: dict[UUID, Attempt] = {}
    for attempt in Attempt.objects.filter(act__in=acts).order_by("at", "pk"):
        answers[attempt.act_id] = attempt
    downs: dict[str, list[Act]] = {}
    subjects = [f"act:{act.pk}" for act in acts]
    edits: dict[str, list[Act]] = {}
    about = Act.objects.filter(subject__in=subjects, kind__in=("delete", "edit")).select_related("channel")
    for act in about.order_by("created_at"):
        (downs if act.kind == "delete" else edits).setdefault(act.subject, []).append(act)
    rows = Published.objects.filter(act__in=acts).select_related("act", "channel").prefetch_related("parts")
    out = {item.act_id: item for item in rows}
    now = timezone.now()
    held = set(holds.held_acts(at=now).filter(pk__in=[act.pk for act in acts]).values_list("pk", flat=True))
    return [
        Leaf(
            act,
            preview(act.channel, known_of(act), at=act.sent_at),
            seal_of([act]),
            answers.get(act.pk),
            tuple(downs.get(f"act:{act.pk}", ())),
            act.pk in held,
            tuple(edits.get(f"act:{act.pk}", ())),
            out.get(act.pk),
            why_not_edit(out[act.pk], at=now) if act.pk in out else "It is not known on its network.",
            why_not_take_down(out[act.pk]) if act.pk in out else "",
            str(last_out(act).get("text", "")) if act.pk in out else "",
            _further(out[act.pk], now) if act.pk in out else (),
            act.pk in archived,
        )
        for act in acts
    ]


def _further(item: Published, now: datetime) -> tuple[Further, ...]:
    return tuple(
        Further(
            part,
            str(last_out(item.act, part.number).get("text", "")),
            why_not_edit(item, at=now, part=part),
            why_not_take_down(item, part=part),
        )
        for part in item.parts.all()
    )


@needs("signed in")
@require_http_methods(["GET", "POST"])
def post(request: HttpRequest, pk: int) -> HttpResponse:
    found = Post.objects.select_related("author", "changed_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    if request.method == "GET":
        return _page(request, found)
    person, at = me(request), timezone.now()
    wish = request.POST.get("do", "")
    try:
        if wish == "withdraw_all":
            publishing.withdraw(found, by=person, at=at)
            return done(request, "Withdrawn. Nothing of it goes out.", "post", pk)
        if wish == "throw_away":
            publishing.withdraw(found, by=person, at=at)
            return done(request, "Thrown away. It stands under Withdrawn, and can be brought back.", "post", pk)
        if wish == "bring_back":
            publishing.bring_back(found, by=person, at=at)
            return done(request, "Brought back. It is a draft again.", "post", pk)
        if wish == "duplicate":
            made = _again(found, person, at)
            return done(request, "This is a copy, kept as a draft. Change it as you like.", "write_edit", made.pk)
        if wish in DOES:
            given = request.POST.get("act", "")
            act = next((act for act in publishing.acts_of(found) if str(act.pk) == given), None)
            if act is None:
                raise Http404
            return done(request, do(request, act, wish, by=person, at=at), "post", pk)
    except ERRORS as error:
        return _page(request, found, problem(error, title="This could not be done"))
    raise Http404


def _again(post: Post, person: User, at: datetime) -> Post:
    """A new draft with the same words, pictures and channels; without its time and the answers, which were for then."""
    draft = from_json({**snapshot(post), "not_before": None, "expires_at": None, "answers": {}})
    return publishing.save_draft(draft, by=person, at=at)


@needs("signed in")
@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Adds a comment, or says that one has been dealt with (`settle`)."""
    found = Post.objects.select_related("author", "changed_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    person, at = me(request), timezone.now()
    said, settled = request.POST.get("comment", "").replace("\r\n", "\n"), request.POST.get("settle", "")
    try:
        if settled:
            kept = found.comments.filter(pk=number(settled)).first()
            if kept is None:
                raise Http404
            comments.settle_comment(kept, by=person, at=at)
            return done(request, "Noted as dealt with.", "post", pk)
        comments.comment(found, said, by=person, at=at)
        return done(request, "Your comment is added. The people it names are told.", "post", pk)
    except ERRORS as error:
        shown = problem(error, title="The comment was not added", field="comment")
        return _page(request, found, shown, said=said)


def _page(request: HttpRequest, post: Post, problem: Problem | None = None, *, said: str = "") -> HttpResponse:
    leaves = _leaves(post, me(request))
    downs = [f"act:{down.pk}" for leaf in leaves for down in (*leaf.takedowns, *leaf.changes)]
    subjects = [f"post:{post.pk}", *(f"act:{leaf.act.pk}" for leaf in leaves), *downs]
    pack = in_force(timezone.now())
    states = {leaf.act.state for leaf in leaves}
    context = {
        "post": post,
        "title": title_of(post),
        "leaves": leaves,
        "subjects": " ".join(subjects),
        "variants": [
            preview(variant.channel, publishing.content_of(post, variant), own=bool(variant.text))
            for variant in ([] if leaves else post.variants.select_related("channel"))
        ],
        "history": history_of(request, subjects),
        "aim": next((aim.title for aim in pack.aims if aim.id == post.aim), ""),
        "kind": next((kind.title for kind in pack.post_kinds if kind.id == post.kind), post.kind),
        "audiences": [item.title for item in pack.audiences if item.id in post.audiences],
        "can_change": not states & {"sending", "sent", "unconfirmed"},
        "can_withdraw": bool(states & set(OPEN)) and len(leaves) > 1,
        "signed": "signed_off" in states,
        "thrown_away": not leaves and post.withdrawn_at is not None,
        "problem": problem,
        "comments": list(post.comments.select_related("author", "settled_by")),
        "names": [
            comments.call_name(one) for one in User.objects.filter(is_active=True).exclude(pk=me(request).pk)[:5]
        ],
        "said": said,
        "short": [(one, address_of(one), days, sum(day.times for day in days)) for one, days in counted(post)],
    }
    comments.see_mentions(post, by=me(request), at=timezone.now())
    return render(request, "posts/post.html", context, status=422 if problem else 200)
