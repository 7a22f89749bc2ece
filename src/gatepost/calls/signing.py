"""Sign-off by programs: steps, suggestions, moving, people from outside, deputies and absence."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from pydantic import AwareDatetime, BaseModel, Field

from gatepost.calls.asked import ActGet, ActOut, Asked, Digest, Id, Name, Nothing, Short, Text
from gatepost.calls.doing import found_act
from gatepost.calls.found import numbered, one_of
from gatepost.calls.told import act_out
from gatepost.gate import outside, proofs, series, suggesting
from gatepost.gate.approval import offered, steps_of, taken_of, valid_sign_offs
from gatepost.gate.models import Invitation, StandingSignOff, Suggestion
from gatepost.gate.moving import move
from gatepost.gate.signing import sign_off
from gatepost.ledger.governing import clause_for
from gatepost.people import deputies
from gatepost.people.models import Absence, Deputy, User
from gatepost.policy.approval import missing
from gatepost.publishing.suggested import take


class SignOff(Asked):
    """`digest` is the one you were shown: if the act has changed since, nothing is signed. `passkey` is what a device
    answered to a WebAuthn request whose challenge is that digest."""

    act: UUID
    digest: Digest
    passkey: Annotated[str, Field(max_length=20_000)] = ""


class StepOut(BaseModel):
    step: int
    title: str
    roles: list[str]
    count: int
    missing: int
    outside: bool
    passkey: bool
    clause: str


class StepsOut(BaseModel):
    """`yours` is the step that you would take by signing now; without one, `why_not` says why."""

    act: UUID
    chain: str
    steps: list[StepOut]
    yours: int | None
    why_not: str
    sign_by: datetime | None


class Suggest(Asked):
    act: UUID
    digest: Digest
    text: Text
    note: Short = ""


class SuggestionAsked(Asked):
    suggestion: Id


class SuggestionOut(BaseModel):
    id: int
    act: UUID
    text: str
    note: str
    by: int
    outcome: str


class Move(Asked):
    """Inside the signed window the sign-off stays."""

    act: UUID
    to: AwareDatetime


class MoveOut(BaseModel):
    kept: bool
    act: ActOut


class OutsideAsk(Asked):
    """A one-time link for exactly this digest, to somebody without an account."""

    act: UUID
    digest: Digest
    name: Name
    email: Annotated[str, Field(max_length=254)]


class OutsideAsked(Asked):
    invitation: Id


class OutsideOut(BaseModel):
    id: int
    act: UUID
    digest: str
    step: int
    expires_at: datetime
    outcome: str
    confirmed_at: datetime | None


class DeputyAppoint(Asked):
    """`kinds`: "publish", "reply", "delete", "post:news" …; empty lists: everything."""

    person: Id
    deputy: Id
    starts: AwareDatetime
    until: AwareDatetime
    channels: Annotated[list[Id], Field(max_length=200)] = []
    kinds: Annotated[list[Name], Field(max_length=50)] = []


class DeputyAsked(Asked):
    deputy: Id


class DeputyOut(BaseModel):
    id: int
    person: int
    deputy: int
    starts: datetime
    until: datetime
    channels: list[int]
    kinds: list[str]
    ended_at: datetime | None


class DeputiesOut(BaseModel):
    deputies: list[DeputyOut]


class Away(Asked):
    person: Id
    starts: AwareDatetime
    until: AwareDatetime


class AwayAsked(Asked):
    absence: Id


class AwayOut(BaseModel):
    id: int
    person: int
    starts: datetime
    until: datetime
    ended_at: datetime | None


def act_sign_off(wish: SignOff, *, by: User, at: datetime) -> ActOut:
    act = found_act(wish.act)
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    proof = proofs.prove([wish.digest], wish.passkey, host=host, by=by, at=at) if wish.passkey else None
    seen = {"content": act.content, "through": "api"}
    sign_off(act, digest=wish.digest, by=by, at=at, seen=seen, proof=proof)
    return act_out(found_act(wish.act))


def act_steps(wish: ActGet, *, by: User, at: datetime) -> StepsOut:
    act = found_act(wish.act)
    signed = valid_sign_offs(act)
    offer = offered(by, act, at=at, signed=signed, passkey=True)
    taken = taken_of(signed)
    steps = [
        StepOut(
            step=step.n,
            title=step.title,
            roles=list(step.roles),
            count=step.count,
            missing=missing(step, taken),
            outside=step.outside,
            passkey=step.passkey,
            clause=clause_for(step.clause, at),
        )
        for step in steps_of(act)
    ]
    waits = act.state == "to_sign_off"
    yours = offer.step.n if offer.step and waits else None
    no = "" if yours is not None else offer.no.says if offer.no and waits else "It does not wait for a sign-off."
    return StepsOut(act=act.pk, chain=act.chain, steps=steps, yours=yours, why_not=no, sign_by=act.sign_by)


def act_suggest(wish: Suggest, *, by: User, at: datetime) -> SuggestionOut:
    made = suggesting.suggest(found_act(wish.act), wish.text, digest=wish.digest, note=wish.note, by=by, at=at)
    return suggestion_out(made)


def suggestion_out(row: Suggestion) -> SuggestionOut:
    return SuggestionOut(id=row.pk, act=row.act_id, text=row.text, note=row.note, by=row.by_id, outcome=row.outcome)


def suggestion_take(wish: SuggestionAsked, *, by: User, at: datetime) -> ActOut:
    row = numbered(Suggestion.objects.all(), wish.suggestion, "suggestion")
    return act_out(take(row, by=by, at=at))


def suggestion_leave(wish: SuggestionAsked, *, by: User, at: datetime) -> SuggestionOut:
    row = numbered(Suggestion.objects.all(), wish.suggestion, "suggestion")
    suggesting.leave(row, by=by, at=at)
    row.refresh_from_db()
    return suggestion_out(row)


def act_move(wish: Move, *, by: User, at: datetime) -> MoveOut:
    kept = move(found_act(wish.act), to=wish.to, by=by, at=at)
    return MoveOut(kept=kept, act=act_out(found_act(wish.act)))


def outside_ask(wish: OutsideAsk, *, by: User, at: datetime) -> OutsideOut:
    made = outside.invite(found_act(wish.act), name=wish.name, email=wish.email, digest=wish.digest, by=by, at=at)
    return outside_out(made)


def outside_out(row: Invitation) -> OutsideOut:
    return OutsideOut(
        id=row.pk,
        act=row.act_id,
        digest=row.digest,
        step=row.step,
        expires_at=row.expires_at,
        outcome=row.outcome,
        confirmed_at=row.confirmed_at,
    )


def outside_revoke(wish: OutsideAsked, *, by: User, at: datetime) -> OutsideOut:
    row = numbered(Invitation.objects.all(), wish.invitation, "invitation")
    outside.revoke(row, by=by, at=at)
    row.refresh_from_db()
    return outside_out(row)


def deputies_list(wish: Nothing, *, by: User, at: datetime) -> DeputiesOut:
    rows = Deputy.objects.filter(ended_at=None, until__gt=at).order_by("starts", "pk")
    return DeputiesOut(deputies=[_deputy(row) for row in rows])


def _deputy(row: Deputy) -> DeputyOut:
    return DeputyOut(
        id=row.pk,
        person=row.person_id,
        deputy=row.deputy_id,
        starts=row.starts,
        until=row.until,
        channels=row.channels,
        kinds=row.kinds,
        ended_at=row.ended_at,
    )


def deputy_appoint(wish: DeputyAppoint, *, by: User, at: datetime) -> DeputyOut:
    made = deputies.appoint(
        numbered(User.objects.all(), wish.person, "person"),
        numbered(User.objects.all(), wish.deputy, "person"),
        starts=wish.starts,
        until=wish.until,
        channels=wish.channels,
        kinds=wish.kinds,
        by=by,
        at=at,
    )
    return _deputy(made)


def deputy_end(wish: DeputyAsked, *, by: User, at: datetime) -> DeputyOut:
    row = numbered(Deputy.objects.all(), wish.deputy, "deputy")
    deputies.end(row, by=by, at=at)
    row.refresh_from_db()
    return _deputy(row)


def away_set(wish: Away, *, by: User, at: datetime) -> AwayOut:
    person = numbered(User.objects.all(), wish.person, "person")
    return _away(deputies.go_away(person, starts=wish.starts, until=wish.until, by=by, at=at))


def away_end(wish: AwayAsked, *, by: User, at: datetime) -> AwayOut:
    row = numbered(Absence.objects.all(), wish.absence, "absence")
    deputies.come_back(row, by=by, at=at)
    row.refresh_from_db()
    return _away(row)


def _away(row: Absence) -> AwayOut:
    return AwayOut(id=row.pk, person=row.person_id, starts=row.starts, until=row.until, ended_at=row.ended_at)


class RepeatOut(BaseModel):
    """A post that comes again, signed ahead: its content without times, and how many times it was used."""

    repeat: int
    channel: int
    content: dict[str, Any]
    by: int
    at: datetime
    until: datetime
    covered: int
    ended_at: datetime | None


class RepeatsOut(BaseModel):
    repeats: list[RepeatOut]


class RepeatSign(Asked):
    """The act is one you have signed; what is the same on its channel is covered until then."""

    act: UUID
    until: AwareDatetime


class RepeatAsked(Asked):
    repeat: Id


def _repeat_out(one: StandingSignOff) -> RepeatOut:
    return RepeatOut(
        repeat=one.pk,
        channel=one.channel_id or 0,
        content=one.content or {},
        by=one.signer_id,
        at=one.at,
        until=one.until or one.at,
        covered=series.covered_by(one),
        ended_at=one.revoked_at,
    )


def repeats_list(wish: Nothing, *, by: User, at: datetime) -> RepeatsOut:
    return RepeatsOut(repeats=[_repeat_out(one) for one in series.in_force_now(at)])


def repeat_sign(wish: RepeatSign, *, by: User, at: datetime) -> RepeatOut:
    return _repeat_out(series.sign_ahead(found_act(wish.act), until=wish.until, by=by, at=at))


def repeat_end(wish: RepeatAsked, *, by: User, at: datetime) -> RepeatOut:
    found = one_of(
        StandingSignOff.objects.filter(pk=wish.repeat, content__isnull=False),
        f"There is nothing signed ahead under the number {wish.repeat}.",
    )
    series.end(found, by=by, at=at)
    found.refresh_from_db()
    return _repeat_out(found)


SIGNING: dict[str, tuple[Any, Any, Any, str]] = {
    "act.sign_off": (SignOff, act_sign_off, ActOut, "Sign off exactly one digest: one step"),
    "act.steps": (ActGet, act_steps, StepsOut, "What an act takes to be signed off, and what is yours"),
    "repeats.list": (Nothing, repeats_list, RepeatsOut, "Posts that come again and are signed ahead"),
    "repeat.sign": (RepeatSign, repeat_sign, RepeatOut, "Sign the same as this act until a day"),
    "repeat.end": (RepeatAsked, repeat_end, RepeatOut, "Take back what was signed ahead"),
    "act.suggest": (Suggest, act_suggest, SuggestionOut, "Propose other words for an act that waits"),
    "suggestion.take": (SuggestionAsked, suggestion_take, ActOut, "Make suggested words your own"),
    "suggestion.leave": (SuggestionAsked, suggestion_leave, SuggestionOut, "Keep your own words"),
    "act.move": (Move, act_move, MoveOut, "Give an act another time"),
    "outside.ask": (OutsideAsk, outside_ask, OutsideOut, "Ask somebody without an account to sign"),
    "outside.revoke": (OutsideAsked, outside_revoke, OutsideOut, "Take such a request back"),
    "deputies.list": (Nothing, deputies_list, DeputiesOut, "Who may sign for whom, now and later"),
    "deputy.appoint": (DeputyAppoint, deputy_appoint, DeputyOut, "Let somebody sign in another's stead"),
    "deputy.end": (DeputyAsked, deputy_end, DeputyOut, "End a deputy's term early"),
    "away.set": (Away, away_set, AwayOut, "Say that a person is away"),
    "away.end": (AwayAsked, away_end, AwayOut, "Say that a person is back"),
}
