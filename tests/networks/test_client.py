from __future__ import annotations

import httpx
import pytest

from gatepost.networks import client
from gatepost.networks.client import BadAccount, Reply, Wire, by_status, lookup_failed, wait_seconds
from gatepost.networks.protocol import Account, ReadFailed, Refused, TryLater, Unknown
from tests.networks import wires

ACCOUNT = Account("test", "", "1")


def wire(handler: wires.Handler | httpx.Response | Exception, base: str = "https://api.example.org") -> Wire:
    transport = wires.Wire(handler)
    return Wire(ACCOUNT, base, headers={"Authorization": "Bearer s3cret"}, secrets=("s3cret",), transport=transport)


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (httpx.ConnectError("refused"), TryLater),
        (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] expired"), TryLater),
        (httpx.ConnectTimeout("slow"), TryLater),
        (httpx.PoolTimeout("full"), TryLater),
        (httpx.LocalProtocolError("bad header"), TryLater),
        (httpx.ReadTimeout("slow"), Unknown),
        (httpx.WriteTimeout("slow"), Unknown),
        (httpx.ReadError("reset"), Unknown),
        (httpx.WriteError("reset"), Unknown),
        (httpx.RemoteProtocolError("server disconnected"), Unknown),
        (httpx.CloseError("broken"), Unknown),
    ],
)
def test_what_an_event_on_the_wire_means_for_a_write(event: Exception, kind: type) -> None:
    assert type(wire(event).write("POST", "/posts", body={"a": 1})) is kind


@pytest.mark.parametrize(("event", "wait"), [(httpx.ConnectError("refused"), 60.0), (httpx.ReadTimeout("slow"), 60.0)])
def test_what_an_event_on_the_wire_means_for_a_read(event: Exception, wait: float) -> None:
    with pytest.raises(ReadFailed) as failed:
        wire(event).read("/posts")
    assert failed.value.retry_after == wait


def test_an_expired_certificate_is_named() -> None:
    said = wire(httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] expired")).write("POST", "/")
    assert isinstance(said, TryLater)
    assert "certificate" in said.reason


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (wires.answer(200, wires.HTML), Unknown),
        (wires.answer(200, b""), Unknown),
        (wires.answer(502, wires.HTML), Unknown),
        (wires.answer(403, wires.HTML), Unknown),
        (wires.answer(413, wires.HTML), Refused),
        (wires.answer(429, wires.HTML, retry_after="7"), TryLater),
        (wires.answer(200, {"id": 1}), Reply),
        (wires.answer(500, {"error": 1}), Reply),
    ],
)
def test_what_an_answer_means_for_a_write(given: httpx.Response, kind: type) -> None:
    assert type(wire(given).write("POST", "/posts", body={})) is kind


@pytest.mark.parametrize(
    ("given", "wait", "says"),
    [
        (wires.answer(200, wires.HTML), 60.0, "page"),
        (wires.answer(404, wires.HTML), 60.0, "page"),
        (wires.answer(500, {"error": 1}), 60.0, "fault of its own"),
        (wires.answer(503, wires.HTML), 60.0, "fault of its own"),
        (wires.answer(429, {}, retry_after="7"), 7.0, "less often"),
    ],
)
def test_what_an_answer_means_for_a_read(given: httpx.Response, wait: float, says: str) -> None:
    with pytest.raises(ReadFailed, match=says) as failed:
        wire(given).read("/posts")
    assert failed.value.retry_after == wait


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 300.0),
        ({"retry-after": "12"}, 12.0),
        ({"retry-after": "0"}, 1.0),
        ({"retry-after": "99999999999999999"}, 86_400.0),
        ({"retry-after": "soon"}, 300.0),
        ({"retry-after": "Thu, 01 Jan 1970 00:20:00 GMT"}, 200.0),
        ({"x-rate-limit-reset": "1090"}, 90.0),
        ({"x-rate-limit-reset": "3"}, 1.0),
        ({"x-rate-limit-reset": "never"}, 300.0),
        (
            {
                "x-rate-limit-reset": "1090",
                "x-user-limit-24hour-remaining": "0",
                "x-user-limit-24hour-reset": "5000",
            },
            4000.0,
        ),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float) -> None:
    assert wait_seconds(headers, now=1000.0) == seconds


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Refused), (404, Refused), (429, TryLater), (500, Unknown), (502, Unknown), (503, Unknown), (504, Unknown)],
)
def test_what_a_status_means_when_no_table_knows_better(status: int, kind: type) -> None:
    reply = Reply(status, {}, {"message": "no"}, True)
    assert type(by_status(wire(wires.answer(200)), reply, network="Test")) is kind


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ANSWER_LIMIT", 1000)
    large = wires.answer(200, {"text": "x" * 2000})
    assert isinstance(wire(large).write("POST", "/"), Unknown)
    with pytest.raises(ReadFailed, match="larger than"):
        wire(large).read("/")


