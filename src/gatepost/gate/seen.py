"""What a person last had before them of an act that waits, to show them what has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gatepost.gate.models import Act, Seen
from gatepost.people.models import User

STILL = timedelta(hours=1)  # how long a change is pointed out after it was first looked at: pages are loaded again


@dataclass(frozen=True, slots=True)
class Before:
    """What somebody saw of an act, and when."""

    content: dict[str, Any]
    at: datetime


def look(act: Act, person: User, *, at: datetime) -> Before | None:
    """What this person saw of it before when that was something else; what is there now is kept as seen."""
    row = Seen.objects.filter(act=act, person=person).first()
    if row is not None and row.digest == act.digest:
        if row.before is None or row.before_at is None or at - row.at >= STILL:
            return None
        return Before(row.before, row.before_at)
    before = Before(row.content, row.at) if row is not None else None
    values = {
        "digest": act.digest,
        "content": act.content,
        "at": at,
        "before": before.content if before else None,
        "before_at": before.at if before else None,
    }
    Seen.objects.update_or_create(act=act, person=person, defaults=values)
    return before
