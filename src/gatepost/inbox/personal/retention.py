"""Deleting what has been kept long enough: what would go, whether somebody has agreed to it, and doing it.

The periods are the policy's (policy/retention.py). Nothing is deleted until the officer has seen what would go and
agreed to exactly these periods; other periods need another agreement. What is still open, what something has happened
to since, and what a legal hold covers stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from gatepost.inbox.models import Evidence, Message
from gatepost.inbox.personal.erasing import forget
from gatepost.inbox.personal.holds import held, kind_is_held, labelled
from gatepost.inbox.personal.officer import PersonalError, require_officer
from gatepost.inbox.personal.register import PLACES
from gatepost.inbox.personal_models import PersonRequest, RetentionAgreement
from gatepost.ledger.actions import System, record
from gatepost.ledger.models import Line
from gatepost.people.models import User
from gatepost.policy.retention import Keeping, Schedule, schedule
from gatepost.rulebook.actions import in_force

BATCH = 200
OVER = ("done", "answered")
ENDED = ("erased", "closed")


@dataclass(frozen=True, slots=True)
class Due:
    """What would be deleted of one kind of record. `still_open`: as old, and not finished, so it stays; `on_hold`: as
    old, and covered by a legal hold."""

    keeping: Keeping
    count: int
    oldest: datetime | None
    still_open: int = 0
    on_hold: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    schedule: Schedule
    due: tuple[Due, ...]
    agreement: RetentionAgreement | None  # the one in force, for these periods or for others

    @property
    def agreed(self) -> bool:
        return self.agreement is not None and self.agreement.digest == self.schedule.digest

    @property
    def total(self) -> int:
        return sum(one.count for one in self.due)


def agreement() -> RetentionAgreement | None:
    return RetentionAgreement.objects.filter(ended_at=None).select_related("by").first()


def preview(*, at: datetime) -> Preview:
    """What the policy in force would delete at this moment. Changes nothing."""
    plan = schedule(in_force(at))
    return Preview(plan, tuple(_due(one, plan, at) for one in plan.keeping), agreement())


def _due(one: Keeping, plan: Schedule, at: datetime) -> Due:
    rows, moment = _rows(one, plan, at)
    oldest = rows.order_by(moment).values_list(moment, flat=True).first()
    if one.kind == "messages" or one.is_label:
        old = _old(one, plan, at)
        waiting = old.exclude(state__in=OVER).count()
        return Due(one, rows.count(), oldest, waiting, old.filter(state__in=OVER).filter(held()).count())
    return Due(one, rows.count(), oldest)


def _rows(
    one: Keeping, plan: Schedule, at: datetime
) -> tuple[QuerySet[Message] | QuerySet[Evidence] | QuerySet[PersonRequest], str]:
    """What is due of one kind, and the column that says since when it is here."""
    before = one.before(at)
    if one.kind == "evidence":
        kept = Evidence.objects.filter(at__lt=before).exclude(text="", author_ref="")
        if kind_is_held("evidence"):
            return kept.none(), "at"
        return kept.exclude(message__in=Message.objects.filter(held()).values("pk")), "at"
    if one.kind == "requests":
        asked = PersonRequest.objects.filter(state__in=ENDED, ended_at__lt=before).exclude(marks=[], says="")
        return (asked.none() if kind_is_held("requests") else asked), "ended_at"
    return _finished(one, plan, at), "received_at"


def _old(one: Keeping, plan: Schedule, at: datetime) -> QuerySet[Message]:
    """Messages of one kind that came in before its period began. A message of several kinds is of the one kept
    longest."""
    rows = Message.objects.filter(erased_at=None, received_at__lt=one.before(at))
    labels = [other for other in plan.keeping if other.is_label]
    if one.is_label:
        rows = rows.filter(labelled(one.kind))
        labels = [other for other in labels if other.before(at) < one.before(at)]
    for other in labels:
        rows = rows.exclude(labelled(other.kind))
    return rows


def _finished(one: Keeping, plan: Schedule, at: datetime) -> QuerySet[Message]:
    """Those of them that are finished, to which nothing has happened since, and that nothing holds."""
    before = one.before(at)
    named = Concat(Value("message:"), Cast(OuterRef("pk"), CharField()))
    later = Line.objects.filter(subject=named, at__gte=before)
    sibling = Message.objects.filter(conversation=OuterRef("conversation"), received_at__gte=before)
    rows = _old(one, plan, at).filter(state__in=OVER).exclude(held())
    return rows.filter(~Exists(later), ~Exists(sibling))


@transaction.atomic
def agree(*, digest: str, by: User, at: datetime) -> RetentionAgreement:
    """The officer agrees that the periods of this digest, those of the policy in force, are carried out from now on.
    Raises NotAllowed, PersonalError."""
    require_officer(by, at)
    plan = schedule(in_force(at))
    if not plan.keeping:
        raise PersonalError("The policy says nothing of how long records are kept. Add it to the policy first.")
    if digest != plan.digest:
        raise PersonalError("The periods have changed since you looked. Look at what would be deleted once more.")
    RetentionAgreement.objects.filter(ended_at=None).update(ended_at=at, ended_by=by)
    periods = [[one.kind, one.said, one.clause] for one in plan.keeping]
    made = RetentionAgreement.objects.create(digest=digest, periods=periods, by=by, at=at)
    clauses = sorted({one.clause for one in plan.keeping})
    detail = {"digest": digest, "periods": len(periods)}
    record("retention.agreed", f"retention:{made.pk}", by=by, at=at, clauses=clauses, detail=detail)
    return made


@transaction.atomic
def stop(*, by: User, at: datetime) -> None:
    """Nothing is deleted by its time any more, until somebody agrees again."""
    require_officer(by, at)
    found = agreement()
    if found is None:
        raise PersonalError("Nothing is being deleted: nobody has agreed to the periods.")
    RetentionAgreement.objects.filter(pk=found.pk).update(ended_at=at, ended_by=by)
    record("retention.stopped", f"retention:{found.pk}", by=by, at=at, clauses=["desk:personal_data"])


def carry_out(*, by: System, at: datetime) -> int:
    """Deletes what is due, at most BATCH rows of each kind. Returns how many. Does nothing unless the periods of the
    policy in force are those that were agreed to."""
    plan, agreed = schedule(in_force(at)), agreement()
    if agreed is None or agreed.digest != plan.digest:
        return 0
    return sum(_carry_out(one, plan, by=by, at=at) for one in plan.keeping)


@transaction.atomic
def _carry_out(one: Keeping, plan: Schedule, *, by: System, at: datetime) -> int:
    rows, moment = _rows(one, plan, at)
    due = list(rows.order_by(moment).values_list("pk", flat=True)[:BATCH])
    if not due:
        return 0
    if one.kind == "evidence":
        clear = next(place for place in PLACES if place.keeps == "evidence").clear
        done = Evidence.objects.filter(pk__in=due).update(**clear)
    elif one.kind == "requests":
        done = PersonRequest.objects.filter(pk__in=due).update(marks=[], says="", identity="")
    else:
        apart = [other.kind for other in plan.keeping if other.kind == "evidence"]
        done = forget(due, because="retention", by=by, at=at, sparing=apart, clauses=[one.clause])
    if done:
        detail = {"kind": one.kind, "count": done, "period": f"{one.amount} {one.unit}"}
        record("retention.deleted", f"retention:{one.kind}", by=by, at=at, clauses=[one.clause], detail=detail)
    return done
