"""Adopting a pack and asking which one is in force; keeping decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from django.db import transaction
from django.utils import timezone

from gatepost.ledger.actions import Actor, System, record
from gatepost.people.actions import give_role
from gatepost.people.authority import require_sign_off
from gatepost.people.models import Holding, Role, User
from gatepost.policy.examples import run as run_examples
from gatepost.policy.model import Decision
from gatepost.policy.pack import Pack, load, load_files
from gatepost.rulebook.asked_once import adoption_at
from gatepost.rulebook.models import Adoption, KeptDecision, PackVersion
from gatepost.shipped import pack_folder


class NoPolicy(Exception):
    """No pack is in force yet."""


class Untested(Exception):
    """The pack's own examples do not hold; it is not adopted. `failures` are sentences, each with its example."""

    def __init__(self, message: str, failures: Sequence[str] = ()) -> None:
        super().__init__("\n".join((message, *failures)))
        self.failures = tuple(failures)


class NotNow(Exception):
    """This cannot be done at this time: the text says why, and what can be."""


@transaction.atomic
def adopt(pack: Pack, *, by: Actor, at: datetime, starts: datetime | None = None) -> PackVersion:
    """Puts a pack in force from `starts`, or at once. Roles follow when it begins; older decisions keep theirs.

    A person needs a role that signs off, and a pack other than the one in force must pass its own examples first.
    Whoever adopts a policy under which nobody on the desk would sign off takes that role with it. Raises NotAllowed,
    Untested, NotNow for a time that has passed, a policy in which no role signs off, or one in force then already.
    What the desk itself put in force at its first start may be adopted as it is: then a person answers for it.
    """
    starts = starts or at
    if starts < at:
        raise NotNow(
            f"{timezone.localtime(starts):%-d %B %Y, %H:%M} has passed. A policy comes into force now or later."
        )
    if isinstance(by, User):
        require_sign_off(by, at)
        if not any(role.signs_off for role in pack.roles.values()):
            says = f"No role of {pack.title} signs off, so nobody could sign anything, nor change the policy again."
            raise NotNow(f"{says} Let one of its roles sign off.")
        _require_other(pack, starts, at)
        current = Adoption.objects.begun(at).first()
        if current is None or current.pack_id != pack.digest:
            require_tested(pack, at)
    version = keep_version(pack, at=at)
    adoption = Adoption.objects.create(pack=version, in_force_from=starts, by=by.actor, at=at)
    detail = {"digest": pack.digest, "pack": pack.id, "clauses": len(pack.clauses)}
    if starts > at:
        detail["from"] = starts.isoformat()
        record("policy.planned", f"pack:{pack.digest[:12]}", by=by, at=at, clauses=["desk:policy"], detail=detail)
        return version
    _follow(adoption, pack, at)
    record("policy.adopted", f"pack:{pack.digest[:12]}", by=by, at=at, clauses=["desk:policy"], detail=detail)
    return version


def _require_other(pack: Pack, starts: datetime, at: datetime) -> None:
    before = Adoption.objects.begun(starts).first()
    if before is None or before.pack_id != pack.digest or not before.by.startswith("person:"):
        return
    is_there = f"{pack.title}, version {pack.version}, is this policy word for word"
    when = timezone.localtime(before.in_force_from)
    if before.in_force_from > at:
        raise NotNow(f"{is_there}, and comes into force on {when:%-d %B %Y, %H:%M} already. Nothing was done.")
    raise NotNow(f"{is_there}, and has been in force since {when:%-d %B %Y, %H:%M}. Nothing was done.")


def require_tested(pack: Pack, at: datetime) -> None:
    """Raises Untested unless the pack has examples and all of them hold."""
    results = run_examples(pack, at)
    if not results:
        says = f"{pack.title} has no examples, so nothing shows that it does what it says. Add some to examples.toml."
        raise Untested(says)
    failed = [one for one in results if not one.ok]
    if failed:
        says = f"{len(failed)} of {len(results)} examples of {pack.title} do not hold. Mend the policy or the example."
        raise Untested(says, [f"{one.id}: {failure}" for one in failed for failure in one.failures])


def keep_version(pack: Pack, *, at: datetime) -> PackVersion:
    """The pack as it stands, kept once under its digest."""
    return PackVersion.objects.get_or_create(
        digest=pack.digest,
        defaults={
            "pack_id": pack.id,
            "title": pack.title,
            "version": pack.version,
            "files": dict(pack.files),
            "kept_at": at,
        },
    )[0]


def _follow(adoption: Adoption, pack: Pack, at: datetime) -> None:
    """The desk's roles become those of the pack."""
    Role.objects.exclude(pk__in=list(pack.roles)).update(in_policy=False)
    for role in pack.roles.values():
        Role.objects.update_or_create(
            pk=role.id,
            defaults={
                "title": role.title,
                "policy_holder": role.holder,
                "email": role.email,
                "clause": role.clause,
                "signs_off": role.signs_off,
                "approves_staff": role.approves_staff,
                "in_policy": True,
            },
        )
    Adoption.objects.filter(pk=adoption.pk).update(roles_at=at)
    for may in ("signs_off", "approves_staff"):
        _hand_on(may, adoption, at)


