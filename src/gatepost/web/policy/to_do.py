"""What is left to be done by hand in a draft made from a written policy, told in groups, each with where it is done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from gatepost.policy.importing.by_hand import ByHand

SHOWN = 5  # of a group, before the rest is folded away
_TITLES: Mapping[str, str] = {
    "nobody_signs_off": "Who may do what",
    "nobody_approves": "Who may do what",
    "vacant": "Roles that nobody holds",
    "no_name": "The organisation",
    "no_hours": "Working hours",
    "address": "Addresses that are made up",
    "unused": "Wordings that no rule offers",
    "own_figure": "Times that are not in the document",
    "no_example": "Rules without an example",
    "not_understood": "Clauses that were not understood",
}


@dataclass(frozen=True, slots=True)
class Task:
    """`url`: where it is done; empty while that place is not there yet."""

    says: str
    url: str
    clause: str


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    tasks: tuple[Task, ...]

    @property
    def first(self) -> tuple[Task, ...]:
        return self.tasks[:SHOWN]

    @property
    def rest(self) -> tuple[Task, ...]:
        return self.tasks[SHOWN:]


def on_review(left: Iterable[ByHand], names: Collection[str], numbers: Mapping[str, int]) -> list[Group]:
    """On the page where an import is looked over. `names`: of its fields; `numbers`: the place of each clause on it."""

    def url(one: ByHand) -> str:
        if one.part == "clauses":
            return f"#about-{numbers[one.key]}"
        name = f"{one.part.removesuffix('s')}.{one.key}.{one.field or 'text'}"
        return f"#{name}" if name in names else ""

    return _grouped(left, url)


def on_draft(left: Iterable[ByHand], draft: int) -> list[Group]:
    def url(one: ByHand) -> str:
        if not one.key:
            place = reverse("policy_part", args=[draft, one.part])
        else:
            place = reverse("policy_form", args=[draft, one.part, one.key])
        return f"{place}#{one.field}" if one.field else place

    return _grouped(left, url)


def _grouped(left: Iterable[ByHand], url: Callable[[ByHand], str]) -> list[Group]:
    groups: dict[str, list[Task]] = {}
    for one in left:
        groups.setdefault(_TITLES[one.sort], []).append(Task(one.says, url(one), one.clause))
    return [Group(title, tuple(tasks)) for title, tasks in groups.items()]
