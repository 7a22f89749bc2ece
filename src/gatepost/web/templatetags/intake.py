"""What became of a message on the network after it came in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django import template
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.inbox import coverage
from gatepost.inbox.exposure import covered_for
from gatepost.inbox.intake_models import Attachment, Version
from gatepost.inbox.masking import spans_of
from gatepost.inbox.personal.covering import covered
from gatepost.inbox.threads import SaidMessage
from gatepost.policy.model import Span
from gatepost.web.inbox.thread import Said

register = template.Library()


@dataclass(frozen=True, slots=True)
class Before:
    """Words that stood until `until`."""

    number: int
    text: str
    since: datetime
    until: datetime | None
    spans: Sequence[Span]
    covered: str  # why these words are covered; "" when they are shown


@register.simple_tag
def coverage_of(channel: Channel) -> coverage.Coverage:
    return coverage.coverage_of(channel, at=timezone.now())


@register.simple_tag
def attached_to(said: Iterable[Said]) -> dict[int, list[Attachment]]:
    """The attachments of every message of a thread, by the message's number: one question for all."""
    numbers = [one.message.pk for one in said if one.message is not None]
    found: dict[int, list[Attachment]] = {}
    for row in Attachment.objects.filter(message__in=numbers).order_by("message", "place"):
        found.setdefault(row.message_id, []).append(row)
    return found


@register.filter
def without_details(words: str) -> str:
    """What somebody of ours wrote, with the details of people left out by name."""
    return covered(words)


@register.simple_tag
def words_before(message: SaidMessage) -> list[Before]:
    """The earlier words of a message that was changed on the network, the latest first."""
    if message.changed_at is None:
        return []
    rows = list(
        Version.objects.filter(message=message.pk, what="said")
        .select_related("decision")
        .order_by("-changed_at", "-pk")[:20]
    )
    until: datetime | None = message.changed_at
    found = []
    for row in rows:
        spans = [
            span for span in spans_of(row.decision.spans if row.decision else []) if span.label == "personal_details"
        ]
        found.append(
            Before(
                row.pk,
                row.text,
                row.changed_at,
                until,
                spans,
                covered_for(row.decision.decided) if row.decision else "",
            )
        )
        until = row.changed_at
    return found
