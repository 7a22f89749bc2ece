"""import-report.md: what became of every sentence, how sure each guess is, and what to look at first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from gatepost.policy.importing.by_hand import ByHand
from gatepost.policy.importing.clauses import Account
from gatepost.policy.importing.cues import sorts
from gatepost.policy.importing.finding import Guess
from gatepost.policy.kinds import clause_kinds

LOOK = 0.6  # guesses below it come first
_OUTSIDE = {
    "aim": "Aim",
    "benefit": "Benefit",
    "risk": "Risk",
    "measure": "Measure of success",
    "intro": "Introduction",
}


def report(
    name: str, accounts: Sequence[Account], guesses: Sequence[Guess], remarks: Sequence[str], todo: Sequence[ByHand]
) -> str:
    """The report as Markdown."""
    counts = Counter(one.became for one in accounts)
    unsure = [one for one in guesses if one.confidence < LOOK or one.note]
    unknown = [one for one in accounts if one.became == "not understood"]
    doubtful = [one for one in accounts if one.became == "clause" and (one.confidence < LOOK or one.note)]
    lines = [
        f"# What became of {_plain(name)}",
        "",
        f"{len(accounts)} sentences. Nothing was dropped: policy.md has every word.",
        "",
        *[f"- {sort}: {counts[sort]}" for sort in ("clause", "heading", "not understood")],
        "",
        "“Sure” is the import's own confidence, 0 to 1: a guess about a text, no legal advice. Read every clause.",
        "",
        *[f"- {_plain(remark)}" for remark in remarks],
        "",
        "## To do by hand",
        "",
        *([f"- {_plain(one.says)}" for one in todo] or ["Nothing."]),
        "",
        "## To look at first",
        "",
        *_guesses(unsure),
        "",
        "## What was found",
        "",
        *_guesses(guesses),
        "",
        "## Clauses the import is not sure of",
        "",
        *_sentences(doubtful),
        "",
        "## Not understood",
        "",
        *_sentences(unknown),
        "",
        "## Every sentence",
        "",
        *_sentences(accounts),
    ]
    return "\n".join(lines) + "\n"


def _guesses(guesses: Sequence[Guess]) -> Iterable[str]:
    if not guesses:
        return ["Nothing."]
    rows = [
        f"| {one.what} | {_plain(one.value)} | {one.clause} | {one.place} | {one.confidence:.2f} | {_plain(one.note)} |"
        for one in guesses
    ]
    return ["| what | as found | clause | place | sure | note |", "|---|---|---|---|---|---|", *rows]


def _sentences(accounts: Sequence[Account]) -> Iterable[str]:
    if not accounts:
        return ["None."]
    rows = [
        f"| {one.number} | {one.place} | {_plain(one.text)} | {one.became} | {one.clause} | {_kind(one.sort)} "
        f"| {one.confidence:.2f} | {_plain(one.note)} |"
        for one in accounts
    ]
    head = ["| no. | place | sentence | became | clause | kind | sure | note |", "|---|---|---|---|---|---|---|---|"]
    return [*head, *rows]


def _kind(sort: str) -> str:
    if not sort:
        return ""
    if sorts()[sort].outside:
        return _OUTSIDE[sort]
    kind = clause_kinds()[sort]
    return f"{kind.number} {kind.title}"


def _plain(text: str) -> str:
    """A bar would end the cell of a table."""
    return text.replace("\\", "\\\\").replace("|", "\\|")
