"""Each action of the API: the same call the screens make, and what is told of it afterwards."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from gatepost.calls import asked, told
from gatepost.calls.composing import draft
from gatepost.calls.found import NoSuch, numbered
from gatepost.calls.kept import found_post
from gatepost.channels.actions import reads_messages, require_reader
from gatepost.channels.models import Channel
from gatepost.gate import actions as gate
from gatepost.gate.models import Act
from gatepost.inbox import actions as inbox
from gatepost.inbox.corrections import correct_label
from gatepost.inbox.models import Message
from gatepost.inbox.referrals import refer
from gatepost.inbox.verifying import verify_all
from gatepost.people.models import User
from gatepost.policy import coverage
from gatepost.publishing import actions as publishing
from gatepost.rulebook.actions import in_force


def found_message(pk: int, by: User, at: datetime) -> Message:
    require_reader(by, at)
    return numbered(Message.objects.select_related("decision", "channel", "contact"), pk, "message")


def found_act(pk: UUID) -> Act:
    return numbered(Act.objects.select_related("channel", "author"), pk, "act")


def _told(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def messages_list(wish: asked.MessagesList, *, by: User, at: datetime) -> asked.MessagesOut:
    require_reader(by, at)
    rows = Message.objects.select_related("decision").filter(state=wish.state)
    if wish.channel:
        rows = rows.filter(channel=wish.channel)
    stretches = [Q(danger__gt=0), Q(danger=0)]
    if wish.after:
        before, number = wish.after.rsplit(",", 1)
        danger, _, due = before.rpartition(",")
        later = Q(due_at=None, pk__gt=int(number))
        if due:
            moment = _moment(due)
            later = Q(due_at__gt=moment) | Q(due_at=moment, pk__gt=int(number)) | Q(due_at=None)
        alike = Q(danger=int(danger or 0)) & later
        stretches = [alike, Q(danger__gt=0, danger__lt=int(danger)), Q(danger=0)] if danger > "0" else [alike]
    found: list[Message] = []
    for stretch in stretches:  # the few in danger have an index of their own
        if len(found) <= wish.limit:
            order = ("-danger", F("due_at").asc(nulls_last=True), "pk")
            found += rows.filter(stretch).order_by(*order)[: wish.limit + 1 - len(found)]
    shown = found[: wish.limit]
    more = len(found) > len(shown)
    last = f"{shown[-1].danger},{_told(shown[-1].due_at)},{shown[-1].pk}" if more else None
    return asked.MessagesOut(messages=[told.message_out(message) for message in shown], next=last)


def _moment(words: str) -> datetime:
    try:
        moment = datetime.fromisoformat(words)
    except ValueError as error:
        raise NoSuch("The place in the list is not one this desk gave. Begin without “after”.") from error
    if moment.tzinfo is None:
        raise NoSuch("The place in the list is not one this desk gave. Begin without “after”.")
    return moment


def message_get(wish: asked.MessageGet, *, by: User, at: datetime) -> asked.MessageOut:
    return told.message_out(found_message(wish.message, by, at))


def message_reply(wish: asked.MessageReply, *, by: User, at: datetime) -> asked.ActOut:
    message = found_message(wish.message, by, at)
    act = inbox.reply(
        message,
        by=by,
        at=at,
        wording=wish.wording,
        text=wish.text,
        answers=wish.answers,
        by_hand=wish.by_hand,
        privately=wish.privately,
    )
    return told.act_out(act)


def message_refer(wish: asked.MessageRefer, *, by: User, at: datetime) -> asked.ReferralOut:
    message, why = found_message(wish.message, by, at), wish.details_because
    return told.referral_out(refer(message, wish.department, by=by, at=at, note=wish.note, details_because=why))


def message_moderate(wish: asked.MessageModerate, *, by: User, at: datetime) -> asked.ActOut:
    message = found_message(wish.message, by, at)
    if wish.clause not in {clause.id for clause in in_force(at).clauses}:
        raise inbox.InboxError(f"The policy has no clause “{wish.clause}”. Ask policy.coverage for those it has.")
    act = inbox.moderate(
        message, wish.kind, reason=wish.reason, clause=wish.clause, by=by, at=at, more_than=wish.more_than
    )
    return told.act_out(act)


def message_correct(wish: asked.MessageCorrect, *, by: User, at: datetime) -> asked.CorrectionOut:
    message = found_message(wish.message, by, at)
    kept = correct_label(message, wish.label, holds=wish.holds, by=by, at=at)
    return asked.CorrectionOut(message=message.pk, label=kept.label, holds=kept.holds, read_as=kept.read_as, at=kept.at)


def message_close(wish: asked.MessageClose, *, by: User, at: datetime) -> asked.MessageOut:
    inbox.close(found_message(wish.message, by, at), because=wish.because, by=by, at=at)
    return told.message_out(found_message(wish.message, by, at))


def post_save(wish: asked.PostSave, *, by: User, at: datetime) -> asked.PostOut:
    post = found_post(wish.post) if wish.post else None
    saved = publishing.save_draft(draft(wish), by=by, at=at, post=post, version=wish.version)
    return told.post_out(saved, at=at)


def post_submit(wish: asked.PostGet, *, by: User, at: datetime) -> asked.ActsOut:
    acts = publishing.submit(found_post(wish.post), by=by, at=at)
    return asked.ActsOut(acts=[told.act_out(act) for act in acts])


def post_get(wish: asked.PostGet, *, by: User, at: datetime) -> asked.PostOut:
    return told.post_out(found_post(wish.post), at=at)


def readable(rows: QuerySet[Act], by: User, at: datetime) -> QuerySet[Act]:
    """Of these acts, those whose words the person may read: without what answers or handles a resident's message, and
    changes of such an answer, for whoever does not read messages."""
    if reads_messages(by, at):
        return rows
    named = Concat(Value("act:"), Cast("pk", CharField()))
    answers = Act.objects.filter(subject__startswith="message:").annotate(named=named).values("named")
    return rows.exclude(subject__startswith="message:").exclude(subject__in=answers)


def acts_waiting(wish: asked.ActsWaiting, *, by: User, at: datetime) -> asked.ActsOut:
    soonest = (F("sign_by").asc(nulls_last=True), "created_at", "pk")
    rows = readable(Act.objects.filter(state="to_sign_off"), by, at).order_by(*soonest)[: wish.limit]
    return asked.ActsOut(acts=[told.act_out(act) for act in rows])


def act_decline(wish: asked.ActDecline, *, by: User, at: datetime) -> asked.ActOut:
    gate.decline(found_act(wish.act), reason=wish.reason, by=by, at=at)
    return told.act_out(found_act(wish.act))


def act_withdraw(wish: asked.ActGet, *, by: User, at: datetime) -> asked.ActOut:
    gate.withdraw(found_act(wish.act), by=by, at=at)
    return told.act_out(found_act(wish.act))


def channels_list(wish: asked.Nothing, *, by: User, at: datetime) -> asked.ChannelsOut:
    rows = Channel.objects.exclude(state="closed").order_by("name", "pk")
    return asked.ChannelsOut(channels=[told.channel_out(channel, by, at) for channel in rows])


def policy_coverage(wish: asked.Nothing, *, by: User, at: datetime) -> asked.CoverageOut:
    pack = in_force(at)
    rows = [
        asked.CoverageRow(clause=row.clause, kind=row.kind, status=row.status, by=list(row.by), reason=row.reason)
        for row in coverage.coverage(pack)
    ]
    return asked.CoverageOut(pack=pack.id, digest=pack.digest, clauses=rows)


def ledger_verify(wish: asked.Nothing, *, by: User, at: datetime) -> asked.VerifyOut:
    both = verify_all(by=by, at=at)
    found = both.record
    return asked.VerifyOut(
        ok=both.ok,
        lines=found.lines,
        sealed=found.sealed,
        says=both.says,
        line=found.line,
        seal=found.seal,
        evidence=both.evidence.count,
        evidence_broken=list(both.evidence.broken),
    )
