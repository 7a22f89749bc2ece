"""Phrases as weighted cues, found over the words of a text in one pass.

A phrase is a row of items separated by spaces:

* `word` one word; `a|b|c` any of these; `repair*` any word that begins so; `@staff` any word of that list;
* `item?` the item may be missing (not the first); `..` up to three other words between, `..6` up to six;
* `#` a number in figures; `?`, `!` and `.` the marks themselves; `^` the start of a sentence; `$` its end.

Matching takes the first fit for each item and never goes back, so its time is linear in the text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .normal import normal

STOPS = frozenset(".?!")
_CJK = re.compile(r"([\u3400-\u9fff])(?=[\u3400-\u9fff])")
_MOST_VARIANTS = 64
_MOST_CACHED = 8_000  # words; each costs about 3 kB, so that the cache stays below 25 MB


class CueError(ValueError):
    """A phrase that cannot be read: the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Cue:
    """What one phrase is evidence of. `weight` is in log-odds; `plain` holds the phrase as written."""

    label: str
    kind: str
    weight: float
    plain: str
    cancels: bool = False  # a negation just before turns it off


@dataclass(frozen=True, slots=True)
class Hit:
    """`cue` found at words `first` up to, not including, `after`."""

    cue: Cue
    first: int
    after: int


@dataclass(frozen=True, slots=True)
class Item:
    words: frozenset[str]
    prefixes: tuple[str, ...]
    gap: int = 0

    def fits(self, form: str) -> bool:
        return form in self.words or (
            (bool(self.prefixes) and form.startswith(self.prefixes)) or ("#" in self.words and form[:1].isdigit())
        )


@dataclass(frozen=True, slots=True)
class Variant:
    cue: Cue
    first: Item
    rest: tuple[Item, ...]
    opens: bool
    closes: bool


def plain_word(word: str) -> str:
    """A word as tokens hold it: plain letters, lower case, without its apostrophe or possessive ending."""
    form = normal(word).text
    if form.endswith("'s"):
        form = form[:-2]
    return form.replace("'", "")


def _item(text: str, lists: Mapping[str, frozenset[str]], gap: int) -> Item:
    words: set[str] = set()
    prefixes: set[str] = set()
    for choice in text.split("|"):
        if len(choice) > 1 and "?" in choice:
            raise CueError(f"in {text!r} the mark ? may stand only at the very end")
        if choice.startswith("@"):
            if choice[1:] not in lists:
                raise CueError(f"it names the list {choice!r}, which does not exist")
            members: Iterable[str] = lists[choice[1:]]
        else:
            members = (choice,)
        for member in members:
            if member.endswith("*") and len(member) > 2:
                prefixes.add(plain_word(member[:-1]))
            elif plain_word(member):
                words.add(plain_word(member))
            else:
                raise CueError(f"it has an empty choice in {text!r}")
    return Item(frozenset(words), tuple(sorted(prefixes)), gap)


def variants(cue: Cue, lists: Mapping[str, frozenset[str]]) -> list[Variant]:
    """Every way the phrase can be said. Raises CueError for a phrase that cannot be read."""
    parts = _CJK.sub(r"\1 ", cue.plain).split()
    opens, closes = parts[:1] == ["^"], len(parts) > 1 and parts[-1] == "$"
    parts = parts[1 if opens else 0 : -1 if closes else None]
    if not parts:
        raise CueError("it has no words")
    optional = [place for place, part in enumerate(parts) if len(part) > 1 and part.endswith("?")]
    if 0 in optional or 2 ** len(optional) > _MOST_VARIANTS:
        raise CueError("its first word may not be missing, and no more than six others may")
    found = []
    for dropped in itertools.chain.from_iterable(
        itertools.combinations(optional, size) for size in range(len(optional) + 1)
    ):
        items: list[Item] = []
        gap = 0
        for place, part in enumerate(parts):
            if place in dropped:
                continue
            if (part.startswith("..") and part[2:].isdigit()) or part == "..":
                gap += int(part[2:] or 3)
                continue
            items.append(_item(part.removesuffix("?") if place in optional else part, lists, gap))
            gap = 0
        if not items or items[0].gap or parts[-1].startswith(".."):
            raise CueError("a gap needs a word on both sides")
        found.append(Variant(cue, items[0], tuple(items[1:]), opens, closes))
    return found


_Beginning = tuple[tuple[Variant, ...], dict[str, tuple[Variant, ...]]]


@dataclass(frozen=True, slots=True)
class Book:
    """All cues, indexed by the word they begin with."""

    exact: Mapping[str, tuple[Variant, ...]]
    prefixed: tuple[Variant, ...]
    cache: dict[str, _Beginning] = field(default_factory=dict, compare=False, repr=False)

    def beginning(self, form: str) -> _Beginning:
        """The variants that may begin with `form`: those told by their next word, and the others."""
        loose: list[Variant] = []
        by_next: dict[str, list[Variant]] = {}
        for variant in (*self.exact.get(form, ()), *(v for v in self.prefixed if v.first.fits(form))):
            following = variant.rest[0] if variant.rest else None
            if following is None or following.gap or following.prefixes or "#" in following.words:
                loose.append(variant)
            else:
                for word in following.words:
                    by_next.setdefault(word, []).append(variant)
        known = tuple(loose), {word: tuple(rows) for word, rows in by_next.items()}
        if len(self.cache) >= _MOST_CACHED:  # strange words must not fill the memory of a long-running worker
            self.cache.clear()
        self.cache[form] = known
        return known

    def hits(self, forms: Sequence[str]) -> list[Hit]:
        """Every cue found, in order of its first word."""
        found: list[Hit] = []
        last = len(forms)
        cache = self.cache
        for place, form in enumerate(forms):
            loose, by_next = cache.get(form) or self.beginning(form)
            candidates = loose
            if by_next and place + 1 < last:
                candidates += by_next.get(forms[place + 1], ())
            for variant in candidates:
                if variant.opens and place and forms[place - 1] not in STOPS:
                    continue
                after = _fit(forms, place + 1, variant.rest) if variant.rest else place + 1
                if after and not (variant.closes and after < last and forms[after] not in STOPS):
                    found.append(Hit(variant.cue, place, after))
        return found


def _fit(forms: Sequence[str], place: int, items: tuple[Item, ...]) -> int:
    """The word after the fit of `items` from `place` on, or 0 when they do not fit."""
    last = len(forms)
    for item in items:
        for here in range(place, min(place + item.gap + 1, last)):
            if item.fits(forms[here]):
                place = here + 1
                break
            if forms[here] in STOPS:
                return 0
        else:
            return 0
    return place


def book(all_variants: Iterable[Variant]) -> Book:
    """Index the variants. A variant whose first item has both words and prefixes is found by either."""
    exact: dict[str, list[Variant]] = {}
    prefixed: list[Variant] = []
    for variant in all_variants:
        if variant.first.prefixes or "#" in variant.first.words:
            prefixed.append(variant)
            continue
        for word in variant.first.words:
            exact.setdefault(word, []).append(variant)
    return Book({word: tuple(rows) for word, rows in exact.items()}, tuple(prefixed))
