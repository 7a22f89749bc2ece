"""The shape of a pack's files. Unknown keys are refused; types are exact, so "5" is not 5."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from gatepost.policy.model import Kind, Links, Moderation, Sentiment, Severity, Status, Unit
from gatepost.policy.schema_approvals import ApprovalsFile
from gatepost.policy.schema_departments import AwayIn, DepartmentsFile
from gatepost.policy.schema_registers import LawFile, MeasuresFile, RisksFile
from gatepost.policy.schema_states import PeriodsFile
from gatepost.policy.shape import ClauseId, Id, Line, MaybeClauseId, Phrase, Share, Strict, Text, WeekIn


class HoursIn(WeekIn):
    timezone: str = "Europe/London"
    nation: Literal["ENG", "WLS", "SCT", "NIR"] = "ENG"


class NamedIn(Strict):
    id: Id
    title: Line
    clause: MaybeClauseId = ""
    hard_to_reach: bool = False


class PackFile(Strict):
    id: Id
    title: Line
    organisation: Line
    short_name: Line
    version: Line
    jurisdiction: Line
    hours: HoursIn
    kind: Literal["", "social_landlord", "council", "almo", "police", "nhs", "university", "charity", "other"] = ""
    aims: list[NamedIn] = []
    audiences: list[NamedIn] = []
    post_kinds: list[NamedIn] = []


Said = bool | int | Annotated[str, Field(max_length=1_000)] | date | list[Line]


class ClauseIn(Strict):
    id: ClauseId
    kind: Kind
    gloss: str = ""
    about: str = ""
    says: dict[Id, Said | list[dict[Id, Said]]] = {}
    kept: dict[Id, Text] = {}


class BindingIn(Strict):
    clause: ClauseId
    by: Line
    status: Status
    reason: str = ""


class ClausesFile(Strict):
    clauses: list[ClauseIn]
    bindings: list[BindingIn] = []


class WordingIn(Strict):
    title: Line
    text: Text
    clause: ClauseId
    refers_to: str = ""
    as_written: str = ""
    humane: bool = False


class WordingsFile(Strict):
    wording: dict[Id, WordingIn]


class RoleIn(Strict):
    title: Line
    holder: str = ""
    email: str = ""
    deputy: str = ""
    deputy_email: str = ""
    clause: MaybeClauseId = ""
    signs_off: bool = False
    approves_staff: bool = False
    away: list[AwayIn] = []


class RolesFile(Strict):
    role: dict[Id, RoleIn]


class ExtensionIn(Strict):
    amount: Annotated[int, Field(ge=1, le=3_650)]
    needs: str = ""


class ClockIn(Strict):
    """Either its own figures, or `law` with the id of a time in statutory.toml, which has them."""

    name: str = ""
    amount: Annotated[int, Field(ge=1, le=3_650)] | None = None
    unit: Unit | None = None
    source: str = ""
    starts: str = ""
    clause: MaybeClauseId = ""
    version: str = ""
    nation: Literal["", "ENG", "WLS", "SCT", "NIR", "UK"] = ""
    extension: ExtensionIn | None = None
    stops: str = ""
    midnight: bool = False
    law: str = ""


class ClocksFile(Strict):
    clock: dict[Id, ClockIn]


class HistoryIn(Strict):
    """This is at least the nth message of its writer within so many days."""

    messages: Annotated[int, Field(ge=2, le=100)]
    days: Annotated[int, Field(ge=1, le=365)] = 30


class When(Strict):
    """A condition. Several keys in one table must all hold."""

    label: str | None = None
    at_least: Share | None = None
    network: list[str] | None = None
    private: bool | None = None
    language: list[str] | None = None
    sentiment: Sentiment | None = None
    urgent: bool | None = None
    topic: list[str] | None = None
    author: list[Literal["journalist", "councillor", "repeat"]] | None = None
    audience: list[str] | None = None
    hours: Literal["inside", "outside"] | None = None
    history: HistoryIn | None = None
    period: list[str] | None = None
    all_of: list[When] | None = Field(default=None, alias="all", min_length=1)
    any_of: list[When] | None = Field(default=None, alias="any", min_length=1)
    negated: When | None = Field(default=None, alias="not")


class Then(Strict):
    """What follows. `withhold`: no wording but a humane one may be offered, whatever other rules say. `second_look`:
    somebody else looks before it is answered. `hand_over`: whom it is referred to carries the conversation on.
    `reversible_first`: what is to be removed is hidden first, where the network can; false for what must go at once.
    """

    offer: list[str] = []
    refer: list[str] = []
    clocks: list[str] = []
    advice: list[Line] = []
    moderate: Moderation = "none"
    mask: bool = False
    answer: bool = True
    urgent: bool = False
    withhold: bool = False
    second_look: bool = False
    hand_over: bool = False
    reversible_first: bool = True


class RuleIn(Strict):
    id: Id
    clause: ClauseId
    priority: Annotated[int, Field(ge=0, le=1_000)]
    when: When
    then: Then
    title: str = ""


class RulesFile(Strict):
    thresholds: dict[str, Share] = {}
    rule: list[RuleIn]


class Banned(Strict):
    word: Line
    instead: str = ""
    severity: Severity = "stop"


class Settings(Strict):
    """checks.toml: the figures and phrases of the outgoing checks; every one has a default."""

    sentence_words: Annotated[int, Field(ge=5, le=200)] = 25
    reading_age: Annotated[int, Field(ge=5, le=25)] = 14
    reading_age_from_words: Annotated[int, Field(ge=20, le=2_000)] = 100
    thread_limit: Annotated[int, Field(ge=1, le=100)] = 3
    emoji: Annotated[int, Field(ge=0, le=100)] = 3
    hashtags: Annotated[int, Field(ge=0, le=100)] = 3
    camel_case_from: Annotated[int, Field(ge=3, le=100)] = 10
    capitals_words: Annotated[int, Field(ge=2, le=100)] = 3
    image_width: Annotated[int, Field(ge=1, le=20_000)] = 600
    image_height: Annotated[int, Field(ge=1, le=20_000)] = 315
    image_bytes: Annotated[int, Field(ge=1_000, le=100_000_000)] = 5_000_000
    image_sharpness: Annotated[float, Field(ge=0.0, le=10_000.0)] = 40.0
    image_longest: Annotated[float, Field(ge=1.0, le=20.0)] = 3.0
    text_in_picture: Share = 0.2
    alt_text: Annotated[int, Field(ge=10, le=10_000)] = 1_000
    offensive: Share = 0.5
    lines: Severity = "ask"
    private_reply: MaybeClauseId = ""  # the clause that lets one private message answer a public comment; "": none does
    links: Links = "plain"
    banned: list[Banned] = []
    personal_issue: list[Phrase] = []
    allegation: list[Phrase] = []
    not_names: list[Line] = []


class CadenceIn(Strict):
    """How often one network is written on. `at_most` and `minutes_apart` may be left out."""

    network: Id
    at_least: Annotated[int, Field(ge=0, le=500)]
    at_most: Annotated[int, Field(ge=0, le=500)] = 0
    minutes_apart: Annotated[int, Field(ge=0, le=10_080)] = 0
    clause: MaybeClauseId = ""


class DayIn(Strict):
    on: Line
    title: Line
    source: Line


class CalendarFile(Strict):
    cadence: list[CadenceIn] = []
    day: list[DayIn] = []


class ImageIn(Strict):
    mime: str = "image/jpeg"
    width: int = 1_200
    height: int = 630
    bytes: int = 200_000
    alt: str = ""
    sharpness: float | None = None
    text_share: Share | None = None
    words: str = ""
    captions: bool | None = None
    seconds: float | None = None
    consent: Literal["", "missing", "expired", "withdrawn"] = ""


class StatedIn(Strict):
    what: str
    value: str


class LineIn(Strict):
    """An approved line, as the desk would hand it to the checks."""

    topic: str
    text: str
    words: list[str] = []
    figures: list[StatedIn] = []
    dates: list[StatedIn] = []


class LimitsIn(Strict):
    """What the network of an example takes; 0: as much as you like."""

    text: int = 0
    counted: Literal["characters", "weighted", "graphemes", "mastodon", "threads"] = "characters"
    images: int = 0
    summoned_only: bool = False
    private_hours: int = 0
    private_reply_days: int = 0
    video_seconds: int = 0


class Given(Strict):
    """What else is known of an example's message or draft."""

    network: str = ""
    private: bool = False
    author_kind: Literal["", "journalist", "councillor"] = ""
    audience: str = ""  # whom the channel is for
    earlier: list[Annotated[int, Field(ge=0, le=365)]] = []
    at: str = ""  # when it came in, as the pack's own country reads it; empty: now
    kind: Literal["post", "reply", "private", "wording"] = "post"
    link: str = ""
    images: list[ImageIn] = []
    answering: str = ""
    wording: str = ""
    person_wrote_first: bool = False
    exchanges: int = 0
    lines: list[LineIn] = []
    post_kind: str = ""
    aim: str | None = None
    summoned: bool | None = None
    hours_since_private: Annotated[int, Field(ge=0, le=10_000)] | None = None
    hours_since_comment: Annotated[int, Field(ge=0, le=10_000)] | None = None  # answered privately
    closed_group: bool = False
    broken_links: list[Annotated[list[Line], Field(min_length=2, max_length=2)]] = []  # address, why it is broken
    limits: LimitsIn | None = None


