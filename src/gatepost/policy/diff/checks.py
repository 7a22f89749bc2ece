"""The settings of the checks in two packs, the words the readers know, and the packs' own examples."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gatepost.policy.diff.change import Change, between, listed_changes, told_by
from gatepost.policy.editing.lists import lists
from gatepost.policy.naming import Names, short
from gatepost.policy.pack import Pack
from gatepost.policy.parts import Parts
from gatepost.policy.plainly import number
from gatepost.policy.schema import Banned
from gatepost.policy.shape import Phrase
from gatepost.policy.titles import FIGURES, LINES, LINKS, PHRASES, POWERS


def checks(old: Parts, new: Parts, names: Names) -> Iterator[Change]:
    for field in type(old.checks).model_fields:
        was: Any = getattr(old.checks, field)
        now: Any = getattr(new.checks, field)
        if was == now:
            continue
        if field in FIGURES:
            title, unit = FIGURES[field]
            details: tuple[str, ...] = (f"from {number(was)} to {number(now, unit)}",)
            yield Change("check", field, "", "changed", f"the figure “{title}”", details, True)
        elif field in POWERS:
            details = (_power(field, was, now, names),)
            clause = (now or was) if field == "private_reply" else ""
            yield Change("check", field, clause, "changed", f"“{POWERS[field]}”", details, True)
        else:
            details = _list(was, now) or ("the same, in another order",)
            yield Change("check", field, "", "changed", f"“{PHRASES[field]}”", details, True)


def _power(field: str, was: str, now: str, names: Names) -> str:
    if field == "private_reply":
        return between("clause", names.quoted("clause", was), names.quoted("clause", now))
    words = LINKS if field == "links" else LINES
    return f"from “{words[was]}” to “{words[now]}”"


def _list(was: Sequence[Any], now: Sequence[Any]) -> tuple[str, ...]:
    """What differs between two lists of checks.toml."""
    if any(isinstance(one, Phrase) for one in (*was, *now)):
        return told_by(_signs(was), _signs(now))
    return listed_changes(_shown(was), _shown(now))


def _signs(rows: Sequence[Phrase]) -> dict[str, list[tuple[str, str]]]:
    """By what is said of it, every pattern that tells it, with what to write instead."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in rows:
        found.setdefault(f"“{one.why}”", []).append((one.pattern, one.instead))
    return found


def _shown(rows: Sequence[str | Banned]) -> dict[str, str]:
    """By what tells a row from another, how it is shown."""
    found = {}
    for one in rows:
        if isinstance(one, Banned):
            instead = f", “{one.instead}” instead" if one.instead else ""
            found[one.word] = f"“{one.word}” ({LINES[one.severity].lower()}{instead})"
        else:
            found[one] = f"“{one}”"
    return found


def examples(old: Parts, new: Parts) -> Iterator[Change]:
    before, after = ({one.id: one for one in parts.examples.example} for parts in (old, new))
    come, gone = [after[key] for key in after if key not in before], [before[key] for key in before if key not in after]
    other = [after[key] for key in after if key in before and after[key] != before[key]]
    details = []
    for rows, verb in ((come, "added"), (gone, "taken out"), (other, "changed")):
        if rows:
            shown = ", ".join(f"“{short(one.text)}”" for one in rows[:5])
            details.append(f"{len(rows)} {verb}: {shown}{f' and {len(rows) - 5} more' if len(rows) > 5 else ''}")
    if details:
        yield Change("example", "examples", "", "changed", "the set of its own examples", tuple(details), False)


def words(old: Pack, new: Pack) -> Iterator[Change]:
    """The words the readers know, list by list: there are thousands, so the first of what differs are named."""
    was, now = (pack.files.get("words.toml", "") for pack in (old, new))
    before, after = _lists(was), _lists(now)
    rows = [(title, listed_changes(before.get(title, {}), after.get(title, {}))) for title in {**after, **before}]
    rows.append(("Our own references", told_by(_references(was), _references(now))))
    for title, details in rows:
        if details:
            yield Change("words", title, "", "changed", f"what the readers know, “{title}”,", details, True)


def _lists(text: str) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for one in lists(text):
        found.setdefault(one.title, {}).update({entry: f"“{entry}”" for entry in one.entries})
    return found


def _references(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in tomllib.loads(text).get("references", []):
        found.setdefault(f"“{str(one['name']).replace('_', ' ')}”", []).append(str(one["pattern"]))
    return found
