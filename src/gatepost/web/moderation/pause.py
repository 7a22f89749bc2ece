"""Whether somebody has read so much abuse that a break is due, and who can go on meanwhile."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gatepost.inbox.alarms import on_duty
from gatepost.inbox.exposure import opened_lately
from gatepost.people.models import User


def pause_facts(person: User, at: datetime) -> dict[str, Any]:
    """What moderation/pause.html needs."""
    opened = opened_lately(person, at)
    return {"opened": opened, "pause_with": [one for one in on_duty(at) if one.pk != person.pk][:3] if opened else []}
