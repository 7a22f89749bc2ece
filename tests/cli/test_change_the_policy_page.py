"""docs/howto/change-the-policy.md, done as it says, as far as it needs no desk; its other commands are known ones."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from gatepost.cli.main import main, parser

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "howto" / "change-the-policy.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    gatepost (.+)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_one(command: str) -> None:
    assert parser().parse_args(shlex.split(command)).run


def block(after: str) -> str:
    """The indented lines of the page that follow a sentence."""
    found = re.search(re.escape(after) + r"[^\n]*\n\n((?:    .+\n)+)", PAGE)
    assert found, after
    return "".join(line[4:] + "\n" for line in found[1].splitlines())


def test_the_changes_can_be_made_as_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = ROOT / "packs" / "bhp", tmp_path / "new"
    shutil.copytree(old, new)
    wanted = block("behind `text`:")
    wordings = (new / "wordings.toml").read_text(encoding="utf-8")
    was = re.search(r"\[wording\.acknowledgement\]\n(?:.+\n)+", wordings)
    assert was
    (new / "wordings.toml").write_text(wordings.replace(was[0], wanted), encoding="utf-8")
    rules = (new / "rules.toml").read_text(encoding="utf-8")
    threshold = block("stand at the top:").splitlines()[1]
    (new / "rules.toml").write_text(re.sub(r"^complaint = .*$", threshold, rules, flags=re.MULTILINE), encoding="utf-8")
    version = block("the two apart later:").strip()
    pack = (new / "pack.toml").read_text(encoding="utf-8")
    (new / "pack.toml").write_text(re.sub(r'^version = ".*"$', version, pack, flags=re.MULTILINE), encoding="utf-8")
    assert main(["policy", "check", str(new)]) == 0
    assert main(["policy", "test", "--pack", str(new)]) == 1
    assert "acknowledgement_unchanged" in capsys.readouterr().out, "the page says that the example will say so"
    assert main(["policy", "diff", str(old), str(new)]) == 0
    out = capsys.readouterr().out
    assert "from 0.5 to 0.4: more messages will be read so" in out
    assert "The wording “A member of staff will be in touch” changes" in out
    assert "version: from “draft-1” to “draft-2”" in out
