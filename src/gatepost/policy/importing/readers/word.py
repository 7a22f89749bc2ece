"""Word documents (.docx), by python-docx. Text boxes, footnotes, headers and footers are read too."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as WordParagraph

from gatepost.policy.importing.paper import Paragraph

DEEPEST = 40
_HEADING = re.compile(r"^heading (\d)", re.IGNORECASE)
# Words inside these come again elsewhere, or were struck out.
_SKIP = {
    qn("w:txbxContent"),
    qn("w:del"),
    qn("w:moveFrom"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
_HOLDERS = {qn(name) for name in ("w:sdt", "w:sdtContent", "w:ins", "w:moveTo", "w:customXml", "w:smartTag")}


def paragraphs(name: str, data: bytes) -> Iterator[Paragraph]:
    """In the order of the document; tables row by row; notes, headers and footers at the end."""
    opened = docx.Document(io.BytesIO(data))
    for number, (text, level, item) in enumerate(_of(opened.element.body, opened, 0), start=1):
        yield Paragraph(text, f"paragraph {number}", level, item)
    for relation in opened.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(("/footnotes", "/endnotes")):
            for text in _notes(relation.target_part.blob):
                yield Paragraph(text, "note")
    said: set[str] = set()
    for section in opened.sections:
        for part in (section.header, section.footer, section.first_page_header, section.first_page_footer):
            if part.is_linked_to_previous:
                continue
            for one in part.paragraphs:
                text = _text(one._p)
                if text.strip() and text not in said:
                    said.add(text)
                    yield Paragraph(text, "page header or footer", aside=True)


def _of(holder: Any, opened: Any, depth: int) -> Iterator[tuple[str, int, bool]]:
    if depth > DEEPEST:
        return
    for child in holder.iterchildren():
        if child.tag == qn("w:p"):
            yield _paragraph(child, opened)
            for box in _boxes(child):
                yield from _of(box, opened, depth + 1)
        elif child.tag == qn("w:tbl"):
            yield from _table(child, opened, depth + 1)
        elif child.tag in _HOLDERS:
            yield from _of(child, opened, depth + 1)


def _table(table: Any, opened: Any, depth: int) -> Iterator[tuple[str, int, bool]]:
    """A row with words in one cell is running text; a row with several is one item."""
    if depth > DEEPEST:
        return
    for row in table.iterchildren(qn("w:tr")):
        cells = [list(_of(cell, opened, depth + 1)) for cell in row.iterchildren(qn("w:tc"))]
        full = [cell for cell in cells if any(text.strip() for text, _, _ in cell)]
        if len(full) == 1:
            yield from full[0]
        elif full:
            yield " | ".join(" ".join(text.strip() for text, _, _ in cell if text.strip()) for cell in full), 0, True


def _boxes(paragraph: Any) -> Iterator[Any]:
    for box in paragraph.iter(qn("w:txbxContent")):
        above = {one.tag for one in box.iterancestors()}
        if not above & _SKIP - {qn("w:txbxContent")}:
            yield box


def _paragraph(element: Any, opened: Any) -> tuple[str, int, bool]:
    paragraph = WordParagraph(element, opened._body)
    text = _text(element)
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    heading = _HEADING.match(style)
    if heading:
        return text, min(6, int(heading[1]) + 1), False
    if style == "Title":
        return text, 1, False
    item = style.startswith("List") or bool(element.findall(f"{qn('w:pPr')}/{qn('w:numPr')}"))
    runs = [run for run in paragraph.runs if run.text.strip()]
    bold = bool(runs) and all(run.bold for run in runs)
    if bold and not item and len(text.split()) <= 10 and not text.rstrip().endswith((".", ";", ",", "!", "?")):
        return text, 3, False
    return text, 0, item


def _text(paragraph: Any) -> str:
    """The words of a paragraph: links, fields and additions too; not what was struck out."""
    parts: list[str] = []
    waiting = [paragraph]
    while waiting:
        element = waiting.pop()
        if element.tag in _SKIP:
            continue
        if element.tag == qn("w:t"):
            parts.append(element.text or "")
        elif element.tag in (qn("w:tab"), qn("w:br"), qn("w:cr")) and element.getparent().tag == qn("w:r"):
            parts.append(" ")
        elif element.tag == qn("w:noBreakHyphen"):
            parts.append("-")
        waiting.extend(reversed(list(element)))
    return "".join(parts)


def _notes(blob: bytes) -> Iterator[str]:
    for paragraph in parse_xml(blob).iter(qn("w:p")):
        text = _text(paragraph)
        if text.strip():
            yield text
