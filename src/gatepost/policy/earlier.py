"""What somebody wrote before: how many whole days ago each of their messages came in, as far as rules look back."""

from __future__ import annotations

from bisect import insort
from collections.abc import Hashable, Iterable
from datetime import datetime, timedelta

from gatepost.policy.conditions import days_back
from gatepost.policy.pack import Pack

MOST = 100  # messages of one writer that are counted: a condition asks for no more
_SKEW = timedelta(minutes=1)  # by which the clocks of two machines may differ
_PRUNE_EVERY = 10_000


class Earlier:
    """Told of messages in the order in which they came, it says of each what its writer sent before.

    `days`: as far as it looks back; 0 keeps nothing. Held are times of that many days, at most MOST of a writer.
    """

    def __init__(self, days: int) -> None:
        self._days = days
        self._times: dict[Hashable, list[datetime]] = {}
        self._told = 0

    def seen(self, writer: Hashable, at: datetime) -> tuple[int, ...]:
        """Whole days between `at` and each earlier message, the latest first; and remembers this one. What is told
        too late is no earlier message of those that came after it."""
        if not self._days:
            return ()
        times = self._times.setdefault(writer, [])
        while times and (at - times[0]).days > self._days:
            del times[0]
        found = tuple(max((at - time).days, 0) for time in reversed(times) if time <= at + _SKEW)
        insort(times, at)
        if len(times) > MOST:
            del times[0]
        self._told += 1
        if self._told % _PRUNE_EVERY == 0:
            self._prune(at)
        return found

    def _prune(self, at: datetime) -> None:
        self._times = {writer: held for writer, held in self._times.items() if (at - held[-1]).days <= self._days}


def most_days_back(packs: Iterable[Pack]) -> int:
    """How many days the rules of these policies look back at most; 0 where none does."""
    return max((days_back(rule.when) for pack in packs for rule in pack.rules), default=0)
