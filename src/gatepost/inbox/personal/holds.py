"""Legal holds: what may not be deleted, whatever its time and whoever asks, until somebody says that it may."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from gatepost.inbox.models import Contact, Correction, Message
from gatepost.inbox.personal.marks import mark
from gatepost.inbox.personal.officer import PersonalError, require_officer
from gatepost.inbox.personal_models import LegalHold
from gatepost.ledger.actions import record
from gatepost.people.models import User
from gatepost.policy.model import LABELS
from gatepost.policy.retention import KINDS

EVERYTHING = "everything"


def in_force() -> list[LegalHold]:
    rows = LegalHold.objects.filter(ended_at=None).select_related("by", "contact", "message")
    return list(rows.order_by("-at", "-pk"))


def held() -> Q:
    """A condition on messages: a legal hold covers them."""
    kinds = set(LegalHold.objects.filter(ended_at=None).exclude(kind="").values_list("kind", flat=True))
    if kinds & {EVERYTHING, "messages"}:
        return Q(pk__isnull=False)
    rows = LegalHold.objects.filter(ended_at=None)
    found = Q(pk__in=rows.exclude(message=None).values("message")) | Q(
        contact__in=rows.exclude(contact=None).values("contact")
    )
    for kind in sorted(kinds & set(LABELS)):
        found |= labelled(kind)
    return found


def labelled(label: str) -> Q:
    """A condition on messages: the policy read this label in them, or somebody said that it holds."""
    said = Correction.objects.filter(message=OuterRef("pk"), label=label, holds=True)
    return Q(decision__decided__contains=[label]) | Q(Exists(said))


def kind_is_held(kind: str) -> bool:
    return LegalHold.objects.filter(ended_at=None, kind__in=(EVERYTHING, kind)).exists()


@transaction.atomic
def make(
    *,
    reason: str,
    by: User,
    at: datetime,
    contact: Contact | None = None,
    message: Message | None = None,
    kind: str = "",
) -> LegalHold:
    """Holds one account, one message, one kind of record, or everything. Raises NotAllowed, PersonalError."""
    require_officer(by, at)
    if not reason.strip():
        raise PersonalError("Say why this must be kept: a claim, a court's order, an inquiry.")
    if sum((contact is not None, message is not None, bool(kind))) != 1:
        raise PersonalError("Say what is held: one account, one message, or one kind of record.")
    if kind and kind not in (EVERYTHING, *KINDS, *LABELS):
        raise PersonalError(
            f"There is no kind of record “{kind[:40]}”. Use one of: everything, {', '.join((*KINDS, *LABELS))}."
        )
    made = LegalHold.objects.create(
        contact=contact, message=message, kind=kind, reason=reason.strip()[:400], by=by, at=at
    )
    scope = {"contact": contact.pk} if contact else {"message": message.pk} if message else {"kind": kind}
    detail = {**scope, "reason": mark("reason", made.reason)}
    record("legal_hold.made", f"legal_hold:{made.pk}", by=by, at=at, clauses=["desk:personal_data"], detail=detail)
    return made


@transaction.atomic
def end(hold: LegalHold, *, because: str, by: User, at: datetime) -> None:
    """What it covered is deleted again when its time is over."""
    require_officer(by, at)
    if not because.strip():
        raise PersonalError("Say why it need not be kept any more.")
    changed = LegalHold.objects.filter(pk=hold.pk, ended_at=None).update(
        ended_at=at, ended_by=by, ended_because=because.strip()[:400]
    )
    if not changed:
        raise PersonalError("This legal hold has ended already.")
    detail = {"reason": mark("reason", because.strip()[:400])}
    record("legal_hold.ended", f"legal_hold:{hold.pk}", by=by, at=at, clauses=["desk:personal_data"], detail=detail)
