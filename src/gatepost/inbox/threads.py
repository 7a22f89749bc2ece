"""What was said in one conversation, and by us, in one statement that a connection prepares once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from psycopg.sql import Literal

from gatepost.gate.models import Published
from gatepost.gate.states import ACT
from gatepost.inbox.lines import VISIBILITY, Account
from gatepost.inbox.statements import ask, text_of
from gatepost.lifecycle import Machine
from gatepost.people.models import User

MOST = 40  # messages of one conversation on one page, the latest
_STATUS = dict(Published.STATUS)


class SeenThere(NamedTuple):
    """An answer of ours as it was last seen on the network."""

    status: str
    checked_at: datetime | None
    changed_at: datetime | None

    def get_status_display(self) -> str:
        return _STATUS.get(self.status, self.status)


@dataclass(frozen=True, slots=True)
class SaidAct:
    """An answer, hiding, removal or restoring; its names are those of the model."""

    MACHINE: ClassVar[Machine] = ACT

    pk: UUID
    kind: str
    state: str
    content: dict[str, Any]
    reason: str
    clauses: list[str]
    says: str
    wording: str
    permalink: str
    by_hand: bool
    parts_out: int
    created_at: datetime
    sent_at: datetime | None
    author: str
    channel: Account
    out: SeenThere | None

    @property
    def privately(self) -> bool:
        """Said to the writer of a public comment alone."""
        return bool(self.content.get("privately"))


class KeptEvidence(NamedTuple):
    by: str
    at: datetime
    reason: str
    clause: str
    sha256: str


class SaidMessage(NamedTuple):
    """A message of the conversation; its names are those of the model. JSON is kept as its text until it is wanted."""

    pk: int
    text: str
    posted_at: datetime
    changed_at: datetime | None
    gone_at: datetime | None
    erased_at: datetime | None
    visibility: str
    done_because: str
    decided_text: str
    spans_text: str
    details_until: datetime | None  # this person sees its personal details until then
    opened_until: datetime | None  # and its words, where they are covered
    acts_text: str | None
    evidence_text: str | None

    @property
    def subject(self) -> str:
        return f"message:{self.pk}"

    @property
    def decided(self) -> list[str]:
        return list(json.loads(self.decided_text))

    @property
    def spans(self) -> list[list[Any]]:
        return list(json.loads(self.spans_text))

    @property
    def acts(self) -> list[SaidAct]:
        """What was or is to be done about it and has not been withdrawn, the first first."""
        return [_act(row) for row in json.loads(self.acts_text)] if self.acts_text else []

    @property
    def evidence(self) -> list[KeptEvidence]:
        if not self.evidence_text:
            return []
        return [KeptEvidence(by, _moment(at), *rest) for by, at, *rest in json.loads(self.evidence_text)]

    def get_visibility_display(self) -> str:
        return VISIBILITY.get(self.visibility, self.visibility)


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _or_none(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _act(row: Sequence[Any]) -> SaidAct:
    number, *plain, created, sent, author, channel, network, status, checked, changed = row
    out = SeenThere(status, _or_none(checked), _or_none(changed)) if status else None
    made = [UUID(number), *plain, _moment(created), _or_none(sent), author, Account(channel, network), out]
    return SaidAct(*made)


# Each part hangs on an index: the thread's, the subject's, the message's.
_SAID = text_of(
    """
SELECT message.id, message.text, message.posted_at, message.changed_at, message.gone_at, message.erased_at,
       message.visibility, message.done_because, decision.decided::text, decision.spans::text,
       (SELECT max(until) FROM inbox_reveal WHERE message_id = message.id AND person_id = %s AND until > %s),
       (SELECT max(until) FROM inbox_opened WHERE message_id = message.id AND person_id = %s AND until > %s),
       act.found, evidence.found
FROM (
    (SELECT id FROM inbox_message WHERE conversation_id = %s ORDER BY posted_at DESC, id DESC LIMIT {most})
    UNION SELECT %s::bigint
) AS page
JOIN inbox_message AS message ON message.id = page.id
JOIN rulebook_keptdecision AS decision ON decision.id = message.decision_id
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(
        act.id, act.kind, act.state, act.content, act.reason, act.clauses, act.says, act.wording, act.permalink,
        act.by_hand, act.parts_out, act.created_at, act.sent_at, author.name, channel.name, channel.network,
        out.status, out.checked_at, out.changed_at) ORDER BY act.created_at)::text AS found
    FROM gate_act AS act
    JOIN people_user AS author ON author.id = act.author_id
    JOIN channels_channel AS channel ON channel.id = act.channel_id
    LEFT JOIN gate_published AS out ON out.act_id = act.id AND act.kind = 'reply' AND act.state = 'sent'
    WHERE act.subject = 'message:' || message.id AND act.state <> 'withdrawn') AS act ON true
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(person.name, kept.at, kept.reason, kept.clause, kept.sha256)
                     ORDER BY kept.at)::text AS found
    FROM inbox_evidence AS kept JOIN people_user AS person ON person.id = kept.by_id
    WHERE kept.message_id = message.id) AS evidence ON true
ORDER BY message.posted_at DESC, message.id DESC
""",
    most=Literal(MOST + 1),
)


def said_in(conversation: int, opened: int, *, person: User, at: datetime) -> tuple[list[SaidMessage], bool]:
    """The latest messages of a conversation, and the one that is `opened` whatever its age, the latest first, as
    `person` may see them at a moment; and whether there are more."""
    given = [person.pk, at, person.pk, at, conversation, opened]
    rows = [SaidMessage._make(row) for row in ask(_SAID, given, keep=True)]
    shown = [*rows[:MOST], *(row for row in rows[MOST:] if row.pk == opened)]
    return shown, len(rows) > MOST
