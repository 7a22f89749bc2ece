"""A change is checked against the same change of the plain data: what would alter something else is refused."""

from __future__ import annotations

from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st
from tomlkit.exceptions import TOMLKitError

from gatepost.policy.editing import files
from gatepost.policy.editing.files import CannotChange, Maker, edited, put_list


def test_a_change_that_would_alter_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def set_it(data: Any, make: Maker) -> None:
        data["a"] = 2

    monkeypatch.setattr(files.tomlkit, "dumps", lambda document: "a = 3\n")
    with pytest.raises(CannotChange, match="is written in a way"):
        edited("pack.toml", "a = 1\n", set_it)

    def refuses(text: str) -> Any:
        raise TOMLKitError("no")

    monkeypatch.setattr(files.tomlkit, "parse", refuses)
    with pytest.raises(CannotChange, match="upload it"):
        edited("pack.toml", "a = 1\n", set_it)


WORDS = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=8), max_size=8)


@given(before=WORDS, after=WORDS)
def test_a_list_becomes_what_is_wanted(before: list[str], after: list[str]) -> None:
    text = tomlkit.dumps({"other": 1, "list": before})
    made = edited("x.toml", text, lambda data, make: put_list(data, "list", after))
    assert tomlkit.parse(made).unwrap() == {"other": 1, "list": after}


def test_remarks_inside_a_list_stay() -> None:
    text = 'list = [\n  "one", # the first\n  "two",\n  # a remark\n  "three",\n]\n'
    made = edited("x.toml", text, lambda data, make: put_list(data, "list", ["one", "three", "four"]))
    assert "# the first" in made
    assert "# a remark" in made
    assert '"two"' not in made
