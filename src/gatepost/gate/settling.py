"""Keeping what the networks answered: receipts many at once, everything else one by one.

An answer that comes after somebody else has settled its act stops none of the answers beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from gatepost import jobs
from gatepost.channels.models import Channel
from gatepost.gate import allowances
from gatepost.gate.ending import withdraw_moot
from gatepost.gate.models import Act, Attempt, Published, PublishedPart, SignOff
from gatepost.gate.parts import cut, has_more, part_sent
from gatepost.gate.published import note_part, note_ref, note_sent
from gatepost.gate.sending import DISPATCHER, Claim, GivenBack
from gatepost.ledger.actions import record
from gatepost.lifecycle import Conflict, advance, advance_many
from gatepost.networks.protocol import Answer, Left, Receipt, Refused, TryLater, Unknown

BURST = 4  # acts settled together; more at once is a burst


def settle(results: Sequence[tuple[Claim, Answer | GivenBack]], *, at: datetime) -> None:
    """Keeps what the networks answered. One transaction; an attempt settled by others meanwhile is left as it is,
    but for a receipt, which is always kept."""
    with transaction.atomic():
        usual = _receipts([(one, answer) for one, answer in results if isinstance(answer, Receipt)], at=at)
        for claimed, answer in results:
            if claimed.attempt not in usual:
                settle_one(claimed.act, claimed.attempt, answer, at=at)
        _hear(results, at=at)


def _hear(results: Sequence[tuple[Claim, Answer | GivenBack]], *, at: datetime) -> None:
    """What the answers say of a network's limit holds for all workers: of each channel the one that leaves least."""
    least: dict[int, tuple[Channel, Left]] = {}
    for claimed, answer in results:
        told = answer.left if isinstance(answer, (Receipt, TryLater)) else None
        known = least.get(claimed.act.channel_id)
        if told is not None and (known is None or told.left < known[1].left):
            least[claimed.act.channel_id] = (claimed.act.channel, told)
    for _, (channel, left) in sorted(least.items()):  # in one order for all workers: none waits for one that waits
        allowances.hear(channel, left, at=at)


def _receipts(taken: Sequence[tuple[Claim, Receipt]], *, at: datetime) -> set[int]:
    """The usual end, for many at once in a few statements. Returns the attempts that are settled by it: those that
    nobody else has ended, of acts that are still being sent and have no receipt."""
    if len(taken) < 2:
        return set()
    acts = [one.act.pk for one, _ in taken]
    rows = Attempt.objects.select_for_update().filter(pk__in=[one.attempt for one, _ in taken], outcome="")
    running = {attempt.pk: attempt for attempt in rows.order_by("pk")}
    sending = set(
        Act.objects.select_for_update().filter(pk__in=acts, state="sending").order_by("pk").values_list("pk", flat=True)
    )
    sending -= set(Attempt.objects.filter(act__in=acts, outcome="receipt").values_list("act_id", flat=True))
    ready = [
        (one, receipt)
        for one, receipt in taken
        if one.attempt in running and one.act.pk in sending and not one.content.parts and not receipt.note
    ]
    by_clauses: dict[tuple[str, ...], list[Act]] = {}
    for one, receipt in ready:
        attempt, act = running[one.attempt], one.act
        attempt.outcome, attempt.settled_at, attempt.says, attempt.answer = "receipt", at, "", as_kept(receipt)
        act.ref, act.permalink = receipt.ref[:300], seen_under(act, receipt)
        by_clauses.setdefault(("desk:gate", *act.clauses), []).append(act)
    kept = [running[one.attempt] for one, _ in ready]
    Attempt.objects.bulk_update(kept, ["outcome", "settled_at", "says", "answer"])
    Act.objects.bulk_update([one.act for one, _ in ready], ["ref", "permalink"])
    for clauses, group in by_clauses.items():
        _sent(group, clauses, at=at)
    return {one.attempt for one, _ in ready}


def as_kept(receipt: Receipt) -> dict[str, Any]:
    return {"ref": receipt.ref, "permalink": receipt.permalink, "raw": dict(receipt.raw)}


def seen_under(act: Act, receipt: Receipt) -> str:
    """The address at which people see what was taken, when it is one that may stand behind a link."""
    return linkable(act.channel.seen_at(receipt.ref, receipt.permalink))[:600]


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
    part = act.parts_out
    # Locked: a look must not move it on to its next part between this line and the step.
    act.refresh_from_db(fields=["state", "parts_out", "above"], from_queryset=Act.objects.select_for_update())
    if act.parts_out != part:  # it has gone on with its next part meanwhile, or a person has found this one
        if isinstance(answer, Receipt):
            note_ref(act, part, answer.ref, at=at)
        return
    try:
        _moved(act, attempt, answer, says, at=at)
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
    kept = {**as_kept(receipt), **more}
    rows = Attempt.objects.filter(pk=attempt, outcome__in=running)
    same = Attempt.objects.filter(pk=attempt).values("part")
    other = Attempt.objects.filter(act=act, part__in=same, outcome="receipt").exclude(pk=attempt).first()
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
    record("act.taken_after_all", f"act:{act.pk}", by=DISPATCHER, at=at, clauses=["desk:gate"], detail=detail)


