"""The tables of two packs: wordings, roles, departments, clocks, registers, and what posts name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from gatepost.policy.assemble import clock
from gatepost.policy.diff.change import Change, Facet, entries, facet, moved, title_facet
from gatepost.policy.diff.document import clause_facet
from gatepost.policy.model import Clock
from gatepost.policy.named_days import DAYS
from gatepost.policy.naming import Names
from gatepost.policy.parts import Parts
from gatepost.policy.plainly import duration, listed, number, said
from gatepost.policy.schema_departments import AwayIn
from gatepost.policy.shape import WeekIn
from gatepost.policy.statutes import statutes
from gatepost.policy.titles import BETTER, EVERY, NATIONS


def tables(old: Parts, new: Parts, names: Names) -> Iterator[Change]:
    for what, facets in _facets(names).items():
        before, after = _table(old, what), _table(new, what)
        yield from entries(what, facets, before, after, _title(what))
        if what == "wording" and moved(before, after):
            yield Change(what, "order", "", "changed", "the order in which wordings are offered", (), True)


def named(old: Parts, new: Parts, names: Names) -> Iterator[Change]:
    facets = (
        facet("hard_to_reach", "it is hard to reach", no="it is no longer called hard to reach"),
        clause_facet(names),
        title_facet(),
    )
    for field, noun in (("aims", "aim"), ("audiences", "audience"), ("post_kinds", "kind of post")):
        before, after = ({one.id: one for one in getattr(parts.pack, field)} for parts in (old, new))
        for change in entries(noun, facets, before, after, _title(noun)):
            yield change if change.how == "changed" else _bare(change)


def _bare(change: Change) -> Change:
    return Change(change.what, change.id, change.clause, change.how, change.title, (), change.acts)


def week(given: WeekIn) -> str:
    """ "Monday 09:00–17:00, Friday 09:00–16:00; closed on all other days"."""
    days = [(day, getattr(given, day)) for day in DAYS]
    return ", ".join(f"{day.capitalize()} {open_[0]}–{open_[1]}" for day, open_ in days if open_) or "closed every day"


def _away(rows: Sequence[AwayIn]) -> str:
    return listed(f"from {said(one.starts)} to {said(one.ends)}" for one in rows)


def _table(parts: Parts, what: str) -> Mapping[str, Any]:
    held: Mapping[str, Mapping[str, Any]] = {
        "wording": parts.wordings.wording,
        "role": parts.roles.role,
        "department": parts.departments.department,
        # As they run: figures may come from the law.
        "clock": {key: clock(key, one) for key, one in parts.clocks.clock.items()},
        "measure": parts.measures.measure,
        "risk": parts.risks.risk,
        "law": parts.law.law,
    }
    return held[what]


def _title(noun: str) -> Callable[[Any], str]:
    return lambda one: f"the {noun} “{getattr(one, 'title', '') or getattr(one, 'name', '')}”"


def _facets(names: Names) -> Mapping[str, Sequence[Facet]]:
    clause = clause_facet(names)
    return {
        "wording": (
            Facet("text", lambda one: one.text),
            facet("refers_to", "sending it also refers to", lambda key: names.quoted("department", key)),
            facet("humane", "it is for people in danger", no="it is no longer for people in danger"),
            clause,
            title_facet(),
            facet("as_written", "as the document has it", acts=False),
        ),
        "role": (
            facet("holder", "who holds it"),
            facet("email", "e-mail address"),
            facet("deputy", "deputy"),
            facet("deputy_email", "the deputy's e-mail address"),
            facet(
                "signs_off",
                "may sign off what goes out, and change the policy",
                no="may no longer sign off what goes out, nor change the policy",
            ),
            facet("approves_staff", "may approve staff and channels", no="may no longer approve staff and channels"),
            facet("away", "away", _away),
            clause,
            title_facet(),
        ),
        "department": (
            facet("email", "referrals go to"),
            facet("phone", "telephone"),
            facet("clock", "the clock by which it answers", lambda key: names.quoted("clock", key)),
            facet("role", "the person it stands for", lambda key: names.quoted("role", key)),
            facet("deputy", "deputy"),
            facet("deputy_email", "the deputy's e-mail address"),
            facet("away", "away", _away),
            facet("hours", "its own hours", week),
            facet("out_of_hours_email", "an emergency out of hours goes to"),
            facet("out_of_hours_phone", "telephone out of hours"),
            clause,
            title_facet("name"),
            facet("contact", "whom to ask for", acts=False),
        ),
        "clock": (
            Facet("how long", lambda one: duration(one.amount, one.unit), str),
            facet("starts", "starts when the message was"),
            facet("nation", "bank holidays of", lambda nation: NATIONS.get(nation, "all four nations")),
            Facet("may be made longer by", _longer, str),
            Facet(
                "its time is the one that the desk knows from the law",
                lambda one: bool(one.law),
                acts=False,
                no="its time is the policy's own",
            ),
            clause,
            title_facet("name"),
            facet("source", "where the time comes from", acts=False),
            facet("version", "version of the source", acts=False),
            facet("stops", "stands still", acts=False),
            facet("midnight", "ends with the last day", acts=False, no="ends when we close on the last day"),
        ),
        "measure": (
            *_figure(),
            facet("direction", "which way is better", lambda way: "" if way == "neither" else f"“{BETTER[way]}”"),
            clause,
            title_facet(),
        ),
        "risk": (
            facet("indicator", "the figure that would show it"),
            *_figure(),
            clause,
            title_facet(),
        ),
        "law": (
            clause,
            title_facet("name"),
            facet("in_force", "in force", acts=False),
            facet("note", "note", acts=False),
            facet("acts", "Acts", _acts, acts=False),
            facet("starts", "in force from", acts=False),
            facet("until", "in force until", acts=False),
            facet("successor", "followed by", acts=False),
            Facet("applies in", lambda law: law.applies_in(), _nations, acts=False),
        ),
    }


def _nations(codes: Sequence[str]) -> str:
    return listed(NATIONS[code] for code in codes)


def _figure() -> tuple[Facet, ...]:
    return (
        facet("unit", "counted in"),
        facet("period", "taken every", lambda period: EVERY[period].lower()),
        facet("target", "what is aimed for"),
        Facet("somebody should look from", _look_from, str),
        facet("source", "where the figure comes from"),
    )


def _look_from(one: Any) -> str:
    return "" if one.threshold is None else number(one.threshold, one.unit)


def _longer(one: Clock) -> str:
    if one.extension is None:
        return ""
    return f"{duration(one.extension.amount, one.unit)}{f' ({one.extension.needs})' if one.extension.needs else ''}"


def _acts(ids: Sequence[str]) -> str:
    known = statutes()
    return listed(f"{known[one].name} {known[one].year}" if one in known else one for one in ids)
