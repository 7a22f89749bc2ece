"""Words the trained reader knows something of before it has met them: how rude, how good, how bad."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from zlib import crc32

import numpy as np

from . import hashing


@lru_cache(maxsize=1)
def lexicon() -> Mapping[str, tuple[int, ...]]:
    """The words of `lexicon.txt` and the buckets of their degrees: rude r1 to r3, good p1 to p3, bad n1 to n3."""
    text = resources.files(__package__).joinpath("lexicon.txt").read_text(encoding="utf-8")
    found: dict[str, tuple[int, ...]] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            degrees, _, words = line.partition(": ")
            marks = np.array([crc32(b"\x03" + degree.encode()) for degree in degrees.split()], dtype=np.uint32)
            found.update(dict.fromkeys(words.split(), tuple(hashing.whole(marks).tolist())))
    return found
