"""Mends of words and sentences."""

from __future__ import annotations

import re

from gatepost.policy.checks.contractions import WHOLE
from gatepost.policy.model import Finding
from gatepost.policy.pack import Pack
from gatepost.policy.reading.plain_english import plain

_IMAGE_OF = re.compile(
    r"^\s*(?:an?\s+|the\s+)?(?:image|picture|photo|photograph|graphic)\s+(?:of|showing)\s+", re.IGNORECASE
)
_JOINS = re.compile(
    r"(?P<semi>;\s+)|(?:,\s+|\s+)(?P<word>and|but|so)\s+"
    r"(?=(?:we|you|they|it|there|this|that|these|those|the|our|your|he|she|people|residents|tenants|anybody|everybody|please)\b)",
    re.IGNORECASE,
)
_LEAST = 5  # words on either side of a place where a sentence may be cut


def written_out(text: str, finding: Finding, pack: Pack) -> str | None:
    """ "cannot" for "can't", with its capitals."""
    said = text[finding.start : finding.end]
    whole = WHOLE.get(said.lower().replace("’", "'"))
    return _like(said, whole) if whole else None


def split(text: str, finding: Finding, pack: Pack) -> str | None:
    """Two sentences, cut where two whole ones are joined, as near the middle as can be; None when nowhere."""
    said = text[finding.start : finding.end]
    middle = len(said) / 2
    places = []
    for join in _JOINS.finditer(said):
        before, after = said[: join.start()], said[join.end() :]
        if len(before.split()) >= _LEAST and len(after.split()) >= _LEAST and "://" not in join[0]:
            places.append((abs(join.start() - middle), join))
    if not places:
        return None
    join = min(places, key=lambda place: place[0])[1]
    before, after = said[: join.start()].rstrip(" ,;"), said[join.end() :]
    word = (join["word"] or "").lower()
    if word in ("but", "so"):
        return f"{before}. {word.capitalize()} {after}"
    return f"{before}. {after[:1].upper()}{after[1:]}"


def plainer(text: str, finding: Finding, pack: Pack) -> str | None:
    """The pack's plainer word for one of the office's."""
    for one in plain(text, pack.words).jargon:
        if (one.start, one.end) == (finding.start, finding.end) and _is_words(one.instead):
            return _like(text[one.start : one.end], one.instead)
    return None


def allowed(text: str, finding: Finding, pack: Pack) -> str | None:
    """What the pack says instead of a word it bans."""
    said = text[finding.start : finding.end].lower()
    for entry in pack.checks.banned:
        if entry.word.lower() == said and _is_words(entry.instead):
            return _like(text[finding.start : finding.end], entry.instead)
    return None


def without_image_of(text: str, finding: Finding, pack: Pack) -> str | None:
    """Alternative text without "Image of"; the span of the finding lies at its beginning."""
    found = _IMAGE_OF.match(text)
    if finding.severity != "note" or found is None or finding.end > found.end():
        return None
    return ""


def encrypted(text: str, finding: Finding, pack: Pack) -> str | None:
    """https:// for http://"""
    return f"https://{text[7:]}" if finding.severity == "note" and text.lower().startswith("http://") else None


def _is_words(instead: str) -> bool:
    """A replacement, and not advice or a choice of several."""
    return bool(instead) and len(instead) < 60 and not re.search(r"[/;()…]|\bor\b", instead)


def _like(said: str, instead: str) -> str:
    """`instead` with the capitals of `said`."""
    if said.isupper() and len(said) > 3:
        return instead.upper()
    return instead[:1].upper() + instead[1:] if said[:1].isupper() else instead
