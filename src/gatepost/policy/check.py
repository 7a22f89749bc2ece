"""What the policy says of a draft: stop (it may not leave), ask (a person must agree), note (worth a look)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from gatepost.policy.checks.base import Draft
from gatepost.policy.checks.table import TABLE
from gatepost.policy.model import Finding, NetworkLimits, Outbound, Severity
from gatepost.policy.pack import Pack

__all__ = ["NetworkLimits", "check", "may_leave"]

_ORDER: dict[Severity, int] = {"stop": 0, "ask": 1, "note": 2}
_MOST_A_CHECK = 50


def check(draft: Outbound, pack: Pack, at: datetime, limits: NetworkLimits | None = None) -> list[Finding]:
    """All findings, the gravest first, then by place; empty when the policy has nothing to say.

    Spans are code points of the named field. At most 50 findings of each check: more would help nobody.
    Raises clocks.ClockError when `at` has no time zone and the draft answers a message.
    """
    table = Draft(draft, pack, at, limits)
    found: list[Finding] = []
    for run in TABLE.values():
        for place, finding in enumerate(run(table)):
            if place == _MOST_A_CHECK:
                break
            whole = finding.field == "text" and not finding.end
            found.append(replace(finding, field="") if whole else finding)
    return sorted(found, key=lambda one: (_ORDER[one.severity], one.field not in ("", "text"), one.field, one.start))


def may_leave(findings: Iterable[Finding]) -> bool:
    """Nothing in `findings` stops the draft."""
    return all(finding.severity != "stop" for finding in findings)
