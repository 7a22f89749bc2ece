"""The pack's own tests: messages and drafts with the decision they must get."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gatepost.policy.check import check, may_leave
from gatepost.policy.decide import decide_many
from gatepost.policy.model import (
    BrokenLink,
    Decision,
    Example,
    Finding,
    Image,
    Inbound,
    Line,
    NetworkLimits,
    Outbound,
    Stated,
)
from gatepost.policy.pack import Pack


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """`failures` are sentences for people; empty when the example holds. `spoke`: the clauses that its outcome rests
    on, and the "rule:…" and "check:…" that spoke."""

    id: str
    ok: bool
    failures: tuple[str, ...]
    clauses: tuple[str, ...]
    draft: bool
    spoke: frozenset[str] = frozenset()


def run(pack: Pack, at: datetime) -> list[ExampleResult]:
    """Every example of the pack, in its order, at the time it names itself or at `at` (aware)."""
    messages = [example for example in pack.examples if not example.draft]
    zone = ZoneInfo(pack.hours.timezone)
    times = [_at(example, zone) or at for example in messages]
    decisions = decide_many([_inbound(example) for example in messages], pack, times)
    decided = {example.id: decision for example, decision in zip(messages, decisions, strict=True)}
    results = []
    for example in pack.examples:
        if example.draft:
            when = _at(example, zone) or at
            findings = check(_outbound(example, when), pack, when, _limits(example))
            failures = tuple(_draft_failures(example, findings))
            spoke = {name for one in findings for name in (one.clause, f"check:{one.check}")}
        else:
            decision = decided[example.id]
            failures = tuple(_message_failures(example.expect, decision))
            spoke = {*decision.clauses, *(f"rule:{one.rule}" for one in decision.evidence)}
        result = ExampleResult(
            example.id, not failures, failures, example.clauses, example.draft, frozenset(spoke - {""})
        )
        results.append(result)
    return results


def _inbound(example: Example) -> Inbound:
    given: Mapping[str, Any] = example.given
    return Inbound(
        example.id,
        example.text,
        network=given["network"],
        private=given["private"],
        author_kind=given["author_kind"],
        audiences=(given["audience"],) if given["audience"] else (),
        earlier=tuple(given["earlier"]),
    )


def _at(example: Example, zone: ZoneInfo) -> datetime | None:
    text = str(example.given["at"])
    found = datetime.fromisoformat(text) if text else None
    return found.replace(tzinfo=zone) if found and found.tzinfo is None else found


def _limits(example: Example) -> NetworkLimits | None:
    """What the example says its network takes."""
    given: Mapping[str, Any] = example.given
    return NetworkLimits(**given["limits"]) if given["limits"] else None


def _outbound(example: Example, at: datetime) -> Outbound:
    given: Mapping[str, Any] = example.given
    answering = Inbound(f"{example.id}.answered", given["answering"]) if given["answering"] else None
    ago: int | None = given["hours_since_private"]
    since: int | None = given["hours_since_comment"]
    return Outbound(
        text=example.text,
        network=given["network"],
        kind=given["kind"],
        link=given["link"],
        images=tuple(Image(**image) for image in given["images"]),
        answering=answering,
        wording=given["wording"],
        person_wrote_first=given["person_wrote_first"],
        exchanges=given["exchanges"],
        lines=tuple(_line(str(place), line) for place, line in enumerate(given["lines"])),
        post_kind=given["post_kind"],
        aim=given["aim"],
        summoned=given["summoned"],
        last_private=None if ago is None else at - timedelta(hours=ago),
        commented=None if since is None else at - timedelta(hours=since),
        closed_group=given["closed_group"],
        broken_links=tuple(BrokenLink(url, why, sure=True) for url, why in given["broken_links"]),
    )


def _line(key: str, given: Mapping[str, Any]) -> Line:
    figures, dates = ([Stated(**one) for one in given[name]] for name in ("figures", "dates"))
    return Line(key, given["topic"], tuple(given["words"]), given["text"], tuple(figures), tuple(dates))


def _message_failures(expect: Mapping[str, Any], decision: Decision) -> Iterator[str]:
    for label in expect.get("decided", ()):
        if label not in decision.decided:
            value = decision.reading.labels.get(label, 0.0)
            yield f"It should read as {label}, but {label} came to {value:.2f}."
    for label in expect.get("not_decided", ()):
        if label in decision.decided:
            value = decision.reading.labels.get(label, 0.0)
            yield f"It should not read as {label}, but {label} came to {value:.2f}."
    if "offers" in expect and list(decision.offers) != expect["offers"]:
        yield f"offers: expected {_listed(expect['offers'])}, in this order; got {_listed(decision.offers)}."
    for key, got in (("refer", list(decision.refer)), ("clocks", [due.id for due in decision.clocks])):
        if key in expect and sorted(expect[key]) != sorted(got):
            yield f"{key}: expected {_listed(expect[key])}; got {_listed(got)}."
    for clause in expect.get("clauses", ()):
        if clause not in decision.clauses:
            yield f"It should cite {clause}; it cites {_listed(decision.clauses)}."
    for clause in expect.get("not_clauses", ()):
        if clause in decision.clauses:
            yield f"It should not cite {clause}, and does."
    if "steps" in expect and list(decision.steps) != expect["steps"]:
        yield f"steps: expected {_listed(expect['steps'])}, in this order; got {_listed(decision.steps)}."
    deputies = [one.department for one in decision.addressed if one.deputy]
    if "deputies" in expect and sorted(deputies) != sorted(expect["deputies"]):
        yield f"deputies: expected at {_listed(expect['deputies'])}; got them at {_listed(deputies)}."
    for key in ("moderate", "mask", "answer", "urgent", "second_look", "hand_over"):
        if key in expect and getattr(decision, key) != expect[key]:
            yield f"{key}: expected {expect[key]!r}, got {getattr(decision, key)!r}."


def _draft_failures(example: Example, findings: list[Finding]) -> Iterator[str]:
    expect: Mapping[str, Any] = example.expect
    found = {(finding.check, finding.severity) for finding in findings}
    names = {finding.check for finding in findings}
    for severity in ("stop", "ask", "note"):
        for name in expect.get(severity, ()):
            if (name, severity) not in found:
                yield f"The check {name} should say {severity}; findings: {_listed(sorted(names))}."
    for name in expect.get("clear", ()):
        if name in names:
            says = next(finding.message for finding in findings if finding.check == name)
            yield f"The check {name} should be silent; it says: {says}"
    if "may_leave" in expect and may_leave(findings) != expect["may_leave"]:
        stops = [finding.check for finding in findings if finding.severity == "stop"]
        yield f"may_leave: expected {expect['may_leave']!r}; stopped by {_listed(stops)}."


def _listed(things: Any) -> str:
    return ", ".join(things) or "nothing"
