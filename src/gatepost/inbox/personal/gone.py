"""What was deleted on a network: where the network's terms ask for it, it is deleted here too, within their time.

X's developer policy: content deleted on X is deleted as soon as reasonably possible, within 24 hours of being asked.
The desk keeps its own decisions (who, when, under which clause, a keyed digest), not the words. A legal hold goes
first: then the words stay, and the desk says so, for a person to decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from gatepost.channels.models import Channel
from gatepost.inbox.models import Message
from gatepost.inbox.personal.erasing import forget
from gatepost.inbox.personal_models import GoneLook
from gatepost.ledger.actions import Actor, System
from gatepost.networks.client import BadAccount
from gatepost.networks.limits import figure
from gatepost.networks.protocol import ReadFailed, TellsGone
from gatepost.networks.registry import connect
from gatepost.vault import VaultError

BY = System("gone elsewhere")
SURE_AFTER = timedelta(hours=1)
AT_ONCE = 100  # messages in one question


def hours_to_delete(network: str) -> int:
    """Within how many hours a network wants what was deleted there deleted here; 0: it does not ask for it."""
    return int(figure(network, "deletion_hours") or 0)


@transaction.atomic
def deleted_there(channel: Channel, refs: Iterable[str], *, by: Actor, at: datetime) -> int:
    """A network says that these were deleted by whoever wrote them. Returns how many were erased here."""
    if not hours_to_delete(channel.network):
        return 0
    rows = Message.objects.filter(channel=channel, ref__in=list(refs), erased_at=None).values_list("pk", flat=True)
    return forget(list(rows), because="network", by=by, at=at)


def look(*, at: datetime) -> int:
    """Asks each network with a duty to delete, a hundred messages at a time, which of those held here are gone there,
    and erases them. A round over everything held begins again in time for the next to end within the duty. Returns how
    many questions were put."""
    asked = 0
    for channel in Channel.objects.filter(state="live").order_by("pk"):
        hours = hours_to_delete(channel.network)
        if hours:
            asked += _look(channel, every=timedelta(hours=hours * 0.75), at=at)
    return asked


def _look(channel: Channel, *, every: timedelta, at: datetime) -> int:
    turn = _turn(channel, at=at)
    if turn is None:
        return 0
    refs, again = _asked(turn, at=at), True
    if not refs:
        if turn.ended_at is not None and turn.begun_at + every > at:
            return 0
        if turn.ended_at is not None:
            turn.begun_at, turn.ended_at, turn.reached = at, None, 0
        rows = Message.objects.filter(channel=channel, erased_at=None, pk__gt=turn.reached, private=False)
        refs, again = dict(rows.order_by("pk").values_list("ref", "pk")[:AT_ONCE]), False
    if not refs:
        turn.ended_at, turn.says = at, ""
        turn.save(update_fields=["begun_at", "ended_at", "reached", "says"])
        return 0
    try:
        network = connect(channel.account())
        gone = network.gone(tuple(refs)) if isinstance(network, TellsGone) else ()
    except ReadFailed as fault:
        return _later(turn, fault.reason, max(600.0, fault.retry_after or 3600.0), at=at)
    except (VaultError, BadAccount) as error:
        return _later(turn, str(error), 3600.0, at=at)
    with transaction.atomic():
        missed = {key: value for key, value in turn.missed.items() if int(key) not in refs.values()}
        if again:
            deleted_there(channel, [ref for ref in gone if ref in refs], by=BY, at=at)
        else:  # a network that cannot be read well may say so by mistake: it is asked once more before anything goes
            missed |= {str(refs[ref]): at.isoformat() for ref in gone if ref in refs}
            turn.reached = max(refs.values())
        turn.missed, turn.says = missed, ""
        turn.save(update_fields=["begun_at", "ended_at", "reached", "missed", "says"])
    return 1


def _asked(turn: GoneLook, *, at: datetime) -> dict[str, int]:
    """Messages that were not there an hour ago, by their ref."""
    sure = [int(key) for key, since in turn.missed.items() if datetime.fromisoformat(since) + SURE_AFTER <= at]
    rows = Message.objects.filter(pk__in=sure[:AT_ONCE], erased_at=None)
    found = dict(rows.values_list("ref", "pk"))
    if not found and sure:  # erased meanwhile by another way
        turn.missed = {key: value for key, value in turn.missed.items() if int(key) not in sure}
        turn.save(update_fields=["missed"])
    return found


def _later(turn: GoneLook, says: str, seconds: float, *, at: datetime) -> int:
    turn.look_after, turn.says = at + timedelta(seconds=seconds), says[:400]
    turn.save(update_fields=["look_after", "says"])
    return 0


def _turn(channel: Channel, *, at: datetime) -> GoneLook | None:
    """How far this channel's round is; None while the network does not want to be asked."""
    turn, _ = GoneLook.objects.get_or_create(channel=channel, defaults={"begun_at": at})
    return None if turn.look_after is not None and turn.look_after > at else turn
