"""Things that have been published, as the worker leaves them: for the archive's tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate import actions as gate
from gatepost.gate.models import Act, Attempt, SignOff
from gatepost.gate.sending import DISPATCHER
from gatepost.lifecycle import advance
from gatepost.people.models import User
from gatepost.publishing.actions import Draft, save_draft, submit
from gatepost.publishing.models import Post


def publish(
    text: str, *channels: Channel, staff: User, officer: User, at: datetime | None = None, **more: Any
) -> tuple[Post, list[Act]]:
    """A post written, signed off and taken by its networks at `at`."""
    now = at or timezone.now()
    given: dict[str, Any] = {"kind": "news", "aim": "promote", **more}
    post = save_draft(Draft(text, channels=[channel.pk for channel in channels], **given), by=staff, at=now)
    acts = submit(post, by=staff, at=now)
    for act in acts:
        gate.sign_off(act, digest=act.digest, by=officer, at=now)
        taken(act, at=now)
    return post, acts


def taken(act: Act, *, at: datetime, ref: str = "") -> None:
    """The network took it."""
    act.refresh_from_db()
    signed = SignOff.objects.filter(act=act, voided_at=None).latest("pk")
    ref = ref or f"ref-{str(act.pk)[:8]}"
    Attempt.objects.create(
        act=act,
        digest=act.digest,
        sign_off=signed,
        worker="test",
        at=at,
        lease_until=at,
        outcome="receipt",
        settled_at=at,
        answer={"ref": ref, "permalink": f"https://example.org/{ref}", "raw": {"id": ref}},
    )
    advance(act, "claimed", by=DISPATCHER, at=at)
    address = f"https://example.org/{ref}"
    advance(act, "sent", by=DISPATCHER, at=at, ref=ref, permalink=address, sent_at=at)
