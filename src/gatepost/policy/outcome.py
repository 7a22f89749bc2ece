"""What follows when some rules hold together: worked out once for each company of rules, however many messages.

A decision depends on the rules that hold and on whether somebody is in danger; only the moment its clocks end, the
people who stand in, and the words of its evidence differ from message to message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import cast
from weakref import ReferenceType, WeakKeyDictionary, ref

import numpy as np

from gatepost.policy.conditions import DEFAULT_THRESHOLD, inner
from gatepost.policy.model import LABELS, Evidence, Moderation, Reading
from gatepost.policy.pack import Pack, Rule
from gatepost.policy.quick import quick
from gatepost.policy.schema import When

Bars = tuple[tuple[str, float], ...]  # labels with the probability from which each counts
URGENT = ("urgent", 1.0)  # stands among them for messages that are urgent

_MOST = 4096  # companies of rules remembered for one pack
_evidence = quick(Evidence)
_STRENGTH: dict[Moderation, int] = {"none": 0, "hide": 1, "remove": 2}
_KEPT = "Hide it, do not remove it: somebody may be in danger, and what they wrote may be needed."
_ANSWERED = "Somebody may harm themselves: answer them, warmly and in private, in your own words."
_NO_WORDING = "No approved wording fits here."
_SECOND_LOOK = "Let a second person look at this before it is answered."
_HAND_OVER = "Hand this conversation over to whom it is referred to; do not carry it on here."


@dataclass(frozen=True, slots=True)
class Outcome:
    """The parts of a decision that the rules alone settle. `clocks`: each that starts, with the clause it rests on."""

    offers: tuple[str, ...]
    refer: tuple[str, ...]
    clocks: tuple[tuple[str, str], ...]
    clauses: tuple[str, ...]
    advice: tuple[str, ...]
    moderate: Moderation
    steps: tuple[Moderation, ...]
    mask: bool
    answer: bool
    urgent: bool
    second_look: bool
    hand_over: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """The rules to ask of a message, with their places, and the labels it was decided to have."""

    rules: tuple[tuple[int, Rule], ...]
    decided: tuple[str, ...]
    danger: bool  # somebody may be in danger


@dataclass(frozen=True, slots=True)
class Prepared:
    """A pack made ready for many messages. A rule is asked only when one of the labels beside it is over its bar, or
    the message is `URGENT`; a rule beside none always is. `tests`: every bar that anything depends on."""

    of: ReferenceType[Pack]  # it must not keep alive the pack that it is kept for
    rules: tuple[tuple[int, Bars, Rule], ...]
    bars: Bars
    tests: Bars
    hours: bool  # whether any rule asks when a message came
    outcomes: dict[tuple[tuple[int, ...], bool, bool], Outcome] = field(default_factory=dict, repr=False)
    companies: dict[bytes, Asked] = field(default_factory=dict, repr=False)
    told: dict[tuple[int, tuple[str, ...]], Evidence] = field(default_factory=dict, repr=False)

    @property
    def pack(self) -> Pack:
        """The pack it was made of, which whoever asked for it holds."""
        return cast(Pack, self.of())

    def asked(self, reading: Reading) -> Asked:
        """What to ask of one message that reads so."""
        labels = reading.labels
        return self._asked(
            bytes([reading.urgent if one == URGENT else labels.get(one[0], 0.0) >= one[1] for one in self.tests])
        )

    def asked_of_many(self, readings: Sequence[Reading]) -> list[Asked]:
        """The same for many: each holds LABELS, in order."""
        rows = chain.from_iterable([reading.labels.values() for reading in readings])
        values = np.fromiter(rows, np.float64, len(readings) * len(LABELS))
        table = values.reshape(len(readings), len(LABELS))
        over = np.zeros((len(readings), len(self.tests)), dtype=np.bool_)
        for column, one in enumerate(self.tests):
            if one == URGENT:
                over[:, column] = [reading.urgent for reading in readings]
            else:
                over[:, column] = table[:, LABELS.index(one[0])] >= one[1]
        told, width = over.tobytes(), len(self.tests)
        return [self._asked(told[at : at + width]) for at in range(0, len(told), width)]

    def _asked(self, over: bytes) -> Asked:
        """What to ask where these of the `tests` are passed."""
        known = self.companies.get(over)
        if known is None:
            if len(self.companies) >= _MOST:
                self.companies.clear()
            passed = {test for test, here in zip(self.tests, over, strict=True) if here}
            decided = tuple(label for label, bar in self.bars if (label, bar) in passed)
            known = self.companies[over] = Asked(
                tuple((place, rule) for place, bars, rule in self.rules if not bars or not passed.isdisjoint(bars)),
                decided,
                "safeguarding" in decided,
            )
        return known

    def evidence(self, place: int, because: tuple[str, ...]) -> Evidence:
        """Why the rule at this place held: made once for the same reasons."""
        key = (place, because)
        known = self.told.get(key)
        if known is None:
            if len(self.told) >= _MOST:
                self.told.clear()
            rule = self.pack.rules[place]
            known = self.told[key] = _evidence(rule.id, rule.clause, because)
        return known

    def outcome(self, held: tuple[int, ...], danger: bool, harm: bool) -> Outcome:
        """What follows when the rules at the places `held` hold. `danger`: somebody may be in danger; `harm`: they may
        harm themselves."""
        key = (held, danger, harm)
        known = self.outcomes.get(key)
        if known is None:
            if len(self.outcomes) >= _MOST:
                self.outcomes.clear()
            known = self.outcomes[key] = _outcome(self.pack, [self.pack.rules[place] for place in held], danger, harm)
        return known


_PREPARED: WeakKeyDictionary[Pack, Prepared] = WeakKeyDictionary()


def prepared(pack: Pack) -> Prepared:
    """`pack` made ready; kept as long as the pack is."""
    known = _PREPARED.get(pack)
    if known is None:
        thresholds = pack.thresholds
        rules = tuple((place, needs(rule.when, thresholds), rule) for place, rule in enumerate(pack.rules))
        bars = tuple((label, thresholds.get(label, DEFAULT_THRESHOLD)) for label in LABELS)
        known = Prepared(
            of=ref(pack),
            rules=rules,
            bars=bars,
            tests=tuple(dict.fromkeys((*bars, *chain.from_iterable(beside for _, beside, _ in rules)))),
            hours=any(asks_hours(rule.when) for rule in pack.rules),
        )
        _PREPARED[pack] = known
    return known


def needs(when: When, thresholds: Mapping[str, float]) -> Bars:
    """Bars of which at least one must be passed for `when` to hold; none where that cannot be told."""
    if when.label is not None:
        bar = thresholds.get(when.label, DEFAULT_THRESHOLD)
        return ((when.label, bar if when.at_least is None else when.at_least),)
    if when.urgent:
        return (URGENT,)
    for one in when.all_of or ():
        found = needs(one, thresholds)
        if found:
            return found
    ways = [needs(one, thresholds) for one in when.any_of or ()]
    return tuple(bar for way in ways for bar in way) if all(ways) else ()


def asks_hours(when: When) -> bool:
    """Whether it matters to `when` that a message came inside working hours."""
    return when.hours is not None or any(asks_hours(one) for one in inner(when))


def _outcome(pack: Pack, rules: list[Rule], danger: bool, harm: bool) -> Outcome:
    offers: dict[str, None] = {}
    refer: dict[str, None] = {}
    started: dict[str, str] = {}
    advice: dict[str, None] = {}
    cited: set[str] = set()
    moderate: Moderation = "none"
    at_once = False
    mask = urgent = withhold = second_look = hand_over = False
    answer = True
    for rule in rules:
        then = rule.then
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
    if danger:
        urgent = withhold = True
        if moderate == "remove":
            moderate, at_once = "hide", False
            advice[_KEPT] = None
        if not answer and harm:
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
    cited.update(pack.wordings[name].clause for name in offers)
    cited.update(started.values())
    return Outcome(
        offers=_in_order(pack, offers),
        refer=tuple(refer),
        clocks=tuple(started.items()),
        clauses=pack.in_order(cited),
        advice=tuple(advice),
        moderate=moderate,
        steps=_steps(moderate, at_once),
        mask=mask,
        answer=answer,
        urgent=urgent,
        second_look=second_look,
        hand_over=hand_over,
    )


def _steps(moderate: Moderation, at_once: bool) -> tuple[Moderation, ...]:
    if moderate == "none":
        return ()
    return ("hide", "remove") if moderate == "remove" and not at_once else (moderate,)


def _in_order(pack: Pack, offers: dict[str, None]) -> tuple[str, ...]:
    """In the order of the policy: by the place of the clause, then as wordings.toml lists them."""
    listed = {name: place for place, name in enumerate(pack.wordings)}
    return tuple(sorted(offers, key=lambda name: (pack.numbers[pack.wordings[name].clause], listed[name])))
