"""Web pages, by lxml, however badly they are written. Scripts are left out; navigation is set aside."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from gatepost.policy.importing.paper import Paragraph
from gatepost.policy.importing.readers.plain import decoded

_LEFT_OUT = {"script", "style", "template", "noscript", "svg", "math", "iframe", "object", "select", "button"}
_ASIDE = {"title", "nav", "header", "footer", "aside", "form"}
_INLINE = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
    "var",
}  # fmt: skip
_HEADING = re.compile(r"^h([1-6])$")
_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,30})""", re.IGNORECASE)


def paragraphs(name: str, data: bytes) -> Iterator[Paragraph]:
    """In the order of the page; a table's row is one item."""
    declared = _DECLARED.search(data[:4096])
    text = decoded(name, data, declared[1].decode("ascii") if declared else "")
    # A fixed encoding both ways: the page's own declaration was heeded already and must not be heeded twice.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    yield from _Walk().over(root)


class _Walk:
    """Collects words until a block begins or ends."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.level = self.item = self.aside = self.left_out = 0
        self.quoted = False
        self.row: list[str] | None = None
        self.line = 0

    def over(self, root: html.HtmlElement) -> Iterator[Paragraph]:
        for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            if event in ("comment", "pi"):
                self._take(element.tail)
                continue
            tag = str(element.tag)
            if event == "start":
                yield from self._begins(tag, element)
            else:
                yield from self._ends(tag, element)
        yield from self._flush()

    def _take(self, text: str | None) -> None:
        if text and not self.left_out:
            self.words.append(text)

    def _begins(self, tag: str, element: html.HtmlElement) -> Iterator[Paragraph]:
        if tag not in _INLINE:
            yield from self._flush()
            self.line = element.sourceline or self.line
        if tag == "q":
            self._take("“")
        self.left_out += tag in _LEFT_OUT
        self.aside += tag in _ASIDE
        self.item += tag in ("li", "dd")
        if tag == "tr":
            self.row = []
        heading = _HEADING.match(tag)
        if heading:
            self.level = int(heading[1])
        self._take(element.text)

    def _ends(self, tag: str, element: html.HtmlElement) -> Iterator[Paragraph]:
        if tag == "q":
            self._take("”")
        if tag not in _INLINE:
            yield from self._flush()
        if tag == "tr" and self.row is not None:
            cells, self.row = self.row, None
            if cells:
                yield Paragraph(" | ".join(cells), f"line {self.line}", 0, len(cells) > 1, self.aside > 0)
        self.left_out -= tag in _LEFT_OUT
        self.aside -= tag in _ASIDE
        self.item -= tag in ("li", "dd")
        if _HEADING.match(tag):
            self.level = 0
        self._take(element.tail)

    def _flush(self) -> Iterator[Paragraph]:
        text = " ".join("".join(self.words).split())
        self.words.clear()
        if not text:
            return
        if self.row is not None:
            self.row.append(text)
            return
        yield Paragraph(text, f"line {self.line}", self.level, self.item > 0 and not self.level, self.aside > 0)
