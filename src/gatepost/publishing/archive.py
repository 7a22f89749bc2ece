"""Keeping what was published: exactly what was sent, who signed it, what the network answered, what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from gatepost.gate.content import words_of
from gatepost.gate.models import Act, Attempt, PublishedPart, Sighting, SignOff
from gatepost.gate.published import is_private
from gatepost.ledger.actions import Actor, record
from gatepost.publishing.archive_digest import digest_of
from gatepost.publishing.archived import ArchivedEvent, ArchivedItem
from gatepost.publishing.models import Variant
from gatepost.publishing.planner import moment_of
from gatepost.publishing.rendered import page, seen_page

KEPT = ("publish", "reply")
SWEPT, SIGHTINGS = 200, 100  # taken over in one go
AFTERWARDS = {"edit": "edited", "delete": "taken_down"}
FORMAT = "gatepost archive item 1"


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _sign_offs(act: Act) -> list[dict[str, Any]]:
    """The sign-offs that covered what left, by name: the people may be gone when this is read."""
    rows = SignOff.objects.filter(act=act, digest=act.digest, voided_at=None).order_by("at")
    return [
        {
            "by": signed.name,
            "role": signed.role,
            "step": signed.step,
            "at": _iso(signed.at),
            "digest": signed.digest,
            "standing": signed.standing_id,
        }
        for signed in rows.select_related("signer", "outside")
    ]


def _receipts(act: Act) -> list[dict[str, Any]]:
    rows = Attempt.objects.filter(act=act).order_by("at", "pk")
    return [
        {
            "at": _iso(one.at),
            "outcome": one.outcome,
            "says": one.says,
            "settled_at": _iso(one.settled_at),
            "answer": one.answer,
            **({"part": one.part} if one.part else {}),
        }
        for one in rows
    ]


def _parts(act: Act) -> dict[str, Any]:
    """Where each further part of it is; nothing for a post of one part."""
    rows = PublishedPart.objects.filter(item=act.pk).order_by("number")
    parts = [
        {"number": one.number, "ref": one.ref, "permalink": one.permalink, "sent_at": _iso(one.since)} for one in rows
    ]
    return {"parts": parts, "parts_out": act.parts_out} if act.content.get("parts") else {}


def _of_act(act: Act) -> dict[str, Any]:
    """What is the same for an item and for what is done to it later. Nobody's message is among it: what a reply answers
    is named by its ref alone."""
    return {
        "act": str(act.pk),
        "kind": act.kind,
        "content": act.content,
        "digest": act.digest,
        "author": {"id": act.author_id, "name": act.author.name},
        "sign_offs": _sign_offs(act),
        "attempts": _receipts(act),
        "clauses": act.clauses,
        "wording": act.wording,
        "reason": act.reason,
        "findings": act.findings,
        "answers": act.answers,
        "sent_at": _iso(act.sent_at),
        "ref": act.ref,
        "permalink": act.permalink,
        **_parts(act),
    }


def facts_of(act: Act) -> dict[str, Any]:
    """Everything known of a published act, as plain data."""
    channel = act.channel
    facts = {
        "format": FORMAT,
        **_of_act(act),
        "channel": {
            "id": channel.pk,
            "network": channel.network,
            "name": channel.name,
            "handle": channel.handle,
            "account": channel.external_id,
            "practice": channel.practice,
        },
        "subject": act.subject,
        "post": None,
        "campaign": None,
    }
    if act.subject.startswith("variant:"):
        rows = Variant.objects.filter(pk=int(act.subject[8:])).select_related("post__campaign", "post__author")
        if (variant := rows.first()) is not None:
            post, campaign = variant.post, variant.post.campaign
            facts["post"] = {
                "id": post.pk,
                "kind": post.kind,
                "aim": post.aim,
                "audiences": post.audiences,
                "other_channel": post.other_channel,
                "author": post.author.name,
            }
            if campaign is not None:
                facts["campaign"] = {"id": campaign.pk, "name": campaign.name, "goal": campaign.goal}
    return facts


@transaction.atomic
def keep_act(act: Act, *, by: Actor, at: datetime) -> ArchivedItem | ArchivedEvent | None:
    """Keeps a sent act once: a post or reply as an item, an edit or a deletion as an event of what it changed.
    Returns None for what is not kept: acts that have not been sent, messages to one person, and moderation of what
    others said."""
    act = Act.objects.select_related("channel", "author").get(pk=act.pk)
    if act.state != "sent" or act.sent_at is None or is_private(act):
        return None
    if act.kind in KEPT:
        return _keep_item(act, by=by, at=at)
    if act.kind in AFTERWARDS and act.subject.startswith("act:"):
        target = Act.objects.filter(pk=UUID(act.subject[4:])).select_related("channel", "author").first()
        item = _keep_item(target, by=by, at=at) if target is not None and target.state == "sent" else None
        return (
            add_event(item, AFTERWARDS[act.kind], _of_act(act), moment=act.sent_at, act=act, by=by, at=at)
            if item
            else None
        )
    return None


def _keep_item(act: Act, *, by: Actor, at: datetime) -> ArchivedItem | None:
    if act.sent_at is None:
        return None
    before = ArchivedItem.objects.filter(act=act.pk).first()
    if before is not None:
        return before
    facts = facts_of(act)
    rendered = page(facts)
    facts["rendered"] = hashlib.sha256(rendered.encode()).hexdigest()
    campaign = facts["campaign"] or {}
    item, new = ArchivedItem.objects.get_or_create(
        act=act.pk,
        defaults={
            "kind": act.kind,
            "network": act.channel.network,
            "channel": act.channel_id,
            "channel_name": act.channel.name,
            "campaign": campaign.get("id"),
            "campaign_name": campaign.get("name", ""),
            "title": act.content.get("title", "")[:200],
            "text": words_of(act.content),
            "media": sorted({sha256 for sha256, _ in media_in(act.content)}),
            "sent_at": act.sent_at,
            "facts": facts,
            "rendered": rendered,
            "digest": digest_of(facts),
            "kept_at": at,
        },
    )
    if new:
        detail = {"digest": act.digest, "item": item.digest}
        record("archive.kept", f"act:{act.pk}", by=by, at=at, clauses=["desk:archive"], detail=detail)
    return item


def media_in(content: Any) -> Iterator[tuple[str, str]]:
    """(digest, MIME type) of every file named anywhere in a content: pictures, films, captions, parts of a thread."""
    if isinstance(content, Mapping):
        if isinstance(content.get("sha256"), str):
            yield content["sha256"], str(content.get("mime") or "text/vtt")
        for value in content.values():
            yield from media_in(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from media_in(value)


@transaction.atomic
def add_event(
    item: ArchivedItem,
    kind: str,
    facts: Mapping[str, Any],
    *,
    moment: datetime,
    by: Actor,
    at: datetime,
    act: Act | None = None,
) -> ArchivedEvent:
    """Adds what became of an item. The event of an act is added once."""
    if act is not None and (before := ArchivedEvent.objects.filter(act=act.pk).first()) is not None:
        return before
    event = ArchivedEvent.objects.create(
        item=item,
        kind=kind,
        act=act.pk if act else None,
        at=moment,
        facts=dict(facts),
        digest=digest_of(facts),
        kept_at=at,
    )
    detail = {"event": event.digest, "kind": kind}
    record("archive.added", f"act:{item.act}", by=by, at=at, clauses=["desk:archive"], detail=detail)
    return event


def sweep(*, by: Actor, at: datetime, since: timedelta | None = None) -> int:
    """Keeps sent acts that are not in the archive, the newest first: those a job did not reach. Returns how many."""
    rows = Act.objects.filter(state="sent", kind__in=(*KEPT, *AFTERWARDS), sent_at__isnull=False)
    rows = rows.exclude(Q(content__contains={"privately": True}) | Q(context__contains={"private": True}))
    if since is not None:
        rows = rows.filter(sent_at__gte=at - since)
    missing = rows.filter(
        ~Exists(ArchivedItem.objects.filter(act=OuterRef("pk"))),
        ~Exists(ArchivedEvent.objects.filter(act=OuterRef("pk"))),
    )
    return sum(keep_act(act, by=by, at=at) is not None for act in missing.order_by("-sent_at")[:SWEPT])


def keep_sightings(*, by: Actor, at: datetime) -> int:
    """Takes over what looks at the networks have shown. Returns how many."""
    with transaction.atomic():
        kept = Exists(ArchivedItem.objects.filter(act=OuterRef("item_id")))
        rows = Sighting.objects.select_for_update(skip_locked=True, of=("self",)).filter(kept)
        taken = list(rows.order_by("at", "pk")[:SIGHTINGS])
        items = {one.act: one for one in ArchivedItem.objects.filter(act__in={row.item_id for row in taken})}
        for row in taken:
            seen = {"text": row.text, "alts": row.alts, "counts": row.counts} if row.there else {}
            more = {"part": row.part, "raw": row.raw}
            facts = {**seen, **{name: value for name, value in more.items() if value}}
            kind = "shown" if row.there else "gone"
            add_event(items[row.item_id], kind, facts, moment=row.at, by=by, at=at)
        Sighting.objects.filter(pk__in=[row.pk for row in taken]).delete()
    return len(taken)


def seen_of(item: ArchivedItem, event: ArchivedEvent) -> str:
    """A page of what the network showed at one look, drawn from what was kept of it."""
    return seen_page(item.facts, event.facts, at=event.at.isoformat(), digest=event.digest)


def holds(sha256: str) -> bool:
    """Whether the archive needs this file: then its bytes must stay."""
    return ArchivedItem.objects.filter(media__contains=[sha256]).exists()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. `words` as for a search engine: words, "quoted words", or, -not."""

    words: str = ""
    channel: int = 0
    campaign: int = 0
    first: date | None = None
    last: date | None = None
    kind: str = ""

    def as_json(self) -> dict[str, str]:
        """What was asked for, left out where nothing was."""
        given = {
            "words": self.words,
            "channel": str(self.channel or ""),
            "campaign": str(self.campaign or ""),
            "first": str(self.first or ""),
            "last": str(self.last or ""),
            "kind": self.kind,
        }
        return {name: value for name, value in given.items() if value}


