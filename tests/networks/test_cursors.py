from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.networks.cursors import Cursor, cursor_of
from gatepost.networks.protocol import ReadFailed


def test_the_beginning_is_an_empty_text() -> None:
    assert cursor_of("") == Cursor(0, frozenset())


@given(st.integers(0, 10**12), st.frozensets(st.text(min_size=1, max_size=20), max_size=20))
def test_a_cursor_survives_being_written(mark: int, seen: frozenset[str]) -> None:
    assert cursor_of(Cursor(mark, seen).written()) == Cursor(mark, seen)


@pytest.mark.parametrize("text", ["x", "[]", "{}", '{"mark": "1", "seen": []}', '{"mark": 1, "seen": [2]}', "[" * 9999])
def test_a_damaged_cursor_says_what_to_do(text: str) -> None:
    with pytest.raises(ReadFailed, match="connect the account anew") as failed:
        cursor_of(text)
    assert failed.value.retry_after is None


def test_a_cursor_keeps_what_was_seen_close_to_its_mark_and_never_goes_back() -> None:
    at = Cursor().moved([(100, "a"), (195, "b"), (200, "c")], 10)
    assert at == Cursor(200, frozenset({"b", "c"}))
    assert at.moved([(195, "b"), (200, "c")], 10) == at


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 30)), max_size=40))
def test_messages_that_show_late_but_within_the_overlap_come_once(shown: list[tuple[int, int]]) -> None:
    """Each message is made at `time` and becomes readable `late` units after; the overlap is 30."""
    cursor, got = Cursor(), []
    for now in range(0, 400, 7):
        visible = [(time, f"m{n}") for n, (time, late) in enumerate(shown) if time + late <= now]
        read = [(time, ref) for time, ref in visible if time >= cursor.mark - 30]
        got += [ref for _, ref in read if ref not in cursor.seen]
        cursor = cursor.moved(read, 30)
    assert sorted(got) == sorted(f"m{n}" for n in range(len(shown)))
