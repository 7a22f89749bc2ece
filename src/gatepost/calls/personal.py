"""People's data by name: looking for somebody, requests, erasing, legal holds, periods, papers, looks at details."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from gatepost.calls.asked import Asked, Id, Nothing, Short
from gatepost.channels.actions import require_reader
from gatepost.inbox import actions as inbox
from gatepost.inbox.models import Contact, Message
from gatepost.inbox.personal import bundle, holds, processing, requests, retention
from gatepost.inbox.personal.covering import covered
from gatepost.inbox.personal.officer import PersonalError, require_officer
from gatepost.inbox.personal_models import LegalHold, PersonRequest
from gatepost.people.models import User

Known = Annotated[str, Field(max_length=200)]
Choice = Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=1000)]
Numbers = Annotated[list[Id], Field(max_length=200)]


class Person(Asked):
    """What somebody is known by; give what you have."""

    account: Known = ""
    name: Known = ""
    number: Known = ""
    email: Known = ""

    def known(self) -> dict[str, str]:
        return {"account": self.account, "name": self.name, "number": self.number, "email": self.email}


class RequestOpen(Person):
    """`contacts` and `mentions` as `person.find` tells them."""

    kind: Literal["access", "erasure"]
    received_on: date
    identity: Short = ""
    contacts: Numbers = []
    mentions: Choice = []


class RequestGet(Asked):
    request: Id


class RequestChoose(RequestGet):
    contacts: Numbers
    mentions: Choice = []
    identity: Short | None = None


class RequestErase(RequestGet):
    """`sure` must be true: it cannot be undone."""

    keep_evidence: bool = True
    sure: bool = False


class RequestClose(RequestGet):
    because: Short


class HoldMake(Asked):
    """One of the three. `kind`: "everything", "messages", "evidence", or a label."""

    reason: Short
    contact: Id | None = None
    message: Id | None = None
    kind: Annotated[str, Field(max_length=40)] = ""


class HoldEnd(Asked):
    hold: Id
    because: Short


class Agree(Asked):
    """`digest` as `retention.preview` tells it: you agree to exactly these periods."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class PaperGet(Asked):
    kind: Literal["processing", "dpia"]


class MessageReveal(Asked):
    """`reason` is kept with your name."""

    message: Id
    reason: Annotated[str, Field(max_length=300)]


class AccountOut(BaseModel):
    contact: int
    network: str
    name: str
    handle: str
    messages: int
    why: list[str]


class MentionOut(BaseModel):
    """`text` with details of people left out; `key` is what a request takes."""

    key: str
    place: str
    message: int | None
    why: str
    text: str


class ElsewhereOut(BaseModel):
    place: str
    count: int
    what_to_do: str


class FoundOut(BaseModel):
    accounts: list[AccountOut]
    mentions: list[MentionOut]
    elsewhere: list[ElsewhereOut]
    cut: bool
    asked_before: list[int]


class RequestOut(BaseModel):
    id: int
    kind: str
    state: str
    received_on: date
    answer_by: datetime
    contacts: list[int]
    mentions: list[str]
    identified: bool
    says: str


class RequestsOut(BaseModel):
    requests: list[RequestOut]


class DataOut(BaseModel):
    """What the file holds, as data; the ZIP comes from the screen or from `gatepost data export`."""

    data: dict[str, Any]


class LegalHoldOut(BaseModel):
    id: int
    contact: int | None
    message: int | None
    kind: str
    reason: str
    at: datetime
    ended_at: datetime | None


class LegalHoldsOut(BaseModel):
    holds: list[LegalHoldOut]


class DueOut(BaseModel):
    kind: str
    title: str
    period: str
    clause: str
    due: int
    oldest: datetime | None
    still_open: int
    on_hold: int


class KeepingOut(BaseModel):
    digest: str
    agreed: bool
    kinds: list[DueOut]
    not_read: list[str]


class PaperOut(BaseModel):
    kind: str
    title: str
    open_questions: int
    markdown: str


