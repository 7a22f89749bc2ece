"""Claim -> send -> settle. No transaction is open while a network is being talked to.

The attempt's row is committed before the first byte leaves, so a worker that dies leaves a trace: its lease runs
out, the act becomes unconfirmed, and gate/looking.py looks on the network before anything is tried again.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, IntegrityError, InterfaceError, transaction
from django.db.models import Q
from django.utils import timezone

from gatepost.gate.ahead import last_moment, still_waiting, wait_until, with_refs
from gatepost.gate.allowances import take, used_up
from gatepost.gate.approval import all_valid
from gatepost.gate.checking import findings_of, stops
from gatepost.gate.content import WRITES, Content, digest_of, from_json
from gatepost.gate.covering import without_force
from gatepost.gate.holds import covered
from gatepost.gate.media import MediaError
from gatepost.gate.models import Act, Attempt, SignOff
from gatepost.gate.parts import key_of, next_write
from gatepost.gate.powers import Powers
from gatepost.gate.precedence import in_the_way
from gatepost.ledger.actions import System
from gatepost.lifecycle import advance, advance_many
from gatepost.networks.client import BadAccount
from gatepost.networks.keeping_out import Blocks, ClosesComments, Mutes
from gatepost.networks.protocol import (
    Answer,
    Approves,
    Edits,
    Hides,
    Network,
    Outgoing,
    Refused,
    RemovesOthers,
    RepliesPrivately,
    Unknown,
)
from gatepost.networks.registry import connect
from gatepost.policy.pack import Pack
from gatepost.rulebook.actions import in_force
from gatepost.vault import VaultError

DISPATCHER = System("dispatcher")
PATIENCE = timedelta(seconds=5)  # until a post that waits for its files is asked again
LOOKED_AT_AGAIN = 24  # of these at once, after all that is due


@dataclass(frozen=True, slots=True)
class Claim:
    """One act a worker may send now, and until when."""

    attempt: int
    act: Act
    content: Content
    at: datetime
    lease: timedelta
    begin_by: datetime | None = None  # once begun: no request is made later, so that none outlives its lease


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Not tried after all; it keeps its sign-off and its place. `until`: not before then."""

    reason: str
    until: datetime | None = None


def claim(
    *, worker: str, at: datetime, limit: int = 200, lease: timedelta | None = None, passing: Sequence[int] = ()
) -> list[Claim]:
    """Takes up to `limit` due acts for this worker, each checked again; none of the channels in `passing`. Those that
    are found to wait for their files make room for others."""
    lease = lease or timedelta(seconds=settings.LEASE_SECONDS)
    look_again = True
    while True:
        claims, wait = _claimed(worker, limit, lease, passing, look_again=look_again, at=at)
        if claims or not wait:
            return claims
        look_again = False


@transaction.atomic
def _claimed(
    worker: str, limit: int, lease: timedelta, passing: Sequence[int], *, look_again: bool, at: datetime
) -> tuple[list[Claim], bool]:
    """What can leave of the acts that come next, and whether others of these were found to wait."""
    due = (
        Act.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("channel", "author")
        .filter(Q(try_at=None) | Q(try_at__lte=at), state="signed_off", due_at__lte=at)
        .filter(by_hand=False, channel__state="live")
        .exclude(Q(channel__in=passing) | Q(channel__in=used_up(at), kind__in=WRITES) | covered(at=at))
    )
    waits = Q(files_by__gt=at)
    acts = list(due.exclude(waits).order_by("due_at", "created_at")[:limit])
    fresh = {act.pk for act in acts}
    room = min(limit - len(acts), LOOKED_AT_AGAIN) if look_again else 0
    if room > 0:  # whoever knows that their files are there says so; these are in case nobody could
        acts += due.filter(waits).order_by("try_at", "due_at")[:room]
    if not acts:
        return [], False
    signed = all_valid([act.pk for act in acts])
    pack, powers = in_force(at), Powers(at)
    ready: list[tuple[Act, Content, SignOff]] = []
    for act in acts:
        content, because = checked(act, signed[act.pk], pack=pack, powers=powers)
        if because is not None or content is None:
            _turn_away(act, because or "It cannot be read", at=at)
        elif act.due_at and at > last_moment(act, content, due=act.due_at):
            says = f"It was due at {timezone.localtime(act.due_at):%H:%M on %-d %B} and did not leave in time."
            advance(act, "missed", by=DISPATCHER, at=at, clauses=["desk:gate"], says=says)
        else:
            ready.append((act, content, signed[act.pk][-1]))
    waiting = still_waiting([(act, content) for act, content, _ in ready], at=at)
    for act, content, _ in ready:
        if act.pk in waiting:
            until = wait_until(act, content, at=at)
            Act.objects.filter(pk=act.pk).update(try_at=min(at + PATIENCE, until), files_by=until)
    ready = [one for one in ready if one[0].pk not in waiting]
    ready, attempts = _attempts(ready, worker=worker, at=at, lease=lease)
    advance_many([act for act, _, _ in ready], "claimed", by=DISPATCHER, at=at, detail={"worker": worker})
    claims = [
        Claim(attempt.pk, act, content, at, lease) for attempt, (act, content, _) in zip(attempts, ready, strict=True)
    ]
    return claims, bool(waiting & fresh)


