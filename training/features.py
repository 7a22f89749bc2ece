"""What a linear head sees of a page: the same buckets the reader adds up, as rows of one matrix."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags

from gatepost.policy.reading import hashing
from gatepost.policy.reading.hashing import BUCKETS
from gatepost.policy.reading.lexicon import lexicon
from gatepost.policy.reading.memory import DEGREE, MARK, MOST_WORDS, PAIR, WHOLE
from gatepost.policy.reading.page import Page
from gatepost.policy.reading.trained import marks


def matrix(pages: list[Page]) -> csr_matrix:
    """One row per page: how often each bucket occurs, over the root of the number of pieces."""
    places: dict[str, int] = {}
    held, follow, marked = [], [], []
    for number, page in enumerate(pages):
        words = [places.setdefault(form, len(places)) for form in page.forms[:MOST_WORDS]]
        held += [(number, word) for word in dict.fromkeys(words)]
        follow += [(number, first, second) for first, second in dict.fromkeys(pairwise(words))]
        marked += [(number, bucket) for bucket in marks(page)]
    texts = [hashing.plain_bytes(form) for form in places]
    numbers = np.array([hashing.number(text) for text in texts], dtype=np.uint32)
    buckets, sizes = hashing.pieces(texts)
    degrees = [(place, bucket) for form, place in places.items() for bucket in lexicon().get(form, ())]
    word_rows = (
        _counts(np.repeat(np.arange(len(texts)), sizes), buckets, 1, len(texts))
        + _counts(np.arange(len(texts)), hashing.whole(numbers), WHOLE, len(texts))
        + _counts(*_columns(degrees, 2), DEGREE, len(texts))
    )
    who, which = _columns(held, 2)
    pages_of = csr_matrix((np.ones(len(who)), (who, which)), shape=(len(pages), len(texts)))
    who, first, second = _columns(follow, 3)
    made = pages_of @ word_rows + _counts(who, hashing.pairs(numbers[first], numbers[second]), PAIR, len(pages))
    made = csr_matrix(made + _counts(*_columns(marked, 2), MARK, len(pages)))
    lengths = np.sqrt(np.asarray(made.sum(axis=1)).ravel())
    return csr_matrix(diags(1.0 / lengths) @ made)


def _columns(rows: list[Any], width: int) -> list[Any]:
    return list(np.array(rows, dtype=np.int64).reshape(-1, width).T)


def _counts(rows: Any, buckets: Any, each: int, count: int) -> csr_matrix:
    return csr_matrix((np.full(len(rows), float(each)), (rows, buckets)), shape=(count, BUCKETS))
