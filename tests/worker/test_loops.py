"""What goes wrong with one thing a loop does keeps it from none of the others."""

from __future__ import annotations

import pytest

from gatepost.worker import loops


def broken(**_: object) -> int:
    raise RuntimeError("odd")


def test_each_is_done_whatever_goes_wrong_with_one() -> None:
    done: list[int] = []

    def add(number: int) -> int:
        done.append(number)
        return number

    with pytest.raises(RuntimeError, match="odd"):
        loops.each(lambda: add(1), broken, lambda: add(2))
    assert done == [1, 2]
    assert loops.each(lambda: 3, lambda: 4) == 7


def test_a_phone_that_cannot_be_rung_keeps_nobody_from_the_e_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(loops, "ring", broken)
    monkeypatch.setattr(loops, "press", lambda **how: told.append(how["at"]) or 0)
    with pytest.raises(RuntimeError):
        loops.pressing()
    assert len(told) == 1
