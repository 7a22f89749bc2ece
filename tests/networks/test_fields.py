from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.networks import fields

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(ANYTHING)
def test_every_reader_gives_its_own_type_for_anything(body: Any) -> None:
    for path in ((), ("a",), ("a", "b")):
        assert isinstance(fields.text(body, *path), str)
        assert isinstance(fields.ident(body, *path), str)
        assert isinstance(fields.whole(body, *path), int)
        assert isinstance(fields.objects(body, *path), list)
        assert fields.moment(body, *path).tzinfo is UTC


@given(ANYTHING)
def test_what_is_kept_is_small_json_without_secrets(body: Any) -> None:
    kept = fields.kept({"body": body, "access_token": "t0ken", "next": "?access_token=t0ken"}, ("t0ken",))
    written = json.dumps(kept, allow_nan=False)
    assert len(written) <= fields.RAW_LIMIT
    assert "t0ken" not in written
    assert "\\u0000" not in written


def test_a_large_answer_is_left_out_and_said_so() -> None:
    assert fields.kept({"text": "x" * 70_000}) == {"left_out": "the answer had 70012 characters"}


def test_a_deep_answer_is_cut_and_a_list_is_named() -> None:
    deep: Any = "bottom"
    for _ in range(500):
        deep = [deep]
    assert "(deeper)" in json.dumps(fields.kept(deep))
    assert fields.kept([1]) == {"answer": [1]}


@given(st.text())
def test_clean_text_can_be_stored_and_cleaning_twice_changes_nothing(value: str) -> None:
    once = fields.clean(value)
    once.encode("utf-8")
    assert "\x00" not in once
    assert fields.clean(once) == once


def test_half_a_pair_becomes_a_mark_and_a_whole_pair_stays() -> None:
    assert fields.clean("a\ud83d\ude00b\ud800c\x00") == "a😀b\ufffdc"


@pytest.mark.parametrize(
    ("value", "read"),
    [("12", "12"), (12, "12"), ("", ""), (0, ""), (-3, ""), (True, ""), (1.5, ""), ("a b", ""), ("é", ""), (None, "")],
)
def test_ids(value: Any, read: str) -> None:
    assert fields.ident({"id": value}, "id") == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2021-07-21T21:05:14+0000", datetime(2021, 7, 21, 21, 5, 14, tzinfo=UTC)),
        ("2021-07-21T21:05:14.000Z", datetime(2021, 7, 21, 21, 5, 14, tzinfo=UTC)),
        ("2021-07-21T22:05:14+01:00", datetime(2021, 7, 21, 21, 5, 14, tzinfo=UTC)),
        ("2021-07-21T21:05:14", datetime(2021, 7, 21, 21, 5, 14, tzinfo=UTC)),
        ("yesterday", datetime(1970, 1, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", datetime(1970, 1, 1, tzinfo=UTC)),
        (5, datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_times(value: Any, read: datetime) -> None:
    assert fields.moment({"at": value}, "at") == read


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ("A post", "A post", True),
        ("A post\n", " A post", True),
        ("One\r\ntwo", "One\ntwo", True),
        ("One \ntwo", "One\ntwo", True),
        ("Cafe\u0301", "Café", True),
        ("A post", "A post!", False),
        ("A post", "a post", False),
    ],
)
def test_same_text(ours: str, theirs: str, same: bool) -> None:
    assert fields.same_text(ours, theirs) is same
