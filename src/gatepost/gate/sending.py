"""Claim -> send -> settle. No transaction is open while a network is being talked to.

The attempt's row is committed before the first byte leaves, so a worker that dies leaves a trace: its lease runs
out, the act becomes unconfirmed, and gate/looking.py looks on the network before anything is tried again.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import Q
from django.utils import timezone

from gatepost import jobs
from gatepost.channels.actions import may_write
from gatepost.channels.models import Channel
from gatepost.gate.checking import findings_of, stops
from gatepost.gate.content import Content, digest_of, from_json
from gatepost.gate.holds import covered, is_held
from gatepost.gate.media import MediaError, get
from gatepost.gate.models import Act, Attempt, SignOff
from gatepost.ledger.actions import System, record
from gatepost.lifecycle import Conflict, advance, advance_many
from gatepost.networks.client import BadAccount
from gatepost.networks.protocol import (
    Answer,
    Approves,
    Hides,
    MediaFile,
    Network,
    Outgoing,
    Receipt,
    Refused,
    RemovesOthers,
    TryLater,
    Unknown,
)
from gatepost.networks.registry import connect
from gatepost.people.authority import signs_off
from gatepost.policy.pack import Pack
from gatepost.rulebook.actions import in_force
from gatepost.vault import VaultError

DISPATCHER = System("dispatcher")


@dataclass(frozen=True, slots=True)
class Claim:
    """One act a worker may send now, and until when."""

    attempt: int
    act: Act
    content: Content
    begin_by: datetime  # no request is begun later, so that none outlives its lease
    at: datetime


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Not tried after all; it keeps its sign-off and its place."""

    reason: str


def claim(*, worker: str, at: datetime, limit: int = 200, lease: timedelta | None = None) -> list[Claim]:
    """Takes up to `limit` due acts for this worker, each checked again. One transaction."""
    lease_until = at + (lease or timedelta(seconds=settings.LEASE_SECONDS))
    with transaction.atomic():
        acts = list(
            Act.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("channel", "author")
            .filter(Q(try_at=None) | Q(try_at__lte=at), state="signed_off", due_at__lte=at, channel__state="live")
            .exclude(covered())
            .order_by("due_at", "created_at")[:limit]
        )
        if not acts:
            return []
        signed = {
            found.act_id: found
            for found in SignOff.objects.filter(act__in=acts, voided_at=None).select_related("signer", "standing")
        }
        pack = in_force(at)
        ready: list[tuple[Act, Content, SignOff]] = []
        for act in acts:
            sign_off = signed.get(act.pk)
            content, because = _checked(act, sign_off, pack=pack, at=at)
            if because is not None or content is None:
                _turn_away(act, because or "It cannot be read", at=at)
            elif act.due_at and at > act.due_at + timedelta(minutes=content.late_after):
                says = f"It was due at {timezone.localtime(act.due_at):%H:%M on %d %B} and did not leave in time."
                advance(act, "missed", by=DISPATCHER, at=at, clauses=["usage.1"], says=says)
            elif sign_off is not None:
                ready.append((act, content, sign_off))
        attempts = Attempt.objects.bulk_create(
            Attempt(act=act, digest=act.digest, sign_off=sign_off, worker=worker, at=at, lease_until=lease_until)
            for act, _, sign_off in ready
        )
        advance_many([act for act, _, _ in ready], "claimed", by=DISPATCHER, at=at, detail={"worker": worker})
    return [
        Claim(attempt.pk, act, content, at + (lease_until - at) / 2, at)
        for attempt, (act, content, _) in zip(attempts, ready, strict=True)
    ]


def _checked(act: Act, sign_off: SignOff | None, *, pack: Pack, at: datetime) -> tuple[Content | None, str | None]:
    """The content and why it may not leave. An act that cannot even be checked does not leave, and stops no other."""
    try:
        content = from_json(act.content)
        return content, why_not(act, content, sign_off, pack=pack, at=at)
    except (DatabaseError, InterfaceError):
        raise
    except Exception as error:
        return None, f"It could not be checked ({type(error).__name__})"


def why_not(act: Act, content: Content, sign_off: SignOff | None, *, pack: Pack, at: datetime) -> str | None:
    """Why this act may not leave now although it was signed off; None when it may."""
    if digest_of(act.content) != act.digest:
        return "Its content is not what its digest says"
    if because := _without_force(act, sign_off, at=at):
        return because
    found = stops(findings_of(content, act.channel.network, pack=pack, at=at, context=act.context, wording=act.wording))
    if found:
        return f"The policy stops it ({found[0].clause}): {found[0].message}"
    return None


