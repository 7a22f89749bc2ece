"""No sequence of edits, sign-offs, deputies, holds, moves, clock jumps and crashes sends what is not signed off."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import timezone
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from gatepost.gate import actions, sending

from .any_desk import ANSWERS, TEXTS, Desks
from .any_world import Worlds
from .scene import Wire

SETTINGS = settings(max_examples=20, stateful_step_count=30, deadline=None)


def patched(monkeypatch: pytest.MonkeyPatch, machine: type[Desks] = Desks) -> type[Desks]:
    """A machine whose network and clock the gate takes for the real ones."""

    class Here(machine):  # type: ignore[misc, valid-type]  # chosen by the test
        pass

    wires: list[Wire] = []

    def made() -> Wire:
        wires.append(Wire())
        return wires[-1]

    Here.made = staticmethod(made)  # type: ignore[assignment]  # called without a self
    connect = lambda account: wires[-1]  # noqa: E731  # a name for two patches
    monkeypatch.setattr(sending, "connect", connect)
    monkeypatch.setattr("gatepost.gate.looking.connect", connect)
    monkeypatch.setattr("gatepost.gate.uploading.connect", connect)
    clock = SimpleNamespace(now=lambda: Here.clock(), localtime=timezone.localtime)
    monkeypatch.setattr(sending, "timezone", clock)
    return Here


@pytest.mark.django_db
def test_the_judge_lets_through_what_is_signed_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = patched(monkeypatch)()
    desk.begin()
    desk.write(TEXTS[0], "sam", "news", None, None)
    act = desk.acts()[-1]
    actions.sign_off(act, digest=act.digest, by=desk.who["olive"], at=desk.now)
    desk.book.agreed[(str(act.pk), act.digest)] = {"olive"}
    desk.work(ANSWERS[0], "no")
    desk.nothing_unsigned_has_left()
    assert type(desk).published == 1
    desk.write(TEXTS[1], "sam", "news", None, None)
    act = desk.acts()[-1]
    actions.sign_off(act, digest=act.digest, by=desk.who["olive"], at=desk.now)  # and the book does not know
    desk.work(ANSWERS[0], "no")
    with pytest.raises(AssertionError):
        desk.nothing_unsigned_has_left()
    desk.teardown()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("machine", [Desks, Worlds])
def test_no_sequence_sends_what_is_not_signed_off(monkeypatch: pytest.MonkeyPatch, machine: type[Desks]) -> None:
    here = patched(monkeypatch, machine)
    for _ in range(3):  # by chance a run may send next to nothing, and it is no use when nothing ever leaves
        run_state_machine_as_test(here, settings=SETTINGS)
        if here.published > 2:
            break
    assert here.published > 2
