"""The words of the policy engine as frozen values: what goes in, what a pack holds, what comes out.

Nothing here touches a database, a network or a clock: time is passed in. Offsets are Unicode code points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Literal, NamedTuple

LABELS = (
    "complaint",
    "personal_details",
    "staff_abuse",
    "offensive",
    "hate",
    "media_query",
    "service_request",
    "question",
    "thanks",
    "spam",
    "sar_request",
    "foi_request",
    "safeguarding",
)

Kind = Literal["enforced", "assisted", "measured", "informative"]
Status = Literal["live", "partial", "none"]
Severity = Literal["stop", "ask", "note"]
Moderation = Literal["none", "hide", "remove"]
Links = Literal["plain", "utm", "short"]  # as written, with tags that say where from, or our own short ones
Unit = Literal["hours", "working_hours", "working_days", "days", "weeks", "months", "hours_except_closed_days"]
Every = Literal["", "hour", "day", "week", "month", "quarter", "year"]
Direction = Literal["up", "down", "neither"]
Cell = bool | int | str | date | list[str]
Value = Cell | list[dict[str, Cell]]  # what a clause states: one thing, or rows of a table
Sentiment = Literal["positive", "neutral", "negative"]


# --- what comes in -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing somebody said to or about the organisation."""

    id: str
    text: str
    network: str = ""
    author: str = ""
    private: bool = False  # a private message, not a public comment
    author_kind: str = ""  # "journalist", "councillor"; empty when nobody has said
    audiences: tuple[str, ...] = ()  # ids of the audiences of the pack that its channel is for; empty: not known
    earlier: tuple[int, ...] = ()  # how many whole days ago each earlier message of this writer came, up to 365


@dataclass(frozen=True, slots=True)
class Image:
    """What the checks need to know of a picture; sizes in pixels and bytes."""

    mime: str
    width: int
    height: int
    bytes: int
    alt: str = ""
    sharpness: float | None = None  # variance of the Laplacian of its grey values, 0–255; None: not measured
    text_share: float | None = None  # how much of it is covered by words, 0 to 1; None: not measured
    words: str = ""  # that were read in it
    captions: bool | None = None  # of a film: it has them; None for a still picture, or where nobody has said
    seconds: float | None = None  # of a film
    consent: Literal["", "missing", "expired", "withdrawn", "own"] = (
        ""  # of those shown; "" when nothing is wrong with it
    )

    @property
    def moving(self) -> bool:
        return self.mime.startswith("video/")


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure or a day as a line gives it. Days are ISO: 2026-12-01."""

    what: str  # "flats", "work begins"
    value: str  # "120", "2026-12-01"


@dataclass(frozen=True, slots=True)
class Line:
    """What the organisation says on a topic, as it stands. A text that holds one of `words` is about it."""

    id: str
    topic: str
    words: tuple[str, ...]
    text: str
    figures: tuple[Stated, ...] = ()
    dates: tuple[Stated, ...] = ()


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A web address of a draft and why nobody can follow it; `sure` when it is gone rather than slow."""

    url: str
    why: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Outbound:
    """A draft: one variant, for one channel, exactly as it would leave."""

    text: str
    network: str = ""
    kind: str = "post"  # "post" | "reply" | "private" | "wording"
    link: str = ""
    images: tuple[Image, ...] = ()
    answering: Inbound | None = None  # the message a reply answers
    wording: str = ""  # id of the approved wording this is meant to be, unchanged or edited
    person_wrote_first: bool = False  # private replies only
    exchanges: int = 0  # answers of ours already in this thread
    lines: tuple[Line, ...] = ()  # the approved lines in force
    post_kind: str = ""  # id of the pack's kind of post; empty for answers
    aim: str | None = None  # id of the communications aim the post serves; "" names none, None: not known
    leaves: datetime | None = None  # when it is to leave (aware); None: at once
    summoned: bool | None = None  # the person answered named our account or quoted a post of ours; None: not known
    last_private: datetime | None = None  # when the person last wrote to us privately (aware)
    commented: datetime | None = None  # when the public comment was written that this answers privately (aware)
    closed_group: bool = False  # it would appear in a private group
    broken_links: tuple[BrokenLink, ...] = ()  # links that nobody could follow when they were last looked at
    called: str = ""  # the network's name as people write it


@dataclass(frozen=True, slots=True)
class NetworkLimits:
    """What the checks need of a network's limits; 0 means no limit is known. The caller fills it in."""

    text: int
    counted: Literal["characters", "weighted", "graphemes", "mastodon", "threads"] = "characters"
    images: int = 0
    image_bytes: int = 0
    video_bytes: int = 0
    video_seconds: int = 0
    films: bool = True  # films can be sent from here
    film_alone: bool = False  # one film, and nothing beside it
    alt_text: int = 0
    text_bytes: int = 0
    link_in_text: bool = False  # the network has no field for a link: it counts with the text
    summoned_only: bool = False  # answers only to those who named our account or quoted a post of ours
    private_hours: int = 0  # hours after a person's last private message in which we may answer it
    private_reply_days: int = 0  # days after a public comment in which one private message answers it; 0: never

    @classmethod
    def of(cls, known: object) -> NetworkLimits:
        """The figures of the same names, of whatever has them all."""
        return cls(**{one.name: getattr(known, one.name) for one in fields(cls)})


# --- what a text says --------------------------------------------------------------------------------------------


