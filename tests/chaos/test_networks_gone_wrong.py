"""Networks that answer what they should not: the channel is ill in words, nothing is sent twice or left hanging."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from django.utils import timezone

from gatepost.channels import actions as channels
from gatepost.channels.models import Channel
from gatepost.gate import sending, settling
from gatepost.gate.actions import sign_off, submit
from gatepost.gate.content import Content
from gatepost.gate.models import Act, Attempt
from gatepost.inbox.intake import read_channel
from gatepost.sandbox import town as towns
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = b"<!DOCTYPE html><html><title>502</title><h1>Bad gateway</h1><p>Router login: admin</p></html>"


class Portal(BaseHTTPRequestHandler):
    """A captive portal: every request gets the same page and 200."""

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    do_GET = do_POST = do_DELETE = do_PUT = _answer  # noqa: N815  # names of http.server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's name
        return


@pytest.fixture
def portal() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def signed(channel: Channel, boss: factories.User) -> Act:
    author = factories.staff(channel, by=boss)
    at = timezone.now()
    words = "The estate office is open on Saturday."
    act = submit(Content(kind="publish", channel=channel.pk, text=words), subject="variant:0", by=author, at=at)
    sign_off(act, digest=act.digest, by=boss, at=at)
    return act


def sent(act: Act) -> Act:
    at = timezone.now()
    (claim,) = sending.claim(worker="w", at=at)
    settling.settle([(claim, sending.send(claim))], at=timezone.now())
    act.refresh_from_db()
    return act


@pytest.mark.parametrize("network", ["facebook", "x", "wordpress"])
def test_a_page_instead_of_data(portal: str, network: str) -> None:
    boss = factories.officer()
    channel = factories.channel(by=boss, network=network, base_url=portal)
    assert read_channel(channel, at=timezone.now()) == 0
    channel.refresh_from_db()
    assert channel.ill_says
    assert "<" not in channel.ill_says
    assert "admin" not in channel.ill_says
    assert channel.read_after is not None
    act = sent(signed(channel, boss))
    # It may have been taken: it is looked for, never tried again blindly.
    assert act.state in ("unconfirmed", "refused", "signed_off")
    assert act.state != "signed_off" or act.try_at is not None
    assert "<" not in act.says
    assert Attempt.objects.get().outcome in ("unknown", "refused", "later")


def test_a_revoked_token_is_refused_with_the_mend_and_mended(tmp_path: Path) -> None:
    boss = factories.officer()
    with towns.start(tmp_path, pace=0, quiet=True) as town:
        account = httpx.get(f"{town.url}/_town/state", trust_env=False).json()["accounts"]["facebook"]
        channel = channels.connect(
            network="facebook",
            name="Page",
            external_id=account["id"],
            credentials={"token": "revoked-yesterday"},
            base_url=town.url + account["path"],
            practice=True,
            by=boss,
            at=timezone.now(),
        )
        channels.sign_off(channel, by=boss, at=timezone.now())
        act = sent(signed(channel, boss))
        assert act.state == "refused"
        assert "Nothing was sent" in act.says
        assert "revoked-yesterday" not in act.says
        assert act.sign_offs.get().voided_at is not None
        assert read_channel(channel, at=timezone.now()) == 0
        channel.refresh_from_db()
        assert channel.ill_since is not None
        assert any(word in channel.ill_says for word in ("Connect", "connect", "token", "key"))
        channels.change_credentials(channel, {"token": account["token"]}, by=boss, at=timezone.now())
        channel.refresh_from_db()
        read_channel(channel, at=timezone.now())
        channel.refresh_from_db()
        assert channel.ill_since is None
