"""Periods and the crisis of two packs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatepost.policy.diff.change import Change, Facet, entries, facet, title_facet
from gatepost.policy.diff.document import clause_facet
from gatepost.policy.naming import Names
from gatepost.policy.parts import Parts
from gatepost.policy.plainly import listed
from gatepost.policy.shape import Phrase
from gatepost.policy.titles import LINES


def states(old: Parts, new: Parts, names: Names) -> Iterator[Change]:
    before, after = ({one.id: one for one in parts.periods.period} for parts in (old, new))
    yield from entries("period", _period(names), before, after, lambda one: f"the period “{one.title}”")
    was, now = ({"crisis": one} if one else {} for one in (old.periods.crisis, new.periods.crisis))
    yield from entries("crisis", _crisis(names), was, now, lambda _: "what is done in a crisis")


def _period(names: Names) -> tuple[Facet, ...]:
    return (
        facet("starts", "first day"),
        facet("ends", "last day"),
        facet("frozen", "kinds of post that do not go out", lambda kinds: listed(names.all("post_kind", kinds))),
        facet(
            "allowed", "kinds of post of which nothing is asked", lambda kinds: listed(names.all("post_kind", kinds))
        ),
        facet("banned", "what may not be said", _phrases),
        facet("asks", "the question"),
        facet("severity", "any other post", lambda severity: LINES[severity].lower()),
        clause_facet(names),
        title_facet(acts=True),
    )


def _crisis(names: Names) -> tuple[Facet, ...]:
    return (
        facet("declares", "who declares it", lambda roles: listed(names.all("role", roles))),
        facet("approvers", "who signs off", lambda roles: listed(names.all("role", roles))),
        facet("statements", "prepared statements", lambda keys: listed(names.all("wording", keys))),
        clause_facet(names),
    )


def _phrases(rows: Sequence[Phrase]) -> str:
    return listed(dict.fromkeys(f"anything refused because {one.why}" for one in rows))