class Expect(Strict):
    """For messages: the decision. For drafts: checks that must (stop, ask, note) or must not (clear) speak."""

    decided: list[str] | None = None
    not_decided: list[str] | None = None
    offers: list[str] | None = None
    refer: list[str] | None = None
    clocks: list[str] | None = None
    clauses: list[str] | None = None
    not_clauses: list[str] | None = None
    moderate: Moderation | None = None
    mask: bool | None = None
    answer: bool | None = None
    urgent: bool | None = None
    second_look: bool | None = None
    hand_over: bool | None = None
    steps: list[Moderation] | None = None
    deputies: list[str] | None = None
    stop: list[str] | None = None
    ask: list[str] | None = None
    note: list[str] | None = None
    clear: list[str] | None = None
    may_leave: bool | None = None


class ExampleIn(Strict):
    id: Id
    text: Annotated[str, StringConstraints(max_length=20_000)]
    clauses: list[ClauseId] = []
    draft: bool = False
    given: Given = Given()
    expect: Expect


class ExamplesFile(Strict):
    example: list[ExampleIn] = []


FILES: dict[str, type[Strict]] = {
    "pack.toml": PackFile,
    "clauses.toml": ClausesFile,
    "roles.toml": RolesFile,
    "wordings.toml": WordingsFile,
    "departments.toml": DepartmentsFile,
    "clocks.toml": ClocksFile,
    "rules.toml": RulesFile,
    "checks.toml": Settings,
    "measures.toml": MeasuresFile,
    "risks.toml": RisksFile,
    "law.toml": LawFile,
    "examples.toml": ExamplesFile,
    "periods.toml": PeriodsFile,
    "calendar.toml": CalendarFile,
    "approvals.toml": ApprovalsFile,
}
REQUIRED = (
    "pack.toml",
    "policy.md",
    "clauses.toml",
    "roles.toml",
    "wordings.toml",
    "departments.toml",
    "clocks.toml",
    "rules.toml",
    "words.toml",
)


def raw(model: BaseModel) -> dict[str, Any]:
    """A model's set values as plain data."""
    return model.model_dump(exclude_none=True, exclude_unset=True)
