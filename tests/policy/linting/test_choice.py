"""A landlord's policy offers the choice to complain to whoever is dissatisfied."""

from datetime import UTC, datetime

import pytest

from gatepost.policy.lint import lint
from gatepost.policy.pack import load
from gatepost.shipped import pack_folder
from tests.policy.small import FILES, pack

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RULE = """
[[rule]]
id = "dissatisfied"
clause = "usage.7"
priority = 10
when = {{ {when} }}
then = {{ {then} }}
"""
OFFER = 'offer = ["hello"]'


def found(kind: str, rules: str = "") -> list[str]:
    titled = FILES["pack.toml"].replace("jurisdiction", f'kind = "{kind}"\njurisdiction', 1)
    made = pack(pack=titled, rules=FILES["rules.toml"] + rules)
    return [one.message for one in lint(made, NOW) if one.code == "choice"]


def test_only_a_landlord_is_asked() -> None:
    assert found("council") == []
    (says,) = found("social_landlord")
    assert says.startswith("No rule offers whoever is dissatisfied the choice to complain")


@pytest.mark.parametrize(
    ("when", "then", "good"),
    [
        ('label = "complaint", at_least = 0.1', OFFER, True),
        ('any = [ { label = "question" }, { all = [ { sentiment = "negative" } ] } ]', OFFER, True),
        ('label = "complaint", at_least = 0.1', 'advice = ["Ask."]', False),
        ('label = "complaint"', OFFER, False),
        ('not = { label = "complaint", at_least = 0.1 }', OFFER, False),
    ],
)
def test_what_is_such_an_offer(when: str, then: str, good: bool) -> None:
    assert (found("almo", RULE.format(when=when, then=then)) == []) is good


def test_the_shipped_policy_offers_it() -> None:
    assert [one for one in lint(load(pack_folder()), NOW) if one.code == "choice"] == []
