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
from functools import partial
from typing import NamedTuple

from .beginnings import Adjacent, Beginning, sorted_out
from .normal import normal

STOPS = frozenset(".?!")
_CJK = re.compile(r"([\u3400-\u9fff])(?=[\u3400-\u9fff])")
_MOST_VARIANTS = 64
_MOST_CACHED = 16_384  # words: about 2 MB


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
    mark: tuple[str, str] = field(init=False, compare=False, repr=False)  # what the trained judge knows it by

    def __post_init__(self) -> None:
        object.__setattr__(self, "mark", (self.label, self.kind))


class Hit(NamedTuple):
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


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """One way to say a phrase: `first`, then `rest`. Told from others by being itself."""

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


@dataclass(frozen=True, slots=True)
class Book:
    """All cues, indexed by the word they begin with."""

    exact: Mapping[str, tuple[Variant, ...]]
    prefixed: tuple[Variant, ...]
    cache: dict[str, Beginning | None] = field(default_factory=dict, compare=False, repr=False)
    sorted_out: dict[tuple[Variant, ...], Beginning] = field(default_factory=dict, compare=False, repr=False)
    # The places in `prefixed` by what a word begins with; "=" before a whole word, and "#" for figures.
    _rooted: Mapping[str, tuple[int, ...]] = field(default_factory=dict, compare=False, repr=False)
    _lengths: tuple[int, ...] = field(default=(), compare=False, repr=False)
    _starts: frozenset[str] = field(default=frozenset(), compare=False, repr=False)  # their first letters, up to three

    def beginning(self, form: str) -> Beginning | None:
        """The variants that may begin with `form`, or None."""
        begins = self.exact.get(form, ())
        starts = self._starts
        if form[:3] in starts or form[:2] in starts or form[:1] in starts or form[:1].isdigit():
            rooted = self._rooted
            places = {place for length in self._lengths for place in rooted.get(form[:length], ())}
            places.update(rooted.get(f"={form}", ()), rooted["#"] if form[:1].isdigit() else ())
            begins += tuple([self.prefixed[place] for place in sorted(places)])
        if not begins:
            return None
        known = self.sorted_out.get(begins)  # as many as the pack has beginnings, however many words come by
        if known is None:
            known = self.sorted_out[begins] = sorted_out(begins)
        return known

    def _remembered(self, form: str) -> Beginning | None:
        known = self.beginning(form)
        if len(self.cache) >= _MOST_CACHED:  # strange words must not fill the memory of a long-running worker
            self.cache.clear()
        self.cache[form] = known
        return known

    def hits(self, forms: Sequence[str]) -> list[Hit]:
        """Every cue found, in order of its first word."""
        found: list[Hit] = []
        cache = self.cache
        try:
            beginnings = [(place, known) for place, form in enumerate(forms) if (known := cache[form]) is not None]
        except KeyError:
            every = [cache[form] if form in cache else self._remembered(form) for form in forms]
            beginnings = [(place, known) for place, known in enumerate(every) if known is not None]
        last = len(forms)
        for place, begun in beginnings:
            alone, more, adjacent, gapped, seconds, reach, loose = begun
            after = place + 1
            # Most words that could begin something do not: that is told here, without a call.
            if more and (
                loose
                or (after < last and forms[after] in adjacent)
                or (gapped and not seconds.isdisjoint(forms[after : after + 1 + reach]))
            ):
                found += [hit_of((cue, place, end)) for _, cue, end in said(forms, place, begun)]
            else:
                for _, cue in alone:
                    found.append(hit_of((cue, place, after)))
        return found


hit_of = partial(tuple.__new__, Hit)


def said(forms: Sequence[str], place: int, begun: Beginning) -> list[tuple[int, Cue, int]]:
    """What is said from word `place` on: each with its rank and the word after it, in order."""
    after, last = place + 1, len(forms)
    here = [(rank, cue, after) for rank, cue in begun.alone]
    if after < last:
        going = begun.adjacent.get(forms[after])
        if going is not None:
            _went_on(forms, place, going, here)
        if begun.gapped and not begun.seconds.isdisjoint(window := forms[after : after + 1 + begun.reach]):
            _gapped(forms, place, begun.gapped, window, here)
    for rank, variant in begun.loose:
        end = _fit(forms, after, variant.rest) if variant.rest else after
        if end and _edged(variant, forms, place, end):
            here.append((rank, variant.cue, end))
    if len(here) > 1:
        here.sort()
    return here


