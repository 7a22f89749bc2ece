"""Names for ids: small letters, digits and underscores, beginning with a letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

MOST = 40
_SMALL = {
    "a",
    "an",
    "and",
    "the",
    "of",
    "for",
    "to",
    "in",
    "on",
    "our",
    "your",
    "its",
    "with",
    "by",
    "at",
    "or",
    "is",
    "are",
}
_WORD = re.compile(r"[a-z0-9]+")


def slug(text: str, otherwise: str, words: int = 4) -> str:
    """The first `words` telling words of `text`; `otherwise` when it has no Latin letters."""
    folded = unicodedata.normalize("NFKD", text.casefold()).replace("'", "").replace("’", "")
    plain = "".join(one for one in folded if not unicodedata.combining(one))
    found = _WORD.findall(plain)
    telling = [one for one in found if one not in _SMALL] or found
    name = "_".join(telling[:words])[:MOST].strip("_")
    if not name:
        return otherwise
    return name if name[0].isalpha() else f"{otherwise}_{name}"[:MOST].strip("_")


def unused(name: str, taken: Container[str]) -> str:
    """`name`, or `name_2`, `name_3` … when it is taken."""
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"
