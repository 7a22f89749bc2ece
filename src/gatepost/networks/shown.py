"""How a network shows a text: what it links, how much of an address it shows, where "See more" begins.

The rules are figures of limits.toml. Nothing here changes what is sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from .limits import limits

Kind = Literal["words", "link", "hashtag", "mention"]

URL = r"https?://[^\s<>\"]*[^\s<>\".,;:!?)'\]]"
_TAG = r"(?<![\w&/#])[#＃](?=\w*[^\W\d_])\w+"
_NAME = r"(?<![\w@/.])@\w[\w.-]*\w(?:@[\w-]+(?:\.[\w-]+)+)?|(?<![\w@/.])@\w"
_PARTS = re.compile(f"(?P<link>{URL})|(?P<hashtag>{_TAG})|(?P<mention>{_NAME})", re.IGNORECASE)
_LINKED_TAGS = frozenset({"facebook", "x", "bluesky", "mastodon", "threads", "linkedin", "instagram", "youtube"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text as it is shown. `start` and `end` are its code points in the text that is sent."""

    kind: Kind
    shown: str
    start: int
    end: int


def pieces(text: str, network: str) -> tuple[Piece, ...]:
    """`text` cut at what the network makes into links. The pieces cover the text. Raises NoLimits."""
    known = limits(network)
    out: list[Piece] = []
    place = 0
    for found in _PARTS.finditer(text):
        kind: Kind = "link" if found["link"] else "hashtag" if found["hashtag"] else "mention"
        if (kind == "mention" and not known.mentions) or (kind == "hashtag" and network not in _LINKED_TAGS):
            continue
        if kind == "mention" and "." in found[0] and network in ("x", "threads", "instagram"):
            continue  # names there have no full stop followed by an ending: this is an address on another network
        if found.start() > place:
            out.append(Piece("words", text[place : found.start()], place, found.start()))
        shown = address(found[0], known.link_shown) if kind == "link" else found[0]
        out.append(Piece(kind, shown, found.start(), found.end()))
        place = found.end()
    if place < len(text):
        out.append(Piece("words", text[place:], place, len(text)))
    return tuple(out)


def address(url: str, most: int) -> str:
    """A web address as it is shown: without https:// and cut after `most` characters; whole when `most` is 0."""
    if not most:
        return url
    bare = re.sub(r"^https?://(www\.)?", "", url, flags=re.IGNORECASE).rstrip("/")
    return bare if len(bare) <= most else f"{bare[:most]}…"


def fold_at(text: str, network: str) -> int | None:
    """The code point of `text` from which it lies behind "See more"; None when all of it is shown. Raises NoLimits.

    A fold never stands inside a word, and is not made for a few characters more than the figure.
    """
    known = limits(network)
    places = []
    if known.fold and len(text) > known.fold:
        place = known.fold
        while place > known.fold - 30 and not text[place - 1].isspace():
            place -= 1
        places.append(place)
    if known.fold_lines:
        ends = [found.end() for found in re.finditer("\n", text)]
        if len(ends) >= known.fold_lines:
            places.append(ends[known.fold_lines - 1])
    place = min(places, default=len(text))
    return place if text[place:].strip() else None


def crop(network: str, pictures: int) -> tuple[int, int] | None:
    """The shape (width, height) each of `pictures` pictures is cut to when shown; None when it is shown whole."""
    known = limits(network)
    shape = known.crop_one if pictures <= 1 else known.crop_many
    if not shape:
        return None
    wide, _, high = shape.partition(":")
    return int(wide), int(high)
