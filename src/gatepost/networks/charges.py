"""What a network charges, how much it takes in a while, and what can be done to what is out: from limits.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from .limits import figure

LINK = re.compile(r"https?://\S|\bwww\.\S")


@dataclass(frozen=True, slots=True)
class Window:
    """At most `most` posts in `seconds`."""

    most: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Cost:
    """US dollars for one request; `otherwise` what it would cost without the link, None when there is none."""

    dollars: Decimal
    otherwise: Decimal | None = None

    @property
    def times(self) -> int:
        """How many times as much the link makes it, 1 without one."""
        return round(self.dollars / self.otherwise) if self.otherwise else 1

    @property
    def says(self) -> str:
        """Without the network's name: "$0.20 a post, 13 times as much as without the link"."""
        more = f", {self.times} times as much as without the link" if self.otherwise else ""
        mills = self.dollars.quantize(Decimal("0.001"))
        return f"${mills if mills % Decimal('0.01') else mills.quantize(Decimal('0.01'))}{more}"


def write_window(network: str) -> Window | None:
    """How many posts the network takes in what time; None when it publishes no number."""
    most, seconds = figure(network, "writes"), figure(network, "writes_seconds")
    return Window(int(most), int(seconds)) if most and seconds else None


def cost(network: str, kind: str, words: str, link: str = "") -> Cost | None:
    """What sending this costs; None when the network charges nothing."""
    if kind == "delete":
        taken = figure(network, "cost_delete")
        return Cost(_dollars(taken)) if taken else None
    plain = figure(network, "cost_reply" if kind == "reply" else "cost_post")
    if not plain or kind not in ("publish", "reply", "edit"):
        return None
    linked = figure(network, "cost_link")
    if linked and (link or LINK.search(words)):
        return Cost(_dollars(linked), _dollars(plain))
    return Cost(_dollars(plain))


def can_edit(network: str) -> bool:
    return bool(figure(network, "edit"))


def can_edit_replies(network: str) -> bool:
    """Answers, and what follows under a first post: the further posts of a thread, comments of our own."""
    return can_edit(network) and bool(figure(network, "edit_replies"))


def edit_minutes(network: str) -> int:
    """For how many minutes a post can be edited; 0: without end."""
    return int(figure(network, "edit_minutes") or 0)


def can_delete(network: str) -> bool:
    return bool(figure(network, "delete"))


def unseen_hours(network: str) -> int:
    """How many hours the network keeps a picture or film that no post names yet; 0: it takes none before its post."""
    return int(figure(network, "unseen_hours") or 0)


def reading_costs(network: str) -> bool:
    return bool(figure(network, "cost_read"))


def _dollars(value: object) -> Decimal:
    return Decimal(str(value))
