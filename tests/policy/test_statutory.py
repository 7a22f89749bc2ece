"""Times set by law: every row against hand-worked dates; a pack takes them by name; two versions stand side by side."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.policy.clocks import due
from gatepost.policy.lint import lint
from gatepost.policy.model import Clock, Extension, Hours
from gatepost.policy.statutes import statutes
from gatepost.policy.statutory import legal_times
from tests.policy.small import FILES, NOON, pack
from tests.policy.test_pack import errors, only

LONDON = ZoneInfo("Europe/London")
ENGLAND = Hours(week=(("09:00", "17:00"),) * 5 + (None, None))
SCOTLAND = replace(ENGLAND, nation="SCT")


def of(key: str) -> Clock:
    row = legal_times()[key]
    return Clock(
        row.id, row.name, row.amount, row.unit, row.code, row.starts,
        nation=row.nation, extension=row.extension, midnight=row.midnight,
    )  # fmt: skip


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("law", "start", "end", "longest"),
    [
        # Christmas 2026: Friday 25th; Boxing Day is a Saturday, so Monday 28th stands in for it.
        ("complaint_2024_stage1_acknowledge", "2026-12-21T12:00", "2026-12-30T17:00", ""),
        ("complaint_2024_stage1_response", "2026-12-21T12:00", "2027-01-07T17:00", "2027-01-21T17:00"),
        ("complaint_2024_stage2_acknowledge", "2026-03-30T12:00", "2026-04-08T17:00", ""),  # over Easter
        ("complaint_2024_stage2_response", "2026-03-30T12:00", "2026-04-29T17:00", "2026-05-29T17:00"),
        ("complaint_2022_stage1_acknowledge", "2023-05-05T12:00", "2023-05-15T17:00", ""),  # Coronation, Monday 8 May
        ("complaint_2022_stage1_response", "2023-05-05T12:00", "2023-05-22T17:00", "2023-06-06T17:00"),
        ("complaint_2022_stage2_response", "2026-03-30T12:00", "2026-04-29T17:00", "2026-05-14T17:00"),
        ("ombudsman_referral", "2027-02-28T12:00", "2028-02-28T17:00", ""),
        ("hazard_emergency", "2026-03-28T18:00", "2026-03-29T19:00", ""),  # the clocks go forward
        ("hazard_investigate", "2026-12-24T12:00", "2027-01-12T17:00", ""),
        ("hazard_summary", "2026-04-02T12:00", "2026-04-09T17:00", ""),
        ("hazard_make_safe", "2026-04-02T12:00", "2026-04-13T17:00", ""),
        ("hazard_works", "2026-10-07T12:00", "2026-12-30T17:00", ""),
        ("subject_access", "2027-01-31T12:00", "2027-03-01T17:00", "2027-04-30T17:00"),
        (
            "subject_access",
            "2028-01-29T12:00",
            "2028-02-29T17:00",
            "2028-05-02T17:00",
        ),  # 29 April Saturday, 1 May holiday
        ("data_protection_complaint", "2026-11-25T12:00", "2026-12-25T23:59:59", ""),
        ("data_breach", "2026-10-24T12:00", "2026-10-27T11:00", ""),  # the clocks go back
        ("information_request", "2026-12-01T12:00", "2026-12-31T17:00", ""),
        # A holiday anywhere in the kingdom is none of the twenty days: Saint Patrick's Day, the Twelfth (13 July 2026),
        # the first Monday of August, Saint Andrew's Day, 2 January (Monday 4th in 2027).
        ("information_request", "2026-03-09T12:00", "2026-04-09T17:00", ""),
        ("information_request", "2026-07-06T12:00", "2026-08-05T17:00", ""),
        ("information_request", "2026-11-23T12:00", "2026-12-22T17:00", ""),
        ("information_request_scotland", "2026-03-09T12:00", "2026-04-07T17:00", ""),
        ("environmental_request", "2026-12-01T12:00", "2026-12-31T17:00", "2027-02-01T17:00"),
        ("environmental_request_scotland", "2026-12-01T12:00", "2026-12-31T17:00", "2027-02-01T17:00"),
        ("tenant_information_request", "2027-04-01T12:00", "2027-05-01T23:59:59", ""),
        ("defamation_first_steps", "2026-12-24T18:00", "2026-12-30T18:00", ""),
        ("defamation_poster", "2026-11-23T12:00", "2026-11-28T23:59:59", ""),
        ("defamation_poster", "2026-11-19T12:00", "2026-11-24T23:59:59", ""),
        ("defamation_remove", "2026-04-02T12:00", "2026-04-08T12:00", ""),
        ("meta_message_window", "2026-11-23T12:00", "2026-11-24T12:00", "2026-11-30T12:00"),
        ("meta_private_reply", "2026-11-23T12:00", "2026-11-30T12:00", ""),
    ],
)
def test_hand_worked(law: str, start: str, end: str, longest: str) -> None:
    clock = of(law)
    assert due(clock, local(start), ENGLAND) == local(end)
    if longest:
        assert due(clock, local(start), ENGLAND, extended=True) == local(longest)
    else:
        assert clock.extension is None
        assert due(clock, local(start), ENGLAND, extended=True) == local(end)


def test_every_row_says_where_it_comes_from() -> None:
    for row in legal_times().values():
        assert row.source, row.id
        assert row.version, row.id
        assert row.seen in ("source", "second hand", "unchecked")
        assert row.successor == "" or row.successor in legal_times()
        assert row.said.startswith(row.code)


def test_the_nation_of_the_law_decides_its_holidays() -> None:
    # Good Friday and Easter Monday of 2026; in Scotland Easter Monday is a working day, for English law it is none.
    notice = of("defamation_first_steps")
    assert due(notice, local("2026-04-02T12:00"), SCOTLAND) == local("2026-04-08T12:00")
    assert due(replace(notice, nation=""), local("2026-04-02T12:00"), SCOTLAND) == local("2026-04-07T12:00")
    hours = Clock("h", "h", 8, "working_hours", "s", nation="ENG")
    assert due(hours, local("2026-04-02T09:00"), SCOTLAND) == local("2026-04-02T17:00")
    assert due(hours, local("2026-04-02T10:00"), SCOTLAND) == local("2026-04-07T10:00")


def test_time_that_stands_still_does_not_count() -> None:
    start = local("2026-06-01T12:00")
    assert due(of("subject_access"), start, ENGLAND, stopped=timedelta(days=9)) == local("2026-07-10T17:00")


STARTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.sampled_from([UTC, LONDON]))


@given(STARTS, st.sampled_from(sorted(legal_times())), st.integers(0, 60))
def test_longer_is_later(start: datetime, law: str, days: int) -> None:
    clock = of(law)
    end = due(clock, start, ENGLAND)
    assert end > start
    assert due(clock, start, ENGLAND, extended=True) >= end
    assert due(clock, start, ENGLAND, stopped=timedelta(days=days)) >= end
    more = replace(clock, extension=Extension(clock.amount))
    assert due(more, start, ENGLAND, extended=True) > due(more, start, ENGLAND)


TWO_VERSIONS = (
    FILES["clocks.toml"]
    + """