def _without_force(act: Act, sign_off: SignOff | None, *, at: datetime) -> str | None:
    """Why its sign-off, or its author's approval, has no force at this moment; None when both have."""
    if sign_off is None or sign_off.digest != act.digest:
        return "No valid sign-off covers it"
    if sign_off.standing is not None and sign_off.standing.revoked_at is not None:
        return "Its standing sign-off was revoked"
    if sign_off.standing is None and sign_off.signer_id == act.author_id:
        return "Its author signed it"
    if not signs_off(sign_off.signer, at):
        return f"{sign_off.signer.name} may no longer sign off"
    if not may_write(act.author, act.channel, at):
        return f"{act.author.name} is no longer approved for {act.channel.name}"
    return None


def _stopped_since(act: Act, *, at: datetime) -> str | None:
    """What has happened since the claim that keeps this act from leaving. The next claim deals with it. `act` gets its
    channel as it is now."""
    if is_held(act):
        return "A hold was put on it."
    now = Act.objects.select_related("channel", "author").get(pk=act.pk)
    if now.state != "sending" or now.digest != act.digest:
        return "It is no longer this worker's to send."
    if now.channel.state != "live":
        return f"{now.channel.name} is no longer live."
    signed = SignOff.objects.filter(act=act, voided_at=None).select_related("signer", "standing").first()
    because = _without_force(now, signed, at=at)
    act.channel = now.channel
    return f"{because}." if because else None


def _turn_away(act: Act, because: str, *, at: datetime) -> None:
    SignOff.objects.filter(act=act, voided_at=None).update(voided_at=at, voided_because=because[:200])
    says = f"{because}. The sign-off is void. Nothing was sent."
    advance(act, "voided", by=DISPATCHER, at=at, clauses=["usage.1"], says=says[:400], due_at=None)


def outgoing(act: Act, content: Content, *, since: datetime | None = None, taken: Iterable[str] = ()) -> Outgoing:
    """The act as a connector needs it, with its pictures' bytes. Raises MediaError."""
    return Outgoing(
        key=str(act.pk),
        kind=content.kind,
        text=content.text,
        title=content.title,
        link=content.link,
        media=tuple(MediaFile(get(item.sha256), item.mime, item.alt, item.filename) for item in content.media),
        in_reply_to=content.in_reply_to,
        target=content.target,
        since=since,
        taken=frozenset(taken),
    )


def perform(network: Network, act: Outgoing) -> Answer:
    """The one place where a network's write calls are made."""
    if act.kind in ("publish", "reply"):
        return network.publish(act)
    if act.kind == "delete":
        return network.remove(act.target)
    if act.kind == "hide" and isinstance(network, Hides):
        return network.hide(act.target)
    if act.kind == "unhide" and isinstance(network, Hides):
        return network.unhide(act.target)
    if act.kind == "remove" and isinstance(network, RemovesOthers):
        return network.remove_other(act.target)
    if act.kind == "approve" and isinstance(network, Approves):
        return network.approve(act.target)
    return Refused(f"This network does not let us {act.kind} what others say.", "unsupported")


def send(claimed: Claim) -> Answer | GivenBack:
    """Talks to the network, once. Raises nothing: what goes wrong becomes an answer."""
    act, now = claimed.act, timezone.now()
    if now > claimed.begin_by:
        return GivenBack("The worker ran out of time before it began.")
    begin_by = time.monotonic() + (claimed.begin_by - now).total_seconds()
    if because := _stopped_since(act, at=max(now, claimed.at)):
        return GivenBack(because)
    try:
        network = connect(replace(act.channel.account(), begin_by=begin_by))
        call = outgoing(act, claimed.content)
    except (VaultError, MediaError, BadAccount) as error:
        return Refused(str(error), "ours")
    try:
        return perform(network, call)
    except Exception as error:  # a connector must not raise; if one does, the network may have taken it
        return Unknown(f"The connector failed: {type(error).__name__}.")


def settle(results: Sequence[tuple[Claim, Answer | GivenBack]], *, at: datetime) -> None:
    """Keeps what the networks answered. One transaction; an attempt settled by others meanwhile is left as it is,
    but for a receipt, which is always kept."""
    with transaction.atomic():
        for claimed, answer in results:
            settle_one(claimed.act, claimed.attempt, answer, at=at)


def settle_one(act: Act, attempt: int, answer: Answer | GivenBack, *, at: datetime) -> None:
    outcomes = {Receipt: "receipt", Refused: "refused", TryLater: "later", Unknown: "unknown"}
    outcome = outcomes.get(type(answer), "given_back")
    says = "" if isinstance(answer, Receipt) else answer.reason[:400]
    if isinstance(answer, Receipt):
        done = keep_receipt(attempt, act, answer, running=["", "unknown"], at=at)
    else:
        running = Attempt.objects.filter(pk=attempt, outcome="")
        done = bool(running.update(outcome=outcome, settled_at=at, says=says))
    if not done:
        return
    act.refresh_from_db(fields=["state"])
    try:
        _moved(act, answer, says, at=at)
    except Conflict:
        # Somebody settled this act meanwhile, by hand or by looking. That stops none of the answers beside this one,
        # and what the network took is told.
        if isinstance(answer, Receipt):
            _taken_after_all(act, answer, at=at)


