"""Calls the town makes itself, to this machine's loopback address alone: pictures by address, webhooks."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class FetchFailed(Exception):
    """The address could not be fetched; the message says why."""


def must_be_here(url: str) -> str:
    """The address itself when it points at this machine. Raises FetchFailed: a practice town calls nobody else."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or parts.hostname not in LOOPBACK or len(url) > 2_000:
        raise FetchFailed("the practice town only calls http addresses on this machine")
    return url


async def fetch_here(url: str, largest: int) -> bytes:
    """The bytes at a loopback address, at most `largest`. Raises FetchFailed."""
    got = bytearray()
    try:
        async with (
            httpx.AsyncClient(timeout=5, trust_env=False) as client,
            client.stream("GET", must_be_here(url)) as answer,
        ):
            if answer.status_code != 200:
                raise FetchFailed(f"it answered {answer.status_code}")
            async for chunk in answer.aiter_bytes():
                got += chunk
                if len(got) > largest:
                    raise FetchFailed(f"it is larger than {largest} bytes")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise FetchFailed(f"it could not be reached ({type(error).__name__})") from error
    return bytes(got)
