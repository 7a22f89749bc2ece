"""A dated standing sign-off for a post that comes again: whoever signs one occurrence may sign those to come.

An occurrence is covered while its text, pictures, parts, link, channel and the time it stays online are those that were
signed; only its moment is another. Anything else is signed by itself. The database compares the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from gatepost.gate.approval import (
    asked_of,
    borrowed,
    by_its_writers,
    chain_of,
    kinds_of,
    leaves_at,
    steps_of,
    valid_sign_offs,
    wrote,
)
from gatepost.gate.content import BadContent, Content, from_json, text_digest
from gatepost.gate.ground import GateError
from gatepost.gate.models import Act, SignOff, StandingSignOff
from gatepost.gate.powers import Powers
from gatepost.ledger.actions import record
from gatepost.ledger.governing import clause_for
from gatepost.people.authority import NotAllowed, require_sign_off
from gatepost.people.models import User
from gatepost.policy.approval import Step
from gatepost.policy.pack import Pack
from gatepost.rulebook.actions import in_force

CLAUSE = "desk:sign_off"
LONGEST = timedelta(days=366)
TIMES = ("not_before", "not_after", "expires_at")


def timeless(content: Content) -> dict[str, Any]:
    """A content without its moments; a short link of ours by where it leads, for each occurrence has its own."""
    value = {name: found for name, found in content.as_json().items() if name not in TIMES}
    return {**value, "link": ""} if content.leads_to else value


def lasts(content: Content) -> int | None:
    """For how many seconds it stays online before it is taken down; None: for good."""
    if content.expires_at is None or content.not_before is None:
        return None
    return int((content.expires_at - content.not_before).total_seconds())


def one_plain_step(steps: tuple[Step, ...]) -> Step | None:
    """The only step, by one person of the desk without a passkey; None where more is asked."""
    if len(steps) != 1 or steps[0].outside or steps[0].passkey or steps[0].count != 1:
        return None
    return steps[0]


def why_not(act: Act, *, at: datetime) -> str:
    """Why the occurrences to come cannot be signed with this one, in a sentence; "" when they can."""
    try:
        content = from_json(act.content)
    except BadContent as error:
        return str(error)
    if act.kind != "publish" or content.not_before is None:
        return "Only a post with a set time can be signed ahead for its repeats."
    if one_plain_step(steps_of(act)) is None:
        return "The policy asks for more than one plain signature, so each time is signed by itself."
    if not chain_of(act, pack=in_force(at), moment=leaves_at(act, content, at), at=at).standing:
        return "The policy wants each of these signed by itself."
    return ""


@transaction.atomic
def sign_ahead(act: Act, *, until: datetime, by: User, at: datetime) -> StandingSignOff:
    """Covers what is the same as `act` on its channel, whenever it leaves up to `until`. Whoever has signed this one
    may. An older one stays until its own day, or until it is taken back: acts rest on it.
    Raises GateError, NotAllowed."""
    act = Act.objects.select_for_update(of=("self",)).select_related("channel").get(pk=act.pk)
    if because := why_not(act, at=at):
        raise GateError(because)
    content = from_json(act.content)
    if because := borrowed(by, act):
        raise NotAllowed(because, CLAUSE)
    mine = next((one for one in valid_sign_offs(act) if one.signer_id == by.pk and one.standing_id is None), None)
    if mine is None or mine.digest != act.digest:
        raise GateError("Sign this one first: what is signed ahead is the same, only later.")
    if content.not_before is None or not content.not_before < until <= at + LONGEST:
        raise GateError("The last day must lie after this one leaves, and within a year. Then it is signed anew.")
    made = StandingSignOff.objects.create(
        pack_digest=in_force(at).digest,
        text_digest=text_digest(content.text),
        clause=clause_for(CLAUSE, at),
        signer=by,
        role=mine.role,
        channel=act.channel,
        content=timeless(content),
        lasts=lasts(content),
        until=until,
        at=at,
    )
    detail = {"text": made.text_digest, "channel": act.channel_id, "until": until.isoformat(), "act": str(act.pk)}
    record("standing.signed", f"standing:{made.pk}", by=by, at=at, clauses=[CLAUSE], detail=detail)
    return made


def in_force_now(at: datetime) -> QuerySet[StandingSignOff]:
    """Those that cover something to come, the one that ends soonest first."""
    rows = StandingSignOff.objects.filter(until__gte=at, revoked_at=None).select_related("signer", "channel")
    return rows.order_by("until", "pk")


def series_for(act: Act, content: Content, *, at: datetime) -> StandingSignOff | None:
    """The standing sign-off that covers this occurrence, whose signer wrote none of it and may still sign."""
    if content.kind != "publish" or content.not_before is None:
        return None
    rows = StandingSignOff.objects.filter(
        channel=act.channel,
        text_digest=text_digest(content.text),
        content=timeless(content),
        lasts=lasts(content),
        until__gte=content.not_before,
        revoked_at=None,
    )
    pack, powers = in_force(at), Powers(at)
    newest = rows.select_related("signer").order_by("-pk")
    return next((one for one in newest if not without_force(one, act, pack=pack, powers=powers)), None)


def without_force(given: StandingSignOff, act: Act, *, pack: Pack, powers: Powers) -> str | None:
    """Why a series does not cover this act now; None when it does. Whether the policy lets a standing sign-off stand in
    is asked by who calls."""
    content = from_json(act.content)
    if given.content != timeless(content) or given.lasts != lasts(content) or given.channel_id != act.channel_id:
        return "It is no longer what was signed ahead"
    moment = act.due_at or leaves_at(act, content, powers.at)
    if content.not_before is None or given.until is None or max(content.not_before, moment) > given.until:
        return "What was signed ahead has ended"
    if wrote(given.signer, act):
        return f"{given.signer.name} wrote it, and may not have signed it ahead"
    if by_its_writers(powers.let_in_by(given.signer), act):
        return f"Whoever wrote it has let {given.signer.name} in by a link"
    step = one_plain_step(asked_of(act, pack=pack, moment=moment, at=powers.at, crisis_on=powers.crisis_on)[1])
    if step is None:
        return "The policy asks for other sign-offs now"
    held = powers.rights(given.signer, act.channel_id, kinds_of(act))
    own = [right for right in held if right.instead_of is None and right.role == given.role]
    if not any((right.role in step.roles) if step.roles else right.signs_off for right in own):
        return f"{given.signer.name} may no longer sign off"
    return None


@transaction.atomic
def end(given: StandingSignOff, *, by: User, at: datetime) -> None:
    """Takes it back: each occurrence to come, and what it had covered that has not left, is signed by itself. Whoever
    gave it may, and whoever signs off."""
    if by.pk != given.signer_id:
        require_sign_off(by, at)
    if StandingSignOff.objects.filter(pk=given.pk, revoked_at=None).update(revoked_at=at):
        record("standing.revoked", f"standing:{given.pk}", by=by, at=at, clauses=[CLAUSE])


def covered_by(given: StandingSignOff) -> int:
    """How many occurrences have been signed by it."""
    return SignOff.objects.filter(standing=given).count()
