"""One conversation as it is read: what they said and what we answered, in time order, with what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gatepost.gate.holds import held_acts
from gatepost.gate.models import Act, Published
from gatepost.gate.states import ACT, OPEN
from gatepost.inbox.actions import exchanges
from gatepost.inbox.exposure import open_until, why_covered
from gatepost.inbox.masking import spans_of
from gatepost.inbox.models import Evidence, Message, Reveal
from gatepost.people.models import User
from gatepost.policy.model import Span

WITHDRAWABLE = ACT.table["withdrawn"].start
MOST = 40  # messages of one conversation on one page, the latest


@dataclass(frozen=True, slots=True)
class Said:
    """One thing in the thread. `message` is theirs, or else `act` is our answer. `done` is what we did about it."""

    at: datetime
    message: Message | None = None
    act: Act | None = None
    spans: tuple[Span, ...] = ()
    mask: bool = True
    until: datetime | None = None  # details are shown to this reader until then
    details: bool = False  # it holds personal details
    covered: str = ""  # why its words are covered for this reader; "" when they are shown
    done: tuple[Act, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    held: frozenset[UUID] = frozenset()  # which of these acts a hold stands before
    out: Published | None = None  # our answer as it was last seen on the network
    open: bool = False  # the one this page is about


@dataclass(frozen=True, slots=True)
class Thread:
    said: tuple[Said, ...]
    subjects: tuple[str, ...]  # of the record's lines that change what is seen here
    answers: int  # of ours, sent or on their way: as many as the policy's limit counts (usage.4)
    waiting: Act | None = None  # the answer to the message of this page that has not come to an end
    doing: Act | None = None  # a hiding, removal or restoring of it that has not come to an end
    cut: bool = False  # older messages are not on the page

    @property
    def several(self) -> bool:
        return sum(one.message is not None for one in self.said) > 1


def shown_spans(message: Message) -> list[Span]:
    """The spans worth a mark: personal details always, others when their label was decided. Marks of one label that
    touch are one mark."""
    decided = {*message.decision.decided, "personal_details"}
    found: list[Span] = []
    for span in sorted(spans_of(message.decision.spans), key=lambda span: (span.label, span.start)):
        last = found[-1] if found else None
        if span.label not in decided:
            continue
        if last and span.label != "personal_details" and span.label == last.label and span.start <= last.end:
            found[-1] = Span(last.start, max(last.end, span.end), last.label, last.kind)
        else:
            found.append(span)
    return found


def revealed(messages: Iterable[Message], person: User, at: datetime) -> dict[int, datetime]:
    """Until when this person sees the details of which messages."""
    found = Reveal.objects.filter(message__in=messages, person=person, until__gt=at).order_by("until")
    return dict(found.values_list("message_id", "until"))


def thread_of(message: Message, *, person: User, at: datetime) -> Thread:
    """The conversation of `message` as `person` may see it at a moment."""
    siblings = Message.objects.filter(conversation=message.conversation_id).select_related("decision")
    siblings = siblings.only(
        "text", "posted_at", "changed_at", "gone_at", "visibility", "decision__decided", "decision__spans"
    )
    latest = list(siblings.order_by("-posted_at", "-pk")[: MOST + 1])
    messages = latest[:MOST]
    if message not in messages:
        messages.append(message)
    acts = _acts(messages)
    held = _held([act for found in acts.values() for act in found])
    sent = [act.pk for found in acts.values() for act in found if act.kind == "reply" and act.state == "sent"]
    out = Published.objects.in_bulk(sent) if sent else {}
    seen = revealed(messages, person, at)
    opened = open_until(messages, person, at)
    kept: dict[int, list[Evidence]] = {}
    for evidence in Evidence.objects.filter(message__in=messages).select_related("by").order_by("at"):
        kept.setdefault(evidence.message_id, []).append(evidence)
    said = []
    for one in messages:
        of_it = acts.get(one.subject, [])
        spans = tuple(shown_spans(one))
        said.append(
            Said(
                at=one.posted_at,
                message=one,
                spans=spans,
                mask=one.pk not in seen,
                until=seen.get(one.pk),
                covered="" if one.pk in opened else why_covered(one),
                details=any(span.label == "personal_details" for span in spans),
                done=tuple(act for act in of_it if act.kind != "reply"),
                evidence=tuple(kept.get(one.pk, [])),
                held=held,
                open=one.pk == message.pk,
            )
        )
        said += [
            Said(at=act.sent_at or act.created_at, act=act, held=held, out=out.get(act.pk))
            for act in of_it
            if act.kind == "reply"
        ]
    cut = len(latest) > MOST
    going = [act for act in acts.get(message.subject, []) if act.state in OPEN]
    subjects = [f"act:{act.pk}" for found in acts.values() for act in found]
    return Thread(
        said=tuple(sorted(said, key=lambda item: item.at)),
        subjects=(*(one.subject for one in messages), *subjects),
        answers=exchanges(message) if cut else _answers(acts),
        waiting=next((act for act in going if act.kind == "reply"), None),
        doing=next((act for act in going if act.kind in ("hide", "unhide", "remove")), None),
        cut=cut,
    )


def _answers(acts: Mapping[str, Sequence[Act]]) -> int:
    return sum(act.kind == "reply" and act.state in (*OPEN, "sent") for found in acts.values() for act in found)


def _acts(messages: Sequence[Message]) -> dict[str, list[Act]]:
    found: dict[str, list[Act]] = {}
    acts = Act.objects.filter(subject__in=[message.subject for message in messages]).exclude(state="withdrawn")
    for act in acts.select_related("author", "channel").order_by("created_at"):
        found.setdefault(act.subject, []).append(act)
    return found


def _held(acts: Sequence[Act]) -> frozenset[UUID]:
    waiting = [act.pk for act in acts if act.state == "signed_off"]
    return frozenset(held_acts().filter(pk__in=waiting).values_list("pk", flat=True)) if waiting else frozenset()
