"""Which language a message is in: by script first, then by its commonest words and letters."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from typing import Any

from .page import Page

_DATA: dict[str, Any] = tomllib.loads(
    resources.files(__package__).joinpath("languages.toml").read_text(encoding="utf-8")
)
_WORDS: dict[str, list[tuple[str, float]]] = {}
for _code, _entry in _DATA["latin"].items():
    for _word in _entry["words"].split():
        _WORDS.setdefault(_word, []).append((_code, 1.0))
# A word many languages share says little about any of them.
_WORDS = {word: [(code, 1.0 / len(codes)) for code, _ in codes] for word, codes in _WORDS.items()}
ENGLISH = frozenset(word for word, codes in _WORDS.items() if codes == [("en", 1.0)])
OTHERS = frozenset(_WORDS) - ENGLISH
_LETTERS: dict[str, list[str]] = {}
for _code, _entry in _DATA["latin"].items():
    for _letter in _entry["letters"]:
        _LETTERS.setdefault(_letter, []).append(_code)
_SCRIPTS = [(re.compile(row["range"]), row["codes"]) for row in _DATA["script"]]
_CODES = ((key, said) for row in _SCRIPTS for key, said in row[1].items())
KNOWN = tuple(sorted({*_DATA["latin"], *(str(said) if key == "*" else str(key) for key, said in _CODES)}))
_LATIN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENOUGH = 0.9
ENGLISH_CUES = ("fault", "topic", "complaint", "sour", "praise")
MOST_WORDS = 120


def language(page: Page) -> str:
    """ISO 639-1 code of the language of a page; "und" where there is too little to tell."""
    original = page.original
    if original.isascii():
        # A word of English alone counts one for English; a word others have counts at most one for any of them.
        forms = page.forms[:MOST_WORDS]
        if sum(map(ENGLISH.__contains__, forms)) > sum(map(OTHERS.__contains__, forms)):
            return "en"
    if not original.isascii():
        by_script = _by_script(original)
        if by_script:
            return by_script
    scores: dict[str, float] = {}
    for word in _LATIN.findall(original.lower())[:MOST_WORDS] if not original.isascii() else page.forms[:MOST_WORDS]:
        for code, weight in _WORDS.get(word, ()):
            scores[code] = scores.get(code, 0.0) + weight
    if not original.isascii():
        for character in set(original.lower()):
            for code in _LETTERS.get(character, ()):
                scores[code] = scores.get(code, 0.0) + 1.0 / len(_LETTERS[character])
    if not scores:
        return "en" if _looks_english(page) else "und"
    best = max(scores, key=lambda code: (scores[code], code == "en"))
    others = max((score for code, score in scores.items() if code != best), default=0.0)
    if scores[best] < _ENOUGH or scores[best] - others < 0.25:
        return "en" if best == "en" or (scores.get("en", 0.0) >= others and _looks_english(page)) else "und"
    return best


def _looks_english(page: Page) -> bool:
    """English cues stand in for its commonest words in messages such as "lift broken again"."""
    return sum(1 for label, hits in page.hits.items() if label in ENGLISH_CUES for _ in hits) > 1


def _by_script(text: str) -> str:
    counts = [(len(pattern.findall(text)), codes) for pattern, codes in _SCRIPTS]
    most, codes = max(counts, key=lambda row: row[0])
    if not most or most * 2 < len(_LATIN.findall(text)):
        return ""
    chosen = codes["*"]
    best = 0
    for code, marks in codes.items():
        if code == "*":
            continue
        seen = sum(text.count(mark) for mark in marks)
        if seen > best:
            chosen, best = code, seen
    return str(chosen)
