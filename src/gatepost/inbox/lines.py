"""Messages as the list shows them, each with all that its line says: two short statements for a page.

The first finds the numbers, planned for what is asked for; the second, prepared once for a connection, reads what the
lines show. Together as one they would be planned anew each time, which takes longer than both.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from gatepost.gate.states import OPEN
from gatepost.inbox.listing import PAGE, Filter, key_of, numbers_after
from gatepost.inbox.models import Message
from gatepost.inbox.presence import LASTS
from gatepost.inbox.statements import ask
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


def _among(states: Sequence[str]) -> str:
    return ", ".join(f"'{state}'" for state in states)


LINES = f"""
SELECT message.id, left(message.text, {READ}), message.state, message.visibility, message.private, message.urgent,
       message.danger, message.due_at, message.received_at, message.snoozed_until, message.done_because, message.marks,
       channel.name, channel.network, contact.name, contact.handle, assignee.name,
       decision.decided::text, decision.spans::text,
       CASE WHEN message.marks::text LIKE '%%label:%%' THEN (
           SELECT array_agg(label.name ORDER BY array_position(message.marks, ('label:' || label.id)::varchar))
           FROM inbox_label AS label WHERE 'label:' || label.id = ANY (message.marks)) END,
       act.kind, act.state, referral.found, present.name
FROM unnest(%s::bigint[]) WITH ORDINALITY AS page (id, place)
JOIN inbox_message AS message ON message.id = page.id
JOIN channels_channel AS channel ON channel.id = message.channel_id
JOIN inbox_contact AS contact ON contact.id = message.contact_id
JOIN rulebook_keptdecision AS decision ON decision.id = message.decision_id
LEFT JOIN people_user AS assignee ON assignee.id = message.assignee_id
LEFT JOIN LATERAL (
    SELECT kind, state FROM gate_act
    WHERE subject = 'message:' || message.id AND state IN ({_among([*OPEN, "refused"])})
    ORDER BY created_at DESC LIMIT 1) AS act ON true
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(name, state, answer_by < %s) ORDER BY at)::text AS found FROM inbox_referral
    WHERE message_id = message.id AND state IN ({_among(OPEN_REFERRALS)})) AS referral ON true
LEFT JOIN LATERAL (
    SELECT person.name FROM inbox_presence AS presence JOIN people_user AS person ON person.id = presence.person_id
    WHERE presence.message_id = message.id AND presence.replying AND presence.seen_at > %s
    ORDER BY presence.seen_at DESC LIMIT 1) AS present ON true
ORDER BY page.place
"""  # noqa: S608  # states and numbers of ours


def listed(numbers: Sequence[int], at: datetime) -> list[ListedMessage]:
    """These messages in this order, as they stand at a moment; those that are not there are left out."""
    if not numbers:
        return []
    return [ListedMessage._make(row) for row in ask(LINES, [list(numbers), at, at - LASTS], keep=True)]


def page_of(wanted: Filter, *, after: int = 0, size: int = PAGE, at: datetime) -> tuple[list[ListedMessage], int]:
    """A page of the list and the key to go on after, 0 at the end. `after` is what the page before gave."""
    numbers = numbers_after(wanted, after, size + 1, at)
    page = listed(numbers[:size], at)
    return page, key_of(page[-1].pk, page[-1].danger) if len(numbers) > size and page else 0
