"""The views of the list, and pages that follow each other in every one of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gatepost.gate.holds import hold
from gatepost.inbox.actions import reply
from gatepost.inbox.assigning import assign
from gatepost.inbox.listing import VIEWS, Filter, matching, numbers_after, place_of
from gatepost.inbox.models import Message

from .scene import Desk


@pytest.mark.parametrize("show", [name for name in VIEWS if name != "held"])
def test_pages_follow_each_other_without_gap_or_repeat(desk: Desk, show: str) -> None:
    state = {"referred": "referred", "done": "done"}.get(show, "new")
    at = desk.message().received_at
    for number in range(23):
        message = desk.message()
        Message.objects.filter(pk=message.pk).update(
            state=state,
            urgent=number % 5 == 0,
            due_at=at + timedelta(hours=number % 4) if number % 3 or show == "soon" else None,
            snoozed_until=at + timedelta(hours=number % 3 + 1) if show == "snoozed" else None,
            received_at=at + timedelta(minutes=number % 6),
            assignee=desk.staff if show == "mine" else None,
        )
    wanted = Filter(show=show, me=desk.staff.pk)
    whole = numbers_after(wanted, None, 1000, at)
    assert len(whole) == matching(wanted, at).count() >= 20
    paged: list[int] = []
    while found := numbers_after(wanted, place_of(paged[-1]) if paged else None, 4, at):
        paged += found
    assert paged == whole


def test_mine_nobodys_and_held(desk: Desk) -> None:
    first, second = desk.message(), desk.message()
    at = second.received_at
    assign(first, desk.staff, by=desk.staff, at=at)
    me = desk.staff.pk

    def shown(show: str) -> list[int]:
        return numbers_after(Filter(show=show, me=me), None, 10, at)

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
        Filter(contact=message.contact_id),
        Filter(since=day, until=day),
        Filter(q="lift", show="done", label="complaint"),
    ):
        assert numbers_after(wanted, None, 10, message.received_at) == [message.pk], wanted
    for wanted in (
        Filter(),
        Filter(q="lift", show="mine"),
        Filter(q='"broken lift"'),
        Filter(since=day + timedelta(days=2)),
        Filter(who=desk.staff.pk),
    ):
        assert numbers_after(wanted, None, 10, message.received_at) == [], wanted


def test_a_filter_comes_from_an_address_and_goes_back_to_one() -> None:
    asked = {
        "show": "done", "label": "complaint", "channel": "3", "q": " lift ", "mark": "2", "clause": "usage.7",
        "contact": "9", "who": "4", "since": "2026-11-01", "until": "2026-11-30",
    }  # fmt: skip
    wanted = Filter.of(asked, me=5)
    assert wanted.pairs() == {**asked, "channel": 3, "q": "lift", "mark": 2, "contact": 9, "who": 4}
    assert Filter.of({str(key): str(value) for key, value in wanted.pairs().items()}, me=5) == wanted
    assert wanted.plain == Filter("done", me=5)
    assert wanted.within(q="").q == ""
    bad = {"show": "x", "label": "grumble", "channel": "²", "since": "soon", "mark": "9" * 30}
    assert Filter.of(bad) == Filter()
