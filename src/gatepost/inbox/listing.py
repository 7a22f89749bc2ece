"""The list of messages: which, in which order, a page at a time. Every view runs along an index in its order.

Danger comes first in every one of them. A page goes on after the last message of the page before (keyset paging): what
arrives or is dealt with meanwhile neither repeats nor skips a line, and page 400 costs as much as page 2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import BooleanField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from gatepost.gate.holds import held_acts
from gatepost.inbox.marks import clause_mark, is_mark, topic_mark
from gatepost.inbox.models import OPEN, PLACE, Contact, Message, Referral
from gatepost.inbox.search import about
from gatepost.inbox.states import OPEN_REFERRALS
from gatepost.policy.model import LABELS

PAGE = 25
SOON = timedelta(hours=24)
VIEWS = {
    "": "With us",
    "mine": "Mine",
    "unassigned": "Nobody’s",
    "soon": "Due soon",
    "complaints": "Complaints",
    "held": "Held",
    "referred": "Referred",
    "snoozed": "Put off",
    "done": "Done",
    "all": "All",
}
WITH_US = ("new", "answering")
_NEWEST_FIRST = ("done", "all")


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list shows: a view of VIEWS, and within it a label of the policy, a channel, words, a label of the
    desk's own, a clause, a topic, a contact, whoever has it, days. `me` is the person who asks (for "mine")."""

    show: str = ""
    label: str = ""
    channel: int = 0
    q: str = ""
    mark: int = 0  # a label of the desk's own
    clause: str = ""
    topic: str = ""
    contact: int = 0
    who: int = 0  # whoever has it
    since: date | None = None
    until: date | None = None
    me: int = 0

    @staticmethod
    def of(query: Mapping[str, Any], me: int = 0) -> Filter:
        """From an address; what makes no sense there is left out."""
        show, label = str(query.get("show", "")), str(query.get("label", ""))
        return Filter(
            show=show if show in VIEWS else "",
            label=label if label in LABELS or label == "urgent" else "",
            channel=_number(query.get("channel")),
            q=str(query.get("q", "")).strip()[:100].replace("\x00", ""),
            mark=_number(query.get("mark")),
            clause=str(query.get("clause", "")).strip()[:60].replace("\x00", ""),
            topic=str(query.get("topic", "")).strip()[:60].replace("\x00", ""),
            contact=_number(query.get("contact")),
            who=_number(query.get("who")),
            since=_day(query.get("since")),
            until=_day(query.get("until")),
            me=me,
        )

    def pairs(self, **changes: object) -> dict[str, object]:
        """As the fields of an address, without the empty ones."""
        named = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "me"} | changes
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in named.items() if value}

    @property
    def searching(self) -> bool:
        """Whether the whole history is looked through: something is looked for, and no view is named."""
        looked_for = (
            self.q or self.mark or self.clause or self.topic or self.contact or self.who or self.since or self.until
        )
        return not self.show and bool(looked_for)

    @property
    def newest_first(self) -> bool:
        return self.searching or self.show in _NEWEST_FIRST or bool(self.q)

    @property
    def plain(self) -> Filter:
        """The view alone, without what narrows it."""
        return Filter(self.show, me=self.me)

    def within(self, **changes: Any) -> Filter:
        return replace(self, **changes)


def _number(given: object) -> int:
    words = str(given or "")
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 16 else 0


def _day(given: object) -> date | None:
    try:
        return date.fromisoformat(str(given or "")[:10])
    except ValueError:
        return None


def open_referrals() -> Exists:
    return Exists(Referral.objects.filter(message=OuterRef("pk")).filter(state__in=OPEN_REFERRALS))


def awake(at: datetime) -> Q:
    return Q(snoozed_until=None) | Q(snoozed_until__lte=at)


def matching(wanted: Filter, at: datetime | None = None) -> QuerySet[Message]:
    """The messages of a view under its filters, in no order."""
    at = at or timezone.now()
    found = _in_view(wanted, at)
    if wanted.q:
        found = found.filter(about(wanted.q))
    if wanted.label == "urgent":
        found = found.filter(urgent=True)
    elif wanted.label:
        found = found.filter(marks__contains=[is_mark(wanted.label)])
    if wanted.mark:
        found = found.filter(marks__contains=[f"label:{wanted.mark}"])
    if wanted.clause:
        found = found.filter(marks__contains=[clause_mark(wanted.clause)])
    if wanted.topic:
        found = found.filter(marks__contains=[topic_mark(wanted.topic)])
    if wanted.channel:
        found = found.filter(channel_id=wanted.channel)
    if wanted.contact:
        found = found.filter(contact_id__in=accounts_of(wanted.contact))
    if wanted.who:
        found = found.filter(assignee_id=wanted.who)
    if wanted.since:
        found = found.filter(received_at__gte=_begins(wanted.since))
    if wanted.until:
        found = found.filter(received_at__lt=_begins(wanted.until + timedelta(days=1)))
    return found


def _begins(day: date) -> datetime:
    zone = timezone.get_current_timezone()
    try:
        return datetime.combine(day, time(), zone)
    except OverflowError:
        return datetime.combine(day, time(), UTC)


