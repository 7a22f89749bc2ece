"""A server that speaks chat completions on this machine: what it was asked, and whatever answer a test lays ready."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Reader:
    """`answers`: what it says next: findings (as their JSON), text for the content, or (status, bytes)."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.paths: list[str] = []
        self.answers: list[object] = []


def _whole(answer: object) -> tuple[int, bytes]:
    if isinstance(answer, tuple):
        return answer
    said = answer if isinstance(answer, str) else json.dumps({"found": answer})
    body = {
        "id": "1",
        "object": "chat.completion",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": said}}],
    }
    return 200, json.dumps(body).encode()


@contextmanager
def listening() -> Iterator[Reader]:
    """The server, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            reader.asked.append(json.loads(asked))
            reader.keys.append(self.headers.get("Authorization", ""))
            reader.paths.append(self.path)
            status, body = _whole(reader.answers.pop(0))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    reader = Reader(f"http://127.0.0.1:{server.server_address[1]}/v1")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield reader
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
