"""Changes of a pack's files: they do what they say, load, and leave everything else as it was written."""

from __future__ import annotations

import difflib
import tomllib
from functools import cache
from typing import Any

import pytest
from pydantic import ValidationError

from gatepost.policy.editing import CannotChange, Edited, apply, parse_change
from gatepost.policy.editing.lists import lists
from gatepost.policy.pack import Pack, load
from gatepost.shipped import pack_folder


@cache
def shipped() -> Pack:
    return load(pack_folder())


def changed(files: Any = None, **change: Any) -> Edited:
    return apply(files or shipped().files, parse_change(change))


def lines(made: Edited, name: str, before: Any = None) -> list[str]:
    """The lines of one file that differ: "-old", "+new"."""
    old = (before or shipped().files).get(name, "")
    found = difflib.unified_diff(old.splitlines(), made.files[name].splitlines(), n=0, lineterm="")
    return [line for line in found if not line.startswith(("---", "+++", "@@"))]


def touched(made: Edited) -> set[str]:
    return {name for name, text in made.files.items() if text != shipped().files.get(name)}


def test_a_wording_and_the_examples_that_quote_it() -> None:
    words = "Thank you. A member of staff will contact you by the end of tomorrow"
    made = changed(do="entry", table="wording", id="acknowledgement", fields={"text": words})
    assert made.problems == ()
    assert made.pack is not None
    assert made.pack.wordings["acknowledgement"].text == words
    assert touched(made) == {"wordings.toml", "examples.toml"}
    assert lines(made, "wordings.toml")[1:] == [f'+text = "{words}"']
    assert set(lines(made, "examples.toml")[1::2]) == {f'+text = "{words}"'}


def test_examples_stay_when_they_are_not_to_follow() -> None:
    made = changed(do="entry", table="wording", id="acknowledgement", fields={"text": "Thank you"}, follow=False)
    assert touched(made) == {"wordings.toml"}


def test_a_power_is_given_and_taken_away() -> None:
    given = changed(do="powers", private_reply="usage.5", links="utm")
    assert given.pack is not None
    checks = given.pack.checks
    assert (checks.private_reply, checks.links, checks.lines) == ("usage.5", "utm", "ask")
    assert touched(given) == {"checks.toml"}
    new = ['-links = "plain"', '+links = "utm"', '+private_reply = "usage.5"']
    assert sorted(line.partition("  #")[0] for line in lines(given, "checks.toml")) == sorted(new)
    moved = changed(given.files, do="powers", private_reply="usage.6", lines="stop")
    assert moved.pack is not None
    assert (moved.pack.checks.private_reply, moved.pack.checks.lines) == ("usage.6", "stop")
    back = changed(given.files, do="powers", private_reply="", links="plain")
    assert touched(back) == set()
    assert touched(changed(do="powers", private_reply="")) == set()
    wrong = changed(do="powers", private_reply="usage.99")
    assert [(one.file, one.key) for one in wrong.problems] == [("checks.toml", "private_reply")]


def test_a_wording_without_examples_file() -> None:
    files = {name: text for name, text in shipped().files.items() if name != "examples.toml"}
    made = changed(files, do="entry", table="wording", id="acknowledgement", fields={"text": "Thank you"})
    assert made.pack is not None
    assert made.pack.wordings["acknowledgement"].text == "Thank you"


def test_a_new_role_and_a_field_taken_out() -> None:
    fields = {"title": "Deals with the press", "holder": "Robin Sample", "deputy": "", "signs_off": True}
    made = changed(do="entry", table="role", id="press_officer", fields=fields)
    assert made.pack is not None
    assert made.pack.roles["press_officer"].signs_off is True
    assert "deputy" not in made.files["roles.toml"]
    again = changed(made.files, do="entry", table="role", id="press_officer", fields={"holder": ""})
    assert again.pack is not None
    assert again.pack.roles["press_officer"].holder == ""


