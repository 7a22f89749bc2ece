"""Conditions, outcomes and figures of a pack in words for people who do not read TOML."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import date

from gatepost.policy.conditions import DEFAULT_THRESHOLD, LABEL_WORDS
from gatepost.policy.naming import NOTHING, Names
from gatepost.policy.schema import Then, When
from gatepost.policy.titles import LANGUAGES

UNITS = {
    "hours": "hours",
    "working_hours": "working hours",
    "working_days": "working days",
    "days": "days",
    "weeks": "weeks",
    "months": "months",
    "hours_except_closed_days": "hours, not counting weekends and bank holidays",
}
# What can differ between the decisions of two policies, as differences.py names it.
FIELD_WORDS = {
    "decided": "what the message is read as",
    "offers": "the wordings offered",
    "refer": "where it is referred",
    "moderate": "what is done with it on the network",
    "steps": "in which steps",
    "mask": "masking of personal details",
    "answer": "whether it is answered",
    "urgent": "whether it is urgent",
    "clocks": "the clocks that start",
    "due": "when a clock ends",
    "second_look": "whether a second person looks at it",
    "hand_over": "whether the conversation is handed over",
    "addressed": "who gets what is referred",
    "advice": "the advice given",
    "stop": "what stops a draft",
    "ask": "what is asked of its author",
    "note": "what is worth a look",
}
SHORT = 5  # words of a text that is shown whole
_CONTEXT = 2  # words shown before a word that is put in or taken out
_ALIKE = 0.4  # of two texts less alike than this the places they differ at say nothing


def condition(when: When, thresholds: Mapping[str, float], names: Names = NOTHING) -> str:
    """A condition as one phrase: "it reads as a complaint (from 0.5) and is a private message"."""
    parts: list[str] = []
    if when.label is not None:
        least = when.at_least if when.at_least is not None else thresholds.get(when.label, DEFAULT_THRESHOLD)
        parts.append(f"it reads as {LABEL_WORDS.get(when.label, when.label)} (from {number(least)})")
    if when.network is not None:
        parts.append(f"it came by {listed((names.of('network', one) for one in when.network), 'or')}")
    if when.private is not None:
        parts.append("it is a private message" if when.private else "everybody can see it")
    if when.language is not None:
        known = ({**LANGUAGES, "und": "one that cannot be told"}.get(one, one) for one in when.language)
        parts.append(f"its language is {listed(known, 'or')}")
    if when.sentiment is not None:
        parts.append(f"its feeling is {when.sentiment}")
    if when.urgent is not None:
        parts.append("it is urgent" if when.urgent else "it is not urgent")
    if when.topic is not None:
        parts.append(f"it is about {listed((topic.replace('_', ' ') for topic in when.topic), 'or')}")
    if when.author is not None:
        kinds = ("somebody who wrote before" if kind == "repeat" else f"a {kind}" for kind in when.author)
        parts.append(f"its writer is {listed(kinds, 'or')}")
    if when.audience is not None:
        parts.append(f"its channel is for the audience {listed(names.all('audience', when.audience), 'or')}")
    if when.hours is not None:
        parts.append(f"it came {when.hours} working hours")
    if when.history is not None:
        days = duration(when.history.days, "days")
        parts.append(f"its writer has sent {when.history.messages} messages or more in {days}")
    if when.period is not None:
        parts.append(f"it came in the period {listed(names.all('period', when.period), 'or')}")
    if when.all_of is not None:
        parts.append(" and ".join(_inner(one, thresholds, names) for one in when.all_of))
    if when.any_of is not None:
        either = " or ".join(_inner(one, thresholds, names) for one in when.any_of)
        parts.append(f"({either})" if len(when.any_of) > 1 and parts else either)
    if when.negated is not None:
        parts.append(f"not: {_inner(when.negated, thresholds, names)}")
    return " and ".join(parts)


def _inner(when: When, thresholds: Mapping[str, float], names: Names) -> str:
    words = condition(when, thresholds, names)
    return f"({words})" if len(when.model_fields_set) > 1 or when.any_of else words


def outcome(then: Then, names: Names = NOTHING) -> list[str]:
    """What follows, each thing a phrase of its own."""
    parts: list[str] = []
    if then.offer:
        parts.append(f"offer the wording {listed(names.all('wording', then.offer))}")
    if then.refer:
        parts.append(f"refer it to {listed(names.all('department', then.refer))}")
    if then.clocks:
        parts.append(f"start the clock {listed(names.all('clock', then.clocks))}")
    if then.moderate != "none":
        at_once = then.moderate == "remove" and not then.reversible_first
        parts.append(f"{then.moderate} it on the network{' at once' if at_once else ''}")
    if then.mask:
        parts.append("mask personal details")
    if not then.answer:
        parts.append("do not answer")
    if then.urgent:
        parts.append("treat it as urgent")
    if then.withhold:
        parts.append("offer no approved wording")
    if then.second_look:
        parts.append("ask for a second look")
    if then.hand_over:
        parts.append("hand the conversation over")
    parts += [f"advise: “{words}”" for words in then.advice]
    return parts


def duration(amount: int, unit: str) -> str:
    """ "1 month", "5 working days"."""
    words = UNITS.get(unit, unit.replace("_", " "))
    return f"{amount} {words.replace('hours', 'hour').rstrip('s') if amount == 1 and ',' not in words else words}"


def listed(things: Iterable[object], join: str = "and") -> str:
    """ "one", "one and two", "one, two and three", "nothing"."""
    names = [str(thing) for thing in things]
    if len(names) < 2:
        return names[0] if names else "nothing"
    return f"{', '.join(names[:-1])} {join} {names[-1]}"


def ended(words: str) -> str:
    """A sentence, with one full stop."""
    return words if words.endswith((".”", "?”", "!”")) else f"{words}."


def detail_words(what: str) -> str:
    """One detail of a difference: "+complaint" is "complaint: now", "-complaint" "complaint: no longer"."""
    if what[:1] in "+-":
        return f"{what[1:].replace('_', ' ')}: {'now' if what[0] == '+' else 'no longer'}"
    return what.replace("_", " ")


def binder(by: str, names: Names = NOTHING) -> str:
    """What puts a clause into practice; of an imported draft's clause it may be that nothing does."""
    if by in ("desk:not_understood", "desk:not_enforced"):
        return "nothing yet, for it is kept as text"
    kind, _, name = by.partition(":")
    if kind == "desk":
        return f"the desk itself ({name.replace('_', ' ')})"
    return f"the {'indicator of the risk' if kind == 'risk' else kind} {names.quoted(kind, name)}"


