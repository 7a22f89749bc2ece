"""What differs between two packs, in words a board can read.

Each change says whether it alters what the desk does (`acts`) or only how the document puts it. Nothing in it is an id
or the name of a setting: names.py and titles.py say what people call things.
"""

from __future__ import annotations

from collections.abc import Iterable

from gatepost.policy.diff.change import Change
from gatepost.policy.diff.checks import checks, examples, words
from gatepost.policy.diff.document import bindings, clauses
from gatepost.policy.diff.organisation import organisation
from gatepost.policy.diff.rules import rules, thresholds
from gatepost.policy.diff.signing import signing
from gatepost.policy.diff.states import states
from gatepost.policy.diff.tables import named, tables
from gatepost.policy.names import both
from gatepost.policy.pack import Pack
from gatepost.policy.parts import Parts, parse
from gatepost.policy.problems import PackError, Problem

__all__ = ["Change", "diff", "only_words"]


def diff(old: Pack, new: Pack) -> list[Change]:
    """Every change from `old` to `new`: by clause in the order of the new document, then what belongs to no clause."""
    if old.digest == new.digest:
        return []
    before, after, names = _parts(old), _parts(new), both(old, new)
    found = [
        *clauses(old, new),
        *bindings(before, after, names),
        *rules(before, after, names),
        *thresholds(before, after),
        *tables(before, after, names),
        *named(before, after, names),
        *organisation(before, after, names),
        *checks(before, after, names),
        *examples(before, after),
        *states(before, after, names),
        *signing(before, after, names),
        *words(old, new),
    ]
    kept = [*new.numbers, *(clause for clause in old.numbers if clause not in new.numbers)]
    order = {clause: place for place, clause in enumerate(kept)}
    return sorted(found, key=lambda one: order.get(one.clause, len(order)))


def only_words(changes: Iterable[Change]) -> bool:
    """Nothing that the desk does would change."""
    return not any(change.acts for change in changes)


def _parts(pack: Pack) -> Parts:
    problems: list[Problem] = []
    parts = parse(pack.files, problems)
    if parts is None:  # a pack that was loaded can be parsed, unless somebody changed its files under it
        raise PackError(problems)
    return parts
