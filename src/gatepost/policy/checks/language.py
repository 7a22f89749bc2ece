"""Plain English, and text that screen readers and tired eyes can read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from gatepost.policy.checks.base import Draft, clause
from gatepost.policy.checks.count import graphemes, is_emoji
from gatepost.policy.model import Finding

GROWN_UP = 22  # years; beyond them the formula counts no age
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_HASHTAG = re.compile(r"(?<![\w&])#(\w*[^\W\d_]\w*)")
_BREAK = re.compile(r"[.!?\n]")
_SMALL_CAPITALS = str.maketrans("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz")
_SMALL = "".join(chr(code) for code in _SMALL_CAPITALS)
_STROKES = "\u0332\u0333\u0335\u0336\u0337\u0338"  # lines through or under a letter, which mark nothing in any language
# One small capital or raised letter may be a unit or a sound; two in a row are a word dressed up.
_FANCY = re.compile(
    "[\U0001d400-\U0001d7ff\u24b6-\u24e9\uff21-\uff3a\uff41-\uff5a\U0001f130-\U0001f189]+"
    rf"|[{_SMALL}](?:[{_SMALL}a-z]*[{_SMALL}])"
    "|(?<!\\d)[\u1d2c-\u1d6a\u02b0-\u02b8\u02e1-\u02e3\u2071\u207f]{2,}"
    rf"|(?:[^\W\d_][{_STROKES}]+){{2,}}"
)
_SIGNS = re.compile("[\U0001f170\U0001f171\U0001f17e\U0001f17f\u24c2]{1,2}")  # emoji: A, B, O, P, M


def sentence(draft: Draft) -> Iterator[Finding]:
    """Sentences longer than the pack's limit of words."""
    limit = draft.pack.checks.sentence_words
    for one in draft.plain.sentences:
        if one.words > limit:
            yield Finding(
                "sentence",
                "note",
                clause(draft, "sentence"),
                f"This sentence has {one.words} words; over {limit} is hard for many people to follow.",
                "Make it two sentences.",
                start=one.start,
                end=one.end,
            )


def jargon(draft: Draft) -> Iterator[Finding]:
    """Words of the office, with the pack's plainer ones."""
    for one in draft.plain.jargon:
        mend = f"Write {one.instead!r} instead." if one.instead else "Say it in everyday words."
        says = f"Many residents do not use {one.term!r}."
        yield Finding("jargon", "note", clause(draft, "jargon"), says, mend, start=one.start, end=one.end)


def reading_age(draft: Draft) -> Iterator[Finding]:
    """A hint only: the formula means little for short texts, so it waits for a longer one. Age: grade and 5 years."""
    settings = draft.pack.checks
    age = round(draft.plain.grade + 5)
    if draft.plain.words >= settings.reading_age_from_words and age > settings.reading_age:
        who = f"A reader of about {age} years" if age <= GROWN_UP else "Only somebody who reads such texts for a living"
        yield Finding(
            "reading_age",
            "note",
            clause(draft, "reading_age"),
            f"{who} would follow this; aim for an age of {settings.reading_age} or younger.",
            "Shorter sentences and everyday words bring it down.",
        )


def capitals(draft: Draft) -> Iterator[Finding]:
    """Runs of words in capitals read as shouting, and screen readers may spell them out."""
    run: list[re.Match[str]] = []
    for word in [*_WORD.finditer(draft.text), None]:
        shouted = word is not None and len(word[0]) > 1 and word[0].isupper()
        broken = run and word is not None and _BREAK.search(draft.text[run[-1].end() : word.start()])
        if run and (not shouted or broken):
            yield from _shouting(draft, run)
            run = []
        if word is not None and shouted:
            run.append(word)


def _shouting(draft: Draft, run: list[re.Match[str]]) -> Iterator[Finding]:
    if len(run) >= draft.pack.checks.capitals_words:
        yield Finding(
            "capitals",
            "note",
            clause(draft, "capitals"),
            "Words in capitals read as shouting, and screen readers may spell them out.",
            "Write it in small letters.",
            start=run[0].start(),
            end=run[-1].end(),
        )


