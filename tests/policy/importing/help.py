"""What the tests of the import share."""

from __future__ import annotations

import re
from pathlib import Path

from gatepost.policy.importing import Document, DraftPack, Paragraph, draft

WORDS = (Path(__file__).parents[3] / "packs" / "bhp" / "words.toml").read_text("utf-8")


def tokens(text: str) -> list[str]:
    return re.findall(r"[^\s|]+", text)


def of_lines(*lines: str) -> Document:
    """A document whose lines are paragraphs; "# " begins a heading, "- " an item."""
    found = []
    for place, line in enumerate(lines, start=1):
        level = 2 if line.startswith("# ") else 0
        item = line.startswith("- ")
        found.append(Paragraph(line.removeprefix("# ").removeprefix("- "), f"line {place}", level, item))
    return Document("policy.txt", "txt", tuple(found))


def drafted(*lines: str, words: str = "") -> DraftPack:
    return draft(of_lines(*lines), words)


def nothing_dropped(document: Document, made: DraftPack) -> None:
    """Every word of the document is in the account, in its order, and in policy.md."""
    whole = [token for one in document.paragraphs for token in tokens(one.text)]
    assert [token for one in made.sentences for token in tokens(one.text)] == whole
    kept = re.sub(r"(?m)^(?:#{1,6} |(?:- )?\[[a-z0-9_]+\.\d+\] |\\(?=[#\[*-]))", "", made.files["policy.md"])
    assert [token for token in tokens(kept) if token != "-"] == [token for token in whole if token != "-"]


def found(made: DraftPack, what: str) -> list[str]:
    return [one.value for one in made.guesses if one.what == what]
