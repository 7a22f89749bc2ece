"""Whatever a network answers, a connector gives one of its answers or ReadFailed, and no receipt without a ref."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatepost.networks import registry
from gatepost.networks.protocol import (
    Account,
    Approves,
    Health,
    Hides,
    MediaFile,
    Network,
    NotThere,
    Outgoing,
    Page,
    ReadFailed,
    Receipt,
    Refused,
    RemovesOthers,
    TryLater,
    Unknown,
)
from tests.networks import wires

NAMES = st.sampled_from(
    [
        "id",
        "data",
        "error",
        "code",
        "error_subcode",
        "message",
        "from",
        "created_time",
        "comments",
        "paging",
        "cursors",
        "after",
        "next",
        "success",
        "is_hidden",
        "parent",
        "post_id",
        "meta",
        "next_token",
        "includes",
        "users",
        "text",
        "entities",
        "urls",
        "url",
        "expanded_url",
        "author_id",
        "referenced_posts",
        "type",
        "deleted",
        "hidden",
        "errors",
        "status",
        "content",
        "raw",
        "slug",
        "author",
        "author_email",
        "date_gmt",
        "link",
        "post",
        "detail",
        "name",
    ]
)
VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-5, 10**22)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["1", "1_2", "111222333", "555666777", "k", "https://t.co/a", "2026-11-20T12:00:00Z", "replied_to"]
    )
)
JSON = st.recursive(
    VALUES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6), max_leaves=20
)
STATUS = st.sampled_from([200, 200, 200, 201, 204, 301, 307, 400, 401, 403, 404, 409, 410, 413, 429, 500, 503])
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "retry-after",
            "x-rate-limit-reset",
            "location",
            "x-wp-total",
            "set-cookie",
            "content-type",
            "x-business-use-case-usage",
        ]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30),
    max_size=3,
)
BODY = JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=200)
ANSWERS = st.lists(st.tuples(STATUS, HEADERS, BODY), min_size=1, max_size=4)

REFS = {"facebook": "1_2", "x": "12", "wordpress": "comment:12"}
ACCOUNTS = {"facebook": wires.FACEBOOK, "x": wires.X, "wordpress": wires.WORDPRESS}
IMAGE = MediaFile(b"x", "image/png", "alt", "a.png")


def connected(account: Account, answers: list[tuple[int, dict[str, str], bytes]]) -> Network:
    turn = iter(range(10**6))

    def handler(request: httpx.Request) -> httpx.Response:
        status, headers, body = answers[next(turn) % len(answers)]
        return httpx.Response(status, headers=headers, content=body)

    return registry.connect(account, transport=wires.Wire(handler))


def storable(value: Any) -> None:
    """What is kept must be fit for a database: no half characters, no NUL, no NaN."""
    assert "\\u0000" not in json.dumps(value, allow_nan=False)
    json.dumps(value, ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize("key", sorted(ACCOUNTS))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(answers=ANSWERS)
def test_writes_and_lookups_never_raise(key: str, answers: list[Any]) -> None:
    ref = REFS[key]
    acts = [
        Outgoing("k", "publish", "text", media=(IMAGE,)),
        Outgoing("k", "publish", "text", link="https://example.org"),
        Outgoing("k", "reply", "text", in_reply_to=ref),
        *(Outgoing("k", kind, target=ref) for kind in ("hide", "unhide", "remove", "delete", "approve")),
    ]
    network = connected(ACCOUNTS[key], answers)
    said: list[Any] = [network.publish(act) for act in acts[:3]] + [network.remove(ref)]
    if isinstance(network, Hides):
        said += [network.hide(ref), network.unhide(ref)]
    if isinstance(network, RemovesOthers):
        said.append(network.remove_other(ref))
    if isinstance(network, Approves):
        said.append(network.approve(ref))
    for each in said:
        assert isinstance(each, Receipt | Refused | TryLater | Unknown)
    for each in [*said, *(network.find(act) for act in acts)]:
        assert isinstance(each, Receipt | NotThere | Refused | TryLater | Unknown)
        if isinstance(each, Receipt):
            assert each.ref
            storable([each.ref, each.permalink, dict(each.raw)])
        elif isinstance(each, TryLater):
            assert 1 <= each.seconds <= 86_400
        elif not isinstance(each, NotThere):
            storable(each.reason)


def page_or_reason(network: Network, cursor: str) -> Page | str:
    try:
        return network.read_since(cursor)
    except ReadFailed as fault:
        return fault.reason


@pytest.mark.parametrize("key", sorted(ACCOUNTS))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(answers=ANSWERS)
def test_reads_give_a_page_or_fail_with_words(key: str, answers: list[Any]) -> None:
    network = connected(ACCOUNTS[key], answers)
    assert isinstance(network.check(), Health)
    for cursor in ("", '{"mark":1700000000,"seen":["1_2"]}'):
        page = page_or_reason(network, cursor)
        if isinstance(page, str):
            assert page
            continue
        again = page_or_reason(connected(ACCOUNTS[key], [(200, {}, b"{}")]), page.cursor)
        assert "damaged" not in str(again)
        for message in page.messages:
            assert message.ref
            assert message.text.strip()
            storable([message.ref, message.text, message.author_name, message.author_ref, dict(message.raw)])
