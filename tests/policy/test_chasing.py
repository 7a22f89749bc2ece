"""When a department that has not answered is reminded, told that it is late, and escalated over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from gatepost.policy.acting import addressee
from gatepost.policy.chasing import Chasing, stage, unconfirmed
from gatepost.policy.diff import diff
from gatepost.policy.model import Department
from gatepost.policy.pack import load, load_files
from gatepost.policy.problems import PackError
from gatepost.shipped import pack_folder

SENT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DUE = SENT + timedelta(hours=48)


@pytest.mark.parametrize(
    ("hours", "found"), [(0, ""), (23, ""), (24, "reminder"), (47, "reminder"), (48, "overdue"), (72, "escalation")]
)
def test_the_stages(hours: int, found: str) -> None:
    assert stage(Chasing(), sent=SENT, answer_by=DUE, at=SENT + timedelta(hours=hours)) == found


def test_no_reminder_before_it_is_due_where_the_policy_wants_none() -> None:
    assert stage(Chasing(remind=1), sent=SENT, answer_by=DUE, at=DUE - timedelta(minutes=1)) == ""


def test_an_emergency_is_to_be_confirmed_within_minutes() -> None:
    assert not unconfirmed(Chasing(), sent=SENT, at=SENT + timedelta(minutes=14))
    assert unconfirmed(Chasing(), sent=SENT, at=SENT + timedelta(minutes=15))


def test_the_deputy_of_a_team_gets_its_letters_while_it_is_away() -> None:
    away = ((date(2026, 12, 1), date(2026, 12, 5)),)
    team = Department(
        "x", "Repairs", "r@example.org", "referral", deputy="Kit", deputy_email="k@example.org", away=away
    )
    assert addressee(team, {}, date(2026, 12, 5)).email == "k@example.org"
    assert addressee(team, {}, date(2026, 12, 6)).email == "r@example.org"


def with_department(lines: str) -> dict[str, str]:
    files = dict(load(pack_folder()).files)
    files["departments.toml"] += lines
    return files


def test_hours_deputy_and_chasing_are_read() -> None:
    pack = load_files(
        with_department(
            """
[department.night]
name = "Night desk"
email = "night@example.org"
clock = "referral"
contact = "Kit"
deputy = "Lee"
deputy_email = "lee@example.org"
away = [{ starts = 2026-12-01, ends = 2026-12-02 }]
out_of_hours_email = "line@example.org"

[department.night.hours]
saturday = ["10:00", "14:00"]
"""
        )
    )
    night = pack.department("night")
    assert night.hours is not None
    assert night.hours.week[5] == ("10:00", "14:00")
    assert night.hours.nation == pack.hours.nation
    assert night.away == ((date(2026, 12, 1), date(2026, 12, 2)),)
    assert pack.chasing == Chasing()
    assert pack.kind == "almo"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('deputy_email = "lee"', "'lee' is not an e-mail address"),
        ("away = [{ starts = 2026-12-03, ends = 2026-12-02 }]", "ends before it begins"),
        ("away = [{ starts = 2026-12-01, ends = 2026-12-02 }]", "nobody stands in"),
        ("[department.night.hours]", "Every day of the week is closed"),
        ('[department.night.hours]\nmonday = ["9", "5"]', "not two times of day"),
    ],
)
def test_what_is_wrong_with_a_department_is_said(lines: str, says: str) -> None:
    head = '\n[department.night]\nname = "Night"\nemail = "n@example.org"\nclock = "referral"\n'
    with pytest.raises(PackError, match=says):
        load_files(with_department(head + lines + "\n"))


def test_escalation_goes_to_roles_there_are() -> None:
    files = dict(load(pack_folder()).files)
    files["departments.toml"] = files["departments.toml"].replace("[chasing]", '[chasing]\nescalate_to = ["moon"]')
    with pytest.raises(PackError, match="no role 'moon'"):
        load_files(files)


def test_a_change_of_the_reminders_is_told_as_one() -> None:
    old = load(pack_folder())
    files = dict(old.files)
    files["departments.toml"] = files["departments.toml"].replace("escalate_after = 24", "escalate_after = 8")
    (change,) = diff(old, load_files(files))
    assert (change.title, change.acts) == ("how departments that do not answer are reminded", True)
    assert any("24" in detail and "8" in detail for detail in change.details)
