"""Conditions hold as written and say why, without repeating anybody's words."""

import pytest

from gatepost.policy.conditions import Facts, build
from gatepost.policy.model import Inbound
from gatepost.policy.schema import When
from tests.policy.small import reading

FACTS = Facts(
    Inbound("1", "secret words", network="Facebook"),
    reading({"complaint": 0.7}, sentiment="negative", topics=("repairs", "rent"), urgent=True),
)


@pytest.mark.parametrize(
    ("when", "because"),
    [
        ({"label": "complaint"}, ("it reads as a complaint (0.70, from 0.60)",)),
        ({"label": "complaint", "at_least": 0.8}, None),
        ({"label": "thanks"}, None),
        ({"network": ["facebook", "x"]}, ("it came by Facebook",)),
        ({"network": ["x"]}, None),
        ({"private": False}, ("it can be seen by everybody",)),
        ({"private": True}, None),
        ({"language": ["en"]}, ("its language is 'en'",)),
        ({"language": ["cy"]}, None),
        ({"sentiment": "negative"}, ("its feeling is negative",)),
        ({"sentiment": "positive"}, None),
        ({"urgent": True}, ("it is urgent",)),
        ({"urgent": False}, None),
        ({"topic": ["rent", "asb"]}, ("it is about rent",)),
        ({"topic": ["asb"]}, None),
        ({"urgent": True, "private": False}, ("it can be seen by everybody", "it is urgent")),
        ({"urgent": True, "private": True}, None),
        ({"all": [{"urgent": True}, {"sentiment": "negative"}]}, ("it is urgent", "its feeling is negative")),
        ({"all": [{"urgent": True}, {"sentiment": "neutral"}]}, None),
        ({"any": [{"urgent": False}, {"sentiment": "negative"}]}, ("its feeling is negative",)),
        ({"any": [{"urgent": False}]}, None),
        ({"not": {"urgent": False}}, ()),
        ({"not": {"urgent": True}}, None),
    ],
)
def test_conditions(when: dict[str, object], because: tuple[str, ...] | None) -> None:
    assert build(When.model_validate(when), {"complaint": 0.6})(FACTS) == because


def test_private_message_says_so() -> None:
    facts = Facts(Inbound("1", "x", private=True), reading())
    assert build(When(private=True), {})(facts) == ("it is a private message",)
    assert build(When(urgent=False), {})(facts) == ("it is not urgent",)
