"""Which messages resemble each other, so that no message is judged by a model that has seen its twin."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

ALIKE = 0.5  # of all words of two messages, the share they have in common
_WORD = re.compile(r"\w+|[^\w\s]")
_COMMON = 60  # a word of more messages than this says nothing about likeness


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def _pairs(texts: list[str], others: list[str]) -> list[tuple[int, int]]:
    """Places (in texts, in others) of messages that are alike."""
    sets, known = [_words(text) for text in texts], [_words(text) for text in others]
    index: dict[str, list[int]] = defaultdict(list)
    for place, words in enumerate(known):
        for word in words:
            index[word].append(place)
    found = []
    for place, words in enumerate(sets):
        rare = [word for word in words if len(index.get(word, ())) <= _COMMON] or sorted(words)[:1]
        for other in {other for word in rare for other in index.get(word, ())}:
            both = len(words & known[other])
            if both >= ALIKE * len(words | known[other]):
                found.append((place, other))
    return found


def groups(texts: list[str]) -> list[int]:
    """A number per message: messages that are alike, directly or through others, share it."""
    parent = list(range(len(texts)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for one, other in _pairs(texts, texts):
        first, then = sorted((root(one), root(other)))
        parent[then] = first  # the first of a group names it, in whatever order the pairs come
    return [root(place) for place in range(len(texts))]


def unlike(rows: list[dict[str, Any]], held: list[str]) -> list[dict[str, Any]]:
    """The rows that resemble none of the texts held back."""
    near = {place for place, _ in _pairs([row["text"] for row in rows], held)}
    return [row for place, row in enumerate(rows) if place not in near]
