"""The changes a form can make to a pack, as data. What they hold is checked by loading the pack that comes of them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from gatepost.policy.model import Links, Moderation, Severity
from gatepost.policy.shape import Id

Name = Annotated[str, Field(max_length=80)]
Long = Annotated[str, Field(max_length=20_000)]
Value = Annotated[str, Field(max_length=5_000)] | bool | int | float
Names = Annotated[list[Name], Field(max_length=200)]
Table = Literal["wording", "role", "department", "clock", "measure", "risk"]
Thing = Literal[
    "wording", "role", "department", "clock", "measure", "risk", "law", "rule", "example", "chain", "clause"
]


class _Change(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AwayRow(_Change):
    """Days on which a holder is away, first and last included."""

    starts: date
    ends: date


class SetEntry(_Change):
    """Fields of one entry of a table; a new one when there is none of this id. An empty text takes a
    field out. `follow`: examples that quote a wording's old words quote the new ones. `away` of a role or department,
    `hours` of a department as in SetHours: in full, empty takes them out, None leaves them."""

    do: Literal["entry"] = "entry"
    table: Table
    id: Id
    fields: Annotated[dict[Name, Value], Field(max_length=30)]
    follow: bool = True
    away: Annotated[list[AwayRow], Field(max_length=50)] | None = None
    hours: Annotated[dict[Name, tuple[Name, Name]], Field(max_length=7)] | None = None


class TakeOut(_Change):
    """Takes one thing out, with what names it: in rules, in what puts clauses into practice, in examples."""

    do: Literal["take_out"] = "take_out"
    table: Thing
    id: Name


class SetThresholds(_Change):
    """From which probability a label counts as read."""

    do: Literal["thresholds"] = "thresholds"
    values: Annotated[dict[Name, float], Field(max_length=60)]


class SetFigures(_Change):
    """Figures of the checks on what goes out, by their names in checks.toml."""

    do: Literal["figures"] = "figures"
    values: Annotated[dict[Name, int | float], Field(max_length=60)]


class SetPowers(_Change):
    """What checks.toml says in words. `private_reply`: the clause that lets one private message answer a public
    comment; "" takes the power away. What is None stays."""

    do: Literal["powers"] = "powers"
    private_reply: Name | None = None
    links: Links | None = None
    lines: Severity | None = None


class BannedRow(_Change):
    word: Annotated[str, Field(max_length=300)]
    instead: Annotated[str, Field(max_length=300)] = ""
    severity: Severity = "stop"


class SetBanned(_Change):
    """The words and lines that may not go out, in full."""

    do: Literal["banned"] = "banned"
    rows: Annotated[list[BannedRow], Field(max_length=2_000)]


class SetWords(_Change):
    """One list of words.toml in full; `name` as lists() gives it. Pairs are written "term = meaning"."""

    do: Literal["words"] = "words"
    name: Name
    entries: Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=20_000)]


class Nested(_Change):
    """Conditions as they stand in rules.toml: at least one of `any` must hold, none of `none` may. Empty: no such
    condition."""

    any: Annotated[list[dict[Name, Any]], Field(max_length=20)] = []
    none: Annotated[list[dict[Name, Any]], Field(max_length=20)] = []


class RuleWhen(_Change):
    """The part of a condition a form shows. What is left out is taken out; "all" stays as it is, and "any" and "not"
    when there is no `nested`."""

    label: Name | None = None
    at_least: float | None = None
    network: Names | None = None
    private: bool | None = None
    language: Names | None = None
    sentiment: Name | None = None
    urgent: bool | None = None
    topic: Names | None = None
    author: Names | None = None
    audience: Names | None = None
    hours: Name | None = None
    history: Annotated[dict[Name, int], Field(max_length=2)] | None = None
    period: Names | None = None
    nested: Nested | None = None


class RuleThen(_Change):
    """What follows, in full."""

    offer: Names = []
    refer: Names = []
    clocks: Names = []
    advice: Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=20)] = []
    moderate: Moderation = "none"
    mask: bool = False
    answer: bool = True
    urgent: bool = False
    withhold: bool = False
    second_look: bool = False
    hand_over: bool = False


class SetRule(_Change):
    """One rule; a new one when there is none of this id."""

    do: Literal["rule"] = "rule"
    id: Id
    title: Annotated[str, Field(max_length=300)] = ""
    clause: Name
    priority: int
    when: RuleWhen
    then: RuleThen


class SetClause(_Change):
    """Of what kind a clause is, what it is about, and a remark beside it; `text`: its words in the document, None
    leaves them. A new clause when there is none of this id: it comes after the last whose id begins so ("usage.10"
    after usage.9), else into a section of its own at the end, called `under`."""

    do: Literal["clause"] = "clause"
    id: Name
    kind: Name
    about: Name = ""
    gloss: Annotated[str, Field(max_length=2_000)] = ""
    text: Long | None = None
    under: Annotated[str, Field(max_length=200)] = ""


class TakeUp(_Change):
    """Puts in a clause that most policies have, in the words that lint suggests; `suggestion`: the finding's
    `suggests`."""

    do: Literal["take_up"] = "take_up"
    suggestion: Name


class SetExample(_Change):
    """One example; a new one when there is none of this id. `expect`: None leaves what must come of it."""

    do: Literal["example"] = "example"
    id: Id
    text: Long
    clauses: Names = []
    expect: Annotated[dict[Name, Any], Field(max_length=30)] | None = None


class SetAbout(_Change):
    """What the pack says of itself."""

    do: Literal["about"] = "about"
    title: Annotated[str, Field(max_length=300)]
    version: Annotated[str, Field(max_length=300)]
    organisation: Annotated[str, Field(max_length=300)]
    short_name: Annotated[str, Field(max_length=300)]


class SetHours(_Change):
    """When the organisation works. `week`: a day in English to its two times ("09:00"); a day left out is closed."""

    do: Literal["hours"] = "hours"
    timezone: Name
    nation: Name
    week: Annotated[dict[Name, tuple[Name, Name]], Field(max_length=7)]


class CadenceRow(_Change):
    """Posts a week on one network; 0: no such limit."""

    network: Name
    at_least: int = 0
    at_most: int = 0
    minutes_apart: int = 0


class DayRow(_Change):
    on: Name
    title: Annotated[str, Field(max_length=300)]
    source: Annotated[str, Field(max_length=300)]


class SetCalendar(_Change):
    """How often each network is written on, and the organisation's own days, both in full."""

    do: Literal["calendar"] = "calendar"
    cadence: Annotated[list[CadenceRow], Field(max_length=30)]
    days: Annotated[list[DayRow], Field(max_length=200)]


