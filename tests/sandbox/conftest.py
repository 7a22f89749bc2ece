"""One practice town for each module: silent, with nothing said yet, reached over HTTP as the connectors reach it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from gatepost.sandbox import town as towns


@dataclass
class Visitor:
    """Somebody with the organisation's tokens and the town's own API."""

    town: towns.Town
    client: httpx.Client
    page: str
    user: str
    state: dict[str, Any]

    def headers(self, network: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.state['accounts'][network]['token']}"}

    def graph(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.client.request(method, f"/facebook/v26.0/{path}", headers=self.headers("facebook"), **more)

    def x(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.client.request(method, f"/x/2/{path}", headers=self.headers("x"), **more)

    def post(self, message: str, **more: Any) -> str:
        return str(done(self.graph("POST", f"{self.page}/feed", json={"message": message, **more}))["id"])

    def tweet(self, text: str, **more: Any) -> str:
        return str(done(self.x("POST", "tweets", json={"text": text, **more}))["data"]["id"])

    def say(self, network: str, text: str, under: str = "", resident: str = "") -> str:
        sent = {"network": network, "text": text, "under": under, "resident": resident}
        return str(done(self.client.post("/_town/say", json=sent))["ref"])

    def town_api(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        return done(self.client.request(method, f"/_town/{path}", **more))

    def count(self, text: str) -> int:
        return int(self.town_api("GET", "counts", params={"text": text})["count"])


def done(answer: httpx.Response) -> dict[str, Any]:
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def visitor(town: towns.Town) -> Visitor:
    client = httpx.Client(base_url=town.url, timeout=20)
    state = done(client.get("/_town/state"))
    return Visitor(town, client, state["accounts"]["facebook"]["id"], state["accounts"]["x"]["id"], state)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with towns.start(tmp_path_factory.mktemp("town"), seed=3, pace=0, quiet=True) as town:
        yield visitor(town)


def png(width: int = 3, height: int = 2) -> bytes:
    """A true PNG of one grey."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
