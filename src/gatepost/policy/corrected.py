"""A reading with what people said of the message in the readers' stead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gatepost.policy.model import LABELS, Reading


def corrected(reading: Reading, said: Mapping[str, bool], *, urgent_besides: bool = True) -> Reading:
    """`reading` with each label of `said` held for certain, or for certain not. The words that gave rise to labels stay
    as they were found: what is masked stays masked. The same reading where nothing was said.

    `urgent_besides`: whether it is urgent also when nobody is in danger (`gatepost.policy.reading.urgent_words`)."""
    if not said:
        return reading
    sure = {label: 1.0 if holds else 0.0 for label, holds in said.items() if label in LABELS}
    labels = {label: sure.get(label, value) for label, value in reading.labels.items()}
    urgent = reading.urgent and (urgent_besides or said.get("safeguarding", True))
    return replace(reading, labels=labels, urgent=urgent)