def found(wanted: Wanted) -> QuerySet[ArchivedItem]:
    """Items that match, the latest first."""
    rows = ArchivedItem.objects.order_by("-sent_at", "-pk")
    if wanted.words.strip():
        match = RawSQL(
            "publishing_archiveditem.words @@ websearch_to_tsquery('english', %s)",
            [wanted.words],
            output_field=BooleanField(),
        )
        rows = rows.filter(match)
    if wanted.channel:
        rows = rows.filter(channel=wanted.channel)
    if wanted.campaign:
        rows = rows.filter(campaign=wanted.campaign)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.first:
        rows = rows.filter(sent_at__gte=moment_of(wanted.first))
    if wanted.last:
        rows = rows.filter(sent_at__lt=moment_of(wanted.last + timedelta(days=1)))
    return rows


@transaction.atomic
def exported(told: Mapping[str, Any], wanted: Wanted, *, key: str, by: Actor, at: datetime) -> None:
    """Notes that a copy was taken: how much, under which manifest, signed with which key."""
    detail = {**told, "key": key, "narrowed": sorted(wanted.as_json())}
    record("archive.exported", "archive", by=by, at=at, clauses=["desk:archive"], detail=detail)


@transaction.atomic
def broken_off(items: int, wanted: Wanted, *, by: Actor, at: datetime) -> None:
    """Notes that a copy was begun and not taken to its end: that many items may have left, unsigned."""
    detail = {"items": items, "narrowed": sorted(wanted.as_json())}
    record("archive.export_broken_off", "archive", by=by, at=at, clauses=["desk:archive"], detail=detail)


