"""Stops on acts: one, a channel's, or all; and what is held by them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from gatepost.channels.models import Channel
from gatepost.gate.content import MODERATION
from gatepost.gate.models import Act, Hold
from gatepost.ledger.actions import record
from gatepost.people.authority import require_sign_off
from gatepost.people.models import User


class HoldError(Exception):
    """A hold cannot be made; the message says why."""


@transaction.atomic
def hold(
    *,
    reason: str,
    by: User,
    at: datetime,
    channel: Channel | None = None,
    act: Act | None = None,
    moderation_may_go: bool = True,
) -> Hold:
    """Stops every act it covers from leaving until it is ended by a person. It never ends by itself."""
    require_sign_off(by, at)
    if not reason.strip():
        raise HoldError("Say why, so that everybody on the desk knows.")
    made = Hold.objects.create(
        channel=channel,
        act=act,
        reason=reason.strip()[:400],
        by=by,
        at=at,
        moderation_may_go=moderation_may_go,
    )
    scope = f"channel:{channel.pk}" if channel else f"act:{act.pk}" if act else "all"
    detail = {"scope": scope, "moderation_may_go": moderation_may_go}
    record("hold.made", f"hold:{made.pk}", by=by, at=at, clauses=["benefits.6"], detail=detail)
    return made


@transaction.atomic
def end_hold(held: Hold, *, by: User, at: datetime) -> None:
    """Lets go what a hold covers. What has missed its time meanwhile waits for a person: nothing goes late unseen."""
    require_sign_off(by, at)
    if Hold.objects.filter(pk=held.pk, ended_at=None).update(ended_at=at, ended_by=by):
        record("hold.ended", f"hold:{held.pk}", by=by, at=at, clauses=["benefits.6"])


def active() -> QuerySet[Hold]:
    return Hold.objects.filter(ended_at=None).select_related("by", "channel").order_by("at")


def covered() -> Q:
    """A condition on acts: covered by some hold now."""
    condition = Q(pk__in=[])
    for held in active():
        scope = Q(channel=held.channel) if held.channel_id else Q(pk=held.act_id) if held.act_id else Q()
        reach = scope & ~Q(kind__in=MODERATION) if held.moderation_may_go else scope
        condition |= reach if reach else ~Q(pk__in=[])
    return condition


def is_held(act: Act) -> bool:
    return Act.objects.filter(covered(), pk=act.pk).exists()


def held_acts() -> QuerySet[Act]:
    """Signed-off acts that would leave, now or later, but for a hold."""
    return Act.objects.filter(covered(), state="signed_off").select_related("channel", "author").order_by("due_at")
