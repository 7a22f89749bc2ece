"""Does a draft contradict an approved line, or depart from it?

A draft is about a line when it holds one of the line's words. What both state is then compared: days, times, money,
shares, numbers of the same thing, telephone numbers, addresses, names. A fact of the draft is at odds with the line
when the line states another of the same sort which the draft leaves out: where the line says "11am", "10am" is at odds
and "11am, doors 10am" is not.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date

from gatepost.policy.checks.base import Draft, clause, sentences
from gatepost.policy.model import Finding, Line
from gatepost.policy.named_days import DAYS
from gatepost.policy.stating import Fact, Sort, days_between, facts, misnamed, names, number, same_day, same_time, stem

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_NOT = frozenset(("not", "no", "never", "cannot", "without", "isn't", "aren't", "won't", "can't", "don't", "doesn't"))
_ARTICLES = frozenset(("a", "an", "the"))
_IMPLIED = "between"  # marks a day of "Monday to Friday" that is not named; beside dates it says nothing of a date
_ENOUGH = 2  # words that must be left of a sentence without its topic
_SAID: dict[Sort, str] = {
    "day": "the day", "time": "the time", "money": "the sum", "share": "the share", "number": "the number",
    "phone": "the telephone number", "address": "the address", "name": "the name",
}  # fmt: skip
_NEAR_NAME = 0.75  # two names at least so alike are one of them misspelt
_SAME_SENTENCE = 0.6  # share of words two sentences have in common that say the same thing
_ROLES = (
    "chief executive", "director", "manager", "officer", "chair", "leader", "mayor", "councillor", "contact", "lead",
    "surgeon", "nurse", "inspector", "sergeant", "secretary", "minister",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Conflict:
    """text[start:end] says `sort` otherwise than the line, which says `instead`."""

    start: int
    end: int
    sort: Sort
    instead: str


def lines(draft: Draft) -> Iterator[Finding]:
    """Each fact that an approved line states otherwise, and each sentence that turns a line into its opposite."""
    if draft.unchanged_wording:
        return
    severity = draft.pack.checks.lines
    near = (draft.out.leaves or draft.at).date()
    for line in draft.out.lines:
        for one in conflicts(draft.text, line, near):
            yield Finding(
                "lines",
                severity,
                clause(draft, "lines"),
                f"On {line.topic} our approved line gives {_SAID[one.sort]} as {one.instead}.",
                "Write it as the line has it, or have the line changed first.",
                start=one.start,
                end=one.end,
            )
        for start, end in opposites(draft.text, line):
            yield Finding(
                "lines",
                severity,
                clause(draft, "lines"),
                f"On {line.topic} our approved line says the opposite: “{line.text[:200]}”",
                "Say what the line says, or have the line changed first.",
                start=start,
                end=end,
            )


def weekday(draft: Draft) -> Iterator[Finding]:
    """A date beside the name of a day on which it does not fall: people would come on the wrong one."""
    near = (draft.out.leaves or draft.at).date()
    for start, end, day in misnamed(draft.text, near):
        says = f"{day.day} {day:%B %Y} is a {day:%A}."
        mend = "Correct the day or the date."
        yield Finding("weekday", "ask", clause(draft, "weekday"), says, mend, start=start, end=end)


def conflicts(text: str, line: Line, near: date) -> list[Conflict]:
    """Facts in `text` that are at odds with `line`, by place; none where the text is not about it."""
    if not about(text, line):
        return []
    said = facts(text, near, said=True)
    known = facts(line.text, near)
    known += [Fact("day", one.value, 0, 0) for one in line.dates if _is_day(one.value)]
    known += [Fact("number", number(one.value), 0, 0, _thing(one.what)) for one in line.figures]
    for one in days_between(line.text):
        known.append(replace(one, what=_IMPLIED))
    found = [one for sort in _SAID if sort != "name" for one in _at_odds(sort, said, known, line.text)]
    found += _names_at_odds(text, line.text)
    return sorted(found, key=lambda one: one.start)


def about(text: str, line: Line) -> bool:
    """Whether a text is about the line: it holds one of its words; where it has none, every word of its topic."""
    held = [stem(word) for word in _WORD.findall(text)]
    if line.words:
        return any(_holds(held, [stem(word) for word in _WORD.findall(phrase)]) for phrase in line.words)
    topic = {stem(word) for word in _WORD.findall(line.topic) if len(word) > 3}
    return bool(topic) and topic <= set(held)


def _holds(held: Sequence[str], phrase: Sequence[str]) -> bool:
    width = len(phrase)
    return bool(width) and any(held[at : at + width] == phrase for at in range(len(held) - width + 1))


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _thing(what: str) -> str:
    words = _WORD.findall(what)
    return stem(words[-1]) if words else ""


def _at_odds(sort: Sort, said: Sequence[Fact], known: Sequence[Fact], text: str) -> Iterator[Conflict]:
    told: Counter[str] = Counter()
    for one in said:
        if one.sort != sort:
            continue
        same = [other for other in known if other.sort == sort and other.what == one.what]
        if sort == "day" and (one.value in DAYS or all(other.value in DAYS for other in same)):
            same += [other for other in known if other.what == _IMPLIED]
        if not same or any(_equal(one, other) for other in same):
            continue
        beside = [other for other in said if other.sort == sort and other.what == one.what]
        missing = [other for other in same if not any(_equal(other, mine) for mine in beside)]
        if missing:
            # A weekday is answered by a weekday, a date by a date; of "10am to 4pm" the second by the second.
            like = [other for other in missing if (other.value in DAYS) is (one.value in DAYS)] or missing
            yield Conflict(one.start, one.end, sort, _words(like[min(told[one.what], len(like) - 1)], text))
            told[one.what] += 1


def _equal(one: Fact, other: Fact) -> bool:
    if one.sort == "time":
        return same_time(one.value, other.value)
    return same_day(one.value, other.value) if one.sort == "day" else one.value == other.value


def _words(fact: Fact, text: str) -> str:
    if fact.end:
        return f"“{text[fact.start : fact.end]}”"
    day = date.fromisoformat(fact.value) if fact.sort == "day" else None
    return f"“{day.day} {day:%B %Y}”" if day else f"“{fact.value}”"


def _names_at_odds(text: str, approved: str) -> Iterator[Conflict]:
    """A name that is nearly the line's, or another one beside the same office."""
    known = names(approved)
    for one in names(text):
        # A sentence that begins "Ask Priya Nair" begins with a capital too.
        if any(one.value in other.value or other.value in one.value for other in known):
            continue
        for other in known:
            ending = " ".join(one.value.split()[-len(other.value.split()) :])
            close = difflib.SequenceMatcher(None, ending, other.value).ratio() >= _NEAR_NAME
            office = _office(text, one)
            if close or (office and office == _office(approved, other)):
                yield Conflict(one.start, one.end, "name", f"“{other.value}”")
                break


