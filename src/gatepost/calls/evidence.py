"""What hangs on a message and what was kept of it as evidence, by name. What the screens cover is covered here too."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from gatepost.calls.asked import Asked, Id, MessageGet, Name
from gatepost.calls.doing import found_message
from gatepost.calls.found import NoSuch, one_of
from gatepost.channels.actions import require_reader
from gatepost.inbox import attachments
from gatepost.inbox.actions import InboxError, is_revealed, keep_evidence
from gatepost.inbox.exposure import open_until, why_covered
from gatepost.inbox.masking import masked
from gatepost.inbox.models import Attachment, Evidence, Message
from gatepost.inbox.personal.covering import covered, details_in
from gatepost.people.models import User
from gatepost.rulebook.actions import in_force


class AttachmentAsked(Asked):
    attachment: Id


class EvidenceAsked(Asked):
    evidence: Id


class EvidenceKeep(Asked):
    """`clause`: on which keeping it rests."""

    message: Id
    reason: Annotated[str, Field(max_length=400)]
    clause: Name


class AttachmentOut(BaseModel):
    """`mime`, `size` (bytes) and `sha256` by its bytes; no `sha256`: not kept, for the reason in `says`, or not fetched
    yet. Personal details are left out of `name`."""

    id: int
    message: int
    name: str
    mime: str
    size: int
    sha256: str
    says: str
    at: datetime


class AttachmentsOut(BaseModel):
    attachments: list[AttachmentOut]


class AttachmentFileOut(BaseModel):
    """`data` is base64. That you looked is kept."""

    attachment: AttachmentOut
    data: str


class EvidenceOut(BaseModel):
    """`sha256`: its digest, which the record names too. Personal details are left out of `reason`."""

    id: int
    message: int
    act: str
    reason: str
    clause: str
    by: int
    at: datetime
    posted_at: datetime
    sha256: str


class EvidencesOut(BaseModel):
    """The oldest first."""

    evidence: list[EvidenceOut]


class EvidenceWholeOut(BaseModel):
    """`text` with personal details left out by name until you have said why you need them (message.reveal); then
    `author_name`, `raw` (what the network said) and `picture` (SVG) as well, which are empty before."""

    evidence: EvidenceOut
    text: str
    author_name: str
    raw: dict[str, Any]
    picture: str


def _attachment(row: Attachment) -> AttachmentOut:
    return AttachmentOut(
        id=row.pk,
        message=row.message_id,
        name=covered(row.name),
        mime=row.mime,
        size=row.size,
        sha256=row.sha256,
        says=row.says,
        at=row.at,
    )


def _evidence(row: Evidence) -> EvidenceOut:
    return EvidenceOut(
        id=row.pk,
        message=row.message_id,
        act=str(row.act_id or ""),
        reason=covered(row.reason),
        clause=row.clause,
        by=row.by_id,
        at=row.at,
        posted_at=row.posted_at,
        sha256=row.sha256,
    )


def _require_open(message: Message, by: User, at: datetime) -> None:
    """Words of abuse, and what hangs on them, are seen by whoever has opened them. Raises InboxError."""
    if why_covered(message) and not open_until([message], by, at):
        raise InboxError("What was said here is covered. Open it first: words.open. That you do is kept.")


def attachments_list(wish: MessageGet, *, by: User, at: datetime) -> AttachmentsOut:
    message = found_message(wish.message, by, at)
    return AttachmentsOut(attachments=[_attachment(row) for row in message.attachments.order_by("place")])


def attachment_get(wish: AttachmentAsked, *, by: User, at: datetime) -> AttachmentFileOut:
    require_reader(by, at)
    row = one_of(
        Attachment.objects.select_related("message__decision").filter(pk=wish.attachment),
        f"There is no attachment {wish.attachment} on this desk. Ask attachments.list.",
    )
    _require_open(row.message, by, at)
    if not row.sha256:
        raise InboxError(row.says or "It is still being fetched. Ask again in a moment.")
    try:
        data = attachments.open_one(row, by=by, at=at)
    except OSError as error:
        raise NoSuch(f"The file of attachment {row.pk} is not in the data folder.") from error
    return AttachmentFileOut(attachment=_attachment(row), data=base64.b64encode(data).decode("ascii"))


def evidence_list(wish: MessageGet, *, by: User, at: datetime) -> EvidencesOut:
    message = found_message(wish.message, by, at)
    rows = message.evidence.defer("raw", "picture").order_by("at", "pk")
    return EvidencesOut(evidence=[_evidence(row) for row in rows])


def evidence_keep(wish: EvidenceKeep, *, by: User, at: datetime) -> EvidenceOut:
    message = found_message(wish.message, by, at)
    if wish.clause not in {clause.id for clause in in_force(at).clauses}:
        raise InboxError(f"The policy has no clause “{wish.clause}”. Ask policy.coverage for those it has.")
    reason = wish.reason.replace("\x00", "")
    return _evidence(keep_evidence(message, reason=reason, clause=wish.clause, by=by, at=at))


def evidence_get(wish: EvidenceAsked, *, by: User, at: datetime) -> EvidenceWholeOut:
    require_reader(by, at)
    row = one_of(
        Evidence.objects.select_related("message__decision").filter(pk=wish.evidence),
        f"There is no evidence {wish.evidence} on this desk. Ask evidence.list for what there is.",
    )
    _require_open(row.message, by, at)
    details = details_in(row.text)
    shown = not details or is_revealed(row.message, by, at)
    return EvidenceWholeOut(
        evidence=_evidence(row),
        text=row.text if shown else masked(row.text, details),
        author_name=row.author_name if shown else "",
        raw=row.raw if shown else {},
        picture=row.picture if shown else "",
    )


EVIDENCE: dict[str, tuple[type[Asked], Callable[..., BaseModel], type[BaseModel], str]] = {
    "attachments.list": (MessageGet, attachments_list, AttachmentsOut, "What hangs on a message, and why not"),
    "attachment.get": (AttachmentAsked, attachment_get, AttachmentFileOut, "One file that hangs on a message"),
    "evidence.list": (MessageGet, evidence_list, EvidencesOut, "What was kept of a message as evidence"),
    "evidence.get": (EvidenceAsked, evidence_get, EvidenceWholeOut, "One piece of evidence with its picture"),
    "evidence.keep": (EvidenceKeep, evidence_keep, EvidenceOut, "Keep what was said as it stands"),
}
