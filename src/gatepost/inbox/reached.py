"""Whether a private message of ours was delivered and read, as far as the network has told. Nothing is guessed: a
watermark counts for a message only when the message is surely no later than it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest, Least

from gatepost.channels.models import Channel
from gatepost.gate.models import Act
from gatepost.gate.published import is_private
from gatepost.inbox.models import Contact, Message
from gatepost.inbox.reached_models import ReachedMessage, ReachedTo
from gatepost.ledger.actions import Actor, Entry, record_many
from gatepost.networks.matching import CLOCK_SKEW
from gatepost.networks.reaching import Reached, person_of

LATEST = 50  # messages to one person that are looked at when something is told of them
WORDS = {"sent": "Sent", "delivered": "Delivered", "read": "Read", "refused": "Failed", "unconfirmed": "Unconfirmed"}


@dataclass(frozen=True, slots=True)
class Became:
    """How far a private message came. `how`: a key of WORDS, or "" while it has not left. `by`: it was so by then."""

    how: str
    by: datetime | None = None

    @property
    def word(self) -> str:
        return WORDS.get(self.how, "")


@transaction.atomic
def take_reached(channel: Channel, told: Sequence[Reached], *, by: Actor, at: datetime) -> None:
    """Keeps what the network told of people whom the desk knows; each message of ours that came further by it is a line
    of the record, once. The Page writes to others too, from its own inbox, and tells of those who were erased."""
    people = known_of(channel, {one.person for one in told})
    told = [one for one in told if one.person in people]
    if not told:
        return
    Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)  # one at a time: the lines are written once
    mine = [act for person in sorted(people) for act in _latest(channel, person)]
    before = became(mine)
    for one in told:
        rows = ReachedTo.objects.filter(channel=channel, person=one.person, how=one.how)
        if not rows.update(up_to=Greatest(F("up_to"), one.up_to)):
            ReachedTo.objects.create(channel=channel, person=one.person, how=one.how, up_to=one.up_to)
        for ref in one.refs:
            known = ReachedMessage.objects.filter(channel=channel, ref=ref)
            if not known.update(by=Least(F("by"), one.up_to)):
                ReachedMessage.objects.create(channel=channel, ref=ref, by=one.up_to)
    after = became(mine)
    lines = [
        Entry(f"act.{after[act.pk].how}", f"act:{act.pk}", ["desk:gate"], {"digest": act.digest})
        for act in mine
        if after[act.pk].how != before[act.pk].how
    ]
    record_many(lines, by=by, at=at)


def known_of(channel: Channel, people: Collection[str]) -> set[str]:
    """Of these numbers, those of people of whom a message is held that is not erased: by their account, or because a
    private answer of ours went to them (Messenger may number people otherwise than comments do)."""
    if not people:
        return set()
    accounts = Contact.objects.filter(network=channel.network, external_id__in=people)
    known = set(accounts.values_list("external_id", flat=True))
    for person in set(people) - known:
        answered = [act.subject.removeprefix("message:") for act in _latest(channel, person)]
        if Message.objects.filter(pk__in=[one for one in answered if one.isdigit()], erased_at=None).exists():
            known.add(person)
    return known


def _latest(channel: Channel, person: str) -> Iterable[Act]:
    rows = Act.objects.filter(channel=channel, kind="reply", state="sent", ref__startswith=f"t_{person}:")
    return rows.order_by("-sent_at")[:LATEST]


def became(acts: Collection[Act]) -> Mapping[UUID, Became]:
    """How far each of these private messages came. Those that the network has not taken ask nothing."""
    taken = [act for act in acts if act.state == "sent" and person_of(act.ref)]
    channels = {act.channel_id for act in taken}
    to: dict[tuple[int, str, str], datetime] = {}
    named: dict[tuple[int, str], datetime] = {}
    if taken:
        people = {person_of(act.ref) for act in taken}
        for row in ReachedTo.objects.filter(channel__in=channels, person__in=people):
            to[row.channel_id, row.person, row.how] = row.up_to
        for one in ReachedMessage.objects.filter(channel__in=channels, ref__in=[act.ref for act in taken]):
            named[one.channel_id, one.ref] = one.by
    return {act.pk: _became(act, to, named) for act in acts}


def _became(act: Act, to: Mapping[tuple[int, str, str], datetime], named: Mapping[tuple[int, str], datetime]) -> Became:
    if act.state != "sent" or act.sent_at is None:
        return Became(act.state if act.state in WORDS else "")
    person = person_of(act.ref)
    told = named.get((act.channel_id, act.ref))
    # The network had it no later than it said so itself; else than our clock saw its answer, give or take.
    latest = told or act.sent_at + CLOCK_SKEW
    read, delivered = (to.get((act.channel_id, person, how)) for how in ("read", "delivered"))
    if read is not None and read >= latest:
        return Became("read", read)
    if told is not None:
        return Became("delivered", told)
    if delivered is not None and delivered >= latest:
        return Became("delivered", delivered)
    return Became("sent", act.sent_at)


def delivery_of(act: Act) -> str:
    """The same for one act, as a word for programs; "" for what is public."""
    return became([act])[act.pk].how if act.kind == "reply" and is_private(act) else ""


def forget_reached(channels: Collection[int], people: Collection[str]) -> None:
    """When somebody's data are erased."""
    ReachedTo.objects.filter(channel__in=channels, person__in=people).delete()
    for person in people:
        if person.isdigit():
            ReachedMessage.objects.filter(channel__in=channels, ref__startswith=f"t_{person}:").delete()


def forget_answered(messages: Collection[int]) -> None:
    """When messages are erased: what was told of private answers to them, where nothing else is held of the person."""
    subjects = [f"message:{number}" for number in messages]
    told: dict[Channel, set[str]] = {}
    for act in Act.objects.filter(subject__in=subjects, kind="reply", ref__startswith="t_").select_related("channel"):
        told.setdefault(act.channel, set()).add(person_of(act.ref))
    for channel, people in told.items():
        forget_reached([channel.pk], people - known_of(channel, people))