def _went_on(forms: Sequence[str], place: int, going: Adjacent, here: list[tuple[int, Cue, int]]) -> None:
    """Add what is said with the next word right after the first."""
    for rank, variant in going.done:
        if (not variant.opens and not variant.closes) or _edged(variant, forms, place, place + 2):
            here.append((rank, variant.cue, place + 2))
    if going.third and place + 2 < len(forms):
        for rank, variant in going.third.get(forms[place + 2], ()):
            rest = variant.rest
            end = place + 3 if len(rest) == 2 else _fit(forms, place + 3, rest[2:])
            if end and ((not variant.opens and not variant.closes) or _edged(variant, forms, place, end)):
                here.append((rank, variant.cue, end))
    for rank, variant in going.wide(forms, place + 2) if going.others else ():
        end = _fit(forms, place + 2, variant.rest[1:])
        if end and ((not variant.opens and not variant.closes) or _edged(variant, forms, place, end)):
            here.append((rank, variant.cue, end))


def _gapped(
    forms: Sequence[str],
    place: int,
    gapped: Mapping[str, Adjacent],
    window: Sequence[str],
    here: list[tuple[int, Cue, int]],
) -> None:
    """Add what is said with other words between. The second word fits where it first stands, and only there."""
    for gap, form in enumerate(window):
        going = gapped.get(form)
        if going is not None:
            after = place + gap + 2
            ends = [(rank, variant, after) for rank, variant in going.done]
            if going.third and after < len(forms):
                ends += [
                    (rank, variant, _fit(forms, after + 1, variant.rest[2:]))
                    for rank, variant in going.third.get(forms[after], ())
                ]
            if going.others:
                ends += [
                    (rank, variant, _fit(forms, after, variant.rest[1:])) for rank, variant in going.wide(forms, after)
                ]
            for rank, variant, end in ends:
                second = variant.rest[0]
                if (
                    end
                    and gap <= second.gap
                    and (not gap or second.words.isdisjoint(window[:gap]))
                    and _edged(variant, forms, place, end)
                ):
                    here.append((rank, variant.cue, end))
        if form in STOPS:
            return


def _edged(variant: Variant, forms: Sequence[str], place: int, after: int) -> bool:
    """Whether a variant that opens or closes a sentence stands where it must."""
    if variant.opens and place and forms[place - 1] not in STOPS:
        return False
    return not (variant.closes and after < len(forms) and forms[after] not in STOPS)


def _fit(forms: Sequence[str], place: int, items: tuple[Item, ...]) -> int:
    """The word after the fit of `items` from `place` on, or 0 when they do not fit."""
    last = len(forms)
    for item in items:
        words, prefixes = item.words, item.prefixes
        for here in range(place, min(place + item.gap + 1, last)):
            form = forms[here]
            if form in words or (prefixes and form.startswith(prefixes)) or ("#" in words and form[:1].isdigit()):
                place = here + 1
                break
            if form in STOPS:
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
    # A first item with prefixes may also hold whole words: each is a beginning of itself.
    rooted: dict[str, list[int]] = {"#": []}
    begins: set[str] = set()
    lengths: set[int] = set()
    for place, variant in enumerate(prefixed):
        first = variant.first
        begins.update(first.prefixes, first.words)
        lengths.update(map(len, first.prefixes))
        for root in (*first.prefixes, *(word if word == "#" else f"={word}" for word in first.words)):
            rooted.setdefault(root, []).append(place)
    return Book(
        exact={word: tuple(rows) for word, rows in exact.items()},
        prefixed=tuple(prefixed),
        _rooted={root: tuple(places) for root, places in rooted.items()},
        _lengths=tuple(sorted(lengths)),
        _starts=frozenset(one[:3] for one in begins),
    )
