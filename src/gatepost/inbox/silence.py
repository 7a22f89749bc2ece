"""A channel that is not heard is told to its people by e-mail: nobody writes as they usually do, or it cannot be read.

What a network's own page would show is looked for by people; a revoked key or a full mailbox is mended by whoever looks
after the desk. Each silence is told once. It stands on the front page until it ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate.letters import deliver
from gatepost.inbox import assigning
from gatepost.inbox.coverage import allowed, heard_channels
from gatepost.inbox.intake_models import Quiet
from gatepost.inbox.personal.covering import covered
from gatepost.inbox.unread_models import Unread
from gatepost.jobs import Job, enqueue
from gatepost.ledger.actions import Actor, record
from gatepost.people.models import Holding, User

UNREAD_AFTER = timedelta(minutes=30)
"""Without one reading that worked, while it is tried; never less than twice what counts as a gap."""


def look(*, by: Actor, at: datetime) -> int:
    """Notes live channels that cannot be read, ends those that are read again, and sees to it that what nobody has been
    told of is told. Returns how many silences stand."""
    for channel in heard_channels():
        note(channel, by=by, at=at)
    for row in Unread.objects.filter(ended_at=None).exclude(channel__state="live"):
        _end(row, by=by, at=at)
    stand = {"ended_at": None, "channel__state": "live"}
    rows: list[Quiet | Unread] = [*Quiet.objects.filter(**stand), *Unread.objects.filter(**stand)]
    for number in {row.channel_id for row in rows if row.told_at is None}:
        enqueue(Job.TELL_SILENCE, once=f"silence:{number}", channel=number)
    return len(rows)


def note(channel: Channel, *, by: Actor, at: datetime) -> Unread | None:
    """Looks whether a live channel is tried and cannot be read. A desk that was stopped has tried nothing."""
    noted = Unread.objects.filter(channel=channel, ended_at=None).first()
    if noted is not None:
        if channel.ill_since is not None:
            return noted
        _end(noted, by=by, at=at)
        return None
    if channel.ill_since is None or at - channel.ill_since < allowed():
        return None
    since = min(channel.last_read_at or channel.ill_since, channel.ill_since)
    if at - since < max(UNREAD_AFTER, 2 * allowed()):
        return None
    with transaction.atomic():
        record("channel.unread", f"channel:{channel.pk}", by=by, at=at, detail={"since": since.isoformat()})
        return Unread.objects.create(channel=channel, since=since, noticed_at=at)


@transaction.atomic
def _end(row: Unread, *, by: Actor, at: datetime) -> None:
    if Unread.objects.filter(pk=row.pk, ended_at=None).update(ended_at=at):
        record("channel.read_on", f"channel:{row.channel_id}", by=by, at=at)


def tell(channel: Channel, *, by: Actor, at: datetime) -> int:
    """Writes to the people of a channel about what stands and has not been told. Returns how many letters were written.
    Raises LetterFailed."""
    told = 0
    for row in Unread.objects.filter(channel=channel, ended_at=None, told_at=None):
        said = covered(channel.ill_says) or "The network does not answer."
        lines = [
            f"The desk has tried since {_moment(row.since)} to read {channel.name}, and cannot:",
            said,
            "",
            "What is said there now reaches nobody here. Look at the account itself until it is mended: somebody may",
            "need help. When it is read again, what was said meanwhile comes in; the page says what may be missing.",
        ]
        told += _letter(
            row, f"{channel.name} cannot be read", lines, people_of(channel, at, technical=True), by=by, at=at
        )
    for quiet in Quiet.objects.filter(channel=channel, ended_at=None, told_at=None):
        usual = ", ".join(map(str, quiet.usual))
        lines = [
            f"Nobody has written on {channel.name} since {_moment(quiet.since)}.",
            f"In the same hours of the weeks before there were {usual} messages.",
            "",
            "It may be a quiet day. Look at the account itself: is it blocked or limited, are comments closed,",
            "is the webhook still set up?",
        ]
        subject = f"{channel.name} is quieter than usual"
        told += _letter(quiet, subject, lines, people_of(channel, at, technical=False), by=by, at=at)
    return told


def people_of(channel: Channel, at: datetime, *, technical: bool) -> list[User]:
    """Who is on duty for a channel, and who answers for the channels; what is `technical` is also told to whoever looks
    after the desk."""
    duties = [one.person for one in assigning.on_duty(at) if not one.channels or channel.pk in one.channels]
    held = Holding.objects.in_force(at).filter(person__is_active=True).select_related("person", "role")
    found = [one.person for one in held if one.role.signs_off or one.role.approves_staff] + duties
    if technical:
        found += User.objects.filter(is_admin=True, is_active=True)
    return list({person.pk: person for person in found}.values())


def _letter(
    row: Quiet | Unread, subject: str, lines: Sequence[str], people: Sequence[User], *, by: Actor, at: datetime
) -> int:
    if not people:
        return 0
    address = f"{settings.PUBLIC_URL}/intake/channel/{row.channel_id}/"
    deliver([person.email for person in people], subject, [*lines, "", address])
    with transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(told_at=at)
        detail = {"people": sorted(person.pk for person in people)}
        record("channel.told", f"channel:{row.channel_id}", by=by, at=at, detail=detail)
    return 1


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%H:%M on %A %-d %B")
