"""The inbox list: its messages in words, without personal details and without abuse."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gatepost.gate.states import ACT
from gatepost.inbox.exposure import covered_for
from gatepost.inbox.lines import ListedMessage
from gatepost.inbox.listing import Filter, how_many
from gatepost.inbox.marks import labels_in
from gatepost.inbox.masking import masked, spans_of
from gatepost.inbox.models import Message
from gatepost.inbox.personal.covering import covered_all
from gatepost.inbox.statements import ask
from gatepost.web.frame.waiting import COUNTED_TO
from gatepost.web.inbox.words import URGENT, Word, in_order

WHAT = {"reply": "Answer", "hide": "Hiding", "remove": "Removal", "unhide": "Restoring", "close": "Closing comments"}
CLIP = 240  # code points of a message in the list


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. `text` holds no personal details; "" with `hidden` when it is abuse."""

    message: ListedMessage
    text: str
    hidden: str
    tags: tuple[Word, ...]
    own: tuple[str, ...]  # labels of the desk's own
    with_whom: str
    replying: str  # a colleague who is answering it now


def newer_than(wanted: Filter, number: int) -> int:
    """How many messages of this list came after message `number`, looked at no further than the frame counts."""
    return how_many(wanted, COUNTED_TO + 1, since=number)


def newest() -> int:
    """The id of the newest message there is."""
    return int(ask("SELECT coalesce(max(id), 0) FROM inbox_message", keep=True)[0][0])


def text_of(message: Message, clip: int = CLIP) -> str:
    """A message in one line without personal details."""
    return _line(message.text, message.decision.spans, clip)


def _line(text: str, spans: Sequence[Sequence[object]], clip: int) -> str:
    whole = masked(text, spans_of(spans)) if spans else text
    line = " ".join(whole[: clip * 4].split())
    return line if len(line) <= clip else f"{line[:clip].rsplit(' ', 1)[0]}…"


def hidden_because(message: Message) -> str:
    """Why the words of a message stay out of lists; "" when they need not."""
    return _hidden(message.decision.decided)


def _hidden(decided: Sequence[str]) -> str:
    if "staff_abuse" in decided:
        return "Not shown here: abuse to a member of staff. Nobody answers it."
    return "Not shown here: offensive words." if covered_for(decided) else ""


# A desk has few sets of labels and marks, and sees each again on every page.
@lru_cache(maxsize=1024)
def _labels(decided: str) -> tuple[str, ...]:
    return tuple(json.loads(decided))


@lru_cache(maxsize=1024)
def _tags(marks: tuple[str, ...], urgent: bool) -> tuple[Word, ...]:
    return (*([URGENT] if urgent else []), *in_order(labels_in(marks)))


def _spans(kept: str) -> Sequence[Sequence[object]]:
    """The spans kept with a message, when any of them is to be masked."""
    return json.loads(kept) if '"personal_details"' in kept else ()


def lines_of(messages: Sequence[ListedMessage]) -> list[Row]:
    """Messages as lines of the list, with who has each. No message is asked for again."""
    closed = covered_all(message.done_because for message in messages if message.state == "done")
    rows = []
    for message in messages:
        hidden = _hidden(_labels(message.decided))
        rows.append(
            Row(
                message=message,
                text="" if hidden else _line(message.text, _spans(message.spans), CLIP),
                hidden=hidden,
                # How grave it is stands above.
                tags=_tags(tuple(message.marks), message.urgent and not message.danger),
                own=tuple(message.own_labels or ()),
                replying=message.replying or "",
                with_whom=_with_whom(message, closed),
            )
        )
    return rows


def _with_whom(message: ListedMessage, closed: Mapping[str, str]) -> str:
    parts = [message.assignee] if message.assignee else []
    if message.state == "done":
        return f"Closed: {closed.get(message.done_because, '')}"
    if message.act_kind is not None and message.act_state is not None:
        what = WHAT.get(message.act_kind, message.act_kind.capitalize())
        parts.append(f"{what}: {ACT.words[message.act_state].lower()}")
    elif message.state == "answered":
        parts.append("Answered")
    if message.departments:
        parts.append(f"With {', '.join(_department(*one) for one in message.departments)}")
    return ". ".join(parts) or "Nobody yet"


def _department(name: str, state: str, late: bool) -> str:
    words = f"{name}: e-mail failed" if state == "failed" else name
    return f"{words}, answer late" if late else words
