"""What waits for a moderator, the gravest first, with what can be undone before what cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from gatepost.inbox.models import Alarm, Appeal, Message, Ruling
from gatepost.networks.powers import Power, PowerKind, powers
from gatepost.policy.strikes import Rung, ladder, reached, strikes_within
from gatepost.rulebook.actions import in_force

RANKS = ("safeguarding", "urgent", "staff_abuse", "hate", "personal_details", "offensive", "spam")
LABELS = [name for name in RANKS if name != "urgent"]
WITHIN = timedelta(days=30)
MOST = 200
LATE = timedelta(hours=1)  # after which people hear of an end that has not come by itself


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message a moderator should look at. `first`: what may be done first, None where nothing may."""

    message: Message
    rank: str
    first: Power | None
    alarm: Alarm | None


def rank_of(message: Message) -> str:
    """The gravest thing a message is, of RANKS; "" when it is none of them."""
    decided = set(message.decision.decided)
    if message.urgent:
        decided.add("urgent")
    if message.private:
        decided -= {"personal_details", "spam"}
    return next((name for name in RANKS if name in decided), "")


def steps_of(message: Message) -> list[Power]:
    """What may be done about a message on its network: first what the desk can undo, then by hand, at last for good."""
    order: dict[PowerKind, int] = {"hide": 0, "mute": 2, "close": 3, "report": 4, "block": 5, "remove": 6}
    found = [one for one in powers(message.channel.network).values() if one.can != "no"]
    return sorted(found, key=lambda one: order[one.kind])


def waiting(at: datetime) -> list[Waiting]:
    """Messages of the last 30 days that are still open to the public or to danger, the gravest first."""
    open_alarm = Q(alarm__taken_at=None, alarm__isnull=False)
    grave = Q(decision__decided__has_any_keys=LABELS, visibility__in=("shown", "hiding"))
    rows = (
        Message.objects.filter(grave | open_alarm | Q(urgent=True, state="new"))
        .filter(Q(state__in=("new", "answering", "referred")) | open_alarm, received_at__gt=at - WITHIN)
        .select_related("channel", "contact", "decision", "alarm")
        .order_by("-danger", "-urgent", "-received_at")[:MOST]
    )
    found = []
    for message in rows:
        rank = rank_of(message)
        if rank:
            first = None if rank in ("safeguarding", "urgent") or message.private else _first(message)
            found.append(Waiting(message, rank, first, getattr(message, "alarm", None)))
    return sorted(found, key=_order)


def _order(one: Waiting) -> tuple[bool, int, bool, float]:
    untaken = one.alarm is not None and one.alarm.taken_at is None
    undoable = one.first is not None and one.first.undo
    return (not untaken, RANKS.index(one.rank), not undoable, -one.message.received_at.timestamp())


def _first(message: Message) -> Power | None:
    steps = steps_of(message)
    return steps[0] if steps else None


@dataclass(frozen=True, slots=True)
class Strikes:
    """How often somebody's words were taken away and stayed so, and what the policy's ladder says of it."""

    times: int
    rung: Rung | None
    rungs: Sequence[Rung]
    next: Rung | None


def strikes_of(message: Message, at: datetime) -> Strikes:
    """The strikes of a message's writer on this network. Several decisions about one message are one strike."""
    rows = Ruling.objects.filter(contact=message.contact_id, strike=True, lifted_at=None).exclude(done_at=None)
    first: dict[int, datetime] = {}
    for number, time in rows.order_by("at").values_list("message_id", "at"):
        first.setdefault(number, time)
    times = list(first.values())
    rungs = ladder(in_force(at))
    higher = [rung for rung in rungs if strikes_within(times, rung.window, at) < rung.count]
    return Strikes(len(times), reached(rungs, times, at), rungs, higher[0] if higher else None)


def open_appeals() -> list[Appeal]:
    rows = Appeal.objects.filter(state="open").select_related("ruling__message__channel", "ruling__by")
    return list(rows.order_by("at")[:MOST])


def to_do_by_hand() -> list[Ruling]:
    """Decisions that somebody has still to carry out on the network."""
    rows = Ruling.objects.filter(act=None, done_at=None, lifted_at=None).exclude(kind="warn")
    return list(rows.select_related("message__channel", "contact", "by").order_by("at")[:MOST])


def over(at: datetime) -> QuerySet[Ruling]:
    """What the desk did until a moment that has come, where no other decision keeps it so for longer."""
    standing = Ruling.objects.filter(lifted_at=None, act__state="sent")
    same = standing.filter(
        kind=OuterRef("kind"),
        act__channel=OuterRef("act__channel"),
        act__content__target=OuterRef("act__content__target"),
    )
    later = same.filter(
        Q(until=None) | Q(until__gt=OuterRef("until")) | Q(until=OuterRef("until"), pk__gt=OuterRef("pk"))
    )
    return standing.filter(~Exists(later), until__lte=at).order_by("until")


def ended(at: datetime) -> list[Ruling]:
    """Blocks and mutes whose time is over and which somebody has to lift on the network; the desk ends its own, and
    where that has not come about they stand here too."""
    rows = Ruling.objects.filter(act=None, until__lte=at, lifted_at=None).exclude(done_at=None).order_by("until")
    hand, desk = (one.select_related("message__channel", "contact", "by")[:MOST] for one in (rows, over(at - LATE)))
    return [*hand, *desk]


def to_tell(at: datetime) -> list[Ruling]:
    """Decisions whose writer has not been told, newest first."""
    rows = Ruling.objects.filter(told="", lifted_at=None, at__gt=at - WITHIN).exclude(done_at=None)
    return list(rows.select_related("message__channel", "contact", "by").order_by("-at")[:MOST])
