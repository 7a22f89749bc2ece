"""Clauses are put in where they belong and taken out with what named them; what practises them is written down."""

from __future__ import annotations

from typing import Any

import pytest

from gatepost.policy.coverage import coverage
from gatepost.policy.editing import CannotChange, Edited, apply, parse_change
from gatepost.policy.linting.usual import Usual, lacking, usual
from gatepost.policy.pack import Pack
from tests.policy.small import FILES, pack

SMALL = pack()


def made(*changes: dict[str, Any], files: Any = None) -> Edited:
    return apply(files or SMALL.files, *map(parse_change, changes))


def loaded(*changes: dict[str, Any], files: Any = None) -> Pack:
    done = made(*changes, files=files)
    assert done.pack is not None, done.problems
    return done.pack


def bound(of: Pack, clause: str) -> tuple[str, ...]:
    return next(row.by for row in coverage(of) if row.clause == clause)


NEW = {"do": "clause", "kind": "assisted"}


def test_another_clause_of_a_sort_comes_after_the_last_in_its_manner() -> None:
    done = loaded({**NEW, "id": "usage.10", "text": "Say less.\nMuch less.", "gloss": "G"})
    assert "- [usage.9] Offence may be removed\n- [usage.10] Say less.\n  Much less.\n" in done.files["policy.md"]
    assert (done.clause("usage.10").text, done.clause("usage.10").gloss) == ("Say less.\nMuch less.", "G")
    assert [row.status for row in coverage(done)][-1] == "none"


def test_in_a_document_without_dashes_it_is_a_paragraph() -> None:
    document = "# P\n\n[usage.1] One\n\n[usage.2] Two\n[usage.7] a\n[usage.8] b\n[usage.9] c\n\nThe end.\n"
    done = loaded({**NEW, "id": "usage.10", "text": "New"}, files={**SMALL.files, "policy.md": document})
    assert done.files["policy.md"].endswith("[usage.9] c\n\n[usage.10] New\n\nThe end.\n")


@pytest.mark.parametrize(("under", "title"), [(" Of  pictures ", "Of pictures"), ("", "Pictures")])
def test_the_first_of_a_sort_begins_a_section(under: str, title: str) -> None:
    done = loaded({**NEW, "id": "pictures.1", "text": "Ask first", "about": "consent", "under": under})
    assert done.files["policy.md"].endswith(f"\n\n## {title}\n\n[pictures.1] Ask first\n")
    assert (done.clause("pictures.1").heading, done.clause("pictures.1").about) == (title, "consent")


@pytest.mark.parametrize("one", usual(), ids=lambda one: one.id)
def test_what_is_suggested_is_put_in_and_is_lacking_no_more(one: Usual) -> None:
    done = loaded({"do": "take_up", "suggestion": one.id})
    new = done.clause(f"{one.id}.1")
    assert (new.text, new.heading) == (one.suggestion, one.section)
    assert one.id not in {other.id for other in lacking(done)}
    again = loaded({"do": "take_up", "suggestion": one.id}, files=done.files)
    assert again.clause(f"{one.id}.2").text == one.suggestion


def test_a_suggestion_there_is_not_is_told_with_those_there_are() -> None:
    with pytest.raises(CannotChange, match=r"no suggestion “hurs”.*hours"):
        made({"do": "take_up", "suggestion": "hurs"})


def test_a_clause_goes_with_what_put_it_into_practice() -> None:
    done = loaded({"do": "take_out", "table": "clause", "id": "usage.2"})
    assert "usage.2" not in done.files["policy.md"] + done.files["clauses.toml"]
    paragraphs = "# P\n\n[usage.1] One\n\n[usage.2] Two\n  more\n\n[usage.7] a\n[usage.8] b\n[usage.9] c\n"
    done = loaded(
        {"do": "take_out", "table": "clause", "id": "usage.2"}, files={**SMALL.files, "policy.md": paragraphs}
    )
    assert done.files["policy.md"] == "# P\n\n[usage.1] One\n\n[usage.7] a\n[usage.8] b\n[usage.9] c\n"


