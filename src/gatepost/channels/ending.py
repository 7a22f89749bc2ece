"""Credentials that run out soon, where somebody said when: those of channels, and of the desk's own mail server."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.mailing.posting import secret_ends

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Ending:
    """`channel` is None for outgoing e-mail. `over`: the day has come."""

    on: date
    over: bool
    channel: Channel | None = None


def endings(channels: Iterable[Channel], *, at: datetime) -> list[Ending]:
    """What of these runs out within 30 days, or has, and of the mail server; the first first."""
    today = timezone.localdate(at)
    found = [Ending(row.credentials_end, row.credentials_end <= today, row) for row in channels if row.credentials_end]
    if own := secret_ends():
        found.append(Ending(own, own <= today))
    return sorted((one for one in found if one.on <= today + SOON), key=lambda one: one.on)
