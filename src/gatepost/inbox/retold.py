"""What becomes of a message on the network after it came in: other words, taken off, put back. Each is a version.

Calls of a network arrive twice, late and in any order. What happened when is told by the network's own clock
(`Incoming.changed_at`): older words become history, newer ones take the place of what stands. What was read without
such a time is how it is now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gatepost.channels.models import Channel
from gatepost.inbox.deciding_anew import after_edit
from gatepost.inbox.earlier import as_inbound
from gatepost.inbox.intake_models import GoneEarly, Version
from gatepost.inbox.marks import decided_anew
from gatepost.inbox.models import Message
from gatepost.inbox.snoozing import wake_conversations
from gatepost.ledger.actions import Entry, System, record_many
from gatepost.lifecycle import advance_many
from gatepost.networks.protocol import Incoming
from gatepost.policy.model import Decision, Inbound
from gatepost.rulebook.actions import in_force, keep

INTAKE = System("intake")
LAG = timedelta(minutes=2)
"""A network's servers agree after a while: words just replaced that are read again are no new change."""

Decide = Callable[[Sequence[Inbound]], Sequence[Decision]]


@dataclass(frozen=True, slots=True)
class _Edit:
    message: Message
    text: str
    changed_at: datetime
    current: bool  # these words stand now; else they stood before


def mark_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def in_order(items: Sequence[Incoming], known: set[str]) -> tuple[list[Incoming], list[Incoming]]:
    """Splits a batch into the first words of each unknown message and everything said of messages after that."""
    first: dict[str, Incoming] = {}
    for item in items:
        if item.ref in known or item.gone:
            continue
        stands = first.get(item.ref)
        if stands is None or (item.changed_at and stands.changed_at and item.changed_at < stands.changed_at):
            first[item.ref] = item
    return list(first.values()), [item for item in items if first.get(item.ref) is not item]


def take_changes(
    channel: Channel, items: Sequence[Incoming], new: Sequence[str], *, decide: Decide, at: datetime
) -> list[Message]:
    """Keeps what changed, inside the caller's transaction. `new`: refs that came in just now. Returns the messages that
    were given other words."""
    early = {row.ref: row for row in GoneEarly.objects.filter(channel=channel, ref__in=new)} if new else {}
    if not items and not early:
        return []
    refs = {item.ref for item in items} | set(early)
    found = (
        Message.objects.filter(channel=channel, ref__in=refs)
        .select_related("channel", "decision", "contact")
        .select_for_update(of=("self",))
    )
    messages = {message.ref: message for message in found}
    edits = _edits(messages, items, at=at)
    changed = _keep_edits(edits, decide=decide, at=at)
    _gone(channel, messages, items, early, at=at)
    return changed


def _edits(messages: Mapping[str, Message], items: Sequence[Incoming], *, at: datetime) -> list[_Edit]:
    said = [item for item in items if not item.gone and item.ref in messages]
    past: dict[int, dict[str, datetime]] = {}  # per message: marks of words that stood before, and when replaced
    rows = Version.objects.filter(message__in=[messages[item.ref] for item in said], what="said")
    for number, known_mark, seen in rows.values_list("message_id", "mark", "seen_at"):
        past.setdefault(number, {})[known_mark] = seen
    stands = {ref: (one.text, one.changed_at or one.posted_at) for ref, one in messages.items()}
    edits: dict[str, list[_Edit]] = {}
    for item in said:
        message, (text, since) = messages[item.ref], stands[item.ref]
        mark, known = mark_of(item.text), past.get(messages[item.ref].pk, {})
        if item.text == text:
            continue
        if item.changed_at is None and mark in known and at - known[mark] < LAG:
            continue
        moment = min(item.changed_at or at, at)
        newer = item.changed_at is None or moment > since
        if newer:
            edits.setdefault(item.ref, []).append(_Edit(message, text, since, current=False))
            edits[item.ref].append(_Edit(message, item.text, moment, current=True))
            stands[item.ref] = (item.text, moment)
        elif mark not in known:
            edits.setdefault(item.ref, []).append(_Edit(message, item.text, moment, current=False))
        past.setdefault(message.pk, {})[mark_of(text) if newer else mark] = at
    # Of several changes in one batch the last one stands; what it replaced within the batch is history already.
    return [
        edit
        for ref, ones in edits.items()
        for edit in ones
        if not edit.current or (edit.text, edit.changed_at) == stands[ref]
    ]


