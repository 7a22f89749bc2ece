"""A call, a letter, a comment elsewhere: recorded by hand, read by the policy, once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from gatepost.channels.actions import end_approval
from gatepost.channels.models import Approval, Channel
from gatepost.inbox.actions import close, reopen, reveal
from gatepost.inbox.by_hand import Recorded, record_by_hand
from gatepost.inbox.cases import close_case, open_case, reopen_case, take_step
from gatepost.inbox.masking import masked, spans_of
from gatepost.inbox.models import Case, Contact, Message, Referral
from gatepost.inbox.problems import InboxError
from gatepost.inbox.referrals import answer, refer
from gatepost.ledger.actions import record
from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from tests import factories

from .scene import COMPLAINT, Desk


def test_a_call_takes_the_same_way_as_every_message(desk: Desk) -> None:
    now = timezone.now()
    call = Recorded(uuid4(), "phone call", COMPLAINT, name="Casey Sample", reach="01632 960123", happened_at=now)
    message = record_by_hand(call, by=desk.staff, at=now)
    message = Message.objects.select_related("decision", "channel", "contact").get(pk=message.pk)
    assert (message.kind, message.private, message.state) == ("phone call", True, "new")
    assert "complaint" in message.decision.decided
    assert message.due_at is not None
    assert message.channel.network == "by_hand"
    assert "960123" not in masked(message.text, spans_of(message.decision.spans))
    assert "960123" not in f"{message.contact} {message.contact.external_id} {message.contact.handle}"
    verbs = Line.objects.filter(subject=message.subject).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["message.arrived", "message.recorded_by_hand"]


def test_sent_twice_it_is_one_message_and_the_same_number_is_the_same_person(desk: Desk) -> None:
    now, key = timezone.now(), uuid4()
    first = record_by_hand(Recorded(key, "phone call", "Hello", reach="01632 960123"), by=desk.staff, at=now)
    again = record_by_hand(Recorded(key, "phone call", "Hello", reach="01632 960123"), by=desk.staff, at=now)
    other = record_by_hand(Recorded(uuid4(), "phone call", "Me again", reach="01632  960123"), by=desk.staff, at=now)
    nobody = record_by_hand(Recorded(uuid4(), "letter", "No name"), by=desk.staff, at=now)
    assert first == again
    assert first.contact == other.contact
    assert nobody.contact != first.contact
    assert Channel.objects.filter(network="by_hand", state="live").count() == 1
    assert Contact.objects.filter(network="by_hand").count() == 2


def test_a_comment_elsewhere_has_its_address_and_is_public(desk: Desk) -> None:
    now = timezone.now()
    seen = Recorded(uuid4(), "elsewhere", "They never mend anything", address="https://www.example.org/story#c7")
    message = record_by_hand(seen, by=desk.staff, at=now)
    assert (message.permalink, message.private) == ("https://www.example.org/story#c7", False)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"text": " \n"}, "what was said"),
        ({"text": "x" * 100_001}, "100,000 characters"),
        ({"kind": "elsewhere"}, "address of the page"),
        ({"address": "javascript:alert(1)"}, "begins with https://"),
        ({"kind": "pigeon"}, "how it reached you"),
    ],
)
def test_what_is_missing_is_said_and_nothing_kept(desk: Desk, change: dict[str, str], says: str) -> None:
    given = {"kind": "phone call", "text": "Hello", **change}
    with pytest.raises(InboxError, match=says):
        record_by_hand(Recorded(uuid4(), **given), by=desk.staff, at=timezone.now())  # type: ignore[arg-type]  # wrong on purpose
    assert not Message.objects.exists()


def test_times_that_cannot_be(desk: Desk) -> None:
    now = timezone.now()
    for wrong in (now + timedelta(hours=1), now - timedelta(days=400)):
        with pytest.raises(InboxError, match=r"more than a year ago|in the future"):
            record_by_hand(Recorded(uuid4(), "letter", "x", happened_at=wrong), by=desk.staff, at=now)


def test_only_who_reads_messages_records_them(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        record_by_hand(Recorded(uuid4(), "letter", "x"), by=factories.person(), at=timezone.now())


def test_clocks_count_from_when_it_happened(desk: Desk) -> None:
    now = timezone.now()
    then = now - timedelta(days=14)  # more than any row of days without work
    call = Recorded(uuid4(), "phone call", COMPLAINT, happened_at=then)
    message = record_by_hand(call, by=desk.staff, at=now)
    message = Message.objects.select_related("decision", "channel").get(pk=message.pk)
    assert message.known_since == message.decision.at == then
    at_once = record_by_hand(Recorded(uuid4(), "letter", COMPLAINT), by=desk.staff, at=now)
    assert message.due_at is not None
    assert at_once.due_at is not None
    assert message.due_at < at_once.due_at
    case = open_case(message, "complaint", by=desk.officer, at=now)
    assert case.received_at == then
    assert Line.objects.get(verb="message.recorded_by_hand", subject=message.subject).detail["happened_at"]
    with pytest.raises(InboxError, match="future"):
        record_by_hand(Recorded(uuid4(), "letter", "Hi", happened_at=now + timedelta(hours=1)), by=desk.staff, at=now)


class TestWhoSeesToIt:
    """Nobody is approved for the book of what was recorded by hand: whoever wrote something down sees to that."""

    @pytest.fixture
    def colleague(self, desk: Desk) -> User:
        return factories.staff(desk.channel, by=desk.officer, name="Ash Vyas")

    @pytest.fixture
    def call(self, desk: Desk) -> Message:
        call = Recorded(uuid4(), "phone call", COMPLAINT, name="Casey Sample", reach="01632 960123")
        made = record_by_hand(call, by=desk.staff, at=timezone.now())
        return Message.objects.select_related("decision", "channel").get(pk=made.pk)

    def test_the_recorder_opens_a_case_refers_it_and_ends_it(self, desk: Desk, call: Message) -> None:
        at = timezone.now()
        case = open_case(call, "complaint", by=desk.staff, at=at)
        assert case.by == desk.staff
        take_step(case, "acknowledged", by=desk.staff, at=timezone.now())
        close_case(case, because="Mended on the telephone.", by=desk.staff, at=timezone.now())
        reopen_case(Case.objects.get(pk=case.pk), by=desk.staff, at=timezone.now())
        referral = refer(call, "complaints", by=desk.staff, at=at)
        Referral.objects.filter(pk=referral.pk).update(state="sent")
        answer(Referral.objects.get(pk=referral.pk), "We call today.", by=desk.staff, at=at)
        call.refresh_from_db()
        close(call, because="Done.", by=desk.staff, at=at)
        reopen(Message.objects.get(pk=call.pk), by=desk.staff, at=at)

    def test_nobody_else_does(self, desk: Desk, call: Message, colleague: User) -> None:
        at = timezone.now()
        case = open_case(call, "complaint", by=desk.staff, at=at)
        for tried in (
            lambda: open_case(call, "complaint", by=colleague, at=at),
            lambda: take_step(case, "acknowledged", by=colleague, at=at),
            lambda: close_case(case, because="x", by=colleague, at=at),
            lambda: refer(call, "complaints", by=colleague, at=at),
            lambda: close(call, because="x", by=colleague, at=at),
        ):
            with pytest.raises(NotAllowed, match="not approved for Recorded by hand"):
                tried()
        other = record_by_hand(Recorded(uuid4(), "letter", COMPLAINT), by=colleague, at=at)
        with pytest.raises(NotAllowed):
            open_case(other, "complaint", by=desk.staff, at=at)

    def test_the_same_form_sent_by_somebody_else_makes_nobody_its_recorder(
        self, desk: Desk, call: Message, colleague: User
    ) -> None:
        again = record_by_hand(Recorded(UUID(call.ref[5:]), "phone call", "x"), by=colleague, at=timezone.now())
        assert again == call
        with pytest.raises(NotAllowed):
            open_case(call, "complaint", by=colleague, at=timezone.now())

    def test_not_once_they_read_messages_no_more(self, desk: Desk, call: Message) -> None:
        for approval in Approval.objects.filter(person=desk.staff):
            end_approval(approval, by=desk.officer, at=timezone.now())
        with pytest.raises(NotAllowed):
            open_case(call, "complaint", by=desk.staff, at=timezone.now())

    def test_it_reaches_no_other_channel(self, desk: Desk) -> None:
        page = factories.channel(by=desk.officer, name="Another page")
        message = factories.message(COMPLAINT, channel=page)
        record("message.recorded_by_hand", message.subject, by=desk.staff, at=timezone.now())
        with pytest.raises(NotAllowed):
            open_case(message, "complaint", by=desk.staff, at=timezone.now())
        with pytest.raises(NotAllowed):
            reveal(message, reason="x", by=desk.staff, at=timezone.now())
