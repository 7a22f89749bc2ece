"""What a change would have done with the last month, while it is worked out and when it is there; then saving it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods

from gatepost.inbox import past
from gatepost.inbox.masking import hidden
from gatepost.people.authority import signs_off
from gatepost.policy.pack import Pack, load_files
from gatepost.policy.plainly import FIELD_WORDS, detail_words
from gatepost.rulebook import drafts
from gatepost.rulebook.actions import pack_of
from gatepost.rulebook.models import Trial
from gatepost.web.frame.places import address
from gatepost.web.frame.problems import ERRORS, done
from gatepost.web.frame.who import me
from gatepost.web.permission import needs
from gatepost.web.policy.reading import reads_packs
from gatepost.web.policy.saying_no import refused
from gatepost.web.policy.shown import changed_wordings, state

MOST_DETAILS = 6  # of one field


@dataclass(frozen=True, slots=True)
class FieldCount:
    words: str
    count: int
    details: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class ClauseCount:
    clause: str
    count: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One example: its words without personal details, and what would be otherwise."""

    text: str
    url: str
    ours: bool
    changes: tuple[str, ...]
    clauses: tuple[str, ...]


@needs("reader")
@require_http_methods(["GET", "HEAD", "POST"])
@reads_packs
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; with ?piece, the part of it that changes while the work is done."""
    found, now = get_object_or_404(Trial.objects.select_related("draft"), pk=pk), timezone.now()
    if request.method == "POST":
        try:
            saved = drafts.keep(found, by=me(request), at=now)
        except ERRORS as error:
            return refused(request, "policy/trial.html", context_of(request, found, now), error, title="Not saved")
        words = f"Saved as version {saved.version} of the draft. Nothing changes on the desk until it is adopted."
        return done(request, words, "policy_draft", saved.pk)
    if "piece" not in request.GET:
        return render(request, "policy/trial.html", context_of(request, found, now))
    context = {"trial": found} if found.ended_at is None else context_of(request, found, now)
    return render(request, "policy/trial_result.html", context)


@lru_cache(maxsize=2)
def _tried(pk: int, digest: str) -> Pack:
    return load_files(Trial.objects.get(pk=pk).files)


def context_of(request: HttpRequest, found: Trial, now: datetime) -> dict[str, Any]:
    new, old = _tried(found.pk, found.digest), pack_of(found.against)
    result: Mapping[str, Any] = found.result or {}
    before = drafts.pack_of_draft(found.draft)
    stands = state(new, now)
    return {
        "trial": found,
        "draft": found.draft,
        "result": result,
        "since": parse_datetime(result["since"]) if result else None,
        "counts": _counts(result),
        "clauses": sorted(
            (ClauseCount(clause, count) for clause, count in result.get("clauses", {}).items()),
            key=lambda one: new.numbers.get(one.clause, 10**6),
        ),
        "examples": _examples(result, old, new),
        "failing": stands.failing,
        "tests": stands.tests,
        "wordings": changed_wordings(before, new) if found.change else [],
        "stale": found.draft.version != found.base or found.draft.closed_at is not None,
        "may": signs_off(me(request), now),
        "says": found.says.split("\n"),
    }


def _counts(result: Mapping[str, Any]) -> list[FieldCount]:
    rows = sorted(result.get("fields", {}).items(), key=lambda pair: -pair[1])
    return [FieldCount(FIELD_WORDS[name], count, tuple(_details(result, name)[:MOST_DETAILS])) for name, count in rows]


def _details(result: Mapping[str, Any], name: str) -> list[tuple[int, str]]:
    found = [(count, detail_words(what)) for field, what, count in result["details"] if field == name]
    return sorted(found, key=lambda pair: (-pair[0], pair[1]))


def _examples(result: Mapping[str, Any], old: Pack, new: Pack) -> list[Shown]:
    rows = result.get("examples", [])
    texts = past.texts({str(row["key"]) for row in rows})
    return [
        Shown(
            hidden(texts[row["key"]], old, new),
            _page(str(row["key"])),
            str(row["key"]).startswith("act:"),
            tuple(_changes(row["fields"])),
            tuple(row["clauses"]),
        )
        for row in rows
        if row["key"] in texts
    ]


def _page(subject: str) -> str:
    """Where a message or an act is looked at."""
    kind, _, key = subject.partition(":")
    return address("message", int(key)) if kind == "message" else address("sign_off_act", key)


def _changes(fields: Mapping[str, list[str]]) -> list[str]:
    return [f"{FIELD_WORDS[name]}: {', '.join(detail_words(one) for one in what)}" for name, what in fields.items()]
