"""What a line of the list and a conversation are made of, read by their own statements, is what the models hold."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from gatepost.gate.models import Act, Published
from gatepost.inbox import labels, presence
from gatepost.inbox.actions import exchanges, keep_evidence, reply, reveal
from gatepost.inbox.assigning import assign
from gatepost.inbox.exposure import open_words
from gatepost.inbox.lines import READ, listed, page_of
from gatepost.inbox.listing import Filter, how_many, key_of
from gatepost.inbox.models import Message, Referral
from gatepost.inbox.referrals import refer
from gatepost.inbox.statements import ask
from gatepost.inbox.threads import MOST, said_in
from gatepost.web.inbox.rows import lines_of

from .scene import ABUSE, DETAILS, Desk

SAME = (
    "pk", "text", "state", "visibility", "private", "urgent", "danger", "due_at", "received_at", "snoozed_until",
    "done_because", "marks",
)  # fmt: skip


def test_a_line_holds_what_the_message_does(desk: Desk) -> None:
    message = desk.message(DETAILS)
    at = message.received_at
    label = labels.make_label("Lift at Millrace", by=desk.staff, at=at)
    labels.put_label(message, label, by=desk.staff, at=at)
    assign(message, desk.staff, by=desk.staff, at=at)
    presence.here(message, replying=True, by=desk.officer, at=at)
    refer(message, "repairs", by=desk.staff, at=at)
    message.refresh_from_db()
    (line,) = listed([message.pk], at)
    assert {name: getattr(line, name) for name in SAME} == {name: getattr(message, name) for name in SAME}
    assert (line.contact, line.channel.name, line.channel.network) == (
        str(message.contact), desk.channel.name, "facebook",
    )  # fmt: skip
    assert line.get_visibility_display() == message.get_visibility_display()
    assert line.get_state_display() == message.get_state_display()
    assert line.own_labels == ["Lift at Millrace"]
    referral = Referral.objects.get()
    assert line.departments == [[referral.name, "queued", False]]
    assert listed([message.pk], referral.answer_by + timedelta(minutes=1))[0].departments[0][2] is True
    (row,) = lines_of([line])
    assert row.replying == desk.officer.name
    assert "01632" not in row.text
    assert "(phone number hidden)" in row.text
    assert row.with_whom == f"{desk.staff.name}. With {referral.name}"


def test_a_line_names_the_latest_act_and_hides_abuse(desk: Desk) -> None:
    abuse, asked = desk.message(ABUSE), desk.message()
    reply(asked, text="We are sorry. An engineer comes on Tuesday.", by=desk.staff, at=asked.received_at)
    rows = lines_of(listed([abuse.pk, asked.pk], asked.received_at))
    assert [row.message.pk for row in rows] == [abuse.pk, asked.pk]
    assert rows[0].text == ""
    assert "abuse to a member of staff" in rows[0].hidden
    assert rows[1].with_whom == "Answer: to sign off"


def test_a_long_message_is_read_no_further_than_a_line_needs(desk: Desk) -> None:
    message = desk.message("The lift is broken. " * 1000)
    assert listed([message.pk], message.received_at)[0].text == message.text[:READ]
    assert listed([], message.received_at) == []
    assert listed([message.pk + 1000], message.received_at) == []


def test_a_view_takes_one_statement_a_search_two_and_counting_one(desk: Desk) -> None:
    made = [desk.message() for _ in range(3)]
    at = made[-1].received_at
    with CaptureQueriesContext(connection) as asked:
        found, more = page_of(Filter(), size=2, at=at)
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        assert page_of(Filter(label="complaint"), size=2, at=at) == (found, more)
    assert len(asked) == 2
    assert more == key_of(found[-1], Filter())
    with CaptureQueriesContext(connection) as asked:
        assert how_many(Filter(), 10, since=made[0].pk) == 2
        assert how_many(Filter(), 1) == 1
    assert len(asked) == 2


def test_statements_are_kept_where_they_may_be_and_errors_are_djangos(desk: Desk) -> None:
    connection.ensure_connection()
    raw = connection.connection

    def kept() -> int:
        return len(raw.execute("SELECT FROM pg_prepared_statements WHERE statement LIKE 'SELECT 41 +%'").fetchall())

    assert ask("SELECT 41 + %s", [1], keep=False) == [(42,)]
    assert kept() == 0
    assert ask("SELECT 41 + %s", [1], keep=True) == [(42,)]
    assert kept() == 1
    with pytest.raises(ProgrammingError) as error:
        ask("SELECT nothing_of_the_kind", keep=True)
    assert isinstance(error.value.__cause__, psycopg.Error)


def test_a_conversation_holds_what_was_said_and_done(desk: Desk) -> None:
    message = desk.message(DETAILS)
    at = message.received_at
    act = reply(message, wording="complaint_phone", by=desk.staff, at=at)
    keep_evidence(message, reason="Before it was hidden", clause="usage.7", by=desk.staff, at=at)
    reveal(message, reason="To ring them", by=desk.staff, at=at)
    ((one,), more) = said_in(message.conversation_id, message.pk, person=desk.staff, at=at)
    assert not more
    assert (one.pk, one.text, one.posted_at, one.subject) == (message.pk, DETAILS, message.posted_at, message.subject)
    assert one.decided == message.decision.decided
    assert one.spans == message.decision.spans
    assert one.details_until is not None
    assert one.opened_until is None
    (told,) = one.acts
    act.refresh_from_db()
    for name in (
        "pk",
        "kind",
        "state",
        "content",
        "clauses",
        "wording",
        "created_at",
        "sent_at",
        "by_hand",
        "parts_out",
    ):
        assert getattr(told, name) == getattr(act, name), name
    assert (told.author, told.channel.network, told.out) == (desk.staff.name, "facebook", None)
    (kept,) = one.evidence
    assert (kept.by, kept.reason, kept.clause) == (desk.staff.name, "Before it was hidden", "usage.7")
    ((other,), _) = said_in(message.conversation_id, message.pk, person=desk.officer, at=at)
    assert other.details_until is None
    assert exchanges(message) == 1


def test_an_answer_that_was_sent_says_how_it_was_seen_last(desk: Desk) -> None:
    message = desk.message()
    at = message.received_at
    act = reply(message, wording="complaint_phone", by=desk.staff, at=at)
    Act.objects.filter(pk=act.pk).update(state="sent", sent_at=at, ref="r1")
    Published.objects.create(act=act, channel=desk.channel, ref="r1", since=at, status="gone", changed_at=at)
    ((one,), _) = said_in(message.conversation_id, message.pk, person=desk.staff, at=at)
    out = one.acts[0].out
    assert out is not None
    assert (out.status, out.changed_at, out.checked_at) == ("gone", at, None)
    assert out.get_status_display() == "Removed elsewhere"


def test_words_are_open_to_whoever_opened_them_alone(desk: Desk) -> None:
    message = desk.message(ABUSE)
    at = message.received_at
    open_words(message, by=desk.staff, at=at)

    def until(person: object) -> object:
        return said_in(message.conversation_id, message.pk, person=person, at=at)[0][0].opened_until  # type: ignore[arg-type]  # one of two people

    assert until(desk.staff) is not None
    assert until(desk.officer) is None


def test_of_a_long_conversation_the_latest_and_the_one_that_is_open(desk: Desk) -> None:
    made = [desk.message(f"And another thing, number {number}") for number in range(MOST + 3)]
    first = made[0]
    Message.objects.update(conversation=first.conversation_id)
    for number, one in enumerate(made):
        Message.objects.filter(pk=one.pk).update(posted_at=first.posted_at + timedelta(minutes=number))
    latest = [one.pk for one in reversed(made)]

    def shown(opened: Message) -> tuple[list[int], bool]:
        rows, more = said_in(first.conversation_id, opened.pk, person=desk.staff, at=first.received_at)
        return [row.pk for row in rows], more

    assert shown(made[-1]) == (latest[:MOST], True)
    assert shown(first) == ([*latest[:MOST], first.pk], True)
    Message.objects.filter(pk__in=[one.pk for one in made[:3]]).update(conversation=desk.message().conversation_id)
    assert shown(made[-1]) == (latest[:MOST], False)
