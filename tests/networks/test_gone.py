"""Which of what others wrote is gone: asked of X's shapes and of the practice town."""

from __future__ import annotations

import httpx
import pytest

from gatepost.networks.protocol import ReadFailed, TellsGone
from gatepost.networks.x import X as Connector
from gatepost.sandbox import town as towns
from tests.networks import wires
from tests.networks.conftest import said_in_town, town_account
from tests.networks.wires import X, answer

PROBLEMS = "https://api.x.com/2/problems/"


def error(ref: str, kind: str = "resource-not-found") -> dict[str, str]:
    return {"resource_id": ref, "value": ref, "parameter": "ids", "title": "Error", "type": PROBLEMS + kind}


def made(body: object, status: int = 200) -> tuple[Connector, wires.Wire]:
    wire = wires.Wire(answer(status, body))
    return Connector(X, wire), wire


def test_what_is_not_found_or_not_for_us_is_gone() -> None:
    body = {
        "data": [{"id": "11", "text": "Still here"}],
        "errors": [error("12"), error("13", "not-authorized-for-resource"), error("14", "something-else")],
    }
    x, _ = made(body)
    assert isinstance(x, TellsGone)
    assert x.gone(["11", "12", "13", "14", "15"]) == ("12", "13")


def test_all_gone_comes_without_data() -> None:
    x, _ = made({"errors": [error("12"), error("13")]})
    assert x.gone(["12", "13"]) == ("12", "13")


def test_nothing_is_asked_about_what_is_no_post() -> None:
    x, wire = made({"data": []})
    assert x.gone(["", "mail:1", "../2"]) == ()
    assert not wire.requests


def test_a_whole_404_says_of_no_post_that_it_is_gone() -> None:
    x, _ = made({"title": "Not Found", "type": "about:blank"}, 404)
    assert x.gone(["12"]) == ()


def test_when_it_cannot_be_asked() -> None:
    x, _ = made({"title": "Unauthorized"}, 401)
    with pytest.raises(ReadFailed):
        x.gone(["12"])


def test_in_the_practice_town(town: towns.Town) -> None:
    x = Connector(town_account(town, "x"))
    handle = town_account(town, "x").handle.lstrip("@")
    stays, goes = (said_in_town(town, "x", f"@{handle} the lift is broken, {word}") for word in ("again", "too"))
    assert x.gone([stays, goes]) == ()
    httpx.post(f"{town.url}/_town/delete_elsewhere", json={"ref": goes}).raise_for_status()
    assert x.gone([stays, goes]) == (goes,)
