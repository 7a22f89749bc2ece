"""Looks at a web page somebody links to: is it there, and what does it say of itself?

Behind the address guard, on every hop: an address from a person's text must not reach our own network. Bounded in
bytes, hops and seconds, without cookies, and nothing of the page is run.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from .client import USER_AGENT
from .deadline import Deadline
from .fields import codec_of
from .guard import AddressRefused, GuardedTransport
from .seen_text import tell

SIZE_LIMIT = 512 * 1024
FETCH_LIMIT = 2 * 1024 * 1024
HOPS = 5
SECONDS = 8.0
LONGEST = 300  # characters of a title or description


@dataclass(frozen=True, slots=True)
class PageSeen:
    """`broken` says in words why nobody can follow the link, "" when they can; `sure` is whether that will stay so: a
    page that is gone, not one that was slow."""

    status: int = 0
    address: str = ""  # where it led in the end
    title: str = ""
    words: str = ""
    broken: str = ""
    sure: bool = False


def look_at(url: str, *, transport: httpx.BaseTransport | None = None, seconds: float = SECONDS) -> PageSeen:
    """Follows a link to its page. Raises nothing. `transport` replaces the guarded one in tests."""
    until = time.monotonic() + seconds
    headers = {
        "User-Agent": f"{USER_AGENT} (link check)",
        "Accept": "text/html,*/*;q=0.5",
        "Accept-Encoding": "identity",
    }
    limit = httpx.Timeout(min(4.0, seconds))
    try:
        with httpx.Client(
            transport=transport or GuardedTransport(allow_private=False),
            headers=headers,
            timeout=limit,
            follow_redirects=False,
            trust_env=False,
        ) as client:
            address = httpx.URL(url)
            for _ in range(HOPS + 1):
                if address.scheme not in ("http", "https") or not address.host or address.userinfo:
                    return PageSeen(broken="It is not the address of a web page.", sure=True)
                status, location, body, kind = _once(client, address, until)
                if status not in (301, 302, 303, 307, 308) or not location:
                    return _seen(status, str(address), body, kind)
                address = address.join(location)
            return PageSeen(broken=f"It redirects more than {HOPS} times.", sure=True)
    except AddressRefused:
        return PageSeen(
            broken="It leads to an address inside a private network, which the public cannot reach.", sure=True
        )
    except (httpx.InvalidURL, ValueError):
        return PageSeen(broken="It is not the address of a web page.", sure=True)
    except httpx.ConnectError as error:
        if "could not be resolved" in str(error):
            return PageSeen(broken="There is no website of that name.", sure=True)
        return PageSeen(broken="The website could not be reached.")
    except (httpx.HTTPError, httpx.StreamError, _Slow):
        return PageSeen(broken="The website did not answer in time, or broke off.")


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes behind an address, at most FETCH_LIMIT; `broken` says in words why there are none."""

    data: bytes = b""
    broken: str = ""


def fetch(
    url: str,
    *,
    transport: httpx.BaseTransport | None = None,
    seconds: float = SECONDS,
    most: int = FETCH_LIMIT,
) -> Fetched:
    """Reads a news feed or a file of at most `most` bytes, behind the same guard as a page. Raises nothing."""
    until = time.monotonic() + seconds
    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
    try:
        with httpx.Client(
            transport=transport or GuardedTransport(allow_private=False),
            headers=headers,
            timeout=httpx.Timeout(4.0),
            trust_env=False,
        ) as client:
            address = httpx.URL(url)
            for _ in range(HOPS + 1):
                if address.scheme not in ("http", "https") or not address.host or address.userinfo:
                    return Fetched(broken="This is not the address of a web page.")
                with (
                    Deadline(until - time.monotonic()) as limit,
                    client.stream("GET", address, extensions=limit.extensions) as answer,
                ):
                    if answer.is_redirect:
                        address = address.join(answer.headers.get("location", ""))
                        continue
                    if not answer.is_success:
                        return Fetched(broken=f"The website answered with status {answer.status_code}.")
                    return _whole(answer, until, most)
            return Fetched(broken=f"It redirects more than {HOPS} times.")
    except AddressRefused:
        return Fetched(broken="The address leads into a private network.")
    except (httpx.InvalidURL, ValueError):
        return Fetched(broken="This is not the address of a web page.")
    except (httpx.HTTPError, httpx.StreamError):
        return Fetched(broken="The website could not be reached, or did not answer in time.")


def _whole(answer: httpx.Response, until: float, most: int) -> Fetched:
    data = bytearray()
    for piece in answer.iter_raw():
        data += piece
        if len(data) > most:
            return Fetched(broken=f"It is larger than {most // 2**20} MB.")
        if time.monotonic() > until:
            return Fetched(broken="The website did not answer in time.")
    return Fetched(bytes(data))


class _Slow(Exception):
    """Took longer than the whole look may take."""


def _once(client: httpx.Client, address: httpx.URL, until: float) -> tuple[int, str, bytes, str]:
    with (
        Deadline(until - time.monotonic()) as limit,
        client.stream("GET", address, extensions=limit.extensions) as answer,
    ):
        data = bytearray()
        kind = answer.headers.get("content-type", "").lower()
        if answer.is_success and "html" in kind:
            for piece in answer.iter_raw():
                data += piece[: SIZE_LIMIT - len(data)]
                if len(data) >= SIZE_LIMIT or b"</head" in data:
                    break
                if time.monotonic() > until:
                    raise _Slow
        if time.monotonic() > until:
            raise _Slow
        return answer.status_code, answer.headers.get("location", ""), bytes(data), kind


def _seen(status: int, address: str, body: bytes, kind: str) -> PageSeen:
    if status in (404, 410):
        return PageSeen(status, address, broken="The page is not there (it was moved or removed).", sure=True)
    if status in (401, 403, 405, 406, 429) or 300 <= status < 400:
        return PageSeen(status, address)  # there, but not for us: sites turn programs away
    if status >= 400:
        return PageSeen(status, address, broken=f"The website has a fault (status {status}).")
    reader = _Head()
    tell(body.decode(codec_of(_charset(kind)), "replace"), reader)
    title = reader.found.get("og:title") or reader.title
    words = reader.found.get("og:description") or reader.found.get("description", "")
    return PageSeen(status, address, _line(title), _line(words))


def _charset(kind: str) -> str:
    _, _, named = kind.partition("charset=")
    return named.split(";")[0].strip(" \"'")


def _line(words: str) -> str:
    text = " ".join(words.replace("\x00", "").split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


class _Head:
    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._title: list[str] = []
        self._inside = False

    @property
    def title(self) -> str:
        return "".join(self._title)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._inside = tag == "title" and not self._title
        name = (attributes.get("property") or attributes.get("name") or "").lower()
        if tag == "meta" and name in ("og:title", "og:description", "description") and attributes.get("content"):
            self.found.setdefault(name, attributes["content"])

    def end(self, tag: str) -> None:
        self._inside = False

    def data(self, words: str) -> None:
        if self._inside:
            self._title.append(words)

    def close(self) -> None:
        pass