def accounts_of(contact: int) -> list[int]:
    """The contact and every account that somebody has said is the same person's."""
    known = Contact.objects.filter(pk=contact, known__isnull=False).values("known")
    return [contact, *Contact.objects.filter(known__in=known).exclude(pk=contact).values_list("pk", flat=True)]


def _in_view(wanted: Filter, at: datetime) -> QuerySet[Message]:
    every = Message.objects.all()
    if wanted.searching or wanted.show == "all":
        return every
    if wanted.show == "referred":
        return every.filter(Q(state="referred") | Q(state="answered", pk__in=with_departments()))
    if wanted.show == "done":
        return every.filter(Q(state="done") | Q(state="answered") & ~open_referrals())
    if wanted.show == "snoozed":
        return every.filter(snoozed_until__isnull=False)
    if wanted.show == "held":
        return every.filter(pk__in=held_messages())
    found = every.filter(OPEN).filter(awake(at))
    if wanted.show == "mine":
        return found.filter(assignee_id=wanted.me)
    if wanted.show == "unassigned":
        return found.filter(assignee=None)
    if wanted.show == "soon":
        return found.filter(due_at__lte=at + SOON)
    if wanted.show == "complaints":
        return found.filter(marks__contains=["is:complaint"])
    return found


def with_departments(most: int = 5000) -> list[int]:
    """Messages of which a department has not answered yet, the latest. Named one by one, so that what was answered in
    all the years before is not looked through for them."""
    found = Referral.objects.filter(state__in=OPEN_REFERRALS).order_by("-at").values_list("message_id", flat=True)
    return list(dict.fromkeys(found[:most]))


def held_messages(most: int = 5000) -> list[int]:
    """Messages with an answer, a hiding or a removal that a hold keeps back."""
    found = held_acts().filter(subject__startswith="message:").values_list("subject", flat=True)[:most]
    return [int(subject[8:]) for subject in found]


def in_order(found: QuerySet[Message], wanted: Filter) -> QuerySet[Message]:
    """Danger first, then in the order of the view."""
    if wanted.newest_first:
        return found.order_by("-danger", "-received_at", "-pk")
    if wanted.show == "soon":
        return found.order_by("-danger", "due_at", "pk")
    if wanted.show == "snoozed":
        return found.order_by("-danger", "snoozed_until", "pk")
    return found.order_by("-danger", F("due_at").asc(nulls_last=True), "-pk")


# Comparisons of rows, which an index on these columns answers in one reach.
_OLDER = "(inbox_message.received_at, inbox_message.id) < (%s, %s)"
_LATER_DUE = "(inbox_message.due_at, inbox_message.id) > (%s, %s)"
_LATER_BACK = "(inbox_message.snoozed_until, inbox_message.id) > (%s, %s)"


def _row(words: str, moment: datetime | None, number: int) -> RawSQL:
    return RawSQL(words, [moment, number], output_field=BooleanField())  # noqa: S611  # the words are those above


_ALL = Q(pk__isnull=False)
_CALM = Q(danger=0)


def _beside(wanted: Filter) -> bool:
    """Whether the view's own index does not begin with danger: its few messages in danger have an index of theirs."""
    return wanted.newest_first or wanted.show in ("soon", "snoozed")


def stretches(last: Message | None, wanted: Filter) -> Iterator[tuple[Q, Q | RawSQL]]:
    """The list, or what comes after `last` in its order, in stretches that each lie together in an index."""
    if last is None:
        if _beside(wanted):
            yield Q(danger__gt=0), _ALL
            yield _CALM, _ALL
        else:
            yield _ALL, _ALL
        return
    alike = Q(danger=last.danger)
    if wanted.newest_first:
        yield alike, _row(_OLDER, last.received_at, last.pk)
    elif wanted.show == "soon":
        yield alike, _row(_LATER_DUE, last.due_at, last.pk)
    elif wanted.show == "snoozed":
        yield alike, _row(_LATER_BACK, last.snoozed_until, last.pk)
    else:
        yield alike, Q(due_at=last.due_at, pk__lt=last.pk)
        if last.due_at is not None:
            yield alike, Q(due_at__gt=last.due_at)
            yield alike, Q(due_at=None)
    if last.danger > PLACE:
        yield Q(danger__gt=0), Q(danger__lt=last.danger)
    if last.danger:
        yield _CALM, _ALL


def numbers_after(wanted: Filter, last: Message | None, size: int, at: datetime) -> list[int]:
    """Up to `size` messages of the list in its order, from the beginning or after `last`."""
    found = matching(wanted, at)
    numbers: list[int] = []
    for danger, stretch in stretches(last, wanted):
        if len(numbers) < size:
            rest = in_order(found.filter(danger).filter(stretch), wanted).values_list("pk", flat=True)
            numbers += rest[: size - len(numbers)]
    return numbers


def key_of(message: Message) -> int:
    """Where a page ends, as one number: the message and how grave it was when it was shown, for that ends with what
    somebody does about it before the next page is asked for."""
    return int(message.pk * 4 + message.danger)


def place_of(key: int) -> Message | None:
    """What is needed of a message to go on after it; None for 0 and for one that is gone."""
    number, danger = divmod(key, 4)
    known = Message.objects.only("pk", "due_at", "received_at", "snoozed_until")
    found = known.filter(pk=number).first() if number else None
    if found is not None:
        found.danger = danger
    return found
