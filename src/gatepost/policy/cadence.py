"""How often the policy wants each network written on, and what a week of posts says to that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Cadence:
    """A promise for one network. `at_most` and `minutes_apart` are 0 where there is no such limit."""

    network: str
    at_least: int  # posts a week
    clause: str = ""
    at_most: int = 0  # posts a week
    minutes_apart: int = 0  # between two posts on one channel


@dataclass(frozen=True, slots=True)
class Kept:
    """How one channel's week stands to its promise."""

    promise: Cadence
    planned: int
    missing: int  # posts still to be planned; 0 when the promise is kept
    over: int  # posts more than the most
    crowded: tuple[tuple[datetime, datetime], ...]  # neighbours nearer to each other than the policy wants


def kept(promise: Cadence, posts: Sequence[datetime]) -> Kept:
    """`posts`: the moments of one channel's posts in one week, in any order."""
    times = sorted(posts)
    apart = timedelta(minutes=promise.minutes_apart)
    crowded = tuple((one, other) for one, other in pairwise(times) if other - one < apart)
    return Kept(
        promise,
        len(times),
        max(0, promise.at_least - len(times)),
        max(0, len(times) - promise.at_most) if promise.at_most else 0,
        crowded,
    )
