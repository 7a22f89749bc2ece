"""Complaints, hazards and requests for information that began with a message: their steps, clocks, extensions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from gatepost.inbox.handling import require_may_handle
from gatepost.inbox.models import Case, CaseExtension, CasePause, CaseStep, Message
from gatepost.ledger.actions import Actor, record
from gatepost.lifecycle import advance
from gatepost.people.models import User
from gatepost.policy.cases import OMBUDSMAN, CaseKind, Regime, Running, Step, case_kinds, clocks_of, open_steps, regime
from gatepost.policy.pack import Pack
from gatepost.rulebook.actions import in_force

NOTE_LIMIT = 4_000
CLAUSES = {
    "complaint": "desk:cases",
    "subject_access": "desk:personal_data",
    "data_protection": "desk:personal_data",
    "defamation": "desk:defamation",
}
_DEFAMATION = re.compile(r"\b(?:defam(?:ed|es|ing|ation|atory)|libel(?:led|lous)?|slander(?:ed|ous)?)\b", re.IGNORECASE)
INFORMATION = ("foi", "eir", "stairs")


class CaseError(Exception):
    """Something cannot be done about a case; the message says why and what to do. Nothing was kept."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A kind of case that the policy's reading of a message points to. `kind` is "" where no rules bind us."""

    kind: str
    title: str
    why: str


def clause_of(kind: str, pack: Pack) -> str:
    wanted = CLAUSES.get(kind, "desk:referring")
    return pack.governing(wanted)


def suggested(message: Message, pack: Pack) -> list[Suggested]:
    """What a message may begin, most urgent first. A person decides; whether the law covers the home, others say."""
    kept = message.decision
    laws = {pack.clocks[row[0]].law for row in kept.clocks if row[0] in pack.clocks}
    found = []
    if "hazard_emergency" in laws:
        found.append(("hazard_emergency", "It reads like a danger in the home. The clock runs from when we knew."))
    elif "hazard_investigate" in laws:
        found.append(("hazard_significant", "It tells of damp or mould. The clock runs from when we knew."))
    if "complaint" in kept.decided:
        found.append(("complaint", "It reads like a complaint. Nobody has to use the word."))
    if "sar_request" in kept.decided:
        found.append(("subject_access", "Somebody asks for their own data. A request by any channel counts."))
    if _DEFAMATION.search(message.text):
        found.append(("defamation", "They speak of defamation. A notice has 48 hours, without weekends and holidays."))
    rows = [Suggested(kind, case_kinds()[kind].title, why) for kind, why in found]
    if "foi_request" in kept.decided:
        bound = _regime(message, pack)
        title = case_kinds()[bound.kind].title if bound.kind else "Request for information"
        rows.append(Suggested(bound.kind, title, bound.why))
    return rows


def _regime(message: Message, pack: Pack, *, environmental: bool = False) -> Regime:
    day = message.known_since.astimezone(ZoneInfo(pack.hours.timezone)).date()
    return regime(pack, day, environmental=environmental)


def done_of(case: Case) -> dict[str, datetime]:
    return dict(case.steps.values_list("step", "happened_at"))


def kind_of(case: Case) -> CaseKind:
    """Raises CaseError for a kind that a later version no longer knows."""
    found = case_kinds().get(case.kind)
    if found is None:
        raise CaseError(f"This version of the desk does not know cases of the kind “{case.kind}”.")
    return found


def clocks(case: Case, *, at: datetime) -> tuple[Running, ...]:
    """Every clock of a case that has begun, as things stand at `at`."""
    pauses = list(case.pauses.all())
    still = sum((((one.until or at) - one.since) for one in pauses), timedelta())
    return clocks_of(
        kind_of(case),
        in_force(at),
        received=case.received_at,
        done=done_of(case),
        extended=set(case.extensions.values_list("law", flat=True)),
        stopped=still,
    )


