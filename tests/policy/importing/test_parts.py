"""Sentences, times, names, outlines: the small things the draft is made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.policy.importing import Document, ImportProblem, Paragraph, draft
from gatepost.policy.importing.cues import sorts
from gatepost.policy.importing.numbers import spans, week
from gatepost.policy.importing.recognise import recognise
from gatepost.policy.importing.sentences import sentences
from gatepost.policy.importing.slugs import slug, unused
from gatepost.policy.kinds import clause_kinds
from tests.policy.importing.help import drafted, found, nothing_dropped, of_lines


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three?", 3),
        ("Ask Mr. Lowe, e.g. by post. He knows.", 2),
        ('Reply: "Thank you. We will ring." Then close it.', 2),
        ("4.1 Staff must ask. See para. 3 of it.", 2),
        ("Visit www.example.org. Nothing else", 2),
        ("“Sorry. We will ring.” OR “Thank you. Goodbye.”", 1),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(sentences(text)) == count
    assert " ".join(sentences(text)) == text


@given(st.text(alphabet="Ab .!?\"“”'’()1…", max_size=200))
def test_sentences_lose_nothing(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("within two (2) working days", 2, "working_days"),
        ("in 24 hours", 24, "hours"),
        ("within 30 minutes", 1, "hours"),
        ("within two weeks", 14, "days"),
        ("no later than one month", 1, "months"),
        ("within 4 working hours", 4, "working_hours"),
    ],
)
def test_spans(text: str, amount: int, unit: str) -> None:
    assert [(one.amount, one.unit) for one in spans(f"We answer {text}.")] == [(amount, unit)]


def test_how_long_a_thing_is_kept_is_no_answer_time() -> None:
    made = drafted("# Records", "Posts are kept for two years and deleted within 30 days after that.")
    assert found(made, "answer time") == []


@pytest.mark.parametrize(
    ("text", "days", "times"),
    [
        ("We are here 9am to 5pm, Monday to Friday.", 5, ["09:00", "17:00"]),
        ("Monday to Saturday between 8.30am and 6pm", 6, ["08:30", "18:00"]),
        ("from 9:00 to 17:30 every day", 7, ["09:00", "17:30"]),
        ("9-5pm on weekdays", 5, ["09:00", "17:00"]),
        ("weekdays from 10am until noon", 5, ["10:00", "12:00"]),
    ],
)
def test_hours(text: str, days: int, times: list[str]) -> None:
    found_week = week(text)
    assert len(found_week) == days
    assert set(map(tuple, found_week.values())) == {tuple(times)}


def test_hours_of_several_days() -> None:
    assert week("Monday to Friday 9am to 5pm and Saturday 10am to 1pm")["saturday"] == ["10:00", "13:00"]


@pytest.mark.parametrize("text", ["between 3 and 5 posts", "section 9 to 17", "25:00 to 26:00", "from £9.00 to £17.00"])
def test_no_hours(text: str) -> None:
    assert week(text) == {}


def test_all_kinds_can_be_recognised() -> None:
    assert [key for key, sort in sorts().items() if not sort.outside] == list(clause_kinds())
    for sort in sorts().values():
        fields = {} if sort.outside else clause_kinds()[sort.id].says
        for state in sort.states:
            assert state.field in fields
            assert (state.value is None) == (fields[state.field] != "flag")


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        ("We will block people who abuse staff, and will tell them before we do so: notice of a block is given.", True),
        ("We will block people who abuse us. Notice of the block will be given in writing.", True),
        ("We block repeat offenders without notice.", False),
        ("People who are blocked will not be notified.", False),
        ("We do not give prior notice of a block.", False),
    ],
)
def test_notice_given_and_expressly_not_given(text: str, notice: bool) -> None:
    made = drafted("# Blocking", text)
    assert [clause.says["notice"] for clause in made.pack.clauses if "notice" in clause.says] == [notice]


def test_what_is_quoted_does_not_make_the_kind() -> None:
    said = recognise("Please say: “This was referred to the Housing Team within two days and removed.”")
    assert said.sort not in ("referral", "moderation", "response")


def test_confidence_is_a_share() -> None:
    for text in ("", "x", "sign off " * 50, "Passwords must never be shared. Two-factor authentication is used."):
        assert 0 <= recognise(text, "Security").confidence <= 1


def test_text_that_looks_like_the_packs_own_marks() -> None:
    document = of_lines(
        "# Rules", "We remove:", "- [usage.1] a mark", "- # no heading", "[other.2] a mark too.", "# # x"
    )
    nothing_dropped(document, draft(document))


def test_repeated_headings_go_on_counting() -> None:
    made = drafted(
        "# Rules", "Posts must be kind.", "# Other", "Posts must be true.", "# Rules", "Posts must be short."
    )
    assert [clause.id for clause in made.pack.clauses] == ["rules.1", "other.1", "rules.2"]


def test_headings_in_other_letters() -> None:
    made = drafted("# Κανόνες", "We remove offensive posts.", "# 2024", "Posts must be kind.")
    assert [clause.id for clause in made.pack.clauses] == ["section.1", "section_2024.1"]


def test_slugs() -> None:
    assert slug("The Measures of Success", "x") == "measures_success"
    assert slug("Ymgynghoriad â phobl", "x") == "ymgynghoriad_phobl"
    assert unused("a", {"a", "a_2"}) == "a_3"


def test_a_policy_of_nothing_known_is_still_a_pack() -> None:
    made = drafted("Zebras graze.", "Lions sleep.")
    assert [one.became for one in made.sentences] == ["not understood", "not understood"]
    assert all(binding.status == "none" for binding in made.pack.bindings)
    assert "signs off" in made.files["import-report.md"]


def test_too_long_for_one_pack() -> None:
    long = "Zebras graze by rivers and " * 100
    lines = tuple(Paragraph(f"{long}.", f"line {place}") for place in range(450))
    with pytest.raises(ImportProblem, match="too long for one pack"):
        draft(Document("long.txt", "txt", lines))


def test_a_referral_to_nobody_named_gets_a_stand_in() -> None:
    made = drafted("# Rules", "Complaints are referred to the relevant department.")
    stand_in = next(one for one in made.guesses if one.what == "team")
    assert stand_in.value == "Complaints"
    assert stand_in.confidence < 0.5
    assert "stand-in" in stand_in.note


def test_a_promise_not_to_remove_makes_no_rule() -> None:
    made = drafted("# Moderation", "We will not remove offensive posts without looking at them first.")
    assert made.pack.rules == ()
