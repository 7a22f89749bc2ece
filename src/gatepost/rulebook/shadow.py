"""A draft policy tried beside the one in force: it decides every new message too, and only figures come of it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import F, Max

from gatepost.ledger.actions import record
from gatepost.people.authority import require_sign_off
from gatepost.people.models import User
from gatepost.policy import differences
from gatepost.policy.decide import decide, decide_many
from gatepost.policy.model import Decision, Inbound
from gatepost.policy.pack import Pack
from gatepost.policy.reading import Learnt
from gatepost.rulebook.actions import NotNow, keep_version, pack_of
from gatepost.rulebook.models import KeptDecision, Shadow, ShadowDecision

log = logging.getLogger("gatepost.rulebook")


@dataclass(frozen=True, slots=True)
class Beside:
    """The draft that runs beside the policy in force."""

    shadow: Shadow
    pack: Pack


@dataclass(frozen=True, slots=True)
class Otherwise:
    """One message the draft would have decided otherwise; `place` in the batch."""

    place: int
    fields: Mapping[str, tuple[str, ...]]
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the draft would have done since it began: `decided` messages, of which `otherwise` differ; counts by field,
    by (field, what) and by clause; `examples` are kept decisions that differ, the latest first."""

    decided: int
    otherwise: int
    failed: int
    fields: Mapping[str, int]
    details: Mapping[tuple[str, str], int]
    clauses: Mapping[str, int]
    examples: tuple[int, ...]


@transaction.atomic
def start(pack: Pack, *, by: User, at: datetime) -> Shadow:
    """Keeps a draft beside the policy in force. Its examples need not hold: it is tried to see what it does.

    Raises NotAllowed, NotNow when another draft runs already.
    """
    require_sign_off(by, at)
    last = KeptDecision.objects.aggregate(last=Max("pk"))["last"] or 0
    version = keep_version(pack, at=at)
    try:
        with transaction.atomic():
            shadow = Shadow.objects.create(pack=version, by=by.actor, at=at, after=last)
    except IntegrityError as error:
        says = "A draft runs beside the policy already. Stop it first: gatepost policy shadow --stop."
        raise NotNow(says) from error
    detail = {"digest": pack.digest, "pack": pack.id}
    record("policy.shadowed", f"pack:{pack.digest[:12]}", by=by, at=at, clauses=["desk:policy"], detail=detail)
    return shadow


@transaction.atomic
def stop(*, by: User, at: datetime) -> Shadow:
    """Ends the draft's trial; what it would have done stays to be read. Raises NotAllowed, NotNow when none runs."""
    require_sign_off(by, at)
    shadow = Shadow.objects.select_for_update().filter(active=True).select_related("pack").first()
    if shadow is None:
        raise NotNow("No draft runs beside the policy.")
    shadow.active, shadow.ended_at, shadow.ended_by = False, at, by.actor
    shadow.until = KeptDecision.objects.aggregate(last=Max("pk"))["last"] or 0
    shadow.save(update_fields=["active", "ended_at", "ended_by", "until"])
    detail = {"digest": shadow.pack_id}
    record("policy.shadow_ended", f"pack:{shadow.pack_id[:12]}", by=by, at=at, clauses=["desk:policy"], detail=detail)
    return shadow


def beside() -> Beside | None:
    """The draft to be asked as well, if there is one that can be."""
    shadow = Shadow.objects.filter(active=True).first()
    if shadow is None:
        return None
    try:
        return Beside(shadow, pack_of(shadow.pack_id))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # kept under an earlier release: a draft must never stop the messages
        log.error("the draft beside the policy cannot be read: %s", type(error).__name__)
        return None


def compare(
    draft: Beside,
    messages: Sequence[Inbound],
    decisions: Sequence[Decision],
    pack: Pack,
    *,
    learnt: Learnt | None = None,
) -> list[Otherwise] | None:
    """What the draft would have decided otherwise; None when it could not decide. Touches no row."""
    try:
        if draft.pack.files["words.toml"] == pack.files["words.toml"]:  # the same words read the same
            others = [
                decide(message, draft.pack, decision.at, decision.reading)
                for message, decision in zip(messages, decisions, strict=True)
            ]
        else:
            others = decide_many(messages, draft.pack, [decision.at for decision in decisions], learnt)
    except Exception as error:  # whatever is wrong with a draft, the messages are taken in
        log.error("the draft beside the policy cannot decide: %s", type(error).__name__)
        return None
    rules = differences.changed_rules(pack, draft.pack)
    found = []
    for place, (before, after) in enumerate(zip(decisions, others, strict=True)):
        if fields := differences.decisions(before, after):
            found.append(Otherwise(place, fields, differences.clauses_behind(before, after, rules)))
    return found


def keep_otherwise(draft: Beside, found: Sequence[Otherwise] | None, kept: Sequence[KeptDecision]) -> None:
    """Keeps what differs, in the caller's transaction. `kept`: the decisions of the policy in force, in their order."""
    if found is None:
        Shadow.objects.filter(pk=draft.shadow.pk).update(failed=F("failed") + len(kept))
        return
    ShadowDecision.objects.bulk_create(
        [
            ShadowDecision(
                shadow=draft.shadow,
                decision=kept[one.place],
                fields={name: list(what) for name, what in one.fields.items()},
                clauses=list(one.clauses),
            )
            for one in found
        ]
    )


def comparison(shadow: Shadow, *, examples: int = 20) -> Comparison:
    """The figures of one trial, running or ended."""
    ran = KeptDecision.objects.filter(pk__gt=shadow.after)
    if shadow.until is not None:
        ran = ran.filter(pk__lte=shadow.until)
    fields: Counter[str] = Counter()
    details: Counter[tuple[str, str]] = Counter()
    clauses: Counter[str] = Counter()
    otherwise = 0
    rows = ShadowDecision.objects.filter(shadow=shadow)
    for row in rows.values_list("fields", "clauses").iterator(chunk_size=2_000):
        otherwise += 1
        fields += Counter(list(row[0]))
        details += Counter((name, what) for name, words in row[0].items() for what in words)
        clauses += Counter(row[1] or [""])
    latest = rows.order_by("-pk").values_list("decision_id", flat=True)[:examples]
    return Comparison(ran.count(), otherwise, shadow.failed, fields, details, clauses, tuple(latest))
