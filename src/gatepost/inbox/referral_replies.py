"""Replies of departments by e-mail, sorted out of a shared mailbox by the signed address that they came to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from gatepost.inbox.models import Referral, ReferralNote
from gatepost.inbox.referral_answers import MOST_NOTES, NAME_LIMIT, AnswerError, heard
from gatepost.inbox.referrals import ANSWER_LIMIT, with_us_again
from gatepost.inbox.reply_address import referral_of
from gatepost.ledger.actions import record
from gatepost.lifecycle import Conflict
from gatepost.mailing import is_ours
from gatepost.networks.letters import new_words
from gatepost.networks.protocol import Incoming

_QUESTION = re.compile(r"^\W*question\b[\s:.,-]*", re.IGNORECASE)
_BACK = re.compile(r"^\W*hand(?:ed|ing)? ?back\b[\s:.,-]*", re.IGNORECASE)
BOUNCED = (
    "The mail server sent an automatic reply: somebody is out of the office, or the address does not work. "
    "See the mailbox."
)


class _ByLetter:
    """Whoever holds an address that only the department was given."""

    def __init__(self, referral: int) -> None:
        self.actor = f"department:{referral}"


def sort_out(items: Sequence[Incoming], *, at: datetime) -> list[Incoming]:
    """Keeps those that answer a referral with it, in the caller's transaction. Returns the others, without letters of
    the desk's own: an alarm that lands in a mailbox that it reads must not raise the next."""
    others = []
    for item in items:
        if item.raw.get("automatic") and is_ours(str(item.raw.get("seal", ""))):
            continue
        number = referral_of(item.addressed_to) if item.addressed_to else None
        referral = Referral.objects.select_related("message").filter(pk=number).first() if number else None
        if referral is None:
            others.append(item)
        elif item.raw.get("automatic"):
            _automatic(referral, at=at)
        else:
            _keep(referral, item, at=at)
    return others


def _automatic(referral: Referral, *, at: datetime) -> None:
    Referral.objects.filter(pk=referral.pk).update(says=BOUNCED)
    record("referral.automatic_reply", referral.subject, by=_ByLetter(referral.pk), at=at)


def _keep(referral: Referral, item: Incoming, *, at: datetime) -> None:
    letter = item.ref[:300]
    if ReferralNote.objects.filter(referral=referral, letter=letter).exists():
        return
    kind, words = _read(item)
    if hung := _hung(item):
        words = f"{words[: ANSWER_LIMIT - len(hung) - 2]}\n\n{hung}"
    by, author = _ByLetter(referral.pk), " ".join(item.author_name.split())[:NAME_LIMIT]
    try:
        with transaction.atomic():
            heard(referral, kind, words, author=author, via="email", by=by, at=at, letter=letter)
    except (AnswerError, Conflict):  # answered already, or a great deal was said: a letter is kept all the same
        if ReferralNote.objects.filter(referral=referral).count() >= MOST_NOTES * 2:
            return
        ReferralNote.objects.create(
            referral=referral, kind=kind, text=words, author=author, via="email", letter=letter, at=at
        )
        record("referral.written_to", referral.subject, by=by, at=at, detail={"via": "email"})
        with_us_again(referral, by=by, at=at)


def _hung(item: Incoming) -> str:
    """What hung on a reply, by name: the files themselves stay in the mailbox."""
    names = [" ".join(one.name.split())[:60] or "without a name" for one in item.attachments]
    if not names:
        return ""
    files = "1 file" if len(names) == 1 else f"{len(names)} files"
    return f"[{files} hung on this reply: {', '.join(names)}. See the mailbox.]"


def _read(item: Incoming) -> tuple[str, str]:
    """What a letter is, and its new words: the subject, which stands before them, is the one that we gave."""
    subject = str(item.raw.get("subject", ""))
    text = item.text.removeprefix(subject).strip() if subject else item.text
    words = (new_words(text) or text or item.text)[:ANSWER_LIMIT]
    if found := _QUESTION.match(words):
        return "question", words[found.end() :].strip() or words
    if found := _BACK.match(words):
        return "handed_back", words[found.end() :].strip() or words
    return "answer", words
