"""What a network does not take from programs, or what is said by telephone: signed off like everything else, then said
by a person, who records where it stands. Only then does it count as sent."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gatepost import jobs
from gatepost.channels.actions import require_may_write
from gatepost.gate.approval import valid_sign_offs
from gatepost.gate.content import BadContent, from_json
from gatepost.gate.ground import GateError
from gatepost.gate.holds import is_held
from gatepost.gate.models import Act
from gatepost.gate.powers import Powers
from gatepost.gate.published import note_sent
from gatepost.gate.sending import why_not
from gatepost.lifecycle import advance
from gatepost.networks.addresses import host_of, ref_at, shown_on
from gatepost.networks.limits import figure, network_title
from gatepost.people.models import User
from gatepost.rulebook.actions import in_force


def why_not_yet(act: Act, at: datetime) -> str:
    """Why its words may not be said on the network now; "" when they may. Everything is checked again."""
    if act.state != "signed_off":
        word = act.get_state_display().lower()
        return "It is not signed off." if act.state == "to_sign_off" else f"It is “{word}”."
    if is_held(act, at=at):
        return "A hold is on: what is said by hand waits too."
    try:
        content, signed = from_json(act.content), valid_sign_offs(act)
    except BadContent as error:
        return str(error)
    return why_not(act, content, signed, pack=in_force(at), powers=Powers(at)) or ""


@transaction.atomic
def said(act: Act, *, permalink: str = "", how: str = "", by: User, at: datetime) -> Act:
    """A person has said it. `permalink`: where it stands; where nothing can stand on the web (a telephone call, a
    letter) `how` says how it was said instead. Raises GateError, NotAllowed; then it is not recorded."""
    act = Act.objects.select_for_update(of=("self",)).select_related("channel", "author").get(pk=act.pk)
    if not act.by_hand:
        raise GateError("This is sent from here. It is not recorded by hand.")
    require_may_write(by, act.channel, at)
    if because := why_not_yet(act, at):
        raise GateError(f"{because} If it stands on the network already, tell Communications now.")
    address, words = permalink.strip(), " ".join(how.replace("\x00", "").split())
    _require_place(act, address, words)
    says = f"Said by hand by {by.name}" + (f": {words}" if words else "")
    advance(
        act,
        "sent",
        by=by,
        at=at,
        clauses=act.clauses,
        detail={"digest": act.digest, "by_hand": True},
        permalink=address,
        ref=ref_at(act.channel.network, address),
        sent_at=at,
        says=says[:400],
    )
    note_sent([act], at=at)
    jobs.enqueue(jobs.Job.ACT_SETTLED, act=str(act.pk))
    return act


def _require_place(act: Act, address: str, words: str) -> None:
    network = act.channel.network
    nowhere = figure(network, "posts") is False or bool(act.context.get("nowhere"))
    if nowhere and not address:
        if not words:
            raise GateError("Say how it was said: by telephone, by letter, in person.")
        return
    if not address:
        raise GateError(f"Give the address of the answer on {network_title(network)}, so that it can be found again.")
    host = host_of(address) if len(address) <= 600 else ""
    if not host:
        raise GateError("This is no address of the web. It begins with https://")
    if not nowhere and not act.channel.base_url and not shown_on(network, host):
        raise GateError(f"This address is not on {network_title(network)}. Copy it from the answer itself.")
