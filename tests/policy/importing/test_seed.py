"""The document the desk was first made for, drafted from its plain text."""

from __future__ import annotations

import pytest

from gatepost.policy import examples
from gatepost.policy.importing import DraftPack, draft, read
from gatepost.policy.importing.rules import SOME_DAY
from gatepost.policy.lint import lint
from gatepost.policy.pack import load_files
from tests.policy.importing.help import WORDS, found, nothing_dropped
from tests.shared import shared


@pytest.fixture(scope="module")
def made() -> DraftPack:
    return draft(read("policy.txt", shared("seed/social-media-policy.txt").read_bytes()), WORDS)


def test_every_word_is_accounted_for(made: DraftPack) -> None:
    nothing_dropped(read("policy.txt", shared("seed/social-media-policy.txt").read_bytes()), made)
    assert [one.number for one in made.sentences] == list(range(1, len(made.sentences) + 1))
    assert {one.clause for one in made.sentences} - {""} == {clause.id for clause in made.pack.clauses}
    assert all(one.became != "clause" or one.clause for one in made.sentences)


def test_it_loads_and_its_examples_hold(made: DraftPack) -> None:
    pack = load_files(made.policy_files)
    results = examples.run(pack, SOME_DAY)
    assert [one.failures for one in results if not one.ok] == []
    assert {rule.id for rule in pack.rules} <= {one.id for one in results}
    assert {rule.id for rule in pack.rules} == {
        "complaint", "personal_details", "staff_abuse", "offensive", "service_request",
    }  # fmt: skip


def test_the_wordings(made: DraftPack) -> None:
    texts = [one.text for one in made.pack.wordings.values()]
    sorry = "We apologise if you are having any issues with our services."
    phone = "If you would like to take this matter further, please contact the Complaints Team on 020 8937 2323"
    assert texts == [
        "Thank you for your communication. A member of staff will contact you shortly",
        f"{sorry} {phone}",
        f"{sorry} We have referred your query to the Complains Team",
    ]
    complaint = next(rule for rule in made.pack.rules if rule.id == "complaint")
    assert [made.pack.wording(key).text for key in complaint.then.offer] == texts[1:]
    last = list(made.pack.wordings.values())[-1]
    assert made.pack.department(last.refers_to).name == "Complaints Team"


def test_the_people_and_their_roles(made: DraftPack) -> None:
    holders = {role.holder: role for role in made.pack.roles.values() if role.holder}
    assert set(holders) == {"Ash Vyas", "Nadia Khan"}
    assert holders["Nadia Khan"].title == "Communications Officer"
    assert holders["Nadia Khan"].approves_staff
    assert holders["Ash Vyas"].title == "Takes referrals: abuse of staff"
    abuse = next(rule for rule in made.pack.rules if rule.id == "staff_abuse")
    assert made.pack.department(abuse.then.refer[0]).role == holders["Ash Vyas"].id
    assert any(role.signs_off for role in made.pack.roles.values())


def test_the_number_and_the_laws(made: DraftPack) -> None:
    assert found(made, "phone") == ["020 8937 2323"]
    assert made.pack.department("complaints").phone == "020 8937 2323"
    assert [law.name for law in made.pack.laws] == [
        "Defamation Act 1996", "Data Protection Act 1998", "Obscene Publications Act 1969", "Staff Code of Conduct",
    ]  # fmt: skip
    repealed = [one for one in lint(made.pack, SOME_DAY) if "repealed" in one.message]
    assert repealed


def test_nine_benefits_nine_risks_four_measures(made: DraftPack) -> None:
    ids = [clause.id for clause in made.pack.clauses]
    assert [key for key in ids if key.startswith("benefits.")] == [f"benefits.{place}" for place in range(1, 10)]
    assert [risk.clause for risk in made.pack.risks] == [f"risks.{place}" for place in range(1, 10)]
    assert made.pack.risks[7].title.endswith("deemed to be personal")
    assert made.pack.risks[8].title == "information, once published, can remain online indefinitely"
    assert len(made.pack.measures) == 4
    assert len(made.pack.aims) == 7


def test_the_report_says_what_to_look_at(made: DraftPack) -> None:
    report = made.files["import-report.md"]
    for one in made.sentences:
        assert one.text.replace("|", "\\|") in report
    first = report.partition("## What was found")[0]
    assert "ran together" in first
    assert "Complains Team" in first
    assert "a stand-in" in first
