"""How people took a post, as each network tells it; what is not told is left out."""

from __future__ import annotations

import pytest

from gatepost.networks.facebook_counts import counts_of as facebook
from gatepost.networks.facebook_counts import without_people
from gatepost.networks.x_posts import counts_of as x


def test_facebook() -> None:
    body = {
        "shares": {"count": 3},
        "comments": {"data": [{"id": "1"}], "summary": {"total_count": 7}},
        "reactions": {"data": [], "summary": {"total_count": 0}},
    }
    assert facebook(body) == {"shares": 3, "replies": 7, "reactions": 0}
    assert without_people(body) == {
        "shares": {"count": 3},
        "comments": {"summary": {"total_count": 7}},
        "reactions": {"summary": {"total_count": 0}},
    }


def test_x_under_both_its_names() -> None:
    assert x({"public_metrics": {"like_count": 2, "repost_count": 1, "impression_count": 90}}) == {
        "likes": 2,
        "shares": 1,
        "views": 90,
    }
    assert x({"public_metrics": {"retweet_count": 4, "reply_count": 0}}) == {"shares": 4, "replies": 0}


@pytest.mark.parametrize(
    "odd",
    [None, [], "x", {}, {"shares": 5}, {"shares": {"count": "3"}}, {"public_metrics": [1]}, {"shares": {"count": -1}}],
)
def test_odd_answers_count_nothing(odd: object) -> None:
    assert facebook(odd) == {}
    assert without_people(odd) == odd
    assert x(odd) == {}


def test_true_is_no_number() -> None:
    assert x({"public_metrics": {"like_count": True}}) == {}
