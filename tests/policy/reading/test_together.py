"""A message reads the same alone, in any company and in any order; what is skipped would have found nothing."""

from __future__ import annotations

import gc
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost.policy.decide import decide, decide_many
from gatepost.policy.model import Inbound
from gatepost.policy.pack import load
from gatepost.policy.reading import (
    abuse,
    identity_numbers,
    read,
    read_many,
    requests,
    safeguarding,
    spam,
    thanks,
    together,
)
from gatepost.policy.reading.contact_details import contact_details
from gatepost.policy.reading.page import open_page
from gatepost.policy.reading.personal_data import personal_data
from tests.policy.reading.test_any_text import TEXTS
from tests.policy.reading.test_messages import words
from tests.policy.small import NOON

ROOT = Path(__file__).resolve().parents[3]
LINES = (Path(__file__).parent / "messages.jsonl").read_text(encoding="utf-8").splitlines()
KNOWN = [json.loads(line)["text"] for line in LINES]
MESSAGES = st.one_of(st.sampled_from(KNOWN), TEXTS)


@settings(max_examples=120, deadline=None)
@given(st.lists(MESSAGES, max_size=12), st.randoms(use_true_random=False))
def test_alone_and_in_any_company(texts: list[str], chance: object) -> None:
    alone = [read(text, words()) for text in texts]
    assert read_many(texts, words()) == alone
    assert read_many(texts[::-1], words()) == alone[::-1]
    assert read_many([*KNOWN[:5], *texts, *KNOWN[:3]], words())[5 : 5 + len(texts)] == alone


def test_every_known_message_is_decided_the_same_alone_and_with_all_others() -> None:
    pack = load(ROOT / "packs" / "bhp")
    messages = [Inbound(str(place), text) for place, text in enumerate(KNOWN)]
    assert decide_many(messages, pack, NOON) == [decide(message, pack, NOON) for message in messages]
    assert decide_many(messages, pack, [NOON] * len(messages)) == decide_many(messages, pack, NOON)


def test_more_messages_than_are_weighed_together(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = read_many(KNOWN[:40], words())
    monkeypatch.setattr(together, "MOST_PAGES", 7)
    assert read_many(KNOWN[:40], words()) == wanted
    monkeypatch.setattr(together, "MOST_TEXT", 100)
    assert read_many(KNOWN[:40], words()) == wanted
    assert read_many([], words()) == []


def test_the_collector_is_as_it_was() -> None:
    assert gc.isenabled()
    read_many(KNOWN[:3], words())
    assert gc.isenabled()
    gc.disable()
    try:
        read_many(KNOWN[:3], words())
        assert not gc.isenabled()
    finally:
        gc.enable()


@settings(max_examples=200, deadline=None)
@given(MESSAGES)
def test_a_reader_that_is_not_asked_would_have_said_nothing(text: str) -> None:
    page = open_page(text, words())
    own = {
        "thanks": thanks.thanks,
        "spam": spam.spam,
        "safeguarding": safeguarding.safeguarding,
        "media_query": requests.media_query,
        "sar_request": requests.sar_request,
        "foi_request": requests.foi_request,
    }
    for label, reader in own.items():
        if label not in page.hits:
            assert reader(page) == []
    if not page.hits.keys() & {"insult", "slur", "threat"}:
        assert abuse.abuse(page, words()) == abuse.Abuse([], [])
    if not page.hits.keys() & {"service_request", "fault"}:
        assert requests.service_request(page, 0.0) == []


PIECES = [
    "07700",
    "900123",
    "12",
    "34",
    "56",
    "AB",
    "C",
    "QQ",
    "HA0",
    "3XX",
    "1234",
    "5678",
    "sort code",
    "acct",
    "dob",
    "-",
    "/",
    " ",
    ".",
    "(",
    ")",
    "+44",
    "card",
    "4929",
    "1010",
    "rent ref",
    "BHP",
    "NHS",
    "943",
    "476",
    "5919",
    "LK19",
    "ABC",
    "car",
]
FIGURES = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@settings(max_examples=400, deadline=None)
@given(FIGURES)
def test_no_number_is_missed_for_want_of_figures(text: str) -> None:
    """Counting the figures first changes nothing but the time."""
    page = open_page(text, words())
    plain = page.normal.text
    wanted = [*contact_details(plain, words(), 99), *identity_numbers.identity_numbers(plain, words(), 99)]
    rows = {sign.kind for sign in personal_data(page, words())}
    assert {kind for _, _, kind, _ in wanted} - rows <= {
        "ni",
        "postcode",
        "car_registration",
        "bank",
        "nhs",
        "phone",
    } - rows
    for start, end, kind, _ in wanted:
        assert any(sign.start < end and start < sign.end for sign in personal_data(page, words())), kind
