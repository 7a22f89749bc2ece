"""A link is followed within bounds, behind the address guard, and what is wrong with it is said in words."""

from __future__ import annotations

import socket
from collections.abc import Callable

import httpx
import pytest

from gatepost.networks.guard import GuardedTransport
from gatepost.networks.pages import LONGEST, SIZE_LIMIT, PageSeen, look_at

HTML = """<html><head><title>Old &amp; title</title>
<meta property="og:title" content="Open day"> <meta name="description" content="Saturday
 from ten"></head><body><title>no</title></body></html>"""


def seen(
    handler: Callable[[httpx.Request], httpx.Response], url: str = "https://example.org/a", **how: float
) -> PageSeen:
    return look_at(url, transport=httpx.MockTransport(handler), **how)


def page(
    body: str | bytes = HTML, status: int = 200, kind: str = "text/html; charset=utf-8", **headers: str
) -> httpx.Response:
    stream = httpx.ByteStream(body if isinstance(body, bytes) else body.encode())
    return httpx.Response(status, stream=stream, headers={"content-type": kind, **headers})


def test_what_a_page_says_of_itself() -> None:
    found = seen(lambda request: page())
    assert (found.title, found.words, found.broken) == ("Open day", "Saturday from ten", "")
    assert seen(lambda request: page("<title>a &amp; b</title>")).title == "a & b"
    assert (
        seen(lambda request: page("<title>caf\xe9</title>".encode("latin-1"), kind="text/html; charset=latin-1")).title
        == "café"
    )
    assert seen(lambda request: page("<title>x</title>", kind="text/html; charset=nonsense")).title == "x"
    # Some character sets of Python's take a time that grows with the square of the page.
    punycode = page("<title>Open day</title>", kind="text/html; charset=punycode")
    assert seen(lambda request: punycode).title == "Open day"
    assert seen(lambda request: page("<![ odd <title>Open day</title>")).broken == ""
    assert seen(lambda request: page(b"%PDF", kind="application/pdf")) == PageSeen(200, "https://example.org/a")
    assert len(seen(lambda request: page("<title>" + "x" * 999)).title) == LONGEST


@pytest.mark.parametrize(
    ("status", "says", "sure"),
    [
        (404, "not there", True),
        (410, "not there", True),
        (500, "fault", False),
        (403, "", False),
        (429, "", False),
        (304, "", False),
    ],
)
def test_what_a_status_means(status: int, says: str, sure: bool) -> None:
    found = seen(lambda request: page("", status))
    assert bool(found.broken) == bool(says)
    assert says in found.broken
    assert found.sure == sure


def test_redirects_are_followed_and_end() -> None:
    def onward(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("n", "0"))
        return page() if number == 3 else httpx.Response(302, headers={"location": f"/b?n={number + 1}"})

    assert seen(onward).address == "https://example.org/b?n=3"
    ever = seen(lambda request: httpx.Response(301, headers={"location": "/again"}))
    assert "redirects more than" in ever.broken


@pytest.mark.parametrize(
    "url", ["ftp://example.org", "https://", "javascript:alert(1)", "https://a:b@example.org/", "x"]
)
def test_what_is_no_address_of_a_page(url: str) -> None:
    found = seen(lambda request: page(), url)
    assert found.broken == "It is not the address of a web page."
    assert found.sure


def test_a_redirect_into_our_own_network_is_not_followed() -> None:
    inside: list[str] = []

    class Server(GuardedTransport):
        """Resolves names without asking anybody; the public one redirects inwards."""

        def __init__(self) -> None:
            answers = {
                "example.org": ["93.184.216.34"],
                "inside.example": ["10.0.0.7"],
                "meta.example": ["169.254.169.254"],
            }
            super().__init__(allow_private=False, resolver=lambda host, port: answers[host])
            self._inner = httpx.MockTransport(self.answer)  # type: ignore[assignment]

        def answer(self, request: httpx.Request) -> httpx.Response:
            inside.append(request.url.host)
            return httpx.Response(302, headers={"location": "http://inside.example/secret"})

    found = look_at("https://example.org/", transport=Server())
    assert "inside a private network" in found.broken
    assert inside == ["93.184.216.34"]
    assert "private" in look_at("http://meta.example/latest", transport=Server()).broken
    for url in ("http://127.0.0.1:8000/", "http://[::1]/", "http://localhost/"):
        assert "private network" in look_at(url).broken  # with the real guard


def test_names_that_lead_nowhere_and_servers_that_do_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_such_name(*args: object, **more: object) -> object:
        raise socket.gaierror("unknown")

    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    assert look_at("https://nowhere.example/") == PageSeen(broken="There is no website of that name.", sure=True)

    def failing(error: Exception) -> PageSeen:
        def handler(request: httpx.Request) -> httpx.Response:
            raise error

        return seen(handler)

    assert not failing(httpx.ConnectError("refused")).sure
    assert "in time" in failing(httpx.ReadTimeout("late")).broken


def test_a_page_without_an_end_is_left_and_a_slow_one_too() -> None:
    sent: list[int] = []

    class Endless(httpx.SyncByteStream):
        def __iter__(self):  # type: ignore[no-untyped-def]
            while True:
                sent.append(65_536)
                yield b"x" * 65_536

    headers = {"content-type": "text/html"}
    assert seen(lambda request: httpx.Response(200, stream=Endless(), headers=headers)).broken == ""
    assert sum(sent) <= SIZE_LIMIT + 65_536
    slow = seen(lambda request: httpx.Response(200, stream=Endless(), headers=headers), seconds=-1.0)
    assert "did not answer in time" in slow.broken
