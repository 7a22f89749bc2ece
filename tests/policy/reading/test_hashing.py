"""The buckets of a word are the same whether it is worked out by itself or with many."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gatepost.policy.reading import hashing, memory

WORDS = st.lists(st.text(max_size=30), min_size=1, max_size=6)


@given(WORDS)
def test_one_word_has_the_pieces_it_has_among_many(forms: list[str]) -> None:
    texts = list(map(hashing.plain_bytes, forms))
    buckets, sizes = hashing.pieces(texts)
    ends = np.cumsum(sizes)
    for text, first, end in zip(texts, ends - sizes, ends, strict=True):
        assert sorted(buckets[first:end].tolist()) == sorted(hashing.pieces_of(text))


@given(st.integers(0, 0xFFFFFFFF))
def test_one_hash_has_the_bucket_it_has_among_many(hashed: int) -> None:
    assert hashing.bucket(hashed) == hashing.whole(np.array([hashed], dtype=np.uint32))[0]


@given(WORDS)
def test_a_few_words_add_up_to_what_they_add_up_to_among_many(forms: list[str]) -> None:
    table = (np.arange(2 * hashing.BUCKETS) % 251 - 125).astype(np.int8).reshape(-1, 2)
    few, many = memory.Sums(table), memory.Sums(table)
    many.learn([*forms, "these", "make", "them", "many"])
    for form in forms:
        few.learn([form])
    for one, other in ((few.sums, many.sums), (few.sizes, many.sizes), (few.numbers, many.numbers)):
        assert np.array_equal(one[: few.count], other[: few.count])
