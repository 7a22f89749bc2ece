"""What a person does about a message: answer, refer, hide, remove, restore, close. One transaction each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from gatepost.channels.actions import require_may_write
from gatepost.gate import actions as gate
from gatepost.gate.content import Content
from gatepost.gate.ground import NOT_GOING
from gatepost.gate.models import Act
from gatepost.gate.states import OPEN
from gatepost.gate.stops import stops_recorded
from gatepost.inbox import private_replies
from gatepost.inbox.evidence import keep_evidence as keep_evidence
from gatepost.inbox.evidence import require_words as require_words
from gatepost.inbox.handling import require_may_handle
from gatepost.inbox.models import Message, Reveal
from gatepost.inbox.moderating import moderate as moderate
from gatepost.inbox.personal.marks import mark
from gatepost.inbox.problems import InboxError as InboxError
from gatepost.inbox.referrals import refer
from gatepost.inbox.reply_drafts import forget_drafts
from gatepost.inbox.statements import ask
from gatepost.ledger.actions import Actor, record
from gatepost.ledger.models import Line
from gatepost.lifecycle import advance
from gatepost.networks.limits import figure
from gatepost.people.models import User
from gatepost.policy.model import Finding
from gatepost.policy.reading.windows import WINDOW
from gatepost.rulebook.actions import in_force

REVEALED_FOR = timedelta(minutes=10)
# What somebody wrote down by hand stands nowhere that a connector could answer.
BY_HAND = ("phone call", "in person", "letter", "elsewhere")


def reply_content(message: Message, text: str, *, privately: bool = False) -> Content:
    words = text.strip()
    return Content("reply", message.channel_id, words, in_reply_to=message.ref, privately=privately)


_EXCHANGES = """
SELECT count(*) FROM inbox_message AS message JOIN gate_act AS act ON act.subject = 'message:' || message.id
WHERE message.conversation_id = %s AND act.kind = 'reply' AND act.state = ANY (%s) AND NOT act.content ? 'privately'
"""


def exchanges(message: Message) -> int:
    """Answers of ours in this conversation, those on their way too: three that wait for their sign-off are three.
    What was said to its writer alone is no answer in the thread."""
    return int(ask(_EXCHANGES, [message.conversation_id, [*OPEN, "sent"]], keep=True)[0][0])


def only_by_hand(message: Message) -> bool:
    """Whether nothing can be sent to where this was said: somebody rang, or wrote where no connector sends."""
    return figure(message.channel.network, "posts") is False or message.kind in BY_HAND


def reply_context(message: Message, *, by_hand: bool = False, privately: bool = False) -> dict[str, Any]:
    """What the checks need beside the words: what is answered, and how often we have answered in this thread."""
    alone = {"private": True, "person_wrote_first": False, "commented": message.posted_at.isoformat()}
    return {
        **({"by_hand": True, "nowhere": message.kind in BY_HAND} if by_hand else {}),
        "answering": {"id": str(message.pk), "text": message.text[:WINDOW]},  # as much as is read at once
        "exchanges": exchanges(message),
        "private": message.private,
        "person_wrote_first": True,
        "summoned": True if message.kind == "mention" else None,
        "last_private": _last_private(message),
        **(alone if privately else {}),
    }


def _last_private(message: Message) -> str:
    """When the person last wrote to us in this private conversation, in ISO form; "" for what everybody can see."""
    if not message.private:
        return ""
    theirs = Message.objects.filter(conversation=message.conversation_id, contact=message.contact_id, private=True)
    last: datetime = theirs.aggregate(last=Max("posted_at"))["last"]
    return last.isoformat()


def check_reply(
    message: Message, text: str, *, at: datetime, wording: str = "", privately: bool = False
) -> list[Finding]:
    """What the policy says of an answer, without submitting it."""
    context = reply_context(message, privately=privately)
    return gate.check(reply_content(message, text, privately=privately), at=at, context=context, wording=wording)


@stops_recorded
@transaction.atomic
def reply(
    message: Message,
    *,
    by: User,
    at: datetime,
    wording: str = "",
    text: str = "",
    answers: Mapping[str, str] | None = None,
    by_hand: bool = False,
    privately: bool = False,
) -> Act:
    """Answers a message: with an approved wording, unchanged (`text` empty or equal: its standing sign-off covers
    it) or edited, or with words of one's own. A wording that states a referral makes it, in the same transaction.
    `by_hand`: it is signed off like any other, but a person says it on the network and records it (gate/by_hand.py).
    `privately`: the one private message for a public comment (private_replies.py).
    Raises InboxError, Stopped, Unanswered, NotAllowed, GateError."""
    message = Message.objects.select_for_update().select_related("channel", "decision").get(pk=message.pk)
    require_words(message)
    if not message.decision.answer:
        raise InboxError("The policy says this is not answered. Refer it instead.")
    if Act.objects.filter(subject=message.subject, kind="reply", state__in=OPEN).exists():
        raise InboxError("An answer to this is on its way already. Withdraw that one first, or wait until it has left.")
    pack = in_force(at)
    approved = pack.wordings.get(wording) if wording else None
    if wording and approved is None:
        raise InboxError(f"The policy has no wording “{wording}”.")
    words = text.strip() or (approved.text if approved else "")
    if not words:
        raise InboxError("Write an answer, or choose an approved wording.")
    clauses = [approved.clause] if approved else ["desk:gate"]
    ends: datetime | None = None
    if privately:
        if by_hand:
            raise InboxError("A private message is sent from here. To answer by hand, choose that everybody sees it.")
        way = private_replies.require_way(message, pack=pack, at=at)
        clauses, ends = [*clauses, way.clause], way.until
    else:
        by_hand = by_hand or only_by_hand(message)
    act = gate.submit(
        reply_content(message, words, privately=privately),
        subject=message.subject,
        by=by,
        at=at,
        context=reply_context(message, by_hand=by_hand, privately=privately),
        wording=wording,
        answers=answers,
        by_hand=by_hand,
        clauses=clauses,
        sign_by=min(filter(None, (message.due_at, ends)), default=None),
    )
    advance(
        message,
        "reply_submitted",
        by=by,
        at=at,
        clauses=clauses,
        detail={"act": str(act.pk), "wording": wording},
    )
    forget_drafts(message)
    if approved is not None and approved.refers_to:
        refer(message, approved.refers_to, by=by, at=at, clause=approved.clause, reply_act=act, move=False)
    return act


@transaction.atomic
def close(message: Message, *, because: str, by: User, at: datetime) -> None:
    """Ends work on a message, with the reason."""
    require_may_handle(by, message, at)
    if not because.strip():
        raise InboxError("Say why nothing more is done about it.")
    advance(message, "closed", by=by, at=at, clauses=["desk:inbox"], done_because=because.strip()[:300])


@transaction.atomic
def reopen(message: Message, *, by: User, at: datetime) -> None:
    require_words(message)
    require_may_handle(by, message, at)
    advance(message, "reopened", by=by, at=at, clauses=["desk:inbox"], done_because="")


@transaction.atomic
def reveal(message: Message, *, reason: str, by: User, at: datetime) -> Reveal:
    """Shows one person the masked details of one message for ten minutes. The reason is kept."""
    require_may_write(by, message.channel, at)
    if not reason.strip():
        raise InboxError("Say why you need to see the details.")
    made = Reveal.objects.create(message=message, person=by, reason=reason[:300], at=at, until=at + REVEALED_FOR)
    detail = {"reveal": made.pk, "reason": mark("reason", made.reason)}
    record("details.shown", message.subject, by=by, at=at, clauses=["desk:personal_data"], detail=detail)
    return made


def is_revealed(message: Message, person: User, at: datetime) -> bool:
    return Reveal.objects.filter(message=message, person=person, until__gt=at).exists()


@transaction.atomic
def act_settled(act: Act, *, by: Actor, at: datetime) -> None:
    """Brings a message up to date with what became of an act of its own. May be called again for the same act."""
    name, _, number = act.subject.partition(":")
    if name != "message":
        return
    message = Message.objects.select_for_update().get(pk=int(number))
    if act.kind in ("hide", "unhide", "remove"):
        became = {"hide": "hidden", "unhide": "shown", "remove": "removed"}[act.kind]
        if act.state == "sent" and message.visibility != became:
            Message.objects.filter(pk=message.pk).update(visibility=became)
            record(f"message.{became}", message.subject, by=by, at=at, clauses=act.clauses)
    elif act.kind == "reply" and act.state == "sent":
        # A reply that was declined, changed and sent after all finds its message with us again: it is answered too.
        if message.state in ("answering", "new", "referred") and not _counted(act, message):
            advance(message, "answered", by=by, at=at, clauses=act.clauses, detail={"act": str(act.pk)})
    elif act.kind == "reply" and act.state in NOT_GOING and message.state == "answering":
        others = Act.objects.filter(subject=message.subject, kind="reply", state__in=OPEN)
        if not others.exists():
            advance(message, "reply_failed", by=by, at=at, detail={"act": str(act.pk)})


def _counted(act: Act, message: Message) -> bool:
    """Has this act made the message answered before? Somebody may have reopened it since."""
    lines = Line.objects.filter(subject=message.subject, verb="message.answered", detail__act=str(act.pk))
    return lines.exists()