def _attempts(
    ready: list[tuple[Act, Content, SignOff]], *, worker: str, at: datetime, lease: timedelta
) -> tuple[list[tuple[Act, Content, SignOff]], list[Attempt]]:
    """Their attempts. An act that the database refuses is turned away alone: it stops no other."""

    def made(act: Act, sign_off: SignOff) -> Attempt:
        until = at + lease
        return Attempt(
            act=act, digest=act.digest, part=act.parts_out, sign_off=sign_off, worker=worker, at=at, lease_until=until
        )

    try:
        with transaction.atomic():
            return ready, Attempt.objects.bulk_create(made(act, sign_off) for act, _, sign_off in ready)
    except IntegrityError:
        pass
    kept, attempts = [], []
    for act, content, sign_off in ready:
        try:
            with transaction.atomic():
                attempts += Attempt.objects.bulk_create([made(act, sign_off)])
        except IntegrityError:
            _turn_away(act, "The database refused it: it is not signed off as it stands", at=at)
        else:
            kept.append((act, content, sign_off))
    return kept, attempts


def checked(act: Act, signed: Sequence[SignOff], *, pack: Pack, powers: Powers) -> tuple[Content | None, str | None]:
    """The content and why it may not leave. An act that cannot even be checked does not leave, and stops no other."""
    try:
        content = from_json(act.content)
        return content, why_not(act, content, signed, pack=pack, powers=powers)
    except (DatabaseError, InterfaceError):
        raise
    except Exception as error:
        return None, f"It could not be checked ({type(error).__name__})"


def why_not(act: Act, content: Content, signed: Sequence[SignOff], *, pack: Pack, powers: Powers) -> str | None:
    """Why this act may not leave now although it was signed off; None when it may."""
    if digest_of(act.content) != act.digest:
        return "Its content is not what its digest says"
    if ended := content.too_late(powers.at):
        return ended
    if because := without_force(act, signed, pack=pack, powers=powers) or in_the_way(act):
        return because
    found = stops(
        findings_of(
            content,
            act.channel.network,
            pack=pack,
            at=powers.at,
            context={**act.context, "author": act.author_id},
            wording=act.wording,
            lines=powers.lines,
        )
    )
    if found:
        because = f" ({found[0].clause})" if found[0].clause else ""
        return f"The policy stops it{because}: {found[0].message}"
    return None


def begin(claims: Sequence[Claim], *, at: datetime) -> list[tuple[Claim, GivenBack | None]]:
    """The last look before the networks are asked, at several claims at once; those that may go are marked as begun.

    One transaction, committed before the first byte leaves. From here on only the network knows whether an act was
    taken. An attempt that others have ended meanwhile is not begun, so what was given back cannot leave twice.
    """
    with transaction.atomic():
        rows = Attempt.objects.select_for_update().filter(pk__in=[one.attempt for one in claims], outcome="")
        mine = dict(rows.order_by("pk").values_list("pk", "lease_until"))
        stopped = _stopped_since([one.act for one in claims], at=at)
        may = [one.act for one in claims if one.attempt in mine and one.act.pk not in stopped]
        full = take(may, at=at)
        looked: list[tuple[Claim, GivenBack | None]] = []
        for one in claims:
            because = stopped.get(one.act.pk)
            if one.act.pk in full:
                until = full[one.act.pk]
                says = f"{one.act.channel.name} takes nothing more until {timezone.localtime(until):%H:%M}. It waits."
                looked.append((one, GivenBack(says, until)))
                continue
            if one.attempt not in mine:
                because = "It is no longer this worker's to send."
            elif at > mine[one.attempt]:
                because = "The worker ran out of time before it began."
            begun = replace(one, begin_by=at + one.lease / 2)
            looked.append((one, GivenBack(because)) if because else (begun, None))
        for lease in {one.lease for one, because in looked if because is None}:
            ready = [one.attempt for one, because in looked if because is None and one.lease == lease]
            Attempt.objects.filter(pk__in=ready).update(begun_at=at, lease_until=at + lease)
    return looked


