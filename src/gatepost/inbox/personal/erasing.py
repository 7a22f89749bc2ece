"""Taking away what somebody said and who they were. What was decided and done stays, without words and without names.

A message keeps its row: when it came, on which channel, how it was labelled and what became of it. Everything from
which a person can be known goes, in every table of the register, in one transaction with its lines in the record. The
record held digests only, so nothing in it has to change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from django.db import connection, transaction
from django.db.models import BooleanField, CharField, Exists, F, OuterRef, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat

from gatepost.channels.models import Channel
from gatepost.gate.content import MODERATION
from gatepost.gate.models import Act
from gatepost.gate.states import OPEN
from gatepost.inbox.models import Change, Contact, Conversation, Delivery, Known, Message, Redecision, Version
from gatepost.inbox.personal.holds import held, kind_is_held
from gatepost.inbox.personal.marks import mark
from gatepost.inbox.personal.register import MESSAGES, PLACES
from gatepost.inbox.personal_models import Erased, PersonRequest
from gatepost.inbox.reached import forget_answered, forget_reached
from gatepost.ledger.actions import Actor, Entry, record_many
from gatepost.ledger.digest import canonical
from gatepost.lifecycle import advance_many
from gatepost.networks.reaching import person_of
from gatepost.rulebook.models import KeptDecision

Because = Literal["request", "retention", "network"]
CLOSES = {
    "request": "Erased, as the person asked",
    "retention": "Erased, its time was over",
    "network": "Erased, it was deleted on the network",
}
GONE = "erased:"


def erased_refs(channel: Channel, refs: Iterable[str]) -> set[str]:
    """Those of these refs that were here and are erased: they are not taken in again."""
    marks = {mark("ref", str(channel.pk), ref): ref for ref in refs}
    if not marks:
        return set()
    found = Erased.objects.filter(channel=channel, mark__in=marks).values_list("mark", flat=True)
    return {marks[one] for one in found}


def on_their_way(messages: Collection[int]) -> list[Act]:
    """Acts about these messages that have not come to an end."""
    subjects = [f"message:{pk}" for pk in messages]
    return list(Act.objects.filter(subject__in=subjects, state__in=OPEN).order_by("created_at"))


@transaction.atomic
def forget(
    messages: Sequence[int],
    *,
    because: Because,
    by: Actor,
    at: datetime,
    request: PersonRequest | None = None,
    sparing: Collection[str] = (),
    clauses: Sequence[str] = ("desk:personal_data",),
) -> int:
    """Erases messages by their numbers, and their writers where nothing of theirs is left. Those under a legal hold are
    passed over. `sparing`: titles of tables of the register (by kind of record) that have a time of their own; evidence
    under a legal hold is spared whoever asks. Returns how many were erased."""
    rows = list(
        Message.objects.select_for_update(of=("self",))
        .filter(pk__in=list(messages), erased_at=None)
        .exclude(held())
        .select_related("contact")
        .order_by("pk")
    )
    if not rows:
        return 0
    spared = {*sparing, "evidence"} if kind_is_held("evidence") else {*sparing}
    _record(rows, because=because, by=by, at=at, request=request, clauses=clauses)
    numbers = [row.pk for row in rows]
    before = Version.objects.filter(message__in=numbers).values("decision")
    anew = Redecision.objects.filter(message__in=numbers).values("was")
    KeptDecision.objects.filter(Q(message__in=numbers) | Q(pk__in=before) | Q(pk__in=anew)).update(spans=[])
    open_ones = [row for row in rows if row.state != "done"]
    advance_many(open_ones, "closed", by=by, at=at, clauses=clauses, detail={"erased": because})
    for place in PLACES:
        if (place.keeps and place.keeps in spared) or place.hangs != "message":
            continue
        if place.delete:
            place.of(numbers).delete()
        elif place.clear:
            place.of(numbers).update(**place.clear)
    _acts(numbers)
    reword_changes(numbers, lambda _: "")
    drop_deliveries(rows)
    named = Concat(Value(GONE), Cast("pk", CharField()))
    Message.objects.filter(pk__in=numbers).update(**{**MESSAGES.clear, "ref": named, "erased_at": at})
    Message.objects.filter(pk__in=numbers).update(done_because=CLOSES[because])
    _writers({row.contact_id for row in rows}, {row.conversation_id for row in rows})
    forget_answered(numbers)
    return len(rows)


def _record(
    rows: Sequence[Message],
    *,
    because: Because,
    by: Actor,
    at: datetime,
    request: PersonRequest | None,
    clauses: Sequence[str],
) -> None:
    Erased.objects.bulk_create(
        [
            Erased(
                channel_id=row.channel_id,
                mark=mark("ref", str(row.channel_id), row.ref),
                message=row,
                because=because,
                request=request,
                at=at,
            )
            for row in rows
        ]
    )
    record_many(
        [Entry("message.erased", row.subject, tuple(clauses), _told(row, because, request)) for row in rows],
        by=by,
        at=at,
    )


def _told(row: Message, because: Because, request: PersonRequest | None) -> dict[str, Any]:
    """A keyed digest of what it was: whoever has the words can show that it was these."""
    facts = {
        "text": row.text,
        "author": row.contact.external_id,
        "ref": row.ref,
        "posted_at": row.posted_at.isoformat(),
    }
    told: dict[str, Any] = {"because": because, "was": mark(canonical(facts).decode("utf-8", "surrogatepass"))}
    return told | ({"request": request.pk} if request else {})


def _acts(numbers: Sequence[int]) -> None:
    """Acts remember the words they answer, and why something was hidden, removed or declined. What we said ourselves is
    the organisation's own and stays."""
    acts = Act.objects.filter(subject__in=[f"message:{pk}" for pk in numbers])
    for act in acts.select_for_update():
        if isinstance(answering := act.context.get("answering"), dict) and answering.get("text"):
            Act.objects.filter(pk=act.pk).update(context={**act.context, "answering": {**answering, "text": ""}})
    acts.filter(kind__in=MODERATION).update(reason="")
    acts.filter(state="declined").update(says="")


