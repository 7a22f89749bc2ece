"""Calls of a network to a desk, many at once over kept connections, each with its own body and signature."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field

SECRET = "practice-app-secret"


@dataclass
class Sent:
    """`taken`: SHA-256 of every body that was acknowledged. `seconds`: how long it took."""

    taken: list[str] = field(default_factory=list)
    refused: int = 0
    lost: int = 0  # no answer
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.taken) / self.seconds


def body_of(page: str, number: int) -> bytes:
    """A comment as Facebook tells of it."""
    value = {
        "item": "comment", "verb": "add", "post_id": f"{page}_1", "comment_id": f"1_{number}", "parent_id": f"{page}_1",
        "from": {"id": str(number % 900 + 1), "name": "Casey Sample"}, "created_time": 1_790_000_000,
        "message": f"When will the lift in the north block be mended? (no. {number})",
    }  # fmt: skip
    entry = {"id": page, "time": 1_790_000_000, "changes": [{"field": "feed", "value": value}]}
    return json.dumps({"object": "page", "entry": [entry]}).encode()


async def call(port: int, path: str, page: str, *, seconds: float, lines: int = 32, first: int = 0) -> Sent:
    """Calls for `seconds` over `lines` connections."""
    sent = Sent()
    until = time.monotonic() + seconds
    began = time.monotonic()
    await asyncio.gather(*(_line(sent, port, path, page, until, first + place, lines) for place in range(lines)))
    sent.seconds = time.monotonic() - began
    return sent


async def _line(sent: Sent, port: int, path: str, page: str, until: float, number: int, step: int) -> None:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        sent.lost += 1
        return
    while time.monotonic() < until:
        body = body_of(page, number)
        number += step
        signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        try:
            writer.write(head.encode() + body)
            answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
            length = next(
                int(line.split(b":")[1]) for line in answer.split(b"\r\n") if line.lower().startswith(b"content-length")
            )
            await reader.readexactly(length)
        except (OSError, asyncio.IncompleteReadError, StopIteration):
            sent.lost += 1
            return
        if b" 200 " in answer.split(b"\r\n", 1)[0]:
            sent.taken.append(hashlib.sha256(body).hexdigest())
        else:
            sent.refused += 1
    writer.close()
