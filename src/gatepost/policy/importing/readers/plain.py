"""Plain text: one paragraph a line, or wrapped lines with blank lines between."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace

from gatepost.policy.importing.paper import MOST_CHARACTERS, ImportProblem, Paragraph, lines_of
from gatepost.policy.importing.readers.lines import Line, paragraphs_of

_RULE = re.compile(r"^\s*([=\-_~*])\1{2,}\s*$")
_TABS = re.compile(r"\S\t+\S")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ODD = re.compile(r"[\x00-\x08\x0e-\x1f]")


def decoded(name: str, data: bytes, declared: str = "") -> str:
    """The text in `data`: by its mark, as UTF-8, as declared, or as old Windows text. Raises ImportProblem when it is
    no text at all."""
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")
    for encoding in (marked, "utf-8", declared, "cp1252"):
        if not encoding:
            continue
        try:
            text = data.decode(encoding)
            break
        except (UnicodeError, LookupError):
            continue
    else:
        text = data.decode("latin-1")
    if len(_ODD.findall(text[:100_000])) > 5 + len(text[:100_000]) // 100:
        raise ImportProblem(f"{name} is not text", "Save it as .docx, .odt, .pdf, .html, .md or .txt.")
    return text


def short_enough(name: str, text: str) -> str:
    """The text itself: what is far over the limit is refused before work is put into it. Raises ImportProblem."""
    if len(text) > 2 * MOST_CHARACTERS:
        raise ImportProblem(f"{name} holds more than {MOST_CHARACTERS:,} characters", "Import it in parts.")
    return text


def paragraphs(name: str, data: bytes) -> Iterator[Paragraph]:
    """In the order of the text."""
    lines: list[Line] = []
    gap = False
    for number, text in enumerate(lines_of(short_enough(name, decoded(name, data))), start=1):
        if not text.strip():
            gap = True
        elif _RULE.match(text):
            # A line of strokes under words makes them a heading; anywhere else it is an ornament.
            if lines and not gap and not lines[-1].level and len(lines[-1].text.split()) <= 15:
                lines[-1] = replace(lines[-1], level=1 if "=" in text else 2)
            gap = True
        else:
            said = re.sub(r"(?<=\S)\t+(?=\S)", " | ", text) if _TABS.search(text) and "|" not in text else text
            lines.append(Line(said, f"line {number}", gap))
            gap = False
    yield from paragraphs_of(lines)
