"""Mailboxes that take no password: tokens of a real service, taken by a real mail server."""

from __future__ import annotations

import imaplib
import logging
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from gatepost.networks import bearer, tokens
from gatepost.networks.bearer import Bearer
from gatepost.networks.client import BadAccount
from gatepost.networks.mail_sign_in import Grant, grant_of
from gatepost.networks.mailbox import Mailbox, _Box
from gatepost.networks.protocol import Account, ReadFailed
from gatepost.networks.token_errors import refusal
from gatepost.networks.tokens import forget, token_of
from tests.networks import imap_server as imap
from tests.networks import token_server
from tests.networks.token_server import CLIENT, SECRET, TENANT, TokenServer, microsofts


@pytest.fixture(scope="module")
def service() -> Iterator[TokenServer]:
    with token_server.started(imap.USER) as running:
        yield running


@pytest.fixture(scope="module")
def mail(service: TokenServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[imap.ImapServer]:
    """A mail server that asks the token service whose a token is."""
    folder = tmp_path_factory.mktemp("imap")
    with (
        imap.started(folder, introspection=f"{service.url}/introspect") as server,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("SSL_CERT_FILE", str(server.authority))
        yield server


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_tokens", {})


def box(mail: imap.ImapServer, credentials: dict[str, str]) -> Mailbox:
    return Mailbox(replace(mail.account(), credentials=credentials))


def entered(service: TokenServer, way: str, **other: str) -> dict[str, str]:
    credentials: dict[str, str] = getattr(service, way)(**other)
    return credentials


def granted(service: TokenServer, way: str = "microsoft", **other: str) -> Grant:
    found = grant_of(entered(service, way, **other), user=imap.USER, allow_private=True)
    assert found is not None
    return found


@pytest.mark.parametrize(("way", "first"), [("microsoft", "XOAUTH2"), ("google", "OAUTHBEARER"), ("other", "XOAUTH2")])
def test_a_mailbox_is_read_by_a_token(
    mail: imap.ImapServer, service: TokenServer, way: str, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bearer, "MECHANISMS", (first,))
    sent = mail.write("When will the lift be mended?")
    before = service.asked
    there = box(mail, entered(service, way))
    page = there.read_since("")
    assert page.messages[-1].raw["message_id"] == sent
    assert there.read_since(page.cursor).messages == ()
    assert service.asked == before + 1  # one token for both
    assert there.check().ok
    assert service.asked == before + 2  # whoever checks wants to know what is so now


def test_a_token_that_was_kept_and_is_refused_is_asked_for_anew(mail: imap.ImapServer, service: TokenServer) -> None:
    there = box(mail, entered(service, "microsoft"))
    cursor = there.read_since("").cursor
    service.given.clear()
    before = service.asked
    there.read_since(cursor)
    assert service.asked == before + 1


@pytest.mark.parametrize(
    ("way", "says", "first"),
    [
        ("microsoft", "Add-MailboxPermission", "XOAUTH2"),
        ("google", "IMAP is on", "XOAUTH2"),
        ("other", "Ask", "OAUTHBEARER"),
    ],
)
def test_a_token_that_the_mail_server_refuses_is_said(
    mail: imap.ImapServer, service: TokenServer, way: str, says: str, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bearer, "MECHANISMS", (first,))
    monkeypatch.setattr(service, "refuses", True)
    before = service.asked
    with pytest.raises(ReadFailed, match=says) as failed:
        box(mail, entered(service, way)).read_since("")
    assert failed.value.retry_after is None
    assert service.asked == before + 1  # a new one is not tried twice


def test_a_mail_server_without_tokens_is_said(imap_server: imap.ImapServer, service: TokenServer) -> None:
    health = box(imap_server, entered(service, "microsoft")).check()
    assert (health.ok, "takes no sign-in by token" in health.says) == (False, True)


def test_a_token_is_not_shown_without_encryption(service: TokenServer) -> None:
    """Not even on the organisation's own network, where a password is."""
    heard: list[bytes] = []

    def plain(door: socket.socket) -> None:
        link, _ = door.accept()
        with link, link.makefile("rwb") as wire:
            wire.write(b"* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2] ready\r\n")
            wire.flush()
            for line in wire:
                heard.append(line)
                wire.write(b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n" + line.split()[0] + b" OK done\r\n")
                wire.flush()

    with socket.create_server(("127.0.0.1", 0)) as door:
        answering = threading.Thread(target=plain, args=(door,), daemon=True)
        answering.start()
        url = f"imap://127.0.0.1:{door.getsockname()[1]}"
        account = Account("mailbox", url, imap.USER, "", entered(service, "microsoft"), allow_private=True)
        with pytest.raises(ReadFailed, match="without encryption, so nobody signed in there"):
            Mailbox(account).read_since("")
        answering.join(10)
    assert [line.split()[1] for line in heard] == [b"CAPABILITY"]


def test_a_mailbox_that_is_not_open_to_the_app_is_said() -> None:
    """Exchange takes the sign-in and refuses the folder."""

    class Exchange:
        def select(self, folder: str, readonly: bool) -> None:
            raise imaplib.IMAP4.error("EXAMINE command error: BAD [b'User is authenticated but not connected.']")

    with pytest.raises(ReadFailed, match="Add-MailboxPermission") as failed:
        _Box(Exchange()).open("INBOX")
    assert failed.value.retry_after is None


def test_neither_secret_nor_token_is_logged_or_shown(
    mail: imap.ImapServer, service: TokenServer, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("gatepost", "httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, name)
    there = box(mail, entered(service, "microsoft"))
    there.read_since("")
    grant = granted(service)
    token = token_of(grant)
    assert token.kept
    service.next = 401, microsofts("invalid_client", 7000215, f"Not {SECRET}, nor {SECRET}.")
    wrong = box(mail, entered(service, "microsoft")).check()
    for secret in (SECRET, token.value):
        assert secret not in caplog.text
        assert secret not in f"{grant!r} {token!r} {wrong.says} {there!r}"


class Clock:
    """The module's clock, moved by hand."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return self.now


@pytest.mark.parametrize(("lasts", "good"), [(3599, 3299), (3600, 3300), (400, 200), (0, 150), (10**9, 86100)])
def test_a_token_is_kept_until_shortly_before_its_end(
    service: TokenServer, monkeypatch: pytest.MonkeyPatch, lasts: int, good: int
) -> None:
    clock = Clock()
    monkeypatch.setattr(tokens, "time", clock)
    monkeypatch.setattr(service, "lasts", lasts)
    grant = granted(service)
    first = token_of(grant).value
    clock.now += good - 1
    assert token_of(grant).value == first
    clock.now += 2
    assert token_of(grant).value != first
    assert len(tokens._tokens) == 1


def test_other_credentials_have_a_token_of_their_own_and_a_forgotten_one_is_gone(service: TokenServer) -> None:
    one, two = granted(service), granted(service, "other")
    assert token_of(one).value != token_of(two).value
    forget(one)
    assert not token_of(one).kept
    assert token_of(two).kept
    assert not token_of(two, fresh=True).kept


@pytest.mark.parametrize(
    ("told", "says", "again"),
    [
        ((500, {}), "fault of its own", 60.0),
        ((429, {}), "asks us to wait", 300.0),
        ((200, {"token_type": "Bearer"}), "no token", 300.0),
        ((200, {"access_token": "a b\n"}), "no token", 300.0),
        ((200, {"access_token": "x" * 20_000}), "no token", 300.0),
        ((200, {"access_token": "x", "token_type": "mac"}), "no token", 300.0),
        ((200, {"access_token": 7}), "no token", 300.0),
        ((200, ["x"]), "no token", 300.0),
        ((200, b"<html>"), "did not answer as it should", 60.0),
        ((400, ["x"]), "without a reason", None),
    ],
)
def test_an_answer_that_is_no_token(
    service: TokenServer, told: tuple[int, object], says: str, again: float | None
) -> None:
    service.next = told
    with pytest.raises(ReadFailed, match=says) as failed:
        token_of(granted(service))
    assert failed.value.retry_after == again


def test_a_service_that_writes_its_seconds_as_text(service: TokenServer, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(tokens, "time", clock)
    service.next = 200, {"access_token": "one", "token_type": "bearer", "expires_in": "3599"}
    assert token_of(granted(service)).until == clock.now + 3299


def test_a_service_that_is_away_or_out_of_bounds_is_said(service: TokenServer) -> None:
    away = granted(service, token_url="http://127.0.0.1:9/token")
    with pytest.raises(ReadFailed, match="could not be asked to let the desk in"):
        token_of(away)
    with pytest.raises(ReadFailed, match="this machine itself") as failed:
        token_of(replace(away, url="https://127.0.0.1:9/token", allow_private=False))
    assert failed.value.retry_after is None
    with pytest.raises(ReadFailed, match="Use https://"):
        token_of(replace(away, allow_private=False))


def test_what_is_wrong_is_told_by_the_service_in_its_own_shape(service: TokenServer) -> None:
    with pytest.raises(ReadFailed, match="did not accept the client secret: it may have run out, or it is another one"):
        token_of(granted(service, client_secret="wrong"))
    with pytest.raises(ReadFailed, match="no app of this client id"):
        token_of(granted(service, client_id="another"))
    with pytest.raises(ReadFailed, match="does not accept the client id and secret"):
        token_of(granted(service, "other", client_secret="wrong"))
    with pytest.raises(ReadFailed, match="knows no such scope"):
        token_of(granted(service, "other", scope="everything"))
    with pytest.raises(ReadFailed, match="no user with the mailbox's address"):
        token_of(replace(granted(service, "google"), user="nobody@example.org"))
    with pytest.raises(ReadFailed, match="Domain-wide delegation"):
        token_of(replace(granted(service, "google"), client="another@practice.example.org"))
    with pytest.raises(ReadFailed, match="private key in the key file is damaged"):
        token_of(replace(granted(service, "google"), secret="-----BEGIN"))


ENDED = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("way", "body", "says"),
    [
        ("microsoft", microsofts("invalid_client", 7000222, "Expired."), "has run out on 1 November 2026. Make"),
        ("microsoft", microsofts("invalid_client", 7000215, "Wrong."), "may have run out on 1 November 2026, or"),
        ("microsoft", {"error": "invalid_client"}, "it may have run out on 1 November 2026"),
        ("microsoft", microsofts("invalid_request", 90002, "No tenant."), "knows no tenant of this name"),
        ("microsoft", microsofts("invalid_request", 99999, "New."), "refused to let the desk in: AADSTS99999: New."),
        ("google", {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, "Make a new key"),
        ("google", {"error": "invalid_grant", "error_description": "Not in a reasonable timeframe."}, "clock is wrong"),
        ("google", {"error": "invalid_scope"}, "with the scope https://mail.google.com/"),
        ("google", {"error": "admin_policy_enforced", "error_description": "Ask."}, "refused to let the desk in: Ask."),
        ("other", {"error": "unauthorized_client"}, "does not let this client ask for tokens by itself"),
        ("other", {"error": "odd", "error_description": "Something new."}, "The token service refused: Something new."),
        ("other", None, "The token service refused: without a reason."),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_do(service: TokenServer, way: str, body: object, says: str) -> None:
    grant = replace(granted(service, way), ends=ENDED)
    told = refusal(grant, body, today=date(2026, 11, 30))
    assert says in told
    assert "Trace" not in told


def test_a_secret_that_should_still_be_good_is_given_no_day(service: TokenServer) -> None:
    grant = replace(granted(service), ends=date(2027, 5, 31))
    for code in (7000215, 7000222):
        told = refusal(grant, microsofts("invalid_client", code, "No."), today=date(2026, 11, 30))
        assert "run out" in told
        assert "2027" not in told


def test_where_microsoft_and_google_are_asked() -> None:
    one = grant_of(
        {
            "sign_in": "microsoft",
            "tenant": TENANT,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "secret_ends": "2027-05-31",
        },
        user="press@example.org",
    )
    assert one == Grant(
        "microsoft", "Microsoft", f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token",
        "https://outlook.office365.com/.default", CLIENT, SECRET, "press@example.org", "", date(2027, 5, 31),
    )  # fmt: skip
    assert grant_of({"username": "press", "password": "a-practice-word"}, user="press@example.org") is None


@pytest.mark.parametrize(
    ("credentials", "says"),
    [
        ({"sign_in": "magic"}, "no way to sign in called “magic”"),
        ({"sign_in": "microsoft", "client_id": "a", "client_secret": "b"}, "tenant is missing"),
        ({"sign_in": "microsoft", "tenant": "a/../b", "client_id": "a", "client_secret": "b"}, "directory id"),
        ({"sign_in": "microsoft", "tenant": "a", "client_secret": "b"}, "client id is missing"),
        ({"sign_in": "microsoft", "tenant": "a", "client_id": "a"}, "client secret is missing"),
        ({"sign_in": "microsoft", "tenant": "a", "client_id": "a\nb", "client_secret": "b"}, "line break"),
        ({"sign_in": "other", "client_id": "a", "client_secret": "b"}, "address of the token service is missing"),
        ({"sign_in": "microsoft", "secret_ends": "31/05/2027"}, "written as 2027-05-31"),
        ({"sign_in": "google"}, "key file is missing"),
        ({"sign_in": "google", "key_file": "{"}, "not the key file of a service account"),
        ({"sign_in": "google", "key_file": '{"type": "authorized_user"}'}, "not the key file"),
        ({"sign_in": "google", "key_file": '{"type": "service_account"}'}, "not the key file"),
        ({"sign_in": "other", "username": "pöst"}, "letters that no mail server takes"),
    ],
)
def test_what_no_token_can_be_asked_for_with(credentials: dict[str, str], says: str) -> None:
    with pytest.raises(BadAccount, match=says):
        Mailbox(Account("mailbox", "imaps://mail.example.org", imap.USER, "", credentials))


def test_what_the_mechanisms_say() -> None:
    """Google's published example of XOAUTH2, and RFC 7628's of OAUTHBEARER with a name that must be written apart."""
    one = Bearer(
        "XOAUTH2", user="someuser@example.com", token="ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg", host="", port=0
    )
    assert (
        one.data(b"")
        == b"user=someuser@example.com\x01auth=Bearer ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\x01\x01"
    )
    assert one.text(b'{"status":"401"}') == ""
    two = Bearer("OAUTHBEARER", user="a=b,c@example.com", token="vF9d", host="server.example.com", port=143)
    assert two.text() == "n,a=a=3Db=2Cc@example.com,\x01host=server.example.com\x01port=143\x01auth=Bearer vF9d\x01\x01"
    assert two.data(b'{"status":"invalid_token"}') == b"\x01"
    assert bearer.offered(["PLAIN", "OAUTHBEARER", "XOAUTH2"]) == "XOAUTH2"
    assert bearer.offered(["PLAIN"]) == ""
