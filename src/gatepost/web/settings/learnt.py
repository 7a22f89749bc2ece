"""What the desk has learnt: corrections, trainings with their figures, putting one to use, going back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gatepost.inbox import teaching
from gatepost.inbox.scores import reader_scores
from gatepost.people.authority import signs_off
from gatepost.policy.reading.learning import LEAST
from gatepost.policy.reading.learnt import LearntError, opened
from gatepost.policy.reading.moved import Moved
from gatepost.rulebook import readers
from gatepost.rulebook.models import ReaderModel, ReaderTraining
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.who import me
from gatepost.web.inbox.words import Word, word_of
from gatepost.web.permission import needs
from gatepost.web.policy.who import names_of

MOST = 50  # trainings shown, the latest first
WHY = {
    "": "Reads better: learnt",
    "cues": "Found by fixed rules, which are not learnt",
    "few": f"Fewer than {LEAST} corrections",
    "one_sided": "Only one kind of answer so far: nothing to tell apart",
    "no_better": "Would read no better: stays as shipped",
}


@dataclass(frozen=True, slots=True)
class Corrected:
    word: Word
    count: int
    holds: int  # of these, messages that are what the label says
    wrong: int  # and that are not
    short: int  # corrections still missing


@dataclass(frozen=True, slots=True)
class Figure:
    """One label of a training, as the page tells it. `row` is a `LabelReport` as plain values."""

    word: Word
    row: Mapping[str, Any]
    why: str


@dataclass(frozen=True, slots=True)
class Pull:
    """The words that moved one label most: towards it, and away."""

    word: Word
    towards: list[Moved]
    away: list[Moved]


@needs("reader")
@require_http_methods(["GET", "HEAD", "POST"])
def learnt(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        piece = "settings/learnt_state.html" if "piece" in request.GET else "settings/learnt.html"
        return render(request, piece, _context(request))
    by, at = me(request), timezone.now()
    try:
        match request.POST.get("act"):
            case "train":
                readers.ask(by=by, at=at)
                return done(request, "The readers are learning. Nothing changes by that.", "learnt")
            case "undo":
                readers.undo(by=by, at=at)
                return done(request, "New messages are read by the readers as shipped.", "learnt")
        raise Unclear("The desk does not know what to do with that.")
    except ERRORS as error:
        return refused(request, "settings/learnt.html", _context(request), error, title="Nothing has changed")


@needs("reader")
@require_http_methods(["GET", "HEAD", "POST"])
def training(request: HttpRequest, digest: str) -> HttpResponse:
    model = get_object_or_404(ReaderModel, pk=digest)
    context = _one(model, request)
    if request.method != "POST":
        return render(request, "settings/learnt_one.html", context)
    by, at = me(request), timezone.now()
    try:
        match request.POST.get("act"):
            case "accept":
                readers.accept(model, by=by, at=at)
                return done(request, "New messages are read with this from now on.", "learnt")
            case "undo":
                readers.undo(by=by, at=at)
                return done(request, "New messages are read by the readers as shipped.", "learnt")
        raise Unclear("The desk does not know what to do with that.")
    except ERRORS as error:
        return refused(request, "settings/learnt_one.html", context, error, title="Nothing has changed")


def _context(request: HttpRequest) -> dict[str, Any]:
    at = timezone.now()
    use = readers.used(at)
    rows = list(ReaderModel.objects.defer("data").prefetch_related("uses").order_by("-made_at", "digest")[:MOST])
    last = ReaderTraining.objects.select_related("model").defer("model__data").order_by("-pk").first()
    actors = {row.made_by for row in rows} | ({use.accepted_by} if use else set()) | ({last.by} if last else set())
    return {
        "corrected": _corrected(),
        "use": use,
        "use_fits": use is not None and readers.fits(use.model),
        "trainings": [(row, readers.fits(row), _learnt_labels(row.report)) for row in rows],
        "last": last,
        "last_figures": figures(last.report) if last and last.report else [],
        "names": names_of(actors),
        "may": signs_off(me(request), at),
        "least": LEAST,
    }


def _one(model: ReaderModel, request: HttpRequest) -> dict[str, Any]:
    at = timezone.now()
    use = readers.used(at)
    asked = model.trainings.order_by("pk").first()
    uses = list(model.uses.order_by("-accepted_at"))
    actors = {model.made_by, *(one.accepted_by for one in uses), *(one.ended_by for one in uses)}
    actors |= {asked.by} if asked else set()
    return {
        "model": model,
        "asked": asked,
        "figures": figures(model.report),
        "pulls": pulls(model, at),
        "in_use": use if use is not None and use.model_id == model.pk else None,
        "other": use if use is not None and use.model_id != model.pk else None,
        "fits": readers.fits(model),
        "uses": uses,
        "names": names_of(actors - {""}),
        "may": signs_off(me(request), at),
    }


def _corrected() -> list[Corrected]:
    return [
        Corrected(word_of(one.label), one.corrected, one.missed, one.wrong, max(0, LEAST - one.corrected))
        for one in reader_scores()
        if one.corrected
    ]


def _learnt_labels(report: Sequence[Mapping[str, Any]]) -> list[Word]:
    return [word_of(row["label"]) for row in report if not row["why"]]


def figures(report: Sequence[Mapping[str, Any]]) -> list[Figure]:
    """What came of each label, those learnt first."""
    ordered = sorted(report, key=lambda row: (bool(row["why"]), -row["corrections"]))
    return [Figure(word_of(row["label"]), row, WHY.get(row["why"], row["why"])) for row in ordered]


def pulls(model: ReaderModel, at: datetime) -> list[Pull]:
    """The words that moved each label; none where the file of another release cannot be read."""
    if not readers.fits(model):
        return []
    try:
        found = teaching.words_moved(opened(bytes(model.data), f"The training {model.pk[:12]}"), at)
    except LearntError:
        return []
    return [
        Pull(word_of(label), [one for one in rows if one.weight > 0], [one for one in rows if one.weight < 0])
        for label, rows in found.items()
    ]