def _moved(act: Act, attempt: int, answer: Answer | GivenBack, says: str, *, at: datetime) -> None:
    if isinstance(answer, Receipt):
        sent(act, answer, at=at)
    elif isinstance(answer, Refused):
        refused(act, answer, at=at)
    elif isinstance(answer, TryLater):
        wait = at + timedelta(seconds=max(1.0, min(answer.seconds, 6 * 3600)))
        waits = f"The network asked us to wait. {says}"[:400]
        advance(act, "delayed", by=DISPATCHER, at=at, try_at=wait, says=waits)
    elif isinstance(answer, Unknown):
        look_at = at + timedelta(seconds=2)
        advance(act, "lost_sight", by=DISPATCHER, at=at, look_at=look_at, looks=0, says=says)
        # Our side of the request has ended: all that may still be under way is the network's own part of it.
        over = at + timedelta(seconds=settings.LEASE_SECONDS / 4)
        Attempt.objects.filter(pk=attempt, lease_until__gt=over).update(lease_until=over)
    else:
        # Not at once: what cannot be begun now must not be claimed again and again without a pause.
        pause = answer.until or at + timedelta(seconds=5)
        advance(act, "given_back", by=DISPATCHER, at=at, says=says, try_at=pause)


def sent(act: Act, receipt: Receipt, *, at: datetime) -> None:
    """The network has it, or the part of it that was to go next. Raises Conflict when the act can no longer become
    sent."""
    part, seen = act.parts_out, seen_under(act, receipt)
    if not part:
        act.ref, act.permalink = receipt.ref[:300], seen
    with transaction.atomic():
        if has_more(act):
            part_sent(act, receipt.ref, seen, by=DISPATCHER, at=at)
            _note(act, receipt)
            return
        if part:
            note_part(act, part, receipt.ref, seen, at=at)
        if not _sent([act], ("desk:gate", *act.clauses), at=at):
            advance(act, "sent", by=DISPATCHER, at=at)  # says why not
        out: dict[str, Any] = {"parts_out": part + 1} if part else {}
        Act.objects.filter(pk=act.pk).update(ref=act.ref, permalink=act.permalink, **out)
        _note(act, receipt)


def _note(act: Act, receipt: Receipt) -> None:
    """What a person has still to do there stands with the post, and with what is online of it."""
    if receipt.note:
        Act.objects.filter(pk=act.pk).update(says=receipt.note[:400])
        Published.objects.filter(pk=act.pk).update(says=receipt.note[:400])


def _sent(acts: Sequence[Act], clauses: Sequence[str], *, at: datetime) -> list[Act]:
    moved: list[Act] = advance_many(
        acts,
        "sent",
        by=DISPATCHER,
        at=at,
        clauses=dict.fromkeys(clauses),
        each=lambda act: {"digest": act.digest, "ref": act.ref},
        sent_at=at,
        look_at=None,
        says="",
    )
    withdraw_moot(moved, at=at)
    note_sent(moved, at=at)
    # A message that waits for its answer is told at once. Posts that leave in a burst are archived by the archive's own
    # sweep instead of a job for each, which would take the time from sending.
    told = [act for act in moved if len(moved) <= BURST or act.subject.startswith("message:")]
    jobs.enqueue_many(jobs.Job.ACT_SETTLED, [{"act": str(act.pk)} for act in told])
    return moved


def linkable(address: str) -> str:
    """The address when it is one that may stand behind a link, else ""."""
    return address if address.startswith(("https://", "http://")) else ""


def refused(act: Act, answer: Refused, *, at: datetime) -> None:
    if act.parts_out:
        cut(act, f"The network refused part {act.parts_out + 1}: {answer.reason}", by=DISPATCHER, at=at)
        return
    detail = {"digest": act.digest, "code": answer.code}
    says = f"{answer.reason} Nothing was sent."[:400]
    advance(act, "refused", by=DISPATCHER, at=at, detail=detail, says=says, look_at=None)
    SignOff.objects.filter(act=act, voided_at=None).update(voided_at=at, voided_because="The network refused it")
    jobs.enqueue(jobs.Job.ACT_SETTLED, act=str(act.pk))


def taken_refs(channel: Channel, since: datetime) -> frozenset[str]:
    """Refs that other acts of this channel already hold: a lookup must not claim them."""
    earliest = since - timedelta(days=1)
    acts = Act.objects.filter(Q(sent_at__gte=earliest) | Q(sent_at=None, parts_out__gt=0), channel=channel)
    parts = PublishedPart.objects.filter(item__channel=channel, since__gte=earliest)
    refs = acts.exclude(ref="").values_list("ref", flat=True)[:20_000]
    return frozenset([*refs, *parts.values_list("ref", flat=True)[:20_000]])
