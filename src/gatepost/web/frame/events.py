"""The names of live events: what the record calls the things that change a page, as the live stream sends them."""

from __future__ import annotations

from gatepost.channels.states import CHANNEL
from gatepost.gate.states import ACT
from gatepost.inbox.states import MESSAGE, REFERRAL

VERBS = (
    "message.arrived",
    "message.passed_on",
    "message.hidden",
    "message.shown",
    "message.removed",
    "message.assigned",
    "message.unassigned",
    "message.noted",
    "presence.changed",
    "act.submitted",
    "act.delivered",
    "act.read",
    "evidence.kept",
    "referral.opened",
    "referral.taken",
    "alarm.raised",
    "alarm.taken",
    "message.ruled",
    "hold.made",
    "hold.ended",
    "channel.ill",
    "channel.well",
    "channel.connected",
    "post.saved",
    "post.moved",
    "post.submitted",
    "post.withdrawn",
    "post.brought_back",
    "trial.ended",
    "import.ended",
    *(f"message.{verb}" for verb in MESSAGE.table),
    *(f"act.{verb}" for verb in ACT.table),
    *(f"referral.{verb}" for verb in REFERRAL.table),
    *(f"channel.{verb}" for verb in CHANNEL.table),
)


def events(*beginnings: str) -> str:
    """The names of live events whose verbs begin so: "message-arrived act-sent"."""
    return " ".join(dict.fromkeys(verb.replace(".", "-") for verb in VERBS if verb.startswith(beginnings)))
