"""The usual kinds of clause as data: opposite rules both load, what a kind cannot state is said."""

import pytest

from gatepost.policy.kinds import clause_kinds, problems_of
from gatepost.policy.pack import load_files
from gatepost.policy.problems import PackError
from tests.policy.small import FILES


def with_clause(extra: str) -> dict[str, str]:
    text = FILES["clauses.toml"].replace('id = "usage.9"\n', f'id = "usage.9"\n{extra}\n')
    return FILES | {"clauses.toml": text}


def test_there_are_thirty_six_in_order() -> None:
    assert [kind.number for kind in clause_kinds().values()] == list(range(1, 37))


@pytest.mark.parametrize("notice", [True, False])
def test_two_opposite_rules_both_load(notice: bool) -> None:
    says = f'about = "due_process"\nsays = {{ notice = {str(notice).lower()} }}'
    clause = load_files(with_clause(says)).clause("usage.9")
    assert clause.about == "due_process"
    assert clause.says == {"notice": notice}


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ('about = "due_proces"', "Did you mean 'due_process'?"),
        ('about = "due_process"\nsays = { notise = true }', "Did you mean 'notice'?"),
        ('about = "due_process"\nsays = { notice = "yes" }', "notice must be true or false"),
        ('about = "strikes"\nsays = { count = true }', "count must be a whole number"),
        ("says = { notice = true }", "does not say of what kind"),
    ],
)
def test_what_it_cannot_state_is_said(extra: str, said: str) -> None:
    with pytest.raises(PackError, match=r"clauses\.toml:") as error:
        load_files(with_clause(extra))
    assert said in str(error.value)


def test_nothing_said_is_nothing_wrong() -> None:
    assert list(problems_of("", {})) == []
    assert list(problems_of("hours", {"opens": "09:00"})) == []
