"""What needs somebody now, most urgent first. Every query is capped and goes by an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from gatepost.channels.ending import Ending, endings
from gatepost.channels.models import Channel
from gatepost.gate import holds
from gatepost.gate.allowances import Forecast, forecasts
from gatepost.gate.beats import Pulse, pulse
from gatepost.gate.models import Act, Published, Reminder
from gatepost.gate.published import altered, overdue
from gatepost.inbox.coverage import Coverage, troubled
from gatepost.inbox.exposure import covered_for
from gatepost.inbox.models import Message, Referral
from gatepost.people.authority import vacant
from gatepost.people.models import Role, User
from gatepost.web.frame.acts import Listed, listed
from gatepost.web.inbox.rows import text_of
from gatepost.web.sign_off.queue import Entry, queue

SHOWN = 6
TOLD = timedelta(days=7)  # for which what was removed or changed elsewhere is told


@dataclass(frozen=True, slots=True)
class Clocked:
    """A message whose answer-by time runs out."""

    message: Message
    title: str
    clauses: Sequence[str]


@dataclass(frozen=True, slots=True)
class Today:
    ill: list[Channel]
    worker_silent: bool
    worker_seen: datetime | None
    pulse: Pulse
    altered: list[Published]
    overdue: list[Published]
    allowances: list[Forecast]  # of networks on which something will wait
    coverage: list[Coverage]  # channels of which something may be missing, or that are quieter than usual
    unconfirmed: list[Listed]
    missed: list[Listed]
    refused: list[Listed]
    declined: list[Listed]  # came back to this person
    in_part: list[Listed]  # of which a part is out and the rest did not go
    escalated: list[Listed]  # that those whose turn it is have not signed: this person was told
    failed_referrals: list[Referral]
    vacant: list[Role]
    to_sign: list[Entry]
    signer: bool
    clocks: list[Clocked]
    referrals: list[Referral]
    day: list[Listed]
    ending: list[Ending] = field(default_factory=list)  # credentials that run out soon, or have
    held: set[object] = field(default_factory=set)
    channels: list[Channel] = field(default_factory=list)
    proposed: list[Channel] = field(default_factory=list)
    town: bool = False

    @property
    def well(self) -> bool:
        """Nothing is going wrong."""
        wrong = (self.ill, self.worker_silent, self.altered, self.unconfirmed, self.missed, self.refused, self.declined)
        return not (
            any(wrong) or self.in_part or self.escalated or self.coverage or self.failed_referrals or self.vacant
        )


def today_of(person: User, at: datetime, *, signer: bool, waiting: int) -> Today:
    """`waiting`: how many entries of the queue this person may sign."""
    used = list(Channel.objects.exclude(state="closed").order_by("name"))
    live = [channel for channel in used if channel.state == "live"]
    now = pulse(at)
    day = _day(used, at)
    trouble = _trouble(person)
    referrals = _referrals()
    return Today(
        ill=[channel for channel in live if channel.ill_since],
        worker_silent=bool(live) and not now.alive,
        worker_seen=now.last,
        pulse=now,
        altered=list(altered(at - TOLD)[:SHOWN]),
        overdue=list(overdue()[:SHOWN]),
        allowances=[one for one in forecasts(at=at) if one.waits],
        coverage=troubled(live, at=at)[:SHOWN],
        unconfirmed=[item for item in trouble if item.act.state == "unconfirmed"][:SHOWN],
        missed=[item for item in trouble if item.act.state == "missed"][:SHOWN],
        refused=[item for item in trouble if item.act.state == "refused"][:SHOWN],
        declined=[item for item in trouble if item.act.state in ("declined", "expired")][:SHOWN],
        in_part=_in_part(at),
        escalated=_escalated(person),
        failed_referrals=[one for one in referrals if one.state == "failed"],
        vacant=vacant(at),
        to_sign=_to_sign(person) if waiting else [],
        signer=signer,
        clocks=_clocks(),
        referrals=[one for one in referrals if one.state != "failed"],
        day=day,
        ending=endings(used, at=at),
        held=_held(day, at),
        channels=used,
        proposed=[channel for channel in used if channel.state == "proposed"],
        town=bool(settings.TOWN_URL) and not any(channel.practice for channel in used),
    )


def _trouble(person: User) -> list[Listed]:
    """Acts that need a person: nobody else's declined ones, for those went back to their author."""
    wrong = Q(state__in=("unconfirmed", "missed", "refused")) | Q(state__in=("declined", "expired"), author=person)
    return listed(Act.objects.filter(wrong).select_related("channel", "author").order_by("-created_at")[: 8 * SHOWN])


