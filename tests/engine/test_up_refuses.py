"""What stops `gatepost up` is said in one sentence, before anything has been started."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from gatepost.cli import ports
from gatepost.cli.lock import DeskLock
from gatepost.cli.prepare import explained
from gatepost.cli.up import answers
from gatepost.embedded import Embedded

from .desks import refused


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = refused(tmp_path / "data", "--port", str(port))
    assert said == (
        f"Port {port} on 127.0.0.1 is used by another program: stop that, or choose another with --port {port + 1}."
    )
    assert not (tmp_path / "data" / "postgres").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--port", "70000"), "There is no port 70000"),
        (("--host", "desk.invalid"), "“desk.invalid” is no address of this machine"),
        (("--host", "192.0.2.1"), "cannot listen on 192.0.2.1"),
    ],
)
def test_senseless_addresses(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    assert said in refused(tmp_path, *options)


def test_a_desk_that_runs_already(tmp_path: Path) -> None:
    held = DeskLock(tmp_path)
    held.take()
    held.tell("http://127.0.0.1:8123")
    said = refused(tmp_path, "--port", "0")
    assert f"already runs at http://127.0.0.1:8123 (process {os.getpid()})" in said
    held.release()


def test_another_server_on_the_same_folder(tmp_path: Path) -> None:
    with Embedded(tmp_path):
        assert f"(process {os.getpid()}) is already running" in refused(tmp_path, "--port", "0")


def test_a_file_instead_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert "cannot be used" in refused(tmp_path / "data", "--port", "0")


def test_a_cluster_of_another_version(tmp_path: Path) -> None:
    cluster = tmp_path / "postgres" / "18"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("14\n")
    assert "written by PostgreSQL 14" in refused(tmp_path, "--port", "0")


def test_a_setting_that_cannot_be(tmp_path: Path) -> None:
    said = refused(tmp_path, "--port", "0", "--no-town", GATEPOST_POLL_SECONDS="a minute")
    assert said.startswith("GATEPOST_POLL_SECONDS is 'a minute'. It must be a whole number")


def test_town_ports_stay_the_same_for_connected_channels(tmp_path: Path) -> None:
    note = tmp_path / "town.json"
    first = ports.town_ports(note, (ports.free_port("127.0.0.1", 0), ports.free_port("127.0.0.1", 0)))
    assert ports.town_ports(note, (1, 2)) == first
    with socket.socket() as other:
        other.bind(("127.0.0.1", first[0]))
        other.listen()
        moved = ports.town_ports(note, (1, 2))
    assert moved[0] != first[0]
    assert moved[1] == first[1]
    note.write_text('{"http": "x"}')
    assert all(port > 0 for port in ports.town_ports(note, first))


def test_nobody_answers_on_a_closed_port() -> None:
    assert not answers(f"http://127.0.0.1:{ports.free_port('127.0.0.1', 0)}/healthz")


def test_errors_of_ours_are_not_dressed_up() -> None:
    assert explained(KeyError("x")) is None
    assert explained(PermissionError(13, "Permission denied", "/x")) == (
        "The data folder cannot be used (Permission denied: /x): mend that and start again."
    )