def next_steps(case: Case) -> tuple[Step, ...]:
    return open_steps(kind_of(case), done_of(case)) if case.state == "open" else ()


def paused(case: Case) -> CasePause | None:
    return case.pauses.filter(until=None).first()


def _refresh(case: Case, *, at: datetime) -> None:
    """Keeps the soonest clock that is not met, for lists. What stands still is not due."""
    running: Sequence[Running] = clocks(case, at=at)
    standing = paused(case) is not None
    dues = [one.due for one in running if one.met_at is None and not (standing and one.may_stop)]
    case.next_due = min(dues, default=None) if case.state == "open" else None
    Case.objects.filter(pk=case.pk).update(next_due=case.next_due)


@transaction.atomic
def open_case(
    message: Message,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    summary: str = "",
    received_at: datetime | None = None,
) -> Case:
    """Opens a case once of a kind; an open one of the same kind is returned. Its clocks run from when the message came,
    unless we learnt of it earlier. Raises CaseError, NotAllowed."""
    if isinstance(by, User):
        require_may_handle(by, message, at)
    pack = in_force(at)
    known = case_kinds().get(kind)
    if known is None:
        raise CaseError(f"There is no kind of case “{kind}”. There are: {', '.join(case_kinds())}.")
    why = ""
    if kind in INFORMATION:
        bound = _regime(message, pack, environmental=kind == "eir")
        if bound.kind != kind:
            raise CaseError(f"{bound.why} A case of the kind “{known.title}” cannot be opened.")
        why = bound.why
    since = received_at or message.known_since
    if since > at:
        raise CaseError("It cannot have come to us in the future. Give the time it came.")
    existing = Case.objects.filter(message=message, kind=kind, state="open").first()
    if existing is not None:
        return existing
    made = Case.objects.create(
        kind=kind,
        message=message,
        summary=summary.strip()[:NOTE_LIMIT],
        why=why[:300],
        received_at=since,
        by=by if isinstance(by, User) else None,
        at=at,
    )
    clause = clause_of(kind, pack)
    record("case.opened", made.subject, by=by, at=at, clauses=[clause], detail={"kind": kind, "message": message.pk})
    _refresh(made, at=at)
    return made


def _locked(case: Case, by: User, at: datetime) -> Case:
    require_may_handle(by, case.message, at)
    row: Case = Case.objects.select_for_update(of=("self",)).select_related("message__channel").get(pk=case.pk)
    if row.state != "open":
        raise CaseError("This case is closed. Open it again first.")
    return row


def _minute(moment: datetime) -> datetime:
    """The beginning of its minute: people type no seconds."""
    return moment.replace(second=0, microsecond=0)


@transaction.atomic
def take_step(
    case: Case, step: str, *, by: User, at: datetime, happened_at: datetime | None = None, note: str = ""
) -> Case:
    """Keeps that a step was taken, and when. It meets its clocks and begins those that follow."""
    row = _locked(case, by, at)
    wanted = next((one for one in next_steps(row) if one.id == step), None)
    if wanted is None:
        can = ", ".join(one.id for one in next_steps(row)) or "none"
        raise CaseError(f"The step “{step}” cannot be taken now. These can: {can}.")
    moment = happened_at or at
    if moment > at:
        raise CaseError("This lies in the future. Write it down when it has happened.")
    done = done_of(row)
    earliest = max([row.received_at, *(done[name] for name in wanted.after)])
    if moment < _minute(earliest):
        raise CaseError("This cannot have happened before what it follows. Look at the date and the time.")
    CaseStep.objects.create(case=row, step=step, happened_at=moment, note=note.strip()[:NOTE_LIMIT], by=by, at=at)
    clause = clause_of(row.kind, in_force(at))
    record("case.step_taken", row.subject, by=by, at=at, clauses=[clause], detail={"step": step})
    _refresh(row, at=at)
    if wanted.ends:
        advance(row, "closed", by=by, at=at, clauses=[clause], closed_because=wanted.done, next_due=None)
    return row


