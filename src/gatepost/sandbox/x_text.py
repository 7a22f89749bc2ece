"""How X counts and rewrites text: weighted length, t.co links, mentions.

Source: developer.x.com, Counting characters (twitter-text configuration version 3).
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from typing import Any

LONGEST = 280
LINK_WEIGHT = 23
URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)'\]]|\bwww\.[^\s<>\"]+[^\s<>\".,;:!?)'\]]")
MENTION = re.compile(r"(?<![A-Za-z0-9_@])@([A-Za-z0-9_]{1,15})(?![A-Za-z0-9_@])")
# A good approximation of Unicode's emoji sequences: flags, keycaps, and pictographs with tones, variants and joins.
_PICTURE = "[\u2600-\u27bf\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
_TONED = f"{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]*"
EMOJI = re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_TONED}(?:\u200d{_TONED})*")
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))


def weight(text: str) -> int:
    """Weighted length of a text: a link is 23, an emoji 2, a character of most scripts 1 and of the others 2."""
    text = unicodedata.normalize("NFC", text)
    text, links = URL.subn("", text)
    text, emoji = EMOJI.subn("", text)
    plain = sum(1 if any(low <= ord(one) <= high for low, high in LIGHT) else 2 for one in text)
    return plain + links * LINK_WEIGHT + emoji * 2


def short(url: str) -> str:
    """The t.co address X puts in the place of a link; the same for the same link."""
    return "https://t.co/" + hashlib.sha256(url.encode()).hexdigest()[:10]


def shown(text: str, pictures: list[tuple[str, str]]) -> tuple[str, dict[str, Any]]:
    """Text as the API returns it, and its entities.

    Links become t.co addresses, pictures [(media key, address of the post's picture)] add one at the end, and
    the characters & < > come as HTML entities: all three as X does it.
    """
    urls: list[dict[str, Any]] = []
    out = ""
    at = 0
    for found in URL.finditer(text):
        out += html.escape(text[at : found.start()], quote=False)
        link = found[0]
        full = link if link.startswith("http") else f"http://{link}"
        urls.append(_url(len(out), full) | {"display_url": re.sub(r"^https?://(www\.)?", "", full)[:40]})
        out += short(full)
        at = found.end()
    out += html.escape(text[at:], quote=False)
    if pictures:
        out += " " if out else ""
        for key, address in pictures:
            urls.append(
                _url(len(out), address) | {"display_url": "pic.x.com/" + short(address)[-10:], "media_key": key}
            )
        out += short(pictures[0][1])
    entities: dict[str, Any] = {}
    if urls:
        entities["urls"] = urls
    mentions = [{"start": m.start(), "end": m.end(), "username": m[1]} for m in MENTION.finditer(out)]
    if mentions:
        entities["mentions"] = mentions
    return out, entities


def _url(start: int, full: str) -> dict[str, Any]:
    return {"start": start, "end": start + len(short(full)), "url": short(full), "expanded_url": full}


def names(text: str, handle: str) -> bool:
    """Does the text mention this handle?"""
    return any(found.lower() == handle.lower() for found in MENTION.findall(text))
