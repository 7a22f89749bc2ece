"""Signing off and declining: what people do with an act that waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from gatepost import jobs
from gatepost.gate.approval import concerns, offered, steps_of, taken_of, valid_sign_offs
from gatepost.gate.checking import as_json, require_clear
from gatepost.gate.content import Content, from_json, text_digest
from gatepost.gate.crisis import require_in_crisis
from gatepost.gate.ground import GateError, check, release, require_live, set_steps, void
from gatepost.gate.models import Act, SignOff
from gatepost.gate.parts import cut
from gatepost.gate.precedence import in_the_way
from gatepost.ledger.actions import Actor
from gatepost.ledger.digest import canonical
from gatepost.lifecycle import Conflict, advance
from gatepost.people.authority import NotAllowed, require_sign_off
from gatepost.people.models import User
from gatepost.policy.approval import complete
from gatepost.policy.model import Finding


@transaction.atomic
def sign_off(
    act: Act,
    *,
    digest: str,
    by: User,
    at: datetime,
    seen: Mapping[str, Any] | None = None,
    proof: Mapping[str, Any] | None = None,
) -> SignOff:
    """A named person's agreement to exactly the digest they saw: one step. The last step releases the act at its time.
    `proof` is one that gate.proofs has verified.

    Raises Conflict when it has changed since, NotAllowed for whoever wrote it or may not take a step now, Stopped.
    """
    act, content = to_be_signed(act, digest, at=at)
    require_in_crisis(by, at)
    signed = valid_sign_offs(act)
    offer = offered(by, act, at=at, signed=signed, passkey=proof is not None)
    if offer.step is None or offer.right is None:
        raise NotAllowed(offer.no.says, offer.no.clause) if offer.no else NotAllowed("You may not sign this.")
    what = {**(seen or {}), "digest": digest, "findings": as_json(require_still_clear(act, content, at=at))}
    made = SignOff.objects.create(
        act=act,
        digest=digest,
        step=offer.step.n,
        signer=by,
        role=offer.right.role,
        instead_of=offer.right.instead_of,
        seen=what,
        proof=dict(proof) if proof else None,
        at=at,
    )
    detail = {"step": made.step, "role": made.role}
    if made.instead_of_id:
        detail["instead_of"] = made.instead_of_id
    if proof:
        detail["proof"] = text_digest(canonical(dict(proof)).decode())
    after_step(act, content, made, by=by, at=at, detail=detail)
    return made


def to_be_signed(act: Act, digest: str, *, at: datetime) -> tuple[Act, Content]:
    """The act, locked, when it waits and is still what was seen, with its steps as the policy asks now."""
    act = Act.objects.select_for_update(of=("self",)).select_related("channel").get(pk=act.pk)
    if act.state != "to_sign_off" or digest != act.digest:
        raise Conflict("This has changed since you opened it. Look at it again before you sign. Nothing was sent.")
    require_live(act.channel)
    if first := in_the_way(act):
        raise GateError(f"{first}.")
    content = from_json(act.content)
    set_steps(act, content, at=at)
    return act, content


def require_still_clear(act: Act, content: Content, *, at: datetime) -> list[Finding]:
    findings = check(content, at=at, context={**act.context, "author": act.author_id}, wording=act.wording)
    require_clear(findings, act.answers)
    return findings


def after_step(
    act: Act, content: Content, made: SignOff, *, by: Actor, at: datetime, detail: Mapping[str, Any]
) -> None:
    """Writes what was signed into the record and, with the last step, releases the act."""
    clauses = list(dict.fromkeys([act.steps[0]["clause"], "desk:gate"]))
    what = {"digest": act.digest, "sign_off": made.pk, **detail}
    if complete(steps_of(act), taken_of(valid_sign_offs(act))):
        release(act, content, by=by, at=at, clauses=clauses, detail=what)
    else:
        advance(act, "step_signed", by=by, at=at, clauses=clauses, detail=what, says="")


@transaction.atomic
def decline(act: Act, *, reason: str, by: User, at: datetime) -> None:
    """Sends an act back to its author with a reason. Whoever could sign some step of it may."""
    if not concerns(by, act, at=at):
        require_sign_off(by, at)
    _decline(act, reason=reason, name=by.name, by=by, at=at)


def decline_outside(act: Act, *, reason: str, name: str, by: Actor, at: datetime) -> None:
    """The same for somebody asked from outside, in the transaction that ends their invitation."""
    _decline(act, reason=reason, name=name, by=by, at=at)


def _decline(act: Act, *, reason: str, name: str, by: Actor, at: datetime) -> None:
    if not reason.strip():
        raise GateError("Say why, so that the author knows what to change.")
    if act.parts_out:
        cut(act, f"The rest was declined by {name}: {reason}", by=by, at=at)
        return
    void(act, because=f"Declined by {name}", by=by, at=at)
    advance(
        act,
        "declined",
        by=by,
        at=at,
        clauses=["desk:sign_off"],
        detail={"digest": act.digest},
        says=f"Declined by {name}: {reason.strip()}"[:400],
    )
    jobs.enqueue(jobs.Job.ACT_SETTLED, act=str(act.pk))
