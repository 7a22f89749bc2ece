"""Every request of the whole contract is well formed by the networks' own descriptions."""

from __future__ import annotations

import httpx
import pytest

from gatepost.networks import client, contract
from gatepost.networks.guard import GuardedTransport
from gatepost.sandbox.town import Town
from tests.networks.conftest import said_in_town, town_account
from tests.networks.described import Description, description


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """The requests that connectors send from now on."""
    kept: list[httpx.Request] = []

    class Keeping(GuardedTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            request.read()
            kept.append(request)
            return super().handle_request(request)

    monkeypatch.setattr(client, "GuardedTransport", Keeping)
    return kept


@pytest.mark.parametrize(("network", "least"), [("facebook", 30), ("x", 25)])
def test_all_requests_are_well_formed(town: Town, sent: list[httpx.Request], network: str, least: int) -> None:
    described = description(network, f"/{network}")
    results = contract.run(
        town_account(town, network), resident=lambda text, under: said_in_town(town, network, text, under)
    )
    assert all(result.ok for result in results)
    assert [fault for request in sent for fault in described.faults(request)] == []
    assert len(sent) >= least


@pytest.mark.parametrize(
    ("network", "request_"),
    [
        ("x", httpx.Request("GET", "https://x/2/users/1/mentions?tweet.fields=text")),
        ("x", httpx.Request("GET", "https://x/2/users/1/mentions?max_results=3")),
        ("x", httpx.Request("GET", "https://x/2/users/1/mentions?post.fields=text,nonsense")),
        ("x", httpx.Request("POST", "https://x/2/tweets", json={"text": 5})),
        ("x", httpx.Request("POST", "https://x/2/tweets", json={"status": "old name"})),
        ("x", httpx.Request("POST", "https://x/2/media/upload", data={"media_category": "a"}, files={"file": b"x"})),
        ("x", httpx.Request("GET", "https://x/2/nothing")),
        ("facebook", httpx.Request("POST", "https://x/v26.0/1/feed", json={"msg": "wrong name"})),
        ("facebook", httpx.Request("POST", "https://x/v26.0/1/feed", json={"message": 5})),
        ("facebook", httpx.Request("GET", "https://x/v26.0/1/comments?order=newest")),
        ("facebook", httpx.Request("GET", "https://x/v26.0/me.too/comments")),
    ],
)
def test_the_check_finds_what_is_wrong(network: str, request_: httpx.Request) -> None:
    request_.read()
    described: Description = description(network, "")
    assert described.faults(request_) != []
