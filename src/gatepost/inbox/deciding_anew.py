"""After a correction the policy says anew what follows: offers, referral, clocks, clauses, danger.

The decision that stood until then is kept beside the new one. A clock that both start keeps its sooner end; one that no
longer follows is named as ended, in the panel and in the record. Referrals made, answers on their way, cases and alarms
stay: people made them, and people end them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db.models import F

from gatepost.inbox import alarms, out_of_hours
from gatepost.inbox.earlier import as_inbound
from gatepost.inbox.marks import decided_anew
from gatepost.inbox.models import Correction, Message, OutsideReading, Redecision, Version
from gatepost.inbox.snoozing import wake_conversations
from gatepost.ledger.actions import record
from gatepost.lifecycle import advance
from gatepost.people.models import User
from gatepost.policy.corrected import corrected
from gatepost.policy.decide import decide
from gatepost.policy.model import Decision, Due, Inbound
from gatepost.policy.reading import read, urgent_words
from gatepost.rulebook import readers
from gatepost.rulebook.actions import in_force, keep
from gatepost.rulebook.models import KeptDecision


def standing(message: Message, corrections: Iterable[Correction] | None = None) -> dict[str, bool]:
    """What people said a message is, or is not, as far as it holds of its words now: what it is counts for later words
    too, what it is not only for the words of which it was said."""
    rows = list(Correction.objects.filter(message=message) if corrections is None else corrections)
    if not rows:
        return {}
    edits = Version.objects.filter(message=message, what="said").order_by("-seen_at")
    edited = edits.values_list("seen_at", flat=True).first() if message.changed_at else None
    return {one.label: one.holds for one in rows if one.holds or edited is None or one.at >= edited}


def after_edit(message: Message, decision: Decision, inbound: Inbound, *, at: datetime) -> Decision:
    """The decision on other words of a message of which people had said what it is."""
    said = dict.fromkeys(message.corrections.filter(holds=True).values_list("label", flat=True), True)
    return decide(inbound, in_force(at), at, corrected(decision.reading, said)) if said else decision


def decide_anew(message: Message, correction: Correction, *, by: User, at: datetime) -> Redecision:
    """Decides `message` (locked, with its channel, contact and decision) by what people said of it, in the caller's
    transaction. Its clocks begin when its words came in, not now."""
    was = message.decision
    decision = _with_sooner_ends(_decided(message, at), was.clocks)
    (kept,) = keep([decision])
    names, before = {due.id for due in decision.clocks}, {str(row[0]) for row in was.clocks}
    made = Redecision.objects.create(
        message=message,
        was=was,
        label=correction.label,
        holds=correction.holds,
        begun=[row for row in kept.clocks if row[0] not in before],
        ended=[row for row in was.clocks if row[0] not in names],
        by=by,
        at=at,
    )
    # What made it urgent or due sooner besides its decision (earlier words, the outside reader) does so still.
    grew_urgent = decision.urgent and not message.urgent
    others = _other_ends(message, was)
    message.urgent = decision.urgent or (message.urgent and not was.urgent)
    message.due_at = min([*(due.due for due in decision.clocks), *others], default=None)
    message.decision = kept
    message.marks = decided_anew(message.marks, decision)
    Message.objects.filter(pk=message.pk).update(
        decision=kept, urgent=message.urgent, due_at=message.due_at, marks=message.marks
    )
    _record(made, decision, by=by, at=at)
    if grew_urgent:
        wake_conversations([message.conversation_id], by=by, at=at)
    if (grew_urgent or made.begun) and message.state in ("done", "answered"):  # no clock runs where nobody looks
        advance(message, "reopened", by=by, at=at, clauses=decision.clauses[:1], done_because="")
    alarms.raise_for([message], at=at)
    out_of_hours.pass_on([message], at=at)
    return made


def _decided(message: Message, at: datetime) -> Decision:
    pack = in_force(at)
    reading = read(message.text, pack.words, readers.in_use(at))
    inbound = as_inbound(message, pack)
    besides = urgent_words(message.text, pack.words)
    return decide(inbound, pack, message.decision.at, corrected(reading, standing(message), urgent_besides=besides))


def _other_ends(message: Message, was: KeptDecision) -> list[datetime]:
    """When the clocks end that run on besides those of the decision `was`: of words that stood before, of the outside
    reader, unless a correction since has ended them; and a sooner time that none of these gave."""
    earlier = Version.objects.select_related("decision").filter(message=message, what="said")
    stood = earlier.filter(decision__at__lt=F("seen_at"))  # not words that were history already when they came in
    began = [(row, one.seen_at) for one in stood if one.decision for row in one.decision.clocks]
    outside = OutsideReading.objects.filter(message=message).first()
    began += [(row, outside.at) for row in outside.clocks] if outside else []
    ended = [(row[0], made.at) for made in message.redecisions.all() for row in made.ended]
    known = {datetime.fromisoformat(row[1]) for row in [*was.clocks, *(row for row, _ in began)]}
    running = [
        datetime.fromisoformat(row[1])
        for row, since in began
        if not any(name == row[0] and at >= since for name, at in ended)
    ]
    return running if message.due_at is None or message.due_at in known else [message.due_at, *running]


def _with_sooner_ends(decision: Decision, clocks: list[list[str]]) -> Decision:
    """A clock that ran already is never put off, whatever the policy in force says of its length."""
    ran = {row[0]: datetime.fromisoformat(row[1]) for row in clocks}

    def sooner(due: Due) -> Due:
        return replace(due, due=min(due.due, ran.get(due.id, due.due)))

    return replace(decision, clocks=tuple(sooner(due) for due in decision.clocks))


def _record(made: Redecision, decision: Decision, *, by: User, at: datetime) -> None:
    detail = {
        "was": made.was_id,
        "label": made.label,
        "holds": made.holds,
        "decided": list(decision.decided),
        "refer": list(decision.refer),
        "begun": [row[0] for row in made.begun],
        "ended": [row[0] for row in made.ended],
        "pack": decision.pack[:12],
    }
    record("message.decided_anew", made.message.subject, by=by, at=at, clauses=decision.clauses, detail=detail)
