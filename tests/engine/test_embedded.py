"""The embedded PostgreSQL against the real binaries: starts, deaths, locks and folders."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gatepost.binaries import Doorway, identity
from gatepost.embedded import MAJOR, AlreadyRunning, Embedded, EmbeddedError, url_of
from gatepost.processes import alive

PARENT = """
import sys, time
from pathlib import Path
from gatepost.embedded import Embedded
server = Embedded(Path(sys.argv[1]))
server.start()
print(server.process.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Embedded]:
    with Embedded(tmp_path / "data") as server:
        yield server


def write(server: Embedded, *numbers: int) -> None:
    with psycopg.connect(server.url) as db:
        db.execute("CREATE TABLE IF NOT EXISTS kept (n int PRIMARY KEY)")
        for n in numbers:
            db.execute("INSERT INTO kept VALUES (%s)", [n])


def kept(server: Embedded) -> list[int]:
    with psycopg.connect(server.url) as db:
        return [row[0] for row in db.execute("SELECT n FROM kept ORDER BY n")]


def gone(pid: int, seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not alive(pid)


def setting(server: Embedded, name: str) -> str:
    with psycopg.connect(server.url) as db:
        row = db.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


def test_rows_are_there_after_stop_and_start(server: Embedded) -> None:
    write(server, 1, 2)
    server.stop()
    assert not server.running()
    server.start()
    assert kept(server) == [1, 2]


def test_new_cluster_has_checksums_unicode_order_and_no_tcp(server: Embedded) -> None:
    assert setting(server, "data_checksums") == "on"
    assert setting(server, "listen_addresses") == ""
    with psycopg.connect(server.url) as db:
        row = db.execute(
            "SELECT datlocprovider::text, datlocale, pg_encoding_to_char(encoding), upper('é') FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()
    assert row == ("b", "C.UTF-8", "UTF8", "É")


def test_the_log_never_carries_what_residents_wrote(server: Embedded) -> None:
    write(server, 1)
    with psycopg.connect(server.url) as db, pytest.raises(psycopg.Error):
        db.execute("INSERT INTO kept SELECT 1 WHERE 'call me on 07700 900123' <> ''")
    assert "duplicate key" in server.log.read_text()
    assert "900123" not in server.log.read_text()


def test_only_this_user_may_enter(server: Embedded) -> None:
    assert server.socket.stat().st_mode & 0o077 == 0
    assert server.cluster.stat().st_mode & 0o077 == 0
    with psycopg.connect(server.url) as db:
        assert db.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (False,)


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's server runs as that user, who is let in")
def test_the_user_the_server_runs_as_is_not_let_in(server: Embedded) -> None:
    with Doorway(server.socket) as door:  # as if the folders above did not already keep it out
        asked = subprocess.run(
            [server.bin / "psql", "-h", door.path, "-U", "gatepost", "-d", "gatepost", "-c", "SELECT 1"],
            capture_output=True,
            text=True,
            check=False,
            pass_fds=door.fds,
            **identity(server.owner),
        )
    assert asked.returncode != 0
    assert "Peer authentication failed" in asked.stderr


def test_killed_server_starts_again_with_every_committed_row(server: Embedded) -> None:
    write(server, 1, 2, 3)
    assert server.process is not None
    server.process.kill()
    assert gone(server.process.pid)
    assert not server.running()
    server.restart()
    assert kept(server) == [1, 2, 3]


def test_killed_parent_takes_the_server_with_it(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert alive(pid)
    parent.kill()
    parent.wait()
    with Embedded(tmp_path) as server:  # waits for what is left of the old server, then starts
        assert not alive(pid)
        assert server.running()


def test_second_starter_is_refused_and_the_first_goes_on(server: Embedded) -> None:
    write(server, 7)
    second = subprocess.run(
        [sys.executable, "-c", PARENT, str(server.data)], capture_output=True, text=True, check=False, timeout=30
    )
    assert "AlreadyRunning" in second.stderr
    assert f"process {os.getpid()}" in second.stderr
    with pytest.raises(AlreadyRunning):
        server.start()
    assert kept(server) == [7]


def test_stale_pid_file_of_a_living_process_does_not_matter(server: Embedded) -> None:
    write(server, 1)
    pid_file = server.cluster / "postmaster.pid"
    assert server.process is not None
    server.process.kill()
    gone(server.process.pid)
    # The number was given to another process of the same user: PostgreSQL alone would refuse to start.
    other = subprocess.Popen(["sleep", "60"], **identity(server.owner))
    try:
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
        server.restart()
        assert kept(server) == [1]
    finally:
        other.kill()
        other.wait()


def test_long_path_gets_a_short_private_socket_folder(tmp_path: Path) -> None:
    with Embedded(tmp_path / ("long" * 20) / ("path" * 20)) as server:
        assert len(str(server.socket)) < 90
        assert server.socket.stat().st_mode & 0o077 == 0
        write(server, 1)
        assert kept(server) == [1]
    server.socket.rmdir()


def test_the_address_is_left_for_other_commands(server: Embedded) -> None:
    assert url_of(server.data) == server.url
    assert url_of(server.data / "elsewhere") is None


def test_half_made_cluster_is_made_again(tmp_path: Path) -> None:
    half = tmp_path / "postgres" / f"{MAJOR}.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with Embedded(tmp_path) as server:
        write(server, 1)


def test_cluster_of_another_version_says_so(tmp_path: Path) -> None:
    cluster = tmp_path / "postgres" / MAJOR
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedError, match="written by PostgreSQL 16 and this desk brings 18"):
        Embedded(tmp_path).start()


def test_a_file_where_the_folder_should_be_says_so(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(EmbeddedError, match="data"):
        Embedded(tmp_path / "data").start()


def test_setting_the_server_refuses_is_reported_and_lets_the_lock_go(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedError, match="did not start"):
        Embedded(tmp_path, settings={"shared_buffers": "nonsense"}).start()
    with Embedded(tmp_path) as server:
        assert server.running()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount a small disk")
def test_full_disk_is_one_sentence(tmp_path: Path) -> None:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(tmp_path)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("this machine does not let root mount a small disk")
    try:
        with pytest.raises(EmbeddedError, match="make room"):
            Embedded(tmp_path / "data").start()
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_unknown_user_number_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 424242)
    with pytest.raises(EmbeddedError, match="user number 424242 has none"):
        Embedded(tmp_path).start()


def test_stop_is_clean_and_ends_open_transactions(server: Embedded) -> None:
    write(server, 1)
    db = psycopg.connect(server.url)
    db.execute("INSERT INTO kept VALUES (2)")
    process = server.process
    assert process is not None
    server.stop()
    assert process.returncode == 0
    with pytest.raises(psycopg.OperationalError):
        db.commit()
    server.start()
    assert kept(server) == [1]
