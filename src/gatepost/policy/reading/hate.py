"""Hatred of people for who they are, told from harmless talk of them, from counter-speech and from words reclaimed.

Every word becomes one letter for its part (a group, a slur, a way to liken people to vermin, a negation …); the shapes
of sentences that make hatred are patterns over those letters. Words and shapes are data: `hate.toml`. Nothing is done
for a message that names no group and holds no slur, which is nearly every message.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import islice
from operator import itemgetter

from .cues import STOPS
from .evidence import Sign, said, sign_of, total
from .normal import listed
from .page import Page
from .quoted import quoted

BIAS = -2.4
_DATA = tomllib.loads(resources.files(__package__).joinpath("hate.toml").read_text(encoding="utf-8"))
MOST_WORDS = 400
_EACH = [(place, place + 1) for place in range(MOST_WORDS)]  # every word by itself
_MOST = 20  # finds of one shape
_MOST_REMEMBERED = 8192
_SPARED, _TOLD = 0.1, 0.15  # what is left of a shape
_SHORTEST_GLUED = 8
_APART = (1, 1, 1)  # lengths of words that may be the letters of one
_LONGEST_GLUED = 40
_FIRST = ("S", "s", "G", "D", "z", "A", "E", "H", "f", "p")  # where a word has two parts, the one that tells more


def _letters() -> dict[str, str]:
    found: dict[str, str] = {}
    for letter, words in _DATA["letters"].items():
        for word in words.split():
            known = found.get(word)
            if known is None or (letter in _FIRST and known not in _FIRST[: _FIRST.index(letter)]):
                found[word] = letter
    return found


_LETTERS = _letters()
_REAL = listed(_DATA["real"]["words"])
_PARTS = frozenset(_LETTERS) | listed(_DATA["real"]["glue"])
_LONGEST_PART = 14


def _by_edge(edge: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    """The parts of words run together, by their first or last two letters."""
    found: dict[str, list[str]] = {}
    for part in _PARTS:
        if part.isalpha() and len(part) <= _LONGEST_PART:
            found.setdefault(edge(part), []).append(part)
    return {key: tuple(parts) for key, parts in found.items()}


_BEGINS, _ENDS = _by_edge(itemgetter(slice(2))), _by_edge(itemgetter(slice(-2, None)))


def _typos() -> dict[str, str]:
    """What is written for a word with one letter missing or two changed about, where that is no word itself."""
    found: dict[str, str] = {}
    for word, letter in _LETTERS.items():
        if letter not in "GSDAEHz" or len(word) < 5 or not word.isalpha():
            continue
        for place in range(1, len(word)):
            swapped = word[:place] + word[place + 1 : place + 2] + word[place] + word[place + 2 :]
            for form in (word[:place] + word[place + 1 :], swapped):
                if len(form) > 2 and form not in _LETTERS and form not in _REAL:
                    found.setdefault(form, word)
    return found


_TYPOS = _typos()
_NAMED = frozenset(word for word, letter in _LETTERS.items() if letter in "GS") | {
    form for form, word in _TYPOS.items() if _LETTERS[word] in "GS"
}


def _phrases() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for letter, rows in _DATA["phrases"].items():
        for row in rows:
            first, *rest = row.replace("'s", "").replace("'", "").split()
            found.setdefault(first, []).append((tuple(rest), letter))
    for options in found.values():
        options.sort(key=lambda option: -len(option[0]))
    return found


_PHRASES = _phrases()
LEADS = frozenset(_PHRASES)  # words that a phrase begins with
FOLLOWS = frozenset(rest[0] for options in _PHRASES.values() for rest, _ in options if rest)  # and those that come next
# `needs`: groups of letters of each of which a text must have one for the shape to be found in it.
_SHAPES = [
    (row["kind"], row["weight"], re.compile(row["is"]), [frozenset(some) for some in row["needs"].split()])
    for row in _DATA["shape"]
]
_SPACED = re.compile(r"\b(?:[^\W\d_] ){2,}[^\W\d_]\b")
_SAID = re.compile(r"N[^.]{0,3}Q|Q[^.]{0,12}J|J[^.]{0,12}Q|Q.*J|J.*Q")
_OWN = re.compile(r"I[KtoTf]{0,4}[Ss]|I[Ss]|[Ss]lI")
_CONDEMNED = re.compile(r"J|NQ|N.Q")


@dataclass(frozen=True, slots=True)
class Hate:
    """`signs` of hatred, and whether what looked like it was quoted, condemned, denied or no slur at all."""

    signs: list[Sign]
    spared: bool = False


def hate(page: Page, spelt: str = "") -> Hate:
    """Evidence of hatred, with its place. `spelt`: the letters of its words, where each stands for itself alone.

    Kinds: likened, despised, threatened, worthless, driven_out, compared, spoken_of_after, slur.
    """
    letters, places, alike = (spelt, _EACH, False) if spelt else _letters_of(page)
    present = set(letters)
    if present.isdisjoint("GSs"):
        return Hate([], alike)
    between: list[tuple[int, int]] | None = None
    found: list[Sign] = []
    spared = alike
    for kind, weight, shape, needs in _SHAPES:
        if any(map(present.isdisjoint, needs)):
            continue
        for match in islice(shape.finditer(letters), _MOST):
            first, after = places[match.start()][0], places[match.end() - 1][1]
            if between is None:
                between = quoted(page)
            inside = bool(between) and any(a < page.starts[first] and page.ends[after - 1] <= b + 1 for a, b in between)
            left = _left(letters, match, kind, inside)
            spared = spared or left == _SPARED
            found.append(sign_of((weight * left, kind, *page.span(first, after), said(page, first, after))))
    return Hate(found, spared and log_odds(found) <= 0)


def _letters_of(page: Page) -> tuple[str, Sequence[tuple[int, int]], bool]:
    """What `_spell` says of a page; no letters where it names no group and holds no slur."""
    forms = page.forms if len(page.forms) <= MOST_WORDS else page.forms[:MOST_WORDS]
    spaced = list(map(len, forms)).count(1) > 1 and _SPACED.search(page.normal.text) is not None
    if _NAMED.isdisjoint(forms) and not spaced and not any(map(_GLUED.__getitem__, forms)):
        return "", (), False
    return _spell(_letters_apart(page) if spaced else forms)


def log_odds(found: list[Sign]) -> float:
    return BIAS + total(found) if found else BIAS - 1.5


def _left(letters: str, match: re.Match[str], kind: str, inside: bool) -> float:
    """How much of a shape is left where it is quoted, condemned, denied, told of or said of oneself: 0 to 1."""
    begin = letters.rfind(".", 0, match.start()) + 1
    end = letters.find(".", match.end())
    before = letters[begin : match.start()]
    sentence = letters[begin : end if end >= 0 else len(letters)]
    if inside and ("Q" in letters or "J" in letters):
        return _SPARED
    if _CONDEMNED.search(sentence) and ("Q" in sentence or "J" in sentence):
        return _SPARED
    if _SAID.search(letters) and "Q" in before:
        return _SPARED
    if kind == "threatened" and "N" in before[-6:]:
        return _SPARED
    if kind == "slur" and (_OWN.search(sentence) or "P" in sentence):
        return _SPARED
    if kind == "slur" and "Q" in before[-5:]:  # "they call my son a ...": told of, not said
        return _TOLD
    return 1.0


def _spell(forms: list[str]) -> tuple[str, Sequence[tuple[int, int]], bool]:
    """The letters of a text, for each the words (first, after) it stands for, and whether a word only looked like a
    slur."""
    plainly = _spell_plainly(forms)
    if plainly:
        return plainly, _EACH, False
    parts = _parts(forms)
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    at, alike = 0, False
    while at < len(parts):
        form, place = parts[at]
        for rest, letter in _PHRASES.get(form, ()):
            if tuple(other for other, _ in parts[at + 1 : at + 1 + len(rest)]) == rest:
                letters.append(letter[0])
                alike = alike or letter == "oo"
                places.append((place, parts[at + len(rest)][1] + 1))
                at += 1 + len(rest)
                break
        else:
            letters.append(_LETTER_OF[form])
            places.append((place, place + 1))
            at += 1
    return "".join(letters), places, alike


def _spell_plainly(forms: list[str]) -> str:
    """The letters of a text in which every word stands for itself alone, and begins no phrase; otherwise ""."""
    if any(map(_GLUED.__getitem__, forms)):
        return ""
    for place in [place for place, form in enumerate(forms) if form in _PHRASES]:
        for rest, _ in _PHRASES[forms[place]]:
            if forms[place + 1 : place + 1 + len(rest)] == list(rest):
                return ""
    lengths = list(map(len, forms))
    if lengths.count(1) > 2 and any(map(_APART.__eq__, zip(lengths, lengths[1:], lengths[2:], strict=False))):
        return ""
    return "".join(map(_LETTER_OF.__getitem__, forms))


def _letters_apart(page: Page) -> list[str]:
    """The words, single letters as they were written: "r" may have been read as "are"."""
    text, starts, ends = page.normal.text, page.starts, page.ends
    return [
        text[starts[place]] if ends[place] - starts[place] == 1 and text[starts[place]].isalpha() else form
        for place, form in enumerate(page.forms[:MOST_WORDS])
    ]


def _parts(forms: list[str]) -> list[tuple[str, int]]:
    """The words with their places, with letters set apart put together and words run together taken apart."""
    found: list[tuple[str, int]] = []
    at = 0
    while at < len(forms):
        form = forms[at]
        if len(form) == 1 and form.isalpha():
            word, size = _joined(forms, at)
            if size:
                found.append((word, at))
                at += size
                continue
        glued = _GLUED[form]
        if glued:
            found += [(part, at) for part in glued]
        else:
            found.append((form, at))
        at += 1
    return found


def _joined(forms: list[str], at: int) -> tuple[str, int]:
    """A known word made of single letters from word `at` on, and how many."""
    after = at
    while after < len(forms) and len(forms[after]) == 1 and forms[after].isalpha() and after - at < 16:
        after += 1
    for end in range(after, at + 2, -1):
        word = "".join(forms[at:end])
        if word in _LETTERS or word in _TYPOS:
            return word, end - at
    return "", 0


def _begins(form: str) -> tuple[str, ...]:
    """The parts that may stand at the beginning of a word."""
    return _BEGINS.get(form[:2], ()) + _BEGINS.get(form[:1], ())


def _ends(form: str) -> tuple[str, ...]:
    """The parts that may stand at the end of a word."""
    return _ENDS.get(form[-2:], ()) + _ENDS.get(form[-1:], ())


def _glued(form: str) -> tuple[str, ...]:
    """The words run together in one, where a group or a slur is one of them: "manyimmigrants"; otherwise none."""
    if not _SHORTEST_GLUED <= len(form) <= _LONGEST_GLUED or form in _LETTERS or form in _REAL or not form.isalpha():
        return ()
    if not form.startswith(_begins(form)) or not form.endswith(_ends(form)):
        return ()  # most words
    best: list[tuple[str, ...] | None] = [()] + [None] * len(form)
    for end in range(1, len(form) + 1):
        for start in range(max(0, end - _LONGEST_PART), end):
            before = best[start]
            if before is not None and form[start:end] in _PARTS:
                best[end] = (*before, form[start:end])
                break
    parts = best[len(form)] or ()
    return (
        parts
        if len(parts) > 1 and any(_LETTERS.get(part) in ("G", "S", "s", "D", "A", "E", "z") for part in parts)
        else ()
    )


def named(form: str) -> tuple[bool, str]:
    """Whether the word names a group or is a slur, alone or run together with others; and its letter, "" where it may
    stand for several, or is a phrase by itself."""
    if _glued(form):
        return True, ""
    phrase = any(not rest for rest, _ in _PHRASES.get(form, ()))
    return form in _NAMED, "" if phrase else _LETTER_OF[form]


class _Glued(dict[str, tuple[str, ...]]):
    """What each word was taken apart into."""

    def __missing__(self, form: str) -> tuple[str, ...]:
        if len(self) > _MOST_REMEMBERED:  # strange words must not fill the memory of a worker
            self.clear()
        found = self[form] = _glued(form)
        return found


_GLUED = _Glued()


class _LetterOf(dict[str, str]):
    """The letter of each word, or of the word it is a slip for."""

    def __missing__(self, form: str) -> str:
        if len(self) > _MOST_REMEMBERED:
            self.clear()
        found = self[form] = "." if form in STOPS else _LETTERS.get(_TYPOS.get(form, form), "o")
        return found


_LETTER_OF = _LetterOf()