def _hand_on(may: str, adoption: Adoption, at: datetime) -> None:
    """Where nobody on the desk holds a role that may do this, whoever adopted the policy takes the first such role:
    otherwise nobody could sign, approve, or put the policy right again."""
    roles = Role.objects.filter(in_policy=True, **{may: True})
    kind, _, number = adoption.by.partition(":")
    if kind != "person" or Holding.objects.in_force(at).filter(role__in=roles).exists():
        return
    person, role = User.objects.filter(pk=int(number), is_active=True).first(), roles.order_by("pk").first()
    if person is not None and role is not None:
        give_role(person, role, by=System("rulebook"), at=at)


@transaction.atomic
def begin_planned(*, by: Actor, at: datetime) -> int:
    """Lets the roles follow planned adoptions whose time has come. Returns how many there were.

    What the policy says changes at the moment itself, by in_force(); this is what else follows from it.
    """
    waiting = Adoption.objects.select_for_update().filter(roles_at=None, withdrawn_at=None, in_force_from__lte=at)
    due = list(waiting.order_by("in_force_from", "pk"))
    for adoption in due:
        _follow(adoption, pack_of(adoption.pack_id), at)
        detail = {"digest": adoption.pack_id, "from": adoption.in_force_from.isoformat(), "planned_by": adoption.by}
        subject = f"pack:{adoption.pack_id[:12]}"
        record("policy.began", subject, by=by, at=at, clauses=["desk:policy"], detail=detail)
    return len(due)


@transaction.atomic
def withdraw(adoption: Adoption, *, by: User, at: datetime) -> None:
    """Calls off an adoption that is still to come. Raises NotAllowed, NotNow."""
    require_sign_off(by, at)
    called_off = Adoption.objects.planned(at).filter(pk=adoption.pk).update(withdrawn_at=at, withdrawn_by=by.actor)
    if not called_off:
        says = "Only an adoption that is still to come can be withdrawn. To leave the policy in force, roll back."
        raise NotNow(says)
    detail = {"digest": adoption.pack_id, "from": adoption.in_force_from.isoformat()}
    subject = f"pack:{adoption.pack_id[:12]}"
    record("policy.withdrawn", subject, by=by, at=at, clauses=["desk:policy"], detail=detail)


@transaction.atomic
def roll_back(*, by: User, at: datetime, to: str = "") -> PackVersion:
    """Adopts again, at once, the version before the one in force, or the one whose digest begins with `to`.

    It was tested when it was adopted, and is not held up now by its examples: rolling back must be possible in a hurry.
    Raises NotAllowed, NotNow when there is no such version.
    """
    require_sign_off(by, at)
    begun = Adoption.objects.begun(at)
    current = begun.first()
    earlier = begun.exclude(pack_id=current.pack_id) if current else begun.none()
    back = earlier.filter(pack__digest__startswith=to).first()
    if current is None or back is None:
        raise NotNow(
            f"No earlier version {to} has been in force." if to else "There is no earlier version to go back to."
        )
    pack = pack_of(back.pack_id)
    adoption = Adoption.objects.create(pack_id=pack.digest, in_force_from=at, by=by.actor, at=at)
    _follow(adoption, pack, at)
    detail = {"digest": pack.digest, "left": current.pack_id}
    record("policy.rolled_back", f"pack:{pack.digest[:12]}", by=by, at=at, clauses=["desk:policy"], detail=detail)
    return adoption.pack


def ensure_pack(*, by: Actor, at: datetime) -> Pack:
    """The pack in force; on a new desk the shipped one is adopted first. Raises PackError when it has mistakes."""
    try:
        return in_force(at)
    except NoPolicy:
        pack = load(pack_folder())
        adopt(pack, by=by, at=at)
        return in_force(at)


@lru_cache(maxsize=8)
def _opened(digest: str) -> Pack:
    return load_files(PackVersion.objects.get(pk=digest).files)


def in_force(at: datetime) -> Pack:
    """The pack in force at a moment. Raises NoPolicy."""
    adoption = adoption_at(at)
    if adoption is None:
        raise NoPolicy("No policy is in force yet. Run: gatepost up")
    return _opened(adoption.pack_id)


def governed(at: datetime) -> Mapping[str, str]:
    """The clause of the policy in force that each part of the desk rests on; nothing before there is a policy."""
    adoption = adoption_at(at)
    return _opened(adoption.pack_id).governed if adoption else {}


def pack_of(digest: str) -> Pack:
    """A pack that is or was in force, by its digest."""
    return _opened(digest)


def keep(decisions: Iterable[Decision]) -> list[KeptDecision]:
    """Keeps decisions, in order, in the caller's transaction."""
    return KeptDecision.objects.bulk_create(
        [
            KeptDecision(
                pack_id=decision.pack,
                at=decision.at,
                labels=dict(decision.reading.labels),
                decided=list(decision.decided),
                topics=list(decision.reading.topics),
                spans=[[span.start, span.end, span.label, span.kind] for span in decision.reading.spans],
                sentiment=decision.reading.sentiment,
                language=decision.reading.language,
                offers=list(decision.offers),
                refer=list(decision.refer),
                moderate=decision.moderate,
                mask=decision.mask,
                answer=decision.answer,
                urgent=decision.urgent,
                clocks=[[due.id, due.due.isoformat(), due.clause, due.source] for due in decision.clocks],
                clauses=list(decision.clauses),
                evidence=[[found.rule, found.clause, *found.because] for found in decision.evidence],
                advice=list(decision.advice),
                second_look=decision.second_look,
                hand_over=decision.hand_over,
                steps=list(decision.steps),
                addressed=[[one.department, one.name, one.deputy] for one in decision.addressed],
                readers=decision.reading.readers,
            )
            for decision in decisions
        ]
    )
