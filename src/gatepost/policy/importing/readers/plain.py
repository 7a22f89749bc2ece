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
_LETTER = re.compile(r"(?:From|To|Cc|Bcc|Date|Sent|Subject|Reply-To|Message-ID|Importance):\s", re.IGNORECASE)
_ODD = re.compile(r"[\x00-\x08\x0e-\x1f]")


def decoded(name: str, data: bytes, declared: str = "") -> str:
    """The text in `data`: by its mark, as UTF-8, as declared, or as old Windows text. Raises ImportProblem when it is
    no text at all."""
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")
    for encoding in (marked or _wide(data), "utf-8", declared, "cp1252"):
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


def _wide(data: bytes) -> str:
    """UTF-16 that does not say so: every second byte of Latin letters is nothing."""
    head = data[:2_000]
    if len(head) < 4 or len(head) % 2:
        return ""
    for encoding, nothing in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if nothing.count(0) > 0.8 * len(nothing) and head.count(0) <= len(nothing):
            return encoding
    return ""


def short_enough(name: str, text: str) -> str:
    """The text itself: what is far over the limit is refused before work is put into it. Raises ImportProblem."""
    if len(text) > 2 * MOST_CHARACTERS:
        raise ImportProblem(f"{name} holds more than {MOST_CHARACTERS:,} characters", "Import it in parts.")
    return text


def _head_of_letter(lines: list[str]) -> int:
    """How many lines at the top are the head of an e-mail: who wrote it, to whom, when."""
    start = next((place for place, text in enumerate(lines) if text.strip()), 0)
    end = start
    while end < len(lines) and (_LETTER.match(lines[end]) or (end > start and lines[end][:1] in (" ", "\t"))):
        end += 1
    return end if end - start >= 2 else 0


def paragraphs(name: str, data: bytes) -> Iterator[Paragraph]:
    """In the order of the text."""
    lines: list[Line] = []
    gap = False
    whole = lines_of(short_enough(name, decoded(name, data)))
    head = _head_of_letter(whole)
    foot = next((place for place, text in enumerate(whole) if head and text.rstrip() == "--"), len(whole))
    for number, text in enumerate(whole, start=1):
        if not text.strip():
            gap = True
        elif number <= head or number > foot:
            subject = number <= head and text.lower().startswith("subject:")
            lines.append(Line(text, f"line {number}", gap, level=int(subject), aside=not subject))
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