class StepRow(_Change):
    title: Annotated[str, Field(max_length=300)]
    roles: Names = []
    all: bool = False
    count: int = 1
    outside: bool = False
    passkey: bool = False


class SetChain(_Change):
    """One chain of sign-off with its steps; a new one when there is none of this id, put in before the chain `before`,
    or at the end: the first chain that fits is taken."""

    do: Literal["chain"] = "chain"
    id: Id
    title: Annotated[str, Field(max_length=300)]
    clause: Name
    kinds: Names = []
    post_kinds: Names = []
    networks: Names = []
    hours: Name = ""
    crisis: bool | None = None
    standing: bool = True
    steps: Annotated[list[StepRow], Field(max_length=9)]
    before: Name = ""


class SetWaiting(_Change):
    """When somebody is reminded of what waits for a sign-off, and when it is at an end."""

    do: Literal["waiting"] = "waiting"
    values: Annotated[dict[Name, int], Field(max_length=10)]
    escalate_to: Names = []


Change = Annotated[
    SetEntry
    | TakeOut
    | SetThresholds
    | SetFigures
    | SetPowers
    | SetBanned
    | SetWords
    | SetRule
    | SetClause
    | TakeUp
    | SetExample
    | SetAbout
    | SetHours
    | SetCalendar
    | SetChain
    | SetWaiting,
    Field(discriminator="do"),
]
_ADAPTER: TypeAdapter[Change] = TypeAdapter(Change)


def parse_change(data: Any) -> Change:
    """A change from its plain form. Raises pydantic.ValidationError."""
    return _ADAPTER.validate_python(data)
