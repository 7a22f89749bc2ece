"""Pictures and films of signed posts go up to their networks ahead of the moment, unseen: take -> bring up -> keep.

The same looks as before a post leaves: digest, sign-offs, holds, policy. The row is committed before the first byte
leaves, and the database refuses it without the sign-offs. A worker that dies leaves at most a file at the network that
no post names. What is signed no more is thrown away, there and here.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from gatepost.gate.ahead import files, lead
from gatepost.gate.approval import valid_sign_offs
from gatepost.gate.beats import silent
from gatepost.gate.content import WRITES, BadContent, Content, MediaRef, from_json
from gatepost.gate.holds import covered
from gatepost.gate.media import MediaError, file_of
from gatepost.gate.models import Act, Attempt, SignOff, Unseen
from gatepost.gate.parts import key_of
from gatepost.gate.powers import Powers
from gatepost.gate.sending import checked
from gatepost.ledger.actions import System, record
from gatepost.networks.charges import unseen_hours
from gatepost.networks.client import BadAccount
from gatepost.networks.limits import all_networks, network_title
from gatepost.networks.protocol import MediaFile, Refused, TryLater, Unknown, UploadAnswer, Uploaded, UploadsAhead
from gatepost.networks.registry import connect
from gatepost.rulebook.actions import in_force
from gatepost.vault import VaultError

BY = System("uploader")
LEASE = timedelta(hours=1)  # a film of half a gigabyte over a slow line
SPARE = timedelta(minutes=10)  # what ends within it is brought up anew
LOOKED_AT, MOST = 200, 10_000  # posts at once, and in one go
THROWN = 2  # at the network in one step: nothing goes up meanwhile
THROWN_WITHIN = 10.0  # seconds: no request of that step is begun later
LEAVING = ("sending", "unconfirmed", "sent")
KEPT = ("signed_off", "missed", "sending", "unconfirmed")  # of these acts what is up stays up


@dataclass(frozen=True, slots=True)
class Job:
    """One file that this worker brings up now, or goes on with, and until when it may."""

    row: int
    act: Act
    part: int
    place: int
    item: MediaRef
    ref: str
    until: datetime


def take(*, worker: str, at: datetime, limit: int, passing: Sequence[int] = ()) -> list[Job]:
    """Up to `limit` files of posts that are due before long, one for each channel that is not in `passing`."""
    soon = Q(pk__in=[])
    for network in all_networks():
        if lead(network):
            soon |= Q(channel__network=network, due_at__lte=at + lead(network))
    some = Q(content__media__0__isnull=False) | Q(content__parts__contains=[{"media": [{}]}])
    acts = Act.objects.filter(soon, some, state="signed_off", kind__in=WRITES, by_hand=False, channel__state="live")
    acts = acts.filter(Q(try_at=None) | Q(try_at__lte=at + SPARE)).exclude(Q(channel__in=passing) | covered(at=at))
    jobs: list[Job] = []
    busy: set[int] = set()
    for act in _with_work(acts.order_by("due_at", "created_at", "pk"), at=at):
        if len(jobs) == limit:
            break
        if act.channel_id not in busy and (job := _take(act.pk, worker=worker, at=at)):
            jobs.append(job)
            busy.add(act.channel_id)
    return jobs


def _with_work(acts: QuerySet[Act] | Sequence[Act], *, at: datetime) -> Iterator[Act]:
    """Those with something to bring up, before any of them is locked and checked: most are up already, or the network
    is at work on them."""
    for begin in range(0, MOST, LOOKED_AT):
        some = list(acts[begin : begin + LOOKED_AT])
        known: dict[UUID, list[Unseen]] = {act.pk: [] for act in some}
        for row in Unseen.objects.filter(act__in=known):
            known[row.act_id].append(row)
        for act in some:
            try:
                content = from_json(act.content)
            except BadContent:  # it cannot be read: the claim says so, and it stops no other
                continue
            if _next(act, content, known[act.pk], at=at):
                yield act
        if len(some) < LOOKED_AT:
            return


def _next(
    act: Act, content: Content, known: Sequence[Unseen], *, at: datetime
) -> tuple[int, int, MediaRef, Unseen | None] | None:
    """(part, place, file, its row if it has one) of what is to be brought up next, or gone on with."""
    rows = {(row.part, row.place): row for row in known}
    free = silent({row.worker for row in known if row.lease_until}, at)
    for part, place, item in files(act, content):
        row = rows.get((part, place))
        if row is None:
            return part, place, item, None
        if row.ready_at or row.failed or (row.lease_until and row.lease_until > at and row.worker not in free):
            continue
        if row.go_on_at is None or row.go_on_at <= at:
            return part, place, item, row
    return None


@transaction.atomic
def _take(pk: UUID, *, worker: str, at: datetime) -> Job | None:
    rows = Act.objects.select_for_update(skip_locked=True, of=("self",)).select_related("channel", "author")
    act = rows.filter(pk=pk, state="signed_off").exclude(covered(at=at)).first()
    if act is None:
        return None
    signed = valid_sign_offs(act)
    content, because = checked(act, signed, pack=in_force(at), powers=Powers(at))
    if content is None or because is not None or not signed:
        return None  # the claim says so when it is due
    found = _next(act, content, list(Unseen.objects.filter(act=act)), at=at)
    if found is None:
        return None
    part, place, item, row = found
    if row is None:
        return _begun(act, part, place, item, signed[-1], worker=worker, at=at)
    until = at + LEASE
    Unseen.objects.filter(pk=row.pk).update(lease_until=until, worker=worker)
    return Job(row.pk, act, part, place, item, row.ref, until)


def _begun(
    act: Act, part: int, place: int, item: MediaRef, sign_off: SignOff, *, worker: str, at: datetime
) -> Job | None:
    until = at + LEASE
    try:
        with transaction.atomic():
            row = Unseen.objects.create(
                act=act,
                digest=act.digest,
                sign_off=sign_off,
                part=part,
                place=place,
                sha256=item.sha256,
                worker=worker,
                at=at,
                lease_until=until,
            )
    except IntegrityError:  # the database found it not signed
        return None
    return Job(row.pk, act, part, place, item, "", until)


def bring_up(job: Job) -> UploadAnswer:
    """Talks to the network, with no transaction open. Raises nothing: what goes wrong becomes an answer."""
    begin_by = time.monotonic() + (LEASE * 0.8).total_seconds()
    try:
        network = connect(replace(job.act.channel.account(), begin_by=begin_by))
        if not isinstance(network, UploadsAhead):
            return Refused("This network takes no files before their post.")
        file = replace(file_of(job.item), ref=job.ref)
    except (VaultError, MediaError, BadAccount) as error:
        return Refused(str(error), "ours")
    try:
        return network.upload_unseen(file, key=key_of(job.act, job.part), place=job.place)
    except Exception as error:  # a connector must not raise; nobody sees what it may have sent
        return Unknown(f"The connector failed: {type(error).__name__}.")


@transaction.atomic
def keep(job: Job, answer: UploadAnswer, *, at: datetime) -> None:
    """Keeps what the network said, unless somebody else has gone on with the file meanwhile."""
    act = Act.objects.select_for_update().get(pk=job.act.pk)  # no claim of it meanwhile
    rows = Unseen.objects.filter(pk=job.row, lease_until=job.until)
    if act.parts_out > job.part or (act.parts_out == job.part and act.state in LEAVING):
        rows.update(lease_until=None)  # its post has gone without it, and must not be looked for by it
        return
    detail = {"digest": job.act.digest, "part": job.part, "place": job.place}
    if isinstance(answer, Uploaded):
        most = timedelta(hours=unseen_hours(job.act.channel.network)).total_seconds()
        ends = at + timedelta(seconds=min(answer.keeps or most, most)) - SPARE
        going_on = at + timedelta(seconds=answer.after) if answer.after else None
        ready = None if answer.after else at
        done = rows.update(ref=answer.ref[:300], lease_until=None, go_on_at=going_on, ready_at=ready, expires_at=ends)
        if done and ready:
            _need_not_wait(act)
            record("act.uploaded_ahead", f"act:{job.act.pk}", by=BY, at=at, clauses=["desk:gate"], detail=detail)
            _tell(job.act, at=at)
    elif isinstance(answer, Refused):
        if rows.update(failed=answer.reason[:400], lease_until=None):
            _need_not_wait(act)
            record("act.not_uploaded_ahead", f"act:{job.act.pk}", by=BY, at=at, clauses=["desk:gate"], detail=detail)
            says = f"A picture or film of it could not be brought up: {answer.reason} It is tried again with the post."
            Act.objects.filter(pk=job.act.pk, state="signed_off").update(says=says[:400])
    else:
        wait = answer.seconds if isinstance(answer, TryLater) else 60.0
        rows.update(lease_until=None, go_on_at=at + timedelta(seconds=min(max(wait, 5.0), 3600.0)))


def _need_not_wait(act: Act) -> None:
    """Whatever else it waits for, the next claim sees."""
    Act.objects.filter(pk=act.pk, files_by__isnull=False).update(files_by=None, try_at=None)


def _tell(act: Act, *, at: datetime) -> None:
    """When all of it is there, whoever looks at the post reads so."""
    content = from_json(act.content)
    up = set(Unseen.objects.filter(act=act).exclude(ready_at=None).values_list("part", "place"))
    if all((part, place) in up for part, place, _ in files(act, content)):
        says = f"Its pictures and films are at {network_title(act.channel.network)} already. Nobody sees them yet."
        Act.objects.filter(pk=act.pk, state="signed_off", says="").update(says=says)


def throw_away(*, at: datetime) -> int:
    """Lets go of what no signed post will name any more. What the network still has, and no attempt has named, is
    deleted there, a few at a time. Returns how many."""
    out = Q(part__lt=F("act__parts_out")) | ~Q(act__state__in=KEPT)
    void = ~Q(digest=F("act__digest")) | Q(sign_off__voided_at__isnull=False) | Q(expires_at__lte=at)
    with transaction.atomic():
        rows = Unseen.objects.select_for_update(skip_locked=True, of=("self",)).select_related("act__channel")
        rows = rows.filter(out | void).exclude(act__state__in=("sending", "unconfirmed"))
        lost = list(rows.filter(Q(lease_until=None) | Q(lease_until__lte=at))[:50])
        there = [row for row in lost if row.ref and not _may_be_named(row)]
        there, later = there[:THROWN], {row.pk for row in there[THROWN:]}
        lost = [row for row in lost if row.pk not in later]
        for row in there:
            detail = {"digest": row.digest, "part": row.part, "place": row.place}
            record("act.upload_thrown_away", f"act:{row.act_id}", by=BY, at=at, clauses=["desk:gate"], detail=detail)
        Unseen.objects.filter(pk__in=[row.pk for row in lost]).delete()
    begin_by = time.monotonic() + THROWN_WITHIN
    for row in there:
        _thrown(row, begin_by=begin_by)
    return len(lost)


def _may_be_named(row: Unseen) -> bool:
    """Has an attempt gone out that may have named it? Then it may be public by now and is left alone."""
    act = row.act
    if act.state == "sent" or row.part < act.parts_out:
        return True
    return Attempt.objects.filter(act=act, part=row.part, begun_at__gte=row.at).exists()


def _thrown(row: Unseen, *, begin_by: float) -> None:
    """Whatever goes wrong here leaves a file that no post names, which the network lets go of by itself."""
    try:
        network = connect(replace(row.act.channel.account(), begin_by=begin_by))
        if isinstance(network, UploadsAhead):
            network.forget_unseen(MediaFile(b"", "", "", "", ref=row.ref))
    except Exception:  # nothing of it is public, and the row is gone
        return
