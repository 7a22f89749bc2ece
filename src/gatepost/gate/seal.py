"""A digest as four words and a stamp, so that people can compare it by eye and by telephone.

The words stand for the first 44 bits: enough against a mix-up, not against somebody who looks for a collision.
Software always compares the whole digest.
"""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Iterable
from pathlib import Path

COUNT = 2048
_BITS = 11


class BadDigest(ValueError):
    """This is not a SHA-256 digest in hex."""


@functools.cache
def words() -> tuple[str, ...]:
    """The 2,048 words, in alphabetical order: common, harmless, no two a letter apart or alike by ear."""
    text = (Path(__file__).parent / "seal_words.txt").read_text(encoding="utf-8")
    return tuple(text.split())


def _bytes(digest: str) -> bytes:
    try:
        raw = bytes.fromhex(digest)
    except ValueError as error:
        raise BadDigest(f"“{digest[:80]}” is not a digest.") from error
    if len(raw) != 32:
        raise BadDigest(f"A digest has 64 hex figures; this has {len(digest)}.")
    return raw


def four_words(digest: str) -> tuple[str, str, str, str]:
    """Four words for a digest (64 hex figures). Raises BadDigest."""
    first = int.from_bytes(_bytes(digest), "big") >> (256 - 4 * _BITS)
    table = words()
    a, b, c, d = (table[(first >> shift) & (COUNT - 1)] for shift in (33, 22, 11, 0))
    return a, b, c, d


def stamp(digest: str) -> str:
    """The path (SVG `d`, a square of 52) of 32 strokes around a circle, one a byte, its length the byte's value."""
    strokes = []
    for place, value in enumerate(_bytes(digest)):
        turn = 2 * math.pi * place / 32
        inner, outer = 12.0, 14.0 + 9.0 * value / 255
        x, y = math.sin(turn), -math.cos(turn)
        strokes.append(f"M{26 + inner * x:.1f} {26 + inner * y:.1f}L{26 + outer * x:.1f} {26 + outer * y:.1f}")
    return "".join(strokes)


def grouped(digest: str) -> str:
    """The whole digest in groups of four figures, for reading aloud."""
    return " ".join(digest[place : place + 4] for place in range(0, len(digest), 4))


def together(digests: Iterable[str]) -> str:
    """One digest for several signed at once; that of a single one is itself. Their order does not matter."""
    every = sorted(digests)
    if len(every) == 1:
        return every[0]
    return hashlib.sha256(b"gatepost together 1\x00" + b"".join(_bytes(digest) for digest in every)).hexdigest()
