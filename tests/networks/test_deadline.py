"""A server that sends its headers a byte at a time is left when the last moment of the request has come."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from gatepost.networks import client, handing_over, mailbox_link, pages
from gatepost.networks.client import Wire
from gatepost.networks.guard import GuardedTransport
from gatepost.networks.handing_over import NotYet, deliver
from gatepost.networks.mailbox import Mailbox
from gatepost.networks.protocol import Account, ReadFailed, Unknown


@contextlib.contextmanager
def dripping_server(first: bytes, *, speaks_first: bool = False) -> Iterator[int]:
    """The port of a server that says `first` and is then never done with its line."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip() -> None:
        while not over.is_set():
            try:
                taken, _ = listening.accept()
            except OSError:
                return
            with taken:
                try:
                    if not speaks_first:
                        taken.recv(65536)
                    taken.sendall(first)
                    while not over.wait(0.05):
                        taken.sendall(b"x")
                except OSError:
                    continue

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    yield listening.getsockname()[1]
    over.set()
    listening.close()
    thread.join(timeout=5)


@pytest.fixture
def dripping() -> Iterator[str]:
    """The address of a server that is never done with its first header."""
    with dripping_server(b"HTTP/1.1 200 OK\r\nX-Slow: ") as port:
        yield f"http://127.0.0.1:{port}"


def test_a_page_and_a_feed(dripping: str) -> None:
    found = pages.look_at(dripping, transport=GuardedTransport(allow_private=True), seconds=0.4)
    assert (found.broken, found.sure) == ("The website did not answer in time, or broke off.", False)
    read = pages.fetch(dripping, transport=GuardedTransport(allow_private=True), seconds=0.4)
    assert read.broken == "The website could not be reached, or did not answer in time."


def test_a_network(dripping: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "TOTAL_SECONDS", 0.4)
    wire = Wire(Account("wordpress", dripping, "1", allow_private=True), dripping)
    with pytest.raises(ReadFailed, match="broke the connection off"):
        wire.read("/wp-json")
    assert isinstance(wire.write("POST", "/wp-json", body={}), Unknown)


@pytest.mark.parametrize("first", [b"* OK ", b"* OK ready\r\n* CAPABILITY "])
def test_a_mailbox(first: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox_link, "TOTAL_SECONDS", 0.4)
    secrets = {"username": "desk", "password": "practice"}
    with dripping_server(first, speaks_first=True) as port:
        account = Account("mailbox", f"imap://127.0.0.1:{port}", "desk@example.org", "", secrets, allow_private=True)
        with pytest.raises(ReadFailed, match=r"could not be reached on port \d+, or did not answer"):
            Mailbox(account).read_since("")


def test_a_system_that_a_case_is_handed_to(dripping: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing_over, "TOTAL_SECONDS", 0.4)
    told = deliver(dripping, b"{}", secret="practice", delivery="1", seconds=1, allow_private=True)
    assert isinstance(told, NotYet)
