"""The notice to somebody whose words were taken away: what was done, why, by which clause, how to ask for a review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gatepost.channels.actions import require_may_write
from gatepost.gate.models import Act
from gatepost.inbox.actions import reply
from gatepost.inbox.models import Ruling
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import record
from gatepost.people.models import User
from gatepost.policy.strikes import process_of
from gatepost.rulebook.actions import in_force

DID = {
    "hide": "We have hidden what you wrote",
    "remove": "We have removed what you wrote",
    "warn": "This is a warning about what you wrote",
    "block": "We have blocked your account from our page",
    "mute": "We have limited your account on our page",
    "report": "We have reported what you wrote to the network",
    "close": "We have closed comments under this post",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """`wanted`: the policy asks for it, under `clause`. `approved`: its first words are an approved wording."""

    text: str
    wanted: bool
    clause: str
    approved: bool


def address_of(ruling: Ruling) -> str:
    return f"{settings.PUBLIC_URL}/review/{ruling.reference_shown}/"


def notice_of(ruling: Ruling, at: datetime) -> Notice:
    """The words to give: the policy's wording where it names one, else plain ones; then reference and address."""
    pack = in_force(at)
    process = process_of(pack)
    wording = pack.wordings.get(process.wording)
    channel = ruling.message.channel.name
    posted = timezone.localtime(ruling.message.posted_at)
    day = f"{posted.day} {posted:%B %Y}"
    plain = f"{DID[ruling.kind]} on {channel} on {day}, under clause {ruling.clause} of our policy."
    first = wording.text if wording else plain
    lines = [first]
    if process.reasons or wording is None:
        lines.append(f"Reason: {ruling.reason}.")
    if ruling.until:
        until = timezone.localtime(ruling.until)
        lines.append(f"It ends on {until.day} {until:%B %Y}.")
    if process.appeal is not False:
        lines.append(f"To have it looked at again by somebody else: {address_of(ruling)}")
        lines.append(f"Your reference is {ruling.reference_shown}.")
    return Notice("\n".join(lines), process.notice, process.clause or ruling.clause, wording is not None)


@transaction.atomic
def tell(ruling: Ruling, how: str, *, by: User, at: datetime, text: str = "") -> Act | None:
    """Gives the notice: "reply" sends it as an answer through the gate, "hand" records that somebody gave it."""
    require_may_write(by, ruling.message.channel, at)
    if how not in ("reply", "hand"):
        raise InboxError("A notice is given by an answer, or by hand.")
    if ruling.done_at is None:
        raise InboxError("Nothing has been done yet. Give the notice when it has.")
    act = None
    if how == "reply":
        if ruling.message.visibility == "removed":
            raise InboxError("What was removed cannot be answered. Give the notice by hand, where you can reach them.")
        words = text.strip() or notice_of(ruling, at).text
        act = reply(ruling.message, by=by, at=at, text=words)
    if not Ruling.objects.filter(pk=ruling.pk, told="").update(told=how, told_at=at, told_by=by):
        raise InboxError("The notice has been given already.")
    detail = {"ruling": ruling.pk, "how": how}
    record("ruling.told", ruling.subject, by=by, at=at, clauses=[ruling.clause], detail=detail)
    return act
