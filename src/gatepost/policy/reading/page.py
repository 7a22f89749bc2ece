"""One text, cut into words with their places, every cue found: what all the readers look at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from .cues import STOPS, Hit
from .normal import Normal, listed, normal
from .words import Words

_LONGEST = 60
MOST_CHARACTERS = 200_000  # what stands after is not read: no network carries a longer message

_MARKS = "\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff\u200c"
_TOKEN = re.compile(
    rf"(?P<number>\d[\d.,:/]*\d(?![\w{_MARKS}])|\d(?![\w{_MARKS}@$*]))"
    r"|(?P<cjk>[\u3400-\u9fff])"  # written without spaces: every character is a word
    rf"|(?P<tag>#\w[\w{_MARKS}]*)"
    rf"|(?P<word>[@$]?[\w{_MARKS}](?:[\w{_MARKS}'@$*]|!(?=\w))*)"
    r"|(?P<stop>[.?!\n]+)"
    r"|(?P<emoji>[\u2600-\u27bf\U0001f300-\U0001faff])"
)
_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "!": "i"}
)
_REPEAT = re.compile(r"(.)\1{2,}")
_ODD = re.compile(r"[\d@$!*]|(.)\1\1")
NEGATIONS = listed(
    "not no never dont doesnt didnt isnt arent wasnt werent aint cant cannot couldnt wont wouldnt "
    "shouldnt havent hasnt hadnt without nor neither hardly nobody none"
)


@dataclass(slots=True)
class Page:
    """`forms[i]` is word i in plain form; `starts`/`ends` are its places in `normal.text`."""

    normal: Normal
    forms: list[str]
    starts: list[int]
    ends: list[int]
    hits: dict[str, list[Hit]] = field(default_factory=dict)

    def span(self, first: int, after: int) -> tuple[int, int]:
        """Words `first` to `after` (not included) as code points of the original text."""
        return self.normal.span(self.starts[first], self.ends[after - 1])

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
        first, after = place, place
        while first > max(0, place - _LONGEST) and self.forms[first - 1] not in STOPS:
            first -= 1
        while after < min(len(self.forms), place + _LONGEST) and self.forms[after] not in STOPS:
            after += 1
        return first, max(after, place + 1)


def open_page(text: str, words: Words) -> Page:
    """Cut `text` into words and find every cue of `words` in it."""
    plain = normal(text[:MOST_CHARACTERS])
    page = Page(plain, [], [], [])
    forms, starts, ends = page.forms, page.starts, page.ends
    spellings = words.spellings
    single = 0
    for match in _TOKEN.finditer(plain.text):
        kind, form, start, end = match.lastgroup, match[0], match.start(), match.end()
        if kind == "word":
            if form.isalpha() and not _ODD.search(form):
                if form in spellings:
                    _add_spelling(page, spellings[form], start, end)
                else:
                    forms.append(form)
                    starts.append(start)
                    ends.append(end)
                single = single + 1 if end - start == 1 else 0
                if single >= 3:
                    _join_spaced(page, words, single)
                continue
            form, end = _plain_form(form, end, words)
            single = single + 1 if end - start == 1 else 0
            if form in spellings:
                _add_spelling(page, spellings[form], start, end)
                continue
        elif kind == "stop":
            form = "?" if "?" in form else "!" if "!" in form else "."
            single = 0
        elif kind == "tag":
            single = 0
            for part, begin, stop in _tag_parts(form, words):
                forms.append(part)
                starts.append(start + begin)
                ends.append(start + stop)
            continue
        elif kind == "number":
            single = 0
        forms.append(form)
        starts.append(start)
        ends.append(end)
        if single >= 3:
            _join_spaced(page, words, single)
    hits = page.hits
    for hit in words.book.hits(forms):
        if hit.cue.cancels and page.negated(hit.first):
            continue
        rows = hits.get(hit.cue.label)
        if rows is None:
            hits[hit.cue.label] = [hit]
        else:
            rows.append(hit)
    return page


def _add_spelling(page: Page, spelt: tuple[str, ...], start: int, end: int) -> None:
    for form in spelt:
        page.forms.append(form)
        page.starts.append(start)
        page.ends.append(end)


def _plain_form(form: str, end: int, words: Words) -> tuple[str, int]:
    """The plain form of a word with apostrophes, figures, stars or stretched letters in it, and its end."""
    bare = form.rstrip("'*!$@")
    if bare and len(form) - len(bare) < 3:
        # "brilliant*" is a footnote; "f***" is not, and keeps its stars for the next step
        form, end = bare, end - (len(form) - len(bare))
    if form.endswith("'s"):
        form = form[:-2]
    form = form.replace("'", "")
    if not _ODD.search(form):
        return form, end
    return unmask(form, words), end


def unmask(form: str, words: Words) -> str:
    """The word behind leetspeak, stars and stretched letters; `form` itself where it hides none we know."""
    if "*" in form:
        return _behind_stars(form, words.starred) if len(form) < 20 else form
    known = words.known
    if form in known:
        return form
    plain = form.translate(_LEET) if not form.isdigit() else form
    for candidate in (plain, _REPEAT.sub(r"\1\1", plain), _REPEAT.sub(r"\1", plain)):
        if candidate in known:
            return candidate
    return form.lstrip("@$") if form[:1] in "@$" else form


@lru_cache(maxsize=2048)
def _behind_stars(form: str, rude: tuple[str, ...]) -> str:
    # people do not count their stars: a run of them stands for about as many letters
    parts = re.split(r"(\*+)", form)
    written = [f"[a-z]{{1,{len(p) + 2}}}" if p[:1] == "*" else re.escape(p.translate(_LEET)) for p in parts]
    pattern = re.compile("".join(written) + "(?:s|ing|ed)?")
    found = [word for word in rude if word[0] == form[0] and pattern.fullmatch(word)]
    return min(found, key=lambda word: abs(len(word) - len(form))) if found else form


def _join_spaced(page: Page, words: Words, single: int) -> None:
    """Turn "f u c k" just read into one word, where the letters make a rude word."""
    starts, text = page.starts, page.normal.text
    # the letters as written: the single words may have been spelt out already ("u" as "you")
    last = "".join(text[start] for start in starts[-min(single, 12) :]).translate(_LEET)
    for size in range(len(last), 2, -1):
        if last[-size:] in words.rude:
            del page.forms[-size:], starts[1 - size :], page.ends[-size:-1]
            page.forms.append(last[-size:])
            return


def _tag_parts(tag: str, words: Words) -> list[tuple[str, int, int]]:
    """The words inside a hashtag, each with its place: "#brokenlift" is "broken" and "lift"."""
    bare = tag[1:41]
    best: list[tuple[str, int, int]] = []
    at = 0
    while at < len(bare):
        for end in range(len(bare), at + 1, -1):
            if bare[at:end] in words.known and (end - at > 2 or end == len(bare)):
                best.append((bare[at:end], at + 1, end + 1))
                at = end
                break
        else:
            return [(tag[1:], 1, len(tag))]
    return best
