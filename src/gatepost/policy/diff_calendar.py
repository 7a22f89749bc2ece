"""What differs between the calendars of two packs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from gatepost.policy.parts import Parts
from gatepost.policy.schema import CadenceIn

Row = tuple[str, str, str, Literal["added", "removed", "changed"], str, tuple[str, ...], bool]


def calendar_changes(old: Parts, new: Parts) -> Iterator[Row]:
    """The values of a diff.Change each."""
    before = {one.network: one for one in old.calendar.cadence}
    after = {one.network: one for one in new.calendar.cadence}
    for network in [*after, *(network for network in before if network not in after)]:
        was, now = before.get(network), after.get(network)
        here = now or was
        if was == now or here is None:
            continue
        how: Literal["added", "removed", "changed"] = (
            "added" if was is None else "removed" if now is None else "changed"
        )
        title = f"how often we write on {network}"
        details = (said(here),) if was is None or now is None else (f"from {said(was)} to {said(now)}",)
        yield "cadence", network, here.clause, how, title, details, True
    days = [{(one.on, one.title): one.source for one in parts.calendar.day} for parts in (old, new)]
    if days[0] != days[1]:
        come = [f"“{title}” ({on})" for on, title in days[1] if (on, title) not in days[0]]
        gone = [f"“{title}” ({on})" for on, title in days[0] if (on, title) not in days[1]]
        verbs = (("added", come), ("taken out", gone), ("given another source", [] if come or gone else ["some"]))
        says = tuple(f"{verb}: {', '.join(names)}" for verb, names in verbs if names)
        yield "days", "days", "", "changed", "the organisation's own days", says, False


def said(promise: CadenceIn) -> str:
    """at least 3 a week, at most 21, 60 minutes apart"""
    words = [f"at least {promise.at_least} a week"]
    words += [f"at most {promise.at_most}"] if promise.at_most else []
    words += [f"{promise.minutes_apart} minutes apart"] if promise.minutes_apart else []
    return ", ".join(words)