def test_a_mistake_is_named_with_file_line_key_and_mend() -> None:
    made = changed(do="entry", table="wording", id="acknowledgement", fields={"clause": "usage.66"})
    assert made.pack is None
    problem = made.problems[0]
    assert (problem.file, problem.key) == ("wordings.toml", "wording.acknowledgement.clause")
    assert problem.line == 6
    assert "Did you mean" in problem.mend


def test_thresholds() -> None:
    made = changed(do="thresholds", values={"complaint": 0.4, "spam": 0.5})
    assert lines(made, "rules.toml") == ["-complaint = 0.5", "+complaint = 0.4"]
    bare = {**shipped().files, "rules.toml": shipped().files["rules.toml"].replace("[thresholds]", "[other]")}
    bare["rules.toml"] = "\n".join(
        line
        for line in bare["rules.toml"].split("\n")
        if not line.startswith(("[other]", *(made.pack or shipped()).thresholds))
    )
    made = changed(bare, do="thresholds", values={"complaint": 0.3})
    assert made.pack is not None
    assert made.pack.thresholds == {"complaint": 0.3}


def test_figures_old_and_new_and_without_the_file() -> None:
    made = changed(do="figures", values={"sentence_words": 30, "offensive": 0.6})
    assert lines(made, "checks.toml") == [
        "-sentence_words = 25",
        "+sentence_words = 30",
        "-offensive = 0.5",
        "+offensive = 0.6",
    ]
    without = shipped().files["checks.toml"].replace("emoji = 3\n", "")
    made = changed({**shipped().files, "checks.toml": without}, do="figures", values={"emoji": 2})
    assert made.pack is not None
    assert made.pack.checks.emoji == 2
    files = {name: text for name, text in shipped().files.items() if name != "checks.toml"}
    for start in ({}, {"checks.toml": "# only a remark"}):
        made = changed({**files, **start}, do="figures", values={"emoji": 1, "offensive": 0.7})
        assert made.pack is not None
        assert (made.pack.checks.emoji, made.pack.checks.offensive) == (1, 0.7)


def test_banned_words() -> None:
    rows = [
        {"word": "calm down", "instead": "we hear you"},
        {"word": "as per", "severity": "note"},
        {"word": "obviously"},
    ]
    made = changed(do="banned", rows=rows)
    assert made.pack is not None
    got = [(one.word, one.instead, one.severity) for one in made.pack.checks.banned]
    assert got == [("calm down", "we hear you", "stop"), ("as per", "", "note"), ("obviously", "", "stop")]
    files = {name: text for name, text in shipped().files.items() if name != "checks.toml"}
    made = changed(files, do="banned", rows=rows)
    assert made.pack is not None
    assert len(made.pack.checks.banned) == 3


def test_lists_of_words() -> None:
    found = {one.name: one for one in lists(shipped().files["words.toml"])}
    assert found["jargon"].pairs
    assert "utilise = use" in found["jargon"].entries
    assert {"public_numbers", "lists.staff", "cue.0"} <= set(found)
    assert "cancels it" in " ".join(one.title for one in found.values())
    numbers = [*found["public_numbers"].entries, "020 8937 9999"]
    made = changed(do="words", name="public_numbers", entries=numbers)
    assert lines(made, "words.toml")[1].endswith('"020 8937 9999"]')
    made = changed(do="words", name="lists.service", entries=["desk", "office", "new counter"])
    assert tomllib.loads(made.files["words.toml"])["lists"]["service"] == ["desk", "office", "new counter"]
    made = changed(do="words", name="cue.3", entries=["no complaints", "all is well here"])
    assert tomllib.loads(made.files["words.toml"])["cue"][3]["phrases"] == ["no complaints", "all is well here"]
    made = changed(do="words", name="jargon", entries=["utilise = use", "synergy=working together"])
    assert tomllib.loads(made.files["words.toml"])["jargon"] == {"utilise": "use", "synergy": "working together"}


