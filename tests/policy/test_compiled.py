"""The readers as machine code say what their sources say, and are never older than these."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gatepost.policy import compiled

ROOT = Path(__file__).resolve().parents[2]
ASKED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from gatepost.policy import compiled
from gatepost.policy.decide import decide, decide_many
from gatepost.policy.model import Inbound
from gatepost.policy.pack import load
import json
pack, at = load(Path(sys.argv[1])), datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
texts = json.load(sys.stdin)
messages = [Inbound(str(place), text) for place, text in enumerate(texts)]
told = [repr(one) for one in decide_many(messages, pack, at)]
assert told[:20] == [repr(decide(one, pack, at)) for one in messages[:20]]
json.dump([compiled.in_use(), told], sys.stdout)
"""
ODD = ["", " ", "\ud83d", "ﬀ ﬁ ½ ǆ", "f u c k  y o u", "\u202eabc\u202c", "1" * 300]
LONG = ["ﷺ" * 50, "a" * 9000, "no no no " * 700]


def told(texts: list[str], **settings: str) -> tuple[bool, list[str]]:
    """What a process of its own makes of the texts, and whether it was compiled."""
    done = subprocess.run(
        [sys.executable, "-c", ASKED, str(ROOT / "packs" / "bhp")],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        env={**{name: value for name, value in os.environ.items() if name != compiled.PLAIN}, **settings},
    )
    use, what = json.loads(done.stdout)
    return bool(use), list(what)


def test_compiled_or_not_the_readers_say_the_same() -> None:
    lines = (ROOT / "tests/policy/reading/messages.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [*(json.loads(line)["text"] for line in lines), *ODD, *LONG]
    plain, of_sources = told(texts, **{compiled.PLAIN: "1"})
    assert not plain
    use, of_machine = told(texts)
    assert use == compiled.folder().is_dir()
    assert of_machine == of_sources


def test_every_module_that_is_compiled_is_there_and_the_rest_is_known() -> None:
    assert [name for name in compiled.COMPILED if not compiled.source(name).is_file()] == []
    readers = {path.stem for path in compiled.source("reading.words").parent.glob("*.py")} - {"__init__"}
    left = readers - {name.removeprefix("reading.") for name in compiled.COMPILED}
    # These read files, or are asked for by few.
    assert left == {"learning", "plain_english", "windows", "words"}


def test_a_source_that_changes_leaves_what_was_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*compiled.COMPILED, "clocks", "model", "pack", "quick", "schema", "reading.windows", "reading.words"):
        (tmp_path / "reading").mkdir(exist_ok=True)
        tmp_path.joinpath(*name.split(".")).with_suffix(".py").write_bytes(compiled.source(name).read_bytes())
    before = compiled.digest()
    monkeypatch.setattr(compiled, "_HERE", tmp_path)
    assert compiled.digest() == before
    (tmp_path / "reading" / "spam.py").write_text("CHANGED = True\n", encoding="utf-8")
    assert compiled.digest() != before


def test_what_was_compiled_is_found_before_its_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.delenv(compiled.PLAIN, raising=False)
    assert not compiled.use()  # nothing was built
    compiled.folder().mkdir(parents=True)
    monkeypatch.setenv(compiled.PLAIN, "1")
    assert not compiled.use()
    monkeypatch.delenv(compiled.PLAIN)
    assert compiled.use()
    finder = sys.meta_path[0]
    found = finder.find_spec("gatepost.policy.reading.spam", None)
    assert found is not None
    assert found.origin is not None
    assert found.origin.startswith(str(compiled.folder() / "gatepost" / "policy" / "reading" / "spam."))
    assert finder.find_spec("gatepost.policy.reading.words", None) is None


def test_whether_it_is_in_use_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gatepost__mypyc", compiled)
    assert compiled.in_use()
    monkeypatch.delitem(sys.modules, "gatepost__mypyc")
    assert not compiled.in_use()