def _office(text: str, name: Fact) -> str:
    """The office named just before or after a name."""
    beside = f"{text[max(0, name.start - 30) : name.start]} | {text[name.end : name.end + 30]}".lower()
    return next((role for role in _ROLES if re.search(rf"\b{role}\b", beside)), "")


def opposites(text: str, line: Line) -> Iterator[tuple[int, int]]:
    """Sentences that share most words with one of the line's, and of which only one of the two says "not"."""
    if not about(text, line):
        return
    topic = {stem(word) for phrase in (line.words or (line.topic,)) for word in _WORD.findall(phrase)}
    approved = [_bag(line.text[start:end], topic) for start, end in sentences(line.text)]
    for start, end in sentences(text):
        words, negated = _bag(text[start:end], topic)
        alike = [(len(words & other) / max(len(words | other), 1), denied) for other, denied in approved]
        # The nearest sentence counts: where the line says both, as of two days, the draft may say either.
        nearest, denied = max(alike, key=lambda one: (one[0], one[1] is negated), default=(0.0, negated))
        if nearest >= _SAME_SENTENCE and negated is not denied:
            yield start, end


def _bag(sentence: str, topic: Set[str]) -> tuple[frozenset[str], bool]:
    """The words of a sentence, and whether it says "not". Of a short one what tells it from others is what counts, so
    the words that name the topic are left out where enough is left, and so are articles."""
    words = {word.lower().replace("’", "'") for word in _WORD.findall(sentence)}
    negated = any(word in _NOT or word.endswith("n't") for word in words)
    words = {word for word in words if word not in _NOT and word not in _ARTICLES and not word.endswith("n't")}
    stems = frozenset(map(stem, words))
    return (stems - topic if len(stems - topic) >= _ENOUGH else stems), negated
