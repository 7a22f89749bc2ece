"""Unconfirmed acts: look on the network before anything is tried again; if looking cannot tell, ask a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from gatepost.channels.models import Channel
from gatepost.gate.beats import gone
from gatepost.gate.content import WRITES, BadContent, from_json
from gatepost.gate.media import MediaError
from gatepost.gate.models import Act, Attempt, PublishedPart
from gatepost.gate.parts import next_write
from gatepost.gate.sending import DISPATCHER, outgoing
from gatepost.gate.settling import keep_receipt, sent, taken_refs
from gatepost.lifecycle import Conflict, advance, advance_many
from gatepost.networks.client import BadAccount
from gatepost.networks.protocol import FindsMany, Found, NotThere, Outgoing, Receipt, TryLater, Unknown
from gatepost.networks.registry import connect
from gatepost.vault import VaultError

LOOKS = 8  # after this many looks that could not tell, a person is asked
LOST = "The worker stopped before the network's answer was kept. Looking whether it was taken."
NOT_BEGUN = "The worker stopped before it had begun. Nothing had left; it goes again."
Together = Callable[[Sequence[Callable[[], None]]], None]


def in_turn(steps: Sequence[Callable[[], None]]) -> None:
    """One after another, in this thread."""
    for step in steps:
        step()


def sweep(*, at: datetime) -> int:
    """Attempts whose worker has gone: one that had not begun gives its act back, for nothing has left; one that had
    begun makes it unconfirmed, and it is looked for. Returns how many."""
    with transaction.atomic():
        lost = list(
            Attempt.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("act")
            .filter(Q(lease_until__lt=at) | Q(worker__in=gone(at)), outcome="")[:500]
        )
        past = [attempt.pk for attempt in lost if attempt.part != attempt.act.parts_out]  # it has gone on without them
        Attempt.objects.filter(pk__in=past).update(outcome="unknown", settled_at=at, says=LOST)
        mine = [attempt for attempt in lost if attempt.part == attempt.act.parts_out]
        fresh = [attempt for attempt in mine if attempt.begun_at is None]
        begun = [attempt for attempt in mine if attempt.begun_at is not None]
        _end(fresh, "given_back", NOT_BEGUN, at=at, try_at=None)
        _end(begun, "lost_sight", LOST, at=at, look_at=at, looks=0)
    return len(lost)


def _end(attempts: Sequence[Attempt], verb: str, says: str, *, at: datetime, **fields: Any) -> None:
    outcome = "unknown" if verb == "lost_sight" else "given_back"
    rows = Attempt.objects.filter(pk__in=[attempt.pk for attempt in attempts])
    rows.update(outcome=outcome, settled_at=at, says=says)
    advance_many([attempt.act for attempt in attempts], verb, by=DISPATCHER, at=at, says=says, **fields)


def look(*, at: datetime, limit: int = 500, together: Together = in_turn) -> int:
    """Looks for unconfirmed acts that are due for a look, a channel's together; `together` may do the channels side
    by side. Returns how many were looked for."""
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
    by_channel: dict[int, list[Act]] = {}
    for act in acts:
        by_channel.setdefault(act.channel_id, []).append(act)
    together([partial(_look_for, group, at=at) for group in by_channel.values()])
    return len(acts)


def _look_for(acts: Sequence[Act], *, at: datetime) -> None:
    """Asks one channel's network for several acts, and concludes of each."""
    begun = Attempt.objects.filter(act__in=acts, part=F("act__parts_out")).exclude(outcome="given_back")
    tries = list(begun.order_by("at", "pk").values_list("act", "at", "begun_at"))
    first = {pk: claimed for pk, claimed, _ in reversed(tries)}
    since = {act.pk: first.get(act.pk, act.created_at) for act in acts}
    last = {pk: (claimed, began or claimed) for pk, claimed, began in tries}
    for act, found in zip(acts, _find(acts, since, last), strict=True):
        with transaction.atomic():
            _conclude(act, found, at=at)


def _find(
    acts: Sequence[Act], since: Mapping[UUID, datetime], last: Mapping[UUID, tuple[datetime, datetime]]
) -> list[Found]:
    """`since`: when the first attempt was made. `last`: when the latest one was claimed, and when it began."""
    channel = acts[0].channel
    try:
        taken = taken_refs(channel, min(since.values()))
        network = connect(channel.account())
    except (VaultError, BadAccount) as error:
        return [Unknown(str(error))] * len(acts)
    calls: dict[UUID, Outgoing] = {}
    found: dict[UUID, Found] = {}
    for act in acts:
        try:
            claimed, begun = last.get(act.pk, (since[act.pk], since[act.pk]))
            content = from_json(act.content)
            calls[act.pk] = outgoing(act, content, at=claimed, begun=begun, since=since[act.pk], taken=taken)
        except (MediaError, BadContent) as error:
            found[act.pk] = Unknown(str(error))
    try:
        if isinstance(network, FindsMany) and len(calls) > 1:
            found |= dict(zip(calls, network.find_many(list(calls.values())), strict=True))
        else:
            found |= {key: network.find(call) for key, call in calls.items()}
    except Exception as error:  # a connector must not raise; if one does, we still do not know
        found = {key: Unknown(f"The connector failed: {type(error).__name__}.") for key in calls} | found
    return [found[act.pk] for act in acts]


def _conclude(act: Act, found: Found, *, at: datetime) -> None:
    # The attempt before its act, as everybody locks them. What was looked for may be out by now and the act on its way
    # with its next part, unconfirmed once more: of that part this look says nothing.
    attempts = Attempt.objects.select_for_update().filter(act=act, part=act.parts_out)
    attempt = attempts.order_by("-at", "-pk").first()
    same = Act.objects.select_for_update().filter(pk=act.pk, state="unconfirmed", parts_out=act.parts_out)
    if not same.exists():
        return
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
    # One conclusion of a channel at a time. Without its key: a receipt that is kept meanwhile writes a row that points
    # at the channel, and would wait for us with the attempt in hand for which we then wait.
    Channel.objects.select_for_update(no_key=True).get(pk=act.channel_id)
    others = Act.objects.filter(channel=act.channel_id).exclude(pk=act.pk)
    # In this order: what is being sent when first asked holds its ref when it is asked for next.
    mine = next_write(act, from_json(act.content))
    sending = others.filter(state="sending")
    if sending.filter(content__text=mine.text, content__in_reply_to=mine.in_reply_to).exists():
        return True
    for other in sending.filter(parts_out__gt=0).select_related("channel"):
        try:
            theirs = next_write(other, from_json(other.content))
        except BadContent:  # nor can it have been taken up to leave
            continue
        if (theirs.text, theirs.in_reply_to) == (mine.text, mine.in_reply_to):
            return True
    parts = PublishedPart.objects.filter(item__channel=act.channel_id, ref=found.ref[:300]).exclude(item=act.pk)
    return others.filter(ref=found.ref[:300]).exists() or parts.exists()


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
