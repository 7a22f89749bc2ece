"""What people say of a message takes the place of what the readers made of it, and of nothing else."""

from __future__ import annotations

from gatepost.policy.corrected import corrected
from gatepost.policy.model import LABELS
from gatepost.policy.pack import load_files
from gatepost.policy.reading import read
from tests.policy.small import FILES


def test_labels_are_sure_and_the_words_found_stay() -> None:
    reading = read("Please ring me on 01632 960123, my heating is broken", load_files(FILES).words)
    assert corrected(reading, {}) is reading
    found = corrected(reading, {"complaint": True, "personal_details": False, "grumble": True})
    assert found.labels["complaint"] == 1.0
    assert found.labels["personal_details"] == 0.0
    assert list(found.labels) == list(LABELS)
    assert found.spans == reading.spans
    assert found.labels["question"] == reading.labels["question"]
