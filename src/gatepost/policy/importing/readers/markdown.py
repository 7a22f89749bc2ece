"""Markdown, by markdown-it: headings, lists, tables; HTML in it is read as a web page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from gatepost.policy.importing.paper import Paragraph
from gatepost.policy.importing.readers.plain import decoded, short_enough
from gatepost.policy.importing.readers.web import paragraphs as of_html

_FRONT = re.compile(r"---\n((?:[^\n]{0,500}\n){1,60}?)---\s*\n")  # what a site generator wants to know
_PASTED = re.compile(r"(?m)^( {0,3})[•●▪◦‣]\s+")


def paragraphs(name: str, data: bytes) -> Iterator[Paragraph]:
    """In the order of the text; a table's row is one item."""
    # Bullets pasted from a word processor are none of Markdown's: without this the list would be one sentence.
    text = _PASTED.sub(r"\1- ", short_enough(name, decoded(name, data)))
    front = _FRONT.match(text)
    if front:
        for number, said in enumerate(front[1].splitlines(), start=2):
            yield Paragraph(said, f"line {number}", aside=True)
        text = "\n" * front[0].count("\n") + text[front.end() :]
    level = items = 0
    row: list[str] | None = None
    line = 0
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        line = token.map[0] + 1 if token.map else line
        place = f"line {line}"
        if token.type in ("heading_open", "heading_close"):
            level = int(token.tag[1]) if token.nesting > 0 else 0
        elif token.type in ("list_item_open", "list_item_close"):
            items += token.nesting
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            if row:
                yield Paragraph(" | ".join(row), place, 0, len(row) > 1)
            row = None
        elif token.type == "inline":
            said = _words(token)
            if row is None:
                yield Paragraph(said, place, level, items > 0 and not level)
            elif said.strip():
                row.append(said.strip())
        elif token.type in ("fence", "code_block"):
            for one in token.content.splitlines():
                yield Paragraph(one, place, 0, items > 0)
        elif token.type == "html_block" and "<" in token.content.replace("<!--", ""):
            yield from (
                Paragraph(one.text, place, one.level, one.item) for one in of_html(name, token.content.encode())
            )


def _words(token: Token) -> str:
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else "" if child.type == "html_inline" else child.content
        for child in token.children or []
    )
