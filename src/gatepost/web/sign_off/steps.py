"""What acts take to be signed off, who has signed, and who may: as the page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gatepost.gate.approval import all_valid, kinds_of, offered, steps_of, taken_of, wrote
from gatepost.gate.models import Act, Invitation, SignOff
from gatepost.people.authority import away
from gatepost.people.models import Deputy, Holding, User
from gatepost.policy.approval import Step, missing, open_steps


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step: what is signed of it, and whether it is open now ("signed", "open", "later")."""

    step: Step
    state: str
    missing: int
    signed: tuple[SignOff, ...]
    asked: tuple[Invitation, ...]

    @property
    def left(self) -> str:
        return f"{self.missing} more"


@dataclass(frozen=True, slots=True)
class Path:
    """The steps of those channels that have them in common; no channels named: of all."""

    channels: tuple[str, ...]
    rows: tuple[StepRow, ...]


def paths_of(acts: Sequence[Act]) -> list[Path]:
    signed = all_valid([act.pk for act in acts])
    asked: dict[object, list[Invitation]] = {}
    for row in Invitation.objects.filter(act__in=acts).select_related("asked_by").order_by("at"):
        asked.setdefault(row.act_id, []).append(row)
    found: dict[tuple[object, ...], tuple[list[str], tuple[StepRow, ...]]] = {}
    for act in acts:
        rows = _rows(act, signed[act.pk], asked.get(act.pk, []))
        key = tuple((row.step, row.state, tuple(one.who for one in row.signed), len(row.asked)) for row in rows)
        found.setdefault(key, ([], rows))[0].append(act.channel.name)
    return [Path(tuple(names) if len(found) > 1 else (), rows) for names, rows in found.values()]


def _rows(act: Act, signed: Sequence[SignOff], asked: Sequence[Invitation]) -> tuple[StepRow, ...]:
    steps = steps_of(act)
    taken = taken_of(signed)
    now = open_steps(steps, taken)
    rows = []
    for step in steps:
        lacking = missing(step, taken)
        state = "signed" if not lacking else "open" if step in now else "later"
        own = tuple(one for one in signed if one.step == step.n and one.standing_id is None)
        rows.append(StepRow(step, state, lacking, own, tuple(one for one in asked if one.step == step.n)))
    return tuple(rows)


def simple(paths: Sequence[Path]) -> bool:
    """One person and nothing else: then the steps need no list of their own."""
    return all(len(path.rows) == 1 and path.rows[0].step.count == 1 and not path.rows[0].asked for path in paths)


def why_not(person: User, acts: Sequence[Act], at: datetime) -> str:
    """Why this person may not sign these acts now; "" when they may. A passkey is asked for later."""
    signed = all_valid([act.pk for act in acts])
    for act in acts:
        offer = offered(person, act, at=at, signed=signed[act.pk], passkey=True)
        if offer.step is None:
            if person.pk != act.author_id and wrote(person, act):
                return "You changed this, so somebody else must sign it off."
            return offer.no.says if offer.no else "You may not sign this."
    return ""


def wants_passkey(person: User, acts: Sequence[Act], at: datetime) -> bool:
    """Does the policy want the step this person would take to be proven by a passkey?"""
    signed = all_valid([act.pk for act in acts])
    offers = [offered(person, act, at=at, signed=signed[act.pk], passkey=True).step for act in acts]
    return any(step is not None and step.passkey for step in offers)


def stands_for(person: User, acts: Sequence[Act], at: datetime) -> str:
    """In whose stead they would sign, if so."""
    rights = [offered(person, act, at=at, passkey=True).right for act in acts]
    return next((right.instead_of.name for right in rights if right and right.instead_of), "")


@dataclass(frozen=True, slots=True)
class Signer:
    person: User
    may: bool
    why: str


def signers_of(acts: Sequence[Act], at: datetime) -> list[Signer]:
    """Who may take a step of these acts now, and who of those concerned may not and why."""
    out: dict[int, Signer] = {}
    gone = away(at)
    signed = all_valid([act.pk for act in acts])
    held = list(Holding.objects.in_force(at).select_related("person", "role").order_by("deputy", "starts"))
    lent = list(Deputy.objects.in_force(at).select_related("person", "deputy"))
    for act in acts:
        steps = open_steps(steps_of(act), taken_of(signed[act.pk]))
        for row in held:
            if any(_reaches(row, step) for step in steps):
                why = row.role.title + (", deputy" if row.deputy else "")
                out.setdefault(row.person_id, _signer(row.person, acts, why, gone))
                for term in lent:
                    if term.person_id == row.person_id and term.covers(act.channel_id, kinds_of(act)):
                        out.setdefault(term.deputy_id, _stand_in(term, acts, gone))
        out.setdefault(act.author_id, Signer(act.author, False, "wrote it"))
    return sorted(out.values(), key=lambda signer: not signer.may)


def _reaches(row: Holding, step: Step) -> bool:
    return not step.outside and (row.role_id in step.roles if step.roles else row.role.signs_off)


def _signer(person: User, acts: Sequence[Act], why: str, gone: dict[int, datetime]) -> Signer:
    if any(act.author_id == person.pk for act in acts):
        return Signer(person, False, "wrote it")
    if any(wrote(person, act) for act in acts):
        return Signer(person, False, "changed it")
    return Signer(person, True, f"{why}, away until {gone[person.pk]:%-d %B}" if person.pk in gone else why)


def _stand_in(term: Deputy, acts: Sequence[Act], gone: dict[int, datetime]) -> Signer:
    if any(wrote(term.person, act) for act in acts):
        return Signer(term.deputy, False, f"stands in for {term.person.name}, who wrote it")
    return _signer(term.deputy, acts, f"stands in for {term.person.name}", gone)
