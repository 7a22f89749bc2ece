"""The list of messages: which, in which order, a page at a time. Every view runs along an index in its order.

Danger comes first in every one of them. A page goes on after the last message of the page before (keyset paging): what
arrives or is dealt with meanwhile neither repeats nor skips a line, and page 400 costs as much as page 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

from django.utils import timezone
from psycopg.sql import SQL, Composable, Literal

from gatepost.inbox.conditions import conditions, one_plan_suits, order_of, stretches
from gatepost.inbox.models import PERSON, Message
from gatepost.inbox.search import ways
from gatepost.inbox.statements import ask, text_of
from gatepost.policy.model import LABELS

PAGE = 25
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
_EPOCH, _TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_LOW, _HIGH = 62, 56  # bits of a key: of the message and its danger, and of its moment, which ends in the year 4253


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


@lru_cache(maxsize=512)
def _page(where: tuple[str, ...], order: str, after: tuple[str, ...], size: int, about: tuple[str, ...]) -> str:
    """The statement for the numbers of a page. Stretches are taken one after the other until the page is full: each is
    no longer than the page, and PostgreSQL reads no further than it must. So with the ways in which a message can be
    about words (the newest first): each has the indexes of its own, and what is first in one of them is first
    of all."""
    columns = "id, danger, received_at" if about else "id, danger, due_at, received_at, snoozed_until"
    given = {"columns": SQL(columns), "order": SQL(order), "size": Literal(size)}
    parts = [
        SQL("SELECT {columns} FROM inbox_message WHERE {where} ORDER BY {order} LIMIT {size}").format(
            where=_all_of([*where, way, stretch]), **given
        )
        for stretch in after
        for way in about or ("true",)
    ]
    found = parts[0]
    if len(about) > 1:
        found = SQL("({parts}) ORDER BY {order} LIMIT {size}").format(parts=SQL(") UNION (").join(parts), **given)
    elif len(parts) > 1:
        found = SQL("({parts}) LIMIT {size}").format(parts=SQL(") UNION ALL (").join(parts), **given)
    return text_of("SELECT id FROM ({found}) AS page ORDER BY {order}", found=found, order=SQL(order))


def _all_of(words: Iterable[str]) -> Composable:
    return SQL(" AND ").join(map(SQL, words))


def statement_of(wanted: Filter, key: int, size: int, at: datetime) -> tuple[str, list[object]]:
    """What asks for the numbers of a page, with what it is given."""
    held = conditions(wanted, at)
    number, danger, moment = _place_of(key, wanted)
    more = stretches(wanted, number, danger, moment)
    about = ways(wanted.q) if wanted.q else []
    own = [value for _, given in held for value in given]
    words = _page(
        tuple(one for one, _ in held),
        order_of(wanted),
        tuple(one for one, _ in more),
        size,
        tuple(one for one, _ in about),
    )
    both = [(*way, *given) for _, given in more for way in [one for _, one in about] or [()]]
    return words, [value for given in both for value in (*own, *given)]


def numbers_after(wanted: Filter, key: int, size: int, at: datetime) -> list[int]:
    """Up to `size` messages of the list in its order, from the beginning or after the one that `key` names."""
    words, given = statement_of(wanted, key, size, at)
    return [number for (number,) in ask(words, given, keep=one_plan_suits(wanted))]


class Shown(Protocol):
    """A message as a page showed it."""

    @property
    def pk(self) -> int: ...
    @property
    def danger(self) -> int: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def snoozed_until(self) -> datetime | None: ...


def key_of(shown: Shown, wanted: Filter) -> int:
    """Where a page of the list ends, as one number: the message, how grave it was and the moment that put it there when
    it was shown, for these may change before the next page is asked for."""
    moment = getattr(shown, _stood_by(wanted))
    stamp = 1 if moment is None else (moment - _EPOCH) // _TICK + 2
    return (stamp << _LOW) + shown.pk * 4 + shown.danger


def _place_of(key: int, wanted: Filter) -> tuple[int, int, datetime | None]:
    """Number, danger and moment of what `key_of` named."""
    number, danger = divmod(key & (1 << _LOW) - 1, 4)
    stamp = (key >> _LOW) & (1 << _HIGH) - 1
    if stamp > 1:
        moment = _EPOCH + (stamp - 2) * _TICK
    elif stamp or not number or wanted.newest_first:
        moment = None
    else:  # a key without its moment, from before keys had one
        moment = Message.objects.filter(pk=number).values_list(_stood_by(wanted), flat=True).first()
    return number, min(danger, PERSON), moment


def _stood_by(wanted: Filter) -> str:
    return "snoozed_until" if wanted.show == "snoozed" else "due_at"


def how_many(wanted: Filter, most: int, *, since: int = 0) -> int:
    """How many messages the list has, of those that came after message `since`; counted no further than `most`."""
    held = [*conditions(wanted, timezone.now()), ("inbox_message.id > %s", [since])]
    if wanted.q:
        about = ways(wanted.q)
        either = text_of("({ways})", ways=SQL(" OR ").join(SQL(one) for one, _ in about))
        held.append((either, [value for _, given in about for value in given]))
    statement = text_of(
        "SELECT count(*) FROM (SELECT FROM inbox_message WHERE {where} LIMIT {most}) AS found",
        where=_all_of(one for one, _ in held),
        most=Literal(most),
    )
    return int(ask(statement, [value for _, given in held for value in given], keep=False)[0][0])
