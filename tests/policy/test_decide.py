"""Decisions from hand-made readings: rules add up, never weaken each other, and cite."""

from datetime import UTC, datetime

import pytest

from gatepost.policy.clocks import ClockError
from gatepost.policy.decide import decide, decide_many
from gatepost.policy.model import Decision, Inbound
from gatepost.policy.reading.windows import MOST_READ, WINDOW
from tests.policy.small import FILES, NOON, pack, reading

PACK = pack()


def say(**labels: float) -> Decision:
    return decide(Inbound("m1", "hello"), PACK, NOON, reading(labels))


def test_nothing_holds() -> None:
    decision = say()
    assert decision.message == "m1"
    assert decision.pack == PACK.digest
    assert decision.at == NOON
    assert decision.decided == decision.offers == decision.refer == decision.clocks == decision.clauses == ()
    assert decision.evidence == decision.advice == ()
    assert (decision.moderate, decision.mask, decision.answer, decision.urgent) == ("none", False, True, False)


def test_complaint() -> None:
    decision = say(complaint=0.6)
    assert decision.decided == ("complaint",)
    assert decision.offers == ("sorry",)
    assert decision.refer == ()
    assert decision.clauses == ("usage.7",)
    assert [(due.id, due.due, due.clause) for due in decision.clocks] == [
        ("ack", datetime(2026, 11, 30, 16, 0, tzinfo=UTC).replace(hour=17), "usage.7")
    ]
    assert decision.moderate == "hide"
    assert decision.advice == ("Be kind.",)
    assert decision.evidence[0].because == ("it reads as a complaint (0.60, from 0.60)",)


def test_below_the_threshold() -> None:
    assert say(complaint=0.59).decided == ()


def test_a_clock_cites_its_own_clause() -> None:
    decision = say(thanks=1.0)
    assert [due.clause for due in decision.clocks] == ["usage.1"]
    assert decision.urgent
    assert decision.mask


def test_offers_come_in_the_order_of_the_policy() -> None:
    decision = say(thanks=1.0, complaint=1.0)
    assert decision.offers == ("hello", "sorry")
    assert decision.clauses == ("usage.1", "usage.7")


def test_abuse_is_never_answered_and_the_complaint_is_not_lost() -> None:
    decision = say(staff_abuse=1.0, complaint=1.0, thanks=1.0)
    assert decision.offers == ()
    assert decision.answer is False
    assert decision.refer == ("guardian", "complaints")
    assert {due.id for due in decision.clocks} == {"ack", "soon"}
    assert "No approved wording fits here." in decision.advice


def test_offence_outweighs_hiding_and_withholds() -> None:
    decision = say(offensive=1.0, complaint=1.0)
    assert decision.moderate == "remove"
    assert decision.offers == ()
    assert decision.refer == ("complaints",)
    assert decision.answer is True


def test_a_later_rule_never_weakens_a_stronger_one() -> None:
    text = FILES["rules.toml"].replace("priority = 50", "priority = 95")
    decision = decide(Inbound("1", "x"), pack(rules=text), NOON, reading({"offensive": 1.0, "complaint": 1.0}))
    assert [one.rule for one in decision.evidence] == ["complaint", "offence"]
    assert decision.moderate == "remove"


def test_withholding_without_anything_to_offer_says_nothing_of_wordings() -> None:
    assert say(offensive=1.0).advice == ()


def test_long_messages_say_how_they_were_read() -> None:
    assert decide(Inbound("1", "x" * WINDOW), PACK, NOON).advice == ()
    said = decide(Inbound("1", "x" * (WINDOW + 1)), PACK, NOON).advice[-1]
    assert said == "All 100,001 characters of this message were read, in 2 parts."
    beyond = decide_many([Inbound("1", "x" * (MOST_READ + 1))], PACK, NOON)[0].advice[-1]
    assert "first 1,048,576 characters" in beyond


def test_no_time_zone() -> None:
    with pytest.raises(ClockError, match="no time zone"):
        decide(Inbound("1", "x"), PACK, datetime(2026, 1, 1))


def test_many_at_once_are_the_same_as_one_by_one() -> None:
    messages = [Inbound(str(place), text) for place, text in enumerate(["Hello", "", "It is raining", "\ud800 x"])]
    later = [NOON.replace(hour=hour) for hour in range(4)]
    assert decide_many(messages, PACK, NOON) == [decide(message, PACK, NOON) for message in messages]
    assert [one.at for one in decide_many(messages, PACK, later)] == later
    assert decide_many([], PACK, NOON) == []
    with pytest.raises(ValueError, match="shorter"):
        decide_many(messages, PACK, later[:2])