def keep_receipt(
    attempt: int, act: Act, receipt: Receipt, *, running: Sequence[str], at: datetime, **more: Any
) -> bool:
    """Keeps a receipt with its attempt. False when the attempt has come to another end, or the act has its receipt
    from another attempt: then the network took it twice, and that is told."""
    kept = {"ref": receipt.ref, "permalink": receipt.permalink, "raw": dict(receipt.raw), **more}
    rows = Attempt.objects.filter(pk=attempt, outcome__in=running)
    other = Attempt.objects.filter(act=act, outcome="receipt").exclude(pk=attempt).first()
    if other is None:
        return bool(rows.update(outcome="receipt", settled_at=at, says="", answer=kept))
    says = "The network took it, after another attempt."
    known = (other.answer or {}).get("ref") == receipt.ref
    if rows.update(outcome="unknown", settled_at=at, says=says, answer=kept) and not known:
        _taken_after_all(act, receipt, at=at)
    return False


def _taken_after_all(act: Act, receipt: Receipt, *, at: datetime) -> None:
    """The network has something of this act that the desk no longer expected to be there. A person must know."""
    act.refresh_from_db(fields=["state", "ref"])
    if act.state == "sent" and act.ref in ("", receipt.ref):  # a person had said so before the network did
        Act.objects.filter(pk=act.pk).update(ref=receipt.ref[:300])
        return
    where = act.channel.seen_at(receipt.ref, receipt.permalink) or receipt.ref
    says = f"{act.channel.name} took this although it was not expected any more: {where[:200]}. Look there."
    Act.objects.filter(pk=act.pk).update(says=says[:400])
    detail = {"digest": act.digest, "ref": receipt.ref[:300], "state": act.state}
    record("act.taken_after_all", f"act:{act.pk}", by=DISPATCHER, at=at, clauses=["usage.1"], detail=detail)


def _moved(act: Act, answer: Answer | GivenBack, says: str, *, at: datetime) -> None:
    if isinstance(answer, Receipt):
        sent(act, answer, at=at)
    elif isinstance(answer, Refused):
        refused(act, answer, at=at)
    elif isinstance(answer, TryLater):
        wait = at + timedelta(seconds=max(1.0, min(answer.seconds, 6 * 3600)))
        waits = f"The network asked us to wait. {says}"[:400]
        advance(act, "delayed", by=DISPATCHER, at=at, try_at=wait, says=waits)
    elif isinstance(answer, Unknown):
        look_at = at + timedelta(seconds=5)
        advance(act, "lost_sight", by=DISPATCHER, at=at, look_at=look_at, looks=0, says=says)
    else:
        # Not at once: what cannot be begun now must not be claimed again and again without a pause.
        advance(act, "given_back", by=DISPATCHER, at=at, says=says, try_at=at + timedelta(seconds=5))


def sent(act: Act, receipt: Receipt, *, at: datetime) -> None:
    advance(
        act,
        "sent",
        by=DISPATCHER,
        at=at,
        clauses=dict.fromkeys(["usage.1", *act.clauses]),
        detail={"digest": act.digest, "ref": receipt.ref},
        ref=receipt.ref[:300],
        permalink=linkable(act.channel.seen_at(receipt.ref, receipt.permalink))[:600],
        sent_at=at,
        look_at=None,
        says="",
    )
    jobs.enqueue(jobs.Job.ACT_SETTLED, act=str(act.pk))


def linkable(address: str) -> str:
    """The address when it is one that may stand behind a link, else ""."""
    return address if address.startswith(("https://", "http://")) else ""


def refused(act: Act, answer: Refused, *, at: datetime) -> None:
    detail = {"digest": act.digest, "code": answer.code}
    says = f"{answer.reason} Nothing was sent."[:400]
    advance(act, "refused", by=DISPATCHER, at=at, detail=detail, says=says, look_at=None)
    SignOff.objects.filter(act=act, voided_at=None).update(voided_at=at, voided_because="The network refused it")
    jobs.enqueue(jobs.Job.ACT_SETTLED, act=str(act.pk))


def taken_refs(channel: Channel, since: datetime) -> frozenset[str]:
    """Refs that other acts of this channel already hold: a lookup must not claim them."""
    acts = Act.objects.filter(channel=channel, sent_at__gte=since - timedelta(days=1)).exclude(ref="")
    return frozenset(acts.values_list("ref", flat=True)[:20_000])
