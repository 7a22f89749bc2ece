"""A public answer that deals with one person's matter is stopped. What was written for them is not lost: it
goes to the department with the referral, and to the person by a private way where they have opened one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from gatepost.gate.models import Act
from gatepost.inbox.actions import reply
from gatepost.inbox.conditions import accounts_of
from gatepost.inbox.models import Message, Referral, ReplyDraft
from gatepost.inbox.problems import InboxError
from gatepost.inbox.referrals import refer
from gatepost.inbox.reply_drafts import keep_draft
from gatepost.ledger.actions import record
from gatepost.networks.limits import figure
from gatepost.people.models import User
from gatepost.policy.pack import Pack

MATTERS = ("personal_issue", "personal_data", "thread_limit")  # findings after which this is the way on
RECENT = timedelta(days=30)  # a private conversation older than this is not gone on with
NOTE = 4000


@dataclass(frozen=True, slots=True)
class Turned:
    """`answer`: the approved wording that tells the person in public. `private`: their private message for which what
    was written is kept as a draft."""

    referral: Referral
    answer: Act | None
    private: Message | None


@transaction.atomic
def turn_into_referral(
    message: Message, text: str, department: str, *, by: User, at: datetime, wording: str = ""
) -> Turned:
    """Refers a message with what was written for it as the note; answers in public with an approved wording alone, or
    not at all; and keeps the words as the draft of a private answer where the person has written privately."""
    words = text.strip()
    if message.private:
        raise InboxError("This is a private message: answer it here.")
    if not department:
        raise InboxError("Choose the department that deals with it.")
    answer = reply(message, by=by, at=at, wording=wording) if wording else None
    note = words if len(words) <= NOTE else words[: NOTE - 1] + "…"
    referral = refer(message, department, by=by, at=at, note=note, reply_act=answer, move=answer is None)
    ReplyDraft.objects.filter(message=message, person=by).delete()
    private = private_way(message, at)
    if private is not None and words:
        keep_draft(private, words, by=by, at=at)
    detail = {"referral": referral.pk, "answered": answer is not None, "private": private is not None}
    record("message.turned", message.subject, by=by, at=at, clauses=["desk:referring"], detail=detail)
    return Turned(referral, answer, private)


def private_way(message: Message, at: datetime, accounts: Sequence[int] = ()) -> Message | None:
    """The person's latest private message that can still be answered. We never begin a private conversation.
    `accounts`: of the person, where they are known already."""
    theirs = Message.objects.filter(contact__in=accounts or accounts_of(message.contact_id), private=True)
    for one in theirs.filter(posted_at__gt=at - RECENT).select_related("channel").order_by("-posted_at")[:5]:
        ends = window_ends(one)
        if ends is None or ends > at:
            return one
    return None


def window_ends(message: Message) -> datetime | None:
    """Until when a private message can be answered on its network; None where there is no such end, or it is public."""
    hours = figure(message.channel.network, "private_hours") if message.private else 0
    if not hours:
        return None
    theirs = Message.objects.filter(conversation=message.conversation_id, contact=message.contact_id, private=True)
    last = theirs.order_by("-posted_at").values_list("posted_at", flat=True).first() or message.posted_at
    return last + timedelta(hours=int(hours))


def telling(message: Message, department: str, pack: Pack) -> str:
    """The wording offered for this message that tells of the referral, or failing that of an answer to come; "" where
    the policy offers none."""
    offered = [pack.wordings[name] for name in message.decision.offers if name in pack.wordings]
    of_it = [one.id for one in offered if one.refers_to == department]
    plain = [one.id for one in offered if not one.refers_to and not any(map(str.isdigit, one.text))]
    return (of_it or plain or [""])[0]
