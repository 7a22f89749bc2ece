"""The usual kinds of clause as data: opposite rules both load, what a kind cannot state is said."""

from datetime import date
from pathlib import Path

import pytest

from gatepost.policy import kinds
from gatepost.policy.coverage import not_enforced
from gatepost.policy.kinds import clause_kinds, problems_of
from gatepost.policy.pack import load_files
from gatepost.policy.problems import PackError
from tests.policy import every_kind
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


def test_two_bodies_with_all_kinds_and_opposite_rules_load() -> None:
    first, second = every_kind.pack(every_kind.FIRST, whole=True), every_kind.pack(every_kind.SECOND, whole=False)
    for policy in (first, second):
        assert [one.about for one in policy.clauses if one.about] == list(clause_kinds())
    said = [{one.about: one.says for one in policy.clauses} for policy in (first, second)]
    for field in ("notice", "appeal", "reasons"):
        assert (said[0]["due_process"][field], said[1]["due_process"][field]) == (True, False)
    assert (said[0]["strikes"]["notice"], said[1]["strikes"]["notice"]) == (True, False)
    assert said[0]["elections"]["starts_on"] == date(2027, 3, 22)
    assert first.digest != second.digest


def test_a_kind_can_state_everything_it_has_a_field_for() -> None:
    policy = every_kind.pack(every_kind.FIRST, whole=True)
    for clause in policy.clauses:
        if clause.about:
            kind = clause_kinds()[clause.about]
            assert set(clause.says) == {*kind.says, *kind.rows}


def test_what_is_not_understood_is_kept_and_listed_as_not_enforced() -> None:
    policy = every_kind.pack(every_kind.SECOND, whole=False)
    told = not_enforced(policy)
    assert {one.clause for one in told if one.what} == {f"kind.{place}" for place in range(1, 37)}
    assert all(one.text.startswith("What else ") for one in told if one.what)
    whole = {one.clause for one in told if not one.what}
    binding = {one.id for one in policy.clauses if one.about and one.kind != "informative"}
    assert binding <= whole
    assert next(one for one in told if one.clause == "kind.23" and not one.what).text.startswith("Warnings and blocks")


@pytest.mark.parametrize(
    ("ladder", "said"),
    [
        ("3", "ladder must be a list of rows"),
        ("[]", "ladder must be a list of rows"),
        ('["one"]', "ladder must be a list of rows"),
        ("[ { cuont = 3 } ]", "Did you mean 'count'?"),
        ('[ { count = 3 }, { count = "three" } ]', "count in row 2 of ladder must be a whole number"),
    ],
)
def test_rows_that_cannot_be(ladder: str, said: str) -> None:
    with pytest.raises(PackError, match=r"clauses\.toml:") as error:
        load_files(with_clause(f'about = "strikes"\nsays = {{ ladder = {ladder} }}'))
    assert said in str(error.value)


def test_a_list_holds_texts() -> None:
    with pytest.raises(PackError) as error:
        load_files(with_clause('about = "approval"\nsays = { by = [ { who = "x" } ] }'))
    assert "by must be a list of texts" in str(error.value)


def test_the_table_of_kinds_itself_is_checked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = '[bad]\nnumber = 1\ngroup = "g"\ntitle = "t"\nduty = "enforced"\nsays = { x = "colour" }\n'
    (tmp_path / "kinds.toml").write_text(text, "utf-8")
    monkeypatch.setattr(kinds, "files", lambda _: tmp_path)
    with pytest.raises(ValueError, match="bad has a duty or a field that is not known"):
        clause_kinds.__wrapped__()
