"""What waits for a sign-off, soonest first; a post's channels are one entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef

from gatepost.gate.content import MODERATION
from gatepost.gate.models import Act, SignOff
from gatepost.inbox.models import Message
from gatepost.people.models import User
from gatepost.web.frame.acts import title_of
from gatepost.web.frame.places import address
from gatepost.web.frame.waiting import posts_of

MOST = 300


@dataclass(slots=True)
class Entry:
    """Acts signed together. `by` is when it must be signed to leave in time, if there is such a time."""

    acts: list[Act]
    title: str
    by: datetime | None
    mine: bool
    voided: bool
    post: int | None = None
    channels: list[str] = field(default_factory=list)

    @property
    def act(self) -> Act:
        return self.acts[0]

    @property
    def url(self) -> str:
        return address("sign_off_act", self.act.pk)


def _soonest(act: Act, due: dict[str, datetime | None]) -> datetime | None:
    moment = act.content.get("not_before")
    if moment:
        return datetime.fromisoformat(moment)
    return due.get(act.subject)


def queue(person: User) -> list[Entry]:
    """Every act that waits, grouped by post: by the time it should leave or be answered, then the oldest."""
    voided = SignOff.objects.filter(act=OuterRef("pk")).exclude(voided_at=None)
    rows = list(
        Act.objects.filter(state="to_sign_off")
        .prefetch_related("channel", "author")  # few channels and people have many acts
        .only("kind", "channel", "author", "subject", "content", "context", "state", "created_at")
        .annotate(was_signed=Exists(voided))
        .order_by("created_at", "pk")[:MOST]
    )
    posts = posts_of(act.subject for act in rows)
    messages = [int(act.subject[8:]) for act in rows if act.subject.startswith("message:")]
    dues = Message.objects.filter(pk__in=messages).values_list("pk", "due_at") if messages else ()
    due = {f"message:{pk}": at for pk, at in dues}
    entries: dict[str, Entry] = {}
    for act in rows:
        post = posts.get(act.subject)
        key = f"post:{post}" if post else str(act.pk)
        if key not in entries:
            entries[key] = Entry([], title_of(act), None, False, False, post)
        entry = entries[key]
        entry.acts.append(act)
        entry.channels.append(act.channel.name)
        entry.mine |= person.pk == act.author_id or person.pk in act.context.get("editors", [])
        entry.voided |= bool(act.was_signed)
        moment = _soonest(act, due)
        entry.by = min(filter(None, (entry.by, moment)), default=None)
    return sorted(entries.values(), key=_place)


def _place(entry: Entry) -> tuple[bool, float, float]:
    """Hiding and removing first where nothing else has a time: what is shown meanwhile is seen by everybody."""
    started = entry.act.created_at.timestamp()
    if entry.by is None and entry.act.kind in MODERATION:
        return (False, started, started)
    return (entry.by is None, entry.by.timestamp() if entry.by else 0.0, started)
