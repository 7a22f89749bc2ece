"""Each check speaks where it must, marks the words, and is silent where it must be."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost.policy.check import check, may_leave
from gatepost.policy.checks.names import CHECKS
from gatepost.policy.checks.table import TABLE
from gatepost.policy.model import Finding, Image, Inbound, NetworkLimits, Outbound
from tests.policy.small import FILES, NOON, pack

SHIPPED = Path(__file__).parents[3] / "packs" / "bhp"
SETTINGS = """
thread_limit = 2
camel_case_from = 8
not_names = ["House", "Council"]

[[banned]]
word = "as per (the)"
instead = "as in"
severity = "ask"

[[banned]]
word = "naff"

[[personal_issue]]
pattern = 'your rent is'
why = "it speaks of rent"

[[personal_issue]]
pattern = 'rent is \\d+'
why = "it speaks of money"
instead = "Say nothing of money."

[[allegation]]
pattern = '\\bstole\\b'
why = "theft"
"""
WORDS = (SHIPPED / "words.toml").read_text(encoding="utf-8")
PACK = pack(checks=SETTINGS, words=WORDS)
PICTURE = Image("image/jpeg", 1200, 630, 100_000, "A slide and two swings")
X = NetworkLimits(text=280, counted="weighted", images=4, image_bytes=5_000_000, alt_text=1_000)


def found(draft: Outbound | str, name: str, limits: NetworkLimits | None = None) -> list[Finding]:
    draft = Outbound(draft) if isinstance(draft, str) else draft
    return [one for one in check(draft, PACK, NOON, limits) if one.check == name]


def marked(text: str, name: str) -> list[str]:
    return [text[one.start : one.end] for one in found(text, name)]


def test_the_table_and_the_names_agree() -> None:
    assert tuple(TABLE) == CHECKS


def test_a_good_draft() -> None:
    assert check(Outbound("The office opens at nine."), PACK, NOON) == []
    assert may_leave([])


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\u200d"])
def test_empty(text: str) -> None:
    (one,) = found(text, "empty")
    assert (one.severity, one.clause, one.field) == ("stop", "", "")
    assert not may_leave([one])


@pytest.mark.parametrize("mark", ["\u202e", "\ud800", "\x00", "\x1b"])
def test_unsendable(mark: str) -> None:
    (one,) = found(f"Hi {mark}you", "unsendable")
    assert (one.start, one.end, one.severity) == (3, 4, "stop")


def test_sendable() -> None:
    assert not found("Line\nline\ttab\r\n שלום 👩‍👧 é", "unsendable")


def test_length() -> None:
    (one,) = found("a" * 300, "length", X)
    assert (one.start, one.end) == (280, 300)
    assert "20 over" in one.message
    called = Outbound("a" * 300, network="x", called="X")
    assert "characters that X takes" in found(called, "length", X)[0].message
    assert not found("a" * 280, "length", X)
    assert not found("a" * 300, "length")
    assert not found("a" * 300, "length", NetworkLimits(0))
    bluesky = NetworkLimits(text=300, counted="graphemes", text_bytes=3000)
    assert not found("a" * 300, "length", bluesky)
    family = "\U0001f469\u200d\U0001f469\u200d\U0001f467"  # one sign, 18 bytes
    (heavy,) = found(family * 200, "length", bluesky)
    assert "600 over the 3,000 bytes" in heavy.message
    assert heavy.severity == "stop"
    linked = Outbound("a" * 257, network="x", link="https://example.org/x")
    (one,) = found(linked, "length", X)
    assert (one.start, one.end, one.field) == (0, 0, "")
    assert not found(replace(linked, text="a" * 256), "length", X)
    assert not found(replace(linked, text="a" * 240 + " https://example.org/x"), "length", X)
    assert "no network takes that" in found("a" * 100_001, "length")[0].message


@pytest.mark.parametrize(
    ("link", "severities"),
    [
        ("https://www.example.org/x", []),
        ("http://www.example.org/x", ["note"]),
        ("www.example.org", ["stop"]),
        ("javascript:alert(1)", ["stop"]),
        ("https://user@example.org", ["stop"]),
        ("https://[broken", ["stop"]),
        ("https://example.org/a b", ["stop"]),
        ("https://example.org/" + "a" * 2_000, ["stop"]),
    ],
)
def test_link(link: str, severities: list[str]) -> None:
    assert [one.severity for one in found(Outbound("See here.", link=link), "link")] == severities


@pytest.mark.parametrize(
    ("words", "kind", "severities"),
    [
        ("Thank you\nRing me on 07700 900123", "post", ["stop"]),
        ("Ring me on 07700 900123", "private", ["ask"]),
        ("Meet at 14 Damson Court, N17 9XX", "post", ["ask"]),
        ("Meet at 14 Damson Court, N17 9XX", "reply", ["stop"]),
        ("Complaints Team 020 8937 2323", "post", []),
        ("Playground opening", "post", []),
        ("", "post", []),
    ],
)
def test_personal_data_in_the_words_of_a_picture(words: str, kind: str, severities: list[str]) -> None:
    shown = Image("image/png", 1200, 630, 100_000, "A letter", words=words)
    seen = found(Outbound("Thank you.", kind=kind, images=(shown,)), "personal_data")
    assert [one.severity for one in seen] == severities
    assert {one.field for one in seen} <= {"images.0"}


def test_personal_data() -> None:
    text = "Please ring 07700 900461 today."
    (one,) = found(text, "personal_data")
    assert "07700 900461" in text[one.start : one.end]
    assert one.severity == "stop"
    assert not found("Please ring the Complaints Team on 020 8937 2323.", "personal_data")
    assert not found("Please ring the Complaints Team on +44 20 8937 2323.", "personal_data")
    assert not found("Write to complaints@fernhill.test.", "personal_data")
    own = pack(words=WORDS, departments=FILES["departments.toml"].replace("020 8937 2323", "01632 960123"))
    for number, stops in [("01632 960123", 0), ("+44 1632 960123", 0), ("01632 960124", 1)]:
        findings = check(Outbound(f"Please ring {number} today."), own, NOON)
        assert sum(one.check == "personal_data" for one in findings) == stops, number


def test_places_in_posts_are_a_question() -> None:
    text = "The lift at 14 Larkspur Court is out of order."
    assert [one.severity for one in found(text, "personal_data")] == ["ask"]
    assert [one.severity for one in found(Outbound(text, kind="reply"), "personal_data")] == ["stop"]
    both = "Ring Mrs Okafor of 14 Larkspur Court on 07700 900461."
    assert {one.severity for one in found(both, "personal_data")} == {"stop"}


def test_private_messages_with_details_are_a_question() -> None:
    draft = Outbound("We will ring you on 07700 900461.", kind="private", person_wrote_first=True)
    assert [one.severity for one in found(draft, "personal_data")] == ["ask"]


def test_details_are_not_repeated() -> None:
    asked = Inbound("1", "Jo Bloggs here, tap broken, ring 07700 900461 or 020 8937 2323. Ref BHP-123456")
    text = "Thank you, we have noted bhp-123456 and 07700 900461, Jo Bloggs. Ours is 020 8937 2323."
    findings = found(Outbound(text, kind="reply", answering=asked), "personal_data")
    assert {text[one.start : one.end] for one in findings} >= {"07700 900461", "bhp-123456"}
    assert not found(Outbound("Thank you, Jo.", kind="reply", answering=asked), "personal_data")
    places = Inbound("2", "The door at 14 Larkspur Court, HA9 9DX sticks, please mend it")
    text = "Thank you, we have passed on what you said of 14 larkspur court."
    assert [
        text[one.start : one.end] for one in found(Outbound(text, kind="reply", answering=places), "personal_data")
    ] == ["14 larkspur court"]


def test_sarcasm_is_a_matter_of_replies() -> None:
    text = "Congratulations to the winners of our garden competition."
    assert not found(text, "tone")
    sour = "Well done, congratulations on finding our page."
    assert not found(sour, "tone")
    assert {one.severity for one in found(Outbound(sour, kind="reply"), "tone")} == {"stop"}


def test_personal_issue() -> None:
    text = "Hello, your rent is 300 pounds late; later rent is 20."
    reply = Outbound(text, kind="reply")
    first, second = found(reply, "personal_issue")
    assert text[first.start : first.end] == "your rent is"
    assert text[second.start : second.end] == "rent is 20"
    assert second.mend == "Say nothing of money."
    assert not found(replace(reply, kind="private", person_wrote_first=True), "personal_issue")
    assert not found("Your rent is going to new roofs.", "personal_issue")


def test_patterns_find_places_in_odd_text() -> None:
    text = "é👍\ud800 your rent is"
    (one,) = found(Outbound(text, kind="reply"), "personal_issue")
    assert text[one.start : one.end] == "your rent is"


def test_tone() -> None:
    (one, *_) = found(Outbound("You clearly cannot read. Stop wasting our time.", kind="reply"), "tone")
    assert (one.severity, one.clause) == ("stop", "")  # the small pack has no usage.4
    assert one.end > one.start
    assert not found(Outbound("Thank you for telling us.", kind="reply"), "tone")


def test_shouting_is_a_matter_of_tone_in_replies_only() -> None:
    text = "WE ARE CLOSED TODAY, come tomorrow!!!"
    assert [(one.severity, text[one.start : one.end]) for one in found(text, "tone")] == [("note", "!!!")]
    assert {one.severity for one in found(Outbound(text, kind="reply"), "tone")} == {"stop"}
    assert "stop" in {one.severity for one in found("STOP WASTING OUR TIME", "tone")}
    assert not found("İstanbul is far.", "tone")


def test_thread_limit() -> None:
    reply = Outbound("Thank you.", kind="reply", exchanges=2)
    assert found(reply, "thread_limit")
    assert not found(replace(reply, exchanges=1), "thread_limit")
    assert not found(replace(reply, kind="post"), "thread_limit")


def test_offensive() -> None:
    assert found("He is a fucking cunt.", "offensive")[0].severity == "stop"
    assert not found("We met in Scunthorpe.", "offensive")


def test_allegation() -> None:
    text = "It was late. Our clerk Peter Hallam stole the tools. Goodbye."
    (one,) = found(text, "allegation")
    assert text[one.start : one.end] == "Peter Hallam stole"
    assert one.severity == "ask"
    assert found("Mr. Smith stole it.", "allegation")
    assert found("@someone stole it.", "allegation")
    assert not found("Somebody stole a bicycle.", "allegation")
    assert not found("Thieves stole lead from Garden House.", "allegation")
    assert not found("Fernhill Homes stole the show.", "allegation")
    assert not found("Peter Hallam opened the fair. Somebody stole a bicycle.", "allegation")


def test_banned() -> None:
    assert marked("This is NAFF.", "banned") == ["NAFF"]
    (one,) = found("We did it, as per (the) rules", "banned") or [None]
    assert one is None or (one.severity == "ask" and "'as in'" in one.mend)
    assert not found("A naffodil.", "banned")


def test_sentence() -> None:
    text = "Short. " + " ".join(["word"] * 26) + ". Dr. Who."
    assert marked(text, "sentence") == [" ".join(["word"] * 26) + "."]
    assert not found(" ".join(["word"] * 25) + ".", "sentence")
    assert not found("\n".join([" ".join(["word"] * 20)] * 3), "sentence")


def test_reading_age() -> None:
    hard = (
        "Notwithstanding considerable organisational difficulties, accommodation allocation procedures continue. " * 15
    )
    (one,) = found(hard, "reading_age")
    assert one.severity == "note"
    assert not found(hard[:300], "reading_age")
    assert not found("We fix the door. You let us in. It is done the same day. " * 10, "reading_age")


def test_capitals() -> None:
    assert marked("WE ARE CLOSED today", "capitals") == ["WE ARE CLOSED"]
    assert marked("It is OUR. VERY OWN BIG Day", "capitals") == ["VERY OWN BIG"]
    assert not found("The NHS and BHP met.", "capitals")
    assert not found("我们 明天 开放 办公室. Été à la plage. مرحبا بكم في بيتنا", "capitals")


def test_emoji() -> None:
    text = "Yes 👍👍👍👍🏽!"
    (one,) = found(text, "emoji")
    assert text[one.start : one.end] == "👍🏽"
    assert not found("Yes 👍👍👍", "emoji")


def test_fancy_letters() -> None:
    text = "𝗡𝗲𝘄 things and Ⓐ"
    assert marked(text, "fancy_letters") == ["𝗡𝗲𝘄", "Ⓐ"]
    assert "'New'" in found(text, "fancy_letters")[0].mend
    assert not found("Plain é ü ñ 🇬🇧", "fancy_letters")


def test_hashtags() -> None:
    assert marked("Come #funinthepark", "hashtags") == ["#funinthepark"]
    assert marked("Come #FUNINTHEPARK", "hashtags") == ["#FUNINTHEPARK"]
    assert marked("Come #Funinthepark", "hashtags") == ["#Funinthepark"]
    assert not found("Come #FunInThePark #brent #NHS and C#", "hashtags")
    assert marked("#A1 #B1 #C1 #D1", "hashtags") == ["#D1"]


def pictured(**changes: object) -> Outbound:
    return Outbound("Look.", images=(PICTURE, replace(PICTURE, **changes)))  # type: ignore[arg-type] # any field


@pytest.mark.parametrize(
    ("alt", "severities"),
    [
        ("", ["stop"]),
        ("  ", ["stop"]),
        ("IMG_1234", ["stop"]),
        ("holiday-photo(1).JPG", ["stop"]),
        ("Screenshot 2026", ["stop"]),
        ("Image of a slide", ["note"]),
        ("a photo showing a slide", ["note"]),
        ("A slide. " * 120, ["stop"]),
        ("A slide, photographed at night", []),
    ],
)
def test_alternative_text(alt: str, severities: list[str]) -> None:
    findings = found(pictured(alt=alt), "alternative_text", X)
    assert [one.severity for one in findings] == severities
    assert all(one.field == "images.1.alt" for one in findings)


def test_pictures() -> None:
    assert found(pictured(bytes=40_000_000), "image_weight")[0].field == "images.1"
    assert found(pictured(bytes=5_000_001), "image_weight", X)
    assert not found(pictured(), "image_weight", X)
    assert found(pictured(width=100), "image_size")[0].severity == "ask"
    assert found(pictured(height=100), "image_size")
    assert not found(pictured(), "image_size")
    five = Outbound("Look.", network="x", images=(PICTURE,) * 5)
    assert "x takes 4" in found(five, "image_count", X)[0].message
    assert not found(five, "image_count")


def test_private_first() -> None:
    draft = Outbound("Hello.", kind="private")
    assert found(draft, "private_first")[0].severity == "stop"
    assert not found(replace(draft, person_wrote_first=True), "private_first")
    assert not found(replace(draft, answering=Inbound("1", "Hi", private=True)), "private_first")
    assert found(replace(draft, answering=Inbound("1", "Hi")), "private_first")


def test_wording() -> None:
    same = Outbound(PACK.wording("hello").text, kind="reply", wording="hello")
    assert not found(same, "wording")
    for text, part in [
        ("Hello. Nobody will be in touch", "No"),
        ("Hello. Somebody will be in touch soon", " soon"),
        ("Hello. Somebody will be in", "n"),
        ("", ""),
    ]:
        (one,) = found(replace(same, text=text), "wording")
        assert one.severity == "ask"
        assert text[one.start : one.end] == part
        assert one.clause == "usage.1"
    assert found(replace(same, wording="gone"), "wording")[0].severity == "stop"


def test_not_answered() -> None:
    abused = Inbound("1", "That woman on your phone line is a stupid cow and should be sacked")
    reply = Outbound("Thank you.", kind="reply", answering=abused)
    stops = [one for one in check(reply, PACK, NOON) if one.check == "not_answered"]
    assert [one.clause for one in stops] == ["usage.8"]
    rude = Inbound("2", "You are all fucking cunts")
    wording = Outbound(PACK.wording("hello").text, kind="reply", answering=rude, wording="hello")
    lines = FILES["rules.toml"].replace('refer = ["guardian"], answer = false', "withhold = true")
    softer = pack(checks=SETTINGS, rules=lines, words=WORDS)
    assert [one.check for one in check(wording, softer, NOON) if one.severity == "stop"] == ["not_answered"]
    own = replace(wording, wording="", text="Please write to us without insults.")
    assert not [one for one in check(own, softer, NOON) if one.check == "not_answered"]
    calm = replace(wording, answering=Inbound("3", "When do you open?"))
    assert not [one for one in check(calm, softer, NOON) if one.check == "not_answered"]


@given(st.text(), st.sampled_from(["post", "reply", "private", "wording"]))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_checked(text: str, kind: str) -> None:
    draft = Outbound(text, kind=kind, link=text, wording=text, answering=Inbound("1", text), images=(PICTURE,))
    for one in check(draft, PACK, NOON, X):
        assert one.message
        assert one.mend
        if one.field == "text":
            assert 0 <= one.start < one.end <= len(text)


@pytest.mark.parametrize("piece", ["a-", "A ", "#a", "a.", "WE ARE ", "Mr ", "👍", "your rent is 5 "])
def test_long_texts_end(piece: str) -> None:
    findings = check(Outbound(piece * (10_000 // len(piece)), kind="reply"), PACK, NOON, X)
    assert any(one.check == "length" for one in findings)


def test_gravest_first_and_not_without_end() -> None:
    findings = check(Outbound("naff " * 80 + "WE ARE OPEN", images=(replace(PICTURE, alt=""),)), PACK, NOON)
    assert [one.severity for one in findings] == sorted(
        (one.severity for one in findings), key=["stop", "ask", "note"].index
    )
    assert sum(one.check == "banned" for one in findings) == 50
    assert findings[0].field in ("", "text")