def _in_part(at: datetime) -> list[Listed]:
    """What the networks have a part of, and the rest stayed behind."""
    rows = Act.objects.filter(state="sent", parts_out__gt=0, sent_at__gte=at - TOLD).select_related("channel", "author")
    cut = [act for act in rows.order_by("-sent_at")[:100] if act.parts_out <= len(act.content.get("parts", ()))]
    return listed(cut[:SHOWN])


def _escalated(person: User) -> list[Listed]:
    """What this person was told of because nobody had signed it, while it still waits as it was."""
    told = Reminder.objects.filter(person=person, kind="escalation", act__state="to_sign_off", digest=F("act__digest"))
    keys = told.order_by("-at").values_list("act", flat=True)[: 4 * SHOWN]
    rows = Act.objects.filter(pk__in=list(keys)).select_related("channel", "author").order_by("sign_by", "created_at")
    return listed(rows[:SHOWN])


def _to_sign(person: User) -> list[Entry]:
    """What this person may sign off, soonest to leave first; the channels of one post are one entry."""
    return [entry for entry in queue(person) if not entry.mine][:SHOWN]


def _referrals() -> list[Referral]:
    """Those whose e-mail failed and those that wait for an answer, the soonest of each."""
    soonest = Referral.objects.order_by("answer_by")
    failed = soonest.filter(state="failed")[:SHOWN]
    return list(
        failed.union(soonest.filter(state__in=("queued", "sent", "asked"))[:SHOWN], all=True).order_by("answer_by")
    )


def _clocks() -> list[Clocked]:
    waiting = Message.objects.filter(Q(due_at__isnull=False) | Q(danger__gt=0), state="new")
    waiting = waiting.select_related("channel", "decision", "contact").only(
        "text", "danger", "due_at", "channel__name", "channel__network", "contact__name",
        "decision__decided", "decision__spans", "decision__clauses",
    )  # fmt: skip
    return [_clocked(message) for message in waiting.order_by("-danger", "due_at", "-id")[:SHOWN]]


def _clocked(message: Message) -> Clocked:
    decision = message.decision
    if covered_for(decision.decided):
        return Clocked(message, "A message with abuse", decision.clauses[:2])
    return Clocked(message, text_of(message, 70) or "A message without words", decision.clauses[:2])


def _day(channels: Sequence[Channel], at: datetime) -> list[Listed]:
    """What leaves or left today, in the order of its time."""
    start = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    end = start + timedelta(days=1)
    own = Q(kind__in=("publish", "reply"))
    coming = Act.objects.filter(own, state__in=("signed_off", "sending", "unconfirmed", "missed"))
    coming = coming.filter(due_at__gte=start, due_at__lt=end).select_related("channel").order_by("due_at")
    gone = Act.objects.filter(own, channel__in=channels, state="sent", sent_at__gte=start)  # an index of each channel
    sent = gone.select_related("channel").order_by("-sent_at")[: 2 * SHOWN]
    rows = sorted([*coming[:30], *sent], key=lambda act: act.sent_at or act.due_at or act.created_at)
    return listed(rows[-14:])


def _held(day: Sequence[Listed], at: datetime) -> set[object]:
    waiting = [item.act.pk for item in day if item.act.state == "signed_off"]
    return (
        set(Act.objects.filter(holds.covered(at=at), pk__in=waiting).values_list("pk", flat=True)) if waiting else set()
    )
