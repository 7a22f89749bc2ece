"""Pairs that differ in little and mean different things."""

from __future__ import annotations

import pytest

from gatepost.policy.reading import evidence, read
from tests.policy.reading.test_messages import words


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("your housing officer is a lying bastard", "staff_abuse", True),
        ("my neighbour is a lying bastard", "staff_abuse", False),
        ("my neighbour called your officer a bastard", "staff_abuse", False),
        ("bloody brilliant job from your plumber", "staff_abuse", False),
        ("bloody brilliant job from your plumber", "offensive", False),
        ("for fuck's sake the lift is broken again", "offensive", False),
        ("your staff were rude to me", "staff_abuse", False),
        ("I'll break your engineer's legs", "staff_abuse", True),
        ("he said he'd break my legs", "offensive", False),
        ("still waiting for the plumber, third time of asking", "complaint", True),
        ("this is not a complaint, what time do you open?", "complaint", False),
        ("thanks for nothing", "thanks", False),
        ("thanks for nothing", "complaint", True),
        ("thank you, the plumber was brilliant", "thanks", True),
        ("please can you fix my tap, thanks", "thanks", False),
        ("I'm a reporter at the Courier, can you comment?", "media_query", True),
        ("fix it or I'm going to the papers", "media_query", False),
        ("send me all the data you hold about me", "sar_request", True),
        ("FOI: how many evictions last year?", "foi_request", True),
        ("how much is a new fob?", "foi_request", False),
        ("I can smell gas", "safeguarding", True),
        ("your hold music makes me want to end my life haha", "safeguarding", False),
        ("you have won a free iPhone, click here", "spam", True),
        ("I got a text saying I won a prize, is it a scam?", "spam", False),
        ("when does the office open?", "question", True),
        ("could you send a plumber?", "question", False),
        ("could you send a plumber?", "service_request", True),
    ],
)
def test_near_pairs(text: str, label: str, expected: bool) -> None:
    assert (read(text, words()).labels[label] >= 0.5) is expected, evidence(text, words())[label]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("the lift is not working again", "en"),
        ("Winda znowu nie działa", "pl"),
        ("nu avem apă caldă de două săptămâni", "ro"),
        ("Mahadsanid, aad baad u mahadsan tihiin", "so"),
        ("گھر میں پانی نہیں ہے", "ur"),
        ("لا يوجد ماء ساخن", "ar"),
        ("पानी नहीं आ रहा", "hi"),
        ("গরম পানি নেই", "bn"),
        ("ਗਰਮ ਪਾਣੀ ਨਹੀਂ ਹੈ", "pa"),
        ("ગરમ પાણી નથી", "gu"),
        ("வெந்நீர் இல்லை", "ta"),
        ("没有热水", "zh"),
        ("Немає гарячої води", "uk"),
        ("Нет горячей воды", "ru"),
        ("No hay agua caliente desde hace semanas", "es"),
        ("il n'y a pas d'eau chaude depuis une semaine", "fr"),
        ("non c'è acqua calda da settimane", "it"),
        ("wir haben seit Wochen kein warmes Wasser", "de"),
        ("haftalardır sıcak su yok", "tr"),
        ("não há água quente há semanas", "pt"),
        ("mae'r dŵr poeth wedi torri eto", "cy"),
        ("Il y a de la moisissure partout", "fr"),
        ("Quiero presentar una queja formal", "es"),
        ("Türkçe biliyor musunuz?", "tr"),
        ("🎄🎄", "und"),
        ("", "und"),
    ],
)
def test_language(text: str, code: str) -> None:
    assert read(text, words()).language == code


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("fire in the bin store", "fire_safety"),
        ("lift stuck, someone inside", "lifts"),
        ("heating not working and I'm 82", "heating"),
        ("Huele a gas en el pasillo", "heating"),
        ("Czuję zapach gazu w korytarzu", "heating"),
        ("Ça sent le gaz dans l'escalier", "heating"),
        ("Nie ma ogrzewania od trzech dni i mam małe dziecko", "heating"),
    ],
)
def test_hazards(text: str, topic: str) -> None:
    reading = read(text, words())
    assert reading.urgent
    assert topic in reading.topics


@pytest.mark.parametrize(
    "text",
    ["fire safety meeting in the lobby", "the lift is stuck again", "boiler off for 82 min"],
)
def test_no_hazards(text: str) -> None:
    assert not read(text, words()).urgent


@pytest.mark.parametrize(
    ("text", "label", "holds"),
    [
        ("I'll find out where you live Nadia", "offensive", True),
        ("can I find out where you live by your ward map?", "offensive", False),
        ("I want to unalive myself", "safeguarding", True),
    ],
)
def test_said_round_about(text: str, label: str, holds: bool) -> None:
    assert (read(text, words()).labels[label] >= 0.5) is holds


def test_urgent_and_topics() -> None:
    reading = read("I can smell gas by the boiler", words())
    assert reading.urgent
    assert "heating" in reading.topics
    calm = read("Bingo on Wednesday", words())
    assert not calm.urgent
    assert calm.topics == ("community",)


def test_signs_can_be_explained() -> None:
    odds, signs = evidence("Please log this as a complaint", words())["complaint"]
    assert odds > 0
    assert any(sign.kind == "explicit" and sign.weight > 0 for sign in signs)