def reword_changes(numbers: Collection[int], how: Callable[[str], str]) -> None:
    """What was done to many at once keeps, so that it can be undone, why each was closed."""
    about = RawSQL(
        "EXISTS (SELECT FROM jsonb_array_elements(inbox_change.items) AS item WHERE (item->>0)::bigint = ANY(%s))",
        [list(numbers)],
        output_field=BooleanField(),
    )
    for change in Change.objects.select_for_update().filter(about):
        items = [
            [number, *({**state, "done_because": how(state["done_because"])} for state in states)]
            if number in numbers
            else [number, *states]
            for number, *states in change.items
        ]
        Change.objects.filter(pk=change.pk).update(items=items)


def drop_deliveries(rows: Sequence[Message]) -> None:
    """Notices of the networks in which one of these messages stands."""
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(Delivery._meta.db_table)
        for row in rows:
            cursor.execute(
                f"DELETE FROM {table} WHERE channel_id = %s AND read_at IS NOT NULL AND position(%s in body) > 0",  # noqa: S608  (a table of ours)
                [row.channel_id, (row.ref.partition(":")[2] if person_of(row.ref) else row.ref).encode()],
            )


def _writers(contacts: Collection[int], conversations: Collection[int]) -> None:
    """Accounts and threads of which nothing is left lose what they can be known by."""
    left = Message.objects.filter(contact=OuterRef("pk"), erased_at=None)
    gone = list(Contact.objects.filter(~Exists(left), pk__in=contacts).values_list("pk", flat=True))
    named = Concat(Value(GONE), Cast(F("pk"), CharField()))
    linked = set(Contact.objects.filter(pk__in=gone).exclude(known=None).values_list("known", flat=True))
    people = Contact.objects.filter(pk__in=gone)
    networks, numbers = zip(*people.values_list("network", "external_id"), strict=True) if gone else ((), ())
    forget_reached(list(Channel.objects.filter(network__in=networks).values_list("pk", flat=True)), numbers)
    Contact.objects.filter(pk__in=gone).update(name="", handle="", kind="", external_id=named, known=None)
    Known.objects.filter(pk__in=linked, contacts=None).update(because="")
    for place in PLACES:
        if place.hangs == "contact":
            if place.delete:
                place.of(gone).delete()
            elif place.clear:
                place.of(gone).update(**place.clear)
    left = Message.objects.filter(conversation=OuterRef("pk"), erased_at=None)
    empty = list(Conversation.objects.filter(~Exists(left), pk__in=conversations).values_list("pk", flat=True))
    Conversation.objects.filter(pk__in=empty).update(thread_ref=named)
    for place in PLACES:
        if place.hangs == "conversation":
            if place.delete:
                place.of(empty).delete()
            elif place.clear:
                place.of(empty).update(**place.clear)


def counted(numbers: Collection[int]) -> Counter[str]:
    """How many rows of each table belong to these messages."""
    found: Counter[str] = Counter()
    for place in PLACES:
        if place.hangs == "message" and (place.clear or place.delete):
            found[place.title] = place.of(numbers).count()
    return found
