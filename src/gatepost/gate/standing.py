"""Standing sign-offs: a named person's lasting agreement to a wording as it stands, or to moderation under a clause."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gatepost.gate.approval import by_its_writers
from gatepost.gate.content import MODERATION, Content, text_digest
from gatepost.gate.models import Act, StandingSignOff
from gatepost.ledger.actions import record
from gatepost.people.authority import let_in_by, require_sign_off, signs_off
from gatepost.people.models import User
from gatepost.policy.pack import Pack
from gatepost.rulebook.actions import in_force


def moderation_clauses(pack: Pack) -> list[tuple[str, str]]:
    """What the policy itself provides for: hiding and removing under the clauses it binds them to, else under those of
    its rules that say so, and undoing either. They are reversible on most networks and must be quick."""
    found: list[tuple[str, str]] = []
    for kind, undone in (("hide", "unhide"), ("remove", "approve")):
        ruled = dict.fromkeys(rule.clause for rule in pack.rules if rule.then.moderate == kind)
        clauses = pack.bound(f"desk:{kind}") or tuple(ruled)
        found += [(kind, clause) for clause in clauses] + [(undone, clause) for clause in clauses]
    return found


@transaction.atomic
def sign_wording(wording: str, *, by: User, at: datetime) -> StandingSignOff:
    """Signs off one approved wording of the policy in force, as it stands."""
    require_sign_off(by, at)
    pack = in_force(at)
    found = pack.wordings.get(wording)
    if found is None:
        raise LookupError(f"The policy has no wording “{wording}”. It has: {', '.join(pack.wordings)}.")
    standing, new = StandingSignOff.objects.get_or_create(
        wording=wording,
        text_digest=text_digest(found.text),
        moderation="",
        clause=found.clause,
        revoked_at=None,
        defaults={"pack_digest": pack.digest, "signer": by, "at": at},
    )
    return _kept(standing, new, by=by, at=at)


def _kept(standing: StandingSignOff, new: bool, *, by: User, at: datetime) -> StandingSignOff:
    if not new and not signs_off(standing.signer, at):  # its signer has left or lost the role: signed afresh
        StandingSignOff.objects.filter(pk=standing.pk).update(revoked_at=at)
        standing = StandingSignOff.objects.create(
            wording=standing.wording,
            text_digest=standing.text_digest,
            moderation=standing.moderation,
            clause=standing.clause,
            pack_digest=in_force(at).digest,
            signer=by,
            at=at,
        )
        new = True
    if new:
        detail = {
            "wording": standing.wording,
            "text": standing.text_digest,
            "moderation": standing.moderation,
        }
        clauses = ["desk:sign_off", standing.clause]
        record("standing.signed", f"standing:{standing.pk}", by=by, at=at, clauses=clauses, detail=detail)
    return standing


@transaction.atomic
def sign_moderation(moderation: str, clause: str, *, by: User, at: datetime) -> StandingSignOff:
    """Agrees, until revoked, that staff approved for a channel may moderate in this way under this clause."""
    require_sign_off(by, at)
    if moderation not in MODERATION:
        raise LookupError(f"There is no moderation “{moderation}”. There are: {', '.join(MODERATION)}.")
    in_force(at).clause(clause)
    standing, new = StandingSignOff.objects.get_or_create(
        moderation=moderation,
        clause=clause,
        wording="",
        text_digest="",
        revoked_at=None,
        defaults={"pack_digest": in_force(at).digest, "signer": by, "at": at},
    )
    return _kept(standing, new, by=by, at=at)


def sign_all(*, by: User, at: datetime) -> int:
    """Signs every wording and every moderation of the policy in force. Returns how many stand."""
    pack = in_force(at)
    for wording in pack.wordings:
        sign_wording(wording, by=by, at=at)
    for moderation, clause in moderation_clauses(pack):
        sign_moderation(moderation, clause, by=by, at=at)
    return StandingSignOff.objects.filter(revoked_at=None).count()


@transaction.atomic
def revoke(standing: StandingSignOff, *, by: User, at: datetime) -> None:
    """Ends a standing sign-off; from now on each use needs a sign-off of its own."""
    require_sign_off(by, at)
    if StandingSignOff.objects.filter(pk=standing.pk, revoked_at=None).update(revoked_at=at):
        clauses = ["desk:sign_off", standing.clause]
        record("standing.revoked", f"standing:{standing.pk}", by=by, at=at, clauses=clauses)


def standing_for(act: Act, content: Content, *, pack: Pack, at: datetime) -> StandingSignOff | None:
    """The standing sign-off that covers this act, if one does. Its signer must still be able to sign off,
    and no writer of the act may have let them in. Taking away what looks like lawful speech is covered by none:
    somebody else looks at it."""
    if act.context.get("looks_lawful"):
        return None
    found: StandingSignOff | None = None
    valid = StandingSignOff.objects.filter(revoked_at=None).select_related("signer")
    if content.kind in MODERATION:
        found = valid.filter(moderation=content.kind, clause__in=act.clauses).first()
    elif act.wording and content.kind == "reply":
        wording = pack.wordings.get(act.wording)
        plain = not (content.media or content.link or content.title or content.parts)
        if wording is not None and plain and content.text == wording.text:
            found = valid.filter(wording=act.wording, text_digest=text_digest(content.text)).first()
    if found is None or not signs_off(found.signer, at) or by_its_writers(let_in_by(found.signer), act):
        return None
    return found


def unsigned_wordings(pack: Pack, at: datetime) -> list[str]:
    """The wordings of a pack, in force or not, that have no valid standing sign-off as they stand there."""
    signed = {
        (one.wording, one.text_digest, one.clause)
        for one in StandingSignOff.objects.filter(revoked_at=None, moderation="").select_related("signer")
        if signs_off(one.signer, at)
    }
    return [one.id for one in pack.wordings.values() if (one.id, text_digest(one.text), one.clause) not in signed]
