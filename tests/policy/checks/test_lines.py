"""A draft at odds with an approved line is marked at the fact; one that agrees, or speaks of something else, is not."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.policy.check import check
from gatepost.policy.checks.lines import conflicts, opposites
from gatepost.policy.model import Line, Outbound, Stated
from gatepost.policy.stating import facts, names, same_day, stem
from tests.policy.small import NOON, pack

PACK = pack()
NEAR = date(2026, 11, 23)
PLAYGROUND = Line(
    "1",
    "the playground at Larkspur Court",
    ("playground", "play area"),
    "The new playground opens on Saturday 5 December at 10am. It cost £120,000, has 12 swings and was paid for by 80% "
    "of residents. It is not closing. Ring 020 8937 2000 or see www.example.org/play. The manager is Priya Nair.",
    figures=(Stated("wooden benches", "six"), Stated("", "3")),
    dates=(Stated("fence removed", "2026-12-14"), Stated("work ends", "spring")),
)


def marked(text: str, line: Line = PLAYGROUND) -> list[str]:
    return [text[one.start : one.end] for one in conflicts(text, line, NEAR)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The playground opens on Saturday 12 December.", ["12 December"]),
        ("The play area opens on 5 December, a Saturday.", []),
        ("The play area opens on Sunday.", ["Sunday"]),
        ("The playground opens on December 5th.", []),
        ("The playground opens on 05/12/2026.", []),
        ("The playground opens on 06/12/26.", ["06/12/26"]),
        ("The playground opens 2026-12-05.", []),
        ("The playground opens on 31 June.", []),  # no such day: nothing to compare
        ("The fence of the playground goes on 14 December.", []),
        ("The playground opens at 11 am.", ["11 am"]),
        ("The playground opens at 10:00.", []),
        ("The playground opens at noon.", ["noon"]),
        ("The playground opens at 10am, come from 9.30am.", []),
        ("The playground opens at 25pm.", []),
        ("The playground cost £125,000.", ["£125,000"]),
        ("The playground cost £120k.", []),
        ("The playground was paid for by 90 per cent of you.", ["90 per cent"]),
        ("The playground has twelve swings.", []),
        ("The playground has 14 swings.", ["14 swings"]),
        ("The playground has seven benches.", ["seven benches"]),
        ("The playground has 6 benches.", []),
        ("The playground has 3 slides in May 2027.", []),
        ("Ring 020 8937 2001 about the playground.", ["020 8937 2001"]),
        ("Ring +44 20 8937 2000 about the playground.", []),
        ("See https://example.org/play/ for the playground.", []),
        ("See example.org/pay for the playground.", ["example.org/pay"]),
        ("Write to play@example.org about the playground.", []),  # the line gives no e-mail address
        ("Ask Priya Nayar about the playground.", ["Ask Priya Nayar"]),
        ("Ask Priya Nair about the playground.", []),
        ("Our manager Joan Bright opens the playground.", ["Joan Bright"]),
        ("Our gardener Joan Bright opens the playground.", []),
        ("The car park opens on Sunday at 11am.", []),
    ],
)
def test_facts_are_compared(text: str, words: list[str]) -> None:
    assert marked(text) == words


OFFICE = Line(
    "5",
    "the rent office",
    ("rent office",),
    "The rent office is open Monday to Friday, 9am to 5pm. It serves 130 homes. There is no charge.",
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The rent office is open 10am to 4pm.", [("10am", "9am"), ("4pm", "5pm")]),
        ("The rent office is open until six o'clock.", [("six o'clock", "9am")]),
        ("The rent office is open from nine o'clock to 5 o’clock.", []),
        ("The rent office is open on Wednesdays.", []),
        ("The rent office is open on Wednesday 25 November.", []),
        ("The rent office is open on Saturdays.", [("Saturdays", "Monday")]),
        ("The rent office is open Monday to Saturday.", [("Saturday", "Friday")]),
        ("The rent office serves one hundred and thirty homes.", []),
        (
            "The rent office serves one hundred and thirty-five homes.",
            [("one hundred and thirty-five homes", "130 homes")],
        ),
        ("The rent office serves two thousand four hundred homes.", [("two thousand four hundred homes", "130 homes")]),
    ],
)
def test_hours_and_numbers_in_words(text: str, told: list[tuple[str, str]]) -> None:
    found = conflicts(text, OFFICE, NEAR)
    assert [(text[one.start : one.end], one.instead.strip("“”")) for one in found] == told


AT_ODDS = (
    "The rent office closes at four.",
    "The rent office opens at ten on Mondays.",
    "The rent office shuts at half past four.",
    "The rent office is open until six.",
    "The rent office opens at half past nine.",
    "The rent office is open till 7 every day.",
    "The rent office now closes Fridays at four.",
    "The rent office opens at 8 each day.",
    "The rent office closes daily at 4.",
    "The rent office closes at a quarter to five.",
    "The rent office reopens; it opens again at eleven today.",
    "The rent office opens from eight to five.",
    "The rent office closes at six!",
    "Rent office (closes at three)",
    "The rent office is closed until ten this week.",
)
IN_LINE = (
    "The rent office closes at five.",
    "The rent office opens at nine on Mondays.",
    "The rent office is open until 5.",
    "The rent office opens at five libraries.",
    "The rent office starts from 4 pounds a week.",
    "Rent office: cut from ten to 4.",
    "The rent office opens at 7 sites.",
    "At four homes the rent office found damp.",
    "The rent office ended four schemes.",
    "The rent office starts at three new places.",
    "A quarter to six homes pay the rent office late.",
    "One half of rent office staff.",
    "Rent office staff finish at 6,500 visits.",
    "The rent office opens at 9.",
    "Open until five people are in the rent office.",
)


@pytest.mark.parametrize(("texts", "many"), [(AT_ODDS, True), (IN_LINE, False)])
def test_hours_as_they_are_spoken(texts: tuple[str, ...], many: bool) -> None:
    wrong = [
        text for text in texts if bool([one for one in conflicts(text, OFFICE, NEAR) if one.sort == "time"]) != many
    ]
    assert wrong == []


MEETING = Line("7", "the tenants' meeting", ("meeting",), "The meeting is on Tuesday 8 December at 6pm.")


@pytest.mark.parametrize(
    ("text", "near", "told"),
    [
        ("The meeting is next Tuesday.", date(2026, 11, 23), ["next Tuesday"]),  # 24 November, or 1 December
        ("The meeting is next Tuesday.", date(2026, 11, 26), []),  # the 1st, or the 8th
        ("The meeting is next Tuesday.", date(2026, 12, 1), []),
        ("The meeting is next coming Tuesday.", date(2026, 12, 8), ["next coming Tuesday"]),
        ("The meeting is this Tuesday.", date(2026, 12, 8), []),
        ("The meeting is this Tuesday!", date(2026, 12, 1), ["this Tuesday"]),
        ("The meeting is next Tuesday, 8 December.", date(2026, 11, 23), []),
        ("The meeting is on Tuesday.", date(2026, 11, 23), []),
        ("The meeting is next Wednesday.", date(2026, 12, 1), ["next Wednesday"]),
        ("The play is next Tuesday.", date(2026, 11, 23), []),
    ],
)
def test_next_tuesday_is_counted_from_the_day_it_is_said(text: str, near: date, told: list[str]) -> None:
    assert [text[one.start : one.end] for one in conflicts(text, MEETING, near)] == told


def test_next_tuesday_of_a_line_says_no_more_than_tuesday() -> None:
    line = replace(MEETING, text="The meeting is next Tuesday.")
    assert not conflicts("The meeting is on 8 December.", line, NEAR)


def test_beside_a_date_the_days_of_a_week_say_nothing() -> None:
    line = replace(OFFICE, text="Work begins on 1 December 2026. We work Monday to Friday.")
    text = "The rent office: work begins on 2 December 2026."
    assert [(text[one.start : one.end], one.instead) for one in conflicts(text, line, NEAR)] == [
        ("2 December 2026", "“1 December 2026”")
    ]


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("Rent office: there is a charge.", True),
        ("Rent office: there is a charge of £5.", True),
        ("Rent office: there is no charge.", False),
        ("The rent office: no.", False),
        ("Rent office", False),
    ],
)
def test_a_short_sentence_turned_round(text: str, turned: bool) -> None:
    assert bool(list(opposites(text, OFFICE))) is turned


def test_where_a_line_says_both_a_draft_may_say_either() -> None:
    line = replace(OFFICE, text="The rent office is open on Monday. It is not open on Sunday.")
    assert not list(opposites("The rent office is open on Monday.", line))
    assert list(opposites("The rent office is open on Sunday.", line))
    assert not list(opposites("The rent office is open.", replace(line, text="")))


def test_what_the_line_says_itself_agrees_with_it() -> None:
    assert marked(PLAYGROUND.text) == []
    assert list(opposites(PLAYGROUND.text, PLAYGROUND)) == []


def test_a_line_without_words_is_known_by_its_topic() -> None:
    line = replace(PLAYGROUND, words=(), topic="Larkspur playgrounds")
    assert marked("Larkspur's playground opens on Sunday", line) == ["Sunday"]
    assert marked("The playground opens on Sunday", line) == []
    assert marked("Anything on Sunday", replace(line, topic="")) == []


def test_a_sentence_turned_round_is_found() -> None:
    line = Line("2", "the office", ("office",), "Hello. The office does not close over Christmas.")
    text = "News. The office does close over Christmas."
    assert [text[start:end].strip() for start, end in opposites(text, line)] == [
        "The office does close over Christmas."
    ]
    assert list(opposites("The office doesn't close over Christmas.", line)) == []
    assert list(opposites("The depot does close over Christmas.", line)) == []


def test_the_check_says_what_the_line_says() -> None:
    text = "The playground opens on Sunday. It is closing."
    found = [one for one in check(Outbound(text, lines=(PLAYGROUND,)), PACK, NOON) if one.check == "lines"]
    assert [(text[one.start : one.end].strip(), one.severity) for one in found] == [
        ("Sunday", "ask"),
        ("It is closing.", "ask"),
    ]
    assert "“Saturday”" in found[0].message or "“5 December”" in found[0].message
    assert "the opposite" in found[1].message
    stopped = check(Outbound(text, lines=(PLAYGROUND,)), pack(checks='lines = "stop"\n'), NOON)
    assert [one.severity for one in stopped if one.check == "lines"] == ["stop", "stop"]


def test_figures_and_days_given_apart_are_told() -> None:
    line = Line(
        "3", "the works", ("works",), "The works go on.", (Stated("flats", "120"),), (Stated("end", "2026-12-01"),)
    )
    text = "The works reach 130 flats by 2 December."
    found = [one for one in check(Outbound(text, lines=(line,)), PACK, NOON) if one.check == "lines"]
    assert [one.message for one in found] == [
        "On the works our approved line gives the number as “120”.",
        "On the works our approved line gives the day as “1 December 2026”.",
    ]


def test_an_unchanged_wording_is_not_held_to_lines() -> None:
    line = Line("4", "complaints", ("complaint",), "Ring 020 8937 2000 about a complaint. It is never referred.")
    wording = PACK.wording("sorry").text
    draft = Outbound(wording, wording="sorry", lines=(line,))
    assert [one for one in check(draft, PACK, NOON) if one.check == "lines"] == []


def test_a_day_is_taken_in_the_year_it_is_nearest() -> None:
    assert [one.value for one in facts("on 3 January", date(2026, 12, 20))] == ["2027-01-03"]
    assert [one.value for one in facts("on 29 Feb", date(2028, 1, 1))] == ["2028-02-29"]
    assert facts("on 29 Feb, on 0 May, 2026-13-45, 32/13/2026", date(2026, 1, 1)) == []
    assert same_day("saturday", "2026-12-05")
    assert not same_day("saturday", "sunday")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We open on Sunday 5 December.", "Sunday 5 December"),
        ("We open on Friday, the 5th of December 2026", "Friday, the 5th of December 2026"),
        ("We open on Saturday 5 December.", ""),
        ("We open on 5 December, not on Sunday 32 December.", ""),
    ],
)
def test_a_day_and_its_date_must_agree(text: str, words: str) -> None:
    found = [text[one.start : one.end] for one in check(Outbound(text), PACK, NOON) if one.check == "weekday"]
    assert found == ([words] if words else [])


def test_small_things() -> None:
    assert [stem(word) for word in ("Homes", "families", "boxes", "glasses", "bus", "estate’s", "benches", "gas")] == [
        "home", "family", "box", "glass", "bus", "estate", "bench", "gas",
    ]  # fmt: skip
    assert [one.value for one in names("Ask Anne-Marie O'Neill or bob")] == ["Ask Anne-Marie O'Neill"]


@given(st.text(max_size=300))
def test_any_text_can_be_compared(text: str) -> None:
    for one in conflicts(f"playground {text}", PLAYGROUND, NEAR):
        assert 0 <= one.start < one.end <= len(text) + 11
    for fact in facts(text, datetime(2026, 2, 28, tzinfo=UTC).date()):
        assert 0 <= fact.start < fact.end <= len(text)