def test_a_list_that_is_new_to_the_file() -> None:
    bare = {**shipped().files, "words.toml": ""}
    made = changed(bare, do="words", name="spellings", entries=["plz = please"])
    assert made.files["words.toml"].strip() == '[spellings]\nplz = "please"'


@pytest.mark.parametrize("name", ["cue.9999", "cue.x", "lists.none", "none"])
def test_a_list_there_is_not(name: str) -> None:
    with pytest.raises(CannotChange, match="no list of words"):
        changed({**shipped().files, "words.toml": ""}, do="words", name=name, entries=["x"])


@pytest.mark.parametrize("entry", ["utilise", "= use", "utilise ="])
def test_half_a_pair(entry: str) -> None:
    with pytest.raises(CannotChange, match="term = meaning") as wrong:
        changed(do="words", name="jargon", entries=[entry])
    assert wrong.value.field == "entries"


def rule(made: Edited, key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in tomllib.loads(made.files["rules.toml"])["rule"] if one["id"] == key)
    return found


def test_a_rule_keeps_what_no_form_shows() -> None:
    when = {"label": "question", "private": False, "history": {"messages": 3, "days": 10}}
    then = {"refer": ["housing"], "advice": ["Ask Housing."], "second_look": True}
    made = changed(do="rule", id="question", title="A question", clause="aims.3", priority=25, when=when, then=then)
    assert made.problems == ()
    got = rule(made, "question")
    assert got["when"]["not"] == {"any": [{"label": "spam"}, {"label": "service_request"}]}
    assert (got["when"]["private"], got["when"]["history"]) == (False, {"messages": 3, "days": 10})
    assert got["then"] == {"refer": ["housing"], "advice": ["Ask Housing."], "second_look": True}
    assert all(line[1:].startswith(("title", "priority", "when", "then")) for line in lines(made, "rules.toml"))


def test_a_rule_loses_what_its_form_leaves_empty() -> None:
    when = {"label": "offensive"}
    made = changed(do="rule", id="offensive", clause="usage.9", priority=80, when=when, then={"advice": ["Look."]})
    assert rule(made, "offensive") == {
        "id": "offensive", "clause": "usage.9", "priority": 80, "when": when, "then": {"advice": ["Look."]},
    }  # fmt: skip


def test_a_new_rule() -> None:
    then = {"offer": ["acknowledgement"], "moderate": "hide"}
    given = {"id": "by_night", "clause": "usage.5", "priority": 30, "when": {"hours": "outside"}, "then": then}
    made = changed(do="rule", **given)
    assert made.problems == ()
    assert rule(made, "by_night") == given
    text = made.files["rules.toml"]
    assert text.startswith(shipped().files["rules.toml"].rstrip("\n") + '\n\n[[rule]]\nid = "by_night"\n')
    empty = changed(do="rule", **{**given, "when": {}})
    assert empty.problems[0].key.endswith("when")


def test_the_order_of_a_rules_wordings() -> None:
    then = {"offer": ["complaint_referred", "complaint_phone"], "clocks": ["complaint_ack"]}
    made = changed(do="rule", id="complaint", clause="usage.7", priority=50, when={"label": "complaint"}, then=then)
    assert rule(made, "complaint")["then"]["offer"] == ["complaint_referred", "complaint_phone"]


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("wording", "complaint_phone"),
        ("department", "repairs"),
        ("role", "communications"),
        ("rule", "thanks"),
        ("measure", "surveys"),
        ("law", "defamation"),
        ("example", "housing_request"),
    ],
)
def test_taking_out_leaves_a_pack_that_loads(table: str, name: str) -> None:
    files = shipped().files
    names = {
        "measure": next(iter(tomllib.loads(files["measures.toml"])["measure"])),
        "law": next(iter(tomllib.loads(files["law.toml"])["law"])),
    }
    name = names.get(table, name)
    made = changed(do="take_out", table=table, id=name)
    assert made.problems == ()
    for file, text in made.files.items():
        data = tomllib.loads(text) if file.endswith(".toml") else {}
        assert name not in data.get(table, {}) or isinstance(data[table], list)
        assert not [one for one in data.get("bindings", ()) if one["by"] == f"{table}:{name}"]
        assert not [one for one in data.get("rule", ()) if name in one["then"].get("offer", [])]