def said(value: object) -> str:
    """One value as words: “text”, 3 and not 3.0, 21 December 2026, yes."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        pairs = (f"{str(key).replace('_', ' ')}: {said(one)}" for key, one in value.items())
        return "; ".join(pairs) or "nothing"
    if isinstance(value, list | tuple):
        return listed(said(one) for one in value)
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, int | float):
        return number(value)
    return f"“{value}”" if value else "nothing"


def number(value: float, unit: str = "") -> str:
    """ "3", "1,500 words", "£2.50", "1 hour"."""
    whole = f"{value:,.10f}".rstrip("0").rstrip(".") or "0"
    if unit in ("£", "€", "$"):
        return f"{unit}{whole if value == int(value) else f'{value:,.2f}'}"
    one = unit[:-1] if value == 1 and unit.endswith("s") and " " not in unit else unit
    return f"{whole} {one}" if unit else whole


def word_changes(old: str, new: str) -> tuple[str, ...]:
    """What changes from one text to the other, word by word, each place a phrase; a short text, and one that says
    something else, as a whole. Nothing where only spaces differ."""
    before, after = old.split(), new.split()
    if before == after:
        return ()
    if before and after and max(len(before), len(after)) <= SHORT:
        return (f"“{' '.join(before)}” becomes “{' '.join(after)}”",)
    matched = difflib.SequenceMatcher(None, before, after, autojunk=False)
    if min(len(before), len(after)) > _CONTEXT and matched.ratio() < _ALIKE:
        return (f"it says something else: “{' '.join(after)}” (before: “{' '.join(before)}”)",)
    found = []
    for kind, start, end, to, until in matched.get_opcodes():
        if kind == "replace":
            left, right = _around(before, start, end), _around(after, to, until)
            found.append(f"“{left}” becomes “{right}”")
        elif kind == "delete":
            found.append(f"“{' '.join(before[start:end])}” is taken out{_after(before, start)}")
        elif kind == "insert":
            found.append(f"“{' '.join(after[to:until])}” is put in{_after(after, to)}")
    return tuple(found)


def _around(words: list[str], start: int, end: int) -> str:
    """The words from `start` to `end`; of figures the whole number, and what they count."""
    if words[start][:1].isdigit():
        while start and words[start - 1].isdigit():
            start -= 1
    if words[end - 1].isdigit():
        while end < len(words) and words[end].isdigit():
            end += 1
        if end - start == 1 and not words[start].startswith("0"):
            end += 1
    return " ".join(words[start:end])


def _after(words: list[str], place: int) -> str:
    return f" after “{' '.join(words[max(place - _CONTEXT, 0) : place])}”" if place else " at the beginning"
