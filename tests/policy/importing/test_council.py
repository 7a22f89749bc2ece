"""Another body's policy, of another form, in all six formats: the same draft each time."""

from __future__ import annotations

import re
from functools import cache

import pytest

from gatepost.policy import examples
from gatepost.policy.importing import Document, DraftPack, draft, read
from gatepost.policy.importing.rules import SOME_DAY
from gatepost.policy.pack import load_files
from tests.policy.importing.council import FILES, every_text
from tests.policy.importing.help import WORDS, found, nothing_dropped, tokens

FORMATS = tuple(FILES)


@cache
def document(form: str) -> Document:
    return read(f"policy.{form}", FILES[form]())


@cache
def made(form: str) -> DraftPack:
    return draft(document(form), WORDS)


def plain(text: str) -> str:
    return re.sub('[“”"]', "", " ".join(tokens(text)))


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_is_dropped(form: str) -> None:
    assert document(form).form == form
    nothing_dropped(document(form), made(form))
    # And the reader itself lost nothing of what was written.
    whole = plain(" ".join(one.text for one in document(form).paragraphs))
    for text in every_text():
        assert plain(text) in whole, text


@pytest.mark.parametrize("form", FORMATS)
def test_the_draft_loads_and_shows_its_rules(form: str) -> None:
    pack = load_files(made(form).policy_files)
    assert [one.failures for one in examples.run(pack, SOME_DAY) if not one.ok] == []
    assert {rule.id for rule in pack.rules} >= {
        "complaint", "information_request", "media_query", "spam", "staff_abuse", "safeguarding", "offensive",
    }  # fmt: skip
    assert {rule.id for rule in pack.rules} <= set(made(form).examples)


@pytest.mark.parametrize("form", FORMATS)
def test_what_it_names(form: str) -> None:
    pack = made(form).pack
    assert pack.title == "Social media and online conduct policy"
    assert pack.organisation == "Larkmoor District Council"
    assert pack.short_name == "LDC"
    holders = {role.holder: role.title for role in pack.roles.values() if role.holder}
    assert holders == {
        "Imogen Thackeray": "Head of Communications",
        "Tobias Renshaw": "Digital Engagement Manager",
        "Marguerite Olufemi": "Health and Safety Adviser",
    }
    assert next(role for role in pack.roles.values() if role.holder == "Imogen Thackeray").signs_off
    assert [one.text for one in pack.wordings.values()] == [
        "Thank you for telling us. We have passed this to the Customer Relations Team, who will be in touch.",
        "We are sorry to hear this. Please ring 01632 960222 so that we can help.",
    ]
    assert found(made(form), "phone") == ["01632 960111", "01632 960222"]
    assert [law.name for law in pack.laws] == [
        "Data Protection Act 2018", "Equality Act 2010", "UK GDPR",
        "Code of Recommended Practice on Local Authority Publicity",
    ]  # fmt: skip
    assert {one.name for one in pack.departments.values()} >= {
        "Customer Relations Team", "Information Governance Team", "Press Office", "Safeguarding Team",
    }  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
def test_hours_and_answer_times(form: str) -> None:
    pack = made(form).pack
    assert pack.hours.week == (("08:30", "17:00"),) * 5 + (None, None)
    spans = [(clock.amount, clock.unit) for key, clock in pack.clocks.items() if key != "referral"]
    assert sorted(spans) == [(1, "hours"), (1, "working_days"), (2, "working_days"), (20, "working_days")]
    assert pack.clocks[pack.department("customer_relations").clock].amount == 1


@pytest.mark.parametrize("form", FORMATS)
def test_the_kinds(form: str) -> None:
    kinds = {clause.text.split(" ", 1)[-1]: clause.about for clause in made(form).pack.clauses}
    expected = {
        "It does not apply to personal accounts": "scope", "Only trained officers": "authorised_users",
        "Every post must be approved": "approval", "Routine posts about bin": "approval_by_post",
        "Dormant accounts": "account_life", "All accounts use two-factor": "security",
        "Our accounts are monitored": "hours", "We aim to reply": "response", "Please do not use": "channel_purpose",
        "Direct messages on Instagram": "comments_off", "Officers confirm the identity": "identity",
        "Abuse or threats against": "staff_abuse", "Any sign of self-harm": "safeguarding",
        "Criticism of the council": "lawful_speech", "Whoever breaks": "strikes",
        "You may appeal": "due_process", "We use the profanity": "auto_filter", "False information": "misinformation",
        "From the notice of election": "elections", "In a major incident": "crisis", "Pictures of children": "consent",
        "Following an account": "promotion", "Employees who write": "personal_use", "Posts and messages are": "records",
        "This policy is reviewed": "governance", "Larkmoor has been twinned": "",
    }  # fmt: skip
    for start, about in expected.items():
        got = [kind for text, kind in kinds.items() if text.startswith(start)]
        assert got == [about], start
    assert len({kind for kind in kinds.values() if kind}) >= 25


def test_what_is_not_understood_is_kept_and_not_enforced() -> None:
    draft_ = made("docx")
    twinned = next(one for one in draft_.sentences if "twinned" in one.text)
    assert twinned.became == "not understood"
    assert draft_.pack.clause(twinned.clause).text == twinned.text
    bound = [one for one in draft_.pack.bindings if one.clause == twinned.clause]
    assert [(one.by, one.status) for one in bound] == [("desk:not_understood", "none")]
    footer = next(one for one in draft_.sentences if "version 4" in one.text)
    assert (footer.became, footer.clause) == ("not understood", "")


def test_what_clauses_state_is_data() -> None:
    says = {clause.about: clause.says for clause in made("docx").pack.clauses if clause.says}
    assert says["security"] == {"two_factor": True, "shared_passwords": False}
    assert says["response"] == {"amount": 2, "unit": "working days"}
    assert says["hours"]["opens"] == "08:30"
    assert says["records"] == {"kept": "six years"}
    assert says["roles"] == {"deputy": "Digital Engagement Manager"}
    notices = [
        clause.says["notice"] for clause in made("docx").pack.clauses if "notice" in clause.says
    ]  # one rule gives notice of a block, the other expressly does not
    assert notices == [True, False]
