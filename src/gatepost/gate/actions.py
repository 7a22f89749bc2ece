"""Submitting, amending, signing off, declining, withdrawing: everything before an act leaves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from gatepost import jobs
from gatepost.channels.actions import require_may_write
from gatepost.channels.models import Channel
from gatepost.gate.checking import as_json, findings_of, require_clear
from gatepost.gate.content import MODERATION, Content, from_json
from gatepost.gate.models import Act, Attempt, SignOff
from gatepost.gate.standing import standing_for
from gatepost.gate.states import OPEN
from gatepost.gate.stops import stops_recorded
from gatepost.ledger.actions import Actor, record
from gatepost.lifecycle import Conflict, advance
from gatepost.people.authority import NotAllowed, require_sign_off, signs_off
from gatepost.people.models import User
from gatepost.policy.model import Finding
from gatepost.rulebook.actions import in_force

UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


class GateError(Exception):
    """An act cannot be submitted or changed; the message says why and what to do. Nothing has been sent."""


def check(
    content: Content, *, at: datetime, context: Mapping[str, Any] | None = None, wording: str = ""
) -> list[Finding]:
    """What the policy in force says of a content, without submitting it."""
    network = Channel.objects.only("network").get(pk=content.channel).network
    return findings_of(content, network, pack=in_force(at), at=at, context=context or {}, wording=wording)


@stops_recorded
@transaction.atomic
def submit(
    content: Content,
    *,
    subject: str,
    by: User,
    at: datetime,
    context: Mapping[str, Any] | None = None,
    wording: str = "",
    answers: Mapping[str, str] | None = None,
    clauses: Sequence[str] = (),
    reason: str = "",
) -> Act:
    """Puts an act before the gate. An unchanged wording, or moderation under a clause, with a standing sign-off
    is signed off at once; everything else waits for a person. Raises Stopped, Unanswered, NotAllowed, GateError."""
    channel = Channel.objects.get(pk=content.channel)
    require_live(channel)
    _require_keepable(content)
    require_may_write(by, channel, at)
    if content.kind in MODERATION and not (clauses and reason.strip()):
        raise GateError("Moderation needs a reason and the clause it rests on.")
    findings = check(content, at=at, context=context, wording=wording)
    require_clear(findings, answers or {})
    act = Act.objects.create(
        kind=content.kind,
        channel=channel,
        author=by,
        subject=subject,
        content=content.as_json(),
        context=dict(context or {}),
        digest=content.digest,
        wording=wording,
        clauses=list(clauses),
        reason=reason.strip()[:400],
        findings=as_json(findings),
        answers=dict(answers or {}),
        created_at=at,
    )
    detail = {"digest": act.digest, "kind": act.kind, "channel": channel.pk, "subject": subject}
    record("act.submitted", f"act:{act.pk}", by=by, at=at, clauses=clauses or ["usage.1"], detail=detail)
    standing = standing_for(act, content, pack=in_force(at), at=at)
    if standing is not None:
        seen = {"standing": standing.pk, "digest": act.digest}
        SignOff.objects.create(act=act, digest=act.digest, signer=standing.signer, standing=standing, seen=seen, at=at)
        _release(act, content, by=by, at=at, clauses=[standing.clause], detail={**seen, "by_standing": True})
    return act


def _require_keepable(content: Content) -> None:
    """NUL and lone surrogates can be neither kept nor sent; they come from programs, not from keyboards."""
    words = (content.text, content.title, content.link, *(item.alt for item in content.media))
    if any(UNKEEPABLE.search(text) for text in words):
        raise GateError("The text holds a character that cannot be sent (NUL or half of a pair). Take it out.")


def require_live(channel: Channel) -> None:
    if channel.state != "live":
        word = channel.get_state_display().lower()
        raise GateError(f"{channel.name} is not live ({word}). Communications must sign it off or resume it first.")


def _release(
    act: Act, content: Content, *, by: Actor, at: datetime, clauses: Sequence[str], detail: Mapping[str, Any]
) -> None:
    due = max(at, content.not_before) if content.not_before else at
    advance(act, "signed_off", by=by, at=at, clauses=clauses, detail=detail, due_at=due, try_at=None, says="")


@transaction.atomic
def sign_off(act: Act, *, digest: str, by: User, at: datetime, seen: Mapping[str, Any] | None = None) -> SignOff:
    """A named person's agreement to exactly the digest they saw. Releases the act at its time.

    Raises Conflict when it has changed since, NotAllowed for the author or without the role, Stopped.
    """
    act = Act.objects.select_for_update().select_related("channel").get(pk=act.pk)
    if act.state != "to_sign_off" or digest != act.digest:
        raise Conflict("This has changed since you opened it. Look at it again before you sign. Nothing was sent.")
    require_sign_off(by, at)
    if by.pk == act.author_id or by.pk in act.context.get("editors", []):
        raise NotAllowed("You wrote this, so somebody else must sign it off.", "responsibility.2")
    require_live(act.channel)
    content = from_json(act.content)
    findings = check(content, at=at, context=act.context, wording=act.wording)
    require_clear(findings, act.answers)
    what = {**(seen or {}), "digest": digest, "findings": as_json(findings)}
    signed = SignOff.objects.create(act=act, digest=digest, signer=by, seen=what, at=at)
    clauses = ["responsibility.2", "usage.1"]
    _release(act, content, by=by, at=at, clauses=clauses, detail={"digest": digest, "sign_off": signed.pk})
    return signed


@transaction.atomic
def decline(act: Act, *, reason: str, by: User, at: datetime) -> None:
    """Sends an act back to its author with a reason."""
    require_sign_off(by, at)
    if not reason.strip():
        raise GateError("Say why, so that the author knows what to change.")
    advance(
        act,
        "declined",
        by=by,
        at=at,
        clauses=["responsibility.2"],
        detail={"digest": act.digest},
        says=f"Declined by {by.name}: {reason.strip()}"[:400],
    )
    jobs.enqueue(jobs.Job.ACT_SETTLED, act=str(act.pk))


def void(act: Act, *, because: str, by: Actor, at: datetime) -> bool:
    """Takes the force from an act's sign-off, if it has one. Returns whether it had."""
    done = SignOff.objects.filter(act=act, voided_at=None).update(voided_at=at, voided_because=because[:200])
    if done:
        detail = {"digest": act.digest}  # the reason names a person: it stays with the sign-off, out of the record
        record("sign_off.voided", f"act:{act.pk}", by=by, at=at, clauses=["usage.1"], detail=detail)
    return bool(done)


