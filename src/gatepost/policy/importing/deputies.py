"""Who stands in for whom when somebody is away."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from gatepost.policy.importing.clauses import DraftClause
from gatepost.policy.importing.finding import Guess
from gatepost.policy.importing.sentences import sentences

_AWAY = re.compile(
    r"\babsence\b|(?:\bis|\bare|['’]s) (?:away|absent|on leave|not (?:here|available|at work))\b"
    r"|\bdeputy\b|\bdeputi[sz]e[sd]?\b",
    re.IGNORECASE,
)
# "Hugh does so when she is away": who is meant by the pronoun stands in the sentence before.
_FOR_HER = re.compile(
    r"\b(?:does (?:so|this|it)|stands in|steps in|covers|takes over|acts|signs)\b"
    r".{0,60}\b(?:(?:she|he|they) (?:is|are)|(?:her|his|their) absence)\b"
)
_TITLED = re.compile(r"^Deputy (?:to (?:the )?)?(.+)$")


def stand_in(roles: Mapping[str, dict[str, Any]], clauses: Sequence[DraftClause]) -> list[Guess]:
    """Writes the deputies into `roles`; what was found, with the clause it was found in."""
    held = {key: row for key, row in roles.items() if row.get("holder")}
    found = []
    for key, row in held.items():
        titled = _TITLED.match(row["title"])
        first = next((one for one in held if titled and held[one]["title"] == titled[1]), "")
        if first and _write(held, first, key):
            found.append(_guess(held, first, row["clause"], ""))
    before = ""
    for clause in clauses:
        for text in sentences(clause.text):
            named = _named(text, held)
            away = _AWAY.search(text)
            if away and named:
                full = [(at, key) for at, key in named if held[key]["holder"] in text]
                full = full or (named if len(named) == 1 and _FOR_HER.search(text) else [])
                after = [key for at, key in full if at > away.start()]
                deputy = next(iter(after or [key for _, key in reversed(full)]), "")
                first = next((key for _, key in named if key != deputy), before)
                if deputy and first and deputy != first and _write(held, first, deputy):
                    found.append(_guess(held, first, clause.id, clause.place))
            before = named[-1][1] if named and not away else before
    return found


def _named(text: str, held: Mapping[str, dict[str, Any]]) -> list[tuple[int, str]]:
    """Where each is spoken of, by name, by surname or first name, or by post."""
    found = []
    for key, row in held.items():
        parts = [row["holder"], *(word for word in row["holder"].split() if len(word) > 2), row["title"]]
        places = [match.start() for part in parts if (match := re.search(rf"\b{re.escape(part)}\b", text))]
        if places:
            found.append((min(places), key))
    return sorted(found)


def _write(held: Mapping[str, dict[str, Any]], first: str, deputy: str) -> bool:
    row, other = held[first], held[deputy]
    if row.get("deputy") or row["holder"] == other["holder"]:
        return False
    row["deputy"], row["deputy_email"] = other["holder"], other["email"]
    if other["title"].startswith("Named in "):
        other["title"] = f"Deputy to {row['title']}"
    return True


def _guess(held: Mapping[str, dict[str, Any]], first: str, clause: str, place: str) -> Guess:
    row = held[first]
    return Guess("deputy", f"{row['deputy']}, for {row['holder']}", clause, place, 0.8)
