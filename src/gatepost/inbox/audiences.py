"""Whom a channel is for: which of the policy's audiences. Rules may ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from gatepost.channels.models import Channel
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import record
from gatepost.people.authority import require_sign_off
from gatepost.people.models import User
from gatepost.rulebook.actions import in_force


@transaction.atomic
def set_audiences(channel: Channel, audiences: Sequence[str], *, by: User, at: datetime) -> Channel:
    """Says whom a channel is for, in the order of the policy; none takes it back. It counts for messages that come
    from now on, and for what is replayed. Raises NotAllowed, InboxError."""
    require_sign_off(by, at)
    known = [one.id for one in in_force(at).audiences]
    unknown = sorted(set(audiences) - set(known))
    if unknown:
        there = ", ".join(known) or "none"
        raise InboxError(f"The policy has no audience “{unknown[0]}”. It has: {there}.")
    found = Channel.objects.select_for_update().get(pk=channel.pk)
    wanted = [name for name in known if name in audiences]
    if found.state == "closed":
        raise InboxError(f"{found.name} is closed: nothing comes in by it any more.")
    if found.audiences == wanted:
        return found
    detail = {"audiences": wanted, "before": found.audiences}
    found.audiences = wanted
    found.save(update_fields=["audiences"])
    record("channel.for_whom", f"channel:{found.pk}", by=by, at=at, clauses=["desk:audiences"], detail=detail)
    return found
