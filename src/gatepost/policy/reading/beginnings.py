"""The variants of cues that begin with one word, sorted out by what tells soonest whether they go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .cues import Cue, Variant

_Ranked = tuple[int, "Variant"]  # with its place in the order in which hits at one word are told
_ByWord = dict[str, tuple[_Ranked, ...]]


class Adjacent(NamedTuple):
    """The variants that go on with one word, by what tells whether they go on from there."""

    done: tuple[_Ranked, ...]  # that was their last word
    third: _ByWord  # by the word that must come next
    others: tuple[_Ranked, ...]
    words: frozenset[str] | None  # of the others: one must come up to `reach` words later; None where any word may do
    reach: int

    def wide(self, forms: Sequence[str], after: int) -> tuple[_Ranked, ...]:
        """Those of the others that may go on from word `after` on."""
        if self.words is not None and self.words.isdisjoint(forms[after : after + 1 + self.reach]):
            return ()
        return self.others


class Beginning(NamedTuple):
    """The variants that may begin with one word, by what tells whether they go on."""

    alone: tuple[tuple[int, Cue], ...]  # nothing more to see
    more: bool  # whether there is anything else
    adjacent: Mapping[str, Adjacent]  # by the word that must come next
    gapped: Mapping[str, Adjacent]  # by the second word, which may come up to `reach` words later
    seconds: frozenset[str]  # those second words
    reach: int
    loose: tuple[_Ranked, ...]  # all others


def sorted_out(variants: Sequence[Variant]) -> Beginning:
    """By what tells how they go on. Those told by their very next word come after the others at the same place."""
    alone: list[tuple[int, Cue]] = []
    loose: list[_Ranked] = []
    adjacent: dict[str, list[_Ranked]] = {}
    gapped: dict[str, list[_Ranked]] = {}
    reach = 0
    for rank, variant in enumerate(variants):
        following = variant.rest[0] if variant.rest else None
        if following is None:
            if variant.opens or variant.closes:
                loose.append((rank, variant))
            else:
                alone.append((rank, variant.cue))
        elif following.prefixes or "#" in following.words:
            loose.append((rank, variant))
        elif following.gap:
            reach = max(reach, following.gap)
            for word in following.words:
                gapped.setdefault(word, []).append((rank, variant))
        else:
            for word in following.words:
                adjacent.setdefault(word, []).append((len(variants) + rank, variant))
    more = bool(adjacent or gapped or loose)
    return Beginning(tuple(alone), more, _gone_on(adjacent), _gone_on(gapped), frozenset(gapped), reach, tuple(loose))


def _gone_on(index: Mapping[str, list[_Ranked]]) -> dict[str, Adjacent]:
    shared: dict[tuple[_Ranked, ...], Adjacent] = {}  # the words of one list go on in one way
    going: dict[str, Adjacent] = {}
    for word, found in index.items():
        key = tuple(found)
        if key not in shared:
            shared[key] = _going_on(key)
        going[word] = shared[key]
    return going


def _going_on(rows: Sequence[_Ranked]) -> Adjacent:
    done: list[_Ranked] = []
    others: list[_Ranked] = []
    third: dict[str, list[_Ranked]] = {}
    for ranked in rows:
        rest = ranked[1].rest
        if len(rest) == 1:
            done.append(ranked)
        elif rest[1].gap or rest[1].prefixes or "#" in rest[1].words:
            others.append(ranked)
        else:
            for word in rest[1].words:
                third.setdefault(word, []).append(ranked)
    items = [variant.rest[1] for _, variant in others]
    words: frozenset[str] | None = None
    if items and not any(item.prefixes or "#" in item.words for item in items):
        words = items[0].words.union(*(item.words for item in items[1:])) if len(items) > 1 else items[0].words
    reach = max((item.gap for item in items), default=0)
    return Adjacent(tuple(done), _frozen(third) if third else _NONE, tuple(others), words, reach)


_NONE: _ByWord = {}


def _frozen(index: Mapping[str, list[_Ranked]]) -> _ByWord:
    shared: dict[tuple[_Ranked, ...], tuple[_Ranked, ...]] = {}  # the words of one list have the same
    return {word: shared.setdefault(key, key) for word, rows in index.items() for key in (tuple(rows),)}
