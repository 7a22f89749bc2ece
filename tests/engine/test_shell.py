"""The web process's shell behind the real server: pages, live events, health."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from gatepost.cli.supervise import Part
from gatepost.embedded import Embedded
from gatepost.web.body import OPEN_LIMIT
from gatepost.web.live import BACK, QUEUE_LIMIT, Hub, event_bytes
from gatepost.web.shell import STOPPING, cookie_value

SIGNED_IN = {"cookie": "gatepost_session=good"}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with Embedded(tmp_path_factory.mktemp("shell")) as server:
        yield server


@pytest.fixture(scope="module")
def note(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("note") / "cut"


@pytest.fixture(scope="module")
def desk(database: Embedded, note: Path) -> Iterator[httpx.Client]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    here = Path(__file__).parent
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port), "--no-ws"]
    command += ["--workers-kill-timeout", "3", "--log-level", "error", "small_desk:application"]
    environment = {**os.environ, "DATABASE_URL": database.url, "SMALL_DESK_NOTE": str(note)}
    web = Part("web process", command, {**environment, "PYTHONPATH": str(here)}, warning=STOPPING)
    web.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            until = time.monotonic() + 30
            while True:
                try:
                    client.get("/")
                    break
                except httpx.TransportError:
                    assert web.running(), "the server stopped"
                    assert time.monotonic() < until, "the server did not come up"
                    time.sleep(0.05)
            client.web = web  # type: ignore[attr-defined]  # for the test that stops it
            yield client
    finally:
        web.stop()


def notify(database: Embedded, payload: str) -> None:
    with psycopg.connect(database.url, autocommit=True) as db:
        db.execute("SELECT pg_notify('gatepost', %s)", [payload])


def events(lines: Iterator[str], *names: str) -> dict[str, str]:
    """Read until each of the named events has come; their data by name."""
    found: dict[str, str] = {}
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: ") and name in names:
            found[name] = line[6:]
            if len(found) == len(names):
                return found
    raise AssertionError(f"the stream ended before {names}: {found}")


def test_pages_are_answered_in_threads(desk: httpx.Client) -> None:
    answer = desk.get("/today/")
    assert answer.status_code == 200
    assert answer.text.startswith("GET /today/ ")
    assert "MainThread" not in answer.text


def test_live_is_for_people_who_have_signed_in(desk: httpx.Client) -> None:
    assert desk.get("/live").status_code == 401
    assert desk.get("/live", headers={"cookie": "gatepost_session=bad"}).status_code == 401
    assert desk.get("/live", headers={"cookie": ";;=gatepost_session;"}).status_code == 401
    assert desk.post("/live", headers=SIGNED_IN).status_code == 405
    away = desk.get("/live", headers={"cookie": "gatepost_session=away"})
    assert away.status_code == 503
    assert "database does not answer" in away.text


def test_a_notification_reaches_every_stream(desk: httpx.Client, database: Embedded) -> None:
    with (
        desk.stream("GET", "/live", headers=SIGNED_IN) as first,
        desk.stream("GET", "/live", headers=SIGNED_IN) as second,
    ):
        assert first.headers["content-type"].startswith("text/event-stream")
        readers = [first.iter_lines(), second.iter_lines()]
        for lines in readers:
            events(lines, "here")
        notify(database, "not json")
        notify(database, json.dumps({"verb": "message.arrived", "id": "7"}))
        for lines in readers:
            assert json.loads(events(lines, "message-arrived")["message-arrived"])["id"] == "7"


def test_a_reader_who_comes_back_is_told_to_look_again(desk: httpx.Client) -> None:
    with desk.stream("GET", "/live", headers={**SIGNED_IN, "last-event-id": "4"}) as stream:
        assert events(stream.iter_lines(), "back") == {"back": "{}"}


def test_the_database_stops_and_comes_back(desk: httpx.Client, database: Embedded) -> None:
    with desk.stream("GET", "/live", headers=SIGNED_IN) as stream:
        lines = stream.iter_lines()
        events(lines, "here")
        assert desk.get("/healthz").status_code == 200
        database.stop()
        time.sleep(1.1)  # the health check remembers its last answer for a second
        ill = desk.get("/healthz")
        assert ill.status_code == 503
        assert "nothing committed is lost" in ill.text
        database.start()
        events(lines, "back")
        notify(database, '{"verb": "act.sent", "id": "9"}')
        events(lines, "act-sent")
    time.sleep(1.1)
    assert desk.get("/healthz").status_code == 200


def test_readers_who_leave_in_the_middle_do_not_use_threads_up(desk: httpx.Client) -> None:
    for _ in range(12):  # three times as many as there are threads
        with desk.stream("GET", "/large") as stream:
            next(stream.iter_bytes())
    assert desk.get("/").status_code == 200


def test_half_a_request_reaches_no_page(desk: httpx.Client, note: Path) -> None:
    port = desk.base_url.port
    assert port is not None
    with socket.create_connection(("127.0.0.1", port)) as cut:
        cut.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf of it")
        time.sleep(0.3)
    assert desk.post("/echo", content=b"whole").text == "5 bytes"
    assert note.read_text() == "5"  # the one page that was asked for


def test_readers_who_send_slowly_hold_no_thread(desk: httpx.Client) -> None:
    port = desk.base_url.port
    assert port is not None
    slow = [
        socket.create_connection(("127.0.0.1", port)) for _ in range(12)
    ]  # three times as many as there are threads
    try:
        for one in slow:
            one.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\na")
        time.sleep(0.3)
        assert desk.get("/").status_code == 200
        assert desk.post("/echo", content=b"whole").text == "5 bytes"
    finally:
        for one in slow:
            one.close()


def test_only_people_who_signed_in_may_send_much(desk: httpx.Client) -> None:
    much = b"x" * (OPEN_LIMIT + 1)
    assert desk.post("/echo", content=much).status_code == 413
    assert desk.post("/echo", content=much, headers={"cookie": "gatepost_session=bad"}).status_code == 413
    assert desk.post("/echo", content=much, headers=SIGNED_IN).text == f"{OPEN_LIMIT + 1} bytes"


def test_too_large_a_request_is_answered_at_once(desk: httpx.Client) -> None:
    port = desk.base_url.port
    assert port is not None
    with socket.create_connection(("127.0.0.1", port)) as large:
        large.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\n")
        assert b" 413 " in large.recv(100)


def test_open_streams_end_before_the_server_stops(desk: httpx.Client) -> None:
    """The last test of the running desk. Without the warning the server would wait, then kill its worker."""
    with desk.stream("GET", "/live", headers=SIGNED_IN) as stream:
        lines = stream.iter_lines()
        events(lines, "here")
        web: Part = desk.web  # type: ignore[attr-defined]  # put there by the fixture
        web.stop()
        assert list(lines)[-1:] in ([], [""])  # ended, not cut: httpx raises RemoteProtocolError for a cut stream
    assert web.process is not None
    assert web.process.returncode == 0


def test_events_are_named_after_the_verb_on_one_line() -> None:
    assert event_bytes('{"verb": "Act.Signed Off\\nx", "id": 1}') == (
        b'event: act-signed-off-x\ndata: {"verb": "Act.Signed Off\\nx", "id": 1}\n\n'
    )
    for senseless in ("", "[]", "7", '{"id": 1}', '{"verb": 1}', '{"verb": ""}', '{"verb":'):
        assert event_bytes(senseless) is None


@pytest.mark.parametrize(
    ("cookies", "value"), [("", ""), ("a=1; s=two", "two"), ("s", ""), ("s=" + "x" * 9000, "x" * 128)]
)
def test_cookie_value(cookies: str, value: str) -> None:
    assert cookie_value(cookies, "s") == value


def test_a_slow_reader_is_told_to_look_again() -> None:
    import asyncio

    async def fall_behind() -> list[bytes]:
        hub = Hub(lambda: "postgresql://127.0.0.1:1/nowhere")
        queue = hub.join()
        for _ in range(QUEUE_LIMIT + 1):
            hub.tell(b"event: x\n\n")
        await hub.close()
        return [queue.get_nowait() for _ in range(queue.qsize())]

    assert asyncio.run(fall_behind()) == [BACK]
