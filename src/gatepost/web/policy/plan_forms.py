"""The forms of working hours, the calendar, and who signs what off."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from gatepost.networks.registry import posting_networks
from gatepost.networks.registry import title as network_title
from gatepost.policy.approval import Chain
from gatepost.policy.cadence import Cadence
from gatepost.policy.editing.changes import (
    CadenceRow,
    Change,
    DayRow,
    SetCalendar,
    SetChain,
    SetHours,
    SetWaiting,
    StepRow,
)
from gatepost.policy.pack import Pack
from gatepost.policy.titles import ACTS, HOURS, NATIONS, WAITING
from gatepost.web.frame.problems import Unclear
from gatepost.web.policy import absences, fields
from gatepost.web.policy.entries import clauses, fresh_id
from gatepost.web.policy.fields import Field, Part

_CRISIS = {"": "Either", "yes": "In a crisis alone", "no": "Outside a crisis alone"}
_MOST_STEPS = 9


def hours(pack: Pack) -> list[Part]:
    where = (
        Field("nation", "Bank holidays of", "select", pack.hours.nation, options=fields.pairs(NATIONS)),
        Field("timezone", "Time zone", value=pack.hours.timezone),
    )
    return [
        Part(
            "",
            absences.week_fields(pack.hours, ""),
            "Write 09:00 to 17:00. A day left empty is closed. Clocks in working hours stand still then.",
        ),
        Part("Where", where),
    ]


def read_hours(pack: Pack, post: QueryDict) -> Change:
    week = absences.read_week(post, "")
    return SetHours(timezone=fields.words(post, "timezone")[:80], nation=fields.words(post, "nation"), week=week)


def _networks(pack: Pack) -> list[str]:
    return list(dict.fromkeys([*posting_networks(), *(one.network for one in pack.cadence)]))


def calendar(pack: Pack) -> list[Part]:
    held = {one.network: one for one in pack.cadence}
    parts = []
    for network in _networks(pack):
        one = held.get(network) or Cadence(network, 0)
        rows = (
            Field(f"{network}_at_least", "Posts a week, at least", "number", one.at_least or ""),
            Field(f"{network}_at_most", "Posts a week, at most", "number", one.at_most or ""),
            Field(f"{network}_apart", "Minutes between two posts, at least", "number", one.minutes_apart or ""),
        )
        parts.append(Part(network_title(network) if network in posting_networks() else network, rows))
    raw = tomllib.loads(pack.files.get("calendar.toml", "")).get("day", [])
    written = "\n".join(f"{one['on']} = {one['title']} | {one['source']}" for one in raw)
    hint = (
        "One a line: 12-25 = Title | where the date comes from. A date is 12-25 for every year, 2026-05-04 for one, or "
        "in words: second sunday of november."
    )
    return [*parts, Part("Days of the organisation", (Field("days", "Days", "lines", written, hint, rows=8),))]


def read_calendar(pack: Pack, post: QueryDict) -> Change:
    cadence = []
    for network in _networks(pack):
        least = fields.whole(post, f"{network}_at_least", "Posts a week", 0)
        most = fields.whole(post, f"{network}_at_most", "Posts a week", 0)
        apart = fields.whole(post, f"{network}_apart", "Minutes", 0)
        if most and most < least:
            raise Unclear("The most cannot be less than the least.", f"{network}_at_most")
        if least or most or apart:
            cadence.append(CadenceRow(network=network, at_least=least, at_most=most, minutes_apart=apart))
    days = []
    for line in fields.lines(post, "days"):
        on, _, rest = line.partition("=")
        title, _, source = rest.partition("|")
        if not (on.strip() and title.strip() and source.strip()):
            raise Unclear(f"“{line[:80]}” is not complete. Write: 12-25 = Title | where the date comes from.", "days")
        days.append(DayRow(on=on.strip()[:80], title=title.strip()[:300], source=source.strip()[:300]))
    return SetCalendar(cadence=cadence, days=days)


def chain_of(pack: Pack, key: str) -> Chain:
    """Raises KeyError."""
    found = next((one for one in pack.chains if one.id == key), None)
    if found is None:
        raise KeyError(key)
    return found


def chain_words(one: Chain) -> str:
    """What a chain is for and who signs, in a line."""
    what = [ACTS[kind].lower() for kind in one.kinds] or ["everything"]
    steps = "; then ".join(dict.fromkeys(step.title for step in one.steps))
    return f"For {', '.join(what)}: {steps}."


def _steps(pack: Pack, key: str) -> list[dict[str, Any]]:
    rows = tomllib.loads(pack.files.get("approvals.toml", "")).get("chain", [])
    return next((list(row["step"]) for row in rows if row["id"] == key), [])


def chain(pack: Pack, key: str) -> list[Part]:
    """The form of a chain; of a new one when `key` is empty. Raises KeyError."""
    one = chain_of(pack, key) if key else Chain("", "", "", ())
    crisis = "" if one.crisis is None else "yes" if one.crisis else "no"
    about = [
        Field("title", "What the chain is called", value=one.title),
        Field("clause", "The clause it puts into practice", "select", one.clause, options=clauses(pack)),
    ]
    if not key and pack.chains:
        places = {other.id: f"Before “{other.title}”" for other in pack.chains}
        words = "The first chain that fits is taken. Its place"
        about.append(Field("before", words, "select", pack.chains[0].id, options=fields.pairs(places, "At the end")))
    fits = (
        Field("kinds", "For (none ticked: everything)", "checks", list(one.kinds), options=[*ACTS.items()]),
        Field(
            "post_kinds",
            "Kinds of post (none ticked: all)",
            "checks",
            list(one.post_kinds),
            options=[(kind.id, kind.title) for kind in pack.post_kinds],
        ),
        Field(
            "networks",
            "Networks (none ticked: all)",
            "checks",
            list(one.networks),
            options=[(name, network_title(name)) for name in posting_networks()],
        ),
        Field("hours", "When it leaves", "select", one.hours, options=fields.pairs(HOURS)),
        Field("crisis", "Crisis", "select", crisis, options=fields.pairs(_CRISIS)),
        Field("standing", "A standing sign-off may take the place of the steps", "check", one.standing),
    )
    raw = _steps(pack, key)
    steps = [_step(pack, n, raw[n] if n < len(raw) else {}) for n in range(min(max(len(raw) + 1, 3), _MOST_STEPS))]
    return [Part("", tuple(about)), Part("What it is for", fits), *steps]


def _step(pack: Pack, n: int, row: Mapping[str, Any]) -> Part:
    roles = [(key, one.title) for key, one in pack.roles.items()]
    rows = (
        Field(f"step{n}_title", "What this step is called", value=row.get("title", "")),
        Field(
            f"step{n}_roles",
            "Signed by any of these (none ticked: whoever signs off)",
            "checks",
            row.get("roles", []),
            options=roles,
        ),
        Field(f"step{n}_all", "By one of each of them", "check", row.get("all", False)),
        Field(f"step{n}_count", "How many people", "number", row.get("count", 1)),
        Field(f"step{n}_outside", "By somebody outside, with a link by e-mail", "check", row.get("outside", False)),
        Field(f"step{n}_passkey", "With a passkey", "check", row.get("passkey", False)),
    )
    return Part(f"Step {n + 1}", rows, "" if row else "Leave its name empty when there is no such step.")


def read_chain(pack: Pack, key: str, post: QueryDict) -> Change:
    title = fields.words(post, "title")
    if not title:
        raise Unclear("Give the chain a name.", "title")
    steps = []
    for n in range(_MOST_STEPS):
        called = fields.words(post, f"step{n}_title")
        if called:
            steps.append(
                StepRow(
                    title=called[:300],
                    roles=post.getlist(f"step{n}_roles"),
                    all=f"step{n}_all" in post,
                    count=fields.whole(post, f"step{n}_count", "How many people", 1),
                    outside=f"step{n}_outside" in post,
                    passkey=f"step{n}_passkey" in post,
                )
            )
    if not steps:
        raise Unclear("Name at least one step: somebody has to sign.", "step0_title")
    crisis = post.get("crisis", "")
    return SetChain(
        id=key or fresh_id(title, {one.id: one for one in pack.chains}),
        title=title,
        clause=fields.words(post, "clause"),
        kinds=post.getlist("kinds"),
        post_kinds=post.getlist("post_kinds"),
        networks=post.getlist("networks"),
        hours=fields.words(post, "hours"),
        crisis=None if not crisis else crisis == "yes",
        standing="standing" in post,
        steps=steps,
        before=fields.words(post, "before"),
    )


def waiting(pack: Pack) -> list[Part]:
    rows = [Field(name, label, "number", getattr(pack.waiting, name), step="1") for name, (label, _) in WAITING.items()]
    roles = [(key, one.title) for key, one in pack.roles.items()]
    above = "Those above (none ticked: who approves staff)"
    rows.append(Field("escalate_to", above, "checks", list(pack.waiting.escalate_to), options=roles))
    return [Part("", tuple(rows))]


def read_waiting(pack: Pack, post: QueryDict) -> Change:
    values = {}
    for name, (label, _) in WAITING.items():
        value = fields.whole(post, name, label)
        if value != getattr(pack.waiting, name):
            values[name] = value
    return SetWaiting(values=values, escalate_to=post.getlist("escalate_to"))
