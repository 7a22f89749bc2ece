"""What is remembered of words is bounded, and forgetting changes no reading."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gatepost.policy.problems import PackError
from gatepost.policy.reading import cues, load_words, normal, read, tokens
from tests.policy.reading.test_messages import PACK

LINES = (Path(__file__).parent / "messages.jsonl").read_text(encoding="utf-8").splitlines()[:30]
TEXTS = [
    *(json.loads(line)["text"] for line in LINES),
    "“É” ﬁ oh #BrokenLift",
    "straße’s “ü” #NoHotWater f***",
    "ＦＵＬＬ",
]


def test_forgetting_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    text = PACK.read_text(encoding="utf-8")
    remembered = load_words(text)
    wanted = [read(one, remembered) for one in TEXTS]
    monkeypatch.setattr(tokens, "_MOST", 3)
    monkeypatch.setattr(cues, "_MOST_CACHED", 3)
    monkeypatch.setattr(normal, "_MOST_FOLDS", 2)
    forgetful = load_words(text)
    assert [read(one, forgetful) for one in TEXTS] == wanted
    assert len(forgetful.tokens) <= 3
    assert len(forgetful.tokens.spelt) <= 3
    assert len(forgetful.book.cache) <= 3


def test_patterns_too_large_together_are_an_error_and_no_crash() -> None:
    rows = "\n".join(
        f"[[references]]\nname = 'r{place}'\npattern = '(?:[\\pL\\pN]{{1,30}}){{1,8}}x{place}'" for place in range(4)
    )
    with pytest.raises(PackError, match="too large together"):
        load_words(rows)
