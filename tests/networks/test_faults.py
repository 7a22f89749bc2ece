"""What connectors make of a network that fails, tried on the practice town: nothing is ever sent twice unknowingly."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from gatepost.networks.protocol import (
    Network,
    NotThere,
    Outgoing,
    ReadFailed,
    Receipt,
    Refused,
    TryLater,
    Unknown,
)
from gatepost.networks.registry import connect
from gatepost.sandbox.town import Town
from tests.networks.conftest import town_account

NETWORKS = ("facebook", "x")


@pytest.fixture
def calm(town: Town) -> Iterator[Town]:
    yield town
    httpx.request("DELETE", f"{town.url}/_town/faults").raise_for_status()


def switch_on(town: Town, network: str, kind: str, **more: Any) -> None:
    sent = {"network": network, "kind": kind, "count": 1, **more}
    httpx.post(f"{town.url}/_town/faults", json=sent).raise_for_status()


def taken(town: Town, text: str) -> int:
    return int(httpx.get(f"{town.url}/_town/counts", params={"text": text}).json()["count"])


def act() -> Outgoing:
    words = f"The lift is mended {uuid.uuid4().hex}"
    return Outgoing(key=uuid.uuid4().hex, kind="publish", text=words, since=datetime.now(UTC))


def ready(town: Town, network: str) -> tuple[Network, Outgoing]:
    return connect(town_account(town, network)), act()


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("kind", ["lost_after", "error_500_after"])
def test_an_answer_lost_after_it_was_taken_is_found_by_looking(calm: Town, network: str, kind: str) -> None:
    it, one = ready(calm, network)
    switch_on(calm, network, kind)
    assert isinstance(it.publish(one), Unknown)
    assert taken(calm, one.text) == 1
    found = it.find(one)
    assert isinstance(found, Receipt)
    assert it.remove(found.ref) == Receipt(found.ref, raw=it_raw(network))


def it_raw(network: str) -> dict[str, Any]:
    return {"success": True} if network == "facebook" else {"data": {"deleted": True}}


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("kind", ["lost_before", "error_500", "html"])
def test_an_answer_lost_before_it_was_taken_is_not_found(calm: Town, network: str, kind: str) -> None:
    it, one = ready(calm, network)
    switch_on(calm, network, kind, at="publish")
    assert isinstance(it.publish(one), Unknown)
    assert taken(calm, one.text) == 0
    assert it.find(one) == NotThere()


@pytest.mark.parametrize("network", NETWORKS)
def test_sending_again_what_was_taken_is_refused_by_the_network_and_found(calm: Town, network: str) -> None:
    it, one = ready(calm, network)
    first = it.publish(one)
    assert isinstance(first, Receipt)
    assert isinstance(it.publish(one), Unknown)
    found = it.find(one)
    assert isinstance(found, Receipt)
    assert found.ref == first.ref
    assert taken(calm, one.text) == 1


@pytest.mark.parametrize("network", NETWORKS)
def test_a_network_that_asks_for_patience_gets_it(calm: Town, network: str) -> None:
    it, one = ready(calm, network)
    switch_on(calm, network, "rate_limit", at="write", seconds=17)
    said = it.publish(one)
    assert isinstance(said, TryLater)
    assert 1 <= said.seconds <= 17
    switch_on(calm, network, "rate_limit", at="read", seconds=17)
    with pytest.raises(ReadFailed) as failed:
        it.read_since("")
    assert failed.value.retry_after is not None
    assert taken(calm, one.text) == 0


@pytest.mark.parametrize("network", NETWORKS)
def test_a_revoked_token_is_for_a_person(calm: Town, network: str) -> None:
    it, one = ready(calm, network)
    switch_on(calm, network, "token_revoked", count=3)
    said = it.publish(one)
    assert isinstance(said, Refused)
    assert "Reconnect" in said.reason
    assert not it.check().ok
    with pytest.raises(ReadFailed) as failed:
        it.read_since("")
    assert failed.value.retry_after is None


@pytest.mark.parametrize("network", NETWORKS)
def test_a_page_instead_of_data_when_reading(calm: Town, network: str) -> None:
    it, _ = ready(calm, network)
    switch_on(calm, network, "html", at="read")
    with pytest.raises(ReadFailed, match="instead of data"):
        it.read_since("")


@pytest.mark.parametrize("network", NETWORKS)
def test_what_somebody_took_down_elsewhere_is_no_longer_there(calm: Town, network: str) -> None:
    it, one = ready(calm, network)
    switch_on(calm, network, "deleted_elsewhere")
    said = it.publish(one)
    assert isinstance(said, Receipt)
    assert it.find(one) == NotThere()
    assert isinstance(it.remove(said.ref), Receipt)


@pytest.mark.parametrize("network", NETWORKS)
def test_a_town_that_is_gone_is_for_later(calm: Town, network: str) -> None:
    account = town_account(calm, network)
    gone = type(account)(network, "http://127.0.0.1:9", account.external_id, "", account.credentials, True)
    assert isinstance(connect(gone).publish(act()), TryLater)
    assert isinstance(connect(gone).find(act()), TryLater)
    assert not connect(gone).check().ok
