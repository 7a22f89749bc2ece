"""What somebody said as a picture: one self-contained SVG that any browser shows, in any script, for a file or a court.

It fetches nothing and holds no code. It is made before anything is done about the message.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from xml.sax.saxutils import escape

from django.utils import timezone

COLUMNS = 66  # of a line of text; wide letters take two
MOST_LINES = 120
MOST_DRAWN = 50_000  # code points that are cut into lines; more are never drawn
_FONT = "Atkinson Hyperlegible Next, Segoe UI, Noto Sans, Arial, sans-serif"


def picture_of(
    *, network: str, channel: str, author: str, handle: str, posted_at: datetime, ref: str, text: str, at: datetime
) -> str:
    """An SVG of one message as it stood at `at`. Text beyond 120 lines is left out and said so; the evidence has it."""
    drawn = text[:MOST_DRAWN]
    lines = [line for part in drawn.splitlines() or [""] for line in _wrapped(part)]
    cut, more = lines[MOST_LINES:], len(text) - len(drawn)
    if more:
        lines = [*lines[:MOST_LINES], f"… The rest, more than {more:,} characters, is in the evidence itself."]
    elif cut:
        lines = [*lines[:MOST_LINES], f"… {len(cut)} more lines are in the evidence itself."]
    who = f"{author} {handle}".strip() or "Somebody"
    body, height = [], 96
    for line in lines:
        body.append(_row(24, height, 18, "#0b0c0c", line))
        height += 26
    foot = [f"Kept {_moment(at)}, before anything was done about it.", f"Network reference {ref[:70]}"]
    height += 16
    for line in foot:
        body.append(_row(24, height, 13, "#505a5f", line))
        height += 20
    top = [
        _row(24, 36, 20, "#0b0c0c", who[:COLUMNS], "bold"),
        _row(24, 60, 14, "#505a5f", f"{network}, {channel}. Posted {_moment(posted_at)}"[: COLUMNS + 30]),
    ]
    size = f'width="720" height="{height + 8}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 720 {height + 8}" font-family="{_FONT}">',
            f'<rect width="720" height="{height + 8}" fill="#ffffff"/>',
            f'<rect x="1" y="1" width="718" height="{height + 6}" fill="none" stroke="#505a5f" stroke-width="2"/>',
            *top,
            *body,
            "</svg>",
        ]
    )


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%-d %B %Y at %H:%M:%S %Z")


def _row(x: int, y: int, size: int, colour: str, words: str, weight: str = "normal") -> str:
    said = "".join(letter for letter in words if letter == "\t" or unicodedata.category(letter) not in ("Cc", "Cs"))
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{colour}" '
        f'xml:space="preserve">{escape(said)}</text>'
    )


def _width(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1


def _wrapped(part: str) -> list[str]:
    """A paragraph in lines of at most COLUMNS; a word longer than a line is cut."""
    out: list[str] = []
    line, used = "", 0
    for word in part.split(" "):
        wide = sum(map(_width, word))
        if used and used + 1 + wide > COLUMNS:
            out.append(line)
            line, used = "", 0
        if used:
            line, used = line + " ", used + 1
        for letter in word:
            if used + _width(letter) > COLUMNS:
                out.append(line)
                line, used = "", 0
            line, used = line + letter, used + _width(letter)
    return [*out, line]
