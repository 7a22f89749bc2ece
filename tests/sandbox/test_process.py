"""The town as a process: ready line, restart, kill -9, stopping, and many hands at once."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from gatepost.sandbox import town as towns
from gatepost.sandbox.world import World, WorldUnreadable

from .conftest import Visitor, visitor


def test_what_was_taken_survives_kill_and_restart_and_the_script_goes_on(tmp_path: Path) -> None:
    with towns.start(tmp_path, seed=9, pace=0) as town:
        first = visitor(town)
        ref = first.post("Here to stay")
        first.town_api("POST", "faults", json={"network": "x", "kind": "slow", "seconds": 0, "count": 5})
        first.town_api("POST", "burst", json={"n": 5})
        before = first.town_api("GET", "state")
        town.kill()
        with pytest.raises(httpx.TransportError):
            first.client.get("/")
    with towns.start(tmp_path, seed=1, pace=0, port=town.http, smtp_port=town.smtp) as again:
        assert (again.http, again.smtp) == (town.http, town.smtp)
        second = visitor(again)
        after = second.town_api("GET", "state")
        assert {**after, "now": ""} == {**before, "now": ""}
        assert second.graph("GET", ref).json()["message"] == "Here to stay"
        second.town_api("POST", "burst", json={"n": 5})


def test_a_new_town_has_its_first_messages_under_old_posts(tmp_path: Path) -> None:
    with towns.start(tmp_path, seed=2, pace=0) as town:
        here = visitor(town)
        posts = here.town_api("GET", "posts")["posts"]
        assert [(post["network"], len(post["comments"])) for post in posts] == [("facebook", 7), ("x", 7)]
        assert all(comment["theme"] for post in posts for comment in post["comments"])
        assert here.town_api("GET", "counts") == {"networks": {}}


def test_towns_of_the_same_seed_say_the_same(tmp_path: Path) -> None:
    said = []
    for name in ("one", "two"):
        with towns.start(tmp_path / name, seed=11, pace=0) as town:
            here = visitor(town)
            here.town_api("POST", "burst", json={"n": 30})
            texts = [item["text"] for post in here.town_api("GET", "posts")["posts"] for item in post["comments"]]
            mentions = here.x("GET", f"users/{here.user}/mentions", params={"max_results": "100"}).json()["data"]
            said.append((texts, [one["text"] for one in mentions]))
    assert said[0] == said[1]


def test_residents_write_at_the_pace_and_answer_our_posts(tmp_path: Path) -> None:
    with towns.start(tmp_path, seed=4, pace=0, quiet=True) as town:
        here = visitor(town)
        ref = here.post("Something new")
        here.town_api("POST", "pace", json={"pace": 600})
        until = time.monotonic() + 20
        while time.monotonic() < until and not here.graph("GET", f"{ref}/comments").json()["data"]:
            time.sleep(0.1)
        assert here.graph("GET", f"{ref}/comments").json()["data"]
        assert here.client.post("/_town/pace", json={"pace": -1}).status_code == 400


def test_eight_connections_post_five_hundred_times_and_each_is_taken_once(tmp_path: Path) -> None:
    with towns.start(tmp_path, pace=0, quiet=True) as town:
        here = visitor(town)

        def hand(number: int) -> list[str]:
            mine: Visitor = visitor(town)
            return [mine.post(f"hand {number} post {n}") for n in range(63)]

        with ThreadPoolExecutor(8) as pool:
            refs = [ref for some in pool.map(hand, range(8)) for ref in some]
        assert len(set(refs)) == 504
        assert here.town_api("GET", "counts")["networks"] == {"facebook": 504}
        assert here.count("hand 7 post 62") == 1


def test_whatever_was_answered_for_is_there_after_a_kill_in_the_middle(tmp_path: Path) -> None:
    town = towns.start(tmp_path, pace=0, quiet=True)
    here = visitor(town)

    def hand(number: int) -> list[str]:
        mine, answered = visitor(town), []
        try:
            for n in range(2_000):
                answered.append(mine.post(f"hand {number} post {n}"))
        except httpx.TransportError:
            return answered
        raise AssertionError("the town was to be killed before the last post")

    with ThreadPoolExecutor(4) as pool:
        hands = [pool.submit(hand, number) for number in range(4)]
        while here.town_api("GET", "counts")["networks"].get("facebook", 0) < 100:
            time.sleep(0.02)
        town.kill()
        answered = [ref for one in hands for ref in one.result()]
    assert len(answered) >= 96
    with towns.start(tmp_path, pace=0, quiet=True) as again:
        there = {post["ref"] for post in visitor(again).town_api("GET", "posts")["posts"]}
        assert there >= set(answered)
        assert len(there) <= len(answered) + 4


@pytest.mark.parametrize("way", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_when_asked(tmp_path: Path, way: signal.Signals) -> None:
    town = towns.start(tmp_path, pace=0)
    town.process.send_signal(way)
    assert town.process.wait(10) == 0
    assert (tmp_path / "town.log").read_text() == ""
    town.stop()
    assert not town.alive()


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/").is_success
    except httpx.TransportError:
        return False


def test_it_stays_when_the_thread_that_started_it_ends(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        town = pool.submit(towns.start, tmp_path, pace=0).result()
    with town:
        time.sleep(0.7)
        assert answers(town.http)


def test_it_goes_when_its_parent_is_killed(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys, time; from gatepost.sandbox import town\n"
        "t = town.start(pathlib.Path(sys.argv[1]), pace=0); print(t.http, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        port = int(parent.stdout.readline())
        assert httpx.get(f"http://127.0.0.1:{port}/").status_code == 200
        os.kill(parent.pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while time.monotonic() < until and answers(port):
        time.sleep(0.05)
    assert not answers(port)


def test_two_towns_cannot_live_in_one_folder(tmp_path: Path) -> None:
    with (
        towns.start(tmp_path, pace=0, quiet=True),
        pytest.raises(towns.TownWouldNotStart, match="Another practice town lives in"),
    ):
        towns.start(tmp_path, pace=0)


def test_a_failure_of_its_own_is_logged_and_said(tmp_path: Path) -> None:
    with towns.start(tmp_path, pace=0, quiet=True) as town:
        with contextlib.closing(sqlite3.connect(tmp_path / "town.sqlite3", isolation_level=None)) as spoiler:
            spoiler.execute("DROP TABLE mail")
        answer = httpx.get(f"{town.url}/_town/mail")
        assert (answer.status_code, "town.log" in answer.json()["error"]) == (500, True)
        assert httpx.get(f"{town.url}/").status_code == 200
    assert "no such table: mail" in (tmp_path / "town.log").read_text()


def test_a_taken_port_and_a_spoilt_file_are_said_in_a_sentence(tmp_path: Path) -> None:
    with (
        towns.start(tmp_path / "a", pace=0) as town,
        pytest.raises(towns.TownWouldNotStart, match="Choose another port"),
    ):
        towns.start(tmp_path / "b", port=town.http)
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "town.sqlite3").write_bytes(b"no database at all, only words " * 100)
    with pytest.raises(towns.TownWouldNotStart, match="Move it away"):
        towns.start(tmp_path / "c")
    (tmp_path / "e").write_text("a file, not a folder")
    with pytest.raises(WorldUnreadable, match="can be written to"):
        World(tmp_path / "e")
    with pytest.raises(towns.TownWouldNotStart, match="A pace is"):
        towns.start(tmp_path / "d", pace=-3)