def test_an_answer_that_trickles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "TOTAL_SECONDS", -1.0)
    with pytest.raises(ReadFailed, match="took longer"):
        wire(wires.answer(200, {"a": 1})).read("/")


def test_compressed_answers_are_not_asked_for_so_that_none_can_unfold() -> None:
    transport = wires.Wire(wires.answer(200, {}))
    Wire(ACCOUNT, "https://api.example.org", transport=transport).read("/")
    assert transport.requests[0].headers["accept-encoding"] == "identity"
    assert transport.requests[0].headers["user-agent"].startswith("Gatepost/")


def moved(status: int, to: str) -> wires.Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/old":
            return httpx.Response(status, headers={"location": to})
        return httpx.Response(200, json={"path": request.url.path, "method": request.method})

    return handler


def test_a_read_follows_a_redirect_on_the_same_host() -> None:
    reply = wire(moved(301, "/new")).read("/old")
    assert reply.body == {"path": "/new", "method": "GET"}


def test_a_write_follows_only_redirects_that_keep_it_a_write() -> None:
    kept = wire(moved(308, "/new")).write("POST", "/old", body={"a": 1})
    assert isinstance(kept, Reply)
    assert kept.body == {"path": "/new", "method": "POST"}
    lost = wire(moved(302, "/new")).write("POST", "/old", body={"a": 1})
    assert isinstance(lost, Refused)
    assert "final address" in lost.reason


@pytest.mark.parametrize(
    "to", ["https://evil.example.org/new", "http://api.example.org/new", "https://api.example.org:8443/new"]
)
def test_credentials_never_go_to_another_host_by_a_redirect(to: str) -> None:
    transport = wires.Wire(moved(307, to))
    it = Wire(ACCOUNT, "https://api.example.org", headers={"Authorization": "Bearer s3cret"}, transport=transport)
    assert isinstance(it.write("POST", "/old", body={}), Refused)
    with pytest.raises(ReadFailed) as failed:
        it.read("/old")
    assert failed.value.retry_after is None
    assert {request.url.host for request in transport.requests} == {"api.example.org"}
    assert len(transport.requests) == 2


def test_redirects_in_a_circle_end() -> None:
    transport = wires.Wire(httpx.Response(307, headers={"location": "/old"}))
    it = Wire(ACCOUNT, "https://api.example.org", transport=transport)
    assert isinstance(it.write("POST", "/old", body={}), TryLater)
    assert len(transport.requests) == client.REDIRECTS + 1


@pytest.mark.parametrize("to", ["http://[::1", "A:0", "https://\u00e4..example", "", "mailto:a@example.org", "//"])
def test_a_redirect_to_nonsense_is_a_failure_not_a_crash(to: str) -> None:
    with pytest.raises(ReadFailed):
        wire(moved(302, to.encode("ascii", "replace").decode())).read("/old")
    assert isinstance(
        wire(moved(307, to.encode("ascii", "replace").decode())).write("POST", "/old"), Refused | Unknown | TryLater
    )


@pytest.mark.parametrize(
    ("base", "says"),
    [
        ("", "no web address"),
        ("ftp://example.org", "no web address"),
        ("example.org", "no web address"),
        ("http://example.org", "https"),
        ("https://me:pass@example.org", "user name or password"),
        ("https://example.org/?a=1", "before any"),
    ],
)
def test_an_address_that_cannot_work_is_refused_with_the_mend(base: str, says: str) -> None:
    with pytest.raises(BadAccount, match=says):
        wire(wires.answer(200), base=base)


@pytest.mark.parametrize("token", ["a\nb", "clé", "a\x00"])
def test_credentials_that_cannot_be_sent_are_refused(token: str) -> None:
    with pytest.raises(BadAccount, match="line break"):
        Wire(ACCOUNT, "https://api.example.org", headers={"Authorization": token})


def test_half_a_character_is_refused_before_it_is_sent() -> None:
    transport = wires.Wire(wires.answer(200, {}))
    it = Wire(ACCOUNT, "https://api.example.org", transport=transport)
    assert isinstance(it.write("POST", "/", body={"text": "a\ud800b"}), Refused)
    assert transport.requests == []


def test_secrets_are_taken_out_of_what_people_see() -> None:
    it = wire(wires.answer(200))
    assert it.say("Malformed access token\n s3cret ") == "Malformed access token [secret]"
    assert len(it.say("x" * 5000)) == 400


def test_a_lookup_that_failed_waits_or_asks_a_person() -> None:
    assert lookup_failed(ReadFailed("busy", 5.0)) == TryLater(5.0, "busy")
    assert lookup_failed(ReadFailed("token", None)) == Unknown("token")
