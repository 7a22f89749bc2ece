from __future__ import annotations

import hashlib
import re

import pytest

from gatepost.gate.seal import COUNT, BadDigest, four_words, grouped, stamp, together, words


def test_there_are_2048_different_plain_words() -> None:
    assert len(words()) == len(set(words())) == COUNT
    assert list(words()) == sorted(words())
    assert all(re.fullmatch(r"[a-z]{4,9}", word) for word in words())


def test_no_two_words_are_one_letter_apart() -> None:
    seen: dict[str, str] = {}
    for word in words():
        changed = {f"{word[:i]}*{word[i + 1 :]}" for i in range(len(word))}
        longer = {f"{word[:i]}*{word[i:]}" for i in range(len(word) + 1)}
        for pattern in changed | longer:
            assert pattern not in seen, f"{word} and {seen[pattern]} are one letter apart"
            seen[pattern] = word


def test_four_words_follow_the_digest() -> None:
    assert four_words("0" * 64) == (words()[0],) * 4
    assert four_words("f" * 64) == (words()[-1],) * 4
    one, other = hashlib.sha256(b"one").hexdigest(), hashlib.sha256(b"other").hexdigest()
    assert four_words(one) != four_words(other)
    assert four_words(one) == four_words(one.upper())


def test_the_stamp_has_a_stroke_a_byte() -> None:
    digest = hashlib.sha256(b"stamp").hexdigest()
    assert stamp(digest).count("M") == 32
    assert stamp(digest) != stamp(hashlib.sha256(b"other").hexdigest())


@pytest.mark.parametrize("bad", ["", "abc", "g" * 64, "0" * 62])
def test_what_is_no_digest_is_named(bad: str) -> None:
    with pytest.raises(BadDigest):
        four_words(bad)


def test_several_digests_have_one_in_common() -> None:
    a, b = hashlib.sha256(b"a").hexdigest(), hashlib.sha256(b"b").hexdigest()
    assert together([a]) == a
    assert together([a, b]) == together([b, a]) not in (a, b)
    assert grouped(a).replace(" ", "") == a
