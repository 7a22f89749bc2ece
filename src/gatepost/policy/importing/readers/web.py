"""Web pages, by lxml, however badly they are written. Scripts are left out; navigation is set aside."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from gatepost.policy.importing.paper import Paragraph
from gatepost.policy.importing.readers.plain import decoded

_LEFT_OUT = {"script", "style", "template", "noscript", "svg", "math", "iframe", "object", "select", "button"}
_BOLD = {"b", "strong"}
_ASIDE = {"title", "nav", "header", "footer", "aside", "form"}
_INLINE = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
    "var",
}  # fmt: skip
_HEADING = re.compile(r"^h([1-6])$")
_ASIDE_ROLES = {"navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "complementary"}
_ASIDE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:cookies?|nav|navbar|navigation|breadcrumbs?|skip|menu|sidebar|feedback|share|pagination|"
    r"(?:site|page|global)[_-](?:header|footer))(?:$|[\s_-])",
    re.IGNORECASE,
)
_MAIN_SHARE = 0.3  # of the page's words: what is called the main part is believed to be it
_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,30})""", re.IGNORECASE)


def paragraphs(name: str, data: bytes) -> Iterator[Paragraph]:
    """In the order of the page; a table's row is one item."""
    declared = _DECLARED.search(data[:4096])
    text = decoded(name, data, declared[1].decode("ascii") if declared else "")
    # A fixed encoding both ways: the page's own declaration was heeded already and must not be heeded twice.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    yield from _Walk(_main_of(root)).over(root)


def _main_of(root: html.HtmlElement) -> html.HtmlElement | None:
    """The element that the page itself calls its main part, when most of its words are there."""
    found = root.xpath("//main | //*[@role='main']")
    whole = len(" ".join(root.text_content().split()))
    if len(found) == 1 and len(" ".join(found[0].text_content().split())) >= _MAIN_SHARE * whole:
        return found[0]
    return None


def _stands_aside(tag: str, element: html.HtmlElement) -> bool:
    names = f"{element.get('class', '')} {element.get('id', '')}"
    printed = tag == "div" and element.get("title", "") in ("header", "footer")  # so LibreOffice marks those of pages
    return (
        tag in _ASIDE
        or printed
        or element.get("role", "") in _ASIDE_ROLES
        or (tag in ("div", "section", "ul", "ol", "a", "p") and bool(_ASIDE_NAMES.search(names)))
    )


class _Walk:
    """Collects words until a block begins or ends."""

    def __init__(self, main: html.HtmlElement | None = None) -> None:
        self.words: list[str] = []
        self.level = self.item = self.left_out = self.bold = 0
        self.light = False  # some of the words are not bold
        # What stands outside the main part stands aside, and what is aside within it.
        self.main = main
        self.outside = 0 if main is None else 1
        self.set_aside: list[html.HtmlElement] = []
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
            self.light = self.light or bool(text.strip() and not self.bold)

    @property
    def aside(self) -> bool:
        return bool(self.outside or self.set_aside)

    def _begins(self, tag: str, element: html.HtmlElement) -> Iterator[Paragraph]:
        if tag not in _INLINE:
            yield from self._flush()
            self.line = element.sourceline or self.line
        if tag == "q":
            self._take("“")
        self.left_out += tag in _LEFT_OUT
        self.bold += tag in _BOLD
        if element is self.main:
            self.outside = 0
        elif _stands_aside(tag, element):
            self.set_aside.append(element)
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
                yield Paragraph(" | ".join(cells), f"line {self.line}", 0, len(cells) > 1, self.aside)
        self.left_out -= tag in _LEFT_OUT
        self.bold -= tag in _BOLD
        if element is self.main:
            self.outside = 1
        elif self.set_aside and self.set_aside[-1] is element:
            self.set_aside.pop()
        self.item -= tag in ("li", "dd")
        if _HEADING.match(tag):
            self.level = 0
        self._take(element.tail)

    def _flush(self) -> Iterator[Paragraph]:
        text = " ".join("".join(self.words).split())
        self.words.clear()
        bold, self.light = not self.light, False
        if not text:
            return
        if self.row is not None:
            self.row.append(text)
            return
        level = self.level
        if bold and not level and not self.item and len(text.split()) <= 10 and text[-1] not in ".;,!?":
            level = 4  # a bold line by itself is a heading, whatever it is called
        yield Paragraph(text, f"line {self.line}", level, self.item > 0 and not level, self.aside)
