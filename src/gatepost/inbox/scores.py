"""How often people said that the readers were wrong, label by label."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from gatepost.inbox.models import Correction
from gatepost.policy.model import LABELS


@dataclass(frozen=True, slots=True)
class Score:
    """`wrong`: messages that were read as this and are not. `missed`: those that are this and were not read so."""

    label: str
    wrong: int
    missed: int

    @property
    def corrected(self) -> int:
        return self.wrong + self.missed


def reader_scores() -> list[Score]:
    """Every label, those corrected most first."""
    rows = Correction.objects.values("label").annotate(
        wrong=Count("pk", filter=Q(holds=False)), missed=Count("pk", filter=Q(holds=True))
    )
    found = {row["label"]: Score(row["label"], row["wrong"], row["missed"]) for row in rows}
    scores = [found.get(label, Score(label, 0, 0)) for label in LABELS]
    return sorted(scores, key=lambda one: -one.corrected)
