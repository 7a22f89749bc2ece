"""What loads and would never do anything is said, and figures out of bounds are told with the bound."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import Field

from gatepost.policy.lint import lint
from gatepost.policy.problems import Problem
from gatepost.policy.shape import Strict
from gatepost.policy.source import Source
from gatepost.policy.validate import validate
from tests.policy.small import FILES, NOON, pack
from tests.policy.test_pack import only, swap

RULE = """
[[rule]]
id = "more"
clause = "usage.1"
priority = 1
when = {{ {when} }}
then = {{ {then} }}
"""


def rules(when: str, then: str = "urgent = true") -> str:
    return FILES["rules.toml"] + RULE.format(when=when, then=then)


@pytest.mark.parametrize("when", ['language = ["english"]', 'not = { language = ["en", "english"] }'])
def test_a_language_no_reader_tells(when: str) -> None:
    problem = only(rules=rules(when))
    assert problem.line == FILES["rules.toml"].count("\n") + 6
    assert "'english'" in problem.message
    assert "cy" in problem.mend
    assert pack(rules=rules('language = ["cy", "und"]')).rules[-1].id == "more"


@pytest.mark.parametrize("field", ["email", "deputy_email"])
def test_an_address_of_a_role_that_is_none(field: str) -> None:
    problem = only(roles=swap("roles.toml", 'title = "Guardian"', f'title = "Guardian"\n{field} = "guardian"'))
    assert problem.key == f"role.guardian.{field}"
    assert "'guardian' is not an e-mail address" in problem.message


@pytest.mark.parametrize(
    ("when", "says", "mend"),
    [
        ("history = { messages = 101 }", "101 is too much", "Use 100 or less."),
        ("history = { messages = 1 }", "1 is too little", "Use 2 or more."),
        ("all = []", "This list is too short", "Name at least 1."),
    ],
)
def test_a_figure_out_of_bounds(when: str, says: str, mend: str) -> None:
    problem = only(rules=rules(when))
    assert (problem.message, problem.mend) == (says, mend)


def test_a_list_that_is_too_long() -> None:
    days = ", ".join(['"09:00"'] * 3)
    problem = only(pack=swap("pack.toml", 'friday = ["09:00", "16:00"]', f"friday = [{days}]"))
    assert (problem.message, problem.mend) == ("This list is too long", "Name at most 2.")


class Even(Strict):
    amount: Annotated[int, Field(multiple_of=2)]


def test_what_else_a_shape_may_refuse() -> None:
    problems: list[Problem] = []
    validate(Source("own.toml", "amount = 3\n"), Even, problems, set())
    (problem,) = problems
    assert (problem.line, problem.key, problem.mend) == (1, "amount", "Change the value.")
    assert "multiple of 2" in problem.message


def test_a_pattern_is_blamed_in_words() -> None:
    problem = only(checks="[[allegation]]\npattern = '(?=x)'\nwhy = 'x'\n")
    assert problem.message == "This pattern cannot be read: invalid perl operator: (?="


def told(when: str, then: str = "urgent = true") -> list[tuple[str, str, str]]:
    found = lint(pack(rules=rules(when, then)), NOON)
    return [(one.code, one.message, one.mend) for one in found if "'more'" in one.message]


@pytest.mark.parametrize(
    ("name", "meant"), [("facebok", "facebook"), ("Twitter", "x"), ("email", "mailbox"), ("Instagramm", "instagram")]
)
def test_a_network_by_a_name_under_which_nothing_comes(name: str, meant: str) -> None:
    ((code, message, mend),) = told(f'any = [ {{ network = ["{name}"] }}, {{ label = "spam" }} ]')
    assert (code, mend) == ("network", f"Write {meant!r}.")
    assert repr(name) in message


@pytest.mark.parametrize("name", ["Facebook", "x", "our_own_forum"])
def test_a_network_that_may_be(name: str) -> None:
    assert told(f'network = ["{name}"]') == []


def test_a_rule_that_does_nothing() -> None:
    ((code, message, _),) = told('label = "spam"', "")
    assert (code, message) == ("unreachable", "The rule 'more' does nothing but cite usage.1")