def emoji(draft: Draft) -> Iterator[Finding]:
    """More emoji than the pack allows: screen readers read out the name of each."""
    limit = draft.pack.checks.emoji
    places = [(start, end) for start, end in graphemes(draft.text) if is_emoji(draft.text[start:end])]
    if len(places) > limit:
        yield Finding(
            "emoji",
            "note",
            clause(draft, "emoji"),
            f"There are {len(places)} emoji; screen readers read out each of them. The limit is {limit}.",
            "Keep the few that help, at the end.",
            start=places[limit][0],
            end=places[-1][1],
        )


def emoji_place(draft: Draft) -> Iterator[Finding]:
    """Emoji as bullets or amid a sentence are read out where they stand, by their whole names."""
    places = [(start, end) for start, end in graphemes(draft.text) if is_emoji(draft.text[start:end])]
    for start, end in places:
        before, after = draft.text[:start].rstrip(" "), draft.text[end:]
        begins = not before or before.endswith("\n")
        if begins and after.strip():
            says = "This line begins with an emoji; as a bullet it is read out before every point."
            yield _misplaced(draft, start, end, says)
        elif re.match(r" ?\w", after) and before and before[-1].isalnum():
            yield _misplaced(draft, start, end, "An emoji amid a sentence is read out there, by its whole name.")


def _misplaced(draft: Draft, start: int, end: int, says: str) -> Finding:
    mend = "Put it at the end, or leave it out."
    return Finding("emoji_place", "note", clause(draft, "emoji_place"), says, mend, start=start, end=end)


def fancy_letters(draft: Draft) -> Iterator[Finding]:
    """Mathematical, enclosed, small capital and raised letters in place of bold or script, and letters struck through:
    screen readers cannot read them.
    """
    for found in _FANCY.finditer(draft.text):
        if _SIGNS.fullmatch(found[0]):
            continue  # a car park, a blood group
        plain_words = _plainly(found[0])
        yield Finding(
            "fancy_letters",
            "stop",
            clause(draft, "fancy_letters"),
            "These are not letters but signs that look like them: screen readers skip or spell them.",
            f"Write {plain_words!r} in ordinary letters.",
            start=found.start(),
            end=found.end(),
        )


def _plainly(fancy: str) -> str:
    """The words meant, in ordinary letters."""
    bare = "".join(mark for mark in fancy if mark not in _STROKES).translate(_SMALL_CAPITALS)
    return "".join(_enclosed(mark) for mark in unicodedata.normalize("NFKC", bare))


def _enclosed(mark: str) -> str:
    """A letter on a dark ground as the letter."""
    code = ord(mark)
    block = next((first for first in (0x1F150, 0x1F170) if first <= code <= first + 25), None)
    return mark if block is None else chr(ord("A") + code - block)


def hashtags(draft: Draft) -> Iterator[Finding]:
    """Hashtags of several words need a capital on each; and there should be few."""
    settings = draft.pack.checks
    found = list(_HASHTAG.finditer(draft.text))
    for tag in found:
        name = tag[1]
        mixed = any(mark.isupper() for mark in name) and any(mark.islower() for mark in name)
        inner = any(mark.isupper() for mark in name[1:])
        if len(name) >= settings.camel_case_from and not (mixed and inner):
            yield Finding(
                "hashtags",
                "note",
                clause(draft, "hashtags"),
                f"Screen readers read #{name} as one word if its words do not begin with capitals.",
                "Begin every word with a capital, as in #RepairsWeek.",
                start=tag.start(),
                end=tag.end(),
            )
    if len(found) > settings.hashtags:
        yield Finding(
            "hashtags",
            "note",
            clause(draft, "hashtags"),
            f"There are {len(found)} hashtags; {settings.hashtags} is enough.",
            "Keep the ones people look for, at the end.",
            start=found[settings.hashtags].start(),
            end=found[-1].end(),
        )
