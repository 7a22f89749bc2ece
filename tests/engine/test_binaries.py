"""The server's binaries, user and folders under awkward permissions, and what its complaints become."""

from __future__ import annotations

import errno
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gatepost import binaries
from gatepost.embedded import Embedded, EmbeddedError

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")

AS_SOMEBODY = """
import sys
from pathlib import Path
import psycopg
from gatepost.embedded import Embedded
with Embedded(Path(sys.argv[1])) as server, psycopg.connect(server.url) as db:
    print(db.execute("SELECT current_user").fetchone()[0])
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="gatepost-tests-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@root_only
def test_binaries_under_a_closed_home_are_copied_once(
    tmp_path: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = binaries.wheel_bin().parent.parent
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    shutil.copytree(wheel / "pginstall18", closed / wheel.name / "pginstall18", symlinks=True)
    libraries = wheel.name + ".libs"
    shutil.copytree(wheel.with_name(libraries), closed / libraries, symlinks=True)
    monkeypatch.setattr(binaries, "wheel_bin", lambda: closed / wheel.name / "pginstall18" / "bin")
    monkeypatch.setattr(binaries, "copies", lambda: (tmp_path / "closed too", open_folder / "copies"))

    for _ in range(2):
        with Embedded(tmp_path / "data") as server:
            assert server.bin.is_relative_to(open_folder)
            with psycopg.connect(server.url) as db:
                assert db.execute("SELECT 1").fetchone() == (1,)
    assert len(list((open_folder / "copies").iterdir())) == 1
    assert closed.stat().st_mode & 0o077 == 0  # nobody's permissions were widened


@root_only
def test_a_folder_somebody_else_made_is_not_used_for_copies(open_folder: Path) -> None:
    trap = open_folder / "copies"
    trap.mkdir()
    os.chown(trap, 65534, 65534)
    wheel = binaries.wheel_bin().parent.parent
    with pytest.raises(PermissionError):
        binaries._copy(wheel, wheel.with_name(wheel.name + ".libs"), trap, "x")


@root_only
def test_an_ordinary_user_runs_the_server_as_themselves(open_folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    readable = "/usr/bin/python3"
    site = [p for p in sys.path if p]
    asked = subprocess.run(
        [readable, "-c", "import psycopg, gatepost.embedded"],
        **binaries.identity(nobody),
        env={"PYTHONPATH": os.pathsep.join(site)},
        capture_output=True,
        check=False,
    )
    if asked.returncode != 0:
        pytest.skip("no Python here that an ordinary user can run with these packages")
    home = open_folder / "theirs"
    home.mkdir(mode=0o700)
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    for _ in range(2):
        done = subprocess.run(
            [readable, "-c", AS_SOMEBODY, str(home / "data")],
            **binaries.identity(nobody),
            env={"PYTHONPATH": os.pathsep.join(site), "PGHOST": "nowhere", "PGUSER": "mallory"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout.strip() == "gatepost", done.stderr
    assert (home / "data" / "postgres" / "18").stat().st_uid == nobody.pw_uid


@root_only
def test_a_folder_of_an_unknown_user_says_what_to_do(tmp_path: Path) -> None:
    home = tmp_path / "postgres"
    home.mkdir()
    os.chown(home, 424242, 424242)
    with pytest.raises(EmbeddedError, match="belongs to user number 424242"):
        Embedded(tmp_path).start()


def test_a_prepared_socket_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/tmp")
    wanted = tmp_path / ("x" * 120)
    folder = binaries.socket_folder(wanted)
    try:
        assert folder.parent == Path("/tmp")
        folder.chmod(0o755)  # anybody could have made it so
        with pytest.raises(PermissionError, match="not a private folder"):
            binaries.socket_folder(wanted)
    finally:
        folder.rmdir()


def test_complaints_become_one_sentence_with_the_mend(tmp_path: Path) -> None:
    full = binaries.explain("PANIC:  could not write: No space left on device\nmore", tmp_path, "did not start")
    assert "is full" in full
    assert "make room" in full
    other = binaries.explain("LOG: a\nFATAL:  lock file is empty\nLOG: down\n", tmp_path, "did not start")
    assert "(FATAL:  lock file is empty)" in other
    assert "it said nothing" in binaries.explain("", tmp_path, "did not start")
    assert "Permission" not in binaries.explain("Permission denied", tmp_path, "did not start")
    read_only = binaries.plain(OSError(errno.EROFS, "Read-only file system", "/x"), tmp_path)
    assert read_only.startswith("The desk may not write /x (Read-only file system)")
    assert "is full" in binaries.plain(OSError(errno.ENOSPC, "No space left on device"), tmp_path)
    assert "cannot be used" in binaries.plain(OSError(errno.EIO, "Input/output error"), tmp_path)
