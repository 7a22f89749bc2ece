"""What waits for a sign-off, soonest first; a post's channels are one entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone

from gatepost.channels.actions import reads_messages
from gatepost.gate.approval import all_valid, kinds_of, offered, steps_of
from gatepost.gate.content import MODERATION
from gatepost.gate.models import Act, Reminder, SignOff
from gatepost.gate.powers import Powers
from gatepost.inbox.models import Message
from gatepost.people.authority import Right, let_in_by
from gatepost.people.models import User
from gatepost.web.frame.acts import VERBS, title_of
from gatepost.web.frame.places import address
from gatepost.web.frame.waiting import posts_of

MOST = 300  # acts with a time, and as many without one


COLUMNS = (
    *("kind", "channel", "author", "subject", "content", "context", "state", "created_at"),
    *("digest", "steps", "post_kind", "sign_by"),
)


class _Held:
    """What a person may sign in, asked once for each channel and kind of act."""

    def __init__(self, person: User, at: datetime) -> None:
        self.person, self.powers, self.at = person, Powers(at), at
        self.makers = let_in_by(person)

    def of(self, act: Act) -> list[Right]:
        return self.powers.rights(self.person, act.channel_id, kinds_of(act))


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
    yours: bool = False  # a step of it is this person's now
    signed: int = 0  # people who have signed it, of `takes`
    takes: int = 1
    escalated: bool = False
    danger: int = 0  # of the message that is answered

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
    return due.get(act.subject) or act.sign_by


def about_residents(rows: Sequence[Act]) -> set[UUID]:
    """Those that answer or handle a resident's message, and changes of such an answer."""
    about = {act.subject[4:] for act in rows if act.subject.startswith("act:")}
    answers = Act.objects.filter(pk__in=about, subject__startswith="message:").values_list("pk", flat=True)
    subjects = {f"act:{pk}" for pk in answers} if about else set()
    return {act.pk for act in rows if act.subject.startswith("message:") or act.subject in subjects}


def queue(person: User) -> list[Entry]:
    """Every act that waits, grouped by post: danger first, then by the time it should leave or be answered."""
    voided = SignOff.objects.filter(act=OuterRef("pk")).exclude(voided_at=None)
    told = Reminder.objects.filter(act=OuterRef("pk"), digest=OuterRef("digest"), kind="escalation")
    waiting = (
        Act.objects.filter(state="to_sign_off")
        .prefetch_related("channel", "author")  # few channels and people have many acts
        .only(*COLUMNS)
        .annotate(was_signed=Exists(voided), escalated=Exists(told))
    )
    # However much waits, what is due soonest is among it, and what has no time is not crowded out by what has one.
    rows = list(waiting.filter(sign_by__isnull=False).order_by("sign_by", "created_at", "pk")[:MOST])
    rows += waiting.filter(sign_by=None).order_by("created_at", "pk")[:MOST]
    signed, held = all_valid([act.pk for act in rows]), _Held(person, timezone.now())
    posts = posts_of(act.subject for act in rows)
    messages = [int(act.subject[8:]) for act in rows if act.subject.startswith("message:")]
    asked = Message.objects.filter(pk__in=messages).values_list("pk", "due_at", "danger") if messages else ()
    about = list(asked)
    due = {f"message:{pk}": at for pk, at, _ in about}
    danger = {f"message:{pk}": grave for pk, _, grave in about}
    reader, of_residents = reads_messages(person, held.at), about_residents(rows)
    entries: dict[str, Entry] = {}
    for act in rows:
        post = posts.get(act.subject)
        key = f"post:{post}" if post else str(act.pk)
        if key not in entries:
            private = not reader and act.pk in of_residents
            title = VERBS.get(act.kind, act.kind) if private else title_of(act)
            entries[key] = Entry([], title, None, False, False, post)
        entry = entries[key]
        entry.acts.append(act)
        entry.channels.append(act.channel.name)
        entry.mine |= person.pk == act.author_id or person.pk in act.context.get("editors", [])
        entry.voided |= bool(act.was_signed)
        entry.escalated |= bool(act.escalated)
        may = offered(
            person, act, at=held.at, signed=signed[act.pk], passkey=True, held=held.of(act), makers=held.makers
        )
        entry.yours |= may.step is not None
        entry.takes = max(entry.takes, sum(step.count for step in steps_of(act)))
        entry.signed = max(entry.signed, len(signed[act.pk]))
        moment = _soonest(act, due)
        entry.by = min(filter(None, (entry.by, moment)), default=None)
        entry.danger = max(entry.danger, danger.get(act.subject, 0))
    return sorted(entries.values(), key=_place)


def _place(entry: Entry) -> tuple[int, bool, float, float]:
    """Danger first. Hiding and removing first where nothing else has a time: everybody sees it meanwhile."""
    started = entry.act.created_at.timestamp()
    if entry.by is None and entry.act.kind in MODERATION:
        return (-entry.danger, False, started, started)
    return (-entry.danger, entry.by is None, entry.by.timestamp() if entry.by else 0.0, started)
