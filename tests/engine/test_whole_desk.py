"""The whole desk as people start it: `gatepost up` on a new folder, its restarts and its end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from gatepost.embedded import Embedded
from gatepost.processes import alive

from .desks import refused, start

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("whole desk")]


class Running:
    """A desk that has said that it is ready."""

    def __init__(self, data: Path, *options: str, **environment: str) -> None:
        # A file, because nobody reads along: a full pipe would make the desk wait.
        self.errors = tempfile.TemporaryFile("w+")  # noqa: SIM115  (lives as long as the desk)
        self.process = start(data, "--port", "0", *options, errors=self.errors, **environment)
        assert self.process.stdout is not None
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if "Ctrl-C" in line:
                break
        else:
            self.errors.seek(0)
            raise AssertionError(self.said + self.errors.read())
        found = re.search(r"ready at (http://\S+)/", self.said)
        assert found
        self.address = found.group(1)

    def family(self) -> dict[int, str]:
        """Process ids and command lines of everything below the supervisor."""
        found = {self.process.pid: "up"}
        grown = True
        while grown:
            grown = False
            for entry in Path("/proc").iterdir():
                if not entry.name.isdecimal() or int(entry.name) in found:
                    continue
                try:
                    parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                    words = (entry / "cmdline").read_text().replace("\0", " ")
                except OSError:
                    continue
                if parent in found:
                    found[int(entry.name)] = words
                    grown = True
        return found

    def pid(self, words: str) -> int:
        """The first process with these words in its command line."""
        return min(pid for pid, line in self.family().items() if words in line)

    def words(self) -> str:
        """What its parts complained of and what runs of it, for a failure's message."""
        self.errors.seek(0)
        running = "\n".join(f"{pid}: {line}" for pid, line in self.family().items() if "postgres:" not in line)
        return f"{self.errors.read()[-5_000:]}\nrunning:\n{running}"

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        self.said += self.process.communicate(timeout=40)[0]
        return self.process.returncode


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def desk(data: Path) -> Iterator[Running]:
    desk = Running(data)
    yield desk
    if desk.process.poll() is None:
        desk.end()


def until(what: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.05)
    return what()


def healthy(desk: Running) -> bool:
    try:
        return httpx.get(desk.address + "/healthz").status_code == 200
    except httpx.TransportError:
        return False


def public_url(data: Path) -> str:
    """Where a command run beside the desk says that it is, as in a link for signing in."""
    script = (
        "from gatepost.cli.database import database\n"
        "with database():\n    from django.conf import settings\n    print(settings.PUBLIC_URL)"
    )
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GATEPOST_", "DATABASE_URL", "DJANGO_"))}
    told = subprocess.run(
        [sys.executable, "-c", script],
        env={**kept, "GATEPOST_DATA": str(data)},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.strip()


def test_it_starts_stops_and_goes_on_where_it_was(desk: Running, data: Path) -> None:
    assert healthy(desk)
    link = re.search(r"first administrator .*: (http://\S+)", desk.said)
    assert link
    town = re.search(r"practice town.*: (http://\S+)", desk.said)
    assert town
    assert httpx.get(town.group(1)).status_code == 200
    assert httpx.get(desk.address + "/", follow_redirects=True).status_code == 200
    assert httpx.get(link.group(1), follow_redirects=True).status_code == 200
    assert httpx.get(desk.address + "/static/gatepost.css").status_code == 200
    again = refused(data, "--port", "0")
    assert f"already runs at {desk.address} (process {desk.process.pid})" in again
    assert public_url(data) == desk.address

    family = list(desk.family())
    assert desk.end() == 0
    assert "Stopping" in desk.said
    assert until(lambda: not any(alive(pid) for pid in family), 2)

    second = Running(data)
    try:
        assert healthy(second)
        assert "first administrator" in second.said  # nobody has signed in yet
    finally:
        assert second.end(signal.SIGTERM) == 0


def test_parts_that_are_killed_come_back(desk: Running) -> None:
    for words in ("cli.main worker", "granian"):
        victim = desk.pid(words)
        os.kill(victim, signal.SIGKILL)
        assert until(lambda victim=victim: not alive(victim))
        assert until(lambda words=words: any(words in line for line in desk.family().values())), desk.words()
        assert until(lambda: healthy(desk)), desk.words()
    server = desk.pid("bin/postgres")
    os.kill(server, signal.SIGKILL)
    assert until(lambda: any("bin/postgres" in line for pid, line in desk.family().items() if pid != server))
    assert until(lambda: healthy(desk)), desk.words()
    assert desk.end() == 0
    for what in ("The worker stopped", "The web process stopped", "The database stopped"):
        assert what in desk.said


def test_nothing_outlives_a_killed_supervisor(desk: Running, data: Path) -> None:
    family = list(desk.family())
    assert len(family) > 5
    desk.process.kill()
    desk.process.communicate()
    assert until(lambda: not any(alive(pid) for pid in family))
    again = Running(data)
    assert healthy(again)
    assert again.end() == 0


def test_a_demonstration_leaves_nothing_behind(tmp_path: Path) -> None:
    desk = Running(tmp_path / "not used", "--demo")
    kept = re.search(r"kept in (\S+)", desk.said)
    assert kept
    folder = Path(kept.group(1))
    assert folder.is_dir()
    assert healthy(desk)
    assert desk.end() == 0
    assert not folder.parent.exists()
    assert not (tmp_path / "not used").exists()


def test_a_database_of_ones_own(data: Path, tmp_path: Path) -> None:
    with Embedded(tmp_path / "elsewhere") as server:
        desk = Running(data, DATABASE_URL=server.url)
        try:
            assert healthy(desk)
            assert not (data / "postgres").exists()
            assert f"already runs at {desk.address}" in refused(data, "--port", "0", DATABASE_URL=server.url)
        finally:
            assert desk.end() == 0
        assert server.running()


def test_a_database_that_does_not_answer_is_one_sentence(data: Path) -> None:
    said = refused(data, "--port", "0", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert said.startswith("The database cannot be used (")
    assert said.endswith("check that it runs and that DATABASE_URL is right, then start again.")
    assert "\n" not in said


def test_the_reader_of_the_memory_benchmark_counts_this_desk(desk: Running) -> None:
    script = Path(__file__).parents[2] / "benchmarks" / "memory.py"
    # How much it takes differs from machine to machine and is the benchmark's to tell; here, that it counts every part.
    command = [sys.executable, str(script), "--pid", str(desk.process.pid), "--limit", "100000"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "within (by RSS)" in done.stdout
    for part in ("gatepost.cli.main worker", "granian", "postgres: "):
        assert part in done.stdout
    done = subprocess.run([*command[:-1], "1"], capture_output=True, text=True, check=False)
    assert (done.returncode, "ABOVE (by RSS)" in done.stdout) == (1, True)
