"""How long a text is, as the networks count.

- characters: Unicode code points.
- weighted: X counts most letters as 1, wide ones and emoji as 2, and every web address as 23, over the NFC
  form.
  Source: X's documentation "Counting characters"; the ranges are those of twitter-text, config/v3.json.
- graphemes: what people see as one character (Unicode Annex 29, the rules that matter for letters with marks,
  emoji,
  flags and Hangul).
- mastodon: graphemes, but every web address with https:// counts 23 and of @name@server only @name.
  Source: docs.joinmastodon.org, "Posting to your profile".
- threads: code points, but an emoji counts as many as it has bytes in UTF-8.
  Source: developers.facebook.com, "Threads Posts", limitations.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

Counted = Literal["characters", "weighted", "graphemes", "mastodon", "threads"]

URL_WEIGHT = 23
# Addresses without https:// count as 23 as well. X knows every ending there is; ours are the usual ones and all of two
# letters, rather one too many than one too few: a text too long is refused when it is too late to mend it.
_ENDINGS = "com|org|net|gov|edu|info|biz|app|dev|blog|shop|online|site|london|scot|wales|cymru|[a-z]{2}"
_URL = re.compile(
    rf"https?://[^\s<>\"]+|(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:{_ENDINGS})(?![\w.-]{{0,255}}@)\b(?:/[^\s<>\"]*)?",
    re.IGNORECASE,
)
_FULL_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_ELSEWHERE = re.compile(r"(?<![\w/@])(@[\w.-]{1,64})@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_JOINER = "\u200d"


def count(text: str, counted: Counted, limit: int) -> tuple[int, int | None]:
    """(units used, code point of `text` from which it is over `limit`; None when it is not over)."""
    used = 0
    over: int | None = None
    for start, weight in _units(text, counted):
        used += weight
        if over is None and used > limit:
            over = start
    return used, over


def _units(text: str, counted: Counted) -> Iterator[tuple[int, int]]:
    if counted == "characters":
        yield from ((place, 1) for place in range(len(text)))
    elif counted == "graphemes":
        yield from ((start, 1) for start, _ in graphemes(text))
    elif counted == "mastodon":
        yield from _mastodon(text)
    elif counted == "threads":
        yield from ((start, _bytes_of_emoji(text[start:end])) for start, end in graphemes(text))
    else:
        yield from _weighted(text)


def _weighted(text: str) -> Iterator[tuple[int, int]]:
    place = 0
    for url in _URL.finditer(text):
        end = url.start() + len(url[0].rstrip(".,;:!?)'"))
        yield from _weights(text, place, url.start())
        yield url.start(), URL_WEIGHT
        place = end
    yield from _weights(text, place, len(text))


def _mastodon(text: str) -> Iterator[tuple[int, int]]:
    """Each visible character once; an address 23; of somebody on another server only the name before the second @."""
    whole: list[tuple[int, int, int]] = []
    for url in _FULL_URL.finditer(text):
        whole.append((url.start(), url.start() + len(url[0].rstrip(".,;:!?)'")), URL_WEIGHT))
    for name in _ELSEWHERE.finditer(text):
        if all(name.end() <= start or name.start() >= end for start, end, _ in whole):
            whole.append((name.start(), name.end(), len(name[1])))
    place = 0
    for start, end, weight in sorted(whole):
        yield from ((place + first, 1) for first, _ in graphemes(text[place:start]))
        yield start, weight
        place = end
    yield from ((place + first, 1) for first, _ in graphemes(text[place:]))


def _bytes_of_emoji(cluster: str) -> int:
    return len(cluster.encode("utf-8", "surrogatepass")) if is_emoji(cluster) else len(cluster)


def _weights(text: str, begin: int, finish: int) -> Iterator[tuple[int, int]]:
    for start, end in graphemes(text[begin:finish]):
        cluster = text[begin + start : begin + end]
        if is_emoji(cluster):
            yield begin + start, 2
            continue
        composed = unicodedata.normalize("NFC", cluster)
        yield begin + start, sum(1 if _is_light(ord(mark)) else 2 for mark in composed)


def _is_light(code: int) -> bool:
    return any(low <= code <= high for low, high in _LIGHT)


def is_emoji(cluster: str) -> bool:
    """A picture, a flag or a keycap, with all its modifiers."""
    first = ord(cluster[0])
    if 0x1F000 <= first <= 0x1FAFF or 0x1F1E6 <= first <= 0x1F1FF:
        return True
    if "\u20e3" in cluster:
        return True
    pictured = 0x2600 <= first <= 0x27BF or 0x2B00 <= first <= 0x2BFF or 0x2300 <= first <= 0x23FF
    return pictured and unicodedata.category(cluster[0]) == "So"


def graphemes(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each visible character, in code points."""
    start = 0
    flags = 0
    for place in range(1, len(text) + 1):
        if place < len(text):
            before, here = text[place - 1], text[place]
            flags = flags + 1 if _is_flag(before) else 0
            if _joins(before, here, flags):
                continue
        yield start, place
        start = place


def _joins(before: str, here: str, flags: int) -> bool:
    if before == "\r" and here == "\n":
        return True
    if unicodedata.category(before) == "Cc" or unicodedata.category(here) == "Cc":
        return False
    code = ord(here)
    if here == _JOINER or unicodedata.category(here) in ("Mn", "Me", "Mc"):
        return True
    if 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F:
        return True
    if before == _JOINER and (code >= 0x1F000 or 0x2190 <= code <= 0x2BFF):
        return True
    if _is_flag(before) and _is_flag(here):
        return flags % 2 == 1
    return _hangul(ord(before), code)


def _is_flag(mark: str) -> bool:
    return 0x1F1E6 <= ord(mark) <= 0x1F1FF


def _hangul(before: int, here: int) -> bool:
    leading = 0x1100 <= before <= 0x115F
    vowel = 0x1160 <= here <= 0x11A7
    trailing = 0x11A8 <= here <= 0x11FF
    if leading:
        return vowel or 0x1100 <= here <= 0x115F or 0xAC00 <= here <= 0xD7A3
    if 0x1160 <= before <= 0x11A7:
        return vowel or trailing
    if 0xAC00 <= before <= 0xD7A3:
        open_syllable = (before - 0xAC00) % 28 == 0
        return trailing or (vowel and open_syllable)
    return 0x11A8 <= before <= 0x11FF and trailing
