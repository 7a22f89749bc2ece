"""Names of whoever did something to the policy."""

from __future__ import annotations

from collections.abc import Iterable

from gatepost.people.models import User


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """A name for each actor of the record, asking once for all of them."""
    wanted = set(actors)
    numbers = {int(one.partition(":")[2]) for one in wanted if one.startswith("person:")}
    names = dict(User.objects.filter(pk__in=numbers).values_list("pk", "name"))
    return {one: _name(one, names) for one in wanted}


def _name(actor: str, names: dict[int, str]) -> str:
    kind, _, who = actor.partition(":")
    return names.get(int(who), "somebody who left") if kind == "person" else f"the desk itself ({who})"