@transaction.atomic
def extend(case: Case, law: str, *, because: str, told_at: datetime, by: User, at: datetime) -> Case:
    """Makes one clock longer, once, by what its law allows: with a reason, and the person told before it ended; for a
    complaint with the Ombudsman's contact details."""
    row = _locked(case, by, at)
    running = next((one for one in clocks(row, at=at) if one.law == law), None)
    if running is None:
        raise CaseError("This clock does not run for this case.")
    if running.extension is None:
        raise CaseError("This time cannot be made longer: it has been, it is met, or its source does not allow it.")
    if not because.strip():
        needs = f" The law asks for {running.extension.needs}." if running.extension.needs else ""
        raise CaseError(f"Give the reason that the person was told.{needs}")
    if told_at < _minute(row.received_at):
        raise CaseError("The person cannot have been told before this came to us. Look at the date and the time.")
    if told_at > at or told_at > running.due:
        raise CaseError("The person must have been told before the time ended. Without that, it stays as it is: late.")
    CaseExtension.objects.create(case=row, law=law, because=because.strip()[:NOTE_LIMIT], told_at=told_at, by=by, at=at)
    clause = clause_of(row.kind, in_force(at))
    record("case.extended", row.subject, by=by, at=at, clauses=[clause], detail={"law": law})
    _refresh(row, at=at)
    return row


@transaction.atomic
def pause(case: Case, *, because: str, by: User, at: datetime, since: datetime | None = None) -> Case:
    """The clocks that may stand still do, for example while proof of identity is awaited."""
    row = _locked(case, by, at)
    if not any(one.may_stop for one in clocks(row, at=at)):
        raise CaseError("No clock of this case may stand still.")
    if not because.strip():
        raise CaseError("Say what is awaited.")
    if paused(row) is not None:
        raise CaseError("It stands still already.")
    began = since or at
    if not _minute(row.received_at) <= began <= at:
        raise CaseError("It can stand still from when the request came, and not from the future.")
    CasePause.objects.create(case=row, since=began, because=because.strip()[:400], by=by)
    record("case.paused", row.subject, by=by, at=at, clauses=[clause_of(row.kind, in_force(at))])
    _refresh(row, at=at)
    return row


@transaction.atomic
def resume(case: Case, *, by: User, at: datetime) -> Case:
    """What was awaited came: the clocks run on."""
    row = _locked(case, by, at)
    if not CasePause.objects.filter(case=row, until=None).update(until=at, ended_by=by):
        raise CaseError("It does not stand still.")
    record("case.resumed", row.subject, by=by, at=at, clauses=[clause_of(row.kind, in_force(at))])
    _refresh(row, at=at)
    return row


@transaction.atomic
def close_case(case: Case, *, because: str, by: User, at: datetime) -> Case:
    """Ends a case with the reason, for example that it was no complaint, or that the law does not cover the home."""
    row = _locked(case, by, at)
    if not because.strip():
        raise CaseError("Say why nothing more is to be done.")
    clause = clause_of(row.kind, in_force(at))
    advance(row, "closed", by=by, at=at, clauses=[clause], closed_because=because.strip()[:400], next_due=None)
    return row


@transaction.atomic
def reopen_case(case: Case, *, by: User, at: datetime) -> Case:
    require_may_handle(by, case.message, at)
    if Case.objects.filter(message=case.message_id, kind=case.kind, state="open").exists():
        raise CaseError("There is an open case of this kind for the message already.")
    advance(case, "reopened", by=by, at=at, clauses=[clause_of(case.kind, in_force(at))], closed_because="")
    _refresh(case, at=at)
    return case


def extension_words(running: Running) -> str:
    """What a letter about an extension must hold."""
    if running.law.startswith("complaint_"):
        return f"Tell them the reason, the new date, and how to reach the Ombudsman: {OMBUDSMAN}."
    return f"It needs {running.extension.needs}." if running.extension and running.extension.needs else ""