def test_examples_of_a_clause_that_goes_stay_without_it() -> None:
    rows = '[[example]]\nid = "e"\ntext = "Thanks"\nclauses = ["usage.2", "usage.9"]\nexpect = { mask = false }\n'
    rows += '\n[[example]]\nid = "f"\ntext = "Hello"\nexpect = { mask = false }\n'
    files = {**SMALL.files, "examples.toml": rows}
    done = loaded({"do": "take_out", "table": "clause", "id": "usage.2"}, files=files)
    assert [one.clauses for one in done.examples] == [("usage.9",), ()]
    bare = {key: text for key, text in SMALL.files.items() if key != "examples.toml"}
    assert "examples.toml" not in made({"do": "take_out", "table": "clause", "id": "usage.2"}, files=bare).files


def test_what_still_cites_a_clause_that_goes_is_named() -> None:
    with pytest.raises(CannotChange, match=r"rests on usage\.8: .*the rule “abuse”.*Let it name another clause"):
        made({"do": "take_out", "table": "clause", "id": "usage.8"})
    powers = {**SMALL.files, "checks.toml": f'private_reply = "usage.2"\n{SMALL.files.get("checks.toml", "")}'}
    powers["periods.toml"] = '[[period]]\ntitle = "P"\nclause = "usage.2"\n'
    with pytest.raises(CannotChange, match=r"“private_reply” in checks\.toml; the period in periods\.toml\. Let"):
        made({"do": "take_out", "table": "clause", "id": "usage.2"}, files=powers)
    with pytest.raises(CannotChange, match=r"no clause “usage\.66”"):
        made({"do": "take_out", "table": "clause", "id": "usage.66"})


RULE = {"do": "rule", "id": "late", "priority": 5, "when": {"label": "thanks"}, "then": {"advice": ["Be glad."]}}


def test_a_new_rule_puts_its_clause_into_practice_and_moves_with_it() -> None:
    done = loaded({**RULE, "clause": "usage.9"})
    assert bound(done, "usage.9") == ("rule:late",)
    moved = loaded({**RULE, "clause": "usage.2"}, files=done.files)
    assert (bound(moved, "usage.9"), bound(moved, "usage.2")) == ((), ("check:sentence", "rule:late"))
    same = loaded({**RULE, "clause": "usage.2", "title": "Late"}, files=moved.files)
    assert same.files["clauses.toml"] == moved.files["clauses.toml"]


def test_what_is_written_down_already_is_not_written_twice() -> None:
    binding = '\n[[bindings]]\nclause = "usage.9"\nby = "rule:late"\nstatus = "partial"\nreason = "By day."\n'
    first = loaded({**RULE, "clause": "usage.2"})
    files = {**first.files, "clauses.toml": first.files["clauses.toml"] + binding}
    done = loaded({**RULE, "clause": "usage.9"}, files=files)
    assert (bound(done, "usage.2"), bound(done, "usage.9")) == (("check:sentence",), ("rule:late",))
    assert done.files["clauses.toml"].count("rule:late") == 1


def test_a_figure_is_written_down_as_not_watched_yet() -> None:
    fields = {"title": "Thanks", "clause": "usage.9", "unit": "messages", "source": "the desk"}
    done = loaded({"do": "entry", "table": "measure", "id": "thanked", "fields": fields})
    (row,) = [row for row in coverage(done) if row.clause == "usage.9"]
    assert (row.by, row.status) == (("measure:thanked",), "partial")
    assert "does not work the figure out yet" in row.reason


def test_an_entry_that_cites_nothing_any_more_puts_nothing_into_practice() -> None:
    lone = FILES["clauses.toml"].split("[[bindings]]")[0]
    files = {**SMALL.files, "clauses.toml": lone}
    role = {"do": "entry", "table": "role", "id": "chair"}
    done = loaded({**role, "fields": {"title": "Chair", "clause": "usage.9"}}, files=files)
    assert bound(done, "usage.9") == ("role:chair",)
    freed = loaded({**role, "fields": {"clause": ""}}, files=done.files)
    assert "bindings" not in freed.files["clauses.toml"]
    two = loaded({**role, "fields": {"title": "Chair", "clause": "usage.9"}})
    assert bound(loaded({**role, "fields": {"clause": ""}}, files=two.files), "usage.9") == ()
