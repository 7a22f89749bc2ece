"""Conditions, outcomes and figures of a pack in words for people who do not read TOML."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import date

from pydantic import BaseModel

from gatepost.policy.conditions import DEFAULT_THRESHOLD, LABEL_WORDS
from gatepost.policy.model import Extension
from gatepost.policy.schema import Then, When

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
_CONTEXT = 2  # words shown before a word that is put in or taken out
_ALIKE = 0.4  # of two texts less alike than this the places they differ at say nothing


def condition(when: When, thresholds: Mapping[str, float]) -> str:
    """A condition as one phrase: "it reads as a complaint (from 0.50) and is a private message"."""
    parts: list[str] = []
    if when.label is not None:
        least = when.at_least if when.at_least is not None else thresholds.get(when.label, DEFAULT_THRESHOLD)
        parts.append(f"it reads as {LABEL_WORDS.get(when.label, when.label)} (from {least:.2f})")
    if when.network is not None:
        parts.append(f"it came by {listed(when.network, 'or')}")
    if when.private is not None:
        parts.append("it is a private message" if when.private else "everybody can see it")
    if when.language is not None:
        parts.append(f"its language is {listed(when.language, 'or')}")
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
        parts.append(f"its channel is for the audience {listed(when.audience, 'or')}")
    if when.hours is not None:
        parts.append(f"it came {when.hours} working hours")
    if when.history is not None:
        days = duration(when.history.days, "days")
        parts.append(f"its writer has sent {when.history.messages} messages or more in {days}")
    if when.period is not None:
        parts.append(f"it came in the period {listed(when.period, 'or')}")
    if when.all_of is not None:
        parts.append(" and ".join(_inner(one, thresholds) for one in when.all_of))
    if when.any_of is not None:
        either = " or ".join(_inner(one, thresholds) for one in when.any_of)
        parts.append(f"({either})" if len(when.any_of) > 1 and parts else either)
    if when.negated is not None:
        parts.append(f"not: {_inner(when.negated, thresholds)}")
    return " and ".join(parts)


def _inner(when: When, thresholds: Mapping[str, float]) -> str:
    words = condition(when, thresholds)
    return f"({words})" if len(when.model_fields_set) > 1 or when.any_of else words


def outcome(then: Then) -> list[str]:
    """What follows, each thing a phrase of its own."""
    parts: list[str] = []
    if then.offer:
        parts.append(f"offer the wording {listed(_quoted(then.offer), 'and')}")
    if then.refer:
        parts.append(f"refer it to {listed(then.refer, 'and')}")
    if then.clocks:
        parts.append(f"start the clock {listed(then.clocks, 'and')}")
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


def detail_words(what: str) -> str:
    """One detail of a difference: "+complaint" is "complaint: now", "-complaint" "complaint: no longer"."""
    if what[:1] in "+-":
        return f"{what[1:].replace('_', ' ')}: {'now' if what[0] == '+' else 'no longer'}"
    return what.replace("_", " ")


def binder(by: str) -> str:
    """What puts a clause into practice; of an imported draft's clause it may be that nothing does."""
    return "nothing yet, for it is kept as text" if by in ("desk:not_understood", "desk:not_enforced") else by


def said(value: object) -> str:
    """One value as words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        pairs = (f"{str(key).replace('_', ' ')}: {said(one)}" for key, one in value.items())
        return "; ".join(pairs) or "nothing"
    if isinstance(value, list | tuple):
        return listed(said(one) if isinstance(one, Mapping | BaseModel) else one for one in value)
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, BaseModel):
        return said(value.model_dump(exclude_none=True))
    if isinstance(value, Extension):
        return f"{value.amount}{f' ({value.needs})' if value.needs else ''}"
    if isinstance(value, str):
        return f"“{value}”" if value else "nothing"
    return "nothing" if value is None else str(value)


def _quoted(names: Iterable[str]) -> list[str]:
    return [f"“{name}”" for name in names]


def word_changes(old: str, new: str) -> tuple[str, ...]:
    """What changes from one text to the other, word by word, each place a phrase; another text as a whole. Nothing
    where only spaces differ."""
    before, after = old.split(), new.split()
    if before == after:
        return ()
    matched = difflib.SequenceMatcher(None, before, after, autojunk=False)
    if min(len(before), len(after)) > _CONTEXT and matched.ratio() < _ALIKE:
        return (f"it says something else: “{' '.join(after)}” (before: “{' '.join(before)}”)",)
    found = []
    for kind, start, end, to, until in matched.get_opcodes():
        gone, come = " ".join(before[start:end]), " ".join(after[to:until])
        if kind == "replace":
            found.append(f"“{gone}” becomes “{come}”")
        elif kind == "delete":
            found.append(f"“{gone}” is taken out{_after(before, start)}")
        elif kind == "insert":
            found.append(f"“{come}” is put in{_after(after, to)}")
    return tuple(found)


def _after(words: list[str], place: int) -> str:
    return f" after “{' '.join(words[max(place - _CONTEXT, 0) : place])}”" if place else " at the beginning"
