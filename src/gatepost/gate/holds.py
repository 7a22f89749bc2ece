"""Stops on acts: one, a channel's, a campaign's, some kinds, or all; with named exceptions; and what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from gatepost import jobs
from gatepost.channels.models import Channel
from gatepost.gate.content import MODERATION
from gatepost.gate.models import Act, Hold
from gatepost.ledger.actions import Actor, record
from gatepost.ledger.governing import clause_for
from gatepost.lifecycle import advance_many
from gatepost.people.authority import require_sign_off
from gatepost.people.models import User
from gatepost.rulebook.actions import in_force

CALMING = (*MODERATION, "delete")  # what takes something away from the public's eyes, or undoes that
KINDS = ("publish", "reply", "edit", *CALMING)


class HoldError(Exception):
    """A hold cannot be made or changed; the message says why."""


@dataclass(frozen=True, slots=True)
class But:
    """What goes on although a hold covers it: acts of these people, these acts, these wordings unchanged."""

    people: Sequence[int] = ()
    acts: Sequence[UUID] = ()
    statements: Sequence[str] = ()


@transaction.atomic
def hold(
    *,
    reason: str,
    by: User,
    at: datetime,
    channel: Channel | None = None,
    act: Act | None = None,
    campaign: int | None = None,
    kinds: Sequence[str] = (),
    moderation_may_go: bool = True,
    but: But | None = None,
    ends_at: datetime | None = None,
    ends_itself: bool = False,
) -> Hold:
    """Stops every act it covers from leaving, whoever or whatever wrote it, until a person ends it.

    At `ends_at` people are reminded; only with `ends_itself` does it end then, and even so each item is shown again
    before it goes. Raises HoldError, NotAllowed.
    """
    require_sign_off(by, at)
    return make(
        Hold(
            channel=channel,
            act=act,
            campaign=campaign,
            kinds=list(kinds),
            reason=reason.strip()[:400],
            moderation_may_go=moderation_may_go,
            ends_at=ends_at,
            ends_itself=ends_itself,
        ),
        but or But(),
        clause=clause_for("desk:holds", at),
        by=by,
        at=at,
    )


def make(made: Hold, but: But, *, clause: str, by: User, at: datetime) -> Hold:
    """Keeps a hold after looking whether it can be one. Who may is the caller's to ask."""
    made.by, made.at = by, at
    _require_sensible(made, but)
    made.people, made.statements = sorted(set(but.people)), sorted(set(but.statements))
    made.spared = sorted({str(one) for one in but.acts})
    made.save(force_insert=True)
    detail = {
        "scope": scope_of(made),
        "kinds": made.kinds,
        "moderation_may_go": made.moderation_may_go,
        "people": made.people,
        "spared": made.spared,
        "statements": made.statements,
        "ends_at": made.ends_at.isoformat() if made.ends_at else None,
        "ends_itself": made.ends_itself,
    }
    record("hold.made", f"hold:{made.pk}", by=by, at=at, clauses=[clause], detail=detail)
    return made


def _require_sensible(made: Hold, but: But) -> None:
    if not made.reason:
        raise HoldError("Say why, so that everybody on the desk knows.")
    if sum(one is not None for one in (made.channel, made.act, made.campaign)) > 1:
        raise HoldError("A hold is on everything, on one channel, on one campaign or on one act. Name one of them.")
    unknown = sorted(set(made.kinds) - set(KINDS))
    if unknown:
        raise HoldError(f"There is no kind of act “{unknown[0]}”. There are: {', '.join(KINDS)}.")
    _require_end(made.ends_at, made.ends_itself, at=made.at)
    known = User.objects.filter(pk__in=list(but.people), is_active=True).count()
    if known != len(set(but.people)):
        raise HoldError("One of the people named as an exception is not on the desk.")


def _require_end(ends_at: datetime | None, ends_itself: bool, *, at: datetime) -> None:
    if ends_at is not None and ends_at <= at:
        raise HoldError("The end of a hold must lie in the future.")
    if ends_itself and ends_at is None:
        raise HoldError("Say when it ends, or let it end by hand.")


def scope_of(held: Hold) -> str:
    if held.channel_id:
        return f"channel:{held.channel_id}"
    if held.act_id:
        return f"act:{held.act_id}"
    return f"campaign:{held.campaign}" if held.campaign else "all"


