"""A real WordPress on this machine: PHP's own server, SQLite, the packages of npm, no Apache and no MySQL.

The packages (about 380 MB unpacked) are fetched once into the user's cache folder.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from gatepost.networks.protocol import Account
from tests.shared import shared

PACKAGE = "@wp-playground/wordpress-builds@0.9.19"


@dataclass(frozen=True)
class WordPressServer:
    """A running site. `passwords` are application passwords by user name: admin, editor1."""

    url: str
    passwords: dict[str, str]

    def account(self, user: str = "editor1") -> Account:
        credentials = {"username": user, "application_password": self.passwords[user]}
        return Account("wordpress", self.url, "Test blog", "", credentials, allow_private=True)

    def ask(self, method: str, path: str, user: str = "admin", **parts: Any) -> httpx.Response:
        """One call of the REST API beside the connector, to see what the site holds."""
        secret = (user, self.passwords[user])
        return httpx.request(method, f"{self.url}/wp-json/wp/v2{path}", auth=secret, timeout=30, **parts)

    def say(self, text: str, under: str, **more: Any) -> str:
        """A comment by somebody who is not signed in."""
        body = {"post": int(under.split(":")[1]), "content": text, "author_name": "Ada Example"}
        sent = {**body, "author_email": "ada@example.org", **more}
        answer = httpx.post(f"{self.url}/wp-json/wp/v2/comments", json=sent, timeout=30)
        answer.raise_for_status()
        return f"comment:{answer.json()['id']}"


def installed() -> Path:
    """The folder with the npm packages, fetched when they are not there yet; skips where that cannot be."""
    for tool in ("php", "npm", "bash", "unzip"):
        if shutil.which(tool) is None:
            pytest.skip(f"a real WordPress needs {tool}, which is not installed")
    modules = subprocess.run(["php", "-m"], capture_output=True, text=True, check=False).stdout.lower().split()
    if missing := {"pdo_sqlite", "curl", "gd", "mbstring", "xml"} - set(modules):
        pytest.skip(f"a real WordPress needs PHP's {', '.join(sorted(missing))}")
    shared("counterparts/wordpress.sh")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gatepost-tests" / "wordpress"
    cache.mkdir(parents=True, exist_ok=True)
    with _alone(cache):
        if not (cache / "node_modules/@wp-playground/wordpress-builds/src/wordpress/wp-6.5.zip").exists():
            command = ["npm", "i", "--ignore-scripts", "--no-audit", "--no-fund", PACKAGE]
            try:
                done = subprocess.run(command, cwd=cache, capture_output=True, text=True, timeout=300, check=False)
            except subprocess.TimeoutExpired:
                pytest.skip("npm did not fetch the WordPress packages within five minutes")
            if done.returncode:
                pytest.skip(f"npm could not fetch the WordPress packages: {done.stderr[-300:]}")
    return cache


@contextlib.contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """Two test processes must not fetch at once."""
    if importlib.util.find_spec("fcntl") is None:
        yield
        return
    import fcntl

    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def started(packages: Path, folder: Path) -> Iterator[WordPressServer]:
    """Sets a fresh site up in `folder` and serves it on a free port of 127.0.0.1."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = ["bash", str(shared("counterparts/wordpress.sh")), "npm:6.5", str(folder / "site"), str(port)]
    made = subprocess.run(
        script, env={**os.environ, "WP_NPM": str(packages)}, capture_output=True, text=True, timeout=120, check=False
    )
    assert made.returncode == 0, made.stderr[-2000:]
    passwords = json.loads((folder / "site.creds.json").read_text())
    with (folder / "php.log").open("wb") as log:
        server = subprocess.Popen(
            ["php", "-S", f"127.0.0.1:{port}", "-t", str(folder / "site")],
            env={**os.environ, "PHP_CLI_SERVER_WORKERS": "2"},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _answering(url, server, folder)
        yield WordPressServer(url, {name: passwords[name] for name in ("admin", "editor1")})
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        server.wait(10)


def _answering(url: str, server: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{url}/wp-json/", timeout=10).status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"WordPress did not start: {(folder / 'php.log').read_text()[-2000:]}")
