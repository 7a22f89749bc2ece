"""Personal details as bars of fixed width: the words themselves are not in what is shown, mailed or listed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gatepost.policy.model import Span
from gatepost.policy.pack import Pack
from gatepost.policy.reading import read

SHOWN = 160  # code points of an example
KINDS = {
    "phone": "phone number",
    "email": "e-mail address",
    "ni": "National Insurance number",
    "nhs": "NHS number",
    "dob": "date of birth",
    "bank": "bank details",
    "card": "card number",
    "tenancy_ref": "tenancy number",
    "car_registration": "car registration",
    "third_person": "somebody else's details",
    "flat": "flat number",
}


def kind_words(kind: str) -> str:
    """A kind of detail as people say it: "phone number"."""
    return KINDS.get(kind, kind.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: plain, marked (label and number of its finding), or masked (kind of detail, no words)."""

    text: str
    label: str = ""
    kind: str = ""
    number: int = 0
    masked: bool = False


def spans_of(kept: Sequence[Sequence[object]]) -> list[Span]:
    """Spans from their kept form [start, end, label, kind]."""
    return [Span(int(str(s[0])), int(str(s[1])), str(s[2]), str(s[3])) for s in kept]


def _joined(spans: list[Span], length: int) -> list[Span]:
    """Personal details that overlap become one: were the shorter dropped, its end would stand unmasked. What reaches
    beyond the text is cut to it."""
    out = [span for span in spans if span.label != "personal_details"]
    run: Span | None = None
    for span in sorted((s for s in spans if s.label == "personal_details"), key=lambda s: (s.start, -s.end)):
        cut = span._replace(start=max(span.start, 0), end=min(span.end, length))
        if run is not None and cut.start < run.end:
            longer = max(run, cut, key=lambda s: s.end - s.start)
            run = longer._replace(start=run.start, end=max(run.end, cut.end))
            continue
        if run is not None:
            out.append(run)
        run = cut
    return [*out, run] if run is not None else out


def pieces(text: str, spans: Iterable[Span], *, mask: bool) -> list[Piece]:
    """The text cut at its spans. Overlaps are settled in favour of personal details, then of the longer span."""
    ordered = sorted(
        _joined(list(spans), len(text)),
        key=lambda span: (span.label != "personal_details", span.start - span.end, span.start),
    )
    chosen: list[Span] = []  # in the order of the text, none over another
    for span in ordered:
        place = bisect_left(chosen, span.start, key=lambda one: one.start)
        inside = 0 <= span.start < span.end <= len(text)
        after = place == len(chosen) or span.end <= chosen[place].start
        if inside and after and (place == 0 or chosen[place - 1].end <= span.start):
            chosen.insert(place, span)
    numbers: dict[str, int] = {}  # by label: one reason, one number
    out: list[Piece] = []
    place = 0
    for span in chosen:
        if span.start > place:
            out.append(Piece(text[place : span.start]))
        number = numbers.setdefault(span.label, len(numbers) + 1)
        hidden = mask and span.label == "personal_details"
        words = "" if hidden else text[span.start : span.end]
        out.append(Piece(words, span.label, span.kind, number, hidden))
        place = span.end
    if place < len(text):
        out.append(Piece(text[place:]))
    return out


def masked(text: str, spans: Iterable[Span]) -> str:
    """The text in one line of plain words with personal details left out by name: "(phone number hidden)"."""
    personal = [span for span in spans if span.label == "personal_details"]
    return "".join(
        f"({kind_words(piece.kind)} hidden)" if piece.masked else piece.text
        for piece in pieces(text, personal, mask=True)
    )


def folded(text: str, spans: Iterable[Span], most: int) -> tuple[str, list[Span]]:
    """The beginning of a text of which more than `most` code points are not shown at once, cut between two words, and
    the spans in it. A text that is hardly longer is whole."""
    if len(text) <= most + most // 5:
        return text, list(spans)
    end = text.rfind(" ", most - most // 5, most) + 1 or most
    return text[:end], [span for span in spans if span.start < end]


def hidden(text: str, *packs: Pack) -> str:
    """The beginning of a text in one line, with the personal details left out that the readers of any pack find."""
    spans = [span for pack in packs for span in read(text, pack.words).spans]
    line = " ".join(masked(text, spans).split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]} …"
