"""What the pages of drafts and versions show: changes under their clauses, what holds, what is doubtful."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby

from django.http import Http404

from gatepost.policy.diff import Change, diff, only_words
from gatepost.policy.examples import ExampleResult
from gatepost.policy.lint import LintFinding
from gatepost.policy.pack import Pack
from gatepost.policy.problems import PackError
from gatepost.rulebook.actions import pack_of
from gatepost.rulebook.drafts import pack_of_draft
from gatepost.rulebook.models import PackDraft, PackVersion
from gatepost.web.policy.notes import noon, results, warnings


@dataclass(frozen=True, slots=True)
class ClauseChanges:
    """What changes under one clause; `text` its words, under no clause empty."""

    clause: str
    text: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    same: bool
    groups: tuple[ClauseChanges, ...]
    acts: int  # how many alter what the desk does
    words: int  # how many are of words alone
    only_words: bool


@lru_cache(maxsize=4)
def difference(old: Pack, new: Pack) -> Difference:
    changes = diff(old, new)
    texts = {clause.id: clause.text for clause in (*old.clauses, *new.clauses)}
    groups = tuple(
        ClauseChanges(clause, texts.get(clause, ""), tuple(group))
        for clause, group in groupby(changes, key=lambda change: change.clause)
    )
    acts = sum(change.acts for change in changes)
    return Difference(old.digest == new.digest, groups, acts, len(changes) - acts, only_words(changes))


@dataclass(frozen=True, slots=True)
class State:
    """How a pack stands by itself. `lacks`: clauses that most policies have, each with words to begin with."""

    tests: int
    failing: tuple[ExampleResult, ...]
    mend: tuple[LintFinding, ...]
    look: tuple[LintFinding, ...]
    lacks: tuple[LintFinding, ...]


def state(pack: Pack, at: datetime) -> State:
    tests, doubts = results(pack, noon(at)), warnings(pack, noon(at))
    return State(
        len(tests),
        tuple(one for one in tests if not one.ok),
        tuple(one for one in doubts if one.grade == "mend"),
        tuple(one for one in doubts if one.grade == "look" and not one.suggests),
        tuple(one for one in doubts if one.suggests),
    )


def changed_wordings(old: Pack | None, new: Pack) -> list[str]:
    """Titles of wordings that are new or read otherwise: their standing sign-off does not cover them."""
    before = old.wordings if old is not None else {}
    return [one.title for key, one in new.wordings.items() if key not in before or before[key].text != one.text]


@dataclass(frozen=True, slots=True)
class Choice:
    """A policy that can be compared: "version:<digest>" or "draft:<number>"."""

    key: str
    title: str


def choices() -> list[Choice]:
    versions = PackVersion.objects.order_by("-kept_at")[:100]
    drafts = PackDraft.objects.filter(closed_at=None).order_by("-changed_at")[:100]
    return [
        *(Choice(f"draft:{one.pk}", f"Draft: {one.title}") for one in drafts),
        *(Choice(f"version:{one.pk}", f"{one.title}, version {one.version} ({one.pk[:8]})") for one in versions),
    ]


def chosen(key: str) -> Pack:
    """The policy a choice names. Raises Http404, PackError."""
    kind, _, name = key.partition(":")
    if kind == "draft" and name.isascii() and name.isdecimal() and len(name) < 10:
        draft = PackDraft.objects.filter(pk=int(name)).first()
        if draft is not None:
            return pack_of_draft(draft)
    if kind == "version" and PackVersion.objects.filter(pk=name[:64]).exists():
        return pack_of(name[:64])
    raise Http404


def readable(draft: PackDraft) -> tuple[Pack | None, PackError | None]:
    """The draft's pack, or why it cannot be read any more."""
    try:
        return pack_of_draft(draft), None
    except PackError as error:
        return None, error
