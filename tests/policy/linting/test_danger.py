"""Somebody in danger comes first, and gets no cold wording."""

from datetime import UTC, datetime

from gatepost.policy.lint import lint
from gatepost.policy.pack import load
from gatepost.shipped import pack_folder
from tests.policy.small import FILES, pack

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RULE = """
[[rule]]
id = "danger"
clause = "usage.1"
priority = {priority}
when = {{ any = [ {{ label = "safeguarding" }} ] }}
then = {{ refer = ["guardian"], offer = [{offer}] }}
"""
HUMANE = '\n[wording.help]\ntitle = "Help"\nclause = "usage.1"\nhumane = true\ntext = "Ring {number} now."\n'


def found(rules: str, wordings: str = "") -> list[str]:
    made = pack(rules=FILES["rules.toml"] + rules, wordings=FILES["wordings.toml"] + wordings)
    return [one.message for one in lint(made, NOW) if one.code == "danger"]


def test_a_pack_without_such_a_rule() -> None:
    assert found("") == ["No rule looks for somebody in danger (label safeguarding)"]


def test_it_comes_first() -> None:
    assert found(RULE.format(priority=100, offer="")) == []
    assert found(RULE.format(priority=85, offer="")) == ["The rule 'abuse' comes before the one for somebody in danger"]


def test_its_wording_is_humane() -> None:
    cold = found(RULE.format(priority=100, offer='"hello"'))
    assert cold == ["The wording 'hello' is never offered by the rule 'danger': somebody is in danger then"]
    warm = RULE.format(priority=100, offer='"help"')
    assert found(warm, HUMANE.format(number="999")) == []
    assert found(warm, HUMANE.format(number="us")) == [
        "The wording 'help' is for people in danger and names nobody they can turn to"
    ]


def test_a_rule_that_offers_a_humane_wording_beside_one_that_withholds_has_its_effect() -> None:
    assert [one.message for one in lint(load(pack_folder()), NOW) if "in_despair" in one.message] == []
