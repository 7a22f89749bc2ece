"""How the person on duty is reached away from the desk, by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from gatepost.calls.asked import Asked, Id, Nothing, Short
from gatepost.calls.found import one_of
from gatepost.channels.actions import require_reader
from gatepost.inbox import calling
from gatepost.inbox.models import AlarmCall, CallLine
from gatepost.networks.calling import LONGEST, USUAL
from gatepost.people.models import User


class LineConnect(Asked):
    """A service that rings or texts. `template` is what it is sent, with {{to}} for the number and {{text}} for what is
    said; also {{link}}, {{alarm}}, {{kind}}. `authorisation`: the header it asks for. Whoever signs off may do this."""

    title: Annotated[str, Field(max_length=120)]
    url: Short
    first: Annotated[str, Field(max_length=60)]
    deputy: Annotated[str, Field(max_length=60)] = ""
    template: Annotated[str, Field(max_length=LONGEST)] = USUAL
    form: Literal["json", "form"] = "json"
    authorisation: Annotated[str, Field(max_length=1000)] = ""
    allow_private: bool = False
    at_night_only: bool = False
    every: Annotated[int, Field(ge=1, le=60)] = 5
    deputy_after: Annotated[int, Field(ge=1, le=240)] = 15


class LineAsked(Asked):
    line: Id


class LineOut(BaseModel):
    """Numbers and keys are not told, nor address and body, which may hold one. `key` only when it is connected."""

    id: int
    title: str
    host: str
    form: str
    at_night_only: bool
    has_deputy: bool
    every: int
    deputy_after: int
    at: datetime
    ended_at: datetime | None
    key: str = ""


class LinesOut(BaseModel):
    lines: list[LineOut]


class CallOut(BaseModel):
    id: int
    line: int
    message: int | None
    who: str
    at: datetime
    tries: int
    taken_at: datetime | None
    ended_at: datetime | None
    says: str


class CallsOut(BaseModel):
    calls: list[CallOut]


def _line(one: CallLine, key: str = "") -> LineOut:
    return LineOut(
        id=one.pk,
        title=one.title,
        host=one.host,
        form=one.form,
        at_night_only=one.at_night_only,
        has_deputy=one.has_deputy,
        every=one.every,
        deputy_after=one.deputy_after,
        at=one.at,
        ended_at=one.ended_at,
        key=key,
    )


def _call(one: AlarmCall) -> CallOut:
    return CallOut(
        id=one.pk,
        line=one.line_id,
        message=one.alarm.message_id if one.alarm else None,
        who=one.who,
        at=one.at,
        tries=one.tries,
        taken_at=one.taken_at,
        ended_at=one.ended_at,
        says=one.says,
    )


def _found(number: int) -> CallLine:
    return one_of(CallLine.objects.filter(pk=number), f"There is no on-call line {number} on this desk.")


def lines_list(wish: Nothing, *, by: User, at: datetime) -> LinesOut:
    require_reader(by, at)
    return LinesOut(lines=[_line(one) for one in calling.lines()])


def line_connect(wish: LineConnect, *, by: User, at: datetime) -> LineOut:
    made, key = calling.connect_line(calling.Line(**wish.model_dump()), by=by, at=at)
    return _line(made, key)


def line_end(wish: LineAsked, *, by: User, at: datetime) -> LineOut:
    calling.end_line(_found(wish.line), by=by, at=at)
    return _line(_found(wish.line))


def line_try(wish: LineAsked, *, by: User, at: datetime) -> CallOut:
    return _call(calling.try_line(_found(wish.line), by=by, at=at))


def calls_list(wish: Nothing, *, by: User, at: datetime) -> CallsOut:
    require_reader(by, at)
    return CallsOut(calls=[_call(one) for one in AlarmCall.objects.select_related("alarm").order_by("-pk")[:100]])


Row = tuple[type[Asked], Callable[..., BaseModel], type[BaseModel], str]
ON_CALL: dict[str, Row] = {
    "on_call.lines": (Nothing, lines_list, LinesOut, "Services that ring or text whoever is on call"),
    "on_call.connect": (LineConnect, line_connect, LineOut, "Connect a service that rings or texts"),
    "on_call.end": (LineAsked, line_end, LineOut, "Nothing more goes there"),
    "on_call.try": (LineAsked, line_try, CallOut, "Ring the on-call phone with words that say it is a trial"),
    "on_call.calls": (Nothing, calls_list, CallsOut, "The latest calls and what became of them"),
}
