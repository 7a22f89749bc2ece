"""What a department says by its link: it answers, asks back, hands it back, and nothing of it goes out by itself."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from gatepost.gate.models import Act
from gatepost.inbox import referral_answers as answers
from gatepost.inbox import referrals
from gatepost.inbox.attachments import look
from gatepost.inbox.models import Attachment, Message, Note, Referral, ReferralLetter, ReferralLink, ReferralNote
from gatepost.inbox.referral_answers import AnswerError
from gatepost.inbox.referral_chasing import chase, remind_now
from gatepost.inbox.referral_letters import send_letter
from gatepost.inbox.referrals import ReferralError, refer, send
from gatepost.ledger.actions import System
from gatepost.ledger.models import Line
from gatepost.lifecycle import Conflict
from gatepost.log_secrets import WithoutSecrets
from gatepost.people.actions import hashed
from gatepost.people.models import Role
from tests import factories

from .scene import DETAILS, Desk

WORKER = System("worker")


def sent(desk: Desk, text: str = DETAILS, **fields: str) -> tuple[Referral, str]:
    """A referral that was mailed, and the path of its link."""
    message = desk.message(text)
    made = refer(message, "repairs", by=desk.staff, at=timezone.now(), **fields)
    send(made, by=WORKER, at=timezone.now())
    found = re.search(r"http\S+(/answer/([\w-]+)/)", mail.outbox[-1].body)
    assert found
    return made, found[1]


def link_of(path: str) -> ReferralLink:
    found = answers.found(path.split("/")[2])
    assert found is not None
    return found


def test_only_the_digest_of_a_link_is_kept_and_the_log_leaves_it_out(desk: Desk) -> None:
    import logging

    _, path = sent(desk)
    token = path.split("/")[2]
    link = ReferralLink.objects.get()
    assert link.token_hash == hashed(token)
    assert token not in str(list(ReferralLink.objects.values()))
    record = logging.LogRecord("django.request", logging.ERROR, "x", 1, "%s: %s", ("Server error", path), None)
    assert WithoutSecrets().filter(record)
    assert token not in record.getMessage()
    assert "/answer/…" in record.getMessage()
    assert answers.found("x") is None
    assert answers.found("y" * 43) is None


def test_an_answer_comes_into_the_conversation_as_a_note_and_nothing_goes_out(desk: Desk) -> None:
    made, path = sent(desk)
    words = "Kit comes on Friday, ring 07700 900123."
    note = answers.say(link_of(path), "answer", words, name=" Kit ", at=timezone.now())
    made.refresh_from_db()
    assert (made.state, made.answer) == ("answered", note.text)
    assert (note.author, note.via) == ("Kit", "link")
    kept = Note.objects.get()
    assert (kept.source, kept.by, kept.message_id) == ("Repairs", None, made.message_id)
    assert kept.spans  # the number is masked where it is shown
    assert Message.objects.get().state == "new"  # Communications see it again
    assert Act.objects.count() == 0
    verbs = list(Line.objects.filter(subject=made.subject).order_by("pk").values_list("verb", "actor"))
    assert verbs[-1] == ("referral.answered", f"department:{made.pk}")
    with pytest.raises(AnswerError, match="has been answered"):
        answers.say(link_of(path), "answer", "Again", name="Kit", at=timezone.now())


def test_a_question_is_answered_by_e_mail_and_the_link_goes_on(desk: Desk) -> None:
    made, path = sent(desk)
    answers.say(link_of(path), "question", "Which block?", name="Kit", at=timezone.now())
    made.refresh_from_db()
    assert made.state == "asked"
    assert Message.objects.get().state == "new"
    with pytest.raises(ReferralError, match="Write what"):
        referrals.tell(made, " ", by=desk.staff, at=timezone.now())
    referrals.tell(made, "Larkspur Court. Her number is 07700 900123.", by=desk.staff, at=timezone.now())
    assert made.state == "sent"
    assert Message.objects.get().state == "referred"
    row = ReferralLetter.objects.get()
    send_letter(row, at=timezone.now())
    send_letter(ReferralLetter.objects.get(), at=timezone.now())  # a job that comes again
    assert len(mail.outbox) == 2
    assert "Larkspur Court" in mail.outbox[-1].body
    assert "900123" not in mail.outbox[-1].body
    answers.say(link_of(path), "answer", "Done.", name="Kit", at=timezone.now())  # the first link still works
    assert Referral.objects.get().state == "answered"


def test_what_is_handed_back_is_with_us_and_may_be_asked_again(desk: Desk) -> None:
    made, path = sent(desk)
    answers.say(link_of(path), "handed_back", "This is Housing’s.", name="Kit", at=timezone.now())
    made.refresh_from_db()
    assert made.state == "handed_back"
    message = Message.objects.get()
    assert message.state == "new"
    with pytest.raises(ReferralError, match="handed this back"):
        refer(message, "repairs", by=desk.staff, at=timezone.now())
    refer(message, "housing", by=desk.staff, at=timezone.now())
    first = made.answer_by
    with pytest.raises(ReferralError, match="what is still missing"):
        referrals.reopen(made, "", by=desk.staff, at=timezone.now())
    referrals.reopen(made, "It is yours: the lift.", by=desk.staff, at=timezone.now() + timedelta(days=4))
    assert (made.state, made.round) == ("sent", 1)
    assert made.answer_by > first
    referrals.hand_back(made, "Not ours, they say on the telephone", by=desk.staff, at=timezone.now())
    assert made.state == "handed_back"
    with pytest.raises(Conflict):
        referrals.answer(made, "x", by=desk.staff, at=timezone.now())


@pytest.mark.parametrize(
    ("kind", "text", "name", "says"),
    [
        ("answer", " ", "Kit", "Write something"),
        ("answer", "x", " ", "Give your name"),
        ("answer", "x" * 20_001, "Kit", "20,000"),
        ("publish", "x", "Kit", "does not know"),
    ],
)
def test_what_a_department_cannot_say(desk: Desk, kind: str, text: str, name: str, says: str) -> None:
    _, path = sent(desk)
    with pytest.raises(AnswerError, match=says):
        answers.say(link_of(path), kind, text, name=name, at=timezone.now())
    assert ReferralNote.objects.count() == 0


def test_a_link_expires_and_questions_have_an_end(desk: Desk) -> None:
    made, path = sent(desk)
    with pytest.raises(AnswerError, match="expired"):
        answers.say(link_of(path), "answer", "x", name="Kit", at=made.answer_by + timedelta(days=61))
    for _ in range(answers.MOST_NOTES):
        answers.say(link_of(path), "question", "And?", name="Kit", at=timezone.now())
    with pytest.raises(AnswerError, match="Ring Communications"):
        answers.say(link_of(path), "question", "And?", name="Kit", at=timezone.now())


class TestThePage:
    def test_details_are_masked_unless_referred_with_them_and_asked_for(self, desk: Desk) -> None:
        _, path = sent(desk)
        page = Client().get(path).content.decode()
        assert "my heating is broken" in page
        assert "960123" not in page
        assert "casey@" not in page
        assert "Casey Sample" not in page
        assert "Show the personal details" not in page
        assert Client().post(path, {"do": "details"}).status_code == 422
        made, path = sent(desk, details_because="They ring the tenant")
        assert "960123" not in mail.outbox[-1].body
        client = Client()
        assert "960123" not in client.get(path).content.decode()
        assert client.post(path, {"do": "details"}).status_code == 303
        page = client.get(path).content.decode()
        assert "01632 960123" in page
        assert "Casey Sample" in page
        assert "960123" not in Client().get(path).content.decode()  # another browser
        line = Line.objects.filter(verb="details.shown").get()
        assert line.actor == f"department:{made.pk}"
        assert Line.objects.filter(verb="details.passed_on").count() == 1

    def test_pictures_come_with_the_details_and_not_without(self, desk: Desk) -> None:
        made, path = sent(desk, details_because="They ring the tenant")
        digest = look(b"The damp is by the window").sha256
        row = {"message": made.message, "name": "damp.txt", "mime": "text/plain", "size": 25, "at": timezone.now()}
        hung = Attachment.objects.create(place=0, sha256=digest, **row)
        program = Attachment.objects.create(place=1, says="It is a program.", **row)
        client = Client()
        assert "1 picture or file hangs on it" in client.get(path).content.decode()
        assert client.get(f"{path}files/{hung.pk}/")["Location"] == path
        client.post(path, {"do": "details"})
        assert f"{path}files/{hung.pk}/" in client.get(path).content.decode()
        answer = client.get(f"{path}files/{hung.pk}/")
        assert (answer.content, answer["Cache-Control"]) == (b"The damp is by the window", "private, no-store")
        assert Line.objects.get(verb="attachment.opened").actor == f"department:{made.pk}"
        assert client.get(f"{path}files/{program.pk}/").status_code == 404
        assert Client().get(f"{path}files/{hung.pk}/").status_code == 303  # another browser
        assert Client().get(f"/answer/{'x' * 43}/files/{hung.pk}/").status_code == 404
        answers.say(link_of(path), "answer", "On Friday.", name="Kit", at=timezone.now())
        assert client.get(f"{path}files/{hung.pk}/")["Location"] == path, "the link has been used up"

    def test_it_answers_and_says_thank_you(self, desk: Desk) -> None:
        made, path = sent(desk)
        client = Client()
        assert client.head(path).status_code == 200
        assert ReferralLink.objects.get().opened_at is None  # a program that looks at links
        client.get(path)
        assert ReferralLink.objects.get().opened_at is not None
        refused = client.post(path, {"do": "say", "kind": "answer", "text": "Kept words", "name": ""})
        assert refused.status_code == 422
        assert b"Kept words" in refused.content
        assert b"Give your name" in refused.content
        answer = client.post(path, {"do": "say", "kind": "answer", "text": "On Friday.", "name": "Kit"})
        assert answer.status_code == 303
        page = client.get(path).content.decode()
        assert "Thank you" in page
        assert "my heating" not in page
        made.refresh_from_db()
        assert made.answer == "On Friday."

    def test_a_wrong_link_says_so_and_is_slowed_down(self, desk: Desk) -> None:
        client = Client()
        assert client.get(f"/answer/{'x' * 43}/").status_code == 404
        codes = {client.get(f"/answer/{'y' * 43}/").status_code for _ in range(40)}
        assert codes == {404, 429}


class TestChasing:
    def test_reminder_late_and_escalation_each_once(self, desk: Desk) -> None:
        made, _ = sent(desk)
        made.refresh_from_db()
        assert made.sent_at is not None
        half = made.sent_at + (made.answer_by - made.sent_at) * 0.6
        assert chase(by=WORKER, at=made.sent_at) == 0
        assert chase(by=WORKER, at=half) == 1
        assert chase(by=WORKER, at=half) == 0
        assert chase(by=WORKER, at=made.answer_by) == 1
        assert chase(by=WORKER, at=made.answer_by + timedelta(hours=25)) == 2
        kinds = list(ReferralLetter.objects.order_by("pk").values_list("kind", "email"))
        assert kinds == [
            ("reminder", "repairs@example.org"),
            ("overdue", "repairs@example.org"),
            ("escalation", desk.officer.email),
            ("escalation", "repairs@example.org"),
        ]
        for row in ReferralLetter.objects.all():
            send_letter(row, at=made.answer_by)
        assert "Reminder: referral" in mail.outbox[1].subject
        assert "You are asked to see to it" in mail.outbox[3].body
        assert all("960123" not in one.body for one in mail.outbox)
        verbs = set(Line.objects.filter(subject=made.subject).values_list("verb", flat=True))
        assert {"referral.reminded", "referral.overdue", "referral.escalated"} <= verbs

    def test_nobody_is_chased_who_answered_or_waits_for_us(self, desk: Desk) -> None:
        made, path = sent(desk)
        answers.say(link_of(path), "question", "Which?", name="Kit", at=timezone.now())
        assert chase(by=WORKER, at=made.answer_by + timedelta(days=9)) == 0
        with pytest.raises(ReferralError, match="nothing to remind"):
            remind_now(Referral.objects.get(), by=desk.staff, at=timezone.now())

    def test_a_reminder_by_hand_goes_once_and_a_letter_that_came_too_late_is_not_sent(self, desk: Desk) -> None:
        made, path = sent(desk)
        made.refresh_from_db()
        assert remind_now(made, by=desk.staff, at=timezone.now()) == 1
        with pytest.raises(ReferralError, match="reminded of this already"):
            remind_now(made, by=desk.staff, at=timezone.now())
        answers.say(link_of(path), "answer", "Done.", name="Kit", at=timezone.now())
        send_letter(ReferralLetter.objects.select_related("referral").get(), at=timezone.now())
        assert len(mail.outbox) == 1

    def test_escalation_goes_to_the_roles_that_the_policy_names(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from dataclasses import replace

        from gatepost.inbox import referral_chasing
        from gatepost.policy.chasing import Chasing

        made, _ = sent(desk)
        pack = replace(factories.shipped(), chasing=Chasing(escalate_to=("staff_abuse",)))
        monkeypatch.setattr(referral_chasing, "in_force", lambda at: pack)
        factories.give_role(desk.staff, Role.objects.get(pk="staff_abuse"), by=factories.SETUP, at=timezone.now())
        chase(by=WORKER, at=made.answer_by + timedelta(days=9))
        assert set(ReferralLetter.objects.values_list("email", flat=True)) == {desk.staff.email, "repairs@example.org"}
