"""Who signs what off before it leaves, in how many steps: decided from the pack, the act and what is signed so far.

A chain is the first of the pack's that fits an act. Its steps are taken in their order; steps of one order are open
together. Nobody takes two steps of one act, and nobody takes one of an act they wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from gatepost.policy.clocks import is_open
from gatepost.policy.model import Hours
from gatepost.policy.registers import Crisis

CLAUSE = "desk:sign_off"  # where a pack has no chain of its own: whichever clause it binds signing off to


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to be signed. `roles`: any one of these; empty: any role that signs off."""

    n: int
    order: int
    title: str
    roles: tuple[str, ...] = ()
    count: int = 1  # how many different people
    outside: bool = False  # by somebody without an account, by a one-time link
    passkey: bool = False  # with a proof by passkey
    clause: str = CLAUSE

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__} | {"roles": list(self.roles)}


def step_of(value: dict[str, Any]) -> Step:
    return Step(**{**value, "roles": tuple(value["roles"])})


@dataclass(frozen=True, slots=True)
class Chain:
    """Steps, and the acts they are for. An empty condition fits everything."""

    id: str
    title: str
    clause: str
    steps: tuple[Step, ...]
    kinds: tuple[str, ...] = ()  # of act: "publish", "reply", "delete", "hide" …
    post_kinds: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    hours: Literal["", "inside", "outside"] = ""
    crisis: bool | None = None
    standing: bool = True  # whether a standing sign-off may take the place of the steps


@dataclass(frozen=True, slots=True)
class Waiting:
    """What happens while an act waits. Minutes before its time; hours since it was submitted when it has none."""

    remind_before: int = 120
    escalate_before: int = 30
    remind_after: int = 4
    escalate_after: int = 24
    expire_after: int = 24 * 14
    escalate_to: tuple[str, ...] = ()  # roles; empty: those that approve staff


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a chain is chosen by. `moment`: when the act leaves, as far as that is known."""

    kind: str
    moment: datetime
    post_kind: str = ""
    network: str = ""
    crisis: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that somebody has signed."""

    step: int
    who: str  # one name for one person: "person:3", "outside:7"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who would sign: what they hold now, in their own right or for somebody else."""

    who: str
    roles: frozenset[str] = frozenset()
    signs_off: bool = False  # one of the roles signs off in general
    wrote: bool = False
    for_writer: bool = False  # holds the roles only in the stead of whoever wrote it
    passkey: bool = False  # gives a proof by passkey


@dataclass(frozen=True, slots=True)
class No:
    """Why somebody may not sign now, in words for them."""

    says: str
    clause: str


USUAL = Chain("usual", "Sign-off by one person", CLAUSE, (Step(0, 0, "Sign-off"),))


def fits(chain: Chain, occasion: Occasion, hours: Hours) -> bool:
    """A chain for what is published is one for its edits too: other words for it are as much the official voice."""
    open_ = "inside" if is_open(occasion.moment, hours) else "outside"
    return (
        (not chain.kinds or occasion.kind in chain.kinds or (occasion.kind == "edit" and "publish" in chain.kinds))
        and (not chain.post_kinds or occasion.post_kind in chain.post_kinds)
        and (not chain.networks or occasion.network in chain.networks)
        and (not chain.hours or chain.hours == open_)
        and (chain.crisis is None or chain.crisis is occasion.crisis)
    )


def chain_for(occasion: Occasion, chains: Sequence[Chain], hours: Hours, crisis: Crisis | None = None) -> Chain:
    """The first chain that fits; without one, a single person who may sign off. While a crisis is on, its own approvers
    sign, unless a chain is made for crises."""
    found = next((chain for chain in chains if fits(chain, occasion, hours)), USUAL)
    if occasion.crisis and found.crisis is not True and crisis is not None and crisis.approvers:
        step = Step(0, 0, "Sign-off in a crisis", crisis.approvers, clause=crisis.clause)
        return Chain("crisis", "Sign-off in a crisis", crisis.clause, (step,), crisis=True)
    return found


def missing(step: Step, taken: Iterable[Taken]) -> int:
    """How many signatures a step still lacks."""
    return max(0, step.count - len({one.who for one in taken if one.step == step.n}))


def open_steps(steps: Sequence[Step], taken: Sequence[Taken]) -> tuple[Step, ...]:
    """The steps that may be taken now: those incomplete of the lowest order that has any."""
    lacking = [step for step in steps if missing(step, taken)]
    first = min((step.order for step in lacking), default=0)
    return tuple(step for step in lacking if step.order == first)


def complete(steps: Sequence[Step], taken: Sequence[Taken]) -> bool:
    return bool(steps) and not open_steps(steps, taken)


def holds(step: Step, candidate: Candidate) -> bool:
    """Does what they hold reach for this step? Outside steps are nobody's on the desk."""
    if step.outside:
        return False
    return bool(candidate.roles & set(step.roles)) if step.roles else candidate.signs_off


def may_take(candidate: Candidate, steps: Sequence[Step], taken: Sequence[Taken]) -> Step | No:
    """The step this person would take by signing now, or why they may not."""
    waiting = open_steps(steps, taken)
    if not waiting:
        return No("Everything here has been signed.", CLAUSE)
    clause = waiting[0].clause
    if candidate.wrote:
        return No("You wrote this, so somebody else must sign it off.", clause)
    if any(one.who == candidate.who for one in taken):
        return No("You have signed this. The next step is somebody else's.", clause)
    mine = [step for step in waiting if holds(step, candidate)]
    if not mine:
        return No(_whose(waiting), clause)
    if candidate.for_writer:
        return No("You would sign in the stead of the person who wrote this. Somebody else must.", clause)
    free = next((step for step in mine if candidate.passkey or not step.passkey), None)
    if free is None:
        return No("This has to be signed with a passkey. Register one under Settings, then sign with it.", clause)
    return free


def _whose(steps: Sequence[Step]) -> str:
    if all(step.outside for step in steps):
        return "This waits for somebody outside, who has a link of their own."
    if any(not step.roles and not step.outside for step in steps):
        return "Only Communications may sign off. Ask the communications officer."
    return f"This step is not yours: {' or '.join(step.title for step in steps)}."


def strengthened(steps: Sequence[Step], chain: Chain) -> tuple[Step, ...]:
    """The chain's steps with the steps that were added to an act by hand kept behind them."""
    last = max(step.order for step in chain.steps)
    added = [step for step in steps if step.n >= ADDED]
    return (*chain.steps, *(replace(step, order=last) for step in added))


def stage(
    waiting: Waiting, *, since: datetime, sign_by: datetime | None, until: datetime | None, at: datetime
) -> Literal["", "reminder", "escalation", "expired"]:
    """How far an act has waited `since`: it must be signed by `sign_by` to be in time, and is of no use after `until`,
    where it has such times."""
    age = at - since
    if (until is not None and at > until) or (until is None and age > timedelta(hours=waiting.expire_after)):
        return "expired"
    if sign_by is not None:
        left = sign_by - at
        if left <= timedelta(minutes=waiting.escalate_before):
            return "escalation"
        return "reminder" if left <= timedelta(minutes=waiting.remind_before) else ""
    if age >= timedelta(hours=waiting.escalate_after):
        return "escalation"
    return "reminder" if age >= timedelta(hours=waiting.remind_after) else ""


ADDED = 100  # numbers of steps that people added to one act begin here
