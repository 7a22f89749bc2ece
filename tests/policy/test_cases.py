"""Complaints, hazards and requests for information: what runs, from when, until when, and which rules bind us."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from gatepost.policy.cases import case_kinds, clock_of, clocks_of, open_steps, regime
from gatepost.policy.model import Hours
from gatepost.policy.pack import Pack, load
from gatepost.policy.statutory import legal_times
from gatepost.shipped import pack_folder

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load(pack_folder())


def of(pack: Pack, kind: str, nation: str = "ENG") -> Pack:
    return replace(pack, kind=kind, hours=Hours(pack.hours.week, nation=nation))


def day_of(moment: datetime) -> date:
    return moment.date()


def test_every_step_names_clocks_that_there_are_and_meets_what_was_begun() -> None:
    for kind in case_kinds().values():
        begun = {*kind.begins, *(law for step in kind.steps for law in step.begins)}
        met = [law for step in kind.steps for law in step.meets]
        assert begun <= set(legal_times())
        assert sorted(met) == sorted(begun)  # each is met once
        known = {step.id for step in kind.steps}
        assert all(set(step.after) <= known - {step.id} for step in kind.steps)


def test_a_complaint_runs_5_and_10_then_5_and_20_working_days(pack: Pack) -> None:
    kind = case_kinds()["complaint"]
    (first,) = clocks_of(kind, pack, received=MONDAY, done={})
    assert day_of(first.due) == date(2026, 11, 30)
    assert (first.met_at, first.extension, first.late) == (None, None, False)
    done = {"acknowledged": MONDAY + timedelta(days=2)}
    acknowledged, answer = clocks_of(kind, pack, received=MONDAY, done=done)
    assert acknowledged.met_at == done["acknowledged"]
    assert day_of(answer.due) == date(2026, 12, 9)
    assert answer.extension is not None
    assert "Ombudsman" in answer.extension.needs
    longer = clocks_of(kind, pack, received=MONDAY, done=done, extended={answer.law})[1]
    assert longer.extended
    assert longer.extension is None
    assert day_of(longer.due) == date(2026, 12, 23)
    done |= {"responded": datetime(2026, 12, 8, 12, tzinfo=UTC), "escalated": datetime(2026, 12, 14, 12, tzinfo=UTC)}
    assert day_of(clocks_of(kind, pack, received=MONDAY, done=done)[2].due) == date(2026, 12, 21)
    done |= {"acknowledged_2": datetime(2026, 12, 21, 9, tzinfo=UTC)}
    # Christmas Day, the substitute of Boxing Day on Monday 28 December, and New Year's Day do not count.
    assert day_of(clocks_of(kind, pack, received=MONDAY, done=done)[3].due) == date(2027, 1, 21)


def test_what_is_met_late_says_so(pack: Pack) -> None:
    done = {"acknowledged": MONDAY + timedelta(days=30)}
    assert clocks_of(case_kinds()["complaint"], pack, received=MONDAY, done=done)[0].late


def test_steps_come_in_their_order() -> None:
    kind = case_kinds()["complaint"]
    assert [one.id for one in open_steps(kind, set())] == ["acknowledged"]
    assert [one.id for one in open_steps(kind, {"acknowledged"})] == ["responded"]
    assert [one.id for one in open_steps(case_kinds()["hazard_emergency"], set())] == ["investigated", "made_safe"]
    assert kind.step("responded_2").ends  # type: ignore[union-attr]  # it is there
    assert kind.step("moon") is None


def test_an_emergency_has_24_hours_at_any_hour_and_the_rest_counts_from_the_investigation(pack: Pack) -> None:
    saturday = datetime(2026, 11, 28, 23, 30, tzinfo=UTC)
    kind = case_kinds()["hazard_emergency"]
    assert clocks_of(kind, pack, received=saturday, done={})[0].due == saturday + timedelta(hours=24)
    done = {"investigated": saturday + timedelta(hours=9)}
    _, summary, works = clocks_of(kind, pack, received=saturday, done=done)
    assert day_of(summary.due) == date(2026, 12, 2)
    assert day_of(works.due) == date(2027, 2, 21)
    significant = case_kinds()["hazard_significant"]
    assert [one.law for one in clocks_of(significant, pack, received=saturday, done=done)] == [
        "hazard_investigate",
        "hazard_summary",
        "hazard_make_safe",
        "hazard_works",
    ]


def test_a_request_stands_still_while_identity_is_awaited_and_may_be_extended(pack: Pack) -> None:
    kind = case_kinds()["subject_access"]
    (plain,) = clocks_of(kind, pack, received=MONDAY, done={})
    (stood,) = clocks_of(kind, pack, received=MONDAY, done={}, stopped=timedelta(days=10))
    assert plain.may_stop
    assert day_of(plain.due) == date(2026, 12, 23)
    assert day_of(stood.due) == date(2027, 1, 4)  # the 3rd is a Sunday
    foi = case_kinds()["foi"]
    (asked,) = clocks_of(foi, pack, received=MONDAY, done={}, stopped=timedelta(days=10))
    assert not asked.may_stop
    assert day_of(asked.due) == date(2026, 12, 22)  # Saint Andrew's Day counts as a holiday for it, also in England


def test_a_law_that_does_not_apply_there_runs_no_clock(pack: Pack) -> None:
    scottish = of(pack, "social_landlord", "SCT")
    assert clock_of("complaint_2024_stage1_acknowledge", scottish) is None
    assert clocks_of(case_kinds()["complaint"], scottish, received=MONDAY, done={}) == ()
    assert clock_of("environmental_request", pack).said.startswith("Environmental")  # type: ignore[union-attr]  # there


def test_a_request_in_scotland_runs_by_the_law_and_the_holidays_of_scotland(pack: Pack) -> None:
    kinds, easter = case_kinds(), datetime(2026, 3, 30, 12, tzinfo=UTC)
    for kind in ("foi", "eir"):
        (english,) = clocks_of(kinds[kind], pack, received=easter, done={})
        scottish = of(pack, "social_landlord", "SCT")
        (asked,) = clocks_of(kinds[kind], scottish, received=easter, done={"answered": easter})
        assert asked.law == f"{english.law}_scotland"
        assert asked.met_at == easter
        assert (day_of(asked.due), day_of(english.due)) == (date(2026, 4, 28), date(2026, 4, 29))  # Easter Monday


@pytest.mark.parametrize(
    ("kind", "nation", "day", "environmental", "found"),
    [
        ("council", "ENG", date(2026, 11, 23), False, "foi"),
        ("almo", "ENG", date(2026, 11, 23), True, "eir"),
        ("social_landlord", "SCT", date(2026, 11, 23), False, "foi"),
        ("social_landlord", "ENG", date(2027, 3, 31), False, ""),
        ("social_landlord", "ENG", date(2027, 4, 1), False, "stairs"),
        ("social_landlord", "WLS", date(2027, 4, 1), False, ""),
        ("charity", "ENG", date(2026, 11, 23), False, ""),
        ("", "ENG", date(2026, 11, 23), False, ""),
    ],
)
def test_which_rules_bind_follows_from_the_kind_of_organisation(
    pack: Pack, kind: str, nation: str, day: date, environmental: bool, found: str
) -> None:
    answer = regime(of(pack, kind, nation), day, environmental=environmental)
    assert answer.kind == found
    assert answer.why.endswith(".")


def test_a_pack_without_a_kind_is_told_how_to_mend_it(pack: Pack) -> None:
    assert "pack.toml" in regime(of(pack, ""), date(2026, 11, 23)).why
    assert "(Scotland)" in regime(of(pack, "council", "SCT"), date(2026, 11, 23), environmental=True).why
    assert "1 April 2027" in regime(of(pack, "social_landlord"), date(2026, 11, 23)).why
