"""Which clause of the policy in force a part of the desk rests on.

Every organisation numbers its policy in its own way. So the code names the part of the desk ("desk:sign_off") or the
check ("check:tone"), and the policy's own bindings (clauses.toml) say which clause it puts into practice. Where they
say nothing, nothing is cited.
The record knows no policy: `answered_by` is told, once at the start, whom to ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

NAMED = ":"  # stands in the name of a part of the desk, never in a clause
Bound = Mapping[str, str]  # "desk:sign_off" -> the clause
_asked: list[Callable[[datetime], Bound]] = []


def answered_by(ask: Callable[[datetime], Bound]) -> None:
    """`ask` says which clause each part of the desk rests on, at a moment."""
    _asked[:] = [ask]


def cited(names: Iterable[str], at: datetime) -> list[str]:
    """Clauses as they stand, parts of the desk as the clause that governs them at a moment; each once."""
    return each_cited([tuple(names)], at)[0]


def each_cited(many: Iterable[Iterable[str]], at: datetime) -> list[list[str]]:
    """The same for several, with the policy asked once, and only where a part of the desk is named."""
    given = [tuple(names) for names in many]
    wanted = any(NAMED in name for names in given for name in names)
    bound: Bound = _asked[0](at) if wanted and _asked else {}
    clauses = [[bound.get(name, "") if NAMED in name else name for name in names] for names in given]
    return [list(dict.fromkeys(clause for clause in row if clause)) for row in clauses]


def clause_for(name: str, at: datetime) -> str:
    """One of them; "" where the policy says nothing."""
    return next(iter(cited([name], at)), "")
