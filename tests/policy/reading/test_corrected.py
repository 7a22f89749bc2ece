"""What people say of a message takes the place of what the readers made of it, and of nothing else."""

from __future__ import annotations

from dataclasses import replace

from gatepost.policy.corrected import corrected
from gatepost.policy.model import LABELS
from gatepost.policy.pack import load_files
from gatepost.policy.reading import read, urgent_words
from tests.policy.reading.test_messages import words as shipped
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


def test_what_is_no_danger_is_urgent_only_by_its_own_words() -> None:
    words = shipped()
    danger = read("I want to kill myself, I cannot go on", words)
    assert danger.urgent
    for text, besides in (("I want to give up, I cannot go on", False), ("I smell gas, this is an emergency", True)):
        assert urgent_words(text, words) is besides
        assert corrected(danger, {"safeguarding": False}, urgent_besides=besides).urgent is besides
        assert corrected(danger, {"safeguarding": True}, urgent_besides=besides).urgent
        assert corrected(danger, {"complaint": True}, urgent_besides=besides).urgent
    calm = replace(danger, urgent=False)
    assert not corrected(calm, {"safeguarding": False}).urgent
