"""Files that have gone up ahead of their post: which of them a post may name, and which posts wait for theirs.

gate/uploading.py brings them up. What is read here is read again at every sending: a file counts for exactly the
content it was brought up for, under the sign-off that it was brought up under.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from gatepost.gate.content import WRITES, Content, MediaRef
from gatepost.gate.media import file_of
from gatepost.gate.models import Act, Unseen
from gatepost.networks.charges import unseen_hours
from gatepost.networks.protocol import MediaFile

GIVE_UP = timedelta(minutes=5)
"""So long before its last moment a post waits no more for files that are still on their way: they go up with it."""


def lead(network: str) -> timedelta:
    """How long before its moment a post's files go up: at most half as long as the network keeps them unseen."""
    most = timedelta(hours=unseen_hours(network)) / 2
    return min(most, timedelta(minutes=max(settings.UPLOAD_AHEAD_MINUTES, 0)))


def last_moment(act: Act, content: Content, *, due: datetime) -> datetime:
    """After this a person is asked. A move inside the signed window does not make the window longer."""
    window = content.window()
    if window is not None and act.planned_at == due:
        return window[1]
    return due + timedelta(minutes=content.late_after)


def wait_until(act: Act, content: Content, *, at: datetime) -> datetime:
    return last_moment(act, content, due=act.due_at or at) - GIVE_UP


def files(act: Act, content: Content) -> Iterator[tuple[int, int, MediaRef]]:
    """(part, place, file) of everything that is still to leave."""
    for part, media in enumerate((content.media, *(part.media for part in content.parts))):
        if part >= act.parts_out:
            yield from ((part, place, item) for place, item in enumerate(media))


def brought_up(act: Act, at: datetime, *, begun: datetime | None = None) -> QuerySet[Unseen]:
    """What of the write that goes next is at the network and still kept there at that time; with `begun`, and was there
    when an attempt began."""
    rows = Unseen.objects.filter(act=act, part=act.parts_out, digest=act.digest, sign_off__voided_at=None)
    rows = rows.exclude(ready_at=None).exclude(ref="").filter(Q(expires_at=None) | Q(expires_at__gt=at))
    return rows if begun is None else rows.filter(ready_at__lte=begun)


def with_refs(
    act: Act, media: Sequence[MediaRef], *, at: datetime, begun: datetime | None = None
) -> tuple[MediaFile, ...]:
    """The files of what leaves next, each checked against its digest, with the refs of those that are there already; of
    an attempt that was claimed `at` and has `begun`, with those it named. Raises MediaError."""
    if not media:
        return ()
    there = {row.place: row for row in brought_up(act, at, begun=begun)}
    found = []
    for place, item in enumerate(media):
        row, file = there.get(place), file_of(item)
        found.append(replace(file, ref=row.ref) if row is not None and row.sha256 == item.sha256 else file)
    return tuple(found)


def still_waiting(acts: Iterable[tuple[Act, Content]], *, at: datetime) -> set[UUID]:
    """Those whose files are on their way, or whose films have yet to go up: they leave when these are there. None waits
    until it would be too late to leave without."""
    with_files = [(act, content) for act, content in acts if act.kind in WRITES and any(files(act, content))]
    if not with_files:
        return set()
    rows: dict[tuple[UUID, int, int], Unseen] = {
        (row.act_id, row.part, row.place): row
        for row in Unseen.objects.filter(act__in=[act.pk for act, _ in with_files]).select_related("sign_off")
    }
    waiting = set()
    for act, content in with_files:
        if not lead(act.channel.network) or at >= wait_until(act, content, at=at):
            continue
        for part, place, item in files(act, content):
            row = rows.get((act.pk, part, place))
            if part != act.parts_out or (row is not None and row.failed):
                continue
            there = row is not None and row.digest == act.digest and row.sign_off.voided_at is None
            ready = row is not None and there and row.ready_at is not None
            if not ready and (there or item.mime.startswith("video/")):
                waiting.add(act.pk)
    return waiting
