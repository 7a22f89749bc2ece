"""The list's views and filters in SQL: which messages, in which order, and what comes after one of them.

Each view has an index that it runs along (models.Message.Meta).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from psycopg.sql import SQL, Literal

from gatepost.gate.holds import held_acts
from gatepost.inbox.marks import clause_mark, is_mark, topic_mark
from gatepost.inbox.models import Contact
from gatepost.inbox.search import Condition
from gatepost.inbox.statements import text_of
from gatepost.inbox.states import OPEN_REFERRALS

if TYPE_CHECKING:
    from gatepost.inbox.listing import Filter

SOON = timedelta(hours=24)
HELD = 5000  # messages at the most
_WITH_US = "inbox_message.state IN ('new', 'answering')"
_AWAKE = "(inbox_message.snoozed_until IS NULL OR inbox_message.snoozed_until <= %s)"
_ASKED = SQL(", ").join(map(Literal, OPEN_REFERRALS))
# Of which a department has not answered yet, the latest; named one by one, so that what was answered in all the years
# before is not looked through for them.
_WITH_DEPARTMENTS = text_of(
    """inbox_message.id = ANY(ARRAY(
    SELECT message_id FROM inbox_referral WHERE state IN ({asked}) ORDER BY at DESC LIMIT 5000))""",
    asked=_ASKED,
)
_NO_DEPARTMENT = text_of(
    """NOT EXISTS (
    SELECT FROM inbox_referral WHERE message_id = inbox_message.id AND state IN ({asked}))""",
    asked=_ASKED,
)
_MARKED = "inbox_message.marks @> ARRAY[%s]::varchar(80)[]"


def conditions(wanted: Filter, at: datetime) -> list[Condition]:
    """All of them hold of a message that the filter lets through; of its words see search.ways."""
    found = _of_view(wanted, at)
    if wanted.label == "urgent":
        found.append(("inbox_message.urgent", []))
    elif wanted.label:
        found.append((_MARKED, [is_mark(wanted.label)]))
    if wanted.mark:
        found.append((_MARKED, [f"label:{wanted.mark}"]))
    if wanted.clause:
        found.append((_MARKED, [clause_mark(wanted.clause)]))
    if wanted.topic:
        found.append((_MARKED, [topic_mark(wanted.topic)]))
    if wanted.channel:
        found.append(("inbox_message.channel_id = %s", [wanted.channel]))
    if wanted.contact:
        found.append(_of_contact(wanted.contact))
    if wanted.who:
        found.append(("inbox_message.assignee_id = %s", [wanted.who]))
    if wanted.since:
        found.append(("inbox_message.received_at >= %s", [_begins(wanted.since)]))
    if wanted.until and wanted.until < date.max:  # no day comes after that one
        found.append(("inbox_message.received_at < %s", [_begins(wanted.until + timedelta(days=1))]))
    return found


def one_plan_suits(wanted: Filter) -> bool:
    """Whether nothing was asked for that is common in one message's case and rare in another's."""
    return wanted == wanted.plain and wanted.show not in ("held", "referred")


def _of_view(wanted: Filter, at: datetime) -> list[Condition]:
    if wanted.searching or wanted.show == "all":
        return []
    if wanted.show == "referred":
        waits = f"(inbox_message.state = 'referred' OR (inbox_message.state = 'answered' AND {_WITH_DEPARTMENTS}))"
        return [(waits, [])]
    if wanted.show == "done":
        return [(f"(inbox_message.state = 'done' OR (inbox_message.state = 'answered' AND {_NO_DEPARTMENT}))", [])]
    if wanted.show == "snoozed":
        return [("inbox_message.snoozed_until IS NOT NULL", [])]
    if wanted.show == "held":
        return [("inbox_message.id = ANY(%s)", [held_messages(at=at)])]
    found: list[Condition] = [(_WITH_US, []), (_AWAKE, [at])]
    if wanted.show == "mine":
        found.append(("inbox_message.assignee_id = %s", [wanted.me]))
    elif wanted.show == "unassigned":
        found.append(("inbox_message.assignee_id IS NULL", []))
    elif wanted.show == "soon":
        found.append(("inbox_message.due_at <= %s", [at + SOON]))
    elif wanted.show == "complaints":
        found.append(("inbox_message.marks @> ARRAY['is:complaint']::varchar(80)[]", []))
    return found


def _of_contact(number: int) -> Condition:
    accounts = accounts_of(number)
    if len(accounts) == 1:  # an index has the messages of one account in their order
        return "inbox_message.contact_id = %s", accounts
    return "inbox_message.contact_id = ANY(%s)", [accounts]


def _begins(day: date) -> datetime:
    zone = timezone.get_current_timezone()
    try:
        return datetime.combine(day, time(), zone)
    except OverflowError:
        return datetime.combine(day, time(), UTC)


def accounts_of(contact: int) -> list[int]:
    """The contact and every account that somebody has said is the same person's."""
    known = Contact.objects.filter(pk=contact, known__isnull=False).values("known")
    return [contact, *Contact.objects.filter(known__in=known).exclude(pk=contact).values_list("pk", flat=True)]


