"""Bundles of cases and handing them over to other systems, by name."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from gatepost.calls.asked import Asked, Id, Nothing, Short
from gatepost.calls.casework import one_case
from gatepost.calls.found import numbered
from gatepost.channels.actions import require_reader
from gatepost.inbox import handovers
from gatepost.inbox.bundle_html import html_of
from gatepost.inbox.bundle_pdf import pdf_of
from gatepost.inbox.bundles import bundle_of
from gatepost.inbox.models import HandOver, Receiver
from gatepost.ledger.digest import canonical
from gatepost.people.models import User


class CaseBundle(Asked):
    """`details_because`: why the personal details are needed; without it they are left out. `pdf`, `html`: also as
    PDF, or as a web page that a screen reader can go by."""

    case: Id
    details_because: Annotated[str, Field(max_length=300)] = ""
    pdf: bool = False
    html: bool = False


class BundleOut(BaseModel):
    """`pdf` is base64, `html` a whole page; `sha256` is the digest of the bundle as canonical JSON."""

    bundle: dict[str, Any]
    sha256: str
    pdf: str = ""
    html: str = ""


class ReceiverConnect(Asked):
    """`details`: the other system is given personal details. Whoever signs off may do this."""

    title: Annotated[str, Field(max_length=120)]
    url: Short
    allow_private: bool = False
    details: bool = False


class ReceiverAsked(Asked):
    receiver: Id


class CaseHandOver(Asked):
    case: Id
    receiver: Id


class HandOverAsked(Asked):
    handover: Id


class ReceiverOut(BaseModel):
    """`secret` is told once, when it is connected."""

    id: int
    title: str
    url: str
    details: bool
    ended: bool
    secret: str = ""


class ReceiversOut(BaseModel):
    receivers: list[ReceiverOut]


class HandOverOut(BaseModel):
    id: int
    case: int
    receiver: int
    state: str
    sha256: str
    tries: int
    says: str
    sent_at: datetime | None


def _receiver(pk: int) -> Receiver:
    return numbered(Receiver.objects.all(), pk, "receiver")


def _receiver_out(row: Receiver, secret: str = "") -> ReceiverOut:
    ended = row.ended_at is not None
    return ReceiverOut(id=row.pk, title=row.title, url=row.url, details=row.details, ended=ended, secret=secret)


def _handover_out(row: HandOver) -> HandOverOut:
    return HandOverOut(
        id=row.pk,
        case=row.case_id,
        receiver=row.receiver_id,
        state=row.state,
        sha256=row.sha256,
        tries=row.tries,
        says=row.says,
        sent_at=row.sent_at,
    )


def case_bundle(wish: CaseBundle, *, by: User, at: datetime) -> BundleOut:
    made = bundle_of(one_case(wish.case, by, at), by=by, at=at, details_because=wish.details_because)
    sha256 = hashlib.sha256(canonical(made)).hexdigest()
    return BundleOut(
        bundle=made,
        sha256=sha256,
        pdf=base64.b64encode(pdf_of(made, sha256)).decode() if wish.pdf else "",
        html=html_of(made, sha256).decode() if wish.html else "",
    )


def receivers_list(wish: Nothing, *, by: User, at: datetime) -> ReceiversOut:
    require_reader(by, at)
    return ReceiversOut(receivers=[_receiver_out(row) for row in handovers.receivers()])


def receiver_connect(wish: ReceiverConnect, *, by: User, at: datetime) -> ReceiverOut:
    row, secret = handovers.connect_receiver(
        title=wish.title, url=wish.url, by=by, at=at, allow_private=wish.allow_private, details=wish.details
    )
    return _receiver_out(row, secret)


def receiver_end(wish: ReceiverAsked, *, by: User, at: datetime) -> ReceiverOut:
    row = _receiver(wish.receiver)
    handovers.end_receiver(row, by=by, at=at)
    return _receiver_out(_receiver(wish.receiver))


def case_hand_over(wish: CaseHandOver, *, by: User, at: datetime) -> HandOverOut:
    case = one_case(wish.case, by, at)
    return _handover_out(handovers.hand_over(case, _receiver(wish.receiver), by=by, at=at))


def handover_again(wish: HandOverAsked, *, by: User, at: datetime) -> HandOverOut:
    row = numbered(HandOver.objects.select_related("case__message__channel"), wish.handover, "hand-over")
    handovers.again(row, by=by, at=at)
    return _handover_out(row)


Row = tuple[type[Asked], Callable[..., BaseModel], type[BaseModel], str]
HANDING: dict[str, Row] = {
    "case.bundle": (CaseBundle, case_bundle, BundleOut, "Everything about a case in one piece, also as PDF"),
    "case.hand_over": (CaseHandOver, case_hand_over, HandOverOut, "Hand a case over to another system"),
    "handover.again": (HandOverAsked, handover_again, HandOverOut, "Try a refused hand-over once more"),
    "receivers.list": (Nothing, receivers_list, ReceiversOut, "Systems that cases may be handed over to"),
    "receiver.connect": (ReceiverConnect, receiver_connect, ReceiverOut, "Name a system cases may be handed over to"),
    "receiver.end": (ReceiverAsked, receiver_end, ReceiverOut, "Hand nothing over to a system any more"),
}
