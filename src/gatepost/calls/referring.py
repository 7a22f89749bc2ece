"""Referrals by name: what is with departments, what they said, asking again, reminding."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from gatepost.calls.asked import Asked, Id, Name
from gatepost.calls.found import numbered
from gatepost.channels.actions import require_reader
from gatepost.inbox import referral_chasing, referrals
from gatepost.inbox.masking import masked
from gatepost.inbox.models import Referral
from gatepost.inbox.states import OPEN_REFERRALS
from gatepost.people.models import User
from gatepost.policy.pack import Pack
from gatepost.policy.reading import read
from gatepost.rulebook.actions import in_force

Words = Annotated[str, Field(min_length=1, max_length=20_000)]


class ReferralsList(Asked):
    """By answer-by time. `show`: those with a department, or late, or in one state."""

    show: Literal["open", "late", "asked", "handed_back", "answered"] = "open"
    department: Name = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class ReferralGet(Asked):
    referral: Id


class ReferralSay(Asked):
    referral: Id
    text: Words


class SaidOut(BaseModel):
    """Personal details are left out by name."""

    kind: str
    text: str
    author: str
    via: str
    at: datetime


class ReferralWholeOut(BaseModel):
    id: int
    message: int
    department: str
    name: str
    state: str
    clause: str
    answer_by: datetime
    sent_at: datetime | None
    out_of_hours: bool
    taken_at: datetime | None
    details: bool
    letters: list[str]
    said: list[SaidOut]


class ReferralsOut(BaseModel):
    referrals: list[ReferralWholeOut]


def _one(pk: int, by: User, at: datetime) -> Referral:
    require_reader(by, at)
    return numbered(Referral.objects.select_related("message__channel"), pk, "referral")


def _out(one: Referral, pack: Pack) -> ReferralWholeOut:
    one.refresh_from_db()
    return ReferralWholeOut(
        id=one.pk,
        message=one.message_id,
        department=one.department,
        name=one.name,
        state=one.state,
        clause=one.clause,
        answer_by=one.answer_by,
        sent_at=one.sent_at,
        out_of_hours=one.out_of_hours,
        taken_at=one.taken_at,
        details=one.details,
        letters=[row.kind for row in one.letters.order_by("at", "pk")],
        said=[
            SaidOut(
                kind=note.kind,
                text=masked(note.text, read(note.text, pack.words).spans),
                author=note.author,
                via=note.via,
                at=note.at,
            )
            for note in one.notes.order_by("at", "pk")
        ],
    )


def referrals_list(wish: ReferralsList, *, by: User, at: datetime) -> ReferralsOut:
    require_reader(by, at)
    states = OPEN_REFERRALS if wish.show in ("open", "late") else (wish.show,)
    rows = Referral.objects.filter(state__in=states)
    if wish.show == "late":
        rows = rows.filter(answer_by__lt=at)
    if wish.department:
        rows = rows.filter(department=wish.department)
    pack = in_force(at)
    return ReferralsOut(
        referrals=[_out(one, pack) for one in rows.order_by("-message__danger", "answer_by", "pk")[: wish.limit]]
    )


def referral_get(wish: ReferralGet, *, by: User, at: datetime) -> ReferralWholeOut:
    return _out(_one(wish.referral, by, at), in_force(at))


def referral_answer(wish: ReferralSay, *, by: User, at: datetime) -> ReferralWholeOut:
    one = _one(wish.referral, by, at)
    referrals.answer(one, wish.text, by=by, at=at)
    return _out(one, in_force(at))


def referral_tell(wish: ReferralSay, *, by: User, at: datetime) -> ReferralWholeOut:
    one = _one(wish.referral, by, at)
    referrals.tell(one, wish.text, by=by, at=at)
    return _out(one, in_force(at))


def referral_hand_back(wish: ReferralSay, *, by: User, at: datetime) -> ReferralWholeOut:
    one = _one(wish.referral, by, at)
    referrals.hand_back(one, wish.text, by=by, at=at)
    return _out(one, in_force(at))


def referral_reopen(wish: ReferralSay, *, by: User, at: datetime) -> ReferralWholeOut:
    one = _one(wish.referral, by, at)
    referrals.reopen(one, wish.text, by=by, at=at)
    return _out(one, in_force(at))


def referral_remind(wish: ReferralGet, *, by: User, at: datetime) -> ReferralWholeOut:
    one = _one(wish.referral, by, at)
    referral_chasing.remind_now(one, by=by, at=at)
    return _out(one, in_force(at))


Row = tuple[type[Asked], Callable[..., BaseModel], type[BaseModel], str]
REFERRING: dict[str, Row] = {
    "referrals.list": (ReferralsList, referrals_list, ReferralsOut, "What is with departments, by answer-by time"),
    "referral.get": (ReferralGet, referral_get, ReferralWholeOut, "One referral with what was said about it"),
    "referral.answer": (ReferralSay, referral_answer, ReferralWholeOut, "Keep what a department answered"),
    "referral.tell": (ReferralSay, referral_tell, ReferralWholeOut, "Answer what a department asked back"),
    "referral.hand_back": (ReferralSay, referral_hand_back, ReferralWholeOut, "A department says it is not theirs"),
    "referral.reopen": (ReferralSay, referral_reopen, ReferralWholeOut, "Ask a department again"),
    "referral.remind": (ReferralGet, referral_remind, ReferralWholeOut, "Remind a department now"),
}
