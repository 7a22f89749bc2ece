"""What documents seldom hold, each with what becomes of it."""

from __future__ import annotations

import io
import pickle

import pypdf
import pytest
from pypdf.errors import DependencyError

from gatepost.policy.importing import Document, ImportProblem, Paragraph, draft, drafting, read, rules
from gatepost.policy.importing.cues import situations
from gatepost.policy.importing.readers import pdf
from gatepost.policy.importing.readers.lines import Line, paragraphs_of
from gatepost.policy.importing.recognise import recognise
from gatepost.policy.problems import PackError, Problem
from tests.policy.importing.council import as_pdf
from tests.policy.importing.help import drafted, found, nothing_dropped, of_lines


def test_a_problem_comes_back_whole_from_another_process() -> None:
    problem = pickle.loads(pickle.dumps(ImportProblem("It is a scan.", "Run OCR.")))
    assert (problem.message, problem.mend, str(problem)) == ("It is a scan.", "Run OCR.", "It is a scan. Run OCR.")


def test_a_draft_that_does_not_load_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(files: object) -> None:
        raise PackError([Problem("rules.toml", 3, "rule.1", "Two rules are called 'a'", "Rename one.")])

    monkeypatch.setattr(drafting, "load_files", refuse)
    with pytest.raises(ImportProblem, match=r"does not load: rules\.toml:3") as problem:
        drafted("# Rules", "Complaints are passed to the Complaints Team.")
    assert "in parts" in problem.value.mend


def test_a_body_that_is_only_a_word_is_none() -> None:
    made = drafted("# Rules", "The Council answers. If The Council closes, staff say so. The Elm Valley Council pays.")
    assert made.pack.organisation == "Elm Valley Council"


def test_numbers_that_cannot_be_dialled_are_kept_and_doubted() -> None:
    made = drafted("# Contact", "Ring 00210 123 4567 or 01632 960123 when in doubt.")
    sure = {one.value: (one.confidence, one.note) for one in made.guesses if one.what == "phone"}
    assert sure["00210 123 4567"] == (0.5, "not a number in use: check it")


def test_laws_by_name_alone_and_acts_without_one() -> None:
    made = drafted(
        "# Law", "Staff must keep to these laws:", "- The law of confidence", "- The Act 1998 and what follows"
    )
    assert "The law of confidence" in found(made, "law")
    assert not [name for name in found(made, "law") if name.startswith("Act")]
    twice = drafted("# Law", "- The Equality Act 2010", "# More law", "- The Equality Act 2010 applies to posts too")
    assert found(twice, "law") == ["Equality Act 2010"]
    bound = [one.clause for one in twice.pack.bindings if one.by.startswith("law:")]
    assert len(set(bound)) == 2, "both clauses rest on it"


def test_teams_without_a_name_are_none_and_small_letters_will_do() -> None:
    made = drafted(
        "# Complaints", "The Team meets. Complaints are referred to the customer relations team within 2 days."
    )
    assert found(made, "team") == ["Customer relations team"]
    vague = drafted(
        "# Complaints", "Complaints are referred to the relevant team. They are passed to the Relevant Team."
    )
    assert "Relevant team" not in found(vague, "team")


def test_a_teams_own_address_is_taken() -> None:
    made = drafted("# Complaints", "Complaints are referred to the Complaints Team at complaints@elmvalley.gov.uk.")
    assert [one.email for one in made.pack.departments.values()] == ["complaints@elmvalley.gov.uk"]


def test_quotations_said_twice_and_referring_to_nobody() -> None:
    said = 'Staff reply: "Thank you, this has been referred to somebody who will ring you."'
    twice = drafted("# Answers", said, "# Complaints", said)
    (wording,) = twice.pack.wordings.values()
    assert wording.refers_to == ""
    assert sum(one.what == "wording" for one in twice.guesses) == 2


def test_what_clauses_state_in_figures_and_what_they_leave_open() -> None:
    assert recognise("Every post must be signed off by two people before it goes out.").says == {"signatures": 2}
    blocked = recognise("After three warnings we block the user permanently.")
    assert blocked.sort == "strikes"
    assert blocked.says["count"] == 3
    assert "block" not in blocked.says, "for how long is not said"


def test_more_rules_than_a_pack_can_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_RULES", 1)
    made = drafted("# Rules", "Complaints are referred to the Complaints Team.", "Spam is removed.")
    assert len(made.pack.rules) == 1
    assert "More than 1 rules" in made.files["import-report.md"]


def test_abuse_of_staff_is_one_case_and_offence_beside_it_another() -> None:
    for said, cases in (
        ("Abusive and threatening posts about our staff are removed.", ["staff_abuse"]),
        ("Offensive posts and abuse of our staff will be removed.", ["staff_abuse", "offensive"]),
        ("Offensive posts and abuse of our staff are reported to the Legal Team.", ["staff_abuse"]),
    ):
        assert [rule.id for rule in drafted("# Rules", said).pack.rules] == cases


def test_nobodys_complaint_is_taken_down() -> None:
    made = drafted(
        "# Roles",
        "The Monitoring Officer decides on complaints about removals.",
        "Complaints and questions of journalists are removed or passed to the Press Office.",
    )
    assert {rule.id: rule.then.moderate for rule in made.pack.rules} == {"complaint": "none", "media_query": "none"}


