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
    not_before: datetime | None = None
    expires_at: datetime | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
