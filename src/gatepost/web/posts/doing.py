"""What a person does about one act of ours: each word of a button and the action it calls."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from gatepost.gate import actions as gate
from gatepost.gate import correcting
from gatepost.gate.models import Act
from gatepost.people.models import User
from gatepost.web.frame.given import number

DOES = ("withdraw", "there", "not_there", "send_now", "edit", "take_down", "is_down")


def do(request: HttpRequest, act: Act, wish: str, *, by: User, at: datetime) -> str:
    """Does it and returns the sentence that says so. Raises the errors of the actions."""
    if wish == "withdraw":
        gate.withdraw(act, by=by, at=at)
        return "Withdrawn. It does not go out."
    if wish == "there":
        gate.confirm(act, there=True, by=by, at=at, permalink=request.POST.get("permalink", "").strip()[:600])
        return "Kept as sent."
    if wish == "not_there":
        gate.confirm(act, there=False, by=by, at=at)
        return "It goes again now, under the sign-off it has."
    if wish == "send_now":
        gate.send_late(act, by=by, at=at)
        return "It goes out now."
    part, reason = number(request.POST.get("part", ""), 3), request.POST.get("reason", "")
    if wish == "edit":
        words = request.POST.get("text", "").replace("\r\n", "\n")
        correcting.edit(act, text=words, reason=reason, by=by, at=at, part=part)
        return "Asked for. The words change as soon as somebody else has signed them off."
    if wish == "is_down":
        correcting.note_taken_down(act, by=by, at=at, part=part)
        return "Noted: it is down."
    correcting.take_down(act, reason=reason, by=by, at=at, part=part)
    return "Asked for. It is taken down as soon as somebody else has signed that off."
