"""Conditions on who writes, how often and when; the outcomes "second look" and "hand over"."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gatepost.policy import examples
from gatepost.policy.clocks import is_open
from gatepost.policy.conditions import Facts, audiences_in, build, days_back
from gatepost.policy.decide import decide
from gatepost.policy.diff import diff
from gatepost.policy.lint import lint
from gatepost.policy.model import Hours, Inbound
from gatepost.policy.plainly import condition
from gatepost.policy.problems import PackError
from gatepost.policy.schema import When
from tests.policy.small import FILES, NOON, pack, reading

FACTS = Facts(
    Inbound("1", "x", author_kind="journalist", audiences=("residents", "young"), earlier=(0, 6, 7, 29)),
    reading(),
    open=False,
)


@pytest.mark.parametrize(
    ("when", "because"),
    [
        ({"author": ["journalist"]}, ("its writer is a journalist",)),
        ({"author": ["councillor"]}, None),
        ({"author": ["repeat"]}, ("its writer wrote before in the last 30 days",)),
        ({"audience": ["residents"]}, ("its channel is for 'residents'",)),
        ({"audience": ["staff"]}, None),
        ({"hours": "outside"}, ("it came outside working hours",)),
        ({"hours": "inside"}, None),
        ({"history": {"messages": 4, "days": 7}}, ("it is message 4 of its writer in 7 days",)),
        ({"history": {"messages": 5, "days": 7}}, None),
        ({"history": {"messages": 5}}, ("it is message 5 of its writer in 30 days",)),
    ],
)
def test_conditions(when: dict[str, Any], because: tuple[str, ...] | None) -> None:
    assert build(When.model_validate(when), {})(FACTS) == because


def test_what_is_not_known_holds_for_neither() -> None:
    facts = Facts(Inbound("1", "x"), reading())
    for when in ({"hours": "inside"}, {"hours": "outside"}, {"author": ["journalist", "repeat"]}):
        assert build(When.model_validate(when), {})(facts) is None


def test_what_a_condition_needs() -> None:
    half_a_year = {"history": {"messages": 2, "days": 180}}
    assert days_back(When.model_validate({"any": [{"not": half_a_year}, {"urgent": True}]})) == 180
    assert days_back(When.model_validate({"history": {"messages": 2, "days": 7}, "author": ["repeat"]})) == 30
    assert days_back(When.model_validate({"author": ["journalist"], "not": {"urgent": True}})) == 0
    assert audiences_in(When.model_validate({"audience": ["a"], "all": [{"audience": ["b"]}]})) == {"a", "b"}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 8, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 17, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 22, 12, 0, tzinfo=UTC), False),  # a Sunday
        (datetime(2026, 12, 25, 12, 0, tzinfo=UTC), False),  # Christmas Day, a Friday
        (datetime(2026, 7, 1, 8, 30, tzinfo=UTC), True),  # 9.30 by the clock on the wall
        (datetime(2026, 7, 1, 16, 30, tzinfo=UTC), False),
    ],
)
def test_working_hours(at: datetime, expected: bool) -> None:
    week = (("09:00", "17:00"),) * 5 + (None, None)
    assert is_open(at, Hours(week=week)) is expected


RULE = """
[[rule]]
id = "often"
clause = "usage.8"
priority = 40
when = { history = { messages = 3, days = 7 }, hours = "outside" }
then = { refer = ["complaints"], second_look = true, hand_over = true }
"""
NIGHT = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)


def test_a_rule_that_uses_them() -> None:
    often = pack(rules=FILES["rules.toml"] + RULE)
    found = decide(Inbound("1", "Hello", earlier=(0, 1)), often, NIGHT, reading())
    assert (found.second_look, found.hand_over, found.refer) == (True, True, ("complaints",))
    assert found.advice == (
        "Let a second person look at this before it is answered.",
        "Hand this conversation over to whom it is referred to; do not carry it on here.",
    )
    assert found.evidence[0].because == ("it came outside working hours", "it is message 3 of its writer in 7 days")
    for message, at in ((Inbound("1", "Hello", earlier=(0,)), NIGHT), (Inbound("1", "Hello", earlier=(0, 1)), NOON)):
        found = decide(message, often, at, reading())
        assert (found.second_look, found.hand_over, found.refer, found.advice) == (False, False, (), ())


def test_it_can_be_said_in_words() -> None:
    (change,) = diff(pack(), pack(rules=FILES["rules.toml"] + RULE))
    assert change.details == (
        (
            "when it came outside working hours and its writer has sent 3 messages or more in 7 days: "
            "refer it to “Complaints Team”; ask for a second look; hand the conversation over"
        ),
    )
    when = When.model_validate({"author": ["journalist", "repeat"], "audience": ["residents"]})
    assert condition(when, {}) == (
        "its writer is a journalist or somebody who wrote before and its channel is for the audience “residents”"
    )


def test_examples_can_give_them() -> None:
    rows = """
