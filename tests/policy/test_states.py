"""periods.toml agrees with the rest of the pack, or says where it does not; a crisis is what the pack makes of it."""

from datetime import UTC, date, datetime

import pytest

from gatepost.policy.decide import decide
from gatepost.policy.model import Inbound
from tests.policy.small import FILES, pack, reading
from tests.policy.test_pack import errors, only

PERIOD = """
[[period]]
id = "vote"
title = "Before the vote"
clause = "usage.1"
starts = 2027-03-22
ends = 2027-05-06
"""
CRISIS = '\n[crisis]\nclause = "usage.2"\ndeclares = ["officer"]\napprovers = ["guardian"]\nstatements = ["hello"]\n'
KIND = '\n[[post_kinds]]\nid = "news"\ntitle = "News"\n'


def test_what_is_right_is_taken() -> None:
    made = pack(periods=PERIOD + CRISIS)
    assert [(one.id, one.starts, one.ends) for one in made.periods] == [("vote", date(2027, 3, 22), date(2027, 5, 6))]
    assert made.lines["periods.toml", "vote"] == 2
    assert made.crisis is not None
    assert (made.crisis.declares, made.crisis.approvers, made.crisis.statements) == (
        ("officer",),
        ("guardian",),
        ("hello",),
    )
    assert pack().crisis is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (PERIOD + PERIOD, "Two periods are called 'vote'"),
        (PERIOD.replace("2027-05-06", "2027-03-01"), "The period ends on 1 March 2027, before it begins"),
        (PERIOD.replace("usage.1", "usage.9999"), "There is no clause 'usage.9999'"),
        (PERIOD + 'frozen = ["news"]\n', "There is no kind of post 'news'"),
        (PERIOD + "banned = [ { pattern = '(', why = \"x\" } ]\n", "This pattern cannot be read"),
        (PERIOD.replace("2027-05-06", '"2027-05-06"'), "This must be a date"),
        (CRISIS.replace("usage.2", "usage.22"), "There is no clause 'usage.22'"),
        (CRISIS.replace('"officer"', '"offiser"'), "There is no role 'offiser'"),
        (CRISIS.replace('"guardian"', '"gardian"'), "There is no role 'gardian'"),
        (CRISIS.replace('"hello"', '"helo"'), "There is no wording 'helo'"),
    ],
)
def test_what_is_wrong_is_said(text: str, says: str) -> None:
    found = errors(periods=text)
    assert any(says in one.message for one in found), [str(one) for one in found]
    assert all(one.file == "periods.toml" for one in found)


def test_a_kind_is_not_frozen_and_allowed() -> None:
    text = PERIOD + 'frozen = ["news"]\nallowed = ["news"]\n'
    assert only(periods=text, pack=FILES["pack.toml"] + KIND).message == "'news' is frozen and allowed"


def test_a_rule_names_a_period_there_is() -> None:
    head = '\n[[rule]]\nid = "r"\nclause = "usage.1"\npriority = 1\n'
    rule = f'{head}when = {{ period = ["vote"] }}\nthen = {{ urgent = true }}\n'
    assert "There is no period 'vote'" in only(rules=FILES["rules.toml"] + rule).message
    made = pack(rules=FILES["rules.toml"] + rule, periods=PERIOD)
    for at, urgent in ((datetime(2027, 4, 1, tzinfo=UTC), True), (datetime(2027, 6, 1, tzinfo=UTC), False)):
        assert decide(Inbound("1", "x"), made, at, reading()).urgent is urgent


def test_an_absence_ends_after_it_begins() -> None:
    away = 'title = "Guardian"\naway = [ { starts = 2027-01-02, ends = 2027-01-01 } ]'
    roles = FILES["roles.toml"].replace('title = "Guardian"', away)
    assert only(roles=roles).message == "The absence ends before it begins"


def test_an_example_names_a_kind_of_post_there_is() -> None:
    given = 'draft = true\ngiven = { post_kind = "news" }\nexpect = { may_leave = true }\n'
    example = f'[[example]]\nid = "e"\ntext = "x"\n{given}'
    assert "There is no kind of post 'news'" in only(examples=example).message
