"""Three invented bodies unlike that of the shipped pack: a council, a hospital trust, a school.

Their policies (CC0) are read in each format that a communications officer may have them in.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from gatepost.policy import examples
from gatepost.policy.importing import Document, DraftPack, draft, read
from gatepost.policy.importing.rules import SOME_DAY
from gatepost.policy.lint import lint
from gatepost.policy.pack import load_files
from tests.policy.importing.council import FILES, Part
from tests.policy.importing.help import WORDS, found, nothing_dropped

BODIES = ("council", "trust", "school")
FORMS = ("docx", "odt", "pdf", "html", "md")


def parts(body: str) -> list[Part]:
    """The Markdown as parts that every format can be made of."""
    made: list[Part] = []
    rows: list[tuple[str, ...]] = []
    for line in [*(Path(__file__).parent / "bodies" / f"{body}.md").read_text("utf-8").splitlines(), ""]:
        if line.startswith("|"):
            if not line.startswith("| ---"):
                rows.append(tuple(cell.strip() for cell in line.strip("|").split("|")))
            continue
        if rows:
            made.append(("table", tuple(rows)))
            rows = []
        if line.startswith("#"):
            made.append(("title" if line.startswith("# ") else "heading", line.lstrip("# ")))
        elif line.startswith(("- ", "• ")):
            made.append(("item", line[2:]))
        elif line:
            made.append(("text", line))
    return made


@cache
def document(body: str, form: str) -> Document:
    return read(f"policy.{form}", FILES[form](parts(body)))


@cache
def made(body: str, form: str) -> DraftPack:
    return draft(document(body, form), WORDS)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("body", BODIES)
def test_every_sentence_is_accounted_for_and_the_draft_can_be_adopted(body: str, form: str) -> None:
    nothing_dropped(document(body, form), made(body, form))
    pack = load_files(made(body, form).policy_files)
    assert [one.failures for one in examples.run(pack, SOME_DAY) if not one.ok] == []
    assert any(role.signs_off and role.holder for role in pack.roles.values())
    assert any(role.approves_staff for role in pack.roles.values())
    assert not [one for one in lint(pack, SOME_DAY) if "Give it to a role" in str(one)]
    assert not any(rule.then.moderate != "none" for rule in pack.rules if rule.id.startswith(("complaint", "question")))


@pytest.mark.parametrize("form", FORMS)
def test_the_council(form: str) -> None:
    draft = made("council", form)
    assert draft.pack.organisation == "Withermere Borough Council"
    assert {role.title: role.holder for role in draft.pack.roles.values()} == {
        "Head of Communications": "Marguerite Osei",
        "Digital Officer": "Tobias Lindqvist",
        "Monitoring Officer": "Ffion Bramwell",
    }
    assert draft.pack.hours.week[0] == ("08:45", "17:15")
    assert draft.pack.hours.week[4] == ("08:45", "16:45")
    assert {"Freedom of Information Act 2000", "Local Government Act 1986", "Data Protection Act 2018"} <= set(
        found(draft, "law")
    )
    moderated = {rule.id: rule.then.moderate for rule in draft.pack.rules if rule.then.moderate != "none"}
    assert moderated == dict.fromkeys(("personal_details", "offensive", "spam", "staff_abuse"), "hide")
    assert {"Customer Resolution Team", "Waste Services", "Press Office"} <= set(found(draft, "team"))
    assert len(draft.pack.wordings) == 2


@pytest.mark.parametrize("form", FORMS)
def test_the_trust(form: str) -> None:
    draft = made("trust", form)
    assert draft.pack.organisation == "Harrow Fell Hospitals NHS Foundation Trust"
    holders = {role.title: role.holder for role in draft.pack.roles.values() if role.holder}
    assert holders == {
        "Director of Communications": "Anneliese Pruitt",
        "Communications Manager": "Kwabena Holloway",
        "Senior Communications Officer": "Siobhan Tanaka",
        "Caldicott Guardian": "Idris Farrow",
    }
    assert {"Patient Advice and Liaison Service", "Information Governance Office"} <= set(found(draft, "team"))
    assert not [team for team in found(draft, "team") if "National" in team], "an Act's name is no team"
    rules = {rule.id: rule for rule in draft.pack.rules}
    assert (rules["offensive"].then.moderate, rules["spam"].then.moderate) == ("remove", "remove")
    assert rules["media_query"].then.refer == ["communications_manager"]
    assert len(draft.pack.wordings) == 3


@pytest.mark.parametrize("form", FORMS)
def test_the_school(form: str) -> None:
    draft = made("school", form)
    assert draft.pack.organisation == "Saltbeck Primary School"
    holders = {role.holder: role.title for role in draft.pack.roles.values()}
    assert holders["Orla Whitcombe"] == "Headteacher"
    assert holders["Jalil Okonjo"] == "School business manager"
    assert "Petra Lindley" in holders
    assert found(draft, "law") == ["Data Protection Act 2018"]
    rules = {rule.id: rule for rule in draft.pack.rules}
    assert (rules["offensive"].then.moderate, rules["spam"].then.moderate) == ("remove", "remove")
    assert rules["safeguarding"].then.refer
