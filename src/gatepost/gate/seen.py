"""What a person last had before them of an act that waits, to show them what has changed since."""

from __future__ import annotations

from datetime import datetime

from gatepost.gate.models import Act, Seen
from gatepost.people.models import User


def look(act: Act, person: User, *, at: datetime) -> Seen | None:
    """What this person saw of it before when that was something else; what is there now is kept as seen."""
    before = Seen.objects.filter(act=act, person=person).first()
    if before is None or before.digest != act.digest:
        values = {"digest": act.digest, "content": act.content, "at": at}
        Seen.objects.update_or_create(act=act, person=person, defaults=values)
    return before if before is not None and before.digest != act.digest else None
