"""What a message is found by: one array of short marks a message, one index for all of them.

"is:complaint" a label of the policy as it stands after corrections, "clause:usage.7" a clause its decision rests on,
"about:damp_mould" a topic of the policy's words, "label:12" a label of the desk's own. One array keeps the statistics
in one place: the database knows how common each mark is, and so whether to read the newest messages or the index.
"""

from __future__ import annotations

from collections.abc import Iterable

from gatepost.policy.model import Decision

LONGEST = 80


def is_mark(label: str) -> str:
    return f"is:{label}"[:LONGEST]


def clause_mark(clause: str) -> str:
    return f"clause:{clause}"[:LONGEST]


def topic_mark(topic: str) -> str:
    return f"about:{topic}"[:LONGEST]


def marks_of(decided: Iterable[str], clauses: Iterable[str], topics: Iterable[str] = ()) -> list[str]:
    """The marks of a message as it arrives."""
    marks = {*(is_mark(label) for label in decided), *(clause_mark(clause) for clause in clauses)}
    return sorted(marks.union(topic_mark(topic) for topic in topics))


def labels_in(marks: Iterable[str]) -> list[str]:
    """The labels of the policy that a message holds now."""
    return [mark[3:] for mark in marks if mark.startswith("is:")]


def decided_anew(marks: Iterable[str], decision: Decision) -> list[str]:
    """The marks of a message after another decision on it; the desk's own labels stay."""
    fresh = marks_of(decision.decided, decision.clauses, decision.reading.topics)
    return sorted({*own_marks(marks), *fresh})


def own_marks(marks: Iterable[str]) -> list[str]:
    """The marks of the desk's own labels, in their order."""
    return [mark for mark in marks if mark.startswith("label:")]


def own_in(marks: Iterable[str]) -> list[int]:
    """The numbers of the desk's own labels on a message."""
    return [int(mark[6:]) for mark in own_marks(marks) if mark[6:].isdecimal()]


def changed(marks: Iterable[str], mark: str, *, holds: bool) -> list[str]:
    """The marks with one more, or one fewer."""
    kept = {*marks} - {mark}
    return sorted({*kept, mark} if holds else kept)