@transaction.atomic
def end_hold(held: Hold, *, by: User, at: datetime) -> int:
    """Ends a hold. What it kept back does not leave: each item waits to be looked at again (gate/review.py), but for a
    hold on one act, which that act's own look was. Returns how many wait."""
    require_sign_off(by, at)
    return end(held, by=by, at=at, ended_by=by)


def end(held: Hold, *, by: Actor, at: datetime, ended_by: User | None) -> int:
    if not Hold.objects.filter(pk=held.pk, ended_at=None).update(ended_at=at, ended_by=ended_by):
        return 0
    caught = [] if held.act_id else list(Act.objects.filter(reach(held, at=at), state="signed_off", review=None))
    kept = advance_many(caught, "kept_back", by=by, at=at, clauses=["desk:holds"], review=held)
    detail = {"to_review": len(kept)}
    record("hold.ended", f"hold:{held.pk}", by=by, at=at, clauses=["desk:holds"], detail=detail)
    return len(kept)


@transaction.atomic
def extend(held: Hold, *, by: User, at: datetime, ends_at: datetime | None, ends_itself: bool = False) -> None:
    """Another end, or none. Raises HoldError, NotAllowed."""
    require_sign_off(by, at)
    _require_end(ends_at, ends_itself, at=at)
    rows = Hold.objects.filter(pk=held.pk, ended_at=None)
    if not rows.update(ends_at=ends_at, ends_itself=ends_itself, reminded_at=None):
        raise HoldError("This hold has ended already.")
    detail = {"ends_at": ends_at.isoformat() if ends_at else None, "ends_itself": ends_itself}
    record("hold.extended", f"hold:{held.pk}", by=by, at=at, clauses=["desk:holds"], detail=detail)


@transaction.atomic
def watch_ends(*, by: Actor, at: datetime) -> int:
    """Holds whose end has come: those that were to end by themselves end, of the others people are reminded once."""
    due = Hold.objects.select_for_update().filter(ended_at=None, ends_at__lte=at)
    done = 0
    for held in due.filter(Q(ends_itself=True) | Q(reminded_at=None)):
        done += 1
        if held.ends_itself:
            end(held, by=by, at=at, ended_by=None)
        else:
            Hold.objects.filter(pk=held.pk).update(reminded_at=at)
            record("hold.overdue", f"hold:{held.pk}", by=by, at=at, clauses=["desk:holds"])
        jobs.enqueue(jobs.Job.HOLD_END, hold=held.pk)
    return done


def active() -> QuerySet[Hold]:
    return Hold.objects.filter(ended_at=None).select_related("by", "channel").order_by("at")


def reach(held: Hold, *, at: datetime) -> Q:
    """A condition on acts: covered by this hold, its exceptions left out, under the policy in force then."""
    covers = ~Q(pk__in=[])
    if held.channel_id:
        covers &= Q(channel=held.channel_id)
    if held.act_id:
        covers &= Q(pk=held.act_id)
    if held.campaign:
        covers &= Q(context__contains={"campaign": held.campaign})  # never unknown, as a comparison would be
    if held.kinds:
        covers &= Q(kind__in=held.kinds)
    if held.moderation_may_go:
        covers &= ~Q(kind__in=CALMING)
    if held.people:
        covers &= ~Q(author__in=held.people)
    if held.spared:
        covers &= ~Q(pk__in=held.spared)
    if held.statements:
        covers &= ~_prepared(held.statements, at)
    return covers


def _prepared(keys: Sequence[str], at: datetime) -> Q:
    """Acts that say these wordings of the policy in force then word for word: the name of a wording alone spares
    nothing."""
    spared, wordings = Q(pk__in=[]), in_force(at).wordings
    for key in keys:
        wording = wordings.get(key)
        if wording is not None:
            alone = Q(content__title="", content__link="", content__media=[])  # with nothing beside the words
            alone &= ~Q(content__has_key="parts")
            spared |= alone & Q(wording=key, content__text=wording.text)
    return spared


def covered(*, at: datetime) -> Q:
    """A condition on acts: covered by some hold now, its statements being those of the policy in force then, or not yet
    let go from one that has ended."""
    condition = Q(review__isnull=False)
    for held in active():
        condition |= reach(held, at=at)
    return condition


def is_held(act: Act, *, at: datetime) -> bool:
    return Act.objects.filter(covered(at=at), pk=act.pk).exists()


def held_acts(*, at: datetime) -> QuerySet[Act]:
    """Signed-off acts that would leave, now or later, but for a hold."""
    return Act.objects.filter(covered(at=at), state="signed_off").select_related("channel", "author").order_by("due_at")
