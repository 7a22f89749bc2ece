"""Subtitles are read from both kinds of file, and what is wrong is named by its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.publishing.subtitle_files import LARGEST, Cue, SubtitleError, as_vtt, over, read

VTT = b"""WEBVTT - the hall

NOTE made by hand

1
00:00:01.000 --> 00:00:03.500 line:0
<v Sam>The <i>estate</i> office &amp; hall

00:04.000 --> 00:06.000
is open
on Saturday.
"""
SRT = (
    b"\xef\xbb\xbf1\r\n00:00:01,000 --> 00:00:03,500\r\nThe estate office & hall\r\n\r\n"
    b"2\r\n00:00:04,000 --> 00:00:06,000\r\nis open\r\non Saturday.\r\n"
)
CUES = [Cue(1000, 3500, "The estate office & hall"), Cue(4000, 6000, "is open\non Saturday.")]


def test_both_kinds_say_the_same() -> None:
    assert read(VTT) == read(SRT) == CUES
    assert read(as_vtt(CUES)) == CUES
    assert b"office &amp; hall" in as_vtt(CUES)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no subtitles in this file"),
        (b"WEBVTT\n\nSTYLE\n::cue { color: red }\n", "no subtitles"),
        (b"WEBVTT\n\nhello\n", "Line 3: a time"),
        (b"1\n00:00:0x,000 --> 00:00:02,000\nHi\n", "Line 2: the times cannot be read"),
        (b"1\n00:00:01,000 --> soon\nHi\n", "Line 2: the times"),
        (b"1\n00:00:03,000 --> 00:00:02,000\nHi\n", "Line 2: this ends before"),
        (
            b"1\n00:00:03,000 --> 00:00:04,000\nHi\n\n2\n00:00:01,000 --> 00:00:02,000\nHo\n",
            "Line 6: this begins before",
        ),
        (b"1\n00:00:01,000 --> 00:00:02,000\n<i></i>\n", "no words"),
        (b"1\n00:00:01,000 --> 00:00:02,000\n" + b"x" * 201, "Line 3: over 200"),
        (b"\xff\xfe1\x00", "UTF-8"),
        (b"x" * (LARGEST + 1), "larger than 500 kB"),
    ],
)
def test_what_is_wrong_is_named(data: bytes, says: str) -> None:
    with pytest.raises(SubtitleError, match=says):
        read(data)


def test_too_many() -> None:
    with pytest.raises(SubtitleError, match="more than 5,000"):
        read(b"\n".join(b"00:00:01.000 --> 00:00:02.000\na\n" for _ in range(5_001)))


def test_what_comes_after_the_end() -> None:
    assert over(CUES, 6) is None
    assert over(CUES, 3) == CUES[1]


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 9999), st.text("abc <&é\n", min_size=1)), max_size=8))
def test_written_and_read_again(rows: list[tuple[int, int, str]]) -> None:
    cues = [
        Cue(a, a + b, "\n".join(line.strip() for line in t.split("\n") if line.strip())) for a, b, t in sorted(rows)
    ]
    cues = [cue for cue in cues if cue.text]
    if cues:
        assert read(as_vtt(cues)) == cues


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    try:
        cues = read(data)
    except SubtitleError:
        return
    assert cues
