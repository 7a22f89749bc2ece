"""How long records are kept, read from the clauses; what cannot be read deletes nothing and is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gatepost.policy.pack import load_files
from gatepost.policy.retention import Keeping, read_period, schedule
from tests.policy.small import files

AT = datetime(2028, 2, 29, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("2 years", (24, "months")),
        ("6 years after closure", (72, "months")),
        ("18 months from receipt.", (18, "months")),
        ("1 week", (7, "days")),
        ("30 Days", (30, "days")),
        ("0 days", None),
        ("for ever", None),
        ("6", None),
        ("6 years or 7 years", None),
        ("200 years", None),
        ("", None),
    ],
)
def test_periods(said: str, read: tuple[int, str] | None) -> None:
    assert read_period(said) == read


def test_where_a_period_begins() -> None:
    assert Keeping("messages", 12, "months", "", "").before(AT) == datetime(2027, 2, 28, 12, 0, tzinfo=UTC)
    assert Keeping("messages", 1, "months", "", "").before(AT) == datetime(2028, 1, 29, 12, 0, tzinfo=UTC)
    assert Keeping("messages", 30, "days", "", "").before(AT) == datetime(2028, 1, 30, 12, 0, tzinfo=UTC)


def test_titles() -> None:
    assert Keeping("evidence", 1, "days", "", "").title.startswith("Evidence")
    assert Keeping("staff_abuse", 1, "days", "", "").title == "Messages read as staff abuse"
    assert Keeping("sar_request", 1, "days", "", "").title == "Messages read as requests for one's own data"


def stating(*periods: tuple[str, str], also: str = "") -> dict[str, str]:
    given = files()
    rows = "".join(f'\n[[clauses.says.periods]]\nkind = "{kind}"\nperiod = "{period}"\n' for kind, period in periods)
    text = given["clauses.toml"]
    first = text.index("[[clauses]]")
    end = text.find("\n[[", first + 5)
    end = len(text) if end < 0 else end
    head = text[:end].rstrip()
    return {**given, "clauses.toml": f'{head}\nabout = "records"\n{also}{rows}{text[end:]}'}


def test_the_schedule_of_a_pack() -> None:
    pack = load_files(
        stating(("Messages", "1 year"), ("messages", "2 years"), ("spam", "3 weeks"), ("gossip", "1 day"))
    )
    plan = schedule(pack)
    assert [(one.kind, one.amount, one.unit) for one in plan.keeping] == [
        ("messages", 24, "months"),
        ("spam", 21, "days"),
    ]
    assert [one.text for one in plan.not_read] == ["gossip: 1 day"]
    assert plan.of("spam") is not None
    assert plan.of("evidence") is None
    shorter = schedule(load_files(stating(("messages", "2 years"), ("messages", "30 days"))))
    assert [one.said for one in shorter.keeping] == ["2 years"]


def test_a_period_that_cannot_be_read_is_named() -> None:
    plan = schedule(load_files(stating(("messages", "as long as needed"))))
    assert plan.keeping == ()
    assert "no period" in plan.not_read[0].why


def test_other_periods_have_another_digest() -> None:
    one, other = (schedule(load_files(stating(("messages", said)))) for said in ("2 years", "3 years"))
    again = schedule(load_files(stating(("messages", "24 months"))))
    assert one.digest != other.digest
    assert one.digest == again.digest
    assert schedule(load_files(files())).keeping == ()


def test_what_is_no_row_of_a_table_is_passed_over() -> None:
    pack = load_files(stating(("spam", "3 weeks")))
    told = {one.id: replace(one, says={"periods": ["2 years"]}) for one in pack.clauses if one.about == "records"}
    clauses = tuple(told.get(one.id, one) for one in pack.clauses)
    assert schedule(replace(pack, clauses=clauses)).keeping == ()


def test_a_label_is_told_from_a_kind_of_record() -> None:
    assert Keeping("spam", 1, "days", "", "").is_label
    assert not Keeping("evidence", 1, "days", "", "").is_label
