"""Answering, moderating, closing and revealing; and how a message follows what becomes of its reply."""

from __future__ import annotations

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from gatepost.gate import actions as gate
from gatepost.gate.content import text_digest
from gatepost.gate.models import Act, SignOff
from gatepost.inbox import actions
from gatepost.inbox.actions import InboxError, act_settled, moderate, reply, reveal
from gatepost.inbox.models import Evidence, Message, Referral
from gatepost.ledger.actions import System
from gatepost.ledger.digest import canonical
from gatepost.ledger.models import Line
from gatepost.lifecycle import Conflict
from gatepost.people.authority import NotAllowed
from gatepost.policy.clocks import due
from gatepost.rulebook.actions import in_force
from tests import factories

from .scene import ABUSE, DETAILS, Desk, become

WORKER = System("worker")


def jobs_for(act: Act) -> int:
    return ProcrastinateJob.objects.filter(task_name="act_settled", args={"act": str(act.pk)}).count()


def settle(act: Act, state: str, message: Message) -> str:
    act_settled(become(act, state), by=WORKER, at=message.received_at)
    message.refresh_from_db()
    return message.state


@pytest.mark.parametrize("wording", ["complaint_phone", "complaint_referred"])
def test_an_unchanged_wording_goes_at_once(desk: Desk, wording: str) -> None:
    message = desk.message()
    at = message.received_at
    act = reply(message, by=desk.staff, at=at, wording=wording)
    message.refresh_from_db()
    assert (act.state, message.state) == ("signed_off", "answering")
    signed = SignOff.objects.get(act=act)
    assert signed.signer == desk.officer
    assert signed.standing is not None
    assert act.content["text"] == in_force(at).wordings[wording].text
    assert act.content["in_reply_to"] == message.ref


def test_only_the_second_wording_makes_its_referral_with_the_right_time(desk: Desk) -> None:
    plain, referred = desk.message(), desk.message()
    reply(plain, by=desk.staff, at=plain.received_at, wording="complaint_phone")
    act = reply(referred, by=desk.staff, at=referred.received_at + timedelta(hours=3), wording="complaint_referred")
    made = Referral.objects.get()
    pack = in_force(referred.received_at)
    assert made.message == referred
    assert (made.department, made.clause, made.reply_act) == ("complaints", "usage.7", act)
    assert made.answer_by == due(pack.clocks["complaint_ack"], referred.received_at, pack.hours)
    assert ProcrastinateJob.objects.filter(task_name="send_referral", args={"referral": made.pk}).count() == 1


def test_an_edited_wording_waits(desk: Desk) -> None:
    message = desk.message()
    text = in_force(message.received_at).wordings["complaint_phone"].text.replace("We apologise", "We are sorry")
    act = reply(message, by=desk.staff, at=message.received_at, wording="complaint_phone", text=text)
    assert act.state == "to_sign_off"
    with pytest.raises(NotAllowed):
        gate.sign_off(act, digest=act.digest, by=desk.staff, at=message.received_at)
    gate.sign_off(act, digest=act.digest, by=desk.officer, at=message.received_at)
    act.refresh_from_db()
    assert act.state == "signed_off"


def test_abuse_of_staff_is_not_answered(desk: Desk) -> None:
    message = desk.message(ABUSE)
    with pytest.raises(InboxError, match="not answered"):
        reply(message, by=desk.staff, at=message.received_at, text="We hear you.")
    assert not Act.objects.exists()


def test_a_second_open_answer_is_refused(desk: Desk) -> None:
    message = desk.message()
    reply(message, by=desk.staff, at=message.received_at, wording="complaint_phone")
    with pytest.raises(InboxError, match="already"):
        reply(message, by=desk.officer, at=message.received_at, wording="complaint_referred")
    assert Act.objects.count() == 1
    assert not Referral.objects.exists()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"wording": "no such"}, "no wording"),
        ({}, "Write an answer"),
        ({"text": " \n "}, "Write an answer"),
        ({"text": "We will look at it.\x00"}, "cannot be sent"),
        ({"text": "We will look at it \udcff."}, "cannot be sent"),
    ],
)
def test_what_cannot_be_an_answer_is_said(desk: Desk, given: dict[str, str], says: str) -> None:
    message = desk.message()
    with pytest.raises((InboxError, gate.GateError), match=says):
        reply(message, by=desk.staff, at=message.received_at, **given)
    message.refresh_from_db()
    assert message.state == "new"
    assert not Act.objects.exists()


def test_a_stranger_and_a_closed_message(desk: Desk) -> None:
    message = desk.message()
    with pytest.raises(NotAllowed):
        reply(message, by=factories.person(), at=message.received_at, wording="complaint_phone")
    actions.close(message, because="Said thank you by telephone", by=desk.staff, at=message.received_at)
    with pytest.raises(Conflict):
        reply(message, by=desk.staff, at=message.received_at, wording="complaint_phone")
    assert not Act.objects.exists()
    with pytest.raises(InboxError, match="Say why"):
        actions.close(desk.message(), because=" ", by=desk.staff, at=message.received_at)


def test_a_reply_that_has_left_answers_its_message_once(desk: Desk) -> None:
    message = desk.message()
    at = message.received_at
    act = reply(message, by=desk.staff, at=at, wording="complaint_phone")
    assert settle(act, "sent", message) == "answered"
    assert settle(act, "sent", message) == "answered"
    actions.reopen(message, by=desk.staff, at=at)
    assert settle(act, "sent", message) == "new"  # the job may come again; what a person did since stands
    assert Line.objects.filter(subject=message.subject, verb="message.answered").count() == 1