LISTED = ("facts", "rendered")  # what a list of items does without: they are nearly all of a row


def listed(wanted: Wanted, begin: int, count: int) -> list[ArchivedItem]:
    """Items that match, the latest first, without their facts and pages. Which they are is read from an index alone,
    however far back the list is turned."""
    keys = list(found(wanted).values_list("pk", flat=True)[begin : begin + count])
    return list(ArchivedItem.objects.filter(pk__in=keys).defer(*LISTED).order_by("-sent_at", "-pk"))


def campaigns_kept() -> list[tuple[int, str]]:
    """Campaigns of which something was published, by name: one step of an index for each, however much it published."""
    statement = """
        WITH RECURSIVE each AS (
            (SELECT campaign FROM publishing_archiveditem WHERE campaign IS NOT NULL ORDER BY campaign LIMIT 1)
            UNION ALL
            SELECT (SELECT item.campaign FROM publishing_archiveditem item WHERE item.campaign > each.campaign
                    ORDER BY item.campaign LIMIT 1) FROM each WHERE each.campaign IS NOT NULL
        )
        SELECT each.campaign, (SELECT campaign_name FROM publishing_archiveditem item
                               WHERE item.campaign = each.campaign LIMIT 1)
        FROM each WHERE each.campaign IS NOT NULL"""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return sorted(
            ((int(number), str(name)) for number, name in cursor.fetchall()), key=lambda one: one[1].casefold()
        )
