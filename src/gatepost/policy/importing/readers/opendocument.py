"""OpenDocument texts (.odt), by odfdo."""

from __future__ import annotations

import io
from collections.abc import Iterator

import odfdo

from gatepost.policy.importing.paper import Paragraph

DEEPEST = 40
_STRUCK_OUT = {"text:tracked-changes", "text:sequence-decls", "text:variable-decls", "text:user-field-decls"}
_INSIDE = {"text:note", "office:annotation", "draw:frame", "draw:custom-shape", "text:tracked-changes"}


def paragraphs(name: str, data: bytes) -> Iterator[Paragraph]:
    """In the order of the document; tables row by row."""
    body = odfdo.Document(io.BytesIO(data)).body
    for number, (text, level, item, aside) in enumerate(_of(body, False, 0), start=1):
        yield Paragraph(text, f"paragraph {number}", level, item, aside)


def _of(holder: odfdo.Element, item: bool, depth: int) -> Iterator[tuple[str, int, bool, bool]]:
    if depth > DEEPEST:
        return
    for child in holder.children:
        tag = child.tag
        if tag in _STRUCK_OUT:
            continue
        if tag == "text:h":
            level = str(child.get_attribute("text:outline-level") or "1")
            yield _words(child), min(6, int(level) + 1) if level.isdigit() else 2, False, False
        elif tag == "text:p":
            title = str(child.get_attribute("text:style-name") or "") == "Title"
            yield _words(child), 1 if title else 0, item, False
        elif tag in ("text:list", "text:list-item", "text:list-header"):
            yield from _of(child, True, depth + 1)
            continue
        elif tag == "table:table-row":
            yield from _row(child, depth + 1)
            continue
        elif tag == "text:table-of-content":
            for text, _, _, _ in _of(child, False, depth + 1):
                yield text, 0, False, True
            continue
        # Boxes, notes and sections hold paragraphs of their own.
        yield from _of(child, item, depth + 1)


def _row(row: odfdo.Element, depth: int) -> Iterator[tuple[str, int, bool, bool]]:
    cells = [list(_of(cell, False, depth)) for cell in row.children]
    full = [cell for cell in cells if any(text.strip() for text, *_ in cell)]
    if len(full) == 1:
        yield from full[0]
    elif full:
        yield " | ".join(" ".join(text.strip() for text, *_ in cell if text.strip()) for cell in full), 0, True, False


def _words(element: odfdo.Element) -> str:
    """The words of one paragraph, without those of notes and boxes in it: they come by themselves."""
    if not any(child.tag in _INSIDE for child in element.children):
        return str(element.inner_text)
    parts = [element.text or ""]
    for child in element.children:
        parts += ["" if child.tag in _INSIDE else str(child.inner_text), child.tail or ""]
    return "".join(parts)