def test_who_is_named_in_small_letters_in_brackets_or_by_courtesy_alone() -> None:
    made = drafted(
        "# Who",
        "Mr Jalil Okonjo, school business manager, runs the page.",
        "Mrs Whitcombe looks at every post before it goes out.",
        "The person in charge is Mrs Orla Whitcombe, headteacher.",
        "The deputy head, Miss Petra Lindley, does this when she is away.",
        "Staff speak to Miss Lindley first.",
        "The Web Manager (Kwabena Holloway, web@example.org) keeps the passwords.",
        "Statements are agreed by the Gold Commander.",
    )
    assert {role.title: role.holder for role in made.pack.roles.values()} == {
        "School business manager": "Jalil Okonjo",
        "Headteacher": "Orla Whitcombe",
        "Deputy head": "Petra Lindley",
        "Web Manager": "Kwabena Holloway",
        "Gold Commander": "",
    }
    (signs,) = (role for role in made.pack.roles.values() if role.signs_off)
    assert (signs.title, signs.approves_staff) == ("Headteacher", True)
    assert "it was given to Headteacher, who signs off" in made.files["import-report.md"]


def test_what_stands_before_an_act_is_not_its_name_and_no_team() -> None:
    made = drafted(
        "# Law",
        "We follow Keeping Children Safe in Education and the Data Protection Act 2018.",
        "The National Health Service Complaints (England) Regulations 2009 apply.",
    )
    assert found(made, "law") == [
        "Data Protection Act 2018",
        "National Health Service Complaints (England) Regulations 2009",
    ]
    assert found(made, "team") == []


def test_a_role_named_elsewhere_is_referred_to_and_leads_are_no_headings() -> None:
    made = drafted(
        "# Who",
        "The Head of Communications, Marguerite Osei, signs off every post.",
        "# Answers",
        "Enquiries from the media go to the Head of Communications.",
        "The Trust removes posts that:",
        "- are abusive or racist;",
        "- advertise goods;",
    )
    rules = {rule.id: (rule.then.refer, rule.then.moderate) for rule in made.pack.rules}
    assert rules["media_query"] == (["head_communications"], "none")
    assert {rules["offensive"][1], rules["spam"][1]} == {"remove"}
    assert not [clause.id for clause in made.pack.clauses if clause.id.startswith("trust_removes")]


def test_a_rule_no_example_sets_off_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for case in situations():
        object.__setattr__(case, "examples", ("Good morning",) * len(case.examples))
    try:
        made = drafted("# Rules", "Complaints are referred to the Complaints Team.")
    finally:
        situations.cache_clear()
    assert "No example sets off the rule for rules.1" in made.files["import-report.md"]


def test_capitals_after_a_first_line_are_a_heading() -> None:
    document = of_lines(
        "Elm Valley Council writes for everybody.", "COMPLAINTS", "They are referred to the Complaints Team."
    )
    made = draft(document)
    nothing_dropped(document, made)
    assert any(clause.id.startswith("complaints.") for clause in made.pack.clauses)


def test_a_number_alone_belongs_to_the_next_line_and_large_letters_do_not() -> None:
    lines = [Line("4.2", "p1"), Line("Staff ask before they post.", "p1")]
    assert [one.text for one in paragraphs_of(lines)] == ["4.2 Staff ask before they post."]
    lines = [
        Line("Who may write for us", "p1", size=18.0),
        Line("staff who are approved and nobody else at all", "p1", size=10.0),
        Line("and whoever they ask", "p1", size=10.0),
    ]
    assert next(iter(paragraphs_of(lines))).text == "Who may write for us"


def test_a_pdf_that_needs_what_is_not_here_and_one_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = as_pdf()
    monkeypatch.setattr(pdf, "MOST_PIECES", 3)
    with pytest.raises(ImportProblem, match="far more text than a policy"):
        read("policy.pdf", whole)
    monkeypatch.undo()
    monkeypatch.setattr(pdf, "MOST_CHARACTERS", 200)
    with pytest.raises(ImportProblem, match="more than 200 characters"):
        read("policy.pdf", whole)
    monkeypatch.undo()
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(whole))
    writer.encrypt("", "owner", algorithm="RC4-128")
    held = io.BytesIO()
    writer.write(held)

    def lacking(self: pypdf.PdfReader, password: str) -> None:
        raise DependencyError("cryptography is needed")

    monkeypatch.setattr(pypdf.PdfReader, "decrypt", lacking)
    with pytest.raises(ImportProblem, match="protected by a password"):
        read("policy.pdf", held.getvalue())


def test_an_empty_row_of_a_web_page_is_nothing() -> None:
    page = b"<html><body><h1>Policy</h1><table><tr></tr><tr><td>Facebook</td><td>daily</td></tr></table></body></html>"
    assert [one.text for one in read("p.html", page).paragraphs] == ["Policy", "Facebook | daily"]


def test_a_document_made_by_hand() -> None:
    document = Document("p.txt", "txt", (Paragraph("Staff ask first.", "line 1", 0, False),))
    assert draft(document).pack.clauses
