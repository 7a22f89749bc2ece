"""What every action of the gate stands on: the policy's checks, a live channel, keepable text, voiding, the steps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from gatepost.channels.models import Channel
from gatepost.gate.approval import asked_of, leaves_at, same, steps_of
from gatepost.gate.checking import findings_of
from gatepost.gate.content import MOST_PARTS, Content
from gatepost.gate.models import Act, SignOff
from gatepost.ledger.actions import Actor, System, record
from gatepost.lifecycle import advance
from gatepost.networks.limits import figure, limits, network_title
from gatepost.policy.model import Finding
from gatepost.rulebook.actions import in_force

GATE = System("gate")
NOT_GOING = ("refused", "declined", "withdrawn", "expired")
ONCE = "{} takes one private message for a comment, and never a second."
UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


class GateError(Exception):
    """An act cannot be submitted or changed; the message says why and what to do. Nothing has been sent."""


def check(
    content: Content, *, at: datetime, context: Mapping[str, Any] | None = None, wording: str = ""
) -> list[Finding]:
    """What the policy in force says of a content, without submitting it."""
    network = Channel.objects.only("network").get(pk=content.channel).network
    return findings_of(content, network, pack=in_force(at), at=at, context=context or {}, wording=wording)


def require_keepable(content: Content) -> None:
    """NUL and lone surrogates can be neither kept nor sent; they come from programs, not from keyboards."""
    words = (
        *(content.text, content.title, content.link, content.leads_to),
        *(item.alt for item in content.every_media),
        *(part.text for part in content.parts),
    )
    if any(UNKEEPABLE.search(text) for text in words):
        raise GateError("The text holds a character that cannot be sent (NUL or half of a pair). Take it out.")
    if content.not_after and not (content.not_before and content.not_before <= content.not_after):
        raise GateError("The window it may leave in must end after it begins. Give both, the earlier one first.")


def require_parts(content: Content, network: str) -> None:
    """Further parts are for posts, and for networks that take them; none is empty."""
    if not content.parts:
        return
    if content.kind not in ("publish", "delete") or not limits(network).parts:
        raise GateError(f"{network_title(network)} takes one post and nothing under it. Leave the further parts out.")
    if content.writes > MOST_PARTS:
        raise GateError(f"A post has at most {MOST_PARTS} parts. Put the rest on a page of yours and link to it.")
    for number, part in enumerate(content.parts, 2):
        if content.kind == "publish" and not part.text.strip():
            raise GateError(f"Part {number} has no words. Write it, or take it out.")


def require_one_private(content: Content, *, but: Act | None = None) -> None:
    """A public comment is answered privately once, in the caller's transaction. `but`: the act that is being changed.
    The channel's row is locked, so that of two at a time one is refused."""
    if not content.privately:
        return
    channel = Channel.objects.select_for_update(no_key=True).get(pk=content.channel)
    if content.kind != "reply" or not figure(channel.network, "private_reply_days"):
        raise GateError(f"{network_title(channel.network)} takes no private message to somebody who wrote in public.")
    same = Act.objects.filter(channel=channel, kind="reply", content__privately=True)
    same = same.filter(content__in_reply_to=content.in_reply_to).exclude(state__in=NOT_GOING)
    if (same.exclude(pk=but.pk) if but else same).exists():
        once = ONCE.format(network_title(channel.network))
        raise GateError(f"A private message answers this comment already. {once}")


def require_live(channel: Channel) -> None:
    if channel.state != "live":
        word = channel.get_state_display().lower()
        raise GateError(f"{channel.name} is not live ({word}). Communications must sign it off or resume it first.")


def void(act: Act, *, because: str, by: Actor, at: datetime) -> bool:
    """Takes the force from an act's sign-off, if it has one. Returns whether it had."""
    done = SignOff.objects.filter(act=act, voided_at=None).update(voided_at=at, voided_because=because[:200])
    if done:
        detail = {"digest": act.digest}  # the reason names a person: it stays with the sign-off, out of the record
        record("sign_off.voided", f"act:{act.pk}", by=by, at=at, clauses=["desk:gate"], detail=detail)
    return bool(done)


def set_steps(act: Act, content: Content, *, at: datetime) -> None:
    """Brings the steps of an act that is not signed off up to what the policy asks for now, in the caller's
    transaction. Signatures under weaker or other steps are void; steps that only come on top leave them standing."""
    chain, steps = asked_of(act, pack=in_force(at), moment=leaves_at(act, content, at), at=at)
    if same(steps, steps_of(act)) and act.chain == chain.id:
        return
    # A step that asks for the same under another clause is the same step: it stands as it was signed.
    stand = [(_bare(step), step) for step in act.steps]
    asked = [step.as_json() for step in steps]
    kept = [next((was for bare, was in stand if bare == _bare(step)), step) for step in asked]
    if any(step not in kept for step in act.steps):
        void(act, because="The policy asks for other sign-offs now", by=GATE, at=at)
    act.steps, act.chain = kept, chain.id
    Act.objects.filter(pk=act.pk).update(steps=kept, chain=chain.id)


def _bare(step: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in step.items() if name != "clause"}


def release(
    act: Act, content: Content, *, by: Actor, at: datetime, clauses: Sequence[str], detail: Mapping[str, Any]
) -> None:
    due = leaves_at(act, content, at)
    fresh: dict[str, Any] = {"due_at": due, "try_at": None, "files_by": None, "review": None, "says": ""}
    advance(act, "signed_off", by=by, at=at, clauses=clauses, detail=detail, **fresh)
