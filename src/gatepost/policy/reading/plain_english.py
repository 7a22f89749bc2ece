"""Plain English in our own drafts: sentences, jargon with what to say instead, long words, reading ease."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..model import Span
from .page import Page, open_page
from .words import Words

LONG_SENTENCE = 25  # words; GOV.UK's advice for public writing
LONG_WORD = 4  # syllables
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\w)[^.!?\n]*)*[.!?]*")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    start: int
    end: int
    words: int


@dataclass(frozen=True, slots=True)
class Jargon:
    """text[start:end] is `term`; `instead` says what to write."""

    start: int
    end: int
    term: str
    instead: str


@dataclass(frozen=True, slots=True)
class Plain:
    """`ease` is Flesch's reading ease (60 and over is plain); `grade` is Flesch and Kincaid's school grade."""

    sentences: tuple[Sentence, ...]
    jargon: tuple[Jargon, ...]
    long_words: tuple[Span, ...]
    words: int
    ease: float
    grade: float

    @property
    def long_sentences(self) -> tuple[Sentence, ...]:
        return tuple(sentence for sentence in self.sentences if sentence.words > LONG_SENTENCE)


def plain(text: str, words: Words) -> Plain:
    """How plainly a draft of ours is written. Offsets are code points of `text`."""
    rows: list[Sentence] = []
    long_words: list[Span] = []
    total = syllables = 0
    for match in _SENTENCE.finditer(text):
        found = [w for w in _WORD.finditer(match[0]) if "://" not in match[0][w.start() : w.end() + 3]]
        if not found:
            continue
        lead = len(match[0]) - len(match[0].lstrip())
        rows.append(Sentence(match.start() + lead, match.end(), len(found)))
        total += len(found)
        for word in found:
            count = syllable_count(word[0])
            syllables += count
            if count >= LONG_WORD and not word[0][:1].isupper():
                start = match.start() + word.start()
                long_words.append(Span(start, start + len(word[0]), "plain_english", "long_word"))
    jargon = tuple(_jargon(open_page(text, words), words))
    if not total:
        return Plain((), jargon, (), 0, 100.0, 0.0)
    length, weight = total / len(rows), syllables / total
    ease = round(206.835 - 1.015 * length - 84.6 * weight, 1)
    grade = round(max(0.0, 0.39 * length + 11.8 * weight - 15.59), 1)
    return Plain(tuple(rows), jargon, tuple(long_words), total, ease, grade)


def syllable_count(word: str) -> int:
    """About how many syllables an English word has; never less than one."""
    form = word.lower()
    count = len(_VOWELS.findall(form))
    if form.endswith("e") and not form.endswith(("le", "ee")) and count > 1:
        count -= 1
    if form.endswith("ed") and not form.endswith(("ted", "ded")) and count > 1:
        count -= 1
    return max(count, 1)


def _jargon(page: Page, words: Words) -> list[Jargon]:
    found: list[Jargon] = []
    forms = page.forms
    longest = max((len(term) for term in words.jargon), default=0)
    place = 0
    while place < len(forms):
        step = 1
        if forms[place] in words.jargon_starts:
            for size in range(longest, 0, -1):
                term = tuple(forms[place : place + size])
                if len(term) == size and term in words.jargon:
                    start, end = page.span(place, place + size)
                    found.append(Jargon(start, end, page.original[start:end], words.jargon[term]))
                    step = size
                    break
        place += step
    return found
