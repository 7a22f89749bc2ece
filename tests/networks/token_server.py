"""A real token service on this machine, of one tenant, one service account and one mailbox.

It gives tokens as Microsoft (client credentials), Google (a signed assertion) and others (RFC 6749, HTTP Basic) do,
with their errors, and tells a mail server whose a token is (RFC 7662).
"""

from __future__ import annotations

import base64
import contextlib
import json
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from gatepost.networks.mail_sign_in import GOOGLE_SCOPE, MICROSOFT_SCOPE

TENANT, CLIENT, SECRET = (
    "00000000-aaaa-4bbb-8ccc-000000000001",
    "11111111-aaaa-4bbb-8ccc-000000000002",
    "a+practice/secret",
)
ROBOT = "desk@practice.example.org"
Answer = tuple[int, Any]  # status; JSON, or bytes as they are


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@dataclass
class TokenServer:
    """`given` are tokens and whose they are. `next` is answered instead, once. `asked` counts tokens asked for.
    `refuses`: every token is called a bad one."""

    url: str
    user: str
    given: dict[str, str] = field(default_factory=dict)
    next: Answer | None = None
    asked: int = 0
    lasts: int = 3599
    refuses: bool = False

    def microsoft(self, **other: str) -> dict[str, str]:
        entered = {"sign_in": "microsoft", "tenant": TENANT, "client_id": CLIENT, "client_secret": SECRET}
        return {**entered, "token_url": f"{self.url}/{TENANT}/oauth2/v2.0/token", **other}

    def other(self, **other: str) -> dict[str, str]:
        entered = {"sign_in": "other", "client_id": CLIENT, "client_secret": SECRET, "scope": "mail"}
        return {**entered, "token_url": f"{self.url}/other/token", **other}

    def google(self, **other: str) -> dict[str, str]:
        return {"sign_in": "google", "key_file": self.key_file(), **other}

    def key_file(self) -> str:
        kinds = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        pem = _key().private_bytes(serialization.Encoding.PEM, *kinds).decode()
        entries = {"type": "service_account", "client_email": ROBOT, "private_key": pem, "private_key_id": "k1"}
        return json.dumps({**entries, "token_uri": f"{self.url}/google/token"}, indent=2)

    def answer(self, path: str, form: dict[str, str], authorisation: str) -> Answer:
        if path == "/introspect":
            owner = self.given.get(form.get("token", ""), "")
            return 200, {"active": bool(owner) and not self.refuses, "username": owner}
        self.asked += 1
        if self.next is not None:
            told, self.next = self.next, None
            return told
        refused = {"google": self._google, "other": self._other}.get(path.split("/")[1], self._microsoft)
        wrong = refused(form, authorisation)
        if wrong:
            return wrong
        token = secrets.token_urlsafe(24)
        self.given[token] = self.user
        return 200, {"token_type": "Bearer", "expires_in": self.lasts, "access_token": token}

    def _microsoft(self, form: dict[str, str], authorisation: str) -> Answer | None:
        if form.get("client_id") != CLIENT:
            return 400, microsofts("unauthorized_client", 700016, "Application was not found in the directory.")
        if form.get("client_secret") != SECRET:
            return 401, microsofts("invalid_client", 7000215, "Invalid client secret provided.")
        wanted = {"grant_type": "client_credentials", "scope": MICROSOFT_SCOPE}
        if not wanted.items() <= form.items():
            return 400, microsofts("invalid_scope", 70011, "The provided value for scope is not valid.")
        return None

    def _google(self, form: dict[str, str], authorisation: str) -> Answer | None:
        try:
            claims = jwt.decode(
                form["assertion"], _key().public_key(), algorithms=["RS256"], audience=f"{self.url}/google/token"
            )
        except jwt.PyJWTError:
            return 400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
        if claims["sub"] != self.user:
            return 400, {"error": "invalid_grant", "error_description": "Invalid email or User ID"}
        wanted = (claims["iss"], claims["scope"], form["grant_type"])
        if wanted != (ROBOT, GOOGLE_SCOPE, "urn:ietf:params:oauth:grant-type:jwt-bearer"):
            return 401, {"error": "unauthorized_client", "error_description": "Client is unauthorized."}
        return None

    def _other(self, form: dict[str, str], authorisation: str) -> Answer | None:
        pair = base64.b64decode(authorisation.removeprefix("Basic ")).decode().split(":")
        if [unquote_plus(part) for part in pair] != [CLIENT, SECRET]:
            return 401, {"error": "invalid_client"}
        if form != {"grant_type": "client_credentials", "scope": "mail"}:
            return 400, {"error": "invalid_scope"}
        return None


def microsofts(error: str, code: int, says: str) -> dict[str, Any]:
    """A refusal in the shape of Microsoft's."""
    told = f"AADSTS{code}: {says} Trace ID: 0a1b Correlation ID: 2c3d Timestamp: 2026-11-30 12:00:00Z"
    return {"error": error, "error_description": told, "error_codes": [code], "trace_id": "0a1b"}


@contextlib.contextmanager
def started(user: str) -> Iterator[TokenServer]:
    """Gives tokens for `user`'s mailbox."""

    def answered(door: BaseHTTPRequestHandler) -> None:
        length = int(door.headers.get("Content-Length") or 0)
        form = {name: values[0] for name, values in parse_qs(door.rfile.read(length).decode()).items()}
        status, told = service.answer(door.path, form, door.headers.get("Authorization", ""))
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        door.send_response(status)
        door.send_header("Content-Type", "application/json")
        door.send_header("Content-Length", str(len(body)))
        door.end_headers()
        door.wfile.write(body)

    def silent(*said: Any) -> None:
        """Nothing is logged."""

    door = type("Door", (BaseHTTPRequestHandler,), {"do_POST": answered, "log_message": silent})
    with ThreadingHTTPServer(("127.0.0.1", 0), door) as server:
        service = TokenServer(f"http://127.0.0.1:{server.server_port}", user)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield service
        finally:
            server.shutdown()
