"""What stands between quotation marks."""

from __future__ import annotations

from .page import Page


def quoted(page: Page) -> list[tuple[int, int]]:
    """Stretches of the plain text between double quotes, or between single ones that do not stand inside a word."""
    text = page.normal.text
    found: list[tuple[int, int]] = []
    if '"' in text:
        marks = [place for place, c in enumerate(text) if c == '"']
        found += list(zip(marks[::2], marks[1::2], strict=False))
    if "'" in text:
        opened = -1
        for place, c in enumerate(text):
            if c != "'":
                continue
            if (place == 0 or not text[place - 1].isalnum()) and opened < 0:
                opened = place
            elif opened >= 0 and (place + 1 == len(text) or not text[place + 1].isalnum()):
                found.append((opened, place))
                opened = -1
    return found
