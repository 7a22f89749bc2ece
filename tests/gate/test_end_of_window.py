"""Nothing leaves after the end that was signed: not by itself, not by a person, not past the database."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from gatepost.gate import actions, holds, moving, review, sending
from gatepost.gate.models import Act, Attempt, SignOff

from .scene import Desk
from .test_sending import actions_at, run, signed, state


def windowed(desk: Desk) -> tuple[Act, datetime]:
    start = actions_at() + timedelta(hours=1)
    return signed(desk, not_before=start, not_after=start + timedelta(hours=1)), start + timedelta(hours=1)


def test_nothing_leaves_after_its_window(desk: Desk) -> None:
    act, end = windowed(desk)
    assert moving.move(act, to=end, by=desk.officer, at=actions_at())
    assert run(end + timedelta(minutes=1)) == []
    assert state(act) == "to_sign_off"
    assert "window" in act.says


def test_it_leaves_at_the_end_of_its_window(desk: Desk) -> None:
    act, end = windowed(desk)
    assert moving.move(act, to=end, by=desk.officer, at=actions_at())
    assert len(run(end)) == 1


def test_a_move_inside_the_window_does_not_make_it_longer(desk: Desk) -> None:
    start = actions_at() + timedelta(hours=1)
    act = signed(desk, not_before=start)
    assert moving.move(act, to=start + timedelta(minutes=30), by=desk.officer, at=actions_at())
    assert run(start + timedelta(minutes=31)) == []
    assert state(act) == "missed"


def test_nobody_keeps_or_sends_late_what_has_ended(desk: Desk) -> None:
    act, end = windowed(desk)
    held = holds.hold(reason="A death", by=desk.officer, at=actions_at())
    holds.end_hold(held, by=desk.officer, at=end)
    late = end + timedelta(hours=1)
    with pytest.raises(holds.HoldError, match="window"):
        review.keep(act, by=desk.officer, at=late)
    moved = review.move(act, to=late, by=desk.officer, at=end)
    assert moved.content["not_after"] == (late + timedelta(hours=1)).isoformat()
    other = signed(desk, expires_at=late)
    assert run(actions_at() + timedelta(minutes=31)) == []
    assert state(other) == "missed"
    with pytest.raises(actions.GateError, match="has ended"):
        actions.send_late(other, by=desk.officer, at=late)


def test_what_was_claimed_in_time_and_begins_too_late_does_not_leave(desk: Desk) -> None:
    act, end = windowed(desk)
    assert moving.move(act, to=end, by=desk.officer, at=actions_at())
    [claimed] = sending.claim(worker="w", at=end, lease=timedelta(days=3650))
    [(_, back)] = sending.begin([claimed], at=end + timedelta(seconds=1))
    assert back is not None
    assert "window" in back.reason


@pytest.mark.parametrize("name", ["not_after", "expires_at"])
def test_the_database_refuses_it_too(desk: Desk, name: str) -> None:
    start = actions_at() + timedelta(hours=1)
    act = signed(desk, **{"not_before": start, name: start + timedelta(hours=1)})
    late = start + timedelta(hours=1, seconds=1)
    sign_off = SignOff.objects.get(act=act)
    with pytest.raises(IntegrityError, match="this late"), transaction.atomic():
        Attempt.objects.create(act=act, digest=act.digest, sign_off=sign_off, worker="w", at=late, lease_until=late)
