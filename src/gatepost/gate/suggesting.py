"""Suggesting other words for an act that waits: whoever could sign it proposes, its author takes or leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from gatepost.gate.actions import amend
from gatepost.gate.approval import concerns
from gatepost.gate.content import WRITES, from_json
from gatepost.gate.ground import UNKEEPABLE, GateError
from gatepost.gate.models import Act, Suggestion
from gatepost.gate.stops import stops_recorded
from gatepost.ledger.actions import record
from gatepost.lifecycle import Conflict
from gatepost.people.authority import NotAllowed, require_sign_off
from gatepost.people.models import User

LONGEST = 70_000


@transaction.atomic
def suggest(act: Act, text: str, *, digest: str, by: User, at: datetime, note: str = "") -> Suggestion:
    """Proposes a whole text in place of the act's. The act stays as it is until its author takes it."""
    act = Act.objects.select_for_update(of=("self",)).get(pk=act.pk)
    if act.state != "to_sign_off" or act.digest != digest:
        raise Conflict("This has changed since you opened it. Look at it again before you suggest other words.")
    if not concerns(by, act, at=at):
        require_sign_off(by, at)
    text = text.strip()
    if act.kind not in WRITES:
        raise GateError("There is no text of ours here that could be worded otherwise.")
    if not text or text == act.content["text"]:
        raise GateError("Change the words first. What you suggest is the same as what is there.")
    if len(text) > LONGEST or UNKEEPABLE.search(text + note):
        raise GateError(f"At most {LONGEST:,} characters, none of them NUL or half of a pair.")
    Suggestion.objects.filter(act=act, outcome="").update(outcome="replaced", ended_at=at, ended_by=by)
    made = Suggestion.objects.create(act=act, digest=digest, text=text, note=note.strip()[:400], by=by, at=at)
    detail = {"digest": digest, "suggestion": made.pk}
    record("act.suggested", f"act:{act.pk}", by=by, at=at, clauses=["desk:sign_off"], detail=detail)
    return made


def require_author(act: Act, by: User) -> None:
    if by.pk != act.author_id and by.pk not in act.context.get("editors", []):
        raise NotAllowed("Its author takes or leaves what was suggested.", "desk:sign_off")


def require_open(suggestion: Suggestion, act: Act) -> None:
    if suggestion.outcome or suggestion.digest != act.digest:
        raise Conflict("The text has changed since this was suggested. Read it again; take over by hand what you want.")


@stops_recorded
@transaction.atomic
def take(suggestion: Suggestion, *, by: User, at: datetime) -> Act:
    """The author makes the suggested words their own. They are signed afresh, by anybody but the author; whoever
    suggested them may, for two people have then agreed to them. Raises what amend raises."""
    act = Act.objects.select_for_update(of=("self",)).get(pk=suggestion.act_id)
    suggestion = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    require_author(act, by)
    require_open(suggestion, act)
    changed = amend(act, replace(from_json(act.content), text=suggestion.text), by=by, at=at)
    _end(suggestion, "taken", by=by, at=at)
    return changed


@transaction.atomic
def leave(suggestion: Suggestion, *, by: User, at: datetime) -> None:
    """The author keeps their own words."""
    require_author(suggestion.act, by)
    _end(suggestion, "left", by=by, at=at)


def _end(suggestion: Suggestion, outcome: str, *, by: User, at: datetime) -> None:
    done = Suggestion.objects.filter(pk=suggestion.pk, outcome="").update(outcome=outcome, ended_at=at, ended_by=by)
    if not done:
        raise Conflict("Somebody has taken or left this already. Nothing was changed.")
    detail = {"suggestion": suggestion.pk}
    record(f"act.suggestion_{outcome}", f"act:{suggestion.act_id}", by=by, at=at, clauses=["desk:gate"], detail=detail)
