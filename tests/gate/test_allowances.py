"""What a network still takes: one table for all workers, corrected by what the answers say, told to people."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gatepost.channels import actions as channels
from gatepost.channels.models import Channel
from gatepost.gate import actions, allowances, sending, settling
from gatepost.gate.content import Content
from gatepost.gate.models import Act, Allowance
from gatepost.networks.protocol import Left, Receipt, TryLater

from .scene import AT, Desk

SOON = AT + timedelta(seconds=1)


@pytest.fixture
def x(desk: Desk) -> Channel:
    live = channels.connect(network="x", name="X", external_id="77", credentials={"token": "t"}, by=desk.officer, at=AT)
    channels.sign_off(live, by=desk.officer, at=AT)
    channels.approve_staff(desk.staff, live, by=desk.officer, at=AT)
    return live


def signed(desk: Desk, channel: Channel, count: int) -> None:
    for number in range(count):
        content = Content(kind="publish", channel=channel.pk, text=f"Notice {number}: we are open on Saturday.")
        act = actions.submit(content, subject=f"variant:{number}", by=desk.staff, at=AT)
        actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)


def send(at: object = SOON) -> int:
    claims = sending.claim(worker="w", at=at, lease=timedelta(days=3650))  # type: ignore[arg-type]  # moments
    settling.settle([(one, sending.send(one)) for one in claims], at=at)  # type: ignore[arg-type]  # as above
    return sum(Act.objects.filter(pk=one.act.pk, state="sent").exists() for one in claims)


def test_two_workers_together_send_no_more_than_one_may(desk: Desk, x: Channel) -> None:
    signed(desk, x, 5)
    Allowance.objects.create(channel=x, most=100, used=97, resets_at=AT + timedelta(minutes=15))
    first = sending.claim(worker="a", at=SOON, limit=3, lease=timedelta(days=3650))
    second = sending.claim(worker="b", at=SOON, limit=3, lease=timedelta(days=3650))
    looked = [*sending.begin(first, at=SOON), *sending.begin(second, at=SOON)]
    back = [found for _, found in looked if found is not None]
    assert (len(looked), len(back)) == (5, 2)
    assert {found.until for found in back} == {AT + timedelta(minutes=15)}
    assert Allowance.objects.get().used == 100
    settling.settle([(one, found or Receipt(f"r{one.attempt}")) for one, found in looked], at=SOON)
    assert set(Act.objects.filter(state="signed_off").values_list("try_at", flat=True)) == {AT + timedelta(minutes=15)}
    assert send(AT + timedelta(minutes=14)) == 0
    assert send(AT + timedelta(minutes=16)) == 2
    assert Allowance.objects.get().used == 2  # of the next window


def test_the_first_post_opens_a_window_of_the_size_that_is_written_down(desk: Desk, x: Channel) -> None:
    signed(desk, x, 1)
    assert send() == 1
    row = Allowance.objects.get()
    assert (row.most, row.used) == (100, 1)


def test_where_no_limit_is_published_none_is_kept(desk: Desk) -> None:
    signed(desk, desk.channel, 1)
    assert send() == 1
    assert not Allowance.objects.exists()
    assert allowances.forecasts(at=AT) == []


def test_the_practice_town_is_believed_only_when_it_says_one(desk: Desk, x: Channel) -> None:
    Channel.objects.filter(pk=x.pk).update(practice=True)
    signed(desk, x, 2)
    desk.wire.answers = [TryLater(300, "Too many.", Left(50, 0, 300)), TryLater(300, "Too many.", Left(50, 0, 300))]
    assert send() == 0
    assert list(allowances.used_up(SOON)) == [x.pk]
    assert send(AT + timedelta(minutes=2)) == 0
    assert send(AT + timedelta(minutes=6)) == 2


def test_within_one_window_the_larger_count_holds(desk: Desk, x: Channel) -> None:
    allowances.hear(x, Left(100, 60, 600), at=AT)
    allowances.hear(x, Left(100, 75, 590), at=AT + timedelta(seconds=10))  # an older answer that came later
    assert Allowance.objects.get().used == 40
    allowances.hear(x, Left(100, 99, 900), at=AT + timedelta(minutes=11))
    assert Allowance.objects.get().used == 1


def test_moderation_needs_no_place(desk: Desk, x: Channel) -> None:
    Allowance.objects.create(channel=x, most=1, used=1, resets_at=AT + timedelta(minutes=15))
    content = Content(kind="delete", channel=x.pk, target="5")
    how = {"subject": "act:1", "by": desk.staff, "at": AT, "clauses": ["risks.9"], "reason": "Wrong"}
    act = actions.submit(content, **how)  # type: ignore[arg-type]  # a test's own table of arguments
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    assert send() == 1


def test_people_are_told_what_will_wait(desk: Desk, x: Channel) -> None:
    signed(desk, x, 3)
    [now] = allowances.forecasts(at=AT)
    assert (now.left, now.due, now.waits) == (100, 3, 0)
    Allowance.objects.create(channel=x, most=100, used=98, resets_at=AT + timedelta(minutes=15))
    [soon] = allowances.forecasts(at=AT)
    assert soon.says == "X allows 2 more until 10:15; 1 post will wait."
    Allowance.objects.update(used=100)
    [none] = allowances.forecasts(at=AT)
    assert none.says == "X allows none until 10:15; 3 posts will wait."


def test_people_who_write_are_told_when_little_is_left(desk: Desk, x: Channel) -> None:
    signed(desk, x, 1)
    assert allowances.tight([x, desk.channel], leaves=AT, at=AT) == []
    Allowance.objects.create(channel=x, most=100, used=95, resets_at=AT + timedelta(minutes=15))
    [one] = allowances.tight([x, desk.channel], leaves=AT, at=AT)
    assert one.says == "X allows 5 more until 10:15."
    assert allowances.tight([x], leaves=AT + timedelta(hours=1), at=AT) == []  # in another window
    Channel.objects.filter(pk=x.pk).update(state="paused")
    x.refresh_from_db()
    assert allowances.tight([x], leaves=AT, at=AT) == []
