"""Everything about one case in one piece, to hand to whoever carries it on: as data (JSON) or to read (PDF)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from gatepost.channels.actions import require_may_write
from gatepost.gate.models import Act
from gatepost.inbox import cases
from gatepost.inbox.evidence_check import state_of
from gatepost.inbox.masking import masked, spans_of
from gatepost.inbox.models import Attachment, Case, Evidence, Message, Referral
from gatepost.ledger.actions import record
from gatepost.ledger.digest import canonical
from gatepost.ledger.models import Line
from gatepost.people.models import User
from gatepost.policy.pack import Pack
from gatepost.policy.reading import read
from gatepost.rulebook.actions import in_force

FORMAT = "gatepost.case/1"
MOST = 500  # of each list


@transaction.atomic
def bundle_of(case: Case, *, by: User, at: datetime, details_because: str = "") -> dict[str, Any]:
    """The bundle of a case. Personal details are left out by name, unless `details_because` says why they are needed;
    the record keeps that a bundle was made, its digest, and whether it holds details."""
    require_may_write(by, case.message.channel, at)
    because = details_because.strip()[:300]
    made = _bundle(case, details=bool(because), at=at)
    sha256 = hashlib.sha256(canonical(made)).hexdigest()
    clause = cases.clause_of(case.kind, in_force(at))
    detail = {"sha256": sha256, "details": bool(because)}
    record("case.bundled", case.subject, by=by, at=at, clauses=[clause], detail=detail)
    if because:
        record(
            "details.shown",
            case.message.subject,
            by=by,
            at=at,
            clauses=["desk:personal_data"],
            detail={"case": case.pk},
        )
    return made


def _bundle(case: Case, *, details: bool, at: datetime) -> dict[str, Any]:
    pack, message = in_force(at), case.message
    siblings = Message.objects.filter(conversation=message.conversation_id).select_related("decision")
    told = list(siblings.order_by("posted_at", "pk")[:MOST])
    subjects = [one.subject for one in told]
    referrals = list(message.referrals.order_by("at", "pk")[:MOST])
    mask = _Mask(pack, details=details)
    hung: dict[int, list[Attachment]] = {}
    for row in Attachment.objects.filter(message__in=told).order_by("message", "place"):
        hung.setdefault(row.message_id, []).append(row)
    return {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "organisation": pack.organisation,
        "policy": {"title": pack.title, "version": pack.version, "digest": pack.digest},
        "personal_details": "included" if details else "left out",
        "case": {
            "id": case.pk,
            "kind": case.kind,
            "title": case.title,
            "state": case.state,
            "why_these_rules": case.why,
            "summary": mask.text(case.summary),
            "received_at": case.received_at.isoformat(),
            "opened_at": case.at.isoformat(),
            "closed_because": mask.text(case.closed_because),
        },
        "clocks": [
            {
                "name": one.name,
                "source": one.source,
                "started": one.started.isoformat(),
                "due": one.due.isoformat(),
                "met_at": one.met_at.isoformat() if one.met_at else None,
                "late": one.late or (one.met_at is None and at > one.due),
                "extended": one.extended,
            }
            for one in cases.clocks(case, at=at)
        ],
        "steps": [
            {"step": row.step, "happened_at": row.happened_at.isoformat(), "note": mask.text(row.note)}
            for row in case.steps.order_by("happened_at", "pk")
        ],
        "extensions": [
            {"clock": row.law, "because": mask.text(row.because), "told_at": row.told_at.isoformat()}
            for row in case.extensions.order_by("at")
        ],
        "person": {"name": str(message.contact), "handle": message.contact.handle} if details else None,
        "channel": {"network": message.channel.network, "name": message.channel.name},
        "messages": [_message(one, hung.get(one.pk, []), mask) for one in told],
        "our_answers": [
            {"text": mask.text(str(act.content.get("text", ""))), "sent_at": act.sent_at.isoformat()}
            for act in Act.objects.filter(subject__in=subjects, kind="reply", state="sent").order_by("sent_at")[:MOST]
            if act.sent_at
        ],
        "referrals": [_referral(one, mask) for one in referrals],
        "evidence": [
            {"sha256": row.sha256, "at": row.at.isoformat(), "clause": row.clause, "state": state_of(row)}
            for row in Evidence.objects.filter(message__in=told).select_related("message").order_by("at")[:MOST]
        ],
        "record": _lines(case, message, referrals),
    }


class _Mask:
    """Leaves personal details out by name, or nothing at all."""

    def __init__(self, pack: Pack, *, details: bool) -> None:
        self.pack, self.details = pack, details

    def text(self, words: str) -> str:
        return words if self.details else masked(words, read(words, self.pack.words).spans)


def _message(one: Message, hung: Sequence[Attachment], mask: _Mask) -> dict[str, Any]:
    details = mask.details
    return {
        "id": one.pk,
        "text": one.text if details else masked(one.text, spans_of(one.decision.spans)),
        "attachments": [
            {
                "name": mask.text(row.name),
                "mime": row.mime,
                "size": row.size,
                "sha256": row.sha256,
                "not_kept": row.says if not row.sha256 else "",
            }
            for row in hung
        ],
        "posted_at": one.posted_at.isoformat(),
        "received_at": one.received_at.isoformat(),
        "private": one.private,
        "address": one.permalink if details else "",
        "read_as": list(one.decision.decided),
        "clauses": list(one.decision.clauses),
    }


def attached(message: Mapping[str, Any]) -> list[str]:
    """What hung on a message of a bundle, in words. The files themselves stay on the desk."""
    found = []
    for one in message["attachments"]:
        name = f" ‘{one['name']}’" if one["name"] else ""
        kept = f"{one['mime']}, {one['size']:,} bytes, digest {one['sha256']}" if one["sha256"] else one["not_kept"]
        found.append(f"Attached:{name or ' a file'}. {kept or 'Not fetched yet.'}")
    return found


def _referral(one: Referral, mask: _Mask) -> dict[str, Any]:
    return {
        "department": one.name,
        "state": one.state,
        "clause": one.clause,
        "referred_at": one.at.isoformat(),
        "answer_by": one.answer_by.isoformat(),
        "note": mask.text(one.note),
        "said": [
            {"kind": note.kind, "text": mask.text(note.text), "at": note.at.isoformat(), "via": note.via}
            for note in one.notes.order_by("at", "pk")[:MOST]
        ],
    }


def _lines(case: Case, message: Message, referrals: list[Referral]) -> list[dict[str, Any]]:
    named = [case.subject, message.subject, *(one.subject for one in referrals)]
    rows = Line.objects.filter(Q(subject__in=named)).order_by("pk")[:MOST]
    return [
        {
            "line": row.pk,
            "at": row.at.isoformat(),
            "verb": row.verb,
            "subject": row.subject,
            "clauses": list(row.clauses),
            "digest": bytes(row.digest).hex(),
        }
        for row in rows
    ]