[[example]]
id = "fires"
text = "Hello"
given = { at = "2026-11-23T22:00", earlier = [0, 1] }
expect = { refer = ["complaints"], second_look = true, hand_over = true }

[[example]]
id = "must_not"
text = "Hello"
given = { at = "2026-11-23T12:00:00+00:00", earlier = [0, 1] }
expect = { refer = [], second_look = false }

[[example]]
id = "fails"
text = "Hello"
given = { at = "2026-11-23T12:00", earlier = [0, 1] }
expect = { second_look = true }
"""
    results = examples.run(pack(rules=FILES["rules.toml"] + RULE, examples=rows), NOON)
    assert [one.ok for one in results] == [True, True, False]
    assert results[2].failures == ("second_look: expected True, got False.",)


@pytest.mark.parametrize(
    ("rule", "example", "says"),
    [
        (RULE.replace('hours = "outside"', 'audience = ["martians"]'), "", "There is no audience 'martians'"),
        (RULE.replace('hours = "outside"', 'author = ["poet"]'), "", "'poet' is not one of the values"),
        (RULE.replace("messages = 3", "messages = 1"), "", "rules.toml"),
        (RULE.replace("days = 7", "days = 366"), "", "rules.toml"),
        ("", 'given = { at = "soon" }', "'soon' is not a date and time. Write it like 2026-11-24T09:30."),
        ("", 'given = { at = "9999-12-31" }', "is not a date and time"),
        ("", 'given = { audience = "martians" }', "There is no audience 'martians'"),
    ],
)
def test_mistakes_are_named(rule: str, example: str, says: str) -> None:
    rows = f'[[example]]\nid = "e"\ntext = "x"\n{example}\nexpect = {{ urgent = false }}\n'
    with pytest.raises(PackError) as wrong:
        pack(rules=FILES["rules.toml"] + rule, examples=rows)
    assert says in str(wrong.value)


def test_handing_over_to_nobody_is_told() -> None:
    nobody = RULE.replace('refer = ["complaints"], ', "")
    told = [one.message for one in lint(pack(rules=FILES["rules.toml"] + nobody), NOON) if one.code == "referral"]
    assert "The rule 'often' hands the conversation over and refers it to nobody" in told


def test_a_rule_that_only_adds_a_second_look_is_no_rule_without_effect() -> None:
    rules = FILES["rules.toml"] + RULE + RULE.replace('"often"', '"more"').replace("messages = 3", "messages = 4")
    told = [one.message for one in lint(pack(rules=rules), NOON) if one.code == "unreachable"]
    assert told == ["The rule 'more' can change nothing: 'often' holds whenever it does and decides all it would"]
    plain = RULE.replace("second_look = true, hand_over = true", "urgent = true").replace("= 40", "= 45")
    rules = FILES["rules.toml"] + plain + RULE.replace('"often"', '"more"')
    assert not [one for one in lint(pack(rules=rules), NOON) if one.code == "unreachable"]
