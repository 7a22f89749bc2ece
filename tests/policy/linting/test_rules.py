"""Rules at odds, rules without effect, referrals that reach nobody."""

from __future__ import annotations

import pytest

from gatepost.policy.lint import LintFinding, lint
from tests.policy.small import FILES, NOON, pack


def found(*rules: str, code: str = "", **changed: str) -> list[LintFinding]:
    text = FILES["rules.toml"] + "".join(
        f'\n[[rule]]\nid = "r{number}"\nclause = "usage.1"\n{rule}\n' for number, rule in enumerate(rules, start=1)
    )
    return [one for one in lint(pack(rules=text, **changed), NOON) if not code or one.code == code]


def says(*rules: str, code: str) -> list[str]:
    return [one.message for one in found(*rules, code=code)]


def test_the_small_pack_has_neither() -> None:
    assert not found(code="contradiction")
    assert not found(code="unreachable")


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ('offer = ["hello"]', "answer = false", "one offers a wording, the other forbids an answer"),
        ("withhold = true", 'offer = ["hello"]', "one offers a wording, the other withholds every wording"),
        ('moderate = "hide"', 'moderate = "remove"', "one hides, the other removes"),
    ],
)
def test_rules_at_odds(one: str, other: str, why: str) -> None:
    when = 'priority = 30\nwhen = { label = "question", private = false }\nthen = { '
    same = 'priority = 30\nwhen = { private = false, all = [{ label = "question" }] }\nthen = { '
    assert says(f"{when}{one} }}", f"{same}{other} }}", code="contradiction") == [
        f"The rules 'r1' and 'r2' hold for the same messages and are at odds: {why}"
    ]
    higher = same.replace("30", "40")
    assert not says(f"{when}{one} }}", f"{higher}{other} }}", code="contradiction")
    narrower = same.replace('"question"', '"question", urgent = true')
    assert not says(f"{when}{one} }}", f"{narrower}{other} }}", code="contradiction")
    assert not says(f"{when}{one} }}", f"{same}{one} }}", code="contradiction")


@pytest.mark.parametrize("then", ["answer = false", "withhold = true"])
def test_a_rule_at_odds_with_itself(then: str) -> None:
    rule = f'priority = 30\nwhen = {{ label = "question" }}\nthen = {{ offer = ["hello"], {then} }}'
    assert "contradicts itself" in says(rule, code="contradiction")[0]


def test_a_rule_that_can_never_hold() -> None:
    rule = 'priority = 30\nwhen = { label = "question", not = { label = "question" } }\nthen = { urgent = true }'
    assert says(rule, code="unreachable") == ["The rule 'r1' can never hold: what it asks for excludes itself"]


ABUSE = 'priority = 10\nwhen = { label = "staff_abuse", private = false }\nthen = '


@pytest.mark.parametrize("then", ['{ refer = ["guardian"] }', '{ offer = ["hello"] }', "{ answer = false }", "{ }"])
def test_a_rule_that_can_change_nothing(then: str) -> None:
    (only,) = found(ABUSE + then, code="unreachable")
    assert only.message.startswith("The rule 'r1' can change nothing: 'abuse' holds whenever it does")
    assert only.line == FILES["rules.toml"].count("\n") + 2


@pytest.mark.parametrize(
    "then",
    [
        '{ refer = ["complaints"] }', '{ moderate = "hide" }', "{ mask = true }", "{ urgent = true }",
        '{ clocks = ["soon"] }', '{ advice = ["Look after each other."] }',
    ],
)  # fmt: skip
def test_a_rule_that_adds_something_is_left_alone(then: str) -> None:
    assert not found(ABUSE + then, code="unreachable")


def test_what_can_never_be_offered() -> None:
    rule = ABUSE + '{ offer = ["hello"], urgent = true }'
    assert says(rule, code="unreachable") == [
        "What the rule 'r1' offers never is: 'abuse' holds whenever it does, and no wording may be offered then"
    ]
    wider = rule.replace("staff_abuse", "question")
    assert not says(wider, code="unreachable")


def test_several_stronger_rules_together() -> None:
    both = 'priority = 5\nwhen = { label = "thanks", all = [{ label = "staff_abuse" }] }\n'
    then = 'then = { refer = ["guardian"], clocks = ["soon"], mask = true, urgent = true, withhold = true }'
    (message,) = says(both + then, code="unreachable")
    assert message.startswith("The rule 'r1' can change nothing: 'abuse', 'thanks' hold whenever it does")


def test_referrals_that_reach_nobody() -> None:
    told = found(code="referral")
    assert [(one.file, one.message) for one in told] == [
        ("departments.toml", "What is referred to Guardian goes to the role 'guardian', which nobody holds")
    ]
    text = FILES["policy.md"].replace("Use plain English", "Repairs are passed on to the right team")
    told = [one for one in lint(pack(policy_md=text), NOON) if one.code == "referral" and one.file == "policy.md"]
    assert [one.clause for one in told] == ["usage.2"]
    refers = (
        FILES["rules.toml"]
        .replace('clause = "usage.1"\npriority = 10', 'clause = "usage.2"\npriority = 10')
        .replace('offer = ["hello"]', 'offer = ["hello"], refer = ["complaints"]')
    )
    assert not [
        one
        for one in lint(pack(policy_md=text, rules=refers), NOON)
        if one.file == "policy.md" and one.code == "referral"
    ]


def test_a_rule_that_counts_longer_than_messages_are_kept() -> None:
    counts = "priority = 40\nwhen = {{ history = {{ messages = 3, days = {} }} }}\nthen = {{ urgent = true }}"
    records = 'id = "usage.1"\nabout = "records"\nsays = { periods = [{ kind = "messages", period = "2 months" }] }'
    clauses = FILES["clauses.toml"].replace('id = "usage.1"', records, 1)
    (only,) = found(counts.format(90), counts.format(60), code="history", clauses=clauses)
    assert only.message == "The rule 'r1' counts messages of 90 days, and usage.1 keeps messages for 2 months"
    assert only.grade == "look"
    assert not found(counts.format(365), code="history")
