"""Whenever one condition is said to imply another, it does: tried on every kind of message, and on made-up ones."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost.policy.conditions import Facts, build
from gatepost.policy.linting.logic import excludes, formula, implies, never
from gatepost.policy.model import Inbound
from gatepost.policy.schema import When
from tests.policy.small import reading

LEAVES: list[dict[str, Any]] = [
    {"label": "complaint"},
    {"label": "complaint", "at_least": 0.8},
    {"label": "thanks"},
    {"private": True},
    {"private": False},
    {"network": ["x"]},
    {"network": ["X", "facebook"]},
    {"topic": ["lifts"]},
    {"topic": ["lifts", "damp"]},
    {"topic": ["damp"]},
    {"sentiment": "negative"},
    {"urgent": True},
    {"hours": "inside"},
    {"hours": "outside"},
    {"author": ["journalist"]},
    {"author": ["repeat", "journalist"]},
    {"history": {"messages": 2, "days": 7}},
    {"history": {"messages": 3, "days": 30}},
]
THRESHOLDS = {"complaint": 0.6}
FACTS = [
    Facts(
        Inbound("m", "x", network=network, private=private, author_kind=kind, earlier=earlier),
        reading(
            {"complaint": complaint, "thanks": thanks},
            urgent=urgent,
            topics=topics,
            sentiment="negative" if urgent else "neutral",
        ),
        open=urgent,
    )
    for network, private, complaint, thanks, urgent, topics, kind, earlier in itertools.product(
        ("x", "facebook", ""),
        (True, False),
        (0.1, 0.7, 0.9),
        (0.1, 0.6),
        (True, False),
        ((), ("lifts",), ("damp",), ("lifts", "damp")),
        ("", "journalist"),
        ((), (3,), (3, 20)),
    )
]


def nested() -> st.SearchStrategy[dict[str, Any]]:
    return st.recursive(
        st.sampled_from(LEAVES),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
            inner.map(lambda part: {"not": part}),
            st.tuples(st.sampled_from(LEAVES), inner).map(lambda two: {**two[0], "not": two[1]}),
        ),
        max_leaves=6,
    )


@settings(max_examples=300, deadline=None)
@given(nested(), nested())
def test_what_it_says_is_true(one: dict[str, Any], other: dict[str, Any]) -> None:
    whens = [When.model_validate(value) for value in (one, other)]
    first, second = (formula(when, THRESHOLDS) for when in whens)
    holds = [[build(when, THRESHOLDS)(facts) is not None for facts in FACTS] for when in whens]
    if implies(first, second):
        assert all(b for a, b in zip(*holds, strict=True) if a)
    if excludes(first, second):
        assert not any(a and b for a, b in zip(*holds, strict=True))
    if never(first):
        assert not any(holds[0])
    assert implies(first, first) or never(first)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"label": "complaint", "at_least": 0.8}, {"label": "complaint"}),
        ({"network": ["x"]}, {"network": ["X", "facebook"]}),
        ({"topic": ["lifts"]}, {"topic": ["damp", "lifts"]}),
        ({"label": "complaint", "private": False}, {"label": "complaint"}),
        ({"any": [{"topic": ["lifts"]}, {"topic": ["damp"]}]}, {"topic": ["damp", "lifts"]}),
        ({"label": "complaint"}, {"any": [{"label": "thanks"}, {"label": "complaint"}]}),
        ({"private": True}, {"not": {"private": False}}),
        ({"hours": "inside"}, {"not": {"hours": "outside"}}),
        ({"author": ["repeat"]}, {"author": ["journalist", "repeat"]}),
        ({"history": {"messages": 3, "days": 7}}, {"history": {"messages": 2, "days": 30}}),
        ({"not": {"label": "complaint"}}, {"not": {"label": "complaint", "at_least": 0.8}}),
        ({"label": "thanks", "all": [{"urgent": True}, {"private": True}]}, {"private": True, "urgent": True}),
    ],
)
def test_what_it_can_tell(one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = (formula(When.model_validate(value), THRESHOLDS) for value in (one, other))
    assert implies(first, second)


@pytest.mark.parametrize(
    "value",
    [
        {"private": True, "not": {"private": True}},
        {"label": "complaint", "not": {"label": "complaint", "at_least": 0.3}},
        {"network": ["x"], "all": [{"network": ["facebook"]}]},
        {"any": [{"urgent": True, "all": [{"urgent": False}]}]},
    ],
)
def test_what_can_never_hold(value: dict[str, Any]) -> None:
    assert never(formula(When.model_validate(value), THRESHOLDS))


def test_two_topics_may_come_together() -> None:
    assert not never(formula(When.model_validate({"topic": ["lifts"], "all": [{"topic": ["damp"]}]}), {}))
