"""How far the checks of the shipped pack reach: what they must find, and what goes out unhindered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gatepost.policy.check import check
from gatepost.policy.model import Finding, Image, Inbound, Outbound
from gatepost.policy.pack import Pack, load, load_files
from gatepost.shipped import pack_folder
from tests.policy.small import FILES, NOON


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load(pack_folder())


def found(pack: Pack, name: str, draft: Outbound) -> list[Finding]:
    return [one for one in check(draft, pack, NOON) if one.check == name]


PERSONAL = [
    "We can see you've missed the rent for three months.",
    "Your complaint has been upheld.",
    "You were sent £250 in compensation.",
    "You are number 4 on the list.",
    "You are in band B now.",
    "Your banding is under review.",
    "We are sorry about your son's autism.",
    "We have spoken to your GP.",
    "Our officer visited you on Monday.",
    "Your neighbour has been served with a notice.",
]
NOT_PERSONAL = [
    "Please contact Repairs on 020 8937 2323.",
    "You are no worse off under the new rules.",
    "You will get a £10 voucher for filling in our survey.",
    "We have passed your complaint to the Complaints Team.",
    "Please send us a private message, and somebody will look into it.",
    "Your landlord must check gas appliances each year.",
    "We visited the community garden on Monday.",
]


@pytest.mark.parametrize("text", PERSONAL)
def test_a_personal_matter_is_not_dealt_with_in_public(pack: Pack, text: str) -> None:
    assert found(pack, "personal_issue", Outbound(text, kind="reply"))
    assert not found(pack, "personal_issue", Outbound(text, kind="private"))


@pytest.mark.parametrize("text", NOT_PERSONAL)
def test_what_is_said_to_everybody_is_no_personal_matter(pack: Pack, text: str) -> None:
    assert not found(pack, "personal_issue", Outbound(text, kind="reply"))


@pytest.mark.parametrize(
    "text",
    [
        "That is not our problem.",
        "We are sorry you feel that way.",
        "Maybe if you paid your rent.",
        "You are spreading lies.",
    ],
)
def test_a_quarrel_is_stopped(pack: Pack, text: str) -> None:
    assert [one.severity for one in found(pack, "tone", Outbound(text, kind="reply"))] == ["stop"]


@pytest.mark.parametrize(
    "text",
    ["We are sorry that you waited.", "Please read the leaflet we sent you.", "Perhaps if you tried the app again?"],
)
def test_a_plain_answer_is_no_quarrel(pack: Pack, text: str) -> None:
    assert not found(pack, "tone", Outbound(text, kind="reply"))


@pytest.mark.parametrize(
    "text",
    [
        "JOHN SMITH IS A THIEF",
        "Acme Roofing Ltd are fraudsters.",
        "Mr O'Brien beat his wife.",
        "Your neighbour at number 12 deals drugs.",
        "The man at 12 Acacia Avenue is a paedophile.",
        "The manager of the Corner Shop is a racist.",
        "The Daily Mail lied about our homes.",
    ],
)
def test_somebody_accused_can_be_told_without_a_name_in_small_letters(pack: Pack, text: str) -> None:
    assert [one.severity for one in found(pack, "allegation", Outbound(text))] == ["ask"]


@pytest.mark.parametrize(
    "text",
    [
        "Report fraud to Action Fraud.",
        "Tenancy fraud is a crime. Anna Smith can help.",
        "BEWARE OF SCAM CALLS",
        "The London Road is closed after a theft.",
    ],
)
def test_a_warning_of_crime_accuses_nobody(pack: Pack, text: str) -> None:
    assert not found(pack, "allegation", Outbound(text))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ɴᴇᴡ flats", "'new'"),
        ("ᵗⁱⁿʸ print", "'tiny'"),
        ("s̶o̶l̶d̶ out", "'sold'"),
        ("🅱🅸🅶 news", "'BIG'"),
        ("🅝🅔🅦", "'NEW'"),
    ],
)
def test_letters_that_are_none(pack: Pack, text: str, plain: str) -> None:
    (one,) = found(pack, "fancy_letters", Outbound(text))
    assert plain in one.mend


@pytest.mark.parametrize(
    "text", ["🅿️ by the hall", "Blood group 🅰 or 🅱", "5 m² at 20 °C", "the 1ˢᵗ prize", "Siân of Llŷn", "ɪ"]
)
def test_signs_and_other_alphabets_are_letters_enough(pack: Pack, text: str) -> None:
    assert not found(pack, "fancy_letters", Outbound(text))


def alternative(pack: Pack, alt: str) -> list[str]:
    picture = Image("image/jpeg", 1_200, 630, 200_000, alt)
    return [one.message for one in found(pack, "alternative_text", Outbound("News", images=(picture,)))]


@pytest.mark.parametrize(
    "alt", ["photo", "A photo", "Alt text", ".", "12", "N/A", "Untitled", "a1b2c3d4-e5f6-7890-abcd-ef12"]
)
def test_a_stopgap_describes_nothing(pack: Pack, alt: str) -> None:
    assert "a stopgap" in alternative(pack, alt)[0]
    assert alternative(pack, "Our logo on a wall in the rain") == []


COLD = "We apologise if you are having any issues with our services. We have referred your query to the Complaints Team"


def test_a_cold_wording_is_stopped_also_when_it_was_pasted(pack: Pack) -> None:
    danger = Inbound("1", "I want to kill myself, and you are to blame")
    for name in ("complaint_referred", ""):
        (one,) = found(pack, "not_answered", Outbound(COLD + "\n", kind="reply", answering=danger, wording=name))
        assert one.severity == "stop"
    own = Outbound("We are worried about you. Please ring us.", kind="reply", answering=danger)
    assert not found(pack, "not_answered", own)
    humane = Outbound(pack.wording("in_danger").text, kind="reply", answering=danger, wording="in_danger")
    assert not found(pack, "not_answered", humane)
    calm = Inbound("1", "I want to complain about the lift")
    assert not found(pack, "not_answered", Outbound(COLD, kind="reply", answering=calm))


def test_somebody_in_danger_gets_no_cold_wording_whatever_the_rules_say(pack: Pack) -> None:
    bare = load_files({**FILES, "words.toml": (pack_folder() / "words.toml").read_text("utf-8")})
    danger = Inbound("1", "I want to kill myself, and you are to blame")
    (one,) = found(bare, "not_answered", Outbound(bare.wording("hello").text, kind="reply", answering=danger))
    assert one.severity == "stop"


def test_our_own_address_may_go_out(pack: Pack) -> None:
    text = "Come to Fern House, 12 Larkspur Road,\nHA9 9ZZ, or write to 14 Larkspur Road."
    reply = Outbound(text, kind="reply")
    assert len(found(pack, "personal_data", reply)) == 3
    ours = replace(pack, words=replace(pack.words, public_addresses=("Fern House, 12 Larkspur Road, HA9 9ZZ",)))
    (left,) = found(ours, "personal_data", reply)
    assert text[left.start : left.end].startswith("14 Larkspur Road")
    assert "Addresses that are ours" in left.mend
    shown = Image("image/jpeg", 1_200, 630, 200_000, "A sign", words="12 Larkspur Road, HA9 9ZZ")
    assert found(ours, "personal_data", Outbound("News", kind="reply", images=(shown,)))
    whole = replace(shown, words="FERN HOUSE 12 Larkspur Road HA9 9ZZ")
    assert not found(ours, "personal_data", Outbound("News", kind="reply", images=(whole,)))
