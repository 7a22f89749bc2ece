"""Answers begun and not sent, kept on the server: a dead battery or another desk loses no words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from gatepost.channels.actions import require_reader
from gatepost.inbox.models import Message, ReplyDraft
from gatepost.inbox.problems import InboxError
from gatepost.people.models import User

LONGEST = 20_000


@transaction.atomic
def keep_draft(
    message: Message,
    text: str,
    *,
    by: User,
    at: datetime,
    wording: str = "",
    answers: Mapping[str, str] | None = None,
    privately: bool = False,
) -> ReplyDraft | None:
    """Keeps what a person has written so far as their answer to a message; no words end the draft."""
    require_reader(by, at)
    words = text.replace("\x00", "")
    if len(words) > LONGEST:
        raise InboxError("This answer is longer than the desk keeps. Shorten it.")
    if not words.strip():
        ReplyDraft.objects.filter(message=message, person=by).delete()
        return None
    kept, _ = ReplyDraft.objects.update_or_create(
        message=message,
        person=by,
        defaults={
            "text": words,
            "wording": wording[:80],
            "answers": dict(answers or {}),
            "privately": privately,
            "at": at,
        },
    )
    return kept


@transaction.atomic
def take_over_draft(draft: ReplyDraft, *, by: User, at: datetime) -> ReplyDraft:
    """A colleague goes on with what somebody began: it is theirs from now on, and no longer the other's."""
    require_reader(by, at)
    ReplyDraft.objects.filter(message=draft.message_id, person=by).delete()
    ReplyDraft.objects.filter(pk=draft.pk).update(person=by, at=at)
    draft.person, draft.at = by, at
    return draft


def drafts_at(message: Message, person: User) -> tuple[ReplyDraft | None, list[ReplyDraft]]:
    """What this person has begun, and what colleagues have, the latest first."""
    found = list(ReplyDraft.objects.filter(message=message).select_related("person").order_by("-at"))
    own = next((one for one in found if one.person_id == person.pk), None)
    return own, [one for one in found if one is not own]


def forget_drafts(message: Message) -> None:
    """An answer has been submitted: what was begun for it is done with."""
    ReplyDraft.objects.filter(message=message).delete()
