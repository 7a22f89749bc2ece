"""What differs from body to body: who stands in, how times and numbers are written, what is done with what."""

from __future__ import annotations

import pytest

from gatepost.policy.importing.numbers import spans, week
from tests.policy.importing.help import WORDS, drafted, found

STAFF = (
    "# Who does what",
    "- Head of Communications (policy owner) | Prof. Ingrid Solheim | 01632 960 001",
    "- Digital Manager | Femi Oyelaran | Approves staff who may post. Signs off daily posts.",
    "- Deputy to the Digital Manager | Lowri Pask | Stands in.",
    "- Monitoring Officer | Vacant | Advises on libel.",
    "- Social Media | Borough Council | Nobody",
)


def test_a_table_of_posts_and_who_holds_them() -> None:
    roles = {one.title: one for one in drafted(*STAFF).pack.roles.values()}
    assert {title: one.holder for title, one in roles.items()} == {
        "Head of Communications": "Ingrid Solheim", "Digital Manager": "Femi Oyelaran",
        "Deputy to the Digital Manager": "Lowri Pask", "Monitoring Officer": "",
    }  # fmt: skip
    manager = roles["Digital Manager"]
    assert (manager.deputy, manager.signs_off, manager.approves_staff) == ("Lowri Pask", True, True)
    assert not roles["Head of Communications"].signs_off


@pytest.mark.parametrize(
    ("words", "first", "deputy"),
    [
        ("Posts are approved by Catriona Macrae, Lead Officer, or in her absence by Iain Roy, Web Officer.",
         "Catriona Macrae", "Iain Roy"),
        ("Josie Light, Press Officer, signs everything off. If Josie's away, Marcus Clarke, Web Lead, does.",
         "Josie Light", "Marcus Clarke"),
        ("Log-ins are given by the Web Manager, Ms Aoife Gall. In Ms Gall's absence her deputy, Sgt Tomas Wilk, does.",
         "Aoife Gall", "Tomas Wilk"),
        ("Josie Light, Press Officer, reads posts. Marcus Clarke, Web Lead, does so when she is away.",
         "Josie Light", "Marcus Clarke"),
        ("Hugh Bevan, Web Lead, answers. Josie Light, Press Officer, signs posts off. Hugh does so when she is away.",
         "Josie Light", "Hugh Bevan"),
    ],
)  # fmt: skip
def test_who_stands_in(words: str, first: str, deputy: str) -> None:
    made = drafted("# People", words)
    held = {one.holder: one for one in made.pack.roles.values()}
    assert held[first].deputy == deputy
    assert held[first].deputy_email == held[deputy].email
    assert found(made, "deputy") == [f"{deputy}, for {first}"]


def test_nobody_stands_in_for_themselves_or_twice() -> None:
    made = drafted(
        "# People",
        "Josie Light, Press Officer, reads posts. If Josie is away, Marcus Clarke, Web Lead, reads them.",
        "If Josie is away for long, Petra Moss, Web Officer, reads them. The deputy is told.",
        "If Josie is on leave nobody reads posts.",
    )
    assert found(made, "deputy") == ["Marcus Clarke, for Josie Light"]
    twice = drafted("# People", "Josie Light, Press Officer, is away. Josie Light, Web Lead, is the deputy.")
    assert found(twice, "deputy") == []
    told = "Hugh Bevan, Web Lead, answers. Josie Light, Press Officer, signs posts off. Hugh is glad when he is away."
    assert found(drafted("# People", told), "deputy") == []
    same = drafted("# People", "- Web Manager | Josie Light | Posts", "- Deputy Web Manager | Josie Light | Posts")
    assert found(same, "deputy") == []


def test_only_whom_the_sentence_names_may_sign_off() -> None:
    made = drafted(
        "# People",
        "Josie Light, Press Officer, signs everything off. Our Executive Director of Customer, Ruth Pember, owns this.",
    )
    assert {one.holder: one.signs_off for one in made.pack.roles.values()} == {
        "Josie Light": True, "Ruth Pember": False,
    }  # fmt: skip


def test_telephone_numbers_in_their_forms() -> None:
    made = drafted(
        "# Contact",
        "Ring (020) 8937 2323, +44 (0)20 8937 2323, 020\u20118937\u20112323 or 020 8937 2323 ext. 4 (24 hours).",
        "By text relay dial 18001 020 8937 2323. Reference 0123 45.",
    )
    assert found(made, "phone") == [
        "(020) 8937 2323", "+44 (0)20 8937 2323", "020\u20118937\u20112323", "020 8937 2323 ext. 4", "020 8937 2323",
    ]  # fmt: skip
    assert all(one.confidence > 0.9 for one in made.guesses if one.what == "phone")