def test_a_crisis_forgets_roles_and_statements_that_are_taken_out() -> None:
    made = changed(do="take_out", table="role", id="communications")
    assert made.pack is not None
    assert made.pack.crisis is not None
    assert made.pack.crisis.declares == made.pack.crisis.approvers == ("communications_officer",)
    made = changed(do="take_out", table="wording", id="crisis_first_words")
    assert made.pack is not None
    assert made.pack.crisis is not None
    assert made.pack.crisis.statements == ()


def test_a_role_and_a_department_are_forgotten_by_what_names_them() -> None:
    made = changed(do="take_out", table="role", id="staff_abuse")
    assert made.pack is not None
    assert all(one.role != "staff_abuse" for one in made.pack.departments.values())
    made = changed(do="take_out", table="department", id="complaints")
    assert made.pack is not None
    assert made.pack.wordings["complaint_referred"].refers_to == ""


def test_a_clock_that_is_needed_is_named() -> None:
    made = changed(do="take_out", table="clock", id="referral")
    assert {problem.key for problem in made.problems} >= {"department.repairs.clock"}


def test_taking_out_what_is_not_there() -> None:
    for table in ("wording", "rule"):
        with pytest.raises(CannotChange, match=f"no {table} “none”"):
            changed(do="take_out", table=table, id="none")
    files = {name: text for name, text in shipped().files.items() if name != "risks.toml"}
    with pytest.raises(CannotChange, match="no risk"):
        changed(files, do="take_out", table="risk", id="none")


def test_taking_out_everything_of_a_kind_and_beginning_anew() -> None:
    files = dict(shipped().files)
    files["examples.toml"] = "[[example]]".join(files["examples.toml"].split("[[example]]")[:20])
    for table, name in (("wording", "wordings.toml"), ("example", "examples.toml"), ("rule", "rules.toml")):
        data = tomllib.loads(files[name])[table]
        keys = [one["id"] for one in data] if isinstance(data, list) else list(data)
        made = apply(files, *(parse_change({"do": "take_out", "table": table, "id": key}) for key in keys))
        assert not [problem for problem in made.problems if problem.file == name], table
        files = dict(made.files)
    assert tomllib.loads(files["rules.toml"])["rule"] == []
    assert tomllib.loads(files["wordings.toml"])["wording"] == {}
    rule = {"id": "first", "clause": "usage.5", "priority": 1, "when": {"label": "thanks"}, "then": {"mask": True}}
    made = apply(
        files,
        parse_change({"do": "rule", **rule}),
        parse_change({"do": "example", "id": "one", "text": "Thanks", "expect": {"mask": True}}),
        parse_change(
            {"do": "entry", "table": "wording", "id": "w", "fields": {"title": "W", "text": "Hi", "clause": "usage.6"}}
        ),
    )
    assert made.problems == ()
    assert made.pack is not None
    assert [one.id for one in made.pack.rules] == ["first"]
    assert list(made.pack.wordings) == ["w"]


def test_taking_out_without_examples() -> None:
    files = {name: text for name, text in shipped().files.items() if name != "examples.toml"}
    made = changed(files, do="take_out", table="wording", id="complaint_phone")
    assert made.pack is not None


def test_a_clause() -> None:
    given = {"do": "clause", "id": "usage.7", "kind": "assisted", "about": "", "gloss": "Complaints Team, rightly."}
    made = changed(**given)
    assert made.pack is not None
    assert (made.pack.clause("usage.7").kind, made.pack.clause("usage.7").gloss) == ("assisted", given["gloss"])
    assert touched(made) == {"clauses.toml"}
    same = changed(**given, text=shipped().clause("usage.7").text)
    assert touched(same) == {"clauses.toml"}
    new = changed(**given, text="Complaints are answered:\n\n  with one of two wordings.")
    assert new.pack is not None
    assert new.pack.clause("usage.7").text == "Complaints are answered:\nwith one of two wordings."
    assert [one.id for one in new.pack.clauses] == [one.id for one in shipped().clauses]
    assert new.pack.clause("usage.8").text == shipped().clause("usage.8").text