@pytest.mark.parametrize("how", ["declined", "withdrawn"])
def test_a_reply_that_is_declined_or_withdrawn_brings_its_message_back(desk: Desk, how: str) -> None:
    message = desk.message()
    at = message.received_at
    act = reply(message, by=desk.staff, at=at, text="Thank you. We will look at the repair on Thursday.")
    if how == "declined":
        gate.decline(act, reason="Say which Thursday", by=desk.officer, at=at)
    else:
        gate.withdraw(act, by=desk.staff, at=at)
    assert jobs_for(act) == 1
    act.refresh_from_db()
    act_settled(act, by=WORKER, at=at)
    message.refresh_from_db()
    assert message.state == "new"


def test_a_declined_reply_that_is_changed_and_sent_answers_its_message(desk: Desk) -> None:
    message = desk.message()
    at = message.received_at
    act = reply(message, by=desk.staff, at=at, text="Thank you. We will look at the repair on Thursday.")
    gate.decline(act, reason="Say which Thursday", by=desk.officer, at=at)
    act.refresh_from_db()
    act_settled(act, by=WORKER, at=at)
    words = "Thank you. We will look at the repair on Thursday 26 November."
    act = gate.amend(act, actions.reply_content(message, words), by=desk.staff, at=at)
    gate.sign_off(act, digest=act.digest, by=desk.officer, at=at)
    assert settle(act, "sent", message) == "answered"


def test_an_old_failure_does_not_bring_back_a_message_with_a_newer_reply(desk: Desk) -> None:
    message = desk.message()
    at = message.received_at
    old = reply(message, by=desk.staff, at=at, text="Thank you. We will look at the repair on Thursday.")
    gate.withdraw(old, by=desk.staff, at=at)
    reply(message, by=desk.staff, at=at, wording="complaint_phone")
    old.refresh_from_db()
    act_settled(old, by=WORKER, at=at)
    message.refresh_from_db()
    assert message.state == "answering"


def test_a_reply_confirmed_by_hand_answers_its_message(desk: Desk) -> None:
    message = desk.message()
    at = message.received_at
    act = become(reply(message, by=desk.staff, at=at, wording="complaint_phone"), "unconfirmed")
    gate.confirm(act, there=True, by=desk.officer, at=at, permalink="https://example.org/p/1")
    assert jobs_for(act) == 1
    act.refresh_from_db()
    act_settled(act, by=WORKER, at=at)
    message.refresh_from_db()
    assert message.state == "answered"


def test_hiding_keeps_evidence_whose_digest_the_record_holds(desk: Desk) -> None:
    message = desk.message(DETAILS, raw={"n": 1.5, "é": ["\u202e", None]})
    at = message.received_at
    act = moderate(message, "hide", reason="Personal details", clause="usage.6", by=desk.staff, at=at)
    assert act.state == "signed_off"  # the officer's standing sign-off for this clause
    kept = Evidence.objects.get(message=message)
    facts = {
        "text": kept.text,
        "author_name": kept.author_name,
        "author_ref": kept.author_ref,
        "posted_at": kept.posted_at.isoformat(),
        "raw": kept.raw,
        "picture": text_digest(kept.picture),
    }
    assert kept.sha256 == text_digest(canonical(facts).decode())
    line = Line.objects.get(subject=message.subject, verb="evidence.kept")
    assert line.detail == {"sha256": kept.sha256}
    assert (kept.act, kept.text, line.clauses) == (act, DETAILS, ["usage.6"])
    for _ in range(2):
        act_settled(become(act, "sent"), by=WORKER, at=at)
    message.refresh_from_db()
    assert message.visibility == "hidden"
    assert Line.objects.filter(subject=message.subject, verb="message.hidden").count() == 1
    back = moderate(message, "unhide", reason="They took it out", clause="usage.6", by=desk.staff, at=at)
    act_settled(become(back, "sent"), by=WORKER, at=at)
    message.refresh_from_db()
    assert message.visibility == "shown"


def test_moderation_says_what_it_cannot_do(desk: Desk) -> None:
    message = desk.message(ABUSE)
    at = message.received_at

    def refused(kind: str, says: str, of: Message = message, **more: str) -> None:
        given = {"reason": "Abuse", "clause": "usage.9", **more}
        with pytest.raises(InboxError, match=says):
            moderate(of, kind, by=desk.staff, at=at, **given)

    refused("burn", "not something")
    refused("hide", "Say why", reason=" ")
    refused("hide", "no clause", clause="usage.99")
    refused("unhide", "already shown")
    moderate(message, "remove", reason="Abuse", clause="usage.9", by=desk.staff, at=at)
    refused("remove", "being done already")
    elsewhere = factories.message(ABUSE, channel=factories.channel(by=desk.officer, network="x"))
    with pytest.raises(InboxError, match="does not let us remove"):
        moderate(elsewhere, "remove", reason="Abuse", clause="usage.9", by=desk.officer, at=at)
    assert Act.objects.count() == Evidence.objects.count() == 1


def test_details_are_shown_to_one_person_for_ten_minutes_with_a_reason(desk: Desk) -> None:
    message = desk.message(DETAILS)
    at = message.received_at
    with pytest.raises(InboxError, match="Say why"):
        reveal(message, reason="  ", by=desk.staff, at=at)
    with pytest.raises(NotAllowed):
        reveal(message, reason="Curious", by=factories.person(), at=at)
    reveal(message, reason="To ring them back", by=desk.staff, at=at)
    assert actions.is_revealed(message, desk.staff, at + timedelta(minutes=9, seconds=59))
    assert not actions.is_revealed(message, desk.staff, at + timedelta(minutes=10))
    assert not actions.is_revealed(message, desk.officer, at)
    assert Line.objects.get(verb="details.shown").actor == desk.staff.actor
