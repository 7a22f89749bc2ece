"""What an act takes to be signed off, and in which right a person signs: the rows' side of policy/approval.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gatepost.gate.content import Content
from gatepost.gate.crisis import in_crisis
from gatepost.gate.legible import why_not_read
from gatepost.gate.models import Act, SignOff
from gatepost.gate.precedence import in_the_way
from gatepost.people.authority import Right, handed_links, let_in_by, rights
from gatepost.people.models import User
from gatepost.policy.approval import (
    Candidate,
    Chain,
    No,
    Occasion,
    Step,
    Taken,
    chain_for,
    complete,
    holds,
    may_take,
    step_of,
    strengthened,
)
from gatepost.policy.pack import Pack


def leaves_at(act: Act, content: Content, at: datetime) -> datetime:
    """When it would leave if its last step were signed at `at`."""
    return max(filter(None, (at, act.planned_at or content.not_before)))


def chain_of(act: Act, *, pack: Pack, moment: datetime, at: datetime, crisis_on: bool | None = None) -> Chain:
    """The chain of the policy for an act that leaves at `moment`. `crisis_on` is for who has asked that already."""
    on = in_crisis(at) if crisis_on is None else crisis_on
    occasion = Occasion(act.kind, moment, act.post_kind, act.channel.network, on)
    return chain_for(occasion, pack.chains, pack.hours, pack.crisis)


def steps_of(act: Act) -> tuple[Step, ...]:
    return tuple(step_of(value) for value in act.steps)


def all_valid(acts: Sequence[UUID]) -> dict[UUID, list[SignOff]]:
    """The sign-offs in force of each of these acts, oldest first."""
    rows = SignOff.objects.filter(act__in=acts, voided_at=None).order_by("at", "pk")
    found: dict[UUID, list[SignOff]] = {act: [] for act in acts}
    for row in rows.select_related("signer", "instead_of", "outside", "standing__signer"):
        found[row.act_id].append(row)
    return found


def valid_sign_offs(act: Act) -> list[SignOff]:
    return all_valid([act.pk])[act.pk]


def taken_of(signed: Iterable[SignOff]) -> list[Taken]:
    return [Taken(one.step, one.who) for one in signed if one.standing_id is None]


def wrote(person: User, act: Act) -> bool:
    return person.pk == act.author_id or person.pk in act.context.get("editors", [])


def by_its_writers(makers: frozenset[int], act: Act) -> bool:
    """Is one of `makers`, who have let the signer of a standing sign-off in, a writer of this act: then it does not
    cover it. An end that was signed with its beginning comes all the same."""
    return "expiry_of" not in act.context and not makers.isdisjoint({act.author_id, *act.context.get("editors", [])})


def borrowed(person: User, act: Act, makers: frozenset[int] | None = None) -> str:
    """Why this person's name does not sign this act: whoever wrote it had a link into the desk in that name. "" when
    nobody had. `makers` is for who has asked people.let_in_by already."""
    wrote_it = {act.author_id, *act.context.get("editors", [])} - {person.pk}
    had = (let_in_by(person) if makers is None else makers) & wrote_it
    if not had:
        return ""
    first = min(had)
    name = User.objects.get(pk=first).name
    direct = handed_links(person).filter(made_by=first).exists()
    whose = f"{name} handed over" if direct else f"was handed over by somebody whom {name} had let in"
    return (
        f"You came in by a link that {whose}, so you may not sign what {name} wrote. "
        "Ask for a link by e-mail, or for one from another administrator."
    )


def kinds_of(act: Act) -> tuple[str, ...]:
    """The words by which a deputy's scope may name an act: its kind, and "post:news" for a kind of post."""
    return (act.kind, *((f"post:{act.post_kind}",) if act.post_kind else ()))


@dataclass(frozen=True, slots=True)
class Offered:
    """The step a person would take by signing now, in which right; or why they may not."""

    step: Step | None
    right: Right | None = None
    no: No | None = None


def offered(
    person: User,
    act: Act,
    *,
    at: datetime,
    signed: Sequence[SignOff] | None = None,
    passkey: bool = False,
    held: list[Right] | None = None,
    makers: frozenset[int] | None = None,
) -> Offered:
    """What signing this act would be for this person: their own roles count before those they stand in for."""
    if first := in_the_way(act):
        return Offered(None, no=No(f"{first}.", "desk:archive"))
    if because := why_not_read(act):
        return Offered(None, no=No(because, "desk:sign_off"))
    if because := borrowed(person, act, makers):
        return Offered(None, no=No(because, "desk:sign_off"))
    steps = steps_of(act)
    taken = taken_of(valid_sign_offs(act) if signed is None else signed)
    held = rights(person, at, channel=act.channel_id, kinds=kinds_of(act)) if held is None else held
    own = [right for right in held if right.instead_of is None]
    lent = [right for right in held if right.instead_of is not None and not wrote(right.instead_of, act)]
    for group in (own, lent):
        answer = may_take(_candidate(person, act, group, for_writer=False, passkey=passkey), steps, taken)
        if isinstance(answer, Step):
            return Offered(answer, _right_for(answer, group))
    answer = may_take(
        _candidate(person, act, held, for_writer=len(own + lent) < len(held), passkey=passkey), steps, taken
    )
    return Offered(None, no=answer if isinstance(answer, No) else None)


def _candidate(person: User, act: Act, held: Sequence[Right], *, for_writer: bool, passkey: bool) -> Candidate:
    return Candidate(
        who=f"person:{person.pk}",
        roles=frozenset(right.role for right in held),
        signs_off=any(right.signs_off for right in held),
        wrote=wrote(person, act),
        for_writer=for_writer,
        passkey=passkey,
    )


def _right_for(step: Step, held: Sequence[Right]) -> Right:
    return next(right for right in held if (right.role in step.roles if step.roles else right.signs_off))


def concerns(person: User, act: Act, *, at: datetime) -> bool:
    """May this person take some step of this act, sooner or later: then they may decline it and suggest other words."""
    held = rights(person, at, channel=act.channel_id, kinds=kinds_of(act))
    candidate = _candidate(person, act, held, for_writer=False, passkey=True)
    return candidate.signs_off or any(holds(step, candidate) for step in steps_of(act))


def same(one: Sequence[Step], other: Sequence[Step]) -> bool:
    """Do two lists of steps ask for the same signatures, whatever they are called?"""

    def asks(steps: Sequence[Step]) -> list[tuple[object, ...]]:
        return [(step.n, step.order, step.roles, step.count, step.outside, step.passkey) for step in steps]

    return asks(one) == asks(other)


def asked_of(
    act: Act, *, pack: Pack, moment: datetime, at: datetime, crisis_on: bool | None = None
) -> tuple[Chain, tuple[Step, ...]]:
    """The chain and all the steps an act takes, with those that people have added to it."""
    chain = chain_of(act, pack=pack, moment=moment, at=at, crisis_on=crisis_on)
    return chain, strengthened(steps_of(act), chain)


def is_complete(act: Act, signed: Iterable[SignOff]) -> bool:
    return complete(steps_of(act), taken_of(signed))
