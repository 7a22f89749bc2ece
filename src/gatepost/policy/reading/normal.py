"""A plain lower-case form of a text that never forgets where each character came from.

People write with curly quotes, full-width letters, invisible joiners, Cyrillic look-alikes and stray control
characters. The readers look at the plain form; every place they find is told in code points of the original.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Letters of other scripts that pass for Latin ones; applied only inside a word that also has Latin letters,
# so that real Russian, Ukrainian and Greek stay as they are.
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝвнкмтгɡαορνικτυхеӏսոօհցվ",
    "aeopcyxijshdqwbhkmtrgaopviktuxelunohgu",
)
_MIXED = re.compile(r"[a-z][а-яіјѕһӏα-ωա-ֆ]|[а-яіјѕһӏα-ωա-ֆ][a-z]")
# Letters that no language of ours is written in, and that are read as the plain ones: small capitals, hooks.
_SHAPES = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢƒɑɡ", "abcdefghijklmnopqrstuvwyzfag", strict=True))
# What fills a place and is not seen: Hangul fillers; blank Braille is a space.
_UNSEEN = dict.fromkeys("\u115f\u1160\u3164\uffa0", "") | {"\u2800": " "}
_WORD = re.compile(r"[^\W\d_]+")
_QUOTES = {
    "‘": "'",
    "’": "'",
    "‛": "'",
    "`": "'",
    "´": "'",
    "ʼ": "'",
    "＇": "'",
    "“": '"',
    "”": '"',
    "„": '"',
}
_KNOWN = _SHAPES | _UNSEEN
_DASHES = "‐‑‒–—―−"
_MOST_FOLDS = 8192
_CONTROL = {code: " " for code in range(32) if code != 10} | {127: " "}


def listed(text: str) -> frozenset[str]:
    """The words of a space-separated list."""
    return frozenset(text.split())


@dataclass(slots=True)
class Normal:
    """`text` is the plain form of `original`; `places[i]` is the code point of `original` that gave `text[i]`.

    `places` is empty when the two forms have the same length and no map is needed.
    """

    original: str
    text: str
    places: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span, in code points, of `text[start:end]`; `end` > `start`."""
        if not self.places:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def _fold(character: str) -> str:
    """The plain form of one character: "" for an invisible one, otherwise usually one character."""
    if character in _QUOTES:
        return _QUOTES[character]
    if character in _DASHES:
        return "-"
    if character in _KNOWN:
        return _KNOWN[character]
    if character == "…":
        return "."
    category = unicodedata.category(character)
    if category == "Cf":  # joiners, direction marks, soft hyphens: invisible, used to hide words
        return ""
    if category in ("Cc", "Cs", "Co", "Cn"):
        return "\n" if character == "\n" else " "
    if category.startswith("Z"):
        return " "
    if 0xFE00 <= ord(character) <= 0xFE0F:  # variation selectors after emoji
        return ""
    code = ord(character)
    if code < 0x250 or 0x1E00 <= code < 0x1F00 or 0xFF00 <= code < 0xFFF0 or 0x1D400 <= code < 0x1D800:
        bare = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
        return bare.casefold() or character.lower()
    if 0x1F150 <= code < 0x1F16A or 0x1F170 <= code < 0x1F18A:  # white letters on black discs and squares
        return chr(ord("a") + (code - 0x1F150) % 32)
    if 0x2100 <= code < 0x2150 or 0x2460 <= code < 0x2500 or 0x1F130 <= code < 0x1F18A:
        return unicodedata.normalize("NFKD", character).lower()
    # a combining mark standing alone
    if 0x300 <= code < 0x370 or 0x1AB0 <= code < 0x1B00 or 0x1DC0 <= code < 0x1E00 or 0x20D0 <= code < 0x2100:
        return ""
    return character.lower()


class _Folds(dict[int, str]):
    """The plain form of each code point, worked out when first met. `odd`: those that are not one character for one."""

    def __init__(self) -> None:
        super().__init__()
        self.odd: set[str] = set()

    def __missing__(self, code: int) -> str:
        character = chr(code)
        piece = _fold(character)
        if len(piece) != 1:
            self.odd.add(character)
        if len(self) >= _MOST_FOLDS:  # texts of strange letters must not fill the memory of a worker
            self.clear()
        self[code] = piece
        return piece


_FOLDS = _Folds()


def normal(text: str) -> Normal:
    """The plain form of `text`: any Unicode at all, lone surrogates included; never raises."""
    if text.isascii():
        plain = text.lower()
        return Normal(text, plain if text.isprintable() else plain.translate(_CONTROL))
    plain = text.translate(_FOLDS)
    if _MIXED.search(plain):
        # Look-alikes are replaced one for one, so the map below still holds.
        plain = _WORD.sub(lambda m: m[0].translate(_LOOKALIKES) if _MIXED.search(m[0]) else m[0], plain)
    if _FOLDS.odd.isdisjoint(text):
        return Normal(text, plain)
    lengths = map(len, map(_FOLDS.__getitem__, map(ord, text)))
    return Normal(text, plain, tuple(place for place, length in enumerate(lengths) for _ in range(length)))
