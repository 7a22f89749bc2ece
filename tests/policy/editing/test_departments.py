"""Departments' own hours, and days of absence, in the files of a pack."""

from __future__ import annotations

from datetime import date

import pytest

from tests.policy.editing.test_apply import changed, shipped

DEPUTY = {"deputy": "Priya Nair", "deputy_email": "priya.nair@example.org"}
AWAY = [{"starts": "2026-12-21", "ends": "2027-01-03"}]


@pytest.mark.parametrize("written", ["", "\n[department.housing.hours]\nmonday = ['08:00', '12:00'] # mornings\n"])
def test_a_department_is_away_and_has_hours_of_its_own(written: str) -> None:
    files = dict(shipped().files)
    place = files["departments.toml"].index("[department.", files["departments.toml"].index("[department.housing]") + 5)
    text = files["departments.toml"]
    files["departments.toml"] = f"{text[:place]}{written}\n{text[place:]}"
    week = {"monday": ("08:00", "13:00"), "friday": ("10:00", "12:00")}
    made = changed(files, do="entry", table="department", id="housing", fields=DEPUTY, away=AWAY, hours=week)
    assert made.pack is not None, made.problems
    housing = made.pack.departments["housing"]
    assert housing.away == ((date(2026, 12, 21), date(2027, 1, 3)),)
    assert housing.hours is not None
    assert housing.hours.week == (("08:00", "13:00"), None, None, None, ("10:00", "12:00"), None, None)
    assert ("# mornings" in made.files["departments.toml"]) is bool(written), "remarks stay"
    left = changed(made.files, do="entry", table="department", id="housing", fields={})
    assert left.files == made.files, "what is not asked for stays"
    back = changed(made.files, do="entry", table="department", id="housing", fields={}, away=[], hours={})
    assert back.pack is not None
    assert (back.pack.departments["housing"].away, back.pack.departments["housing"].hours) == ((), None)


def test_a_new_department_with_hours_and_a_role_that_is_away() -> None:
    given = {"name": "Estates", "email": "estates@example.org", "clock": "referral", **DEPUTY}
    week = {"monday": ("08:00", "13:00")}
    made = changed(do="entry", table="department", id="estates", fields=given, away=AWAY, hours=week)
    assert made.pack is not None, made.problems
    assert made.pack.departments["estates"].hours is not None
    assert made.pack.departments["estates"].away
    role = next(iter(shipped().roles))
    made = changed(do="entry", table="role", id=role, fields=DEPUTY, away=AWAY)
    assert made.pack is not None
    assert made.pack.roles[role].away == ((date(2026, 12, 21), date(2027, 1, 3)),)
