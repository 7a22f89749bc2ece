"""What the policy says of one message: the labels read, what to offer, where to refer, by when, citing
clauses.

A pure function of message, pack and time. Rules only ever add: a removal is never softened to a hiding, an "urgent"
never taken back, and a wording that one rule withholds is offered by none.

Danger to a person comes before everything, whatever a pack says: it is urgent, no wording is offered but one written
for it, what would be removed is hidden, and somebody who may harm themselves is answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import repeat
from zoneinfo import ZoneInfo

from gatepost.policy import clocks
from gatepost.policy.acting import addressee
from gatepost.policy.conditions import Facts
from gatepost.policy.model import Addressee, Decision, Due, Evidence, Inbound, Reading
from gatepost.policy.outcome import Asked, Prepared, prepared
from gatepost.policy.pack import Pack
from gatepost.policy.quick import quick
from gatepost.policy.reading import Learnt, read, read_many
from gatepost.policy.reading.together import collector_paused
from gatepost.policy.reading.windows import WINDOW, said_of_pieces

_NO_PERIODS: frozenset[str] = frozenset()
_decision = quick(Decision)


def decide(message: Inbound, pack: Pack, at: datetime, reading: Reading | None = None) -> Decision:
    """The decision for `message`, received `at` (aware). `reading` stands in for the pack's own reading of
    the text.

    Raises clocks.ClockError when `at` has no time zone.
    """
    ready = prepared(pack)
    reading = reading or read(message.text, pack.words)
    return _decide(message, ready, _Moment(at, pack), reading, ready.asked(reading))


def decide_many(
    messages: Sequence[Inbound], pack: Pack, at: datetime | Sequence[datetime], learnt: Learnt | None = None
) -> list[Decision]:
    """One decision a message, in order; quicker than one by one. `at` is one time for all, or one for each.

    `learnt`: what the desk has taught the readers; the readers as shipped without it.
    """
    with collector_paused():
        return _decide_many(messages, pack, at, learnt)


def _decide_many(
    messages: Sequence[Inbound], pack: Pack, at: datetime | Sequence[datetime], learnt: Learnt | None
) -> list[Decision]:
    readings = read_many([message.text for message in messages], pack.words, learnt)
    ready = prepared(pack)
    asked = ready.asked_of_many(readings)
    if isinstance(at, datetime):
        moments: Iterable[_Moment] = repeat(_Moment(at, pack), len(messages))
    else:
        moments = [_Moment(time, pack) for time in at]
    return [
        _decide(message, ready, moment, reading, ask)
        for message, moment, reading, ask in zip(messages, moments, readings, asked, strict=True)
    ]


class _Moment:
    """A time a message came, with what the calendar says of it, each worked out when a message asks for it."""

    __slots__ = ("_due", "_open", "_to", "at", "pack", "periods")

    def __init__(self, at: datetime, pack: Pack) -> None:
        if at.tzinfo is None:
            raise clocks.ClockError("The time of the message has no time zone. Pass an aware time.")
        self.at, self.pack = at, pack
        self.periods = frozenset(one.id for one in pack.periods_at(at)) if pack.periods else _NO_PERIODS
        self._open: bool | None = None
        self._due: dict[tuple[str, str], Due] = {}
        self._to: dict[str, Addressee] = {}

    def open(self) -> bool:
        """Whether it lies inside working hours."""
        if self._open is None:
            self._open = clocks.is_open(self.at, self.pack.hours)
        return self._open

    def due(self, started: tuple[str, str]) -> Due:
        """A clock begun now, by its name and the clause it rests on."""
        known = self._due.get(started)
        if known is None:
            clock = self.pack.clocks[started[0]]
            ends = clocks.due(clock, self.at, self.pack.hours)
            known = self._due[started] = Due(started[0], ends, started[1], clock.said)
        return known

    def addressed(self, department: str) -> Addressee:
        """To whom a referral to `department` goes on this day."""
        known = self._to.get(department)
        if known is None:
            day = self.at.astimezone(ZoneInfo(self.pack.hours.timezone)).date()
            known = self._to[department] = addressee(self.pack.departments[department], self.pack.roles, day)
        return known


def _decide(message: Inbound, ready: Prepared, moment: _Moment, reading: Reading, asked: Asked) -> Decision:
    held: list[int] = []
    evidence: list[Evidence] = []
    if asked.rules:
        facts = Facts(message, reading, moment.open() if ready.hours else None, moment.periods)
        for place, rule in asked.rules:
            because = rule.holds(facts)
            if because is not None:
                held.append(place)
                evidence.append(ready.evidence(place, because))
    harm = asked.danger and any(one.kind == "self_harm" for one in reading.spans)
    then = ready.outcome(tuple(held), asked.danger, harm)
    return _decision(  # its fields in their order: naming twenty of them takes as long as filling them
        message.id,
        ready.pack.digest,
        moment.at,
        reading,
        asked.decided,
        then.offers,
        then.refer,
        then.moderate,
        then.mask,
        then.answer,
        then.urgent,
        tuple([moment.due(started) for started in then.clocks]) if then.clocks else (),
        then.clauses,
        tuple(evidence),
        then.advice if len(message.text) <= WINDOW else (*then.advice, said_of_pieces(message.text)),
        then.second_look,
        then.hand_over,
        then.steps,
        tuple([moment.addressed(name) for name in then.refer]) if then.refer else (),
    )
