"""A server that sends its headers a byte at a time is left when the last moment of the request has come."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from gatepost.networks import client, pages
from gatepost.networks.client import Wire
from gatepost.networks.guard import GuardedTransport
from gatepost.networks.protocol import Account, ReadFailed, Unknown


@pytest.fixture
def dripping() -> Iterator[str]:
    """The address of a server that is never done with its first header."""
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
                    taken.recv(65536)
                    taken.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                    while not over.wait(0.05):
                        taken.sendall(b"x")
                except OSError:
                    continue

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    over.set()
    listening.close()
    thread.join(timeout=5)


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
