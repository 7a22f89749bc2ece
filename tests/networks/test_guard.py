from __future__ import annotations

import http.server
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gatepost.networks import guard
from gatepost.networks.client import Reply, Wire
from gatepost.networks.guard import AddressRefused, GuardedTransport, forbidden, judged, look_up
from gatepost.networks.protocol import Account, ReadFailed, Refused, TryLater

PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "169.254.3.4",
        "100.64.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "2001:db8::1",
    ],
)
def test_addresses_that_are_out_of_bounds(address: str) -> None:
    assert forbidden(ipaddress.ip_address(address)) != ""


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_public_addresses_are_fine(address: str) -> None:
    assert forbidden(ipaddress.ip_address(address)) == ""


def test_one_private_address_among_public_ones_refuses_the_host() -> None:
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
        judged("trap.example.org", 443, allow_private=False, resolver=lambda host, port: [PUBLIC, "10.0.0.1"])


def test_private_addresses_may_be_allowed_but_never_metadata_or_multicast() -> None:
    assert judged("blog", 80, allow_private=True, resolver=lambda host, port: ["10.0.0.1"]) == ["10.0.0.1"]
    for always in ("169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "224.0.0.1"):
        with pytest.raises(AddressRefused):
            judged("blog", 80, allow_private=True, resolver=lambda host, port, a=always: [a])


@pytest.fixture
def server() -> Iterator[tuple[int, list[str]]]:
    """A server on loopback that keeps the Host header of each request."""
    hosts: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hosts.append(self.headers["host"])
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"fine": true}')

        do_POST = do_GET  # noqa: N815 - the name is http.server's

        def log_message(self, *args: object) -> None:
            pass

    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made.server_port, hosts
    made.shutdown()
    made.server_close()
    thread.join()


def test_the_connection_goes_to_the_address_that_was_judged(server: tuple[int, list[str]]) -> None:
    port, hosts = server
    asked: list[str] = []

    def once(host: str, number: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with httpx.Client(transport=GuardedTransport(allow_private=True, resolver=once)) as it:
        assert it.get(f"http://town.example.org:{port}/").json() == {"fine": True}
    assert asked == ["town.example.org"]  # asked once: there is no second answer to swap
    assert hosts == [f"town.example.org:{port}"]


@pytest.mark.parametrize(
    "written", ["127.1", "2130706433", "0x7f000001", "017700000001", "[::ffff:7f00:1]", "localhost"]
)
def test_other_ways_to_write_this_machine_are_seen_through(written: str) -> None:
    strict = Wire(Account("test", "", "1"), f"https://{written}:9")
    with pytest.raises(ReadFailed) as failed:
        strict.read("/")
    assert failed.value.retry_after is None
    assert "this machine itself" in failed.value.reason


def test_a_name_in_other_letters_is_asked_for_as_the_net_writes_it() -> None:
    asked: list[str] = []

    def keep(host: str, number: int) -> list[str]:
        asked.append(host)
        return []

    transport = GuardedTransport(allow_private=True, resolver=keep)
    with httpx.Client(transport=transport) as it, pytest.raises(httpx.ConnectError):
        it.get("https://b\u00fccher.example/")
    assert asked == ["xn--bcher-kva.example"]


def test_an_address_that_does_not_answer_is_passed_over(server: tuple[int, list[str]]) -> None:
    port, _ = server
    both = GuardedTransport(allow_private=True, resolver=lambda host, number: ["127.0.0.9", "127.0.0.1"])
    with httpx.Client(transport=both) as it:
        assert it.get(f"http://town.example.org:{port}/").status_code == 200


def test_a_private_server_is_not_reached_unless_the_account_says_so(server: tuple[int, list[str]]) -> None:
    port, hosts = server
    strict = Wire(Account("test", "", "1"), f"https://127.0.0.1:{port}")
    assert isinstance(strict.write("POST", "/", body={}), Refused)
    with pytest.raises(ReadFailed, match="this machine itself") as failed:
        strict.read("/")
    assert failed.value.retry_after is None
    assert hosts == []
    open_wire = Wire(Account("test", "", "1", allow_private=True), f"http://127.0.0.1:{port}")
    assert open_wire.read("/").body == {"fine": True}


def test_names_that_do_not_resolve_and_ports_that_refuse_are_for_later() -> None:
    def nothing(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    for resolver in (nothing, lambda host, port: [], lambda host, port: ["127.0.0.1"]):
        transport = GuardedTransport(allow_private=True, resolver=resolver)
        it = Wire(Account("test", "", "1", allow_private=True), "http://gone.example.org:9", transport=transport)
        assert isinstance(it.write("POST", "/", body={}), TryLater)


class Certificate:
    """A self-signed certificate for `name`, a server that shows it, and a client that trusts it."""

    def __init__(self, folder: Path, name: str) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file = folder / "both.pem"
        file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server.load_cert_chain(file)
        self.client = ssl.create_default_context(cadata=made.public_bytes(serialization.Encoding.PEM).decode())


@pytest.mark.parametrize(("host", "fine"), [("town.example.org", True), ("other.example.org", False)])
def test_the_certificate_is_checked_against_the_name_though_the_address_is_pinned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, fine: bool
) -> None:
    certificate = Certificate(tmp_path, "town.example.org")
    monkeypatch.setattr(guard, "_tls", lambda: certificate.client)
    names: list[str] = []
    certificate.server.sni_callback = lambda connection, name, context: names.append(str(name))

    class Quiet(http.server.ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            pass  # the refused handshake is the point

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args: object) -> None:
            pass

    made = Quiet(("127.0.0.1", 0), Handler)
    made.socket = certificate.server.wrap_socket(made.socket, server_side=True)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    try:
        transport = GuardedTransport(allow_private=True, resolver=lambda name, port: ["127.0.0.1"])
        account = Account("test", "", "1", allow_private=True)
        said = Wire(account, f"https://{host}:{made.server_port}", transport=transport).write("POST", "/", body={})
    finally:
        made.shutdown()
        made.server_close()
        thread.join()
    assert names == [host]
    if fine:
        assert isinstance(said, Reply)
    else:
        assert isinstance(said, TryLater)
        assert "certificate" in said.reason


def test_a_resolver_that_does_not_answer_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = threading.Event()

    def silent(*_: object, **__: object) -> list[object]:
        answers.wait(5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    with pytest.raises(TimeoutError, match="not resolved in time"):
        look_up("mail.example.org", 993, within=0.01)
    answers.set()


def test_what_the_resolver_says_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> list[object]:
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(socket.gaierror, match="no such name"):
        look_up("mail.example.org", 993)
