#!/usr/bin/env python3
"""Builds the readers as machine code into the virtual environment this runs in: `.venv/bin/python scripts/compile.py`.

Does nothing when they are built already, or GATEPOST_PLAIN is set. Never fails: where they cannot be built, it says why
and how to mend it, and the desk runs them as plain Python.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
TOOLS = Path(sys.prefix) / "compile-tools"
LOCK = ROOT / "requirements/compile.txt"
BUILD = """
import sys
from mypyc.build import mypycify
from setuptools import setup
config, group, out, *files = sys.argv[1:]
setup(
    name="readers",
    package_dir={"": "src"},
    packages=[],
    ext_modules=mypycify(
        ["--config-file", config, *files], opt_level="2", debug_level="0", multi_file=True, group_name=group
    ),
    script_args=["-q", "build_ext", "--build-lib", out, "--build-temp", "build", "-j2"],
)
"""
CONFIG = """
[mypy]
python_version = {0.major}.{0.minor}
mypy_path = src
explicit_package_bases = True
ignore_missing_imports = True
"""


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def load_list() -> ModuleType:
    """The list of what is compiled, without the package that would import it."""
    spec = importlib.util.spec_from_file_location("compiled", ROOT / "src/gatepost/policy/compiled.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError("src/gatepost/policy/compiled.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lacks() -> str:
    """What is missing here for compiling, or nothing."""
    if not any(map(shutil.which, ("cc", "gcc", "clang"))):
        return "there is no C compiler here"
    if not Path(sysconfig.get_path("include"), "Python.h").is_file():
        return "the header files of this Python are not here"
    return ""


def tools() -> None:
    """The compiler of Python, by its lock, into a folder of its own."""
    done = TOOLS / "installed"
    if done.is_file() and done.read_bytes() == LOCK.read_bytes():
        return
    shutil.rmtree(TOOLS, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-q", "--no-deps"]
    run([*pip, "--require-hashes", "--target", str(TOOLS), "-r", str(LOCK)], ROOT)
    done.write_bytes(LOCK.read_bytes())


def run(command: list[str], where: Path) -> None:
    """Runs it, or raises OSError with the end of what it said."""
    paths = {**os.environ, "PYTHONPATH": str(TOOLS)}
    done = subprocess.run(
        command, cwd=where, env=paths, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        raise OSError("\n".join(done.stdout.strip().splitlines()[-12:]))


def build(known: ModuleType, into: Path) -> None:
    """Builds in a copy, so that nothing is left among the sources, and puts what came out in its place at once."""
    tools()
    into.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into.parent) as name:
        here = Path(name)
        policy = Path("src/gatepost/policy")
        shutil.copytree(ROOT / policy, here / policy, ignore=shutil.ignore_patterns("*.pyc"))
        shutil.copy(ROOT / "src/gatepost/__init__.py", here / "src/gatepost/__init__.py")
        (here / "mypy.ini").write_text(CONFIG.format(sys.version_info), encoding="utf-8")
        (here / "build.py").write_text(BUILD, encoding="utf-8")
        files = [f"src/gatepost/policy/{module.replace('.', '/')}.py" for module in known.COMPILED]
        run([sys.executable, "build.py", "mypy.ini", known.LIBRARY, "out", *files], here)
        for old in into.parent.iterdir():
            if old not in (here, into):
                shutil.rmtree(old, ignore_errors=True)
        (here / "out").rename(into)


def main() -> None:
    known = load_list()
    into = known.folder()
    if into.is_dir() or os.environ.get(known.PLAIN):
        return
    missing = lacks()
    if missing:
        say(
            f"The readers run as plain Python, which is slower: {missing}. "
            "(Debian and Ubuntu: apt-get install build-essential python3-dev, then run this again.)"
        )
        return
    say("Compiling the readers (once; about a minute)…")
    try:
        build(known, into)
    except OSError as problem:
        say(f"{problem}\nThe readers could not be compiled: see above. They run as plain Python, which is slower.")


if __name__ == "__main__":
    main()
