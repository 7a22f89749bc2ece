"""A practice town and a WordPress server for the whole module, and the environment's own accounts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from gatepost.networks.protocol import Account
from gatepost.sandbox import town as towns
from tests.networks import imap_server as imap
from tests.networks.wordpress_server import WordPressServer, installed, started


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[towns.Town]:
    with towns.start(tmp_path_factory.mktemp("town"), seed=7, pace=0, quiet=True) as running:
        yield running


@pytest.fixture(scope="module")
def wordpress(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPressServer]:
    with started(installed(), tmp_path_factory.mktemp("wordpress")) as server:
        yield server


@pytest.fixture
def imap_server(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[imap.ImapServer]:
    """An empty mailbox on a real server, whose certificate is trusted."""
    with imap.started(tmp_path_factory.mktemp("imap")) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        yield server


def town_account(town: towns.Town, network: str) -> Account:
    """The practice town's account on `network`, as a connector takes it."""
    there: dict[str, Any] = httpx.get(f"{town.url}/_town/state").json()["accounts"][network]
    secrets = {"app_secret": there["app_secret"]} if network == "facebook" else {}
    return Account(
        network=network,
        base_url=town.url + there["path"],
        external_id=there["id"],
        handle=there["handle"],
        credentials={"token": there["token"], **secrets},
        allow_private=True,
    )


def said_in_town(town: towns.Town, network: str, text: str, under: str = "") -> str:
    sent = {"network": network, "text": text, "under": under}
    answer = httpx.post(f"{town.url}/_town/say", json=sent)
    answer.raise_for_status()
    return str(answer.json()["ref"])


def from_environment(network: str) -> Account:
    """A real account named by GATEPOST_TEST_<NETWORK>_URL, _ID, _USER and _TOKEN; skips when there is none."""
    prefix = f"GATEPOST_TEST_{network.upper()}_"
    given = {name: os.environ.get(prefix + name, "") for name in ("URL", "ID", "USER", "TOKEN")}
    if not given["TOKEN"]:
        pytest.skip(f"{prefix}TOKEN is not set")
    credentials = {"token": given["TOKEN"]}
    if network == "wordpress":
        credentials = {"username": given["USER"], "application_password": given["TOKEN"]}
    private = os.environ.get("GATEPOST_TEST_ALLOW_PRIVATE") == "1"
    return Account(network, given["URL"], given["ID"] or "site", given["USER"], credentials, private)
