"""Which ways an answer may take: sent from here, said by hand, privately, or turned into a referral."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gatepost.gate import by_hand
from gatepost.gate.holds import is_held
from gatepost.gate.models import Act
from gatepost.inbox import turning
from gatepost.inbox.actions import only_by_hand
from gatepost.inbox.models import Message
from gatepost.inbox.private_replies import private_reply_of
from gatepost.inbox.threads import SaidAct
from gatepost.networks.limits import figure, limits, network_title
from gatepost.policy.model import Department, Finding, Wording
from gatepost.policy.pack import Pack


@dataclass(frozen=True, slots=True)
class Hand:
    """`only`: nothing can be sent there. `offered`: the network may refuse what programs send. `not_yet`: why the
    answer that waits may not be said now. `nowhere`: it will stand on no page of the web."""

    network: str
    only: bool
    offered: bool
    nowhere: bool
    not_yet: str = ""
    held: bool = False


@dataclass(frozen=True, slots=True)
class Turning:
    """What the form shows that turns a stopped answer into a referral."""

    desks: tuple[Department, ...]
    department: str
    wordings: tuple[Wording, ...]
    wording: str
    private: Message | None


def refused_before(message: Message) -> bool:
    """Whether the network has refused an answer to it that a program sent where everybody sees it."""
    refused = Act.objects.filter(subject=message.subject, kind="reply", state="refused")
    return refused.exclude(content__contains={"privately": True}).exists()


def hand_of(message: Message, waiting: SaidAct | None, at: datetime, *, refused: bool) -> Hand:
    only = only_by_hand(message)
    summoned = limits(message.channel.network).summoned_only and message.kind != "mention" and not message.private
    mine = Act.objects.get(pk=waiting.pk) if waiting is not None and waiting.by_hand else None
    return Hand(
        network=network_title(message.channel.network),
        only=only,
        offered=summoned or refused,
        nowhere=only,
        not_yet=by_hand.why_not_yet(mine, at) if mine else "",
        held=is_held(mine, at=at) if mine else False,
    )


def turning_of(message: Message, findings: Iterable[Finding], *, pack: Pack, at: datetime) -> Turning | None:
    """Where the policy stops what was written because it deals with one person's matter in public."""
    stops = {one.check for one in findings if one.severity == "stop"}
    if message.private or not stops & set(turning.MATTERS):
        return None
    done = set(message.referrals.values_list("department", flat=True))
    desks = tuple(one for name, one in pack.departments.items() if name not in done)
    department = next((name for name in message.decision.refer if name not in done), "")
    department = department or next((one.id for one in desks if not one.role), "")
    wordings = tuple(one for one in pack.wordings.values() if not one.humane)
    wording = "" if "thread_limit" in stops else turning.telling(message, department, pack)
    return Turning(desks, department, wordings, wording, turning.private_way(message, at))


def ways_of(
    message: Message, findings: Iterable[Finding], *, answers: int, accounts: Sequence[int], pack: Pack, at: datetime
) -> dict[str, Any]:
    """For the page of a conversation. `answers`: of ours in the thread. `accounts`: of the person who wrote."""
    handing = ""
    if not message.private and answers >= pack.checks.thread_limit:
        handing = next(iter(message.decision.refer), "") or "complaints"
    return {
        "turning": turning_of(message, findings, pack=pack, at=at),
        "handing": handing,
        "window": turning.window_ends(message),
        "alone": private_reply_of(message, pack=pack, at=at),
        "window_hours": figure(message.channel.network, "private_hours"),
        "private_way": None if message.private else turning.private_way(message, at, accounts),
    }
