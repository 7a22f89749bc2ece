"""Subtitles: read from WebVTT or SubRip (SRT), checked with the line that is wrong, written as either. Pure.

Sources: W3C WebVTT, "WebVTT file structure"; SubRip has no standard: numbered blocks, times with a comma.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LARGEST = 500_000  # bytes of a file
MOST = 5_000  # cues
LONGEST_LINE = 200  # characters; more cannot be read in time, and most players cut it
_TIME = re.compile(r"^(?:(\d{1,3}):)?([0-5]\d):([0-5]\d)[.,](\d{3})$")
_TIMES = re.compile(r"^\s*(\S+)\s+-->\s+(\S+)(?:\s+.*)?$")
_TAG = re.compile(r"</?(?:i|b|u|c|v|lang|ruby|rt|font)\b[^>]*>|<\d\d:[\d:.]+>", re.IGNORECASE)


class SubtitleError(ValueError):
    """The file cannot be used; the message names the line and the mend."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words shown from `start` to `end`, in milliseconds."""

    start: int
    end: int
    text: str


def read(data: bytes) -> list[Cue]:
    """The cues of a WebVTT or SRT file, in their order. Raises SubtitleError."""
    if len(data) > LARGEST:
        raise SubtitleError(f"The file is larger than {LARGEST // 1000} kB. Subtitles are text: is it the right file?")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SubtitleError("The file is not in UTF-8. Save it as UTF-8 text, then add it again.") from error
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd").split("\n")
    cues: list[Cue] = []
    place = 1 if lines[0].startswith("WEBVTT") else 0
    while place < len(lines):
        if not lines[place].strip():
            place += 1
            continue
        first, block = place, []
        while place < len(lines) and lines[place].strip():
            block.append(lines[place])
            place += 1
        cue = _cue(block, first + 1, cues[-1] if cues else None)
        if cue is not None:
            cues.append(cue)
        if len(cues) > MOST:
            raise SubtitleError(f"The file has more than {MOST:,} subtitles. Is it the right file?")
    if not cues:
        raise SubtitleError("There are no subtitles in this file. Use WebVTT (.vtt) or SubRip (.srt).")
    return cues


def _cue(block: Sequence[str], number: int, before: Cue | None) -> Cue | None:
    """One block; None for a note, a style or a region. `number` is its first line, from 1."""
    if block[0].startswith(("NOTE", "STYLE", "REGION")) and "-->" not in block[0]:
        return None
    at = next((place for place, line in enumerate(block[:2]) if "-->" in line), None)
    if at is None:
        raise SubtitleError(f"Line {number}: a time such as 00:00:01.000 --> 00:00:04.000 is missing here.")
    line = number + at
    times = _TIMES.match(block[at])
    start, end = (_millis(times[1]), _millis(times[2])) if times else (None, None)
    if start is None or end is None:
        raise SubtitleError(f"Line {line}: the times cannot be read. Write them as 00:00:01.000 --> 00:00:04.000.")
    if end <= start:
        raise SubtitleError(f"Line {line}: this ends before it begins. Check its times.")
    if before is not None and start < before.start:
        raise SubtitleError(f"Line {line}: this begins before the one above it. Put them in order.")
    words = [_plain(row) for row in block[at + 1 :]]
    if not any(words):
        raise SubtitleError(f"Line {line}: there are no words under this time.")
    for place, row in enumerate(words):
        if len(row) > LONGEST_LINE:
            raise SubtitleError(f"Line {line + 1 + place}: over {LONGEST_LINE} characters. Break it into two lines.")
    return Cue(start, end, "\n".join(row for row in words if row))


def _millis(words: str) -> int | None:
    found = _TIME.match(words)
    if found is None:
        return None
    hours, minutes, seconds, rest = (int(part or 0) for part in found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def _plain(line: str) -> str:
    bare = _TAG.sub("", line).strip()
    for sign, letter in (("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&lrm;", ""), ("&rlm;", "")):
        bare = bare.replace(sign, letter)
    return bare


def _clock(millis: int, mark: str) -> str:
    seconds, rest = divmod(millis, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{mark}{rest:03}"


def as_vtt(cues: Sequence[Cue]) -> bytes:
    """A WebVTT file."""
    rows = ["WEBVTT", ""]
    for cue in cues:
        words = cue.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        rows += [f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}", words, ""]
    return "\n".join(rows).encode()


def over(cues: Sequence[Cue], seconds: float) -> Cue | None:
    """The first cue that begins after the film has ended."""
    return next((cue for cue in cues if cue.start > seconds * 1000 + 500), None)
