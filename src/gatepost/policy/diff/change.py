"""One change between two packs, and how the fields of two things are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal

from gatepost.policy.plainly import SHORT, ended, said, word_changes

How = Literal["added", "removed", "changed"]
OTHERWISE = "told by other signs than before"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. `details` are phrases, empty for what is wholly new or gone and needs no more words."""

    what: str  # "clause", "wording", "rule", "threshold" …
    id: str
    clause: str  # the clause it belongs to; empty when it belongs to none
    how: How
    title: str
    details: tuple[str, ...]
    acts: bool

    def __str__(self) -> str:
        verb = {"added": "is new", "removed": "is taken out", "changed": "changes"}[self.how]
        head = f"{self.title[:1].upper()}{self.title[1:]} {verb}"
        return ended(f"{head}: {'; '.join(self.details)}" if self.details else head)


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing that is said of an entry. `of` takes it from the entry, `shows` puts it in words, `acts`: it changes
    what the desk does, `new`: it is said of an entry that is new or gone. Of a yes or no, `name` is said when it is
    yes and `no` when it is no longer."""

    name: str
    of: Callable[[Any], Any]
    shows: Callable[[Any], str] = said
    acts: bool = True
    new: bool = True
    no: str = ""

    def told(self, entry: Any) -> Iterator[str]:
        """Of an entry that is new or gone: what it is, unless there is nothing to say."""
        value = self.of(entry)
        if self.no:
            yield from (self.name,) if value else ()
        elif self.new and (words := self._words(value)):
            yield f"{self.name}: {words}"

    def changes(self, old: Any, new: Any) -> Iterator[str]:
        was, now = self.of(old), self.of(new)
        if was == now:
            return
        if self.no:
            yield f"now {self.name}" if now else self.no
        elif self.shows is said and long(was) and long(now):
            yield f"{self.name}: {', '.join(word_changes(was, now)) or 'only its spaces or lines'}"
        else:
            before, after = self._words(was), self._words(now)
            # Where words are the same, what differs is for machines: a pattern.
            yield f"{self.name}: {after}, {OTHERWISE}" if before == after else between(self.name, before, after)

    def _words(self, value: Any) -> str:
        return "" if value in (None, "", [], (), {}) else self.shows(value)


def long(value: object) -> bool:
    """A text of which the places are told at which it differs; a shorter one is told whole."""
    return isinstance(value, str) and len(value.split()) > SHORT


def facet(
    field: str, name: str, shows: Callable[[Any], str] = said, *, acts: bool = True, new: bool = True, no: str = ""
) -> Facet:
    """The facet of one field of an entry."""
    return Facet(name, attrgetter(field), shows, acts, new, no)


def title_facet(field: str = "title", *, acts: bool = False) -> Facet:
    """What an entry is called: in what is said of it already when it is new."""
    return facet(field, field, acts=acts, new=False)


def between(name: str, was: str, now: str) -> str:
    """From one value to another, either of which may be nothing."""
    if not was:
        return f"{name}: now {now}"
    return f"{name}: from {was} to {now}" if now else f"{name}: no longer {was}"


def compared(facets: Iterable[Facet], old: Any, new: Any) -> tuple[tuple[str, ...], bool]:
    """What is said of two entries, what acts first, and whether any of it acts."""
    does: list[str] = []
    worded: list[str] = []
    for one in facets:
        (does if one.acts else worded).extend(one.changes(old, new))
    return (*does, *worded), bool(does)


def entries(
    what: str, facets: Sequence[Facet], before: Mapping[str, Any], after: Mapping[str, Any], title: Callable[[Any], str]
) -> Iterator[Change]:
    """The changes of a table: what is new, gone, and other than it was."""
    for key in keys(before, after):
        old, new = before.get(key), after.get(key)
        here: Any = new if new is not None else old
        if old is None or new is None:
            says = tuple(words for one in facets for words in one.told(here))
            how: How = "added" if old is None else "removed"
            yield Change(what, key, here.clause, how, title(here), says, any(one.acts and one.new for one in facets))
        elif old != new:
            details, acts = compared(facets, old, new)
            yield Change(what, key, here.clause, "changed", title(here), details, acts)


def keys(before: Iterable[str], after: Iterable[str]) -> list[str]:
    """Those of the new in their order, then those that are gone."""
    return list(dict.fromkeys([*after, *before]))


def moved(before: Iterable[str], after: Iterable[str]) -> bool:
    """What stands in both stands in another order."""
    old, new = list(before), list(after)
    return [key for key in old if key in new] != [key for key in new if key in old]


def listed_changes(old: Mapping[str, str], new: Mapping[str, str], most: int = 5) -> tuple[str, ...]:
    """What came into a list, went out, or is other than it was; by key, what is shown of each."""
    rows = (
        ("added", [new[key] for key in new if key not in old]),
        ("taken out", [old[key] for key in old if key not in new]),
        ("changed", [f"{old[key]} becomes {new[key]}" for key in new if key in old and old[key] != new[key]]),
    )
    return tuple(f"{verb}: {_first(shown, most)}" for verb, shown in rows if shown)


def told_by(old: Mapping[str, object], new: Mapping[str, object]) -> tuple[str, ...]:
    """As listed_changes, of what patterns tell, by its name. A pattern is for machines: that it changed is said."""
    other = [f"{name} ({OTHERWISE})" for name in new if name in old and old[name] != new[name]]
    plain = listed_changes({name: name for name in old}, {name: name for name in new})
    return (*plain, f"changed: {_first(other, 5)}") if other else plain


def _first(shown: list[str], most: int) -> str:
    """The first of them; what is shown alike is counted."""
    counted = {one: shown.count(one) for one in shown}
    names = [one if times == 1 else f"{one} ({times} times)" for one, times in counted.items()]
    return f"{', '.join(names[:most])}{f' and {len(names) - most} more' if len(names) > most else ''}"
