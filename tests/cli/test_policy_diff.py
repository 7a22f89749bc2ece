"""`gatepost policy diff`, as somebody sees it."""

from pathlib import Path

import pytest

from gatepost.cli.main import main
from tests.policy.small import FILES


def folder(path: Path, **changed: str) -> Path:
    path.mkdir()
    for name, text in {**FILES, **{f"{key}.toml": text for key, text in changed.items()}}.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


def test_diff_groups_by_clause_and_says_what_it_comes_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = folder(tmp_path / "old")
    wordings = FILES["wordings.toml"].replace("We are sorry.", "We are very sorry.")
    new = folder(tmp_path / "new", wordings=wordings, roles=FILES["roles.toml"].replace("Rowan Ellis", "Ash Vyas"))
    assert main(["policy", "diff", str(old), str(new)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Clause usage.7: Complaints get: an approved wording",
        "  - The wording “Sorry” changes: text: “very” is put in after “We are”.",
        "",
        "Not tied to one clause",
        "  - The role “Officer” changes: who holds it: from “Rowan Ellis” to “Ash Vyas”.",
        "",
        "2 changes alter what the desk does; 0 are of words alone.",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "last"),
    [
        ("pack", 'version = "1"', 'version = "2"', "No difference in what it does, only in its words."),
        ("pack", 'id = "small"', '# note\nid = "small"', "No difference in what it does, nor in its words"),
        ("pack", "x", "x", "The two packs are the same."),
    ],
)
def test_when_nothing_the_desk_does_changes(
    file: str, old: str, new: str, last: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = folder(tmp_path / "one")
    other = folder(tmp_path / "other", **{file: FILES[f"{file}.toml"].replace(old, new)})
    assert main(["policy", "diff", str(one), str(other)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith(last)


def test_a_pack_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "diff", str(tmp_path / "no"), str(tmp_path)]) == 1
    assert "There is no policy pack in" in capsys.readouterr().err