@stops_recorded
@transaction.atomic
def amend(
    act: Act,
    content: Content,
    *,
    by: User,
    at: datetime,
    wording: str | None = None,
    answers: Mapping[str, str] | None = None,
) -> Act:
    """Changes an act that has not left. A sign-off it had is void and says so. Same errors as submit."""
    act = Act.objects.select_for_update().select_related("channel").get(pk=act.pk)
    if content.digest == act.digest and act.state in ("to_sign_off", "signed_off"):
        return act
    require_live(act.channel)
    require_may_write(by, act.channel, at)
    if content.kind != act.kind or content.channel != act.channel_id:
        raise GateError("An act keeps its kind and its channel. Write a new one instead.")
    _require_keepable(content)
    answers = act.answers if answers is None else dict(answers)
    wording = act.wording if wording is None else wording
    findings = check(content, at=at, context=act.context, wording=wording)
    require_clear(findings, answers)
    was_signed = void(act, because=f"Changed by {by.name} after sign-off", by=by, at=at)
    editors = sorted({*act.context.get("editors", []), by.pk} - {act.author_id})
    says = f"Changed by {by.name} after sign-off. The sign-off is void." if was_signed else ""
    advance(
        act,
        "amended",
        by=by,
        at=at,
        clauses=["usage.1"],
        detail={"digest": content.digest, "was": act.digest, "voided": was_signed},
        content=content.as_json(),
        digest=content.digest,
        wording=wording,
        findings=as_json(findings),
        answers=answers,
        context={**act.context, "editors": editors},
        due_at=None,
        try_at=None,
        says=says,
    )
    return act


@transaction.atomic
def withdraw(act: Act, *, by: User, at: datetime) -> None:
    """Takes an act back before it leaves. The author and whoever signs off may."""
    if by.pk != act.author_id and not signs_off(by, at):
        raise NotAllowed("Only its author or Communications may withdraw this.", "responsibility.2")
    void(act, because=f"Withdrawn by {by.name}", by=by, at=at)
    advance(act, "withdrawn", by=by, at=at, detail={"digest": act.digest}, due_at=None, says="")
    jobs.enqueue(jobs.Job.ACT_SETTLED, act=str(act.pk))


@transaction.atomic
def send_late(act: Act, *, by: User, at: datetime) -> None:
    """A person decides that an act which missed its time still goes, now."""
    require_sign_off(by, at)
    advance(act, "sent_late", by=by, at=at, clauses=["usage.1"], due_at=at, try_at=None, says="")


@transaction.atomic
def confirm(act: Act, *, there: bool, by: User, at: datetime, permalink: str = "") -> None:
    """A person has looked at the network for an unconfirmed act: it is there, or it is not and goes again."""
    require_sign_off(by, at)
    detail = {"by_hand": True}
    if there:
        if not permalink.startswith(("https://", "http://")):
            raise GateError("Give the address of the post, beginning with https://, so that it can be found again.")
        if len(permalink) > 600:
            raise GateError("The address of the post is longer than 600 characters. Give a shorter one.")
        advance(act, "sent", by=by, at=at, clauses=["usage.1"], detail=detail, permalink=permalink, sent_at=at)
        jobs.enqueue(jobs.Job.ACT_SETTLED, act=str(act.pk))
        return
    if Attempt.objects.filter(act=act, outcome="").exists():
        raise GateError("A worker is still trying. Wait two minutes, then look again.")
    advance(act, "not_there", by=by, at=at, clauses=["usage.1"], detail=detail, due_at=at, look_at=None, looks=0)


def open_acts(subject: str) -> list[Act]:
    """Acts of one thing that have not come to an end."""
    return list(Act.objects.filter(subject=subject, state__in=OPEN).select_related("channel"))


def lateness(act: Act) -> timedelta:
    return timedelta(minutes=int(act.content.get("late_after", 30)))
