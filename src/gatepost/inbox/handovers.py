"""Cases handed over to a housing or CRM system of the organisation's own: signed, tried again, kept until taken."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction

from gatepost import jobs
from gatepost.channels.actions import require_may_write
from gatepost.inbox.bundles import bundle_of
from gatepost.inbox.models import Case, HandOver, Receiver
from gatepost.inbox.problems import Refusal
from gatepost.ledger.actions import Actor, record
from gatepost.ledger.digest import canonical
from gatepost.lifecycle import advance
from gatepost.networks.handing_over import Never, NotYet, address_problem, deliver
from gatepost.people.authority import require_sign_off
from gatepost.people.models import User
from gatepost.vault import VaultError, lock

NOT_CONNECTED = "This system is no longer connected."
NOT_KEPT = "What was to be handed over is no longer kept. Hand the case over again."


class HandOverError(Refusal):
    """A case is not handed over; the message says why and what to do."""


class NotTaken(Exception):
    """The other system did not take it this time; the job tries again."""


@transaction.atomic
def connect_receiver(
    *, title: str, url: str, by: User, at: datetime, allow_private: bool = False, details: bool = False
) -> tuple[Receiver, str]:
    """Somebody who signs off names a system that cases may be handed over to. Returns it with the secret that both
    sides share, which is shown this once. `details`: it is given the personal details."""
    require_sign_off(by, at)
    title, url = " ".join(title.split())[:120], url.strip()
    if not title:
        raise HandOverError("Give the system a name.", "title")
    if len(url) > 400:
        raise HandOverError("This address is longer than 400 characters.", "url")
    if problem := address_problem(url, allow_private=allow_private):
        raise HandOverError(problem, "url")
    key = secrets.token_urlsafe(32)
    made = Receiver.objects.create(
        title=title,
        url=url,
        secret=lock({"key": key}, settings.DATA),
        allow_private=allow_private,
        details=details,
        made_by=by,
        at=at,
    )
    record(
        "receiver.connected",
        f"receiver:{made.pk}",
        by=by,
        at=at,
        clauses=["desk:personal_data"],
        detail={"details": details},
    )
    return made, key


@transaction.atomic
def end_receiver(receiver: Receiver, *, by: User, at: datetime) -> None:
    """Nothing more goes there; the shared secret is forgotten."""
    require_sign_off(by, at)
    if Receiver.objects.filter(pk=receiver.pk, ended_at=None).update(ended_at=at, ended_by=by, secret=b""):
        record("receiver.ended", f"receiver:{receiver.pk}", by=by, at=at)


def receivers() -> list[Receiver]:
    """The systems that are connected now."""
    return list(Receiver.objects.filter(ended_at=None).order_by("title", "pk"))


@transaction.atomic
def hand_over(case: Case, receiver: Receiver, *, by: User, at: datetime) -> HandOver:
    """Hands a case over as it stands. It leaves by a job of the same transaction and is tried again for two days."""
    row = Receiver.objects.filter(pk=receiver.pk, ended_at=None).first()
    if row is None:
        raise HandOverError(NOT_CONNECTED)
    because = f"Handed over to {row.title}" if row.details else ""
    body = canonical(bundle_of(case, by=by, at=at, details_because=because))
    sha256 = hashlib.sha256(body).hexdigest()
    if HandOver.objects.filter(case=case, receiver=row, state__in=("queued", "failed")).exists():
        raise HandOverError(f"This case is on its way to {row.title} already.")
    made = HandOver.objects.create(case=case, receiver=row, body=body.decode("utf-8"), sha256=sha256, by=by, at=at)
    detail = {"receiver": row.pk, "sha256": sha256, "handover": made.pk}
    record("case.handed_over", case.subject, by=by, at=at, clauses=["desk:personal_data"], detail=detail)
    jobs.enqueue(jobs.Job.HAND_OVER, handover=made.pk)
    return made


@transaction.atomic
def again(handover: HandOver, *, by: User, at: datetime) -> None:
    """Tries a hand-over that was refused once more, when the other side has been mended."""
    require_may_write(by, handover.case.message.channel, at)
    if not Receiver.objects.filter(pk=handover.receiver_id, ended_at=None).exists():
        raise HandOverError(NOT_CONNECTED)
    if not handover.body:
        raise HandOverError(NOT_KEPT)
    advance(handover, "again", by=by, at=at, says="")
    jobs.enqueue(jobs.Job.HAND_OVER, handover=handover.pk)


def send(handover: HandOver, *, by: Actor, at: datetime) -> None:
    """One try, with no transaction open while it talks. Raises NotTaken, so that the job comes again."""
    if handover.state not in ("queued", "failed"):
        return
    receiver = handover.receiver
    if receiver.ended_at is not None:
        advance(handover, "refused", by=by, at=at, says=NOT_CONNECTED, body="")
        return
    if not handover.body:  # the person was erased meanwhile: there is nothing left to tell
        advance(handover, "refused", by=by, at=at, says=NOT_KEPT)
        return
    try:
        key = receiver.key()
    except VaultError as error:
        advance(handover, "refused", by=by, at=at, says=str(error)[:400])
        return
    answer = deliver(
        receiver.url,
        handover.body.encode("utf-8"),
        secret=key,
        delivery=f"{handover.pk}-{handover.sha256[:16]}",
        seconds=int(at.timestamp()),
        allow_private=receiver.allow_private,
    )
    tries = handover.tries + 1
    if isinstance(answer, NotYet):
        says = f"{answer.reason} It is tried again."[:400]
        advance(handover, "failed", by=by, at=at, says=says, tries=tries)
        raise NotTaken(answer.reason)
    if isinstance(answer, Never):
        advance(handover, "refused", by=by, at=at, says=answer.reason[:400], tries=tries)
        return
    detail = {"sha256": handover.sha256}
    advance(handover, "sent", by=by, at=at, detail=detail, sent_at=at, says="", tries=tries, body="")
