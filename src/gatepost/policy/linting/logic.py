"""Does one condition hold whenever another does? Sound, not complete: yes is right, no may mean "cannot be told"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gatepost.policy.conditions import DEFAULT_THRESHOLD
from gatepost.policy.schema import When

# Keys with one value only one of which can be true of a message, and keys that name several of which one must be.
_SINGLE = ("private", "sentiment", "urgent", "hours")
_ONE_OF = ("network", "language", "topic", "author", "audience", "period")
# A message may be about several topics, its writer be two things at once, its channel be for several audiences.
_SEVERAL = ("topic", "author", "audience", "period")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One thing to look at: "label:complaint" with the least probability, or a key with the values that will do.
    History: the least number of messages in at most so many days.
    """

    key: str
    least: float = 0.0
    values: frozenset[str] = frozenset()
    most: int = 0


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Formula


Formula = Leaf | All | Any | Not


def formula(when: When, thresholds: Mapping[str, float]) -> Formula:
    """The condition with the thresholds that hold where it names none."""
    parts: list[Formula] = []
    if when.label is not None:
        default = thresholds.get(when.label, DEFAULT_THRESHOLD)
        parts.append(Leaf(f"label:{when.label}", default if when.at_least is None else when.at_least))
    for key in _SINGLE:
        if (value := getattr(when, key)) is not None:
            parts.append(Leaf(key, values=frozenset({str(value)})))
    for key in _ONE_OF:
        if (names := getattr(when, key)) is not None:
            parts.append(Leaf(key, values=frozenset(map(str.lower, names) if key == "network" else names)))
    if when.history is not None:
        parts.append(Leaf("history", when.history.messages, most=when.history.days))
    if when.all_of is not None:
        parts += [formula(one, thresholds) for one in when.all_of]
    if when.any_of is not None:
        parts.append(Any(tuple(formula(one, thresholds) for one in when.any_of)))
    if when.negated is not None:
        parts.append(Not(formula(when.negated, thresholds)))
    flat: list[Formula] = []
    for part in parts:
        flat += part.parts if isinstance(part, All) else (part,)
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def implies(one: Formula, other: Formula) -> bool:
    """Whenever `one` holds, so does `other`."""
    if isinstance(other, All):
        return all(implies(one, part) for part in other.parts)
    if isinstance(one, Any):
        return all(implies(part, other) for part in one.parts)
    if isinstance(other, Any) and any(implies(one, part) for part in other.parts):
        return True
    if isinstance(one, All):
        return any(implies(part, other) for part in one.parts) or _never(one)
    if isinstance(one, Leaf) and isinstance(other, Leaf):
        wider = one.least >= other.least and one.values <= other.values and one.most <= other.most
        return one.key == other.key and wider
    if isinstance(other, Not):
        return implies(other.part, one.part) if isinstance(one, Not) else excludes(one, other.part)
    return False


def excludes(one: Formula, other: Formula) -> bool:
    """The two never hold together."""
    if isinstance(one, Any):
        return all(excludes(part, other) for part in one.parts)
    if isinstance(other, Any):
        return all(excludes(one, part) for part in other.parts)
    if isinstance(one, All) and any(excludes(part, other) for part in one.parts):
        return True
    if isinstance(other, All):
        return any(excludes(one, part) for part in other.parts)
    if isinstance(other, Not):
        return implies(one, other.part)
    if isinstance(one, Not):
        return implies(other, one.part)
    if isinstance(one, Leaf) and isinstance(other, Leaf) and one.key == other.key:
        return bool(one.values and other.values) and one.key not in _SEVERAL and not one.values & other.values
    return False


def never(one: Formula) -> bool:
    """It can hold for no message."""
    if isinstance(one, Any):
        return all(never(part) for part in one.parts)
    return isinstance(one, All) and _never(one)


def _never(one: All) -> bool:
    return any(never(part) for part in one.parts) or any(
        excludes(part, rest) for place, part in enumerate(one.parts) for rest in one.parts[place + 1 :]
    )
