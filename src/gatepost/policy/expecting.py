"""One example alone: why it does not hold, and what its pack makes of it now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gatepost.policy.check import check, may_leave
from gatepost.policy.decide import decide
from gatepost.policy.examples import _at, _inbound, _limits, _outbound, run
from gatepost.policy.model import Decision, Example, Finding
from gatepost.policy.pack import Pack
from gatepost.policy.schema import Given

_VACUOUS = (
    "decided",
    "not_decided",
    "clauses",
    "not_clauses",
    "stop",
    "ask",
    "note",
    "clear",
)  # nothing, when empty


def fresh(text: str, clauses: Iterable[str] = ()) -> Example:
    """An example of a message of which nothing else is known, and which expects nothing yet."""
    return Example("fresh", text, tuple(clauses), given=Given().model_dump())


def failures(pack: Pack, example: Example, at: datetime) -> tuple[str, ...]:
    """Why it does not hold, in sentences; empty when it does."""
    return run(replace(pack, examples=(example,)), at)[0].failures


def now_gives(pack: Pack, example: Example, at: datetime, keys: Iterable[str]) -> dict[str, Any]:
    """What the pack makes of the example, as it would be written under expect, for these keys. What must *not* come
    stays as far as it holds. Keys that would say nothing are left out."""
    when = _at(example, ZoneInfo(pack.hours.timezone)) or at
    if example.draft:
        found = check(_outbound(example, when), pack, when, _limits(example))
        got = {key: _of_findings(key, found, example.expect) for key in keys}
    else:
        decision = decide(_inbound(example), pack, when)
        got = {key: _of_decision(key, decision, example.expect) for key in keys}
    return {key: value for key, value in got.items() if value != [] or key not in _VACUOUS}


def _of_decision(key: str, decision: Decision, expect: Mapping[str, Any]) -> Any:
    if key == "not_decided":
        return [one for one in expect.get(key, ()) if one not in decision.decided]
    if key == "not_clauses":
        return [one for one in expect.get(key, ()) if one not in decision.clauses]
    if key == "clocks":
        return [due.id for due in decision.clocks]
    value = getattr(decision, key)
    return list(value) if isinstance(value, tuple) else value


def _of_findings(key: str, found: list[Finding], expect: Mapping[str, Any]) -> Any:
    if key == "may_leave":
        return may_leave(found)
    if key == "clear":
        names = {one.check for one in found}
        return [one for one in expect.get(key, ()) if one not in names]
    return sorted({one.check for one in found if one.severity == key})