def _keep_edits(edits: Sequence[_Edit], *, decide: Decide, at: datetime) -> list[Message]:
    if not edits:
        return []
    before = {edit.message.pk: edit.message.text for edit in edits}
    fresh = [edit for edit in edits if edit.text != before[edit.message.pk]]
    asked = [as_inbound(edit.message, in_force(at), text=edit.text) for edit in fresh]
    decisions = [
        after_edit(edit.message, decision, inbound, at=at)
        for edit, decision, inbound in zip(fresh, decide(asked), asked, strict=True)
    ]
    held = dict(zip(map(id, fresh), keep(decisions), strict=True))
    decided = dict(zip(map(id, fresh), decisions, strict=True))
    Version.objects.bulk_create(
        [
            Version(
                message=edit.message,
                what="said",
                mark=mark_of(edit.text),
                text=edit.text,
                decision=held.get(id(edit), edit.message.decision),
                changed_at=edit.changed_at,
                seen_at=at,
            )
            for edit in edits
            if not edit.current
        ],
        ignore_conflicts=True,
    )
    changed, reopen = [], []
    for edit in edits:
        if not edit.current:
            continue
        message = edit.message
        message.changed_at = edit.changed_at
        changed.append(message)
        if id(edit) not in decided:  # changed and changed back
            continue
        decision = decided[id(edit)]
        soonest = min((due.due for due in decision.clocks), default=None)
        if set(decision.decided) - set(message.decision.decided) and message.state in ("done", "answered", "referred"):
            reopen.append(message)
        message.text, message.decision = edit.text, held[id(edit)]
        message.urgent = decision.urgent
        message.marks = decided_anew(message.marks, decision)
        # The first words began the clock: other words may bring its end forward, never put it off.
        message.due_at = min([due for due in (message.due_at, soonest) if due], default=None)
    Message.objects.bulk_update(changed, ["text", "changed_at", "decision", "urgent", "due_at", "marks"])
    wake_conversations({message.conversation_id for message in changed}, by=INTAKE, at=at)
    record_many(
        [
            Entry("message.edited", edit.message.subject, decided[id(edit)].clauses, _told(edit))
            for edit in fresh
            if edit.current
        ],
        by=INTAKE,
        at=at,
    )
    advance_many(reopen, "reopened", by=INTAKE, at=at)
    return changed


def _told(edit: _Edit) -> dict[str, str]:
    return {"text": mark_of(edit.text)[:12], "changed_at": edit.changed_at.isoformat()}


def _gone(
    channel: Channel,
    messages: Mapping[str, Message],
    items: Sequence[Incoming],
    early: Mapping[str, GoneEarly],
    *,
    at: datetime,
) -> None:
    """Messages taken off by others, and those that stand there again. What we removed ourselves is known already."""
    rows: list[Version] = []
    for ref, row in early.items():
        _set_gone(messages[ref], row.at, rows, at=at)
    for item in items:
        message = messages.get(item.ref)
        if message is None:
            if item.gone:
                GoneEarly.objects.get_or_create(channel=channel, ref=item.ref, defaults={"at": item.changed_at or at})
        elif item.gone:
            _set_gone(message, min(item.changed_at or at, at), rows, at=at)
        elif message.gone_at is not None and (item.changed_at is None or item.changed_at > message.gone_at):
            rows.append(Version(message=message, what="back", changed_at=min(item.changed_at or at, at), seen_at=at))
            message.gone_at = None
    GoneEarly.objects.filter(pk__in=[row.pk for row in early.values()]).delete()
    Version.objects.bulk_create(rows, ignore_conflicts=True)
    touched = list({row.message_id: row.message for row in rows}.values())
    Message.objects.bulk_update(touched, ["gone_at"])
    record_many([Entry(f"message.{row.what}", row.message.subject) for row in rows], by=INTAKE, at=at)


def _set_gone(message: Message, when: datetime, rows: list[Version], *, at: datetime) -> None:
    if message.gone_at is None and message.visibility != "removed":
        message.gone_at = when
        rows.append(Version(message=message, what="gone", changed_at=when, seen_at=at))
