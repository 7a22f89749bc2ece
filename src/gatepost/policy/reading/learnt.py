"""What a desk has taught the readers: for some labels a correction on top of what the shipped readers say.

A file of `learning.learn`: a header in TOML, a zero byte, then for every label its buckets (two bytes each, rising) and
their weights (one signed byte each). It holds weights of hashed pieces of words, never words. As with the shipped
judge, whole numbers are added up, so a message reads the same alone and in any company.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from ..model import LABELS
from .hashing import BUCKETS
from .memory import Floats, Memory, Summed, Table
from .trained import ONE

MOST_BYTES = 1_000_000
MOST_WEIGHTS = 20_000  # of one label
NEVER_LESS = "safeguarding"  # somebody may be in danger: this can be taught to see more, not to see less
_MOST_HEADER = 20_000
_FORMAT = 1
FURTHEST = 12.0  # log-odds: the shipped readers may be quite sure, and wrong
_FURTHEST = FURTHEST * ONE
_MEND = "Train again with: gatepost train"


class LearntError(ValueError):
    """What was taught cannot be used: the text says which file, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Taught:
    """One label's correction: weights of buckets, in `scale`, and an offset in 1/ONE of the log-odds."""

    label: str
    buckets: NDArray[np.uint16]
    weights: NDArray[np.int8]
    scale: float
    offset: int


@dataclass(frozen=True, slots=True)
class Learnt:
    """A correction ready for reading. `digest` is the SHA-256 of `data`; `base` that of the shipped judge it corrects.

    `columns`: the labels by their place in LABELS.
    """

    data: bytes
    digest: str
    base: str
    labels: tuple[str, ...]
    columns: list[int]
    table: Table
    scales: Floats
    offsets: Floats
    floors: Floats
    # As for the shipped judge: each reader takes one for itself and gives it back.
    memories: list[Memory] = field(default_factory=list, repr=False, compare=False)

    def memory(self) -> Memory:
        """A memory nobody else uses; give it back by appending it to `memories`."""
        try:
            return self.memories.pop()
        except IndexError:
            return Memory(self.table)

    def told(self, summed: Summed) -> Floats:
        """What is added to the log-odds of each label of `columns`, in 1/ONE: one row a page."""
        rows = np.rint(summed.sums * self.scales * ONE / summed.lengths[:, None]) + self.offsets
        kept: Floats = np.minimum(np.maximum(rows, self.floors), _FURTHEST)
        return kept


def packed(taught: Sequence[Taught], base: str) -> bytes:
    """The file of what was taught, on top of the shipped judge with the digest `base`."""
    header = [f'format = {_FORMAT}\nbase = "{base}"\n']
    body = []
    for one in taught:
        header.append(
            f'[[label]]\nname = "{one.label}"\nscale = {one.scale!r}\noffset = {one.offset}\nweights = '
            f"{len(one.buckets)}\n"
        )
        body += [one.buckets.astype("<u2").tobytes(), one.weights.tobytes()]
    return "".join(header).encode() + b"\x00" + b"".join(body)


def opened(data: bytes, name: str) -> Learnt:
    """What `packed` made. `name` is what the file is called where it is complained of. Raises LearntError."""
    if len(data) > MOST_BYTES:
        raise LearntError(f"{name} has {len(data):,} bytes; at most {MOST_BYTES:,} are read. {_MEND}")
    header, mark, body = data.partition(b"\x00")
    if not mark or len(header) > _MOST_HEADER:
        raise LearntError(f"{name} is not a file that gatepost train made. {_MEND}")
    try:
        told = tomllib.loads(header.decode())
        base, parts = told["base"], [_part(one) for one in told["label"]]
    except (ValueError, KeyError, TypeError) as error:
        raise LearntError(f"{name} has a header that cannot be read ({error}). {_MEND}") from error
    labels = [part[0] for part in parts]
    if told.get("format") != _FORMAT or not isinstance(base, str) or not labels or len(set(labels)) < len(labels):
        raise LearntError(f"{name} has a header that this release does not know. {_MEND}")
    if len(body) != 3 * sum(part[3] for part in parts):
        raise LearntError(f"{name} is cut short or longer than its header says. {_MEND}")
    table = np.zeros((BUCKETS, len(parts)), dtype=np.int8)
    at = 0
    for column, (_, _, _, count) in enumerate(parts):
        buckets = np.frombuffer(body, dtype="<u2", count=count, offset=at)
        table[buckets, column] = np.frombuffer(body, dtype=np.int8, count=count, offset=at + 2 * count)
        at += 3 * count
    return Learnt(
        data=data,
        digest=sha256(data).hexdigest(),
        base=base,
        labels=tuple(labels),
        columns=[LABELS.index(label) for label in labels],
        table=table,
        scales=np.array([part[1] for part in parts]),
        offsets=np.array([part[2] for part in parts], dtype=np.float64),
        floors=np.array([0.0 if label == NEVER_LESS else -_FURTHEST for label in labels]),
    )


def _part(told: dict[str, object]) -> tuple[str, float, int, int]:
    """Name, scale, offset and number of weights of one label. Raises ValueError, KeyError, TypeError."""
    name, scale, offset, count = told["name"], told["scale"], told["offset"], told["weights"]
    if name not in LABELS or not isinstance(name, str):
        raise ValueError(f"no label {str(name)[:40]!r}")
    if not isinstance(scale, float) or not 0 <= scale <= 1:  # also refuses nan
        raise ValueError(f"the scale of {name} is not between 0 and 1")
    if type(offset) is not int or abs(offset) > _FURTHEST:
        raise ValueError(f"the offset of {name} is not between -{_FURTHEST:.0f} and {_FURTHEST:.0f}")
    if type(count) is not int or not 0 <= count <= MOST_WEIGHTS:
        raise ValueError(f"{name} does not have between 0 and {MOST_WEIGHTS:,} weights")
    return name, scale, offset, count
