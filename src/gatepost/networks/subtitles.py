"""Subtitles from WebVTT, as the desk keeps them, into what a network takes."""

from __future__ import annotations

import re

_TIMES = re.compile(r"^(\d\d:\d\d:\d\d)\.(\d{3}) --> (\d\d:\d\d:\d\d)\.(\d{3})$")


def srt_of(vtt: bytes) -> bytes:
    """SubRip with the same cues. Blocks without a time are left out.

    >>> srt_of(b"WEBVTT\\n\\n00:00:01.000 --> 00:00:02.500\\nHi &amp; ho\\n")
    b'1\\n00:00:01,000 --> 00:00:02,500\\nHi & ho\\n'
    """
    cues: list[str] = []
    for block in vtt.decode("utf-8", "replace").split("\n\n"):
        first, _, words = block.strip().partition("\n")
        found = _TIMES.match(first)
        if found and words:
            for sign, letter in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
                words = words.replace(sign, letter)
            cues.append(f"{len(cues) + 1}\n{found[1]},{found[2]} --> {found[3]},{found[4]}\n{words}\n")
    return "\n".join(cues).encode()
