"""The end that was signed with a post comes to nothing: people are told, and it stands until the post is down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gatepost.gate import actions, correcting, published
from gatepost.gate.models import Act, Published
from gatepost.ledger.models import Line
from gatepost.networks.protocol import Refused
from gatepost.people.models import Holding

from .scene import AT, SYSTEM, Desk
from .test_published import connector, leave, out

__all__ = ["connector"]

ENDS = datetime.now(UTC) + timedelta(days=2)  # not over: what is about to leave is looked at by the clock


def test_an_end_that_the_network_refuses_is_told_and_stands_until_it_is_down(desk: Desk) -> None:
    act = out(desk, expires_at=ENDS)
    assert correcting.expire(by=SYSTEM, at=ENDS) == 1
    desk.wire.answers = [Refused("Somebody else’s.", "403")]
    leave(ENDS + timedelta(seconds=1))
    later = ENDS + timedelta(seconds=5)
    assert [correcting.expire(by=SYSTEM, at=later) for _ in range(2)] == [0, 0]
    item = published.overdue().get()
    assert item.expires_at == ENDS
    assert "did not take it down: Somebody else’s. Ask for it to be taken down" in item.says
    assert Line.objects.filter(verb="published.overdue", subject=f"act:{act.pk}").count() == 1  # told once
    again = correcting.take_down(act, reason="Its end has come", by=desk.staff, at=later)
    actions.decline(again, reason="By hand.", by=desk.officer, at=later)
    correcting.note_taken_down(act, by=desk.staff, at=later)  # although the desk could have, elsewhere
    assert not published.overdue().exists()


@pytest.mark.parametrize(
    ("ends", "says"),
    [("expired", "Nobody signed in time"), ("withdrawn", "was withdrawn"), ("sent", "is there again")],
)
def test_an_end_that_came_to_nothing_otherwise_is_told(desk: Desk, ends: str, says: str) -> None:
    out(desk, expires_at=ENDS)
    correcting.expire(by=SYSTEM, at=ENDS)
    Act.objects.filter(kind="delete").update(state=ends)
    assert correcting.expire(by=SYSTEM, at=ENDS) == 0
    assert says in published.overdue().get().says


def test_whoever_declines_its_end_has_decided_that_it_stays(desk: Desk) -> None:
    act = out(desk, expires_at=ENDS)
    Holding.objects.filter(person=desk.officer).update(until=ENDS)
    correcting.expire(by=SYSTEM, at=ENDS)
    leave(ENDS + timedelta(seconds=1))
    Holding.objects.filter(person=desk.officer).update(until=None)
    actions.decline(Act.objects.get(kind="delete"), reason="It is still true.", by=desk.officer, at=ENDS)
    assert correcting.expire(by=SYSTEM, at=ENDS) == 0
    item = Published.objects.get()
    assert (item.expires_at, item.overdue_at) == (None, None)
    assert "It is still true." in item.says
    assert Line.objects.filter(verb="published.stays", subject=f"act:{act.pk}").count() == 1


def test_the_deletion_of_a_part_does_not_stand_for_the_end_of_all(desk: Desk) -> None:
    act = out(desk, expires_at=ENDS)
    down = correcting.take_down(act, reason="Called off", by=desk.staff, at=AT)
    assert correcting.expire(by=SYSTEM, at=ENDS) == 0
    actions.decline(down, reason="Not yet.", by=desk.officer, at=ENDS)
    assert correcting.expire(by=SYSTEM, at=ENDS) == 1
