"""What of a channel is on the desk: when it was last read and heard, when it was not and whether what was said then has
been read since, and whether it is quieter than usual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from gatepost.channels.actions import require_may_write
from gatepost.channels.models import Channel
from gatepost.inbox.deliveries import try_again
from gatepost.inbox.intake_models import Gap, Quiet
from gatepost.inbox.models import Delivery, Message
from gatepost.inbox.problems import InboxError
from gatepost.inbox.unread_models import Unread
from gatepost.jobs import Job, enqueue
from gatepost.ledger.actions import Actor, record
from gatepost.networks.limits import figure
from gatepost.people.models import User

GAP_AFTER = timedelta(minutes=10)
"""Without a reading; never less than five times the usual pause between two."""
WEEKS = 4
FEWEST = 2  # weeks a channel must be known before anything is usual
USUALLY = 7.0
"""Messages of the same hours of other weeks, on average: then hearing none is chance once in a thousand times."""
LONGEST = timedelta(days=6)
"""Of silence that is compared: a longer one has no week of its own."""
SHORTEST = timedelta(minutes=30)
READ_AGAIN = timedelta(days=90)
COUNTED = 20_000  # calls that are counted
BY_CALL_ALONE = (
    "Its comments have been read since. Private messages of this time come by the network's call alone. "
    "Look in the Page's inbox, then say so here."
)


class Reads(Protocol):
    def __call__(self, channel: Channel, since: datetime, *, at: datetime) -> int: ...


@dataclass(frozen=True, slots=True)
class Coverage:
    """`waiting`: calls not read yet, `since`: when the oldest came; `unreadable`: those the desk could not read.
    `behind`: not read for longer than it should be, since then. `unread`: it cannot be read, and is told."""

    channel: Channel
    gaps: Sequence[Gap]
    quiet: Quiet | None
    waiting: int
    since: datetime | None
    unreadable: int
    behind: datetime | None
    unread: Unread | None

    @property
    def waits(self) -> str:
        """How many calls wait, as it is shown; "" when none does."""
        return f"more than {COUNTED:,}" if self.waiting > COUNTED else f"{self.waiting:,}" if self.waiting else ""

    @property
    def open(self) -> list[Gap]:
        """Gaps of which something may be missing."""
        return [gap for gap in self.gaps if gap.filled_at is None]

    @property
    def whole(self) -> bool:
        return not (self.open or self.unreadable or self.behind)


def allowed() -> timedelta:
    return max(GAP_AFTER, 5 * timedelta(seconds=settings.POLL_SECONDS))


def coverage_of(channel: Channel, *, at: datetime, most: int = 20) -> Coverage:
    calls = Delivery.objects.filter(channel=channel, read_at=None)
    last = channel.last_read_at
    late = channel.state == "live" and last is not None and at - last > allowed()
    return Coverage(
        channel=channel,
        gaps=list(Gap.objects.filter(channel=channel).select_related("settled_by").order_by("-until")[:most]),
        quiet=Quiet.objects.filter(channel=channel, ended_at=None).first(),
        waiting=calls.filter(failed="")[: COUNTED + 1].count(),
        since=calls.filter(failed="").order_by("pk").values_list("at", flat=True).first(),
        unreadable=calls.exclude(failed="")[: COUNTED + 1].count(),
        behind=last if late else None,
        unread=Unread.objects.filter(channel=channel, ended_at=None).first(),
    )


def troubled(channels: Sequence[Channel], *, at: datetime) -> list[Coverage]:
    """Those channels of which something may be missing, or that are quieter than usual."""
    gaps = Gap.objects.filter(channel__in=channels, filled_at=None).values_list("channel_id", flat=True)
    quiet = Quiet.objects.filter(channel__in=channels, ended_at=None).values_list("channel_id", flat=True)
    failed = Delivery.objects.filter(channel__in=channels, read_at=None).exclude(failed="")
    wrong = set(gaps.union(quiet, failed.values_list("channel_id", flat=True)[:1000]))
    return [coverage_of(channel, at=at) for channel in channels if channel.pk in wrong]


def note_read(
    channel: Channel, before: datetime | None, *, why: str, by: Actor, at: datetime, cut: bool = False
) -> None:
    """Keeps a gap when the reading before this one, at `before`, lies too far back, or when the network showed its
    newest messages alone (`cut`)."""
    if before is None or not (cut or at - before > allowed()):
        return
    says = "The network shows its newest messages alone. Look there for older ones, then say so here." if cut else ""
    told = why or "The desk did not read it: it was stopped, or the channel was paused."
    with transaction.atomic():
        _, made = Gap.objects.get_or_create(
            channel=channel, since=before, defaults={"until": at, "why": told[:400], "says": says}
        )
        if made:
            detail = {"since": before.isoformat(), "until": at.isoformat()}
            record("channel.gap", f"channel:{channel.pk}", by=by, at=at, detail=detail)


def note_whole(channel: Channel, *, by: Actor, at: datetime) -> None:
    """The channel has been read to its end: gaps that reading can fill are filled. Where reading shows no private
    messages, a gap of a channel that has had some stays open until a person has looked."""
    gaps = list(Gap.objects.filter(channel=channel, filled_at=None, says=""))
    if gaps and _private_by_call_alone(channel):
        Gap.objects.filter(pk__in=[gap.pk for gap in gaps], filled_at=None).update(says=BY_CALL_ALONE)
        return
    for gap in gaps:
        written = Message.objects.filter(channel=channel, received_at__gte=gap.until)
        found = written.filter(posted_at__gte=gap.since, posted_at__lt=gap.until)[:100_000].count()
        with transaction.atomic():
            if Gap.objects.filter(pk=gap.pk, filled_at=None).update(filled_at=at, found=found):
                detail = {"since": gap.since.isoformat(), "found": found}
                record("channel.gap_filled", f"channel:{channel.pk}", by=by, at=at, detail=detail)


def _private_by_call_alone(channel: Channel) -> bool:
    """Nobody real writes to a practice channel: there a gap closes by itself."""
    if channel.practice or not figure(channel.network, "private_by_call"):
        return False
    return Message.objects.filter(channel=channel, private=True).exists()


@transaction.atomic
def settle_gap(gap: Gap, *, because: str, by: User, at: datetime) -> None:
    """Somebody has looked on the network itself. Raises InboxError when it is settled already, or says nothing."""
    require_may_write(by, gap.channel, at)
    because = " ".join(because.split())
    if not because or len(because) > 300:
        raise InboxError("Say in at most 300 characters what you looked at and what you found.")
    changes = {"filled_at": at, "settled_by": by, "settled_because": because}
    if not Gap.objects.filter(pk=gap.pk, filled_at=None).update(**changes):
        raise InboxError("This gap is settled already.")
    detail = {"since": gap.since.isoformat(), "until": gap.until.isoformat()}
    record("channel.gap_settled", f"channel:{gap.channel_id}", by=by, at=at, detail=detail)


def usual(channel: Channel, since: datetime, at: datetime) -> list[int]:
    """How many messages came in the same hours of each of the last WEEKS weeks, the latest week first. Weeks before the
    channel was connected are left out."""
    counts = []
    for week in range(1, WEEKS + 1):
        start, end = since - timedelta(weeks=week), at - timedelta(weeks=week)
        if start < channel.created_at:
            break
        found = Message.objects.filter(channel=channel, received_at__gt=start, received_at__lte=end)
        counts.append(found[:1000].count())
    return counts


def listen(channel: Channel, *, by: Actor, at: datetime) -> Quiet | None:
    """Looks whether a live channel is quieter than usual, and whether one that was is heard again."""
    heard = (
        Message.objects.filter(channel=channel).order_by("-received_at").values_list("received_at", flat=True).first()
    )
    noted = Quiet.objects.filter(channel=channel, ended_at=None).first()
    if noted is not None and heard is not None and heard > noted.since:
        with transaction.atomic():
            Quiet.objects.filter(pk=noted.pk).update(ended_at=at)
            record("channel.heard_again", f"channel:{channel.pk}", by=by, at=at)
        return None
    if noted is not None or heard is None or not SHORTEST <= at - heard <= LONGEST:
        return noted
    counts = usual(channel, heard, at)
    if len(counts) < FEWEST or min(counts) < 2 or sum(counts) / len(counts) < USUALLY:
        return None
    with transaction.atomic():
        record("channel.quiet", f"channel:{channel.pk}", by=by, at=at, detail={"since": heard.isoformat()})
        return Quiet.objects.create(channel=channel, since=heard, noticed_at=at, usual=counts)


def listen_to_all(*, by: Actor, at: datetime) -> int:
    """Listens to every live channel. Returns how many are quieter than usual."""
    return sum(listen(one, by=by, at=at) is not None for one in heard_channels())


@transaction.atomic
def ask_to_read_again(channel: Channel, since: datetime, *, by: User, at: datetime) -> None:
    """Asks for everything said since a moment to be read once more, by the queue; what is known is passed over."""
    require_may_write(by, channel, at)
    if channel.state != "live":
        raise InboxError(f"{channel.name} is not read now. Resume it first.")
    if not at - READ_AGAIN <= since < at:
        raise InboxError("Choose a day of the last three months.")
    record("channel.read_again", f"channel:{channel.pk}", by=by, at=at, detail={"since": since.isoformat()})
    enqueue(
        Job.READ_AGAIN,
        lock=f"read:{channel.pk}",
        once=f"again:{channel.pk}",
        channel=channel.pk,
        since=since.isoformat(),
    )


def end_reading_again(channel: Channel, since: datetime, *, by: Actor, at: datetime, read: Reads) -> int:
    """Does what was asked for. Returns how many messages had been missing. Raises ReadFailed: it is tried again."""
    found = read(channel, since, at=at) if channel.state == "live" else 0
    record("channel.was_read_again", f"channel:{channel.pk}", by=by, at=at, detail={"found": found})
    return found


@transaction.atomic
def ask_unreadable_again(channel: Channel, *, by: User, at: datetime) -> int:
    """Calls of the network that the desk could not read wait again, for instance after an upgrade. Returns how many."""
    require_may_write(by, channel, at)
    number = try_again(channel)
    if not number:
        raise InboxError("Every call of this network has been read.")
    record("channel.calls_again", f"channel:{channel.pk}", by=by, at=at, detail={"calls": number})
    enqueue(Job.READ_CHANNEL, lock=f"read:{channel.pk}", once=f"read:{channel.pk}", channel=channel.pk)
    return number


def heard_channels() -> QuerySet[Channel]:
    """Live channels on which people of a real network write."""
    return Channel.objects.filter(state="live", practice=False).exclude(network="by_hand")
