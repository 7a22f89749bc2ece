"""Messages as the list shows them, each with all that its line says.

A page of a view is one statement, prepared once for a connection. Where words, labels or days are looked for it is two:
the first finds the numbers, planned for what is asked for; the second, prepared, reads what the lines show. Together
they would be planned anew each time, which takes longer than both.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from psycopg.sql import SQL, Composable, Literal

from gatepost.gate.states import OPEN
from gatepost.inbox.conditions import one_plan_suits, order_of
from gatepost.inbox.listing import PAGE, Filter, key_of, numbers_after, statement_of
from gatepost.inbox.models import Message
from gatepost.inbox.presence import LASTS
from gatepost.inbox.statements import ask, text_of
from gatepost.inbox.states import MESSAGE, OPEN_REFERRALS

READ = 4000  # code points of a message: more than a line has room for, whatever is masked in it
VISIBILITY = {str(name): str(words) for name, words in Message._meta.get_field("visibility").choices or ()}


class Account(NamedTuple):
    """A channel as its sign shows it."""

    name: str
    network: str


class ListedMessage(NamedTuple):
    """A message of the list, read and never written; its names are those of the model. A tuple, because a page of them
    is made many times a second. JSON is kept as its text until somebody asks for it."""

    pk: int
    text: str  # its first READ code points
    state: str
    visibility: str
    private: bool
    urgent: bool
    danger: int
    due_at: datetime | None
    received_at: datetime
    snoozed_until: datetime | None
    done_because: str
    marks: list[str]
    channel_name: str
    network: str
    contact_name: str
    handle: str
    assignee: str | None
    decided: str
    spans: str
    own_labels: list[str] | None
    act_kind: str | None  # the latest act about it that waits, is on its way or was refused
    act_state: str | None
    referred: str | None  # [name, state, late] of each department that has not answered
    replying: str | None

    @property
    def channel(self) -> Account:
        return Account(self.channel_name, self.network)

    @property
    def contact(self) -> str:
        return self.contact_name or self.handle or "Somebody"

    @property
    def departments(self) -> list[list[Any]]:
        return json.loads(self.referred) if self.referred else []

    def get_visibility_display(self) -> str:
        return VISIBILITY.get(self.visibility, self.visibility)

    def get_state_display(self) -> str:
        return MESSAGE.words[self.state]


def _among(states: Sequence[str]) -> Composable:
    return SQL(", ").join(map(Literal, states))


_SHOWN = """
SELECT message.id, left(message.text, {read}), message.state, message.visibility, message.private, message.urgent,
       message.danger, message.due_at, message.received_at, message.snoozed_until, message.done_because, message.marks,
       channel.name, channel.network, contact.name, contact.handle, assignee.name,
       decision.decided::text, decision.spans::text,
       CASE WHEN message.marks::text LIKE '%%label:%%' THEN (
           SELECT array_agg(label.name ORDER BY array_position(message.marks, ('label:' || label.id)::varchar))
           FROM inbox_label AS label WHERE 'label:' || label.id = ANY (message.marks)) END,
       act.kind, act.state, referral.found, present.name
FROM {page}
JOIN inbox_message AS message ON message.id = page.id
JOIN channels_channel AS channel ON channel.id = message.channel_id
JOIN inbox_contact AS contact ON contact.id = message.contact_id
JOIN rulebook_keptdecision AS decision ON decision.id = message.decision_id
LEFT JOIN people_user AS assignee ON assignee.id = message.assignee_id
LEFT JOIN LATERAL (
    SELECT kind, state FROM gate_act
    WHERE subject = 'message:' || message.id AND state IN ({acts})
    ORDER BY created_at DESC LIMIT 1) AS act ON true
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(name, state, answer_by < %s) ORDER BY at)::text AS found FROM inbox_referral
    WHERE message_id = message.id AND state IN ({referrals})) AS referral ON true
LEFT JOIN LATERAL (
    SELECT person.name FROM inbox_presence AS presence JOIN people_user AS person ON person.id = presence.person_id
    WHERE presence.message_id = message.id AND presence.replying AND presence.seen_at > %s
    ORDER BY presence.seen_at DESC LIMIT 1) AS present ON true
ORDER BY {order}
"""


def _lines(page: str, order: str) -> str:
    """The statement for the lines of a page, in few characters: the driver remembers how short ones are sent."""
    words = text_of(
        _SHOWN,
        read=Literal(READ),
        acts=_among([*OPEN, "refused"]),
        referrals=_among(OPEN_REFERRALS),
        page=SQL(page),
        order=SQL(order),
    )
    return " ".join(words.split())


# The numbers stand in a SELECT of their own so that their count is no reason to plan the statement anew each time.
LINES = _lines("unnest((SELECT %s::bigint[])) WITH ORDINALITY AS page (id, place)", "page.place")


@lru_cache(maxsize=128)
def _whole(numbers: str, order: str) -> str:
    """The same for the numbers that another statement finds, in its order."""
    return _lines(f"({numbers}) AS page", ", ".join(f"message.{column}" for column in order.split(", ")))


def listed(numbers: Sequence[int], at: datetime) -> list[ListedMessage]:
    """These messages in this order, as they stand at a moment; those that are not there are left out."""
    if not numbers:
        return []
    return [ListedMessage._make(row) for row in ask(LINES, [list(numbers), at, at - LASTS], keep=True)]


def page_of(wanted: Filter, *, after: int = 0, size: int = PAGE, at: datetime) -> tuple[list[ListedMessage], int]:
    """A page of the list and the key to go on after, 0 at the end. `after` is what the page before gave."""
    if one_plan_suits(wanted):
        words, given = statement_of(wanted, after, size + 1, at)
        rows = ask(_whole(words, order_of(wanted)), [*given, at, at - LASTS], keep=True)
        more, page = len(rows) > size, [ListedMessage._make(row) for row in rows[:size]]
    else:
        numbers = numbers_after(wanted, after, size + 1, at)
        more, page = len(numbers) > size, listed(numbers[:size], at)
    return page, key_of(page[-1], wanted) if more and page else 0
