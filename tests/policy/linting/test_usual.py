"""What most policies say and one lacks is told, with words to begin with; what it does say is not."""

from pathlib import Path

import pytest

from gatepost.policy.kinds import clause_kinds
from gatepost.policy.lint import lint
from gatepost.policy.linting.usual import lacking, usual
from gatepost.policy.pack import load
from tests.policy.small import FILES, NOON, pack

BHP = Path(__file__).parents[3] / "packs" / "bhp"


def ids(text: str) -> set[str]:
    document = FILES["policy.md"].replace("Be official", text).replace("Complaints get", "Some get")
    return {one.id for one in lacking(pack(policy_md=document))}


def test_each_names_kinds_that_there_are_and_says_what_to_do() -> None:
    assert len(usual()) >= 15
    for one in usual():
        assert set(one.kinds) <= set(clause_kinds()), one.id
        assert one.suggestion.endswith(".")
        assert one.why[0].islower()


@pytest.mark.parametrize("one", usual(), ids=lambda one: one.id)
def test_the_suggestion_settles_it_and_nothing_else_does(one) -> None:  # type: ignore[no-untyped-def]  # a Usual
    assert one.id in ids("Be kind")
    assert one.id not in ids(one.suggestion), "adding the words suggested must end the finding"


def test_a_clause_that_says_what_it_is_settles_it() -> None:
    clauses = FILES["clauses.toml"].replace('id = "usage.1"\n', 'id = "usage.1"\nabout = "hours"\n')
    assert "hours" in {one.id for one in lacking(pack())}
    assert "hours" not in {one.id for one in lacking(pack(clauses=clauses))}


def test_words_over_the_end_of_a_line_count() -> None:
    assert "hours" not in ids("We keep office\n  hours")


def test_what_the_shipped_policy_lacks() -> None:
    bhp = load(BHP)
    found = {one.id for one in lacking(bhp)}
    assert {"self_harm", "hours", "elections", "appeal"} <= found
    assert not found & {"house_rules", "complaints", "staff_abuse", "sign_off", "personal_data", "staff_conduct"}
    told = [one for one in lint(bhp, NOON) if one.code == "missing"]
    assert {one.grade for one in told} == {"look"}
    assert str(told[0]).startswith("policy.md: Most policies have a clause on people in danger")
