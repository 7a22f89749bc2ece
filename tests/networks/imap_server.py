"""A real mail server on this machine: Debian's Dovecot with one mailbox, TLS and STARTTLS, on free ports of 127.0.0.1.

Letters are put in as a mail server would deliver them (Maildir): `deliver`. Nothing outside its folder is touched.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gatepost.networks.protocol import Account

USER, PASSWORD = "hello@example.org", 'a practice "wörd"'


@dataclass
class ImapServer:
    """A running server. `authority` is the file of the certificate authority that made its certificate."""

    folder: Path
    port: int
    tls_port: int
    authority: Path
    _delivered: int = field(default=0)

    def account(self, *, tls: bool = False, password: str = PASSWORD, folder: str = "") -> Account:
        base = f"imaps://localhost:{self.tls_port}" if tls else f"imap://localhost:{self.port}"
        secrets = {"username": USER, "password": password}
        return Account("mailbox", f"{base}/{folder}".rstrip("/"), USER, "", secrets, allow_private=True)

    def deliver(self, raw: bytes, *, at: datetime | None = None) -> None:
        """Puts a letter into the inbox, as received at `at` (now)."""
        self._delivered += 1
        name = f"{1_700_000_000 + self._delivered}.M{self._delivered}.practice"
        waiting, there = self.folder / "mail/tmp" / name, self.folder / "mail/new" / name
        waiting.write_bytes(raw)
        moment = (at or datetime.now(UTC)).timestamp()
        os.utime(waiting, (moment, moment))
        owner = self.folder.joinpath("mail").stat()
        if os.geteuid() == 0:
            os.chown(waiting, owner.st_uid, owner.st_gid)
        waiting.rename(there)

    def write(self, text: str, *, subject: str = "A question", at: datetime | None = None, **headers: str) -> str:
        """Delivers an invented resident's letter; returns its message id."""
        number = self._delivered + 1
        mail = EmailMessage()
        given = {
            "From": "Casey Sample <casey@example.org>",
            "To": USER,
            "Message-ID": f"<letter{number}@example.org>",
            "Date": format_datetime(at or datetime.now(UTC) - timedelta(seconds=1)),
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        mail["Subject"] = subject
        for name, value in given.items():
            mail[name] = value
        mail.set_content(text)
        self.deliver(mail.as_bytes(), at=at)
        return str(given["Message-ID"]).strip("<>")


def certificates(folder: Path) -> tuple[Path, Path, Path]:
    """(authority, certificate, key) for the name localhost, made now and thrown away with the folder."""
    now = datetime.now(UTC)

    def named(name: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])

    def made(name: str, issuer: str, key: ec.EllipticCurvePrivateKey, by: ec.EllipticCurvePrivateKey) -> bytes:
        builder = (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .issuer_name(named(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=name == issuer, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        )
        return builder.sign(by, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    theirs, ours = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority, certificate, key = folder / "authority.pem", folder / "server.pem", folder / "server.key"
    authority.write_bytes(made("practice authority", "practice authority", theirs, theirs))
    certificate.write_bytes(made("localhost", "practice authority", ours, theirs))
    key.write_bytes(
        ours.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return authority, certificate, key


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _settings(folder: Path, port: int, tls_port: int, certificate: Path, key: Path, introspection: str) -> str:
    as_root = os.geteuid() == 0
    worker = "nobody" if as_root else pwd.getpwuid(os.geteuid()).pw_name
    group = "nogroup" if as_root else ""
    who = pwd.getpwnam(worker)
    by_token = _BY_TOKEN.format(folder=folder) if introspection else ""
    return f"""
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
default_internal_user = {worker}
default_login_user = {worker}
{f"default_internal_group = {group}" if group else ""}
first_valid_uid = 1
first_valid_gid = 1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login{" xoauth2 oauthbearer" if introspection else ""}
mail_location = maildir:{folder}/mail
{by_token}passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={who.pw_uid} gid={who.pw_gid} home={folder}
}}
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
"""


_BY_TOKEN = """passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/tokens.conf
}}
"""


@contextlib.contextmanager
def started(folder: Path, *, introspection: str = "") -> Iterator[ImapServer]:
    """Serves an empty mailbox; skips where Dovecot is not installed. `introspection`: the address of a token service
    that says whose a token is (RFC 7662); the server then takes tokens too."""
    program = shutil.which("dovecot") or shutil.which("/usr/sbin/dovecot")
    if program is None:
        pytest.skip("a real mailbox needs Debian's package dovecot-imapd, which is not installed")
    authority, certificate, key = certificates(folder)
    port, tls_port = _free_port(), _free_port()
    for part in ("mail/new", "mail/cur", "mail/tmp", "run", "state"):
        (folder / part).mkdir(parents=True)
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n", "utf-8")
    if introspection:
        asks = f"introspection_mode = post\nintrospection_url = {introspection}\nusername_attribute = username\n"
        (folder / "tokens.conf").write_text(f"{asks}active_attribute = active\nactive_value = true\n", "utf-8")
    config = folder / "dovecot.conf"
    config.write_text(_settings(folder, port, tls_port, certificate, key, introspection), "utf-8")
    if os.geteuid() == 0:
        reader = pwd.getpwnam("nobody")
        for path in (folder, *folder.rglob("*")):
            os.chown(path, reader.pw_uid, reader.pw_gid)
        for above in folder.parents:  # pytest's folders let nobody else in; the server's worker must get to its own
            if above.stat().st_uid == 0 and above != Path("/") and above.name.startswith(("pytest-", "popen-")):
                above.chmod(0o711)
    server = subprocess.Popen([program, "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _answering(server, port, folder)
        yield ImapServer(folder, port, tls_port, authority)
    finally:
        server.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(10)
        if server.poll() is None:
            server.kill()


def _answering(server: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 2) as link:
            if link.recv(100).startswith(b"* OK"):
                return
        time.sleep(0.05)
    log = folder / "dovecot.log"
    raise AssertionError(f"Dovecot did not start: {log.read_text()[-2000:] if log.exists() else server.stderr}")
