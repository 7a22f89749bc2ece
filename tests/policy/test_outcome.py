"""Rules are asked only where they could hold, and what follows is remembered without changing."""

from __future__ import annotations

import gc
from dataclasses import replace
from weakref import ref

import pytest

from gatepost.policy import conditions, outcome
from gatepost.policy.decide import decide
from gatepost.policy.model import LABELS, Inbound
from gatepost.policy.outcome import URGENT, asks_hours, needs, prepared
from gatepost.policy.schema import When
from tests.policy.small import FILES, NOON, pack, reading

BARS = {"complaint": 0.6}


def when(**keys: object) -> When:
    return When.model_validate(keys)


@pytest.mark.parametrize(
    ("condition", "bars"),
    [
        ({"label": "complaint"}, (("complaint", 0.6),)),
        ({"label": "thanks", "at_least": 0.9}, (("thanks", 0.9),)),
        ({"label": "thanks", "urgent": True}, (("thanks", 0.5),)),
        ({"urgent": True}, (URGENT,)),
        ({"urgent": False}, ()),
        ({"all": [{"private": True}, {"label": "spam"}]}, (("spam", 0.5),)),
        ({"all": [{"urgent": True}, {"label": "spam"}]}, (URGENT,)),
        ({"all": [{"private": True}]}, ()),
        ({"any": [{"label": "spam"}, {"label": "thanks"}]}, (("spam", 0.5), ("thanks", 0.5))),
        ({"any": [{"label": "spam"}, {"urgent": True}]}, (("spam", 0.5), URGENT)),
        ({"any": [{"label": "spam"}, {"private": True}]}, ()),
        ({"not": {"label": "spam"}}, ()),
    ],
)
def test_what_a_rule_needs(condition: dict[str, object], bars: tuple[tuple[str, float], ...]) -> None:
    assert needs(when(**condition), BARS) == bars


def test_who_asks_the_hours() -> None:
    assert asks_hours(when(hours="outside"))
    assert asks_hours(when(any=[{"urgent": True}, {"not": {"hours": "inside"}}]))
    assert not asks_hours(when(urgent=True))


def test_companies_of_rules_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcome, "_MOST", 1)
    small = pack()
    told = [reading({"complaint": 1.0}), reading({"thanks": 1.0}), reading({"staff_abuse": 1.0}), reading({})]
    first = [decide(Inbound("1", "hello"), small, NOON, one) for one in told]
    assert [decide(Inbound("1", "hello"), small, NOON, one) for one in told] == first
    assert len(prepared(small).outcomes) == 1
    assert len(prepared(small).companies) == 1


def test_a_pack_nobody_holds_any_more_is_forgotten() -> None:
    small = pack()
    decide(Inbound("1", "hello"), small, NOON, reading({"complaint": 1.0}))
    gone = ref(small)
    del small
    gc.collect()
    assert gone() is None


def test_many_are_asked_what_each_is_asked_alone() -> None:
    """A probability just at a bar counts in both."""
    ready = prepared(pack())
    nothing = dict.fromkeys(LABELS, 0.0)
    rows = [nothing]
    rows += [
        {**nothing, label: value} for label, bar in ready.tests if label in LABELS for value in (bar, bar - 0.0001, 1.0)
    ]
    readings = [replace(reading(row), urgent=urgent) for row in rows for urgent in (False, True)]
    assert ready.asked_of_many(readings) == [ready.asked(one) for one in readings]
    assert ready.asked_of_many([]) == []
    assert ready.asked(reading({})) == ready.asked(readings[0])


def test_a_rule_for_urgent_messages_is_asked_of_those_alone() -> None:
    small = pack(rules=FILES["rules.toml"].replace('label = "complaint"', "urgent = true"))
    ready = prepared(small)
    assert URGENT in ready.tests
    calm = reading(dict.fromkeys(LABELS, 0.0))
    urgent = replace(calm, urgent=True)
    one, other = ready.asked_of_many([calm, urgent])
    assert (one, other) == (ready.asked(calm), ready.asked(urgent))
    assert len(other.rules) > len(one.rules)


def test_why_a_rule_held_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcome, "_MOST", 1)
    small = pack()
    ready = prepared(small)
    first = ready.evidence(0, ("it is urgent",))
    assert ready.evidence(0, ("it is urgent",)) is first
    assert ready.evidence(0, ("it came by x",)).because == ("it came by x",)
    assert ready.evidence(0, ("it is urgent",)) == first


def test_probabilities_in_words_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conditions, "_MOST_SAID", 1)
    small = pack()
    told = [reading({"complaint": value}) for value in (0.9, 0.8, 0.9)]
    said = [decide(Inbound("1", "hello"), small, NOON, one).evidence[0].because[0] for one in told]
    assert ["0.90" in said[0], "0.80" in said[1], said[2] == said[0]] == [True, True, True]