def test_a_clause_whose_words_begin_on_the_next_line() -> None:
    document = "# P\n\n[a.1]\n  First words\n\n  more words\n[a.2] Second\n"
    first = '[[clauses]]\nid = "a.1"\nkind = "assisted"\nabout = "scope"\nsays = { }\n'
    clauses = f'{first}[[clauses]]\nid = "a.2"\nkind = "assisted"\n'
    files = {**shipped().files, "policy.md": document, "clauses.toml": clauses}
    made = changed(files, do="clause", id="a.1", kind="assisted", about="", text="Other words")
    assert made.files["policy.md"] == "# P\n\n[a.1] Other words\n[a.2] Second\n"
    assert "says" not in made.files["clauses.toml"]


@pytest.mark.parametrize("text", ["", " \n ", "Fine\n[usage.8] not fine", "Fine\n## No heading"])
def test_words_of_a_clause_that_cannot_be(text: str) -> None:
    with pytest.raises(CannotChange) as wrong:
        changed(do="clause", id="usage.7", kind="assisted", text=text)
    assert wrong.value.field == "text"


def test_a_clause_there_is_not() -> None:
    with pytest.raises(CannotChange, match="no clause"):
        changed(do="clause", id="usage.77", kind="assisted")
    made = changed({**shipped().files, "policy.md": "# Empty\n"}, do="clause", id="usage.7", kind="assisted", text="x")
    assert made.files["policy.md"] == "# Empty\n\n## Usage\n\n[usage.7] x\n"


def test_examples() -> None:
    made = changed(do="example", id="housing_request", text="Please cut the hedge", clauses=["usage.5"])
    assert lines(made, "examples.toml") == [
        '-text = "Please can someone cut the hedge by the car park?"', '+text = "Please cut the hedge"',
    ]  # fmt: skip
    expect = {"refer": ["housing"], "mask": False}
    made = changed(do="example", id="housing_request", text="Please cut the hedge", clauses=["aims.3"], expect=expect)
    assert made.pack is not None
    assert 'expect = {refer = ["housing"], mask = false}' in made.files["examples.toml"]
    made = changed(do="example", id="fresh", text="Thanks", clauses=["measures.3"], expect={"decided": ["thanks"]})
    assert made.pack is not None
    assert made.pack.examples[-1].id == "fresh"
    files = {name: text for name, text in shipped().files.items() if name != "examples.toml"}
    made = changed(files, do="example", id="fresh", text="Thanks")
    assert made.problems[0].message == "It expects nothing and could never fail"


def test_what_the_pack_says_of_itself() -> None:
    made = changed(do="about", title="Policy", version="2", organisation="Kestrel Vale Homes", short_name="KVH")
    assert len(lines(made, "pack.toml")) == 8
    assert made.pack is not None
    assert made.pack.version == "2"


def test_dotted_keys_are_changed_where_they_stand() -> None:
    odd = "rule = []\nthresholds.complaint = 0.5\n"
    files = {**shipped().files, "rules.toml": odd}
    made = changed(files, do="thresholds", values={"complaint": 0.4})
    assert "0.4" in made.files["rules.toml"]


def test_only_known_changes() -> None:
    for bad in ({"do": "burn"}, {"do": "take_out", "table": "pack", "id": "x"}, {"do": "about", "title": "x"}):
        with pytest.raises(ValidationError):
            parse_change(bad)


def test_nothing_changed_is_nothing_written() -> None:
    made = changed(do="thresholds", values={"complaint": 0.5})
    assert made.files == shipped().files
