"""What a person has written, as one value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture or film of the library, what it shows, and how it is cut: `shape` "16:9" round `focus` (percent)."""

    sha256: str
    alt: str
    shape: str = ""
    focus: tuple[int, int] = (50, 50)
    part: int = 0  # 0: it leaves with the post itself; 1: with the first part after it


@dataclass(frozen=True, slots=True)
class DraftPart:
    """A further part of a post. `channel` 0: for every channel that takes parts; else for that one alone."""

    text: str
    channel: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has written. `texts` holds a channel's own text where it differs."""

    text: str
    kind: str
    channels: Sequence[int]
    title: str = ""
    aim: str = ""
    audiences: Sequence[str] = ()
    link: str = ""
    campaign: int | None = None
    other_channel: str = ""
    texts: Mapping[int, str] = field(default_factory=dict)
    pictures: Sequence[Picture] = ()
    parts: Sequence[DraftPart] = ()
    not_before: datetime | None = None
    expires_at: datetime | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
