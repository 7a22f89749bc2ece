"""Ends that were signed together with what they end: a post is taken down, a block is lifted, on the day agreed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from gatepost import jobs
from gatepost.gate.approval import is_complete, kinds_of, steps_of, valid_sign_offs
from gatepost.gate.content import ENDS, Content
from gatepost.gate.ground import GATE, release, set_steps, void
from gatepost.gate.models import Act, SignOff
from gatepost.gate.precedence import targets_of
from gatepost.gate.states import ACT, OPEN
from gatepost.ledger.actions import Actor, record
from gatepost.ledger.governing import cited
from gatepost.lifecycle import advance
from gatepost.people.authority import rights
from gatepost.policy.approval import Candidate, holds

ASKED = (*OPEN, "sent")  # an end in another state has come to nothing, and is asked for again
DOWN = "It was taken down before this change left."
OVER = "Its time, signed off with it, has ended."


def ask_end(
    content: Content,
    given: Iterable[SignOff],
    *,
    of: Act,
    subject: str,
    clauses: Sequence[str],
    reason: str,
    by: Actor,
    at: datetime,
) -> Act:
    """Asks for the end of `of`, whose author answers for it, with the sign-offs `given` to it, as far as they reach.
    It is let go when they are all that it needs. In the caller's transaction."""
    act = Act.objects.create(
        kind=content.kind,
        channel=of.channel,
        author=of.author,
        post_kind=of.post_kind,
        subject=subject,
        content=content.as_json(),
        context={"expiry_of": str(of.pk)},
        digest=content.digest,
        clauses=cited(clauses, at),
        reason=reason,
        waits_since=at,
        created_at=at,
    )
    detail = {"digest": act.digest, "kind": act.kind, "channel": of.channel_id, "expiry_of": str(of.pk)}
    record("act.submitted", f"act:{act.pk}", by=by, at=at, clauses=clauses, detail=detail)
    set_steps(act, content, at=at)
    for one in given:
        if one.standing is None and not _reaches(one, act, at=at):
            continue
        SignOff.objects.create(
            act=act,
            digest=act.digest,
            step=one.step,
            signer=one.signer,
            role=one.role,
            instead_of=one.instead_of,
            standing=one.standing,
            seen={"digest": act.digest, "with": str(of.pk), "signed": one.digest},
            at=at,
        )
    signed = valid_sign_offs(act)
    if any(one.standing is not None for one in signed) or is_complete(act, signed):
        release(act, content, by=by, at=at, clauses=clauses, detail={"digest": act.digest, "with": str(of.pk)})
    return act


@transaction.atomic
def end_deed(deed: Act, *, by: Actor, at: datetime) -> Act | None:
    """Ends a block, a mute or the closing of comments whose end, signed with it, has come. Whoever may no longer sign
    off does not cover it: then it waits for a person. None when its end is asked for already."""
    deed = Act.objects.select_for_update(of=("self",)).select_related("author", "channel").get(pk=deed.pk)
    if Act.objects.filter(subject=deed.subject, context__expiry_of=str(deed.pk), state__in=ASKED).exists():
        return None
    content = Content(kind=ENDS[deed.kind], channel=deed.channel_id, target=deed.content["target"])
    given = SignOff.objects.filter(act=deed, digest=deed.digest, voided_at=None).exclude(signer=None)
    given = given.select_related("signer", "instead_of", "standing")
    return ask_end(content, given, of=deed, subject=deed.subject, clauses=deed.clauses, reason=OVER, by=by, at=at)


def _reaches(signed: SignOff, act: Act, *, at: datetime) -> bool:
    """Would the right it was given in do for the step of the same number of this end? A proof covers one digest alone,
    so a step with a passkey is signed anew."""
    step = next((step for step in steps_of(act) if step.n == signed.step), None)
    holder = signed.instead_of or signed.signer
    if step is None or step.passkey or holder is None:
        return False
    held = rights(holder, at, channel=act.channel_id, kinds=kinds_of(act))
    own = [one for one in held if one.instead_of is None and one.role == signed.role]
    signs = any(one.signs_off for one in own)
    return holds(step, Candidate(f"person:{holder.pk}", frozenset(one.role for one in own), signs_off=signs))


def withdraw_moot(deletions: Iterable[Act], *, at: datetime, out: int | None = None) -> None:
    """Withdraws the changes that waited for what has just been taken down: of all that a deletion names, or of the
    first `out` when the rest of it stays. In the caller's transaction, before the rows of what is out are touched: acts
    are locked before them."""
    for down in deletions:
        if down.kind != "delete":
            continue
        waits = Act.objects.select_for_update(of=("self",)).filter(subject=down.subject, kind="edit")
        targets = targets_of(down.content)[:out]
        rows = waits.filter(state__in=ACT.table["withdrawn"].start, content__target__in=targets)
        for act in rows.order_by("pk"):
            void(act, because="What it changes was taken down", by=GATE, at=at)
            detail = {"digest": act.digest, "deletion": str(down.pk)}
            advance(act, "withdrawn", by=GATE, at=at, detail=detail, due_at=None, says=DOWN)
            jobs.enqueue(jobs.Job.ACT_SETTLED, act=str(act.pk))
