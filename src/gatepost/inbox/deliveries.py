"""Calls of networks, kept as they came, read many at a time. One that cannot be read stays and stops no other."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from django.db import DatabaseError, DataError, IntegrityError, InterfaceError
from django.db.models import QuerySet

from gatepost.channels.models import Channel
from gatepost.inbox.models import Delivery
from gatepost.inbox.reached import take_reached
from gatepost.ledger.actions import System
from gatepost.networks.protocol import Incoming, Network, ReadsDeliveries
from gatepost.networks.reaching import TellsReached

BATCH = 200  # calls read together
MOST = 2_000  # in one go: then other channels have their turn
KEPT = timedelta(days=7)  # after they were read: what they held is messages by then

INTAKE = System("intake")
log = logging.getLogger("gatepost.intake")


class Take(Protocol):
    def __call__(
        self, channel: Channel, incoming: Sequence[Incoming], *, cursor: None, at: datetime, told: Sequence[int]
    ) -> int: ...


def read_deliveries(channel: Channel, network: Network, *, take: Take, at: datetime) -> int:
    """Reads what the network told us by itself, in the order told. Returns how many messages were new. A network whose
    calls hold no messages is read instead: see `settle`."""
    if not isinstance(network, ReadsDeliveries):
        return 0
    new = done = 0
    while done < MOST and (batch := list(_waiting(channel)[:BATCH])):
        done += len(batch)
        new += _read(channel, network, batch, take=take, at=at)
    return new


def more_waits(channel: Channel, network: Network) -> bool:
    """Whether calls are left that the next go has to read."""
    return isinstance(network, ReadsDeliveries) and _waiting(channel).exists()


def settle(channel: Channel, network: Network, up_to: int, *, at: datetime) -> None:
    """Calls that only said "there is something" are done with once the network has been read after them."""
    if not isinstance(network, ReadsDeliveries):
        Delivery.objects.filter(channel=channel, read_at=None, failed="", pk__lte=up_to).update(read_at=at)


def latest(channel: Channel) -> int:
    """The newest call that waits; 0 when none does."""
    return _waiting(channel).reverse().values_list("pk", flat=True).first() or 0


def try_again(channel: Channel) -> int:
    """Calls that could not be read wait again, for instance after an upgrade. Returns how many."""
    return Delivery.objects.filter(channel=channel, read_at=None).exclude(failed="").update(failed="")


def forget_old(*, at: datetime) -> int:
    """Takes out the calls that were read long enough ago. Returns how many."""
    old = Delivery.objects.filter(read_at__lt=at - KEPT).order_by("pk").values_list("pk", flat=True)[:5000]
    return Delivery.objects.filter(pk__in=list(old)).delete()[0]


def _waiting(channel: Channel) -> QuerySet[Delivery]:
    return Delivery.objects.filter(channel=channel, read_at=None, failed="").order_by("pk")


def _read(channel: Channel, network: ReadsDeliveries, batch: Sequence[Delivery], *, take: Take, at: datetime) -> int:
    try:
        incoming = [item for one in batch for item in network.messages_in(bytes(one.body))]
        if isinstance(network, TellsReached):
            told = [item for one in batch for item in network.reached_in(bytes(one.body))]
            take_reached(channel, told, by=INTAKE, at=at)
        return take(channel, incoming, cursor=None, at=at, told=[one.pk for one in batch])
    except (DatabaseError, InterfaceError) as error:
        if not _of_the_content(error):
            raise  # the database is away: nothing is wrong with what was told
        if len(batch) == 1:
            return _put_aside(batch[0], error)
    except Exception as error:
        if len(batch) == 1:
            return _put_aside(batch[0], error)
    middle = len(batch) // 2
    return sum(_read(channel, network, half, take=take, at=at) for half in (batch[:middle], batch[middle:]))


def _of_the_content(error: Exception) -> bool:
    """Did the database refuse what it was given, rather than fail to answer?"""
    return isinstance(error, DataError | IntegrityError)


def _put_aside(delivery: Delivery, error: Exception) -> int:
    log.error("delivery %d could not be read: %s", delivery.pk, type(error).__name__)
    Delivery.objects.filter(pk=delivery.pk).update(failed=f"The desk could not read it ({type(error).__name__}).")
    return 0
