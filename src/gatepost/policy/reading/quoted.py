"""What stands between quotation marks."""

from __future__ import annotations

import re

from .page import Page

_MARKS = re.compile('"')


def quoted(page: Page) -> list[tuple[int, int]]:
    """Stretches of the plain text between double quotes, or between single ones that do not stand inside a word."""
    text = page.normal.text
    found: list[tuple[int, int]] = []
    if '"' in text:
        marks = [mark.start() for mark in _MARKS.finditer(text)]
        found += list(zip(marks[::2], marks[1::2], strict=False))
    if "'" in text:
        opened, place, last = -1, text.find("'"), len(text)
        while place >= 0:
            if opened < 0:
                if place == 0 or not text[place - 1].isalnum():
                    opened = place
            elif place + 1 == last or not text[place + 1].isalnum():
                found.append((opened, place))
                opened = -1
            place = text.find("'", place + 1)
    return found
