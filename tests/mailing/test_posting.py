"""Letters leave by a token: a real token service, and a real SMTP server that takes nothing else."""

from __future__ import annotations

import base64
import logging
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import SMTP, AuthResult, auth_mechanism
from django.conf import LazySettings

from gatepost.cli.doctor import _mail
from gatepost.inbox.referral_letters import EmailFailed, posted
from gatepost.mailing import letter
from gatepost.mailing.posting import SignInFailed, secret_ends
from gatepost.networks import bearer, tokens
from tests.networks import token_server
from tests.networks.imap_server import certificates
from tests.networks.token_server import SECRET, TokenServer

USER = "desk@example.org"
NONE = dict.fromkeys(
    ("sign_in", "tenant", "client_id", "client_secret", "secret_ends", "key_path", "token_url", "scope"), ""
)


class PostOffice(Message):
    """Takes letters of whoever shows a token that the service gave. `busy`: it cannot look just now."""

    def __init__(self, service: TokenServer) -> None:
        super().__init__()
        self.service, self.letters, self.busy = service, [], False

    def handle_message(self, message: object) -> None:
        self.letters.append(message)

    @auth_mechanism("XOAUTH2")
    async def auth_one(self, server: SMTP, args: list[str]) -> AuthResult:
        return await self._looked_at(server, args, "user=")

    @auth_mechanism("OAUTHBEARER")
    async def auth_two(self, server: SMTP, args: list[str]) -> AuthResult:
        return await self._looked_at(server, args, "n,a=")

    async def _looked_at(self, server: SMTP, args: list[str], begins: str) -> AuthResult:
        if self.busy:
            return AuthResult(success=False, handled=False, message="454 4.7.0 Temporary failure")
        user, *rest = base64.b64decode(args[1]).decode().split("\x01")
        token = next(part for part in rest if part.startswith("auth=Bearer ")).removeprefix("auth=Bearer ")
        name = user.removeprefix(begins).rstrip(",")
        if not self.service.refuses and self.service.given.get(token) == name:
            return AuthResult(success=True)
        await server.push("334 " + base64.b64encode(b'{"status":"401","schemes":"bearer"}').decode())
        await server._reader.readline()  # what ends the try
        return AuthResult(success=False, handled=False)


@pytest.fixture(scope="module")
def service() -> Iterator[TokenServer]:
    with token_server.started(USER) as running:
        yield running


@pytest.fixture(scope="module")
def office(service: TokenServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PostOffice, int]]:
    authority, certificate, key = certificates(tmp_path_factory.mktemp("smtp"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    handler = PostOffice(service)
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port, tls_context=context, auth_required=True)
    controller.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(authority))
        yield handler, port
    controller.stop()


@pytest.fixture
def post(
    service: TokenServer, office: tuple[PostOffice, int], settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> PostOffice:
    handler, port = office
    handler.letters.clear()
    settings.EMAIL_BACKEND = "gatepost.mailing.posting.Posting"  # pytest-django puts letters into a list
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "localhost", port, True
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = USER, ""
    settings.EMAIL_SIGN_IN = {**NONE, **service.microsoft(secret_ends="2027-05-31")}
    monkeypatch.setattr(tokens, "_tokens", {})
    return handler


def send() -> None:
    posted(letter("A practice letter", "Words", ["repairs@example.org"]))


@pytest.mark.parametrize(("way", "first"), [("microsoft", "XOAUTH2"), ("google", "OAUTHBEARER"), ("other", "XOAUTH2")])
def test_a_letter_leaves_by_a_token(
    post: PostOffice,
    service: TokenServer,
    settings: LazySettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    way: str,
    first: str,
) -> None:
    for name in ("gatepost", "django", "httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, name)
    monkeypatch.setattr(bearer, "MECHANISMS", (first,))
    if way == "google":
        (tmp_path / "key.json").write_text(service.key_file(), "utf-8")
        settings.EMAIL_SIGN_IN = {**NONE, "sign_in": "google", "key_path": str(tmp_path / "key.json")}
        settings.EMAIL_SIGN_IN["token_url"] = f"{service.url}/google/token"
    elif way == "other":
        settings.EMAIL_SIGN_IN = {**NONE, **service.other()}
    before = service.asked
    send()
    send()
    assert [one["Subject"] for one in post.letters] == ["A practice letter"] * 2
    assert service.asked == before + 1
    assert SECRET not in caplog.text
    assert not [token for token in service.given if token in caplog.text.replace(" ", "")]


def test_a_token_that_was_kept_and_is_refused_is_asked_for_anew(post: PostOffice, service: TokenServer) -> None:
    send()
    service.given.clear()
    before = service.asked
    send()
    assert (len(post.letters), service.asked) == (2, before + 1)


def test_what_keeps_a_letter_here_is_said_and_the_doctor_says_it_too(
    post: PostOffice, service: TokenServer, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _mail() == (True, "e-mail", f"localhost:{settings.EMAIL_PORT} answers and lets the desk in")
    assert str(secret_ends()) == "2027-05-31"
    right = settings.EMAIL_SIGN_IN
    wrong = {
        "did not accept the client secret": {**right, "client_secret": "wrong"},
        "The client id is missing. Enter it and try again. See GATEPOST_SMTP_SIGN_IN": {**right, "client_id": ""},
        "GATEPOST_SMTP_KEY_FILE names cannot be read": {**right, "key_path": "/nowhere/key.json"},
    }
    for says, entered in wrong.items():
        settings.EMAIL_SIGN_IN = entered
        with pytest.raises(EmailFailed, match=says):
            send()
        well, _, told = _mail()
        assert (well, says in told) == (False, True)
    assert secret_ends() is None
    settings.EMAIL_SIGN_IN = right
    monkeypatch.setattr(service, "refuses", True)
    with pytest.raises(EmailFailed, match="its mail server does not take it"):
        send()
    monkeypatch.setattr(post, "busy", True)
    with pytest.raises(EmailFailed, match="could not look at our sign-in just now"):
        send()
    settings.EMAIL_USE_TLS = False
    with pytest.raises(EmailFailed, match="over TLS alone"):
        send()
    assert post.letters == []


def test_a_server_that_takes_no_token_is_said_and_a_silent_sender_is_told_nothing(
    post: PostOffice, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bearer, "MECHANISMS", ("ANOTHER",))
    with pytest.raises(EmailFailed, match="takes no sign-in by token"):
        send()
    assert letter("A practice letter", "Words", ["repairs@example.org"]).send(fail_silently=True) == 0


def test_where_no_token_is_wanted_the_password_is_taken(post: PostOffice, settings: LazySettings) -> None:
    settings.EMAIL_SIGN_IN = NONE
    settings.EMAIL_HOST_PASSWORD = "a-practice-word"  # this server takes none
    assert secret_ends() is None
    with pytest.raises(EmailFailed, match="SMTPAuthenticationError"):
        send()
    assert _mail()[2].endswith("does not let the desk in (SMTPAuthenticationError). Check GATEPOST_SMTP_USER.")


def test_the_words_hold_no_full_stop_too_many() -> None:
    assert SignInFailed("It is so.").strerror == "It is so"