[clock.old]
law = "complaint_2022_stage2_response"

[clock.new]
name = "Ours"
law = "complaint_2024_stage2_response"
clause = "usage.7"
"""
)


def test_two_versions_of_one_code_stand_side_by_side() -> None:
    clocks = pack(clocks=TWO_VERSIONS).clocks
    old, new = clocks["old"], clocks["new"]
    assert (old.version, old.amount) == ("2022", 20)
    assert old.extension == Extension(10, "a reason and a new date, told to the resident")
    assert new.version == "2024"
    assert new.extension is not None
    assert new.extension.amount == 20
    assert (new.name, new.clause, new.law) == ("Ours", "usage.7", "complaint_2024_stage2_response")
    assert old.name == "Complaint, stage 2: final response"
    assert new.said == "Housing Ombudsman, Complaint Handling Code (2024)"
    assert clocks["ack"].said == "test"


def test_a_clock_of_ones_own_may_be_made_longer_and_stand_still() -> None:
    own = '\n[clock.own]\nname = "Own"\namount = 3\nunit = "weeks"\nsource = "us"\nstops = "at night"\nnation = "SCT"\n'
    found = pack(clocks=FILES["clocks.toml"] + own + 'extension = { amount = 1, needs = "leave" }\n').clocks["own"]
    assert (found.extension, found.stops, found.nation) == (Extension(1, "leave"), "at night", "SCT")
    assert due(found, local("2026-11-23T12:00"), ENGLAND, extended=True) == local("2026-12-21T17:00")


def test_a_version_that_has_ended_is_told() -> None:
    found = [one for one in lint(pack(clocks=TWO_VERSIONS), NOON) if one.file == "clocks.toml"]
    assert [one.code for one in found] == ["law"]
    assert "ended on 31 March 2024" in found[0].message
    assert found[0].mend == 'Write law = "complaint_2024_stage2_response".'


def test_a_law_of_another_nation_is_told() -> None:
    scottish = FILES["pack.toml"].replace("[hours]", '[hours]\nnation = "SCT"').replace("England", "Scotland")
    law = '[law.libel]\nname = "Defamation Act 2013"\nclause = "usage.1"\nacts = ["defamation_2013"]\n'
    found = lint(pack(pack=scottish, clocks=TWO_VERSIONS, law=law), NOON)
    assert sum("does not apply in Scotland" in one.message for one in found) == 3


@pytest.mark.parametrize(
    ("law", "says"),
    [
        ('acts = ["data_protection_1998"]', "The Data Protection Act 1998 is no longer in force"),
        ('acts = ["data_protection_2018"]', ""),
        ('acts = ["malicious_1988"]', ""),
        ("starts = 2001-01-01\nuntil = 2020-01-01", "Ours went out of force on 1 January 2020"),
        ('until = 2020-01-01\nsuccessor = "Theirs"', "Ours went out of force on 1 January 2020"),
        ("starts = 2001-01-01\nuntil = 2099-01-01", ""),
    ],
)
def test_the_register_is_looked_over(law: str, says: str) -> None:
    text = f'[law.ours]\nname = "Ours"\nclause = "usage.1"\n{law}\n'
    found = [one.message for one in lint(pack(law=text), NOON) if one.file == "law.toml"]
    assert found == ([says] if says else [])


def test_an_act_still_to_come_is_told() -> None:
    text = '[law.ours]\nname = "Ours"\nclause = "usage.1"\nacts = ["data_use_2025", "online_safety_2023"]\n'
    found = [one for one in lint(pack(law=text), datetime(2023, 6, 1, tzinfo=UTC)) if one.file == "law.toml"]
    assert len(found) == 2
    assert all("not yet in force" in one.message for one in found)
    assert all(one.mend == "Correct acts." for one in found)


def test_every_act_is_known_whole() -> None:
    for act in statutes().values():
        assert set(act.successors) <= set(statutes())
        assert bool(act.state) == bool(act.instead)
        assert act.in_force(date(2026, 11, 30)) in (True, False, None)


def test_clocks_that_cannot_be() -> None:
    missing = errors(clocks=FILES["clocks.toml"] + '\n[clock.bare]\nclause = "usage.1"\n')
    assert {one.key for one in missing} == {f"clock.bare.{key}" for key in ("name", "amount", "unit", "source")}
    both = only(clocks=FILES["clocks.toml"] + '\n[clock.both]\nlaw = "data_breach"\namount = 3\n')
    assert both.message == "The law 'data_breach' gives the amount already"
    unknown = only(clocks=FILES["clocks.toml"] + '\n[clock.x]\nlaw = "data_beach"\n')
    assert unknown.mend == "Did you mean 'data_breach'?"


def test_laws_that_cannot_be() -> None:
    head = '[law.ours]\nname = "Ours"\nclause = "usage.1"\n'
    assert "no Act" in only(law=head + 'acts = ["magna_carta"]\n').message
    assert "before it comes into force" in only(law=head + "starts = 2020-01-02\nuntil = 2020-01-01\n").message
