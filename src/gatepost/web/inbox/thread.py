"""One conversation as it is read: what they said and what we answered, in time order, with what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gatepost.gate.holds import held_acts
from gatepost.gate.models import Act
from gatepost.gate.states import ACT, OPEN
from gatepost.inbox.actions import exchanges
from gatepost.inbox.exposure import covered_for
from gatepost.inbox.masking import spans_of
from gatepost.inbox.models import Message
from gatepost.inbox.reached import Became, became
from gatepost.inbox.threads import KeptEvidence, SaidAct, SaidMessage, SeenThere, said_in
from gatepost.people.models import User
from gatepost.policy.model import Span

WITHDRAWABLE = ACT.table["withdrawn"].start


@dataclass(frozen=True, slots=True)
class Said:
    """One thing in the thread. `message` is theirs, or else `act` is our answer. `done` is what we did about it."""

    at: datetime
    message: SaidMessage | None = None
    act: SaidAct | None = None
    spans: tuple[Span, ...] = ()
    mask: bool = True
    until: datetime | None = None  # details are shown to this reader until then
    details: bool = False  # it holds personal details
    covered: str = ""  # why its words are covered for this reader; "" when they are shown
    done: tuple[SaidAct, ...] = ()
    evidence: tuple[KeptEvidence, ...] = ()
    held: frozenset[UUID] = frozenset()  # which of these acts a hold stands before
    out: SeenThere | None = None  # our answer as it was last seen on the network
    became: Became | None = None  # how far a private message of ours came
    open: bool = False  # the one this page is about


@dataclass(frozen=True, slots=True)
class Thread:
    said: tuple[Said, ...]
    subjects: tuple[str, ...]  # of the record's lines that change what is seen here
    answers: int  # of ours, sent or on their way: as many as the policy's limit counts
    waiting: SaidAct | None = None  # the answer to the message of this page that has not come to an end
    doing: SaidAct | None = None  # a hiding, removal or restoring of it that has not come to an end
    refused: bool = False  # the network has refused a public answer to it
    cut: bool = False  # older messages are not on the page

    @property
    def several(self) -> bool:
        return sum(one.message is not None for one in self.said) > 1


def shown_spans(message: Message) -> list[Span]:
    """The spans of a message worth a mark."""
    return worth_a_mark(message.decision.decided, message.decision.spans)


def worth_a_mark(labels: Sequence[str], kept: Sequence[Sequence[object]]) -> list[Span]:
    """Personal details always, others when their label was decided. Marks of one label that touch are one mark."""
    decided = {*labels, "personal_details"}
    found: list[Span] = []
    for span in sorted(spans_of(kept), key=lambda span: (span.label, span.start)):
        last = found[-1] if found else None
        if span.label not in decided:
            continue
        if last and span.label != "personal_details" and span.label == last.label and span.start <= last.end:
            found[-1] = Span(last.start, max(last.end, span.end), last.label, last.kind)
        else:
            found.append(span)
    return found


def thread_of(message: Message, *, person: User, at: datetime) -> Thread:
    """The conversation of `message` as `person` may see it at a moment."""
    messages, cut = said_in(message.conversation_id, message.pk, person=person, at=at)
    acts = {one.pk: one.acts for one in messages}
    every = [act for found in acts.values() for act in found]
    held = _held(every, at)
    alone = [act.pk for act in every if act.kind == "reply" and (act.privately or message.private)]
    reached = became(Act.objects.filter(pk__in=alone)) if alone else {}
    said = []
    for one in messages:
        decided = one.decided
        spans = tuple(worth_a_mark(decided, one.spans))
        said.append(
            Said(
                at=one.posted_at,
                message=one,
                spans=spans,
                mask=one.details_until is None,
                until=one.details_until,
                covered="" if one.opened_until else covered_for(decided),
                details=any(span.label == "personal_details" for span in spans),
                done=tuple(act for act in acts[one.pk] if act.kind != "reply"),
                evidence=tuple(one.evidence),
                held=held,
                open=one.pk == message.pk,
            )
        )
        said += [
            Said(at=act.sent_at or act.created_at, act=act, held=held, out=act.out, became=reached.get(act.pk))
            for act in acts[one.pk]
            if act.kind == "reply"
        ]
    own = acts.get(message.pk, [])
    going = [act for act in own if act.state in OPEN]
    answers = sum(act.kind == "reply" and act.state in (*OPEN, "sent") and not act.privately for act in every)
    return Thread(
        said=tuple(sorted(said, key=lambda item: item.at)),
        subjects=(*(one.subject for one in messages), *(f"act:{act.pk}" for act in every)),
        answers=exchanges(message) if cut else answers,
        waiting=next((act for act in going if act.kind == "reply"), None),
        doing=next((act for act in going if act.kind in ("hide", "unhide", "remove")), None),
        refused=any(act.kind == "reply" and act.state == "refused" and not act.privately for act in own),
        cut=cut,
    )


def _held(acts: Sequence[SaidAct], at: datetime) -> frozenset[UUID]:
    waiting = [act.pk for act in acts if act.state == "signed_off"]
    if not waiting:
        return frozenset()
    return frozenset(held_acts(at=at).filter(pk__in=waiting).values_list("pk", flat=True))