def held_messages(*, at: datetime) -> list[int]:
    """Messages with an answer, a hiding or a removal that a hold keeps back."""
    found = held_acts(at=at).filter(subject__startswith="message:").values_list("subject", flat=True)[:HELD]
    return [int(subject[8:]) for subject in found]


_NEWEST = "danger DESC, received_at DESC, id DESC"
_ORDERS = {"soon": "danger DESC, due_at, id", "snoozed": "danger DESC, snoozed_until, id"}
_TURN = "danger DESC, due_at ASC NULLS LAST, id DESC"


def order_of(wanted: Filter) -> str:
    """Danger first, then in the order of the view."""
    if wanted.newest_first:
        return _NEWEST
    return _ORDERS.get(wanted.show, _TURN)


# What comes after a message among those as grave, in stretches that each lie together in the view's index; comparisons
# of rows are answered by it in one reach. The moment that put it there is the one that was shown: it may have changed.
_OLDER = """(inbox_message.danger, inbox_message.received_at, inbox_message.id) < (
    SELECT %s::smallint, received_at, id FROM inbox_message AS place WHERE place.id = %s)"""
_LATER = {
    "soon": "(inbox_message.due_at, inbox_message.id) > (%s::timestamptz, %s::bigint)",
    "snoozed": "(inbox_message.snoozed_until, inbox_message.id) > (%s::timestamptz, %s::bigint)",
}
_DUE = (
    "inbox_message.due_at >= %s::timestamptz"
    " AND (inbox_message.due_at > %s::timestamptz OR inbox_message.id < %s::bigint)"
)
_UNDUE = (  # one that is due comes before all of these
    "inbox_message.due_at IS NULL"
    f" AND inbox_message.id < CASE WHEN %s::timestamptz IS NULL THEN %s::bigint ELSE {2**63 - 1} END"
)


def _as_grave(danger: int) -> str:
    return f"inbox_message.danger = {danger:d}"  # not given apart: an index of the few in danger is for these alone


def stretches(wanted: Filter, number: int, danger: int, moment: datetime | None) -> list[Condition]:
    """The list, or what comes after message `number` that was as grave as `danger` and stood at `moment` when it was
    shown, in stretches that follow each other and each lie together in an index. 0 for the number: from the
    beginning."""
    if wanted.newest_first:  # one index has them all in their order
        return [(_OLDER, [danger, number])] if number else [("true", [])]
    beside = wanted.show in _LATER  # the few in danger come before what its index has
    if not number:
        return [("inbox_message.danger > 0", []), (_as_grave(0), [])] if beside else [("true", [])]
    after: list[Condition] = [(_DUE, [moment, moment, number]), (_UNDUE, [moment, number])]
    if beside:
        after = [(_LATER[wanted.show], [moment, number])]
    found: list[Condition] = [(f"{_as_grave(danger)} AND {one}", given) for one, given in after]
    return found + [(_as_grave(less), []) for less in range(danger - 1, -1, -1)]
