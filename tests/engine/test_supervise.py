"""The process tree: restarts, order of stopping, nobody left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gatepost.cli.lock import DeskLock, DeskRuns
from gatepost.cli.supervise import Part, PartFailed, Tree, ending
from gatepost.embedded import Embedded
from gatepost.processes import alive

NOTES_ITS_END = """
import os, signal, sys, time
def end(*_):
    with open(sys.argv[1], "a") as file: file.write(sys.argv[2] + chr(10))
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("ready", flush=True)
time.sleep(60)
"""
WITH_CHILD = """
import subprocess, sys, time
child = subprocess.Popen(["sleep", "60"])
open(sys.argv[1], "w").write(str(child.pid))
time.sleep(60)
"""
SUPERVISOR = """
import os, sys, time
from gatepost.cli.supervise import Part, Stop, Tree, heed_signals
heed_signals()
tree = Tree(print)
try:
    part = tree.add(Part("sleeper", ["sleep", "60"], os.environ))
    print(part.process.pid, flush=True)
    tree.watch()
except Stop as stop:
    print("asked by", stop, flush=True)
finally:
    tree.stop()
"""


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def tree(said: list[str]) -> Iterator[Tree]:
    tree = Tree(said.append)
    yield tree
    tree.stop()


def until(what: Callable[[], bool], seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.02)
    return what()


def part(name: str, *command: str, patience: float = 5) -> Part:
    return Part(name, command, os.environ, patience)


def test_a_part_that_dies_is_started_again_and_said(tree: Tree, said: list[str]) -> None:
    sleeper = tree.add(part("sleeper", "sleep", "60"))
    assert sleeper.process is not None
    first = sleeper.process.pid
    os.kill(first, signal.SIGKILL)
    assert until(lambda: not sleeper.running())
    tree.look()
    assert said == ["The sleeper stopped (killed by SIGKILL); it is started again in 0.5 s."]
    assert until(lambda: tree.look() is None and sleeper.running())
    assert sleeper.process.pid != first


def test_a_part_that_keeps_dying_is_given_longer_and_longer(tree: Tree, said: list[str]) -> None:
    tree.add(part("breaker", sys.executable, "-c", "raise SystemExit(3)"))
    assert until(lambda: tree.look() is None and len(said) >= 3)
    assert [line.rsplit(" in ", 1)[1] for line in said[:3]] == ["0.5 s.", "1 s.", "2 s."]
    assert "exit code 3" in said[0]


def test_a_part_that_cannot_be_started_is_tried_again(tree: Tree, said: list[str], tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.symlink_to(shutil.which("sleep") or "")
    sleeper = tree.add(part("sleeper", str(program), "60"))
    assert sleeper.process is not None
    program.rename(tmp_path / "away")
    sleeper.process.kill()
    assert until(lambda: tree.look() is None and len(said) == 2)
    assert "The sleeper could not be started" in said[1]
    assert said[1].endswith("tried again in 1 s.")
    (tmp_path / "away").rename(program)
    assert until(lambda: tree.look() is None and sleeper.running())


def test_parts_stop_in_the_reverse_order(tree: Tree, tmp_path: Path) -> None:
    ends = tmp_path / "ends"
    for name in ("town", "worker", "web"):
        started = tree.add(part(name, sys.executable, "-c", NOTES_ITS_END, str(ends), name))
        time.sleep(0.3)
        assert started.running()
    tree.stop()
    assert ends.read_text().split() == ["web", "worker", "town"]


def test_a_part_that_will_not_stop_is_killed(tree: Tree) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    stubborn = tree.add(part("stubborn", sys.executable, "-c", deaf, patience=0.5))
    time.sleep(0.3)
    tree.stop()
    assert stubborn.process is not None
    assert stubborn.process.returncode == -signal.SIGKILL


def test_the_children_of_a_dead_part_do_not_stay(tree: Tree, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    parent = tree.add(part("parent", sys.executable, "-c", WITH_CHILD, str(note)))
    assert until(lambda: note.exists() and note.read_text() != "")
    child = int(note.read_text())
    assert parent.process is not None
    parent.process.kill()
    assert until(lambda: not parent.running())
    assert alive(child)
    tree.look()
    assert until(lambda: not alive(child))


def test_a_part_that_ends_before_it_is_ready_is_one_sentence(tree: Tree) -> None:
    broken = tree.add(part("web process", sys.executable, "-c", "raise SystemExit(2)"))
    with pytest.raises(PartFailed, match=r"The web process did not start \(exit code 2\)"):
        tree.await_ready(broken, lambda: False)
    slow = tree.add(part("worker", "sleep", "60"))
    with pytest.raises(PartFailed, match="did not answer within 0 seconds"):
        tree.await_ready(slow, lambda: False, seconds=0.2)


def test_a_dead_database_is_started_again(tree: Tree, said: list[str], tmp_path: Path) -> None:
    tree.database = Embedded(tmp_path)
    tree.database.start()
    assert tree.database.process is not None
    tree.database.process.kill()
    assert until(lambda: tree.database is not None and not tree.database.running())
    tree.look()
    assert tree.database.running()
    assert said == ["The database stopped; it is started again. Nothing committed is lost."]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_part_outlives_the_supervisor(how: signal.Signals) -> None:
    supervisor = subprocess.Popen([sys.executable, "-c", SUPERVISOR], stdout=subprocess.PIPE, text=True)
    assert supervisor.stdout is not None
    sleeper = int(supervisor.stdout.readline())
    assert alive(sleeper)
    supervisor.send_signal(how)
    rest = supervisor.communicate(timeout=20)[0]
    assert until(lambda: not alive(sleeper))
    if how != signal.SIGKILL:
        assert rest == f"asked by {how.name}\n"
        assert supervisor.returncode == 0


def test_one_desk_for_one_folder(tmp_path: Path) -> None:
    first, second = DeskLock(tmp_path), DeskLock(tmp_path)
    first.take()
    with pytest.raises(DeskRuns, match="still starting"):
        second.take()
    first.tell("http://127.0.0.1:8000/")
    with pytest.raises(DeskRuns, match=rf"http://127\.0\.0\.1:8000/ \(process {os.getpid()}\)"):
        second.take()
    first.release()
    second.take()
    second.release()


def test_endings_in_words() -> None:
    assert [ending(code) for code in (None, 0, 1, -9)] == [
        "not started",
        "exit code 0",
        "exit code 1",
        "killed by SIGKILL",
    ]
