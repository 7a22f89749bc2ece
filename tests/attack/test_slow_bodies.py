"""A body is taken in whole, within a time and a size, before any page sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from gatepost.web.body import OPEN_LIMIT, Body, BodyRefused, Message


def take(messages: Sequence[Message], *, most: int = 8 * 1024 * 1024, known: bool = False) -> tuple[bytes, int]:
    """The body a page would read, and how often it was asked who sends it. Silence follows the last message."""
    asked = 0

    async def run() -> bytes:
        nonlocal asked
        waiting = list(messages)

        async def receive() -> Message:
            if not waiting:
                await asyncio.Event().wait()  # for ever
            return waiting.pop(0)

        async def signed_in() -> bool:
            nonlocal asked
            asked += 1
            return known

        body = Body()
        try:
            await body.take(receive, most=most, signed_in=signed_in, seconds=0.05)
            out, more = b"", True
            while more:
                message = await body.receive()
                out, more = out + message["body"], message["more_body"]
            return out
        finally:
            body.close()

    return asyncio.run(run()), asked


def part(data: bytes, more: bool) -> Message:
    return {"type": "http.request", "body": data, "more_body": more}


def test_a_body_comes_out_as_it_went_in() -> None:
    assert take([part(b"", False)]) == (b"", 0)
    large = bytes(range(256)) * 3000
    assert take([part(large[:500_000], True), part(large[500_000:], False)]) == (large, 0)


@pytest.mark.parametrize(
    ("messages", "status"),
    [
        ([part(b"a", True)], 408),  # and then nothing more
        ([part(b"a", True), {"type": "http.disconnect"}], 0),
        ([part(b"a" * (OPEN_LIMIT + 1), False)], 413),
    ],
)
def test_what_is_slow_cut_or_large_reaches_no_page(messages: list[Message], status: int) -> None:
    with pytest.raises(BodyRefused) as refused:
        take(messages)
    assert refused.value.status == status


def test_somebody_who_has_signed_in_may_send_more_up_to_the_limit() -> None:
    much = b"a" * (OPEN_LIMIT + 1)
    assert take([part(much, True), part(b"b", False)], known=True) == (much + b"b", 1)
    with pytest.raises(BodyRefused):
        take([part(much, False)], known=True, most=OPEN_LIMIT)
