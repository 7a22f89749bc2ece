"""Adopting a pack and asking which one is in force; keeping decisions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from django.db import transaction

from gatepost.ledger.actions import Actor, record
from gatepost.people.authority import require_sign_off
from gatepost.people.models import Role, User
from gatepost.policy.model import Decision
from gatepost.policy.pack import Pack, load, load_files
from gatepost.rulebook.models import Adoption, KeptDecision, PackVersion
from gatepost.shipped import pack_folder


class NoPolicy(Exception):
    """No pack is in force yet."""


@transaction.atomic
def adopt(pack: Pack, *, by: Actor, at: datetime) -> PackVersion:
    """Puts a pack in force from `at`. Roles follow the pack; older decisions keep theirs."""
    if isinstance(by, User):
        require_sign_off(by, at)
    version, _ = PackVersion.objects.get_or_create(
        digest=pack.digest,
        defaults={
            "pack_id": pack.id,
            "title": pack.title,
            "version": pack.version,
            "files": dict(pack.files),
            "kept_at": at,
        },
    )
    Adoption.objects.create(pack=version, in_force_from=at, by=by.actor, at=at)
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
    detail = {"digest": pack.digest, "pack": pack.id, "clauses": len(pack.clauses)}
    record("policy.adopted", f"pack:{pack.digest[:12]}", by=by, at=at, clauses=["scope.2"], detail=detail)
    return version


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
    adoption = Adoption.objects.filter(in_force_from__lte=at).order_by("-in_force_from", "-pk").first()
    if adoption is None:
        raise NoPolicy("No policy is in force yet. Run: gatepost up")
    return _opened(adoption.pack_id)


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
            )
            for decision in decisions
        ]
    )
