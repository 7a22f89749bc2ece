"""When a rule fires: conditions from rules.toml, compiled once into closures that also say why they held.

The trace names labels, networks and topics, never the words of a message: it is kept in the record, and those
words
may be somebody's address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gatepost.policy.model import Inbound, Reading
from gatepost.policy.schema import When

DEFAULT_THRESHOLD = 0.5
REPEAT_DAYS = 30  # a writer who wrote before within these is a repeat writer
_MOST_SAID = 512  # probabilities remembered in words, of each condition


@dataclass(frozen=True, slots=True)
class Facts:
    """What a condition may look at."""

    message: Inbound
    reading: Reading
    open: bool | None = None  # it came inside working hours; None when that is not known
    periods: frozenset[str] = frozenset()  # ids of the periods in which it came


Trace = tuple[str, ...]
Condition = Callable[[Facts], Trace | None]
"""None: it does not hold. Otherwise the leaves that were true, in words."""

LABEL_WORDS = {
    "complaint": "a complaint",
    "personal_details": "giving personal details",
    "staff_abuse": "abuse of staff",
    "offensive": "offensive",
    "hate": "hatred of people for who they are",
    "media_query": "a query from the media",
    "service_request": "a request for a service",
    "question": "a question",
    "thanks": "thanks",
    "spam": "spam",
    "sar_request": "a request for the person's own data",
    "foi_request": "a request for information held",
    "safeguarding": "a concern for somebody's safety",
}


def build(when: When, thresholds: Mapping[str, float]) -> Condition:
    """The closure for `when`. Several keys in one table must all hold."""
    parts: list[Condition] = []
    if when.label is not None:
        default = thresholds.get(when.label, DEFAULT_THRESHOLD)
        parts.append(_label(when.label, default if when.at_least is None else when.at_least))
    if when.network is not None:
        parts.append(_network(frozenset(name.lower() for name in when.network)))
    if when.private is not None:
        parts.append(_private(when.private))
    if when.language is not None:
        parts.append(_language(frozenset(when.language)))
    if when.sentiment is not None:
        parts.append(_sentiment(when.sentiment))
    if when.urgent is not None:
        parts.append(_urgent(when.urgent))
    if when.topic is not None:
        parts.append(_topic(frozenset(when.topic)))
    if when.author is not None:
        parts.append(_author(frozenset(when.author)))
    if when.audience is not None:
        parts.append(_audience(frozenset(when.audience)))
    if when.hours is not None:
        parts.append(_hours(when.hours == "inside"))
    if when.history is not None:
        parts.append(_history(when.history.messages, when.history.days))
    if when.period is not None:
        parts.append(_period(frozenset(when.period)))
    if when.all_of is not None:
        parts.append(_all([build(one, thresholds) for one in when.all_of]))
    if when.any_of is not None:
        parts.append(_any([build(one, thresholds) for one in when.any_of]))
    if when.negated is not None:
        parts.append(_not(build(when.negated, thresholds)))
    return parts[0] if len(parts) == 1 else _all(parts)


def _label(label: str, threshold: float) -> Condition:
    begun, ended = f"it reads as {LABEL_WORDS.get(label, label)} (", f", from {threshold:.2f})"
    known: dict[float, Trace] = {}  # saying a probability in words takes longer than all the rest

    def holds(facts: Facts) -> Trace | None:
        value = facts.reading.labels.get(label, 0.0)
        if value < threshold:
            return None
        trace = known.get(value)
        if trace is None:
            if len(known) >= _MOST_SAID:
                known.clear()
            trace = known[value] = (f"{begun}{value:.2f}{ended}",)
        return trace

    return holds


def _network(networks: frozenset[str]) -> Condition:
    def holds(facts: Facts) -> Trace | None:
        name = facts.message.network
        return (f"it came by {name}",) if name.lower() in networks else None

    return holds


def _private(private: bool) -> Condition:
    words = ("it is a private message" if private else "it can be seen by everybody",)

    def holds(facts: Facts) -> Trace | None:
        return words if facts.message.private is private else None

    return holds


def _language(languages: frozenset[str]) -> Condition:
    def holds(facts: Facts) -> Trace | None:
        code = facts.reading.language
        return (f"its language is {code!r}",) if code in languages else None

    return holds


def _sentiment(sentiment: str) -> Condition:
    def holds(facts: Facts) -> Trace | None:
        return (f"its feeling is {sentiment}",) if facts.reading.sentiment == sentiment else None

    return holds


def _urgent(urgent: bool) -> Condition:
    words = ("it is urgent" if urgent else "it is not urgent",)

    def holds(facts: Facts) -> Trace | None:
        return words if facts.reading.urgent is urgent else None

    return holds


def _topic(topics: frozenset[str]) -> Condition:
    def holds(facts: Facts) -> Trace | None:
        about = [topic for topic in facts.reading.topics if topic in topics]
        return (f"it is about {', '.join(about)}",) if about else None

    return holds


def _author(kinds: frozenset[str]) -> Condition:
    def holds(facts: Facts) -> Trace | None:
        message = facts.message
        found = [f"its writer is a {message.author_kind}"] if message.author_kind in kinds else []
        if "repeat" in kinds and any(ago <= REPEAT_DAYS for ago in message.earlier):
            found.append(f"its writer wrote before in the last {REPEAT_DAYS} days")
        return tuple(found) or None

    return holds


def _audience(audiences: frozenset[str]) -> Condition:
    def holds(facts: Facts) -> Trace | None:
        found = [name for name in facts.message.audiences if name in audiences]
        return (f"its channel is for {', '.join(map(repr, found))}",) if found else None

    return holds


def _hours(inside: bool) -> Condition:
    words = (f"it came {'inside' if inside else 'outside'} working hours",)

    def holds(facts: Facts) -> Trace | None:
        return words if facts.open is inside else None

    return holds


def _history(messages: int, days: int) -> Condition:
    def holds(facts: Facts) -> Trace | None:
        count = 1 + sum(ago <= days for ago in facts.message.earlier)
        return (f"it is message {count} of its writer in {days} days",) if count >= messages else None

    return holds


def _period(periods: frozenset[str]) -> Condition:
    def holds(facts: Facts) -> Trace | None:
        found = sorted(facts.periods & periods)
        return (f"it came in the period {', '.join(found)}",) if found else None

    return holds


def _all(parts: list[Condition]) -> Condition:
    def holds(facts: Facts) -> Trace | None:
        traces: list[str] = []
        for part in parts:
            trace = part(facts)
            if trace is None:
                return None
            traces.extend(trace)
        return tuple(traces)

    return holds


def _any(parts: list[Condition]) -> Condition:
    def holds(facts: Facts) -> Trace | None:
        traces = [trace for trace in (part(facts) for part in parts) if trace is not None]
        return tuple(words for trace in traces for words in trace) if traces else None

    return holds


def _not(part: Condition) -> Condition:
    def holds(facts: Facts) -> Trace | None:
        # A "not" that holds adds nothing to the trace: there are no words for what is absent.
        return () if part(facts) is None else None

    return holds


def inner(when: When) -> list[When]:
    """The conditions within a condition."""
    return [*(when.all_of or []), *(when.any_of or []), *([when.negated] if when.negated else [])]


def topics_in(when: When) -> frozenset[str]:
    """Every topic the condition looks for, at any depth."""
    return frozenset(when.topic or ()).union(*(topics_in(one) for one in inner(when)))


def audiences_in(when: When) -> frozenset[str]:
    """Every audience the condition names, at any depth."""
    return frozenset(when.audience or ()).union(*(audiences_in(one) for one in inner(when)))


def periods_in(when: When) -> frozenset[str]:
    """Every period the condition names, at any depth."""
    return frozenset(when.period or ()).union(*(periods_in(one) for one in inner(when)))


def days_back(when: When) -> int:
    """For how many days it needs to know what its writer wrote before; 0 where it does not."""
    counted = when.history.days if when.history is not None else 0
    repeat = REPEAT_DAYS if "repeat" in (when.author or ()) else 0
    return max([counted, repeat, *(days_back(one) for one in inner(when))])


def problems_in(when: When, labels: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """(key, message, mend) of what pydantic cannot see: empty conditions, unknown labels, a threshold of
    nothing.
    """
    found: list[tuple[str, str, str]] = []
    if not when.model_fields_set:
        found.append(("when", "This condition is empty and would hold for every message", "Name what must hold."))
    if when.label is not None and when.label not in labels:
        found.append(("label", f"No reader finds {when.label!r}", f"Use one of: {', '.join(labels)}."))
    if when.at_least is not None and when.label is None:
        found.append(("at_least", "A threshold stands without its label", "Add label = … beside it."))
    for one in inner(when):
        found.extend(problems_in(one, labels))
    return found
