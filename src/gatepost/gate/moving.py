"""Giving an act that has not left another time: inside the signed window, or with the window."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gatepost.channels.actions import require_may_write
from gatepost.gate.actions import amend
from gatepost.gate.approval import valid_sign_offs
from gatepost.gate.content import from_json, moved_to
from gatepost.gate.covering import without_force
from gatepost.gate.ground import GateError, require_live, set_steps, void
from gatepost.gate.models import Act
from gatepost.gate.powers import Powers
from gatepost.gate.stops import stops_recorded
from gatepost.ledger.actions import record
from gatepost.lifecycle import advance
from gatepost.people.models import User
from gatepost.rulebook.actions import in_force


def keeps_sign_off(act: Act, to: datetime) -> bool:
    """Would a move to this time leave what was signed as it is? Only inside the window of the content."""
    window = from_json(act.content).window()
    return window is not None and window[0] <= to <= window[1]


@stops_recorded
@transaction.atomic
def move(act: Act, *, to: datetime, by: User, at: datetime) -> bool:
    """Gives an act that has not left another time. Inside the signed window the sign-off stays and True is returned;
    otherwise the window moves as a whole, and what was signed is void. Raises what amend raises."""
    act = Act.objects.select_for_update(of=("self",)).select_related("channel").get(pk=act.pk)
    if to < at:
        raise GateError("This time has passed. Choose a later one.")
    content = from_json(act.content)
    if act.state not in ("to_sign_off", "signed_off") or not keeps_sign_off(act, to):
        amend(act, moved_to(content, to), by=by, at=at)
        return False
    require_live(act.channel)
    require_may_write(by, act.channel, at)
    due = to if act.state == "signed_off" else None
    Act.objects.filter(pk=act.pk).update(planned_at=to, due_at=due)
    act.planned_at, act.due_at = to, due
    detail = {"digest": act.digest, "to": to.isoformat()}
    record("act.moved", f"act:{act.pk}", by=by, at=at, clauses=["desk:gate"], detail=detail)
    if act.state == "signed_off" and without_force(act, valid_sign_offs(act), pack=in_force(at), powers=Powers(at)):
        void(act, because="At this time the policy asks for other sign-offs", by=by, at=at)
        says = "At its new time the policy asks for other sign-offs. The sign-off is void."
        advance(act, "voided", by=by, at=at, clauses=["desk:gate"], due_at=None, waits_since=at, says=says)
        set_steps(act, content, at=at)
        return False
    return True
