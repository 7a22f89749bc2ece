"""Abuse of staff as an employer must be able to show it: who was exposed, what was offered, what followed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from gatepost.channels.actions import require_may_write, require_reader
from gatepost.inbox.evidence import keep_evidence
from gatepost.inbox.evidence_check import state_of
from gatepost.inbox.exposure import exposed_to
from gatepost.inbox.models import AbuseRecord, AbuseStep, Evidence, Message, Ruling
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import record
from gatepost.people.models import User
from gatepost.policy.pack import Pack
from gatepost.rulebook.actions import in_force

KINDS = dict(AbuseStep._meta.get_field("kind").choices or ())
WANTED = {
    "support": "Support offered to the member of staff",
    "warning": "Whether the writer was warned, or why not",
    "police": "Whether it was reported to the police, or why not",
    "tenancy": "Whether a tenancy step follows, or why not",
}


def clause_of(pack: Pack) -> str:
    """The clause that says what is done about abuse of staff."""
    if clause := pack.clause_about("staff_abuse"):
        return clause.id
    found = pack.departments.get("staff_abuse")
    return found.clause if found and found.clause else pack.governing("desk:abuse")


@transaction.atomic
def open_record(message: Message, *, aimed_at: str, by: User, at: datetime) -> AbuseRecord:
    """Begins the record of one message, with evidence of it. Once for each message."""
    require_may_write(by, message.channel, at)
    if not aimed_at.strip():
        raise InboxError("Say whom it was aimed at: a name, or a team.")
    row, new = AbuseRecord.objects.get_or_create(
        message=message, defaults={"aimed_at": aimed_at.strip()[:200], "by": by, "at": at}
    )
    if new:
        clause = clause_of(in_force(at))
        if not Evidence.objects.filter(message=message).exists():
            keep_evidence(message, reason="Abuse of a member of staff", clause=clause, by=by, at=at)
        record("abuse.recorded", message.subject, by=by, at=at, clauses=[clause], detail={"record": row.pk})
    return row


@transaction.atomic
def add_step(kept: AbuseRecord, kind: str, words: str, *, by: User, at: datetime) -> AbuseStep:
    """Adds what was done. Nothing of it can be changed afterwards; a mistake is put right by a further step."""
    require_may_write(by, kept.message.channel, at)
    if kind not in KINDS:
        raise InboxError(f"“{kind}” is no step of an abuse record. There are: {', '.join(KINDS)}.")
    if not words.strip():
        raise InboxError("Write what was done, by whom, for whom.")
    made = AbuseStep.objects.create(record=kept, kind=kind, words=words.strip()[:1000], by=by, at=at)
    detail = {"record": kept.pk, "step": made.pk, "kind": kind}
    clause = clause_of(in_force(at))
    record("abuse.step", kept.message.subject, by=by, at=at, clauses=[clause], detail=detail)
    return made


def lacking(kept: AbuseRecord) -> dict[str, str]:
    """What an employer would be asked for and is not in the record yet: kind of step to words, in their order."""
    have = {step.kind for step in kept.steps.all()}
    return {kind: words for kind, words in WANTED.items() if kind not in have}


@transaction.atomic
def exported(kept: AbuseRecord, *, by: User, at: datetime) -> dict[str, Any]:
    """The whole record as plain data, for an employer's file: the words themselves, evidence with digests, who opened
    it, decisions, steps. That it was taken out is kept."""
    require_reader(by, at)
    require_may_write(by, kept.message.channel, at)
    message = kept.message
    clause = clause_of(in_force(at))
    record("abuse.exported", message.subject, by=by, at=at, clauses=[clause], detail={"record": kept.pk})
    return {
        "organisation": in_force(at).organisation,
        "record": kept.pk,
        "clause": clause,
        "made_at": _iso(at),
        "made_by": by.name,
        "message": {
            "channel": message.channel.name,
            "network": message.channel.network,
            "ref": message.ref,
            "posted_at": _iso(message.posted_at),
            "received_at": _iso(message.received_at),
            "author": message.contact.name,
            "account": message.contact.external_id,
            "text": message.text,
        },
        "aimed_at": kept.aimed_at,
        "recorded_by": kept.by.name,
        "recorded_at": _iso(kept.at),
        "exposed": [
            {"name": one.person.name, "first": _iso(one.first), "times": one.times} for one in exposed_to(message)
        ],
        "steps": [
            {"at": _iso(step.at), "what": step.get_kind_display(), "words": step.words, "by": step.by.name}
            for step in kept.steps.select_related("by")
        ],
        "decisions": [
            {
                "at": _iso(one.at),
                "what": one.get_kind_display(),
                "reason": one.reason,
                "clause": one.clause,
                "by": one.by.name,
                "done_at": _iso(one.done_at),
                "lifted_at": _iso(one.lifted_at),
            }
            for one in Ruling.objects.filter(message=message).select_related("by").order_by("at")
        ],
        "evidence": [
            {
                "at": _iso(one.at),
                "sha256": one.sha256,
                "state": state_of(one),
                "text": one.text,
                "raw": one.raw,
                "picture": one.picture,
            }
            for one in message.evidence.select_related("message").order_by("at")
        ],
        "referrals": [
            {"to": one.name, "at": _iso(one.at), "state": one.get_state_display()} for one in message.referrals.all()
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
