"""One text, cut into words with their places, every cue found: what all the readers look at."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from .cues import STOPS, Hit
from .normal import Normal, listed, normal
from .tokens import Tokens, cut
from .words import Words

_LONGEST = 60
MOST_CHARACTERS = 200_000  # of one page; what is longer is read in windows (windows.py)
NEGATIONS = listed(
    "not no never dont doesnt didnt isnt arent wasnt werent aint cant cannot couldnt wont wouldnt "
    "shouldnt havent hasnt hadnt without nor neither hardly nobody none"
)
_SPACED = 3  # single letters in a row that may hide a word
_LONGEST_SPACED = 12


@dataclass(slots=True)
class Page:
    """`forms[i]` is word i in plain form. `hits`: the cues found, by label. Places are worked out when asked for."""

    original: str  # as far as it is read
    forms: list[str]
    hits: dict[str, list[Hit]]
    _tokens: Tokens = field(repr=False)
    _pieces: Sequence[str] = field(default=(), repr=False)
    _even: bool = field(default=True, repr=False)  # whether every piece is one word
    _normal: Normal | None = field(default=None, repr=False)
    _starts: Sequence[int] = field(default=(), repr=False)
    _ends: Sequence[int] = field(default=(), repr=False)
    _stops: list[int] | None = field(default=None, repr=False)

    @property
    def normal(self) -> Normal:
        """The text in its plain form."""
        known = self._normal
        if known is None:
            known = self._normal = normal(self.original)
        return known

    @property
    def starts(self) -> Sequence[int]:
        """Where each word begins in `normal.text`."""
        if not self._starts:
            self._locate()
        return self._starts

    @property
    def ends(self) -> Sequence[int]:
        """Where each word ends in `normal.text`."""
        if not self._starts:
            self._locate()
        return self._ends

    def span(self, first: int, after: int) -> tuple[int, int]:
        """Words `first` to `after` (not included) as code points of the original text."""
        if not self._starts:
            self._locate()
        start, end, known = self._starts[first], self._ends[after - 1], self._normal
        return known.span(start, end) if known is not None and known.places else (start, end)

    def of(self, label: str) -> Sequence[Hit]:
        return self.hits.get(label, ())

    def negated(self, first: int, reach: int = 3) -> bool:
        """Whether a negation stands up to `reach` words before word `first`, in the same sentence."""
        for place in range(first - 1, max(first - 1 - reach, -1), -1):
            form = self.forms[place]
            if form in STOPS:
                return False
            if form in NEGATIONS:
                return True
        return False

    def sentence(self, place: int) -> tuple[int, int]:
        """The words of the sentence around word `place`: (first, after). Cut at 60 words on either side."""
        stops = self._stops
        if stops is None:
            stops = self._stops = [place for place, form in enumerate(self.forms) if form in STOPS]
        at = bisect_left(stops, place)
        first = max(stops[at - 1] + 1 if at else 0, place - _LONGEST)
        after = min(stops[at] if at < len(stops) else len(self.forms), place + _LONGEST)
        return first, max(after, place + 1)

    def _locate(self) -> None:
        """Find the pieces again: each is the first of its kind after the one before; nothing else can be between."""
        text, tokens = self.normal.text, self._tokens
        starts: list[int] = []
        ends: list[int] = []
        end = 0
        if self._even:
            index = text.index
            for piece in self._pieces:
                start = index(piece, end)
                end = start + len(piece)
                starts.append(start)
                ends.append(end)
            self._starts, self._ends = starts, ends
            return
        for piece in self._pieces:
            start = text.index(piece, end)
            end = start + len(piece)
            if tokens[piece]:
                starts.append(start)
                ends.append(end)
            else:
                for _, begin, stop in tokens.parts(piece):
                    starts.append(start + begin)
                    ends.append(start + stop)
        self._starts, self._ends = starts, ends


def open_page(text: str, words: Words) -> Page:
    """Cut `text` into words and find every cue of `words` in it."""
    text = text[:MOST_CHARACTERS]
    plain = normal(text)
    tokens = words.tokens
    pieces = cut(plain.text)
    forms = list(map(tokens.__getitem__, pieces))
    even = "" not in forms
    if not even:
        forms = [part[0] for piece in pieces for part in ([(tokens[piece],)] if tokens[piece] else tokens.parts(piece))]
    page = Page(text, forms, {}, tokens, pieces, even, plain)
    lengths = list(map(len, pieces))
    if lengths.count(1) >= _SPACED and (1, 1, 1) in zip(lengths, lengths[1:], lengths[2:], strict=False):
        forms = _join_spaced(page, tokens)
    hits = page.hits
    for hit in words.book.hits(forms):
        cue = hit[0]
        if cue.cancels and page.negated(hit[1]):
            continue
        rows = hits.get(cue.label)
        if rows is None:
            hits[cue.label] = [hit]
        else:
            rows.append(hit)
    return page


def _join_spaced(page: Page, tokens: Tokens) -> list[str]:
    """The words of the page, where "f u c k" is one word when its letters make a rude one."""
    pieces, forms = page._pieces, page.forms
    first = 0
    joined: list[tuple[int, int, str]] = []
    while first < len(pieces):
        after = first
        while after < len(pieces) and len(pieces[after]) == 1 and pieces[after].isalpha():
            after += 1
        while after - first >= _SPACED:
            word = tokens.spaced("".join(pieces[first : first + _LONGEST_SPACED][: after - first]))
            if word:
                joined.append((first, first + len(word), word))
            first += len(word) or 1
        first = max(after, first) + 1
    if not joined:
        return forms
    page._locate()
    places = list(zip(forms, page._starts, page._ends, strict=True))
    # Where the words of each piece begin among all words: a piece may stand for several.
    at = [0, *accumulate(1 if tokens[piece] else len(tokens.parts(piece)) for piece in pieces)]
    for begin, end, word in reversed(joined):
        row = (word, places[at[begin]][1], places[at[end] - 1][2])
        places[at[begin] : at[end]] = [row]
    page.forms = [row[0] for row in places]
    page._starts, page._ends = [row[1] for row in places], [row[2] for row in places]
    return page.forms
