"""A reading with what people said of the message in the readers' stead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gatepost.policy.model import LABELS, Reading


def corrected(reading: Reading, said: Mapping[str, bool]) -> Reading:
    """`reading` with each label of `said` held for certain, or for certain not. The words that gave rise to labels stay
    as they were found: what is masked stays masked. The same reading where nothing was said."""
    if not said:
        return reading
    sure = {label: 1.0 if holds else 0.0 for label, holds in said.items() if label in LABELS}
    return replace(reading, labels={label: sure.get(label, value) for label, value in reading.labels.items()})
