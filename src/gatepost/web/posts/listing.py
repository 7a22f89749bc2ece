"""Posts in lists: drafts, and the others by where their acts stand. Lists go from acts to posts, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from gatepost.gate.legible import known_of
from gatepost.gate.models import Act
from gatepost.publishing.models import Post
from gatepost.publishing.planner import posts_of

PAGE = 40  # acts or drafts of one page
TROUBLE = ("unconfirmed", "missed", "refused", "declined", "expired")
TABS = (
    ("drafts", "Drafts", "No drafts", "What you keep without submitting stands here."),
    ("waiting", "To sign off", "Nothing waits", "What has been submitted stands here until it is signed."),
    ("scheduled", "Signed off", "Nothing is signed off and waiting", "What will leave at its time stands here."),
    ("sent", "Sent", "Nothing sent yet", "What the networks have taken stands here, with its address."),
    ("trouble", "Needs somebody", "Nothing needs anybody", "What was refused, declined, missed or is unconfirmed."),
    ("withdrawn", "Withdrawn", "Nothing withdrawn", "What was taken back before it left, and drafts thrown away."),
)
STATES = {
    "waiting": ("to_sign_off",),
    "scheduled": ("signed_off", "sending"),
    "sent": ("sent",),
    "trouble": TROUBLE,
    "withdrawn": ("withdrawn",),
}
ORDERS = {
    "waiting": "created_at",
    "scheduled": "due_at",
    "sent": "-sent_at",
    "trouble": "-created_at",
    "withdrawn": "-created_at",
}


@dataclass(frozen=True, slots=True)
class Row:
    post: Post
    acts: tuple[Act, ...]
    at: datetime | None
    channels: tuple[str, ...]


def drafts(before: int) -> tuple[list[Row], str]:
    found = _drafts(before, thrown_away=False)
    return found[:PAGE], str(found[PAGE - 1].post.pk) if len(found) > PAGE else ""


def _drafts(before: int, *, thrown_away: bool) -> list[Row]:
    """At most one more than a page, the latest first."""
    rows: QuerySet[Post] = Post.objects.filter(submitted_at=None, withdrawn_at__isnull=not thrown_away)
    if before:
        rows = rows.filter(pk__lt=before)
    found = rows.select_related("author").prefetch_related("variants__channel").order_by("-pk")[: PAGE + 1]
    return [
        Row(post, (), post.changed_at, tuple(variant.channel.name for variant in post.variants.all())) for post in found
    ]


def listed(tab: str, start: int) -> tuple[list[Row], str]:
    """One page of posts, and where the next begins ("" at the end). A post stands once, with its acts in the tab."""
    if tab == "drafts":
        return drafts(start)
    acts = Act.objects.filter(kind="publish", state__in=STATES[tab]).select_related("channel", "author")
    if tab == "withdrawn":  # submitted again since, it stands where that one stands
        again = Act.objects.filter(subject=OuterRef("subject")).exclude(state="withdrawn")
        acts = acts.filter(~Exists(again))
    found = list(acts.order_by(ORDERS[tab], "pk")[start : start + PAGE + 1])
    posts = posts_of(found[:PAGE])
    groups: dict[int, tuple[Post, list[Act]]] = {}
    for act in found[:PAGE]:
        if (post := posts.get(act.subject)) is not None:
            groups.setdefault(post.pk, (post, []))[1].append(act)
    rows = [Row(post, tuple(mine), _moment(mine[0]), ()) for post, mine in groups.values()]
    if tab == "withdrawn" and not start:
        rows = [*_drafts(0, thrown_away=True)[:PAGE], *rows]
    return rows, str(start + PAGE) if len(found) > PAGE else ""


def _moment(act: Act) -> datetime | None:
    return act.sent_at or act.due_at or known_of(act).not_before