def test_laws_in_their_forms() -> None:
    made = drafted(
        "# Law",
        "We work under the Education (No. 2) Act 1986, the Counter-Terrorism and Security Act 2015, the "
        "Equality Act and",
        "the Welsh Language (Wales) Measure 2011; the Health and Social Care Act 2008 (Regulated Activities) "
        "Regulations 2014; the Hazards in Social Housing (Prescribed Requirements) (England) "
        "Regulations 2025; the Code of Ethics.",
        "The Freedom of Information Act matters. So does the Freedom of Information Act 2000. The Act is law.",
    )
    assert found(made, "law") == [
        "Education (No. 2) Act 1986", "Counter-Terrorism and Security Act 2015", "Welsh Language (Wales) Measure 2011",
        "Health and Social Care Act 2008 (Regulated Activities) Regulations 2014",
        "Hazards in Social Housing (Prescribed Requirements) (England) Regulations 2025", "Code of Ethics",
        "Freedom of Information Act 2000", "Equality Act",
    ]  # fmt: skip


def test_teams_in_small_letters_and_titles_that_are_none() -> None:
    made = drafted(
        "# Referrals",
        "Complaints are passed to the Communications team. Abuse of staff is reported to the Head of People Services.",
        "The Scottish Public Services Ombudsman may look at it.",
    )
    assert found(made, "team") == ["Communications team"]


def test_the_next_day_the_same_day_and_office_hours() -> None:
    said = "Answer by the end of the next working day; complaints the same day, others within 48 hours."
    assert [(one.amount, one.unit) for one in spans(said)] == [(1, "working_days"), (7, "working_hours"), (48, "hours")]
    assert week("Staffed between 0900 and 1700 hours on weekdays")["friday"] == ["09:00", "17:00"]
    assert week("Office hours are 9–5, Mon–Fri")["monday"] == ["09:00", "17:00"]
    assert week("Clauses 9 to 5 were read aloud") == {}
    made = drafted("# Press", "Press enquiries are passed to the Press Office the same day.")
    assert any("set it" in one.note for one in made.guesses if one.what == "answer time")
    assert (
        found(drafted("# Blocks", "People who break these rules three times in a month are blocked."), "answer time")
        == []
    )


def test_template_answers_without_quotation_marks() -> None:
    made = drafted(
        "# Appendix 1: Template responses",
        "Template A – complaint",
        "Thank you for writing. We are sorry to hear of this and will look into it.",
        "Template B – compliment",
        "Use it freely and often, in the words that suit you.",
        words=WORDS,
    )
    assert found(made, "wording") == ["Thank you for writing. We are sorry to hear of this and will look into it."]
    (rule,) = made.pack.rules
    assert (rule.id, tuple(rule.then.offer)) == ("complaint", tuple(made.pack.wordings))


def outcomes(*lines: str) -> dict[str, tuple[object, ...]]:
    return {
        one.id: (one.then.moderate, one.then.answer, tuple(one.then.refer), len(one.then.clocks))
        for one in drafted(*lines).pack.rules
    }


def test_what_breaks_the_house_rules_is_taken_down_where_the_policy_says_so() -> None:
    rules = ("# House rules", "You must not post content that is:", "- harassing or discriminatory", "- spam")
    assert outcomes(*rules) == {}
    assert set(outcomes(*rules, "Content that breaks these rules will be hidden.").values()) == {("hide", True, (), 0)}
    assert {one[0] for one in outcomes(*rules, "Content that breaks these rules will be deleted.").values()} == {
        "remove"
    }
    assert outcomes(*rules, "Content that breaks these rules is never hidden.") == {}


def test_a_clause_that_names_no_case_has_that_of_its_heading() -> None:
    assert outcomes("# Somebody puts personal details in a comment", "Hide the comment and write to them.") == {
        "personal_details": ("hide", True, (), 0)
    }
    assert outcomes("# Complaints", "They are passed to the Customer Relations Team.") == {
        "complaint": ("none", True, ("customer_relations",), 0)
    }
    assert outcomes("# Complaints", "We are here to listen.") == {}


def test_cases_joined_and_people_spoken_of_by_name() -> None:
    both = outcomes("# Requests", "Freedom of information and subject access requests are sent to the Records Team.")
    assert {key: one[2] for key, one in both.items()} == {
        "information_request": ("records",), "subject_access": ("records",),
    }  # fmt: skip
    danger = outcomes("# Danger", "Anybody in danger or threatening others is referred to the Safeguarding Team.")
    assert list(danger) == ["safeguarding"]
    named = outcomes(
        "# People", "The Web Manager is Femi Oyelaran.", "# Abuse", "Abuse of our officers must be reported to Femi."
    )
    assert named["staff_abuse"][2] == ("web_manager",)


def test_a_time_for_a_case_makes_a_rule_and_a_short_no_is_a_no() -> None:
    timed = outcomes("# Times", "Questions are answered within 2 days. Complaints are acknowledged within 3 days.")
    assert {key: one[3] for key, one in timed.items()} == {"question": 1, "complaint": 1}
    assert outcomes("# Rude", "We delete anything hateful and we don't answer it.") == {
        "offensive": ("remove", False, (), 0)
    }
