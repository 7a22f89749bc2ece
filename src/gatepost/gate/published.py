"""What of ours is on the networks: kept when a network takes it, changed when it is edited or taken down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from gatepost import jobs
from gatepost.gate.content import WRITES, from_json
from gatepost.gate.models import Act, Published, PublishedPart
from gatepost.gate.world import ONLINE
from gatepost.ledger.actions import Actor, record
from gatepost.networks.charges import reading_costs

SOON = timedelta(minutes=10)
LOOKS = (SOON, timedelta(days=1), timedelta(days=7), timedelta(days=30), timedelta(days=90), timedelta(days=365))
PAID_LOOKS = (timedelta(days=1), timedelta(days=30), timedelta(days=365))


def note_sent(acts: Iterable[Act], *, at: datetime) -> None:
    """Keeps what the networks have just taken: a post or reply is online; an edit or a deletion changes what was."""
    rows = list(acts)
    fresh = [act for act in rows if act.kind in WRITES and not is_private(act)]
    Published.objects.bulk_create(
        [
            Published(
                act=act,
                channel_id=act.channel_id,
                ref=act.ref,
                since=at,
                expires_at=(ends := from_json(act.content).expires_at),
                check_at=next_look(act.channel.network, at, at, ends=ends) if act.ref else None,
            )
            for act in fresh
        ],
        ignore_conflicts=True,
    )
    for act in rows:
        about = subject_of(act)
        if about is None:
            continue
        if act.kind == "delete":
            says = f"Taken down: {act.reason}"[:400]
            values = {"status": "retracted", "changed_at": at, "check_at": None, "says": says}
            target = str(act.content.get("target", ""))
            Published.objects.filter(pk=about, ref=target).update(**values)
            PublishedPart.objects.filter(item=about, ref=target).update(status="retracted", says=says)
        elif act.kind == "edit" and (part := part_of(act)):
            values = {"ref": act.ref, "status": "online", "says": f"Edited: {act.reason}"[:400]}
            PublishedPart.objects.filter(item=about, number=part).update(**values)
            Published.objects.filter(pk=about, status__in=ONLINE).update(check_at=at + SOON)
        elif act.kind == "edit":
            values = {"ref": act.ref, "shows": "", "status": "online", "changed_at": at, "check_at": at + SOON}
            Published.objects.filter(pk=about).update(**values, says=f"Edited: {act.reason}"[:400])


def is_private(act: Act) -> bool:
    """A message to one person: it is no publication, and receipts tell what became of it."""
    return bool(act.content.get("privately") or act.context.get("private"))


def note_part(act: Act, number: int, ref: str, permalink: str, *, at: datetime) -> None:
    """The same for a further part of it, in the transaction that settles it."""
    if act.kind in WRITES:
        PublishedPart.objects.get_or_create(
            item_id=act.pk,
            number=number,
            defaults={"ref": ref[:300], "permalink": permalink[:600], "since": at},
        )
        return
    if act.kind == "delete" and (about := subject_of(act)) is not None:
        target = from_json(act.content).parts[number - 1].target
        PublishedPart.objects.filter(item=about, ref=target).update(
            status="retracted", says=f"Taken down: {act.reason}"[:400]
        )


def note_end_cut(act: Act, *, by: Actor, at: datetime) -> None:
    """The end that was signed with a post came for a part of it alone: people hear of what is still there."""
    about = subject_of(act)
    if act.kind != "delete" or about is None or "expiry_of" not in act.context:
        return
    if Published.objects.filter(pk=about, overdue_at=None).update(overdue_at=at, says=act.says):
        record(
            "published.overdue", act.subject, by=by, at=at, clauses=["desk:archive"], detail={"deletion": str(act.pk)}
        )
        jobs.enqueue(jobs.Job.OVERDUE, act=str(about))


def note_ref(act: Act, number: int, ref: str, *, at: datetime) -> None:
    """The network's number for what a person had found there before its answer came; a number that is known stays."""
    if number:
        PublishedPart.objects.filter(item=act.pk, number=number, ref="").update(ref=ref[:300])
        return
    look = next_look(act.channel.network, at, at)
    Act.objects.filter(pk=act.pk, ref="").update(ref=ref[:300])
    Published.objects.filter(pk=act.pk, ref="").update(ref=ref[:300], check_at=look)


def subject_of(act: Act) -> UUID | None:
    """The act that this edit or deletion is about."""
    kind, _, number = act.subject.partition(":")
    try:
        return UUID(number) if kind == "act" else None
    except ValueError:
        return None


def part_of(change: Act) -> int:
    """Which part of its post an edit is about: 0 is the post itself, 1 what follows first."""
    part = change.context.get("part", 0)
    return part if isinstance(part, int) else 0


def last_out(act: Act, part: int = 0) -> dict[str, Any]:
    """What a post, or a further part of it, was last sent as: {"text", "media" …} of it, or of its last edit."""
    edits = Act.objects.filter(subject=f"act:{act.pk}", kind="edit", state="sent")
    edits = edits.filter(context__part=part) if part else edits.exclude(context__has_key="part")
    if (last := edits.order_by("-sent_at").first()) is not None:
        return dict(last.content)
    if not part:
        return dict(act.content)
    parts = act.content.get("parts", ())
    return dict(parts[part - 1]) if part <= len(parts) else {}


def next_look(network: str, since: datetime, at: datetime, *, ends: datetime | None = None) -> datetime | None:
    """When something that is online since then is looked at again; None: no more. Seldom where reading costs money,
    and once more shortly before it `ends`, for how people took it in all."""
    looks = PAID_LOOKS if reading_costs(network) else LOOKS
    moments = [since + after for after in looks] + ([ends - SOON] if ends else [])
    return min((moment for moment in moments if moment > at), default=None)


def still_online() -> QuerySet[Published]:
    """Newest first."""
    parts = Exists(PublishedPart.objects.filter(item=OuterRef("pk"), status__in=ONLINE))
    rows = Published.objects.filter(Q(status__in=ONLINE) | parts).select_related("act", "channel", "act__author")
    return rows.prefetch_related("parts").order_by("-since")


def altered(since: datetime) -> QuerySet[Published]:
    """What was removed or changed by somebody else since then: people must know."""
    rows = Published.objects.filter(status__in=("gone", "changed"), changed_at__gte=since)
    return rows.select_related("act", "channel").order_by("-changed_at")


def overdue() -> QuerySet[Published]:
    """What is still online after its end, or a part of it: no program can take it down, or none could. A person has
    to."""
    parts = Exists(PublishedPart.objects.filter(item=OuterRef("pk"), status__in=ONLINE))
    rows = Published.objects.filter(Q(status__in=ONLINE) | parts, overdue_at__isnull=False)
    return rows.select_related("act", "channel").order_by("overdue_at")
