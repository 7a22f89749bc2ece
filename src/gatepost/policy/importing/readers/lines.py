"""From lines, as plain text and PDF have them, to paragraphs: what was wrapped is joined, bullets are items."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gatepost.policy.importing.paper import Paragraph

LONGEST_ASIDE = 300  # characters of a page number, or of a line of a table of contents
WIDEST = 160  # characters; wider than this nobody wraps lines
BULLET = re.compile(r"^\s*([-–—*•●◦▪■□‣⁃·o\uf0b7\uf0a7\u00a7])(?:\s+|$)")
NUMBER = re.compile(
    r"^\s*(?:\d{1,3}(?:\.\d{1,3}){1,4}\.?|\d{1,3}[.)]|\(?[a-z]\)|\(?[ivx]{1,5}\)|\(\d{1,3}\)|[a-z]\.)(?:\s+|$)"
)
_PAGE = re.compile(r"^\W*(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\W*$", re.IGNORECASE)
_RUNNING = re.compile(r"\b(?:appendix|annex|page|draft|confidential|official|version|agenda|item|©|copyright)\b", re.I)
_GOES_ON = re.compile(r"(?:,|\b(?:an?|and|are|as|at|but|by|for|from|in|is|of|on|or|our|that|the|to|we|who|with|your))$")
_PAGE_PLACE = "page "
_DIGITS = re.compile(r"\d+")
_DOTS = re.compile(r"(?:\.\s?){4,}\s*\d{1,4}\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    """`gap`: empty space above it. `size`: of the letters, in any unit, 0 where it is not known."""

    text: str
    place: str
    gap: bool = False
    size: float = 0.0
    bold: bool = False
    level: int = 0
    aside: bool = False


def paragraphs_of(lines: Sequence[Line], *, loose: bool = False) -> Iterator[Paragraph]:
    """`loose`: letters differ in width, so that the end of a line is only about where it was wrapped."""
    lines = _running_heads_aside([line for line in lines if line.text.strip()])
    width = _width(lines)
    slack = 0.15 if loose else 0.0
    body = _body_size(lines)
    held: list[Line] = []
    between: list[Line] = []  # the foot of a page and the head of the next: what stands above may go on below
    for line in lines:
        if line.aside and line.place.startswith(_PAGE_PLACE):
            between.append(line)
            continue
        if held and not _continues(held, line, width * (1 - slack), body):
            yield _joined(held, body)
            held = []
        if not held:
            yield from (_joined([one], body) for one in between)
            between = []
        held.append(line)
    if held:
        yield _joined(held, body)
    yield from (_joined([one], body) for one in between)


def _continues(held: list[Line], line: Line, width: float, body: float) -> bool:
    last = held[-1]
    if line.aside or last.aside or line.level or last.level:
        return False
    turned = line.place != last.place and line.place.startswith(_PAGE_PLACE)
    size = _heading(line, body)
    if size and size == _heading(last, body) and line.size == last.size > body and line.text.lstrip()[0].islower():
        return True  # a heading over two lines
    if line.gap and not (turned and line.text.lstrip()[0].islower()):
        return False
    if BULLET.match(last.text) and not BULLET.sub("", last.text).strip():
        return True
    if NUMBER.fullmatch(last.text.strip() + " ") and len(held) == 1 and not NUMBER.match(line.text):
        return True
    if BULLET.match(line.text) or NUMBER.match(line.text) or " | " in line.text:
        return False
    if _heading(last, body) != _heading(line, body) or (_heading(line, body) and last.size != line.size):
        return False
    if line.text.startswith((" ", "\t")) and not last.text.startswith((" ", "\t")) and BULLET.match(held[0].text):
        return True
    first = line.text.split()[0]
    if width and len(last.text.rstrip()) + 1 + len(first) > width:
        return True
    if not width or last.text.rstrip().endswith((".", "!", "?", ":", ";")):
        return False
    # Nothing ends with a small word ("… before it goes out, and") far out in a line.
    return first[0].islower() or bool(len(last.text.rstrip()) > 0.6 * width and _GOES_ON.search(last.text.rstrip()))


def _width(lines: Sequence[Line]) -> float:
    """Where lines are wrapped; 0 where they are not."""
    lengths = sorted(len(line.text.rstrip()) for line in lines if len(line.text.split()) >= 5)
    if not lengths:
        return 0.0
    width = lengths[int(len(lengths) * 0.95) - (len(lengths) > 1)]
    return float(width) if width <= WIDEST else 0.0


def _body_size(lines: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _heading(line: Line, body: float) -> int:
    """The level by its look: 0 for ordinary text."""
    text = line.text.strip()
    if line.level:
        return line.level
    if not body or len(text) > 150 or BULLET.match(text):
        return 0
    if line.size >= body * 1.6:
        return 1
    if line.size >= body * 1.12:
        return 2
    short = len(text.split()) <= 12 and not text.endswith((".", ";", ",")) and " | " not in text
    return 3 if line.bold and short else 0


def _joined(held: list[Line], body: float) -> Paragraph:
    text = held[0].text.strip()
    for line in held[1:]:
        glue = "" if re.search(r"\w-$", text) and line.text.strip()[:1].islower() else " "
        text += glue + line.text.strip()
    item = bool(BULLET.match(held[0].text)) or " | " in text
    text = BULLET.sub("", text) if BULLET.match(held[0].text) else text
    level = _heading(held[0], body)
    return Paragraph(text, held[0].place, level, item and not level, held[0].aside)


def _running_heads_aside(lines: list[Line]) -> list[Line]:
    """Page numbers, and short lines that come again and again, are not part of the text; nor are lines of a table of
    contents."""
    seen = Counter(_key(line) for line in lines)
    heads = _heads_of_pages(lines)
    return [
        replace(line, aside=True)
        if _key(line) in heads
        or (len(line.text) <= LONGEST_ASIDE and (_PAGE.match(line.text) or _DOTS.search(line.text)))
        or (seen[_key(line)] >= 2 and len(line.text.split()) <= 12 and _RUNNING.search(line.text))
        else line
        for line in lines
    ]


def _heads_of_pages(lines: Sequence[Line]) -> set[str]:
    """What stands first or last on at least half of the pages, and on two."""
    pages: dict[str, list[str]] = {}
    for line in lines:
        if line.place.startswith(_PAGE_PLACE):
            pages.setdefault(line.place, []).append(_key(line))
    edges = Counter(key for held in pages.values() for key in {*held[:2], *held[-2:]} if len(held) > 4)
    return {key for key, count in edges.items() if count >= max(2, len(pages) / 2)}


def _key(line: Line) -> str:
    return _DIGITS.sub("0", line.text.strip().lower())
