"""Who signs what off in two packs, and how long a sign-off may wait."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.policy.diff.change import Change, Facet, between, entries, facet, moved, title_facet
from gatepost.policy.diff.document import clause_facet
from gatepost.policy.naming import Names
from gatepost.policy.parts import Parts
from gatepost.policy.plainly import listed, number
from gatepost.policy.schema_approvals import ChainIn, StepIn
from gatepost.policy.titles import ACTS, HOURS, WAITING

_CRISIS = {True: "in a crisis alone", False: "outside a crisis alone"}


def signing(old: Parts, new: Parts, names: Names) -> Iterator[Change]:
    before, after = ({one.id: one for one in parts.approvals.chain} for parts in (old, new))
    yield from entries("chain", _facets(names), before, after, lambda one: f"who signs off, “{one.title}”,")
    if moved(before, after):
        order = (f"now in this order: {', '.join(names.all('chain', after))}",)
        yield Change("chain", "order", "", "changed", "which chain of sign-off is looked at first", order, True)
    was, now = old.approvals.waiting, new.approvals.waiting
    says = [
        between(f"{title[:1].lower()}{title[1:]}", number(getattr(was, name)), number(getattr(now, name), unit))
        for name, (title, unit) in WAITING.items()
        if getattr(was, name) != getattr(now, name)
    ]
    above = facet("escalate_to", "those above", lambda roles: listed(names.all("role", roles)))
    says += above.changes(was, now)
    if says:
        yield Change("waiting", "waiting", "", "changed", "how long a sign-off may wait", tuple(says), True)


def _facets(names: Names) -> tuple[Facet, ...]:
    return (
        Facet("for", lambda one: listed(ACTS[kind].lower() for kind in one.kinds) if one.kinds else "everything", str),
        facet("post_kinds", "for the kinds of post", lambda kinds: listed(names.all("post_kind", kinds))),
        facet("networks", "on", lambda networks: listed(names.of("network", one) for one in networks)),
        facet("hours", "when", lambda hours: HOURS[hours].lower()),
        Facet("crisis", lambda one: "" if one.crisis is None else _CRISIS[one.crisis], str),
        Facet("steps", lambda one: _steps(one, names), str),
        Facet("standing sign-offs do not do", lambda one: not one.standing, no="standing sign-offs do again"),
        clause_facet(names),
        title_facet(),
    )


def _steps(chain: ChainIn, names: Names) -> str:
    return ", then ".join(_step(one, names) for one in chain.step)


def _step(step: StepIn, names: Names) -> str:
    """“Lead” by the “Officer”, 2 people, with a passkey"""
    roles = listed(names.all("role", step.roles), "and" if step.all else "or") if step.roles else ""
    more = [f"by {roles}" if roles else "", f"{step.count} people" if step.count > 1 else ""]
    more += ["outside the desk" if step.outside else "", "with a passkey" if step.passkey else ""]
    inside = ", ".join(word for word in more if word)
    return f"“{step.title}”{f' ({inside})' if inside else ''}"
