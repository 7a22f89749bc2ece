"""Buckets for words, pieces of words and pairs of words: hashed for a whole batch at once, the same on every machine.

All of it is arithmetic on unsigned 32-bit numbers, so a batch of one gives what a batch of thousands gives. Pieces are
runs of two to five bytes of the word between "<" and ">"; their polynomial hashes roll along one array of bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint32]
Places = NDArray[np.int64]

BUCKETS = 1 << 16
LONGEST = 24  # bytes of a word that are cut into pieces
SIZES = (2, 3, 4, 5)
_ROLLED, _MIXED, _STIRRED = 0x2C1B3C6D, 0x9E3779B1, 0xC2B2AE35
_BASE, _MIX = np.uint32(_ROLLED), np.uint32(_MIXED)
_FIRST, _SECOND = np.uint32(0x85EBCA6B), np.uint32(_STIRRED)
_ALL = 0xFFFFFFFF
_DIGITS = str.maketrans("123456789", "000000000")


def _buckets(hashed: Numbers) -> Places:
    """16 bits of a 32-bit hash, every bit of it stirred in."""
    stirred = (hashed ^ (hashed >> np.uint32(15))) * _MIX
    stirred ^= stirred >> np.uint32(13)
    return (stirred * _SECOND >> np.uint32(16)).astype(np.int64)


def bucket(hashed: int) -> int:
    """What `_buckets` gives for one hash."""
    stirred = (hashed ^ (hashed >> 15)) * _MIXED & _ALL
    return ((stirred ^ (stirred >> 13)) * _STIRRED & _ALL) >> 16


def plain_bytes(form: str) -> bytes:
    """A word as it is hashed. A telephone number is no word to learn: of long ones with figures only the shape."""
    if len(form) > 4 and not form.isalpha() and any(c.isdigit() for c in form):
        form = form.translate(_DIGITS)
    return form.encode("utf-8", "replace")


def number(text: bytes) -> int:
    """The 32-bit hash a whole word (or a mark) goes by."""
    return crc32(text)


def whole(numbers: Numbers) -> Places:
    """The buckets of whole words, or of marks, by their numbers."""
    return _buckets(numbers)


def pairs(first: Numbers, second: Numbers) -> Places:
    """The buckets of words in a row, by the numbers of both."""
    return _buckets(first * _FIRST + (second ^ np.uint32(0x27D4EB2F)) * _SECOND)


def pieces(words: Sequence[bytes]) -> tuple[Places, Places]:
    """The buckets of all pieces of every word, word by word, and how many each word has."""
    edged = [b"<%b>" % word[:LONGEST] for word in words]
    lengths = np.fromiter(map(len, edged), dtype=np.int64, count=len(edged))
    text = np.frombuffer(b"".join(edged), dtype=np.uint8).astype(np.uint32)
    owner = np.repeat(np.arange(len(edged)), lengths)
    left = np.cumsum(lengths)[owner]  # for each byte how many there are from it to the end of its word
    left -= np.arange(len(text))
    found: list[Numbers] = []
    owners: list[Places] = []
    rolled = text
    for size in SIZES:
        rolled = rolled[:-1] * _BASE + text[size - 1 :]
        inside = np.flatnonzero(left[: len(rolled)] >= size)
        found.append(rolled[inside] + np.uint32(size))
        owners.append(owner[inside])
    of = np.concatenate(owners)
    order = np.argsort(of, kind="stable")
    return _buckets(np.concatenate(found)[order]), np.bincount(of, minlength=len(edged))


def pieces_of(word: bytes) -> list[int]:
    """The buckets of all pieces of one word, in any order: what `pieces` gives for many, without arrays."""
    edged = b"<%b>" % word[:LONGEST]
    rolled = list(edged)
    found: list[int] = []
    for size in SIZES:
        rolled = [(one * _ROLLED + then) & _ALL for one, then in zip(rolled, edged[size - 1 :], strict=False)]
        found += [bucket((one + size) & _ALL) for one in rolled]
    return found