def _stopped_since(acts: Sequence[Act], *, at: datetime) -> dict[UUID, str]:
    """What has happened since the claim that keeps these acts from leaving, by act. The next claim deals with it. Each
    act gets its channel as it is now."""
    keys = [act.pk for act in acts]
    held = set(Act.objects.filter(covered(at=at), pk__in=keys).values_list("pk", flat=True))
    fresh = {act.pk: act for act in Act.objects.filter(pk__in=keys).select_related("channel", "author")}
    signed = all_valid(keys)
    pack, powers = in_force(at), Powers(at)
    stopped: dict[UUID, str] = {}
    for act in acts:
        now = fresh[act.pk]
        if act.pk in held:
            stopped[act.pk] = "A hold was put on it."
        elif now.state != "sending" or (now.digest, now.parts_out) != (act.digest, act.parts_out):
            stopped[act.pk] = "It is no longer this worker's to send."
        elif now.channel.state != "live":
            stopped[act.pk] = f"{now.channel.name} is no longer live."
        elif ended := from_json(now.content).too_late(at):
            stopped[act.pk] = f"{ended}."
        elif because := without_force(now, signed[act.pk], pack=pack, powers=powers):
            stopped[act.pk] = f"{because}."
        act.channel = now.channel
    return stopped


def _turn_away(act: Act, because: str, *, at: datetime) -> None:
    SignOff.objects.filter(act=act, voided_at=None).update(voided_at=at, voided_because=because[:200])
    says = f"{because}. The sign-off is void. Nothing was sent."
    advance(act, "voided", by=DISPATCHER, at=at, clauses=["desk:gate"], says=says[:400], due_at=None, waits_since=at)


def outgoing(
    act: Act,
    content: Content,
    *,
    at: datetime,
    begun: datetime | None = None,
    since: datetime | None = None,
    taken: Iterable[str] = (),
) -> Outgoing:
    """What of the act leaves next, as a connector needs it, with its pictures' bytes and the refs of those that are at
    the network already and still kept there `at` the claim; with `begun`, as the attempt that began then had them.
    Raises MediaError."""
    content = next_write(act, content)
    return Outgoing(
        key=key_of(act, act.parts_out),
        kind=content.kind,
        text=content.text,
        title=content.title,
        link=content.link,
        media=with_refs(act, content.media, at=at, begun=begun),
        in_reply_to=content.in_reply_to,
        target=content.target,
        since=since,
        taken=frozenset(taken),
        privately=content.privately,
    )


def perform(network: Network, act: Outgoing) -> Answer:
    """The one place where a network's write calls are made."""
    if act.privately:  # never by the public way
        if isinstance(network, RepliesPrivately):
            return network.reply_privately(act)
        return Refused("This network takes no private message to somebody who wrote in public.", "unsupported")
    if act.kind in ("publish", "reply"):
        return network.publish(act)
    if act.kind == "delete":
        return network.remove(act.target)
    if act.kind == "edit" and isinstance(network, Edits):
        return network.edit(act)
    if act.kind == "hide" and isinstance(network, Hides):
        return network.hide(act.target)
    if act.kind == "unhide" and isinstance(network, Hides):
        return network.unhide(act.target)
    if act.kind == "remove" and isinstance(network, RemovesOthers):
        return network.remove_other(act.target)
    if act.kind == "approve" and isinstance(network, Approves):
        return network.approve(act.target)
    if act.kind in ("block", "unblock") and isinstance(network, Blocks):
        return network.block(act.target) if act.kind == "block" else network.unblock(act.target)
    if act.kind in ("mute", "unmute") and isinstance(network, Mutes):
        return network.mute(act.target) if act.kind == "mute" else network.unmute(act.target)
    if act.kind in ("close", "reopen") and isinstance(network, ClosesComments):
        return network.close_comments(act.target) if act.kind == "close" else network.reopen_comments(act.target)
    return Refused(f"This network does not let us {act.kind} this.", "unsupported")


def send(claimed: Claim) -> Answer | GivenBack:
    """Talks to the network, once; a claim not yet begun is looked at first. Raises nothing after that: what goes
    wrong becomes an answer."""
    now = max(timezone.now(), claimed.at)
    if claimed.begin_by is None:
        [(claimed, back)] = begin([claimed], at=now)
        if back is not None:
            return back
    act = claimed.act
    begin_by = time.monotonic() + ((claimed.begin_by or now) - now).total_seconds()
    try:
        network = connect(replace(act.channel.account(), begin_by=begin_by))
        call = outgoing(act, claimed.content, at=claimed.at)
    except (VaultError, MediaError, BadAccount) as error:
        return Refused(str(error), "ours")
    try:
        return perform(network, call)
    except Exception as error:  # a connector must not raise; if one does, the network may have taken it
        return Unknown(f"The connector failed: {type(error).__name__}.")
