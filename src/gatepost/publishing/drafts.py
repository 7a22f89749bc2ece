"""What a person has written, as one value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Picture:
    sha256: str
    alt: str


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
    answers: Mapping[str, str] = field(default_factory=dict)
