"""Unconfirmed acts: look on the network before anything is tried again; if looking cannot tell, ask a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from gatepost.channels.models import Channel
from gatepost.gate.content import WRITES, from_json
from gatepost.gate.media import MediaError
from gatepost.gate.models import Act, Attempt
from gatepost.gate.sending import DISPATCHER, keep_receipt, outgoing, sent, taken_refs
from gatepost.lifecycle import Conflict, advance
from gatepost.networks.protocol import Found, NotThere, Receipt, TryLater, Unknown
from gatepost.networks.registry import connect
from gatepost.vault import VaultError

LOOKS = 8  # after this many looks that could not tell, a person is asked


def sweep(*, at: datetime) -> int:
    """Attempts whose worker has gone silent past its lease become unconfirmed. Returns how many."""
    with transaction.atomic():
        lost = list(
            Attempt.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("act")
            .filter(outcome="", lease_until__lt=at)[:500]
        )
        says = "The worker stopped before the network's answer was kept. Looking whether it was taken."
        for attempt in lost:
            Attempt.objects.filter(pk=attempt.pk).update(outcome="unknown", settled_at=at, says=says)
            advance(attempt.act, "lost_sight", by=DISPATCHER, at=at, look_at=at, looks=0, says=says)
    return len(lost)


def look(*, at: datetime, limit: int = 50) -> int:
    """Looks for unconfirmed acts that are due for a look, one after another. Returns how many were looked for."""
    with transaction.atomic():
        acts = list(
            Act.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("channel")
            .filter(state="unconfirmed", look_at__lte=at)
            .order_by("look_at")[:limit]
        )
        # Nobody else looks for these meanwhile; if this worker dies, they are looked for again.
        later = at + timedelta(seconds=settings.LEASE_SECONDS)
        Act.objects.filter(pk__in=[act.pk for act in acts]).update(look_at=later)
    for act in acts:
        first = Attempt.objects.filter(act=act).order_by("at").first()
        found = _find(act, first.at if first else act.created_at)
        with transaction.atomic():
            _conclude(act, found, at=at)
    return len(acts)


def _find(act: Act, since: datetime) -> Found:
    try:
        call = outgoing(act, from_json(act.content), since=since, taken=taken_refs(act.channel, since))
        return connect(act.channel.account()).find(call)
    except (VaultError, MediaError) as error:
        return Unknown(str(error))
    except Exception as error:  # a connector must not raise; if one does, we still do not know
        return Unknown(f"The connector failed: {type(error).__name__}.")


def _conclude(act: Act, found: Found, *, at: datetime) -> None:
    attempt = Attempt.objects.filter(act=act).order_by("-at", "-pk").first()
    try:
        if isinstance(found, Receipt) and _may_be_anothers(act, found):
            soon = at + timedelta(seconds=2)  # what it was found by is settled by then
            Act.objects.filter(pk=act.pk, state="unconfirmed").update(look_at=soon)
        elif isinstance(found, Receipt):
            if attempt is not None:
                keep_receipt(attempt.pk, act, found, running=["", "unknown"], at=at, found=True)
            sent(act, found, at=at)
        elif isinstance(found, NotThere) and (attempt is None or attempt.lease_until < at):
            # The request cannot be under way any more and the network does not have it: it may go again.
            detail = {"looked": True, "looks": act.looks + 1}
            says = "Looked on the network: it was not taken. It goes again."
            advance(act, "not_there", by=DISPATCHER, at=at, detail=detail, says=says, look_at=None, looks=0)
        else:
            _look_again(act, found, attempt, at=at)
    except Conflict:  # settled by its own worker or by a person while we looked
        return


def _may_be_anothers(act: Act, found: Receipt) -> bool:
    """Is what was found another act's, or may it be? The same words may be on their way twice on one channel (an
    approved wording often is), and two workers may look at once: one post must not count for both."""
    if act.kind not in WRITES:
        return False
    Channel.objects.select_for_update().get(pk=act.channel_id)  # one conclusion of a channel at a time
    others = Act.objects.filter(channel=act.channel_id).exclude(pk=act.pk)
    # In this order: what is being sent when first asked holds its ref when it is asked for next.
    same = {"content__text": act.content["text"], "content__in_reply_to": act.content["in_reply_to"]}
    return others.filter(state="sending", **same).exists() or others.filter(ref=found.ref[:300]).exists()


def _look_again(act: Act, found: Found, attempt: Attempt | None, *, at: datetime) -> None:
    looks = act.looks + 1
    if isinstance(found, NotThere) and attempt is not None:
        wait, says = attempt.lease_until - at + timedelta(seconds=1), "Not there yet. Looking again."
    elif isinstance(found, TryLater):
        wait, says = timedelta(seconds=max(5.0, min(found.seconds, 3600))), found.reason
    else:
        wait = timedelta(seconds=min(10 * 2**looks, 1800))
        says = getattr(found, "reason", "The network could not be asked.")
    told = looks >= LOOKS and not isinstance(found, NotThere)
    if told:
        says = f"It could not be found out whether this was taken ({says}). Look on the network and say."
    Act.objects.filter(pk=act.pk, state="unconfirmed").update(
        looks=looks, look_at=None if told else at + wait, says=says[:400]
    )
