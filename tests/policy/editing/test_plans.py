"""Working hours, calendar, chains and conditions within conditions, changed in the files of a pack."""

from __future__ import annotations

from typing import Any

from tests.policy.editing.test_apply import changed, lines, shipped, touched

WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), ("09:00", "17:00"))


def chain(files: Any = None, **given: Any) -> Any:
    steps = given.pop("steps", [{"title": "Officer"}])
    return changed(files, do="chain", **{"id": "one", "title": "One", "clause": "usage.1", "steps": steps, **given})


def test_hours() -> None:
    same = changed(do="hours", timezone="Europe/London", nation="ENG", week=WEEK)
    assert touched(same) == set()
    made = changed(do="hours", timezone="Europe/London", nation="ENG", week=WEEK | {"sunday": ("10:00", "12:00")})
    assert lines(made, "pack.toml") == ['+sunday = ["10:00", "12:00"]']
    wrong = changed(do="hours", timezone="Europe/London", nation="ENG", week={"monday": ("17:00", "09:00")})
    assert wrong.problems[0].file == "pack.toml"


def test_a_calendar_without_a_file_and_without_anything() -> None:
    files = {name: text for name, text in shipped().files.items() if name != "calendar.toml"}
    day = {"on": "second sunday of november", "title": "Remembrance", "source": "own"}
    made = changed(files, do="calendar", cadence=[{"network": "x", "at_least": 2}], days=[day])
    assert made.pack is not None
    assert [(one.network, one.at_least, one.at_most) for one in made.pack.cadence] == [("x", 2, 0)]
    assert len(made.pack.days) == 1
    none = changed(made.files, do="calendar", cadence=[], days=[])
    assert none.pack is not None
    assert (none.pack.cadence, none.pack.days) == ((), ())


def test_a_chain_is_made_changed_and_taken_out() -> None:
    role = next(iter(shipped().roles))
    made = chain(kinds=["publish"], steps=[{"title": "Editor", "roles": [role], "count": 2}, {"title": "Second"}])
    assert made.problems == ()
    assert touched(made) == {"approvals.toml"}
    more = chain(made.files, id="first", title="First", hours="outside", before="one")
    assert more.pack is not None
    assert [one.id for one in more.pack.chains] == ["first", "one"]
    last = chain(made.files, id="last", title="Last")
    assert last.pack is not None
    assert [one.id for one in last.pack.chains] == ["one", "last"]
    same = chain(
        made.files, kinds=["publish"], steps=[{"title": "Editor", "roles": [role], "count": 2}, {"title": "Second"}]
    )
    assert same.files == made.files
    less = chain(made.files, kinds=[], crisis=True, standing=False, steps=[{"title": "Editor"}])
    assert less.pack is not None
    assert (less.pack.chains[0].kinds, less.pack.chains[0].crisis, less.pack.chains[0].standing) == ((), True, False)
    gone = changed(made.files, do="take_out", table="chain", id="one")
    assert gone.pack is not None
    assert gone.pack.chains == ()
    again = chain(gone.files)
    assert again.pack is not None


def test_waiting() -> None:
    assert touched(changed(do="waiting", values={})) == set()
    made = changed(do="waiting", values={"remind_before": 60})
    assert lines(made, "approvals.toml") == ["+[waiting]", "+remind_before = 60"]
    role = next(iter(shipped().roles))
    more = changed(made.files, do="waiting", values={}, escalate_to=[role])
    assert more.pack is not None
    assert (more.pack.waiting.remind_before, more.pack.waiting.escalate_to) == (60, (role,))


def test_conditions_within_a_condition() -> None:
    rule = next(one for one in shipped().rules if one.id == "hazard_damp")

    def nested(**given: Any) -> Any:
        when = {"topic": ["damp_mould"], "nested": given} if given else {"topic": ["damp_mould"]}
        made = changed(do="rule", id=rule.id, clause=rule.clause, priority=rule.priority, when=when, then={})
        assert made.pack is not None
        return next(one for one in made.pack.rules if one.id == rule.id).when

    assert len(nested().any_of) == 2, "what is not said stays"
    one = nested(any=[{"label": "spam", "topic": ["lifts"]}], none=[{"private": True}])
    assert (one.any_of[0].label, one.any_of[0].topic, one.negated.private) == ("spam", ["lifts"], True)
    two = nested(any=[], none=[{"private": True}, {"urgent": True}])
    assert (two.any_of, len(two.negated.any_of)) == (None, 2)
    none = nested(any=[], none=[])
    assert (none.any_of, none.negated) == (None, None)
    made = changed(
        do="rule",
        id="fresh",
        clause=rule.clause,
        priority=3,
        when={"label": "spam", "nested": {"any": [{"private": True}], "none": []}},
        then={"urgent": True},
    )
    assert made.pack is not None


def test_a_measure_where_there_was_no_file() -> None:
    files = {name: text for name, text in shipped().files.items() if name != "measures.toml"}
    fields = {"title": "Answers in time", "clause": "measures.1", "threshold": 0.9}
    made = changed(files, do="entry", table="measure", id="in_time", fields=fields)
    assert "[measure.in_time]" in made.files["measures.toml"]
    assert {problem.file for problem in made.problems} <= {"clauses.toml"}, "what named the others is told"


def test_a_calendar_keeps_what_stays_and_drops_what_does_not() -> None:
    made = changed(do="calendar", cadence=[{"network": "facebook", "at_least": 5, "at_most": 21}], days=[])
    assert made.pack is not None
    assert [(one.network, one.at_least, one.at_most, one.clause) for one in made.pack.cadence] == [
        ("facebook", 5, 21, "aims.3")
    ]
