"""What most policies on social media say and this one does not. Data: usual.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import re2

from gatepost.policy.linting.finding import LintFinding
from gatepost.policy.pack import Pack

_SHORT = re2.compile(r"[:,(] *")


@dataclass(frozen=True, slots=True)
class Usual:
    """`kinds`: ids of kinds.toml that settle it where a clause says it is of one; `cues` tell it from the words."""

    id: str
    title: str
    kinds: tuple[str, ...]
    why: str
    suggestion: str
    cues: tuple[Any, ...]  # compiled re2 patterns

    @property
    def section(self) -> str:
        """A title for the section such a clause stands in: "People in danger"."""
        return str(_SHORT.split(self.title)[0]).strip().capitalize()


@cache
def usual() -> tuple[Usual, ...]:
    """In the order in which they are told: what harms people first."""
    data = tomllib.loads(files("gatepost.policy.linting").joinpath("usual.toml").read_text("utf-8"))
    options = re2.Options()
    options.case_sensitive = False
    return tuple(
        Usual(
            id=key,
            title=one["title"],
            kinds=tuple(one["kinds"]),
            why=one["why"],
            suggestion=" ".join(one["suggestion"].split()),
            cues=tuple(re2.compile(cue, options=options) for cue in one["cues"]),
        )
        for key, one in data.items()
    )


def lacking(pack: Pack) -> tuple[Usual, ...]:
    """What no clause is about and no words of the document touch."""
    about = {clause.about for clause in pack.clauses}
    text = " ".join(pack.policy_md.split())  # a phrase may run over the end of a line
    return tuple(
        one for one in usual() if not about.intersection(one.kinds) and not any(cue.search(text) for cue in one.cues)
    )


def findings(pack: Pack) -> Iterator[LintFinding]:
    for one in lacking(pack):
        message = f"Most policies have a clause on {one.title}, and this one has none: {one.why}"
        mend = f"You could add: “{one.suggestion}”"
        yield LintFinding("missing", "look", "policy.md", 0, "", message, mend, one.id)
