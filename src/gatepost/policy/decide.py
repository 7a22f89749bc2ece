"""What the policy says of one message: the labels read, what to offer, where to refer, by when, citing
clauses.

A pure function of message, pack and time. Rules only ever add: a removal is never softened to a hiding, an "urgent"
never taken back, and a wording that one rule withholds is offered by none.

Danger to a person comes before everything, whatever a pack says: it is urgent, no wording is offered but one written
for it, what would be removed is hidden, and somebody who may harm themselves is answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from gatepost.policy import clocks
from gatepost.policy.acting import addressee
from gatepost.policy.conditions import DEFAULT_THRESHOLD, Facts
from gatepost.policy.model import LABELS, Decision, Due, Evidence, Inbound, Moderation, Reading
from gatepost.policy.pack import Pack
from gatepost.policy.reading import read, read_many

TEXT_LIMIT = 100_000
_STRENGTH: dict[Moderation, int] = {"none": 0, "hide": 1, "remove": 2}
_TOO_LONG = f"Only the first {TEXT_LIMIT:,} characters of this message were read. Look at the rest yourself."
_KEPT = "Hide it, do not remove it: somebody may be in danger, and what they wrote may be needed."
_ANSWERED = "Somebody may harm themselves: answer them, warmly and in private, in your own words."
_NO_WORDING = "No approved wording fits here."
_SECOND_LOOK = "Let a second person look at this before it is answered."
_HAND_OVER = "Hand this conversation over to whom it is referred to; do not carry it on here."


def decide(message: Inbound, pack: Pack, at: datetime, reading: Reading | None = None) -> Decision:
    """The decision for `message`, received `at` (aware). `reading` stands in for the pack's own reading of
    the text.

    Raises clocks.ClockError when `at` has no time zone.
    """
    return _decide(message, pack, at, reading or read(message.text[:TEXT_LIMIT], pack.words))


def decide_many(messages: Sequence[Inbound], pack: Pack, at: datetime | Sequence[datetime]) -> list[Decision]:
    """One decision a message, in order; quicker than one by one. `at` is one time for all, or one for each."""
    times = [at] * len(messages) if isinstance(at, datetime) else list(at)
    readings = read_many([message.text[:TEXT_LIMIT] for message in messages], pack.words)
    return [
        _decide(message, pack, moment, reading)
        for message, moment, reading in zip(messages, times, readings, strict=True)
    ]


def _decide(message: Inbound, pack: Pack, at: datetime, reading: Reading) -> Decision:
    if at.tzinfo is None:
        raise clocks.ClockError("The time of the message has no time zone. Pass an aware time.")
    facts = Facts(
        message,
        reading,
        clocks.is_open(at, pack.hours),
        frozenset(one.id for one in pack.periods_at(at)) if pack.periods else frozenset(),
    )
    evidence: list[Evidence] = []
    offers: dict[str, None] = {}
    refer: dict[str, None] = {}
    started: dict[str, str] = {}
    advice: dict[str, None] = {}
    cited: set[str] = set()
    moderate: Moderation = "none"
    at_once = False
    mask = urgent = withhold = second_look = hand_over = False
    answer = True
    for rule in pack.rules:
        because = rule.holds(facts)
        if because is None:
            continue
        then = rule.then
        evidence.append(Evidence(rule.id, rule.clause, because))
        cited.add(rule.clause)
        offers.update(dict.fromkeys(then.offer))
        refer.update(dict.fromkeys(then.refer))
        advice.update(dict.fromkeys(then.advice))
        for clock in then.clocks:
            started.setdefault(clock, pack.clocks[clock].clause or rule.clause)
        if _STRENGTH[then.moderate] > _STRENGTH[moderate]:
            moderate = then.moderate
        at_once = at_once or (then.moderate == "remove" and not then.reversible_first)
        mask = mask or then.mask
        urgent = urgent or then.urgent
        answer = answer and then.answer
        withhold = withhold or then.withhold or not then.answer
        second_look = second_look or then.second_look
        hand_over = hand_over or then.hand_over
    decided = _decided(reading, pack)
    danger = "safeguarding" in decided
    if danger:
        urgent = withhold = True
        if moderate == "remove":
            moderate, at_once = "hide", False
            advice[_KEPT] = None
        if not answer and any(one.kind == "self_harm" for one in reading.spans):
            answer = True
            advice[_ANSWERED] = None
    cold = [name for name in offers if not pack.wordings[name].humane]
    if withhold and cold:
        # The referral a withheld wording would have made is made without it: the matter is not lost.
        refer.update(dict.fromkeys(filter(None, (pack.wordings[name].refers_to for name in cold))))
        offers = {name: None for name in offers if name not in cold}
        if not offers:
            advice[_NO_WORDING] = None
    if second_look:
        advice[_SECOND_LOOK] = None
    if hand_over:
        advice[_HAND_OVER] = None
    if len(message.text) > TEXT_LIMIT:
        advice[_TOO_LONG] = None
    day = at.astimezone(ZoneInfo(pack.hours.timezone)).date()
    due = tuple(
        Due(name, clocks.due(pack.clocks[name], at, pack.hours), clause, pack.clocks[name].said)
        for name, clause in started.items()
    )
    cited.update(pack.wordings[name].clause for name in offers)
    cited.update(one.clause for one in due)
    return Decision(
        message=message.id,
        pack=pack.digest,
        at=at,
        reading=reading,
        decided=decided,
        offers=_in_order(pack, offers),
        refer=tuple(refer),
        moderate=moderate,
        mask=mask,
        answer=answer,
        urgent=urgent,
        clocks=due,
        clauses=pack.in_order(cited),
        evidence=tuple(evidence),
        advice=tuple(advice),
        second_look=second_look,
        hand_over=hand_over,
        steps=_steps(moderate, at_once),
        addressed=tuple(addressee(pack.departments[name], pack.roles, day) for name in refer),
    )


def _steps(moderate: Moderation, at_once: bool) -> tuple[Moderation, ...]:
    if moderate == "none":
        return ()
    return ("hide", "remove") if moderate == "remove" and not at_once else (moderate,)


def _decided(reading: Reading, pack: Pack) -> tuple[str, ...]:
    return tuple(
        label for label in LABELS if reading.labels.get(label, 0.0) >= pack.thresholds.get(label, DEFAULT_THRESHOLD)
    )


def _in_order(pack: Pack, offers: dict[str, None]) -> tuple[str, ...]:
    """In the order of the policy: by the place of the clause, then as wordings.toml lists them."""
    listed = {name: place for place, name in enumerate(pack.wordings)}
    return tuple(sorted(offers, key=lambda name: (pack.numbers[pack.wordings[name].clause], listed[name])))
