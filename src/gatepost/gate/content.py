"""The exact content of an act as one value with one digest: any change to any of it voids the sign-off."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeVar, get_args

from gatepost.ledger.digest import canonical
from gatepost.networks.protocol import ActKind

T = TypeVar("T")
WRITES = ("publish", "reply")
WORDS_OF_OURS = (*WRITES, "edit")
Lasting = Literal["block", "mute", "close"]
LASTING: tuple[Lasting, ...] = get_args(Lasting)
ENDS: Mapping[str, ActKind] = {
    "block": "unblock",
    "mute": "unmute",
    "close": "reopen",
}  # of what lasts
Hiding = Literal["hide", "unhide", "remove"]
HIDING: tuple[Hiding, ...] = get_args(Hiding)
MODERATION = (*HIDING, "approve", *LASTING, *ENDS.values())


FORMAT = 2
MOST_PARTS = 25  # writes of one post: more is a page of its own


class BadContent(ValueError):
    """A kept content holds something this program does not know, so it can neither be shown whole nor leave. The
    message says so to people."""


@dataclass(frozen=True, slots=True)
class CaptionsRef:
    """Stored captions or a transcript by the SHA-256 of the file. `kind`: "captions" or "transcript"."""

    sha256: str
    language: str = "en"
    kind: str = "captions"


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
    captions: tuple[CaptionsRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What follows under the first post: the next post of a thread, or a comment of our own. In a deletion `target`
    names what is taken down with it."""

    text: str = ""
    media: tuple[MediaRef, ...] = ()
    target: str = ""


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
    not_after: datetime | None = None  # the end of the window it may be moved in without being signed again
    expires_at: datetime | None = None  # then it is taken down again
    leads_to: str = ""  # where the link leads when it is a short one of ours
    parts: tuple[Part, ...] = ()  # what follows it, each a write of its own at the network, in this order
    privately: bool = False  # a message to the writer of `in_reply_to` alone, not an answer that everybody sees

    def as_json(self) -> dict[str, Any]:
        value = {name: _plain(found) for name, found in asdict(self).items()}
        value["media"] = _plain_media(value["media"])
        value["parts"] = [_plain_part(item) for item in value["parts"]]
        return _without_empty(value, SPARSE)

    @property
    def digest(self) -> str:
        return digest_of(self.as_json())

    @property
    def writes(self) -> int:
        """How many writes at the network it takes."""
        return 1 + len(self.parts)

    @property
    def every_media(self) -> tuple[MediaRef, ...]:
        """Its pictures and films, those of its further parts among them."""
        return (*self.media, *(item for part in self.parts for item in part.media))

    def window(self) -> tuple[datetime, datetime] | None:
        """From when until when it may leave; None: once it is signed off."""
        if self.not_before is None:
            return None
        return self.not_before, self.not_after or self.not_before + timedelta(minutes=self.late_after)

    def too_late(self, at: datetime) -> str:
        """Why what was signed does not cover leaving at this moment any more, in words; "" when it does."""
        if self.expires_at and at >= self.expires_at:
            return "Its time on the network, signed off with it, has ended"
        if self.not_after and at > self.not_after:
            return "The window it was signed off for has ended"
        return ""


def moved_to(content: Content, to: datetime) -> Content:
    """The same content for another time; its window keeps its length."""
    length = content.not_after - content.not_before if content.not_after and content.not_before else None
    return replace(content, not_before=to, not_after=to + length if length is not None else None)


# Fields that came after format 1. Empty they are left out, so that what was signed before keeps its digest. A new field
# gets an empty default and its name here; the digest of a content that uses it says format 2.
SPARSE = ("not_after", "leads_to", "expires_at", "parts", "privately")
SPARSE_MEDIA = ("captions",)
SPARSE_PART = ("media", "target")
MOMENTS = ("not_before", "not_after", "expires_at")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return {name: _plain(item) for name, item in value.items()} if isinstance(value, dict) else value


def _plain_media(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_without_empty(_plain(item), SPARSE_MEDIA) for item in items]


def _plain_part(part: dict[str, Any]) -> dict[str, Any]:
    return _without_empty({**part, "media": _plain_media(part["media"])}, SPARSE_PART)


def _without_empty(value: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: found for name, found in value.items() if found or name not in names}


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 in hex over the canonical form of a content's JSON, with the format it is written in."""
    newer = any(name in content for name in SPARSE) or any(
        name in item for item in content.get("media", ()) for name in SPARSE_MEDIA
    )
    return hashlib.sha256(b"gatepost act %d\x00" % (FORMAT if newer else 1) + canonical(dict(content))).hexdigest()


def words_of(content: Mapping[str, Any]) -> str:
    """All words of a kept content: its text, then the text of each further part."""
    parts = (str(part.get("text", "")) for part in content.get("parts", ()))
    return "\n\n".join(filter(None, (str(content.get("text", "")), *parts)))


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


UNREADABLE = (
    "This version of the desk cannot read all of it, so nobody can sign it and it is not sent. "
    "Change it and submit it again, or withdraw it."
)


def from_json(value: Mapping[str, Any]) -> Content:
    """Raises BadContent for what this program does not know: what it cannot show whole it must not send."""
    try:
        return _whole(value)
    except BadContent:
        raise
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadContent(UNREADABLE) from error


def _whole(value: Mapping[str, Any]) -> Content:
    values = dict(value)
    for name in MOMENTS:
        moment = values.get(name)
        values[name] = datetime.fromisoformat(moment) if moment else None
    values["media"] = tuple(_media(item) for item in values.get("media", ()))
    values["parts"] = tuple(_part(item) for item in values.get("parts", ()))
    return _made(Content, values)


def _part(value: Mapping[str, Any]) -> Part:
    return _made(Part, {**value, "media": tuple(_media(item) for item in value.get("media", ()))})


def _media(value: Mapping[str, Any]) -> MediaRef:
    captions = tuple(_made(CaptionsRef, item) for item in value.get("captions", ()))
    return _made(MediaRef, {**value, "captions": captions})


def _made(kind: type[T], values: Mapping[str, Any]) -> T:
    known = {one.name for one in fields(kind)}  # type: ignore[arg-type]  # only our dataclasses come here
    if unknown := sorted(set(values) - known):
        raise BadContent(f"{UNREADABLE} What it does not know is called ‘{unknown[0]}’.")
    return kind(**values)
