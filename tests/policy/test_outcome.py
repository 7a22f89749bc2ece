"""Rules are asked only where they could hold, and what follows is remembered without changing."""

from __future__ import annotations

import gc
from weakref import ref

import pytest

from gatepost.policy import outcome
from gatepost.policy.decide import decide
from gatepost.policy.model import LABELS, Inbound
from gatepost.policy.outcome import asks_hours, needs, prepared
from gatepost.policy.schema import When
from tests.policy.small import NOON, pack, reading

BARS = {"complaint": 0.6}


def when(**keys: object) -> When:
    return When.model_validate(keys)


@pytest.mark.parametrize(
    ("condition", "bars"),
    [
        ({"label": "complaint"}, (("complaint", 0.6),)),
        ({"label": "thanks", "at_least": 0.9}, (("thanks", 0.9),)),
        ({"label": "thanks", "urgent": True}, (("thanks", 0.5),)),
        ({"urgent": True}, ()),
        ({"all": [{"urgent": True}, {"label": "spam"}]}, (("spam", 0.5),)),
        ({"all": [{"urgent": True}]}, ()),
        ({"any": [{"label": "spam"}, {"label": "thanks"}]}, (("spam", 0.5), ("thanks", 0.5))),
        ({"any": [{"label": "spam"}, {"urgent": True}]}, ()),
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
    rows = [dict.fromkeys(LABELS, 0.0)]
    rows += [{**rows[0], label: value} for label, bar in ready.tests for value in (bar, bar - 0.0001, 1.0)]
    assert ready.asked_of_many(rows) == [ready.asked(row) for row in rows]
    assert ready.asked_of_many([]) == []
    assert ready.asked({}) == ready.asked(rows[0])
