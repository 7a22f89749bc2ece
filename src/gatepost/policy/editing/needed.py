"""What an entry cannot be without, and what to say to whoever empties it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatepost.policy.editing.files import CannotChange

_NAME = "Give it a name."
_CLAUSE = "Choose the clause it belongs to."
_WORDS = "Write the words as they are to be sent. To give the wording up, take it out instead."
_NEEDED: Mapping[str, Mapping[str, str]] = {
    "wording": {"title": _NAME, "text": _WORDS, "clause": "Choose the clause that approves it."},
    "role": {"title": _NAME},
    "department": {
        "name": _NAME,
        "email": "Give the e-mail address that referrals go to. A department that is no more can be taken out instead.",
        "clock": "Choose the clock by which it answers.",
    },
    "clock": {
        "name": "Say what must happen by then.",
        "amount": "Say how long: a whole number.",
        "unit": "Say in what the time is counted.",
        "source": "Say where the time comes from: the law, the code or the clause it rests on, or “own figure”.",
    },
    "measure": {"title": _NAME, "clause": _CLAUSE},
    "risk": {"title": _NAME, "clause": _CLAUSE},
}


def require(table: str, row: Mapping[str, Any]) -> None:
    """Raises CannotChange, with the field, when the entry lacks what it needs. A clock that takes its time from the law
    has all of it from there."""
    if table == "clock" and row.get("law"):
        return
    for field, says in _NEEDED[table].items():
        if row.get(field) in (None, ""):
            raise CannotChange(says, field)
