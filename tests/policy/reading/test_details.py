"""Personal details told in many ways, with the place of each, and what only looks like them (details.txt)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gatepost.policy.reading import read, read_many
from tests.policy.reading.test_messages import words

_MARKED = re.compile(r"\[\[(\w+)\|(.+?)\]\]")
_TOLD, _, _LIKE = Path(__file__).with_name("details.txt").read_text(encoding="utf-8").partition("\n---\n")
TOLD, LIKE = _TOLD.splitlines()[1:], _LIKE.splitlines()


@pytest.mark.parametrize("line", TOLD)
def test_every_detail_is_found_where_it_stands(line: str) -> None:
    text = _MARKED.sub(lambda match: match[2], line)
    reading = read(text, words())
    found = [(one.kind, text[one.start : one.end]) for one in reading.spans if one.label == "personal_details"]
    for match in _MARKED.finditer(line):
        assert any(kind == match[1] and match[2] in part and len(part) <= len(match[2]) + 4 for kind, part in found)
    assert reading.labels["personal_details"] >= 0.5


def test_what_only_looks_like_them_is_left_alone() -> None:
    readings = [read(text, words()) for text in LIKE]
    assert not [text for text, one in zip(LIKE, readings, strict=True) if one.labels["personal_details"] >= 0.5]


def test_many_are_read_as_each_alone() -> None:
    texts = [_MARKED.sub(lambda match: match[2], line) for line in TOLD] + LIKE
    texts += [text.upper() for text in texts] + [text.lower() for text in texts]
    assert list(read_many(texts, words(), None)) == [read(text, words()) for text in texts]


def test_an_account_at_a_bank_is_no_reference_of_ours() -> None:
    text = "account no. 87654321, sort code 123456"
    kinds = {text[one.start : one.end]: one.kind for one in read(text, words()).spans}
    assert kinds == {"87654321": "bank", "123456": "bank"}


def test_a_name_alone_after_a_word_that_may_lead_to_one_is_not_shown() -> None:
    assert not read("It's Kate Bush on the radio", words()).spans
    beside = read("ring Tom Aldous on 01632 960123", words())
    assert {one.kind for one in beside.spans} >= {"name", "phone"}
