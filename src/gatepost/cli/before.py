"""What the author of a line wrote before, from the lines above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b

from gatepost.policy.earlier import Earlier, most_days_back
from gatepost.policy.model import Inbound
from gatepost.policy.pack import Pack


class Before:
    """Told of lines from the top down. Authors are known by a digest of their network and name alone; nothing is held
    where no rule of `packs` looks back. `disordered`: lines that came in before one above them."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        self._days = most_days_back(packs)
        self._earlier = Earlier(self._days)
        self._latest: datetime | None = None
        self.disordered = 0

    def told(self, message: Inbound, at: datetime) -> Inbound:
        """The message with how many days ago its author wrote before. One without an author has no past."""
        if not self._days or not message.author:
            return message
        if self._latest is not None and at < self._latest:
            self.disordered += 1
        else:
            self._latest = at
        who = blake2b(f"{message.network}\0{message.author}".encode("utf-8", "surrogatepass"), digest_size=16)
        return replace(message, earlier=self._earlier.seen(who.digest(), at))
