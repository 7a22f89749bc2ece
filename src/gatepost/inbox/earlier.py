"""What somebody wrote before: how many days ago each of their messages of the last 30 days came in."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable
from datetime import datetime, timedelta

from gatepost.channels.models import Channel
from gatepost.inbox.models import Message
from gatepost.policy.conditions import looks_back
from gatepost.policy.model import Inbound
from gatepost.policy.pack import Pack

WINDOW = timedelta(days=30)
MOST = 100  # messages of one writer that are counted: a condition asks for no more
_ROWS = 20_000  # of all writers of one batch together
_PRUNE_EVERY = 10_000


class Earlier:
    """Told of messages in the order in which they came, it says of each what its writer sent before."""

    def __init__(self) -> None:
        self._times: dict[Hashable, deque[datetime]] = {}
        self._told = 0

    def seen(self, writer: Hashable, at: datetime) -> tuple[int, ...]:
        """Whole days between `at` and each earlier message, the latest first; and remembers this one."""
        times = self._times.setdefault(writer, deque(maxlen=MOST))
        while times and at - times[0] > WINDOW:
            times.popleft()
        found = tuple(max((at - time).days, 0) for time in reversed(times))
        times.append(at)
        self._told += 1
        if self._told % _PRUNE_EVERY == 0:
            self._prune(at)
        return found

    def _prune(self, at: datetime) -> None:
        self._times = {writer: times for writer, times in self._times.items() if at - times[-1] <= WINDOW}


def is_asked_for(pack: Pack) -> bool:
    """Whether a rule of the policy looks at what somebody wrote before. Where none does, nobody asks the database."""
    return any(looks_back(rule.when) for rule in pack.rules)


def as_inbound(message: Message, pack: Pack, *, text: str | None = None) -> Inbound:
    """A message that is kept, as `pack` decides on it once more; `text`: other words than those that stand."""
    return Inbound(
        message.ref,
        message.text if text is None else text,
        message.channel.network,
        private=message.private,
        author_kind=message.contact.kind,
        audiences=message.channel.for_whom,
        earlier=of_message(message) if is_asked_for(pack) else (),
    )


def of_message(message: Message) -> tuple[int, ...]:
    """Whole days between a message and each that its writer sent before it, the latest first."""
    came = message.received_at
    before = Message.objects.filter(contact=message.contact_id, received_at__lt=came, received_at__gte=came - WINDOW)
    times = before.order_by("-received_at").values_list("received_at", flat=True)[:MOST]
    return tuple((came - time).days for time in times)


def of_writers(channel: Channel, writers: Iterable[str], *, at: datetime) -> Earlier:
    """What these accounts wrote on the channel's network before, from the desk's rows."""
    rows = Message.objects.filter(
        contact__network=channel.network, contact__external_id__in=set(writers), received_at__gte=at - WINDOW
    )
    known = Earlier()
    latest = rows.order_by("-received_at").values_list("contact__external_id", "received_at")[:_ROWS]
    for writer, time in reversed(latest):
        known.seen(writer, time)
    return known