class Span(NamedTuple):
    """Words that gave rise to a label: text[start:end], e.g. label "personal_details", kind "phone"."""

    start: int
    end: int
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the readers found in one text. `labels` holds a probability for every name in LABELS."""

    labels: Mapping[str, float]
    spans: tuple[Span, ...]
    sentiment: Sentiment
    language: str  # ISO 639-1, "und" when it cannot be told
    urgent: bool = False
    topics: tuple[str, ...] = ()
    readers: str = ""  # digest of what the desk has taught the readers; "" for the readers as shipped


# --- what the pack holds -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clause:
    id: str  # its heading in short, and its number
    heading: str  # "Usage guidelines"
    text: str  # quoted as written
    kind: Kind
    number: int = 0  # place in the document
    gloss: str = ""  # what is in force today where the document is out of date; empty otherwise
    about: str = ""  # which of the usual kinds of clause it is: an id of kinds.toml
    says: Mapping[str, Value] = field(default_factory=dict, hash=False)  # what it states, as data
    kept: Mapping[str, str] = field(default_factory=dict, hash=False)  # what no field holds: text that nothing enforces


@dataclass(frozen=True, slots=True)
class Binding:
    """What puts a clause into practice: a rule, check, measure, risk indicator, wording or part of the desk."""

    clause: str
    by: str  # "rule:complaint", "check:tone", "desk:gate"
    status: Status
    reason: str = ""  # why it is only partial


@dataclass(frozen=True, slots=True)
class Wording:
    id: str
    text: str
    clause: str
    title: str
    refers_to: str = ""  # department id: sending it also makes this referral
    as_written: str = ""  # the document's own words where they hold a mistake the pack reports
    humane: bool = False  # written for somebody in danger: may be offered where every other wording is withheld


@dataclass(frozen=True, slots=True)
class Role:
    id: str  # "communications_officer"
    title: str
    holder: str = ""  # name as the policy gives it
    email: str = ""
    deputy: str = ""
    deputy_email: str = ""
    clause: str = ""
    signs_off: bool = False
    approves_staff: bool = False
    away: tuple[tuple[date, date], ...] = ()  # days on which the holder is away, first and last


@dataclass(frozen=True, slots=True)
class Department:
    id: str  # "complaints"
    name: str
    email: str
    clock: str  # id of its answer-by clock
    phone: str = ""
    role: str = ""  # a referral to the holder of a role rather than a team
    clause: str = ""
    contact: str = ""  # whom to ask for
    deputy: str = ""
    deputy_email: str = ""
    away: tuple[tuple[date, date], ...] = ()  # days on which its letters go to the deputy, first and last
    hours: Hours | None = None  # its own, where they differ from the organisation's
    out_of_hours_email: str = ""  # whom an emergency reaches while it is closed
    out_of_hours_phone: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """How much longer a clock may be made, in its own unit, and what that needs."""

    amount: int
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    id: str
    name: str
    amount: int
    unit: Unit
    source: str  # law, code or policy
    starts: str = "received"  # the event it counts from
    clause: str = ""
    version: str = ""  # of the source: two versions of one code may differ
    nation: str = ""  # whose bank holidays count; "UK": those of any of the four nations; empty: those of the pack
    extension: Extension | None = None
    stops: str = ""  # when it stands still
    law: str = ""  # id in statutory.toml, where its figures come from there
    midnight: bool = False  # in days or months: it ends with its last day, not when the organisation closes on it

    @property
    def said(self) -> str:
        """Source and version as one phrase."""
        return f"{self.source} ({self.version})" if self.version else self.source


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours, Monday first: ("09:00", "17:00") or None for a closed day."""

    week: tuple[tuple[str, str] | None, ...]
    timezone: str = "Europe/London"
    nation: str = "ENG"  # ENG, WLS, SCT, NIR: the subdivision of the `holidays` library


@dataclass(frozen=True, slots=True)
class Named:
    """A small thing with an id and a title: an aim, an audience, a kind of post."""

    id: str
    title: str
    clause: str = ""
    hard_to_reach: bool = False


# --- what comes out ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why one rule fired: the leaves of its condition that were true, in words."""

    rule: str
    clause: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """A clock that runs, with the moment it ends (aware, UTC)."""

    id: str
    due: datetime
    clause: str
    source: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom a referral goes: a team, the holder of a role, or the deputy while the holder is away."""

    department: str
    name: str
    email: str
    deputy: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What the policy says of one message. Citing, complete, and the same for ever for the same pack digest."""

    message: str
    pack: str  # digest of the pack
    at: datetime
    reading: Reading
    decided: tuple[str, ...]  # labels over their thresholds
    offers: tuple[str, ...]  # wording ids, in the order of the policy
    refer: tuple[str, ...]  # department ids
    moderate: Moderation
    mask: bool  # personal details to be masked on the desk
    answer: bool  # False: the policy says do not answer
    urgent: bool
    clocks: tuple[Due, ...]
    clauses: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    advice: tuple[str, ...] = ()  # sentences for people, e.g. "Do not deal with this in public."
    second_look: bool = False  # a second person should look before it is answered
    hand_over: bool = False  # the conversation is handed over to whom it is referred to
    steps: tuple[Moderation, ...] = ()  # what may be done on the network, in order: what can be taken back comes first
    addressed: tuple[Addressee, ...] = ()  # to whom each referral goes, in the order of `refer`


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the policy says of a draft. start == end == 0 with an empty `field` means the draft as a whole."""

    check: str
    severity: Severity
    clause: str
    message: str  # what is wrong, in plain English
    mend: str  # how to mend it
    field: str = "text"  # "text", "link", "images.0.alt" …
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    clause: str
    kind: Kind
    status: Status
    by: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """One of the pack's own tests: a message with the decision it must get, or a draft with its findings."""

    id: str
    text: str
    clauses: tuple[str, ...] = ()
    expect: Mapping[str, object] = field(default_factory=dict)
    draft: bool = False
    given: Mapping[str, object] = field(default_factory=dict)  # what else is known: network, private, kind, images …
