"""A long text read in windows that overlap, each as a text of its own, and put together again.

How much is read is a number of characters, never of seconds: the same text is read the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from ..model import Reading, Sentiment, Span

WINDOW = 100_000  # code points read at once; a text no longer is one window
OVERLAP = 1_000  # of two windows: what stands at the end of one is whole in the next
MOST_READ = 1024 * 1024  # code points of one text; what stands after is not read

Window = tuple[int, str]  # where it begins in the text, and its words


def windows_of(text: str) -> list[Window]:
    """At least one; cut between two words where there is a space."""
    text = text[:MOST_READ] if len(text) > MOST_READ else text
    found: list[Window] = []
    start = 0
    while len(text) - start > WINDOW:
        end = start + WINDOW
        space = max(text.rfind(" ", end - OVERLAP, end), text.rfind("\n", end - OVERLAP, end))
        end = space + 1 or end
        found.append((start, text[start:end]))
        again = text.find(" ", end - OVERLAP, end - OVERLAP // 2)
        start = again + 1 or end - OVERLAP
    return [*found, (start, text[start:])]


def read_in_windows(texts: Sequence[str], read: Callable[[list[str]], list[Reading]]) -> list[Reading]:
    """What `read` says of texts, the long ones window by window."""
    cut = [windows_of(text) for text in texts]
    readings = iter(read([words for windows in cut for _, words in windows]))
    return [_together([(start, next(readings)) for start, _ in windows]) for windows in cut]


def said_of_pieces(text: str) -> str:
    """How a long text was read, in words for people; "" for one that was read in one piece."""
    if len(text) <= WINDOW:
        return ""
    if len(text) > MOST_READ:
        return f"Only the first {MOST_READ:,} characters of this message were read. Look at the rest yourself."
    return f"All {len(text):,} characters of this message were read, in {len(windows_of(text))} parts."


def _together(parts: list[tuple[int, Reading]]) -> Reading:
    """A label is as likely as in the window where it is likeliest, and one angry window makes an angry text."""
    if len(parts) == 1:
        return parts[0][1]
    readings = [reading for _, reading in parts]
    spans = {
        Span(start + span.start, start + span.end, span.label, span.kind)
        for start, reading in parts
        for span in reading.spans
    }
    return Reading(
        labels={label: max(one.labels[label] for one in readings) for label in readings[0].labels},
        spans=tuple(sorted(spans, key=lambda span: (span.start, span.end, span.label, span.kind))),
        sentiment=_felt({one.sentiment for one in readings}),
        language=next((one.language for one in readings if one.language != "und"), "und"),
        urgent=any(one.urgent for one in readings),
        topics=tuple(dict.fromkeys(topic for one in readings for topic in one.topics)),
        readers=readings[0].readers,
    )


def _felt(feelings: Iterable[Sentiment]) -> Sentiment:
    order: tuple[Literal["negative", "positive", "neutral"], ...] = ("negative", "positive", "neutral")
    return next(feeling for feeling in order if feeling in feelings)
