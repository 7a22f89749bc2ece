"""Moderation by name: the queue, what networks allow, decisions and their notices, reviews, abuse records, alarms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, Field

from gatepost.calls.asked import Asked, Id, MessageGet, Name, Nothing
from gatepost.calls.doing import found_message
from gatepost.calls.found import NoSuch, numbered, one_of
from gatepost.channels.actions import require_reader
from gatepost.inbox import abuse, alarms, appeals, blocking, exposure, moderating, notices, severity
from gatepost.inbox.models import AbuseRecord, Alarm, Appeal, Ruling
from gatepost.networks.limits import NoLimits
from gatepost.networks.powers import KINDS, powers
from gatepost.people.models import User

Words = Annotated[str, Field(max_length=400)]


class OfNetwork(Asked):
    network: Name


class RulingMake(Asked):
    """A warning, or what is done about a person or a post: by the desk through the gate where the network lets it, else
    by hand. `until`: the end of a block, a mute or closed comments."""

    message: Id
    kind: Literal["warn", "block", "mute", "report", "close", "hide", "remove"]
    reason: Words
    clause: Name
    until: AwareDatetime | None = None
    more_than: Words = ""


class RulingGet(Asked):
    ruling: Id


class RulingLift(Asked):
    ruling: Id
    because: Words


class RulingTell(Asked):
    """`how`: "reply" sends the notice as an answer through the gate, "hand" records that somebody gave it."""

    ruling: Id
    how: Literal["reply", "hand"]
    text: Annotated[str, Field(max_length=4000)] = ""


class AppealDecide(Asked):
    """`change`: the decision was wrong. `answer` is read by whoever has the reference."""

    ruling: Id
    change: bool
    answer: Annotated[str, Field(max_length=4000)]


class AbuseOpen(Asked):
    message: Id
    aimed_at: Annotated[str, Field(max_length=200)]


class AbuseAdd(Asked):
    message: Id
    kind: Literal["exposed", "support", "warning", "tenancy", "police", "note", "closed"]
    words: Annotated[str, Field(max_length=1000)]


class AlarmTake(Asked):
    message: Id
    did: Words = ""


class PowerOut(BaseModel):
    """`can`: "desk", "hand" or "no". `seen_by`: who still sees it then. `undo`: it can be taken back."""

    kind: str
    can: str
    undo: bool
    seen_by: str
    says: str
    source: str
    read: date


class PowersOut(BaseModel):
    network: str
    powers: list[PowerOut]


class WaitingOut(BaseModel):
    """`first`: what may be done first, "" where nothing is. `alarm`: nobody has taken its alarm."""

    message: int
    rank: str
    first: str
    undo: bool
    alarm: bool
    state: str


class QueueOut(BaseModel):
    waiting: list[WaitingOut]
    reviews: list[int]
    by_hand: list[int]
    ended: list[int]


class RulingOut(BaseModel):
    ruling: int
    message: int
    kind: str
    reference: str
    clause: str
    at: datetime
    until: datetime | None
    done_at: datetime | None
    lifted_at: datetime | None
    act: str  # the act by which the desk does it; "" for what is done by hand
    told: str
    strike: bool
    review: str
    notice: str


class RulingsOut(BaseModel):
    """`strikes` of the message's writer on this network; `step`: what the policy's ladder says of them."""

    rulings: list[RulingOut]
    strikes: int
    step: str


class StepOut(BaseModel):
    kind: str
    at: datetime
    by: int


class AbuseOut(BaseModel):
    message: int
    steps: list[StepOut]
    lacking: list[str]


class AbuseFile(BaseModel):
    record: dict[str, Any]


class OpenedOut(BaseModel):
    """The words of a covered message. That you read them is kept."""

    message: int
    text: str
    until: datetime


class AlarmOut(BaseModel):
    message: int
    kind: str
    at: datetime
    told_at: datetime | None
    taken_at: datetime | None
    taken_by: int | None


class AlarmsOut(BaseModel):
    alarms: list[AlarmOut]


def _ruling(number: int, by: User, at: datetime) -> Ruling:
    require_reader(by, at)
    rows = Ruling.objects.select_related("message__channel", "message__contact", "message__decision", "appeal")
    return numbered(rows, number, "decision")


def _record(number: int, by: User, at: datetime) -> AbuseRecord:
    found_message(number, by, at)
    rows = AbuseRecord.objects.select_related("message__channel", "message__contact", "by")
    return one_of(
        rows.filter(message=number), f"Message {number} has no record of abuse yet. Begin it with abuse.open."
    )


def _told(ruling: Ruling, at: datetime) -> RulingOut:
    appeal = getattr(ruling, "appeal", None)
    return RulingOut(
        ruling=ruling.pk,
        message=ruling.message_id,
        kind=ruling.kind,
        reference=ruling.reference_shown,
        clause=ruling.clause,
        at=ruling.at,
        until=ruling.until,
        done_at=ruling.done_at,
        lifted_at=ruling.lifted_at,
        act=str(ruling.act_id or ""),
        told=ruling.told,
        strike=ruling.strike,
        review=appeal.state if appeal else "",
        notice=notices.notice_of(ruling, at).text,
    )


def network_powers(wish: OfNetwork, *, by: User, at: datetime) -> PowersOut:
    try:
        found = powers(wish.network)
    except NoLimits as error:
        raise NoSuch(str(error)) from error
    rows = [found[kind] for kind in KINDS]
    return PowersOut(
        network=wish.network,
        powers=[
            PowerOut(
                kind=one.kind,
                can=one.can,
                undo=one.undo,
                seen_by=one.seen_by,
                says=one.says,
                source=one.source,
                read=one.read,
            )
            for one in rows
        ],
    )


def queue(wish: Nothing, *, by: User, at: datetime) -> QueueOut:
    require_reader(by, at)
    return QueueOut(
        waiting=[
            WaitingOut(
                message=one.message.pk,
                rank=one.rank,
                first=one.first.kind if one.first else "",
                undo=bool(one.first and one.first.undo),
                alarm=bool(one.alarm and one.alarm.taken_at is None),
                state=one.message.state,
            )
            for one in severity.waiting(at)
        ],
        reviews=[one.ruling_id for one in severity.open_appeals()],
        by_hand=[one.pk for one in severity.to_do_by_hand()],
        ended=[one.pk for one in severity.ended(at)],
    )


def rulings_list(wish: MessageGet, *, by: User, at: datetime) -> RulingsOut:
    message = found_message(wish.message, by, at)
    rows = message.rulings.select_related("message__channel", "appeal").order_by("at")
    strikes = severity.strikes_of(message, at)
    return RulingsOut(
        rulings=[_told(one, at) for one in rows],
        strikes=strikes.times,
        step=strikes.rung.step if strikes.rung else "",
    )


def ruling_make(wish: RulingMake, *, by: User, at: datetime) -> RulingOut:
    message = found_message(wish.message, by, at)
    made = blocking.rule(
        message,
        wish.kind,
        reason=wish.reason,
        clause=wish.clause,
        by=by,
        at=at,
        until=wish.until,
        more_than=wish.more_than,
    )
    return _told(made, at)


def ruling_done(wish: RulingGet, *, by: User, at: datetime) -> RulingOut:
    moderating.done_by_hand(_ruling(wish.ruling, by, at), by=by, at=at)
    return _told(_ruling(wish.ruling, by, at), at)


def ruling_lift(wish: RulingLift, *, by: User, at: datetime) -> RulingOut:
    blocking.lift(_ruling(wish.ruling, by, at), because=wish.because, by=by, at=at)
    return _told(_ruling(wish.ruling, by, at), at)


def ruling_tell(wish: RulingTell, *, by: User, at: datetime) -> RulingOut:
    notices.tell(_ruling(wish.ruling, by, at), wish.how, by=by, at=at, text=wish.text)
    return _told(_ruling(wish.ruling, by, at), at)


def appeal_decide(wish: AppealDecide, *, by: User, at: datetime) -> RulingOut:
    found = one_of(
        Appeal.objects.filter(ruling=_ruling(wish.ruling, by, at)),
        f"Nobody has asked for a review of decision {wish.ruling}.",
    )
    appeals.decide(found, change=wish.change, answer=wish.answer, by=by, at=at)
    return _told(_ruling(wish.ruling, by, at), at)


def words_open(wish: MessageGet, *, by: User, at: datetime) -> OpenedOut:
    message = found_message(wish.message, by, at)
    opened = exposure.open_words(message, by=by, at=at)
    return OpenedOut(message=message.pk, text=exposure.words_of(message), until=opened.until)


def abuse_open(wish: AbuseOpen, *, by: User, at: datetime) -> AbuseOut:
    kept = abuse.open_record(found_message(wish.message, by, at), aimed_at=wish.aimed_at, by=by, at=at)
    return _of_abuse(kept)


def abuse_add(wish: AbuseAdd, *, by: User, at: datetime) -> AbuseOut:
    kept = _record(wish.message, by, at)
    abuse.add_step(kept, wish.kind, wish.words, by=by, at=at)
    return _of_abuse(kept)


def abuse_export(wish: MessageGet, *, by: User, at: datetime) -> AbuseFile:
    return AbuseFile(record=abuse.exported(_record(wish.message, by, at), by=by, at=at))


def _of_abuse(kept: AbuseRecord) -> AbuseOut:
    steps = [StepOut(kind=one.kind, at=one.at, by=one.by_id) for one in kept.steps.all()]
    return AbuseOut(message=kept.message_id, steps=steps, lacking=list(abuse.lacking(kept).values()))


def alarms_list(wish: Nothing, *, by: User, at: datetime) -> AlarmsOut:
    require_reader(by, at)
    return AlarmsOut(alarms=[_alarm(one) for one in alarms.standing()])


def alarm_take(wish: AlarmTake, *, by: User, at: datetime) -> AlarmOut:
    found = one_of(
        Alarm.objects.filter(message=found_message(wish.message, by, at)),
        f"Message {wish.message} has raised no alarm.",
    )
    alarms.take(found, by=by, at=at, did=wish.did)
    found.refresh_from_db()
    return _alarm(found)


def _alarm(one: Alarm) -> AlarmOut:
    return AlarmOut(
        message=one.message_id,
        kind=one.kind,
        at=one.at,
        told_at=one.told_at,
        taken_at=one.taken_at,
        taken_by=one.taken_by_id,
    )


# name -> (what is asked, what is done, what is told, in a sentence)
MODERATION: dict[str, tuple[type[Asked], Callable[..., BaseModel], type[BaseModel], str]] = {
    "moderation.queue": (Nothing, queue, QueueOut, "What waits for a moderator, the gravest first"),
    "moderation.powers": (OfNetwork, network_powers, PowersOut, "What a network lets us do about what others say"),
    "rulings.list": (MessageGet, rulings_list, RulingsOut, "Decisions against a message, and its writer's strikes"),
    "ruling.make": (RulingMake, ruling_make, RulingOut, "Block, mute, report, close comments, or warn"),
    "ruling.done": (RulingGet, ruling_done, RulingOut, "It is done on the network"),
    "ruling.lift": (RulingLift, ruling_lift, RulingOut, "End a block, a mute or another such deed"),
    "ruling.tell": (RulingTell, ruling_tell, RulingOut, "Give the notice, or record that it was given"),
    "appeal.decide": (AppealDecide, appeal_decide, RulingOut, "Decide a review that was asked for"),
    "words.open": (MessageGet, words_open, OpenedOut, "Read the words of a covered message"),
    "abuse.open": (AbuseOpen, abuse_open, AbuseOut, "Begin the record of abuse of staff"),
    "abuse.add": (AbuseAdd, abuse_add, AbuseOut, "Add a step to the record of abuse"),
    "abuse.export": (MessageGet, abuse_export, AbuseFile, "The whole record of abuse, for the employer"),
    "alarms.list": (Nothing, alarms_list, AlarmsOut, "Alarms that nobody has taken"),
    "alarm.take": (AlarmTake, alarm_take, AlarmOut, "You have read it and see to it"),
}
