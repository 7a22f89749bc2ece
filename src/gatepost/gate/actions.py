"""Submitting, amending, withdrawing: everything before an act leaves. Signing and moving are files of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from gatepost import jobs
from gatepost.channels.actions import require_may_write
from gatepost.channels.models import Channel
from gatepost.gate.approval import chain_of, leaves_at
from gatepost.gate.checking import as_json, require_clear
from gatepost.gate.content import MODERATION, Content, from_json
from gatepost.gate.ending import withdraw_moot
from gatepost.gate.ground import UNKEEPABLE as UNKEEPABLE
from gatepost.gate.ground import GateError as GateError
from gatepost.gate.ground import check as check
from gatepost.gate.ground import (
    release,
    require_keepable,
    require_live,
    require_one_private,
    require_parts,
    set_steps,
    void,
)
from gatepost.gate.models import Act, Attempt, SignOff
from gatepost.gate.parts import cut, part_found
from gatepost.gate.precedence import in_the_way
from gatepost.gate.series import series_for
from gatepost.gate.signing import decline as decline
from gatepost.gate.signing import sign_off as sign_off
from gatepost.gate.standing import standing_for
from gatepost.gate.states import OPEN
from gatepost.gate.stops import stops_recorded
from gatepost.ledger.actions import record
from gatepost.ledger.governing import cited
from gatepost.lifecycle import advance
from gatepost.networks.addresses import host_of
from gatepost.people.authority import NotAllowed, require_sign_off, signs_off
from gatepost.people.models import User
from gatepost.rulebook.actions import in_force


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
    post_kind: str = "",
    sign_by: datetime | None = None,
    by_hand: bool = False,
) -> Act:
    """Puts an act before the gate. An unchanged wording, or moderation under a clause, with a standing sign-off
    is signed off at once; everything else waits for the people whom the policy's chain names. `sign_by`: when it must
    be signed to be in time, where its content does not say. `by_hand`: a person says it on the network
    and records it. Raises Stopped, Unanswered, NotAllowed, GateError."""
    channel = Channel.objects.get(pk=content.channel)
    require_live(channel)
    require_keepable(content)
    require_parts(content, channel.network)
    require_one_private(content)
    require_may_write(by, channel, at)
    if content.kind in MODERATION and not (clauses and reason.strip()):
        raise GateError("Moderation needs a reason and the clause it rests on.")
    findings = check(content, at=at, context={**(context or {}), "author": by.pk}, wording=wording)
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
        clauses=cited(clauses, at),
        reason=reason.strip()[:400],
        findings=as_json(findings),
        answers=dict(answers or {}),
        post_kind=post_kind[:60],
        sign_by=content.not_before or sign_by,
        by_hand=by_hand,
        waits_since=at,
        created_at=at,
    )
    pack = in_force(at)
    set_steps(act, content, at=at)
    detail = {"digest": act.digest, "kind": act.kind, "channel": channel.pk, "subject": subject}
    record("act.submitted", f"act:{act.pk}", by=by, at=at, clauses=clauses or ["desk:gate"], detail=detail)
    standing = standing_for(act, content, pack=pack, at=at) or series_for(act, content, at=at)
    if standing is not None and chain_of(act, pack=pack, moment=leaves_at(act, content, at), at=at).standing:
        seen = {"standing": standing.pk, "digest": act.digest}
        SignOff.objects.create(
            act=act,
            digest=act.digest,
            signer=standing.signer,
            role=standing.role,
            standing=standing,
            seen=seen,
            at=at,
        )
        release(act, content, by=by, at=at, clauses=[standing.clause], detail={**seen, "by_standing": True})
    return act


@stops_recorded
@transaction.atomic
def amend(
    act: Act,
    content: Content,
    *,
    by: User,
    at: datetime,
    answers: Mapping[str, str] | None = None,
    post_kind: str | None = None,
    context: Mapping[str, Any] | None = None,
) -> Act:
    """Changes an act that has not left. A sign-off it had is void and says so. Another kind of post, or what else in
    `context` the checks go by, is as much a change as other words: other people may have to sign. Same errors as
    submit."""
    act = Act.objects.select_for_update().select_related("channel").get(pk=act.pk)
    post_kind = act.post_kind if post_kind is None else post_kind[:60]
    known = {**act.context, **(context or {})}
    alike = content.digest == act.digest and post_kind == act.post_kind and known == act.context
    if alike and act.state in ("to_sign_off", "signed_off"):
        return act
    if act.parts_out:
        raise GateError("Part of this is out, so it cannot be changed. Withdraw the rest, or change what is out.")
    require_live(act.channel)
    require_may_write(by, act.channel, at)
    if content.kind != act.kind or content.channel != act.channel_id:
        raise GateError("An act keeps its kind and its channel. Write a new one instead.")
    if first := in_the_way(act):
        raise GateError(f"{first}.")
    require_keepable(content)
    require_parts(content, act.channel.network)
    require_one_private(content, but=act)
    if content.privately != bool(act.content.get("privately")):
        raise GateError("What is private stays private, and what is public public. Write a new answer instead.")
    answers = act.answers if answers is None else dict(answers)
    wrote = {"author": act.author_id, "editors": [*known.get("editors", ()), by.pk]}
    findings = check(content, at=at, context={**known, **wrote}, wording=act.wording)
    require_clear(findings, answers)
    was_signed = void(act, because=f"Changed by {by.name} after sign-off", by=by, at=at)
    editors = sorted({*act.context.get("editors", []), by.pk} - {act.author_id})
    says = f"Changed by {by.name} after sign-off. The sign-off is void." if was_signed else ""
    advance(
        act,
        "amended",
        by=by,
        at=at,
        clauses=["desk:gate"],
        detail={"digest": content.digest, "was": act.digest, "voided": was_signed},
        content=content.as_json(),
        digest=content.digest,
        findings=as_json(findings),
        answers=answers,
        post_kind=post_kind,
        context={**known, "editors": editors},
        due_at=None,
        try_at=None,
        files_by=None,
        planned_at=None,
        waits_since=at,
        sign_by=content.not_before or (None if act.content.get("not_before") else act.sign_by),
        says=says,
    )
    set_steps(act, content, at=at)
    return act


@transaction.atomic
def withdraw(act: Act, *, by: User, at: datetime) -> None:
    """Takes an act back before it leaves. The author and whoever signs off may."""
    if by.pk != act.author_id and not signs_off(by, at):
        raise NotAllowed("Only its author or Communications may withdraw this.", "desk:sign_off")
    if act.parts_out:
        cut(act, f"The rest was withdrawn by {by.name}", by=by, at=at)
        return
    void(act, because=f"Withdrawn by {by.name}", by=by, at=at)
    advance(act, "withdrawn", by=by, at=at, detail={"digest": act.digest}, due_at=None, says="")
    jobs.enqueue(jobs.Job.ACT_SETTLED, act=str(act.pk))


@transaction.atomic
def send_late(act: Act, *, by: User, at: datetime) -> None:
    """A person decides that an act which missed its time still goes, now."""
    require_sign_off(by, at)
    if because := from_json(act.content).too_late(at):
        raise GateError(f"{because}. Give it another time and have it signed again, or withdraw it.")
    if first := in_the_way(act):
        raise GateError(f"{first}.")
    advance(act, "sent_late", by=by, at=at, clauses=["desk:gate"], due_at=at, try_at=None, files_by=None, says="")


@transaction.atomic
def confirm(act: Act, *, there: bool, by: User, at: datetime, permalink: str = "") -> None:
    """A person has looked at the network for an unconfirmed act: it is there, or it is not and goes again."""
    require_sign_off(by, at)
    detail = {"by_hand": True}
    if there:
        if not host_of(permalink):
            raise GateError("Give the address of the post, beginning with https://, so that it can be found again.")
        if len(permalink) > 600:
            raise GateError("The address of the post is longer than 600 characters. Give a shorter one.")
        if act.content.get("parts"):
            part_found(act, permalink, by=by, at=at)
            return
        advance(act, "sent", by=by, at=at, clauses=["desk:gate"], detail=detail, permalink=permalink, sent_at=at)
        withdraw_moot([act], at=at)
        jobs.enqueue(jobs.Job.ACT_SETTLED, act=str(act.pk))
        return
    running = Attempt.objects.filter(act=act, outcome="").order_by("lease_until").last()
    if running is not None:
        until = max(running.lease_until, at) + timedelta(minutes=1)  # told by the minute
        raise GateError(f"A worker is still trying. Wait until {timezone.localtime(until):%H:%M}, then look again.")
    advance(act, "not_there", by=by, at=at, clauses=["desk:gate"], detail=detail, due_at=at, look_at=None, looks=0)


def open_acts(subject: str) -> list[Act]:
    """Acts of one thing that have not come to an end."""
    return list(Act.objects.filter(subject=subject, state__in=OPEN).select_related("channel"))
