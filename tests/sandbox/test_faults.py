"""Every fault, over the wire, on both networks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from gatepost.sandbox import faults
from gatepost.sandbox.world import World

from .conftest import Visitor


@pytest.fixture(autouse=True)
def no_faults_left(here: Visitor) -> Iterator[None]:
    yield
    here.client.delete("/_town/faults")


def attempt(here: Visitor, network: str, text: str) -> httpx.Response:
    if network == "facebook":
        return here.graph("POST", f"{here.page}/feed", json={"message": text})
    return here.x("POST", "tweets", json={"text": text})


def switch_on(here: Visitor, network: str, kind: str, **more: object) -> None:
    here.town_api("POST", "faults", json={"network": network, "kind": kind, "count": 1, **more})


@pytest.mark.parametrize("network", ["facebook", "x"])
@pytest.mark.parametrize(("kind", "taken"), [("lost_after", 1), ("lost_before", 0)])
def test_a_broken_line_gives_no_answer_at_all(here: Visitor, network: str, kind: str, taken: int) -> None:
    switch_on(here, network, kind)
    text = f"{kind} {network}"
    with pytest.raises(httpx.RemoteProtocolError):
        attempt(here, network, text)
    assert here.count(text) == taken
    assert attempt(here, network, f"{text}, and once more").is_success


def test_cutting_lines_leaves_no_file_open(here: Visitor) -> None:
    folder = Path(f"/proc/{here.town.process.pid}/fd")
    if not folder.is_dir():
        pytest.skip("this system does not show a process's open files")
    counts = []
    for n in range(6):
        switch_on(here, "x", "lost_before")
        with pytest.raises(httpx.RemoteProtocolError):
            attempt(here, "x", f"cut {n}")
        assert here.count(f"cut {n}") == 0
        counts.append(len(list(folder.iterdir())))
    assert counts[-1] <= counts[0] + 1


@pytest.mark.parametrize("network", ["facebook", "x"])
@pytest.mark.parametrize(
    ("kind", "status", "taken"),
    [("error_500", 500, 0), ("error_500_after", 500, 1), ("rate_limit", 429, 0), ("html", 200, 0)],
)
def test_answers_in_place_of_the_right_one(here: Visitor, network: str, kind: str, status: int, taken: int) -> None:
    switch_on(here, network, kind, seconds=7)
    text = f"{kind} {network}"
    answer = attempt(here, network, text)
    assert (answer.status_code, here.count(text)) == (status, taken)
    assert answer.headers["content-type"].startswith("text/html") is (kind == "html")
    if kind == "rate_limit":
        assert answer.headers["retry-after"] == "7"
    if kind != "html":
        assert answer.json()


@pytest.mark.parametrize(("network", "status"), [("facebook", 400), ("x", 401)])
def test_a_revoked_token_stops_reading_too(here: Visitor, network: str, status: int) -> None:
    switch_on(here, network, "token_revoked")
    read = here.graph("GET", "me") if network == "facebook" else here.x("GET", "users/me")
    assert read.status_code == status
    here.town_api("POST", "rules", json={"revoked": {network: True}})
    try:
        assert attempt(here, network, f"revoked {network}").status_code == status
    finally:
        here.town_api("POST", "rules", json={"revoked": {network: False}})
    assert attempt(here, network, f"revoked {network}").is_success


@pytest.mark.parametrize("network", ["facebook", "x"])
def test_a_post_deleted_elsewhere_is_answered_for_and_gone(here: Visitor, network: str) -> None:
    switch_on(here, network, "deleted_elsewhere")
    answer = attempt(here, network, f"gone {network}")
    assert answer.is_success
    found = [
        one
        for one in here.town_api("GET", "posts", params={"network": network})["posts"]
        if one["text"] == f"gone {network}"
    ]
    assert [one["removed"] for one in found] == ["elsewhere"]


def test_a_fault_at_reading_leaves_writing_alone(here: Visitor) -> None:
    switch_on(here, "facebook", "html", at="read")
    assert attempt(here, "facebook", "written all the same").is_success
    assert here.graph("GET", "me").headers["content-type"].startswith("text/html")


def test_a_slow_answer_is_still_the_answer(here: Visitor) -> None:
    switch_on(here, "x", "slow", seconds=0.05)
    assert attempt(here, "x", "slow but sure").status_code == 201
    log = here.town_api("GET", "requests")["requests"][0]
    assert (log["fault"], log["status"], log["path"]) == ("slow", 201, "/x/2/tweets")


@pytest.mark.parametrize(
    "sent",
    [
        {"network": "pigeon", "kind": "slow"},
        {"network": "x", "kind": "earthquake"},
        {"network": "x", "kind": "slow", "at": "night"},
        {"network": "x", "kind": "slow", "probability": 0},
        {"network": "x", "kind": "slow", "count": 0},
        {"network": "x", "kind": "slow", "seconds": 1000},
        {"network": "x", "kind": "slow", "seconds": "long"},
    ],
)
def test_a_fault_that_cannot_be_is_refused_with_a_sentence(here: Visitor, sent: dict[str, object]) -> None:
    answer = here.client.post("/_town/faults", json=sent)
    assert answer.status_code == 400
    assert len(answer.json()["error"]) > 20


def draws(folder: Path, seed: int) -> list[bool]:
    world = World(folder, seed)
    faults.switch_on(world, "x", "error_500", probability=0.5)
    try:
        return [faults.draw(world, "x", "publish", after=False) is not None for _ in range(60)]
    finally:
        world.close()


def test_chance_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    one, same, other = draws(tmp_path / "a", 5), draws(tmp_path / "b", 5), draws(tmp_path / "c", 6)
    assert one == same != other
    assert 10 < sum(one) < 50
