"""Cases by name: complaints, hazards, requests for information, with their steps and clocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field

from gatepost.calls.asked import Asked, Id, MessageGet, Name
from gatepost.calls.doing import found_message
from gatepost.calls.found import numbered
from gatepost.channels.actions import require_reader
from gatepost.inbox import cases
from gatepost.inbox.masking import masked
from gatepost.inbox.models import Case
from gatepost.people.models import User
from gatepost.policy.reading import read
from gatepost.rulebook.actions import in_force

Why = Annotated[str, Field(max_length=4_000)]


class CaseOpen(Asked):
    """`kind`: complaint, hazard_emergency, hazard_significant, subject_access, foi, eir, stairs or data_protection.
    `received_at`: where we learnt of it before the message came."""

    message: Id
    kind: Name
    summary: Why = ""
    received_at: AwareDatetime | None = None


class CasesList(Asked):
    """By the soonest clock. `late`: only those with a clock that has ended."""

    state: Literal["open", "closed"] = "open"
    kind: Name = ""
    late: bool = False
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class CaseGet(Asked):
    case: Id


class CaseStepTake(Asked):
    """`happened_at`: when it was done; now when left out."""

    case: Id
    step: Name
    happened_at: AwareDatetime | None = None
    note: Why = ""


class CaseExtend(Asked):
    """`law`: the clock, as case.get names it. `told_at`: when the person was told."""

    case: Id
    law: Name
    because: Why
    told_at: AwareDatetime


class CasePauseAsked(Asked):
    case: Id
    because: Annotated[str, Field(max_length=400)]
    since: AwareDatetime | None = None


class CaseClose(Asked):
    case: Id
    because: Annotated[str, Field(max_length=400)]


class RunningOut(BaseModel):
    law: str
    name: str
    source: str
    started: datetime
    due: datetime
    met_at: datetime | None
    late: bool
    extended: bool
    may_be_extended_by: int | None
    may_stand_still: bool


class CaseOut(BaseModel):
    id: int
    kind: str
    title: str
    message: int
    state: str
    why: str
    received_at: datetime
    next_due: datetime | None
    stands_still: bool
    done: dict[str, datetime]
    next_steps: list[str]
    clocks: list[RunningOut]
    closed_because: str


class CasesOut(BaseModel):
    cases: list[CaseOut]


class SuggestedOut(BaseModel):
    kind: str
    title: str
    why: str


class SuggestionsOut(BaseModel):
    suggested: list[SuggestedOut]


def one_case(pk: int, by: User, at: datetime) -> Case:
    require_reader(by, at)
    return numbered(Case.objects.select_related("message__channel", "message__decision"), pk, "case")


def case_out(case: Case, at: datetime) -> CaseOut:
    case.refresh_from_db()
    return CaseOut(
        id=case.pk,
        kind=case.kind,
        title=case.title,
        message=case.message_id,
        state=case.state,
        why=case.why,
        received_at=case.received_at,
        next_due=case.next_due,
        stands_still=cases.paused(case) is not None,
        done=cases.done_of(case),
        next_steps=[one.id for one in cases.next_steps(case)],
        clocks=[
            RunningOut(
                law=one.law,
                name=one.name,
                source=one.source,
                started=one.started,
                due=one.due,
                met_at=one.met_at,
                late=one.late,
                extended=one.extended,
                may_be_extended_by=one.extension.amount if one.extension else None,
                may_stand_still=one.may_stop,
            )
            for one in cases.clocks(case, at=at)
        ],
        closed_because=masked(case.closed_because, read(case.closed_because, in_force(at).words).spans),
    )


def case_suggest(wish: MessageGet, *, by: User, at: datetime) -> SuggestionsOut:
    rows = cases.suggested(found_message(wish.message, by, at), in_force(at))
    return SuggestionsOut(suggested=[SuggestedOut(kind=one.kind, title=one.title, why=one.why) for one in rows])


def case_open(wish: CaseOpen, *, by: User, at: datetime) -> CaseOut:
    message = found_message(wish.message, by, at)
    made = cases.open_case(message, wish.kind, by=by, at=at, summary=wish.summary, received_at=wish.received_at)
    return case_out(made, at)


def cases_list(wish: CasesList, *, by: User, at: datetime) -> CasesOut:
    require_reader(by, at)
    rows = Case.objects.filter(state=wish.state)
    if wish.kind:
        rows = rows.filter(kind=wish.kind)
    if wish.late:
        rows = rows.filter(next_due__lt=at)
    return CasesOut(
        cases=[case_out(one, at) for one in rows.order_by("-message__danger", "next_due", "pk")[: wish.limit]]
    )


def case_get(wish: CaseGet, *, by: User, at: datetime) -> CaseOut:
    return case_out(one_case(wish.case, by, at), at)


def case_step(wish: CaseStepTake, *, by: User, at: datetime) -> CaseOut:
    case = one_case(wish.case, by, at)
    cases.take_step(case, wish.step, by=by, at=at, happened_at=wish.happened_at, note=wish.note)
    return case_out(case, at)


def case_extend(wish: CaseExtend, *, by: User, at: datetime) -> CaseOut:
    case = one_case(wish.case, by, at)
    cases.extend(case, wish.law, because=wish.because, told_at=wish.told_at, by=by, at=at)
    return case_out(case, at)


def case_pause(wish: CasePauseAsked, *, by: User, at: datetime) -> CaseOut:
    case = one_case(wish.case, by, at)
    cases.pause(case, because=wish.because, by=by, at=at, since=wish.since)
    return case_out(case, at)


def case_resume(wish: CaseGet, *, by: User, at: datetime) -> CaseOut:
    case = one_case(wish.case, by, at)
    cases.resume(case, by=by, at=at)
    return case_out(case, at)


def case_close(wish: CaseClose, *, by: User, at: datetime) -> CaseOut:
    case = one_case(wish.case, by, at)
    cases.close_case(case, because=wish.because, by=by, at=at)
    return case_out(case, at)


def case_reopen(wish: CaseGet, *, by: User, at: datetime) -> CaseOut:
    case = one_case(wish.case, by, at)
    cases.reopen_case(case, by=by, at=at)
    return case_out(case, at)


Row = tuple[type[Asked], Callable[..., BaseModel], type[BaseModel], str]
CASEWORK: dict[str, Row] = {
    "case.suggest": (MessageGet, case_suggest, SuggestionsOut, "What kinds of case a message may begin"),
    "case.open": (CaseOpen, case_open, CaseOut, "Open a complaint, a hazard or a request for information"),
    "cases.list": (CasesList, cases_list, CasesOut, "Cases by their soonest clock"),
    "case.get": (CaseGet, case_get, CaseOut, "One case with its steps and clocks"),
    "case.step": (CaseStepTake, case_step, CaseOut, "A step of a case was taken"),
    "case.extend": (CaseExtend, case_extend, CaseOut, "Make a clock of a case longer, once"),
    "case.pause": (CasePauseAsked, case_pause, CaseOut, "A clock that may stand still does"),
    "case.resume": (CaseGet, case_resume, CaseOut, "The clock runs on"),
    "case.close": (CaseClose, case_close, CaseOut, "End a case with a reason"),
    "case.reopen": (CaseGet, case_reopen, CaseOut, "Open a closed case again"),
}