class RevealedOut(BaseModel):
    """The words of the message, details and all, for you, until then."""

    message: int
    text: str
    until: datetime


def _request(pk: int) -> PersonRequest:
    found = PersonRequest.objects.filter(pk=pk).first()
    if found is None:
        raise PersonalError(f"There is no request {pk} on this desk.")
    return found


def _request_out(one: PersonRequest) -> RequestOut:
    return RequestOut(
        id=one.pk,
        kind=one.kind,
        state=one.state,
        received_on=one.received_on,
        answer_by=one.answer_by,
        contacts=one.contacts,
        mentions=one.mentions,
        identified=bool(one.identity),
        says=one.says,
    )


def person_find(wish: Person, *, by: User, at: datetime) -> FoundOut:
    found = requests.look_for(wish.known(), by=by, at=at)
    return FoundOut(
        accounts=[
            AccountOut(
                contact=one.contact.pk,
                network=one.contact.network,
                name=one.contact.name,
                handle=one.contact.handle,
                messages=one.messages,
                why=list(one.why),
            )
            for one in found.accounts
        ],
        mentions=[
            MentionOut(key=one.key, place=one.place, message=one.message, why=one.why, text=one.text)
            for one in found.mentions
        ],
        elsewhere=[
            ElsewhereOut(place=one.place, count=one.count, what_to_do=one.what_to_do) for one in found.elsewhere
        ],
        cut=found.cut,
        asked_before=[one.pk for one in found.before],
    )


def request_open(wish: RequestOpen, *, by: User, at: datetime) -> RequestOut:
    made = requests.ask(
        kind=wish.kind,
        known_by=wish.known(),
        identity=wish.identity,
        received_on=wish.received_on,
        contacts=wish.contacts,
        mentions=wish.mentions,
        by=by,
        at=at,
    )
    return _request_out(made)


def requests_list(wish: Nothing, *, by: User, at: datetime) -> RequestsOut:
    require_officer(by, at)
    return RequestsOut(requests=[_request_out(one) for one in requests.waiting(at=at)])


def request_choose(wish: RequestChoose, *, by: User, at: datetime) -> RequestOut:
    found = _request(wish.request)
    made = requests.choose(found, contacts=wish.contacts, mentions=wish.mentions, identity=wish.identity, by=by, at=at)
    return _request_out(made)


def request_data(wish: RequestGet, *, by: User, at: datetime) -> DataOut:
    request = _request(wish.request)
    bundle.hand_over(request, by=by, at=at)
    return DataOut(data=bundle.data_of(request, at=at))


def request_erase(wish: RequestErase, *, by: User, at: datetime) -> RequestOut:
    found = _request(wish.request)
    return _request_out(requests.erase(found, keep_evidence=wish.keep_evidence, sure=wish.sure, by=by, at=at))


def request_close(wish: RequestClose, *, by: User, at: datetime) -> RequestOut:
    return _request_out(requests.close(_request(wish.request), because=wish.because, by=by, at=at))


def _hold_out(one: LegalHold) -> LegalHoldOut:
    return LegalHoldOut(
        id=one.pk,
        contact=one.contact_id,
        message=one.message_id,
        kind=one.kind,
        reason=covered(one.reason),
        at=one.at,
        ended_at=one.ended_at,
    )


def legal_holds(wish: Nothing, *, by: User, at: datetime) -> LegalHoldsOut:
    require_officer(by, at)
    return LegalHoldsOut(holds=[_hold_out(one) for one in holds.in_force()])


def legal_hold_make(wish: HoldMake, *, by: User, at: datetime) -> LegalHoldOut:
    require_officer(by, at)
    contact = Contact.objects.filter(pk=wish.contact).first() if wish.contact else None
    message = Message.objects.filter(pk=wish.message).first() if wish.message else None
    if (wish.contact and contact is None) or (wish.message and message is None):
        raise PersonalError("There is no such account, or no such message, on this desk.")
    return _hold_out(holds.make(reason=wish.reason, contact=contact, message=message, kind=wish.kind, by=by, at=at))


