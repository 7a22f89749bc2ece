"""The views of the list, and pages that follow each other in every one of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gatepost.gate.holds import hold
from gatepost.inbox.actions import reply
from gatepost.inbox.assigning import assign
from gatepost.inbox.listing import VIEWS, Filter, how_many, key_of, numbers_after, statement_of
from gatepost.inbox.models import Message
from gatepost.inbox.statements import ask

from .scene import Desk, index_plans


@pytest.mark.parametrize("show", [name for name in VIEWS if name != "held"])
def test_pages_follow_each_other_without_gap_or_repeat(desk: Desk, show: str) -> None:
    state = {"referred": "referred", "done": "done"}.get(show, "new")
    at = desk.message().received_at
    for number in range(23):
        message = desk.message()
        Message.objects.filter(pk=message.pk).update(
            state=state,
            urgent=number % 5 == 0,
            marks=["is:complaint", "is:safeguarding"] if number % 7 == 0 else ["is:complaint"],
            due_at=at + timedelta(hours=number % 4) if number % 3 or show == "soon" else None,
            snoozed_until=at + timedelta(hours=number % 3 + 1) if show == "snoozed" else None,
            received_at=at + timedelta(minutes=number % 6),
            assignee=desk.staff if show == "mine" else None,
        )
    wanted = Filter(show=show, me=desk.staff.pk)
    whole = numbers_after(wanted, 0, 1000, at)
    assert len(whole) == how_many(wanted, 1000) >= 20
    grave = [Message.objects.get(pk=pk).danger for pk in whole]
    assert grave == sorted(grave, reverse=True)
    assert set(grave) == ({0} if show == "done" else {0, 1, 2})
    paged: list[int] = []
    key = 0
    while found := numbers_after(wanted, key, 4, at):
        paged += found
        key = key_of(Message.objects.get(pk=paged[-1]), wanted)
    assert paged == whole


@pytest.mark.parametrize("show", ["", "all"])
def test_what_is_dealt_with_between_two_pages_hides_no_danger(desk: Desk, show: str) -> None:
    messages = [desk.message() for _ in range(5)]
    at = messages[0].received_at
    Message.objects.filter(pk__in=[one.pk for one in messages[:4]]).update(urgent=True)
    wanted, seen, key = Filter(show=show), [], 0
    while found := numbers_after(wanted, key, 1, at):
        seen += found
        key = key_of(Message.objects.get(pk=found[0]), wanted)
        Message.objects.filter(pk=found[0], urgent=True).update(state="done")
    assert seen[:4] == [one.pk for one in messages[3::-1]]  # the latest first, as their times are alike
    assert len(set(seen)) == 5


@pytest.mark.parametrize(("show", "column"), [("", "due_at"), ("soon", "due_at"), ("snoozed", "snoozed_until")])
def test_what_is_due_no_more_between_two_pages_skips_nothing(desk: Desk, show: str, column: str) -> None:
    messages = [desk.message() for _ in range(4)]
    at = messages[0].received_at
    for number, one in enumerate(messages):
        Message.objects.filter(pk=one.pk).update(**{column: at + timedelta(hours=number + 1)})
    wanted = Filter(show=show)
    (first,) = numbers_after(wanted, 0, 1, at)
    key = key_of(Message.objects.get(pk=first), wanted)
    old = Message.objects.get(pk=first).pk * 4  # as keys were before they held the moment
    rest = numbers_after(wanted, old, 10, at)
    Message.objects.filter(pk=first).update(**{column: None})
    found = numbers_after(wanted, key, 10, at)
    assert [number for number in found if number != first] == rest == [one.pk for one in messages[1:]]
    assert numbers_after(wanted, 10**40 - 1, 10, at) is not None  # any number is a place


def test_danger_ends_with_what_was_done_and_begins_with_a_correction(desk: Desk) -> None:
    message = desk.message()
    assert message.danger == 0
    for marks, urgent, state, danger in (
        (["is:safeguarding"], False, "new", 2),
        (["is:safeguarding"], True, "referred", 2),
        ([], True, "answering", 1),
        (["is:safeguarding"], True, "answered", 0),
        (["is:safeguarding"], True, "done", 0),
    ):
        Message.objects.filter(pk=message.pk).update(marks=marks, urgent=urgent, state=state)
        assert Message.objects.get(pk=message.pk).danger == danger


def test_the_few_in_danger_are_found_by_an_index_of_their_own(desk: Desk) -> None:
    at = desk.message().received_at
    index_plans()
    for show, index in (("all", "message_gravest"), ("", "message_with_us")):
        words, given = statement_of(Filter(show=show), 0, 10, at)
        assert index in str(ask(f"EXPLAIN {words}", given, keep=False))


def test_mine_nobodys_and_held(desk: Desk) -> None:
    first, second = desk.message(), desk.message()
    at = second.received_at
    assign(first, desk.staff, by=desk.staff, at=at)
    me = desk.staff.pk

    def shown(show: str) -> list[int]:
        return numbers_after(Filter(show=show, me=me), 0, 10, at)

    assert shown("mine") == [first.pk]
    assert shown("unassigned") == [second.pk]
    assert shown("held") == []
    hold(reason="Look first", by=desk.officer, at=at)
    reply(second, wording="complaint_phone", by=desk.staff, at=at)
    assert shown("held") == [second.pk]


def test_words_clause_contact_and_days_look_through_everything(desk: Desk) -> None:
    message = desk.message("The lift is broken again and I want to complain about it")
    Message.objects.filter(pk=message.pk).update(state="done")
    day = message.received_at.date()
    for wanted in (
        Filter(q="lift"),
        Filter(q='"broken again"'),
        Filter(clause="usage.7"),
        Filter(topic="lifts"),
        Filter(contact=message.contact_id),
        Filter(since=day, until=day),
        Filter(until=date.max),
        Filter(q="lift", show="done", label="complaint"),
    ):
        assert numbers_after(wanted, 0, 10, message.received_at) == [message.pk], wanted
    for wanted in (
        Filter(),
        Filter(q="lift", show="mine"),
        Filter(q='"broken lift"'),
        Filter(topic="parking"),
        Filter(since=day + timedelta(days=2)),
        Filter(who=desk.staff.pk),
    ):
        assert numbers_after(wanted, 0, 10, message.received_at) == [], wanted


def test_a_filter_comes_from_an_address_and_goes_back_to_one() -> None:
    asked = {
        "show": "done", "label": "complaint", "channel": "3", "q": " lift ", "mark": "2", "clause": "usage.7",
        "topic": "lifts", "contact": "9", "who": "4", "since": "2026-11-01", "until": "2026-11-30",
    }  # fmt: skip
    wanted = Filter.of(asked, me=5)
    assert wanted.pairs() == {**asked, "channel": 3, "q": "lift", "mark": 2, "contact": 9, "who": 4}
    assert Filter.of({str(key): str(value) for key, value in wanted.pairs().items()}, me=5) == wanted
    assert wanted.plain == Filter("done", me=5)
    assert wanted.within(q="").q == ""
    bad = {"show": "x", "label": "grumble", "channel": "²", "since": "soon", "mark": "9" * 30}
    assert Filter.of(bad) == Filter()
