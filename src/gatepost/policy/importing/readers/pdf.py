"""PDF, by pypdf: lines with their height on the page and the size of their letters."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pypdf
from pypdf.errors import DependencyError

from gatepost.policy.importing.paper import MOST_CHARACTERS, MOST_PAGES, ImportProblem, Paragraph
from gatepost.policy.importing.readers.content import locked
from gatepost.policy.importing.readers.lines import Line, paragraphs_of

MOST_PIECES = 1_000_000  # pieces of text in one file; a page of words has a few hundred
GAP = 1.35  # times the usual distance between lines: empty space
Piece = tuple[str, float, float, float, bool]  # text, x, y, size, bold
_BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)


def paragraphs(name: str, data: bytes) -> Iterator[Paragraph]:
    """In the order of the pages. Raises ImportProblem for locked files, and for pictures of pages."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    try:
        # Many files are encrypted only against editing: those open with no password at all.
        if reader.is_encrypted and not reader.decrypt(""):
            raise locked(name)
    except DependencyError as error:
        raise locked(name) from error
    pages = len(reader.pages)
    if pages > MOST_PAGES:
        raise ImportProblem(f"{name} has {pages:,} pages; {MOST_PAGES:,} are read at most", "Import it in parts.")
    lines: list[Line] = []
    for number, page in enumerate(reader.pages, start=1):
        lines += _Page(name, number).lines(page)
        if sum(len(line.text) for line in lines[-2_000:]) > MOST_CHARACTERS:
            raise ImportProblem(f"{name} holds more than {MOST_CHARACTERS:,} characters", "Import it in parts.")
    if not any(line.text.strip() for line in lines):
        what = "one page" if pages == 1 else f"{pages} pages"
        message = f"{name} has {what} and no text: it is probably a scan, a picture of paper"
        raise ImportProblem(message, "Run text recognition (OCR) over it, or give the file it was printed from.")
    yield from paragraphs_of(lines, loose=True)


def _in_cells(row: list[Piece]) -> str:
    """The words of a line; where there is far more room between two pieces than a space, a bar: they are cells."""
    text = ""
    last: Piece | None = None
    for piece in row:
        said, x, _, size, _ = piece
        if last is not None and said.strip():
            wide = 0.72 if last[0].isupper() else 0.58  # of the letters' height: what a letter takes, at the most
            end = last[1] + len(last[0].strip()) * last[3] * wide
            if x > end + 1.2 * size:
                text = f"{text.rstrip()} | "
                said = said.lstrip()
        text += said
        last = piece if piece[0].strip() else last
    return text.strip()


class _Page:
    """Gathers the pieces of text of one page into lines."""

    def __init__(self, name: str, number: int) -> None:
        self.name = name
        self.place = f"page {number}"
        self.pieces: list[Piece] = []  # "\n" ends a line
        self.count = 0

    def lines(self, page: Any) -> list[Line]:
        page.extract_text(visitor_text=self._take)
        rows: list[list[Piece]] = [[]]
        for piece in self.pieces:
            if piece[0] == "\n":
                rows.append([])
            else:
                rows[-1].append(piece)
        rows = [row for row in rows if any(piece[0].strip() for piece in row)]
        steps = sorted(above[0][2] - below[0][2] for above, below in pairwise(rows))
        steps = [step for step in steps if step > 1]
        usual = steps[len(steps) // 4] if steps else 0.0
        found: list[Line] = []
        before: list[Piece] = []
        for row in rows:
            text = _in_cells(row)
            words = [piece for piece in row if piece[0].strip()]
            step = before[0][2] - words[0][2] if before else 0.0
            beside = bool(before) and words[0][1] > before[0][1] + 60 and abs(step) < 1.6 * max(usual, words[0][3])
            if beside and found and found[-1].text[-1:] not in ".!?":
                # The next cell of a table's row.
                found[-1] = Line(f"{found[-1].text} | {text}", self.place, found[-1].gap, found[-1].size)
            else:
                gap = not before or (usual > 0 and step > GAP * usual)
                size = round(max(piece[3] for piece in words), 1)
                found.append(Line(text, self.place, gap, size, all(piece[4] for piece in words)))
            before = words
        return found

    def _take(self, text: str, user: Any, matrix: Any, font: Any, size: Any) -> None:
        self.count += 1
        if self.count > MOST_PIECES or len(text) > MOST_CHARACTERS:
            raise ImportProblem(
                f"{self.name} holds far more text than a policy", "Save the text alone and import that."
            )
        x = float(matrix[4]) * float(user[0]) + float(user[4])
        y = float(matrix[5]) * float(user[3]) + float(user[5])
        height = abs(float(size or 0) * float(matrix[3] or 1) * float(user[3] or 1))
        bold = bool(_BOLD.search(str((font or {}).get("/BaseFont", ""))))
        for place, part in enumerate(text.split("\n")):
            if place:
                self.pieces.append(("\n", 0.0, 0.0, 0.0, False))
            if part:
                self.pieces.append((part, x, y, height, bold))
