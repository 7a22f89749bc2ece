"""What two packs say of the organisation: its name, its hours, how departments are chased, its calendar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from gatepost.policy.diff.change import Change, Facet, compared, entries, facet, listed_changes
from gatepost.policy.diff.document import clause_facet
from gatepost.policy.named_days import DAYS
from gatepost.policy.naming import Names
from gatepost.policy.parts import Parts
from gatepost.policy.plainly import listed, number, said
from gatepost.policy.schema import DayIn
from gatepost.policy.titles import NATIONS, ORGANISATIONS

_ABOUT = (
    facet("title", "title"),
    facet("organisation", "organisation"),
    facet("short_name", "short name"),
    facet("version", "version"),
    facet("jurisdiction", "jurisdiction"),
)
_KIND = (facet("kind", "we are", lambda kind: ORGANISATIONS[kind]),)
_WHERE = (facet("timezone", "time zone"), facet("nation", "bank holidays of", lambda nation: NATIONS[nation]))


def organisation(old: Parts, new: Parts, names: Names) -> Iterator[Change]:
    if details := compared(_ABOUT, old.pack, new.pack)[0]:
        yield Change("policy", "pack", "", "changed", "what the policy says of itself", details, False)
    if details := compared(_KIND, old.pack, new.pack)[0]:
        yield Change("policy", "kind", "", "changed", "which rules on information bind us", details, True)
    if details := compared(_chasing(names), old.departments.chasing, new.departments.chasing)[0]:
        title = "how departments that do not answer are reminded"
        yield Change("department", "chasing", "", "changed", title, details, True)
    hours = [
        f"{day.capitalize()} from {was} to {now}"
        for day in DAYS
        for was, now in [[_day(getattr(parts.pack.hours, day)) for parts in (old, new)]]
        if was != now
    ]
    if details := (*hours, *compared(_WHERE, old.pack.hours, new.pack.hours)[0]):
        yield Change("hours", "hours", "", "changed", "when we are open", details, True)
    yield from _calendar(old, new, names)


def _day(hours: Sequence[str] | None) -> str:
    return f"{hours[0]}–{hours[1]}" if hours else "closed"


def _chasing(names: Names) -> tuple[Facet, ...]:
    return (
        facet("remind", "a reminder after this part of its time", lambda share: f"{number(share * 100)} %"),
        Facet("told further up, hours after the answer was due", lambda one: number(one.escalate_after, "hours"), str),
        facet("escalate_to", "told to", lambda roles: listed(names.all("role", roles))),
        Facet("time to confirm an emergency out of hours", lambda one: number(one.confirm_within, "minutes"), str),
    )


def _calendar(old: Parts, new: Parts, names: Names) -> Iterator[Change]:
    facets = (
        Facet("posts a week, at least", lambda one: one.at_least),
        Facet("posts a week, at most", lambda one: one.at_most or ""),
        Facet("between two posts, at least", lambda one: _minutes(one.minutes_apart), str),
        clause_facet(names),
    )
    before, after = ({one.network: one for one in parts.calendar.cadence} for parts in (old, new))
    yield from entries("cadence", facets, before, after, lambda one: f"how often we write on {_network(one, names)}")
    was, now = ({one.title: one for one in parts.calendar.day} for parts in (old, new))
    says = listed_changes(_days(was), _days(now))
    says += tuple(
        f"the source of “{title}”: from “{was[title].source}” to “{one.source}”"
        for title, one in now.items()
        if title in was and was[title].source != one.source
    )
    if says:
        title = "the list of the organisation's own days"
        yield Change("days", "days", "", "changed", title, says, False)


def _days(rows: Mapping[str, DayIn]) -> dict[str, str]:
    return {title: f"“{title}” ({_on(one.on)})" for title, one in rows.items()}


def _network(one: Any, names: Names) -> str:
    return names.of("network", one.network)


def _minutes(minutes: int) -> str:
    return number(minutes, "minutes") if minutes else ""


def _on(day: str) -> str:
    """ "12-25" is 25 December of every year, "2026-05-04" 4 May 2026; what is in words stays."""
    digits = day.replace("-", "")
    if not digits.isdigit():
        return day
    if len(digits) == 8:
        return said(date.fromisoformat(day))
    month, _, of_month = day.partition("-")
    return f"{int(of_month)} {date(2000, int(month), 1):%B} of every year"
