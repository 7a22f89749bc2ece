"""After a hold: each item it kept back is looked at again. Kept, moved, sent back for rewriting, or withdrawn.

What is kept leaves with room between: nothing goes out in a burst.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from gatepost import jobs
from gatepost.channels.models import Channel
from gatepost.gate.actions import amend, withdraw
from gatepost.gate.content import WRITES, from_json, moved_to
from gatepost.gate.ground import void
from gatepost.gate.holds import HoldError
from gatepost.gate.models import Act
from gatepost.lifecycle import advance
from gatepost.people.authority import require_sign_off
from gatepost.people.models import User

NOT_WAITING = "This is not waiting to be looked at after a hold. Look at it again; nothing was done."


def waiting() -> QuerySet[Act]:
    """What was kept back by holds that have ended, soonest first."""
    rows = Act.objects.filter(review__isnull=False, state="signed_off")
    return rows.select_related("channel", "author", "review", "review__by").order_by("due_at", "created_at")


@transaction.atomic
def keep(act: Act, *, by: User, at: datetime) -> datetime:
    """It goes as it was signed off: at its time, or, if that has passed, as soon as there is room on its channel.
    Returns when."""
    act = _mine(act, by=by, at=at)
    due = act.due_at or at
    if due <= at:
        Channel.objects.select_for_update().get(pk=act.channel_id)  # two who keep at once get two places
        due = next_room(act, at=at)
    if because := from_json(act.content).too_late(due):
        raise HoldError(f"{because}. Give it another time and have it signed again, or withdraw it.")
    detail = {"digest": act.digest, "due": due.isoformat()}
    advance(act, "kept", by=by, at=at, clauses=["desk:holds"], detail=detail, review=None, due_at=due, says="")
    return due


@transaction.atomic
def move(act: Act, *, to: datetime, by: User, at: datetime) -> Act:
    """It goes at another time. That is not what was signed off, so it is to be signed off again."""
    act = _mine(act, by=by, at=at)
    if to <= at:
        raise HoldError("Choose a time that is still to come.")
    content = moved_to(from_json(act.content), to)
    Act.objects.filter(pk=act.pk).update(review=None)
    return amend(act, content, by=by, at=at)


@transaction.atomic
def send_back(act: Act, *, reason: str, by: User, at: datetime) -> None:
    """Its author is to write it anew. The sign-off is void."""
    act = _mine(act, by=by, at=at)
    if not reason.strip():
        raise HoldError("Say what is to be written anew, so that the author knows.")
    if act.parts_out:
        raise HoldError("Part of this is out, so it cannot be written anew. Keep the rest, or withdraw it.")
    void(act, because=f"Sent back by {by.name} after a hold", by=by, at=at)
    says = f"Sent back by {by.name} after the hold: {reason.strip()}"[:400]
    advance(act, "sent_back", by=by, at=at, clauses=["desk:holds"], review=None, due_at=None, says=says)
    jobs.enqueue(jobs.Job.ACT_SETTLED, act=str(act.pk))


@transaction.atomic
def take_back(act: Act, *, by: User, at: datetime) -> None:
    """It does not go at all."""
    act = _mine(act, by=by, at=at)
    Act.objects.filter(pk=act.pk).update(review=None)
    withdraw(act, by=by, at=at)


def next_room(act: Act, *, at: datetime) -> datetime:
    """The first moment from `at` on that is far enough from everything else of ours on its channel. What nobody sees
    arrive (hiding, taking down) needs no room."""
    if act.kind not in WRITES:
        return at
    apart = timedelta(minutes=settings.RELEASE_SPACING_MINUTES)
    others = Act.objects.filter(channel=act.channel_id, kind__in=WRITES).exclude(pk=act.pk)
    gone = others.filter(state="sent", sent_at__gt=at - apart).values_list("sent_at", flat=True)
    coming = others.filter(state__in=("signed_off", "sending"), review=None, due_at__gt=at - apart)
    taken = sorted([*filter(None, gone), *filter(None, coming.values_list("due_at", flat=True))])
    room = at
    for moment in taken:
        if moment >= room + apart:
            break
        room = max(room, moment + apart)
    return room


def _mine(act: Act, *, by: User, at: datetime) -> Act:
    require_sign_off(by, at)
    found = Act.objects.select_for_update(of=("self",)).filter(pk=act.pk, review__isnull=False, state="signed_off")
    row = found.select_related("channel", "author").first()
    if row is None:
        raise HoldError(NOT_WAITING)
    return row
