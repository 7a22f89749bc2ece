"""Two whole packs with a clause of every usual kind, which contradict each other wherever they can."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import tomli_w

from gatepost.policy.kinds import Says, clause_kinds
from gatepost.policy.model import Cell, Value
from gatepost.policy.pack import Pack, load_files
from tests.policy.small import FILES

# What each of the two bodies says, where a realistic word is worth more than any word. The first tells people that they
# are blocked and lets them answer; the second expressly does not.
FIRST: Mapping[str, Mapping[str, Value]] = {
    "scope": {"platforms": ["Facebook", "X"], "exceptions": ["anonymous review sites", "academic freedom"]},
    "roles": {"acting_after": "3 months", "most_administrators": 4},
    "approval": {"signatures": 2, "not_the_writer": True, "order": ["author", "manager", "director"]},
    "hours": {"days": ["Monday", "Friday"], "opens": "09:00", "closes": "16:30", "bank_holidays": False},
    "response": {"amount": 1, "unit": "working days", "from": "receipt", "same_day": False},
    "actions": {
        "matrix": [
            {"case": "repair", "reply": "refer_repairs", "refer": "Repairs", "hide_first": False},
            {"case": "abuse", "hide_first": True, "escalate": True, "ignore_after": 3},
        ]
    },
    "statutory_clock": {"source": "Complaint Handling Code", "version": "2024", "amount": 10, "unit": "working days"},
    "strikes": {
        "notice": True,
        "ladder": [
            {"count": 1, "window": "6 months", "step": "warning", "scope": "one platform"},
            {"count": 3, "window": "6 months", "step": "block", "length": "3 months", "scope": "all platforms"},
        ],
    },
    "due_process": {"notice": True, "reply": True, "reasons": True, "appeal": True, "appeal_within": "20 working days"},
    "moderation": {"actions": ["hide", "mute", "delete"], "reversible_first": True, "notice": True},
    "lawful_speech": {"criticism_stays": True, "legal_advice": True},
    "elections": {"freeze": True, "starts_on": date(2027, 3, 22), "ends_on": date(2027, 5, 6)},
    "safeguarding": {"minutes": 15, "wording": "Samaritans listen free on 116 123."},
    "records": {"periods": [{"kind": "complaints", "period": "6 years"}, {"kind": "comments", "period": "2 years"}]},
}
SECOND: Mapping[str, Mapping[str, Value]] = {
    "strikes": {"notice": False, "count": 1, "block": "for good"},
    "due_process": {"notice": False, "reply": False, "reasons": False, "appeal": False},
    "moderation": {"actions": ["delete"], "reversible_first": False, "notice": False},
    "elections": {"freeze": False},
    "response": {"same_day": True},
    "hours": {"bank_holidays": True},
}
ANY: Mapping[Says, Cell] = {
    "flag": True, "number": 5, "text": "as the policy says", "list": ["one", "two"], "date": date(2027, 1, 31),
}  # fmt: skip


def every_field(kind: str, said: Mapping[str, Value]) -> dict[str, Value]:
    """What the body says, and any fitting value for every other field and table that the kind has."""
    known = clause_kinds()[kind]
    filled: dict[str, Value] = {field: ANY[sort] for field, sort in known.says.items()}
    filled |= {name: [{column: ANY[sort] for column, sort in row.items()}] for name, row in known.rows.items()}
    return filled | dict(said)


def pack(bodies: Mapping[str, Mapping[str, Value]], *, whole: bool) -> Pack:
    clauses = []
    lines = ["# Every kind", ""]
    for place, (kind, known) in enumerate(clause_kinds().items(), start=1):
        said = bodies.get(kind, {})
        says = every_field(kind, said) if whole else dict(said)
        clauses.append(
            {
                "id": f"kind.{place}",
                "kind": known.duty,
                "about": kind,
                "says": says,
                "kept": {"the_rest": f"What else {kind} says."},
            }
        )
        lines.append(f"- [kind.{place}] {known.title}, as written.")
    small = {
        "policy.md": FILES["policy.md"] + "\n\n" + "\n".join(lines) + "\n",
        "clauses.toml": FILES["clauses.toml"] + "\n" + tomli_w.dumps({"clauses": clauses}),
    }
    return load_files(FILES | small)
