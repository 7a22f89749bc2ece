"""The exact content of an act as one value with one digest: any change to any of it voids the sign-off."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from gatepost.ledger.digest import canonical
from gatepost.networks.protocol import ActKind

WRITES = ("publish", "reply")
MODERATION = ("hide", "unhide", "remove", "approve")


@dataclass(frozen=True, slots=True)
class MediaRef:
    """A stored picture by the SHA-256 of its bytes, with what the network is told of it."""

    sha256: str
    mime: str
    alt: str
    filename: str
    width: int = 0
    height: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Content:
    """What leaves, for which channel, in answer to what, and in which window."""

    kind: ActKind
    channel: int
    text: str = ""
    title: str = ""
    link: str = ""
    media: tuple[MediaRef, ...] = ()
    in_reply_to: str = ""
    target: str = ""
    not_before: datetime | None = None
    late_after: int = 30  # minutes past its time after which a person is asked

    def as_json(self) -> dict[str, Any]:
        value = asdict(self)
        value["media"] = [asdict(item) for item in self.media]
        value["not_before"] = self.not_before.astimezone(UTC).isoformat() if self.not_before else None
        return value

    @property
    def digest(self) -> str:
        return digest_of(self.as_json())


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 in hex over the canonical form of a content's JSON."""
    return hashlib.sha256(b"gatepost act 1\x00" + canonical(dict(content))).hexdigest()


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def from_json(value: Mapping[str, Any]) -> Content:
    fields = dict(value)
    fields["media"] = tuple(MediaRef(**item) for item in fields.get("media", ()))
    moment = fields.get("not_before")
    fields["not_before"] = datetime.fromisoformat(moment) if moment else None
    return Content(**fields)
