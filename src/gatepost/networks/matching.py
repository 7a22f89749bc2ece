"""Which of several acts are among the posts a network shows: each post answers for one act, each act for one post."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime, timedelta

from .fields import settled
from .protocol import Found, NotThere, Outgoing, Receipt, Refused, Shown, Unknown

CLOCK_SKEW = timedelta(minutes=5)
"""How far the network's clock may be behind ours."""


class Sought:
    """Acts that are looked for in one list. `keys_of` gives what an act can be known by, the surest first."""

    def __init__(self, acts: Sequence[Outgoing], keys_of: Callable[[Outgoing], Iterable[Hashable]]) -> None:
        self.acts = acts
        self._found: dict[int, Receipt] = {}
        self._taken = {ref for act in acts for ref in act.taken}
        self._open: dict[Hashable, list[int]] = {}
        for place, act in enumerate(acts):
            for key in dict.fromkeys(keys_of(act)):
                self._open.setdefault(key, []).append(place)

    @property
    def earliest(self) -> datetime | None:
        """Nothing older can be one of them; None when one of them may be of any age."""
        times = [act.since for act in self.acts]
        known = [time for time in times if time is not None]
        return min(known) - CLOCK_SKEW if known and len(known) == len(times) else None

    @property
    def complete(self) -> bool:
        return len(self._found) == len(self.acts)

    def offer(self, ref: str, keys: Iterable[Hashable], made: datetime | None, receipt: Callable[[], Receipt]) -> None:
        """One post of ours as the network shows it; `made` is None when its time does not matter."""
        if ref in self._taken:
            return
        for key in keys:
            for place in self._open.get(key, ()):
                since = self.acts[place].since
                young = since is None or made is None or made >= since - CLOCK_SKEW
                if place not in self._found and young:
                    self._found[place] = receipt()
                    self._taken.add(ref)
                    return

    def answers(self, otherwise: NotThere | Unknown) -> list[Found]:
        """What is said of each act, in their order; `otherwise` of those that were not found."""
        return [self._found.get(place, otherwise) for place in range(len(self.acts))]


def found_edited(shown: Shown | NotThere, ref: str, wanted: str) -> Found:
    """Whether what is out has the words it was to get."""
    if isinstance(shown, NotThere):
        return Refused("What was to be changed is no longer there.", "gone")
    return Receipt(ref) if settled(shown.text) == settled(wanted) else NotThere()