def legal_hold_end(wish: HoldEnd, *, by: User, at: datetime) -> LegalHoldOut:
    found = LegalHold.objects.filter(pk=wish.hold).first()
    if found is None:
        raise PersonalError(f"There is no legal hold {wish.hold} on this desk.")
    holds.end(found, because=wish.because, by=by, at=at)
    found.refresh_from_db()
    return _hold_out(found)


def _keeping(at: datetime) -> KeepingOut:
    told = retention.preview(at=at)
    return KeepingOut(
        digest=told.schedule.digest,
        agreed=told.agreed,
        kinds=[
            DueOut(
                kind=one.keeping.kind,
                title=one.keeping.title,
                period=one.keeping.said,
                clause=one.keeping.clause,
                due=one.count,
                oldest=one.oldest,
                still_open=one.still_open,
                on_hold=one.on_hold,
            )
            for one in told.due
        ],
        not_read=[f"{one.text}: {one.why}" for one in told.schedule.not_read],
    )


def retention_preview(wish: Nothing, *, by: User, at: datetime) -> KeepingOut:
    require_officer(by, at)
    return _keeping(at)


def retention_agree(wish: Agree, *, by: User, at: datetime) -> KeepingOut:
    retention.agree(digest=wish.digest, by=by, at=at)
    return _keeping(at)


def retention_stop(wish: Nothing, *, by: User, at: datetime) -> KeepingOut:
    retention.stop(by=by, at=at)
    return _keeping(at)


def paper_get(wish: PaperGet, *, by: User, at: datetime) -> PaperOut:
    require_officer(by, at)
    made = processing.paper(wish.kind, at=at)
    return PaperOut(
        kind=made.kind, title=made.title, open_questions=made.open_questions, markdown=processing.as_markdown(made)
    )


def message_reveal(wish: MessageReveal, *, by: User, at: datetime) -> RevealedOut:
    require_reader(by, at)
    message = Message.objects.filter(pk=wish.message).select_related("channel").first()
    if message is None:
        raise inbox.InboxError(f"There is no message {wish.message} on this desk. Look at its number again.")
    made = inbox.reveal(message, reason=wish.reason, by=by, at=at)
    return RevealedOut(message=message.pk, text=message.text, until=made.until)


Row = tuple[type[Asked], Callable[..., BaseModel], type[BaseModel], str]

PERSONAL: dict[str, Row] = {
    "message.reveal": (MessageReveal, message_reveal, RevealedOut, "See the masked details of a message, for a reason"),
    "person.find": (Person, person_find, FoundOut, "Everything held about somebody outside"),
    "person_requests.list": (Nothing, requests_list, RequestsOut, "Requests about one's own data that wait"),
    "person_request.open": (RequestOpen, request_open, RequestOut, "Somebody asks what is held, or to erase it"),
    "person_request.choose": (RequestChoose, request_choose, RequestOut, "Which accounts and mentions belong to it"),
    "person_request.data": (RequestGet, request_data, DataOut, "What is handed over, others left out"),
    "person_request.erase": (RequestErase, request_erase, RequestOut, "Erase what the person wrote"),
    "person_request.close": (RequestClose, request_close, RequestOut, "End a request otherwise"),
    "legal_holds.list": (Nothing, legal_holds, LegalHoldsOut, "What must not be deleted"),
    "legal_hold.make": (HoldMake, legal_hold_make, LegalHoldOut, "Keep something from being deleted"),
    "legal_hold.end": (HoldEnd, legal_hold_end, LegalHoldOut, "It need not be kept any more"),
    "retention.preview": (Nothing, retention_preview, KeepingOut, "What the policy's periods would delete now"),
    "retention.agree": (Agree, retention_agree, KeepingOut, "Carry these periods out from now on"),
    "retention.stop": (Nothing, retention_stop, KeepingOut, "Delete nothing by its time any more"),
    "paper.get": (PaperGet, paper_get, PaperOut, "Record of processing, or impact assessment"),
}
