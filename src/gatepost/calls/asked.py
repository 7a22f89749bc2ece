"""What programs may ask: one model for each action's JSON body. Unknown fields are refused by name."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Short = Annotated[str, Field(max_length=400)]
Name = Annotated[str, Field(max_length=80)]
Text = Annotated[str, Field(max_length=70_000)]
Answers = Annotated[dict[Name, Annotated[str, Field(max_length=2000)]], Field(max_length=100)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
MessageState = Literal["new", "answering", "answered", "referred", "done"]


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)


class Nothing(Asked):
    """This action asks for nothing."""


class MessagesList(Asked):
    """Messages, danger first, then the soonest answer-by time. `after` is the `next` of the answer before."""

    state: MessageState = "new"
    channel: Id | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    after: Annotated[str, Field(max_length=80, pattern=r"^([0-2],)?[0-9TZ:.+-]*,[0-9]{1,19}$")] | None = None


class MessageGet(Asked):
    message: Id


class MessageReply(Asked):
    """An approved wording (`text` empty: unchanged) or words of one's own. `by_hand`: signed off like any other, but a
    person says it on the network; then message.said. `privately`: the one private message for a public comment, where
    policy and network allow it: message.private_way says."""

    message: Id
    wording: Name = ""
    text: Text = ""
    answers: Answers = {}
    by_hand: bool = False
    privately: bool = False


class MessageRefer(Asked):
    """`details_because`: why the department needs the personal details; its page then shows them, the e-mail never."""

    message: Id
    department: Name
    note: Annotated[str, Field(max_length=4000)] = ""
    details_because: Annotated[str, Field(max_length=300)] = ""


class MessageModerate(Asked):
    """`more_than`: what makes it more than the lawful speech it looks like, where that was asked."""

    message: Id
    kind: Literal["hide", "remove", "unhide"]
    reason: Short
    clause: Name
    more_than: Annotated[str, Field(max_length=400)] = ""


class MessageClose(Asked):
    message: Id
    because: Annotated[str, Field(max_length=300)]


class MessageCorrect(Asked):
    """`holds`: the message is what `label` says; false: it is not."""

    message: Id
    label: Name
    holds: bool


class CorrectionOut(BaseModel):
    message: int
    label: str
    holds: bool
    read_as: float
    at: datetime


class PictureAsked(Asked):
    """`shape` such as "16:9" cuts it round `focus`, percent from the left and the top; "" leaves it whole. `part` 0: it
    leaves with the post itself; 1: with the first of its further parts."""

    sha256: Digest
    alt: Annotated[str, Field(max_length=2000)] = ""
    shape: Annotated[str, Field(max_length=10)] = ""
    focus: tuple[Annotated[int, Field(ge=0, le=100)], Annotated[int, Field(ge=0, le=100)]] = (50, 50)
    part: Annotated[int, Field(ge=0, le=24)] = 0


class PartAsked(Asked):
    """What follows the post, sent after it and under it. `channel` 0: on each that takes further parts."""

    text: Text
    channel: Annotated[int, Field(ge=0)] = 0


class PostSave(Asked):
    """A new post, or with `post` a change to one; then `version` is the one you began from."""

    post: Id | None = None
    version: Annotated[int, Field(ge=1)] | None = None
    text: Text = ""
    kind: Name
    channels: Annotated[list[Id], Field(max_length=200)] = []
    title: Annotated[str, Field(max_length=200)] = ""
    aim: Name = ""
    audiences: Annotated[list[Name], Field(max_length=50)] = []
    link: Annotated[str, Field(max_length=600)] = ""
    campaign: Id | None = None
    other_channel: Annotated[str, Field(max_length=200)] = ""
    texts: Annotated[dict[Id, Text], Field(max_length=200)] = {}
    pictures: Annotated[list[PictureAsked], Field(max_length=40)] = []
    parts: Annotated[list[PartAsked], Field(max_length=24)] = []
    not_before: AwareDatetime | None = None
    expires_at: AwareDatetime | None = None
    answers: Answers = {}


class PostGet(Asked):
    post: Id


class ActsWaiting(Asked):
    """Acts that wait for a sign-off, the one that must be signed soonest first; then those without a time."""

    limit: Annotated[int, Field(ge=1, le=200)] = 100


class ActDecline(Asked):
    act: UUID
    reason: Short


class ActGet(Asked):
    act: UUID


class HoldEnd(Asked):
    hold: Id


# --- answers -----------------------------------------------------------------------------------------------------


class ClockOut(BaseModel):
    id: str
    due: datetime
    clause: str
    source: str


class MessageOut(BaseModel):
    """Personal details are left out of `text` by name: "(phone number hidden)". Nobody outside is named. `danger`: 2
    somebody may be in danger, 1 it may be an emergency, 0 otherwise and once it has been dealt with."""

    id: int
    channel: int
    conversation: int
    kind: str
    text: str
    state: str
    visibility: str
    private: bool
    urgent: bool
    danger: int
    posted_at: datetime
    received_at: datetime
    due_at: datetime | None
    labels: dict[str, float]
    decided: list[str]
    topics: list[str]
    offers: list[str]
    refer: list[str]
    moderate: str
    steps: list[str]
    answer: bool
    clocks: list[ClockOut]
    clauses: list[str]
    advice: list[str]
    second_look: bool
    hand_over: bool


class MessagesOut(BaseModel):
    messages: list[MessageOut]
    next: str | None = None


class FindingOut(BaseModel):
    check: str
    severity: str
    clause: str
    message: str
    mend: str
    field: str
    start: int
    end: int


class ActOut(BaseModel):
    """An act with exactly what leaves. `words` stand for the digest when people compare it."""

    id: UUID
    kind: str
    channel: int
    author: int
    subject: str
    state: str
    content: dict[str, object]
    digest: str
    words: list[str]
    clauses: list[str]
    reason: str
    findings: list[FindingOut]
    answers: dict[str, str]
    created_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    says: str
    permalink: str
    parts_out: int  # how many of its parts the network has; 0 for what has one part
    delivery: (
        str  # of a private message: "sent", "delivered", "read", "refused", "unconfirmed"; "" before, and in public
    )


class ActsOut(BaseModel):
    acts: list[ActOut]


class ReferralOut(BaseModel):
    """`to`: who was addressed; `stands_in_for`: the holder or department that was away, empty when nobody was."""

    id: int
    message: int
    department: str
    to: str
    stands_in_for: str
    answer_by: datetime
    clause: str
    state: str


class PostOut(BaseModel):
    id: int
    version: int
    kind: str
    aim: str
    audiences: list[str]
    title: str
    text: str
    texts: dict[int, str]
    link: str
    campaign: int | None
    other_channel: str
    pictures: list[PictureAsked]
    parts: list[PartAsked]
    not_before: datetime | None
    expires_at: datetime | None
    withdrawn_at: datetime | None
    answers: dict[str, str]
    findings: dict[int, list[FindingOut]]
    acts: list[ActOut]


class ChannelOut(BaseModel):
    id: int
    network: str
    name: str
    state: str
    practice: bool
    audiences: list[str]
    may_write: bool
    last_read_at: datetime | None
    ill_since: datetime | None
    ill_says: str
    credentials_end: date | None  # the day on which they run out, where somebody said


class ChannelsOut(BaseModel):
    channels: list[ChannelOut]


class CoverageRow(BaseModel):
    clause: str
    kind: str
    status: str
    by: list[str]
    reason: str


class CoverageOut(BaseModel):
    pack: str
    digest: str
    clauses: list[CoverageRow]


class VerifyOut(BaseModel):
    ok: bool
    lines: int
    sealed: int
    says: str
    line: int | None
    seal: int | None
    evidence: int = 0
    evidence_broken: list[str] = []


class ErrorBody(BaseModel):
    what: str
    clause: str = ""
    mend: str = ""
    findings: list[FindingOut] = []


class ErrorOut(BaseModel):
    error: ErrorBody
