"""Somebody says that the readers were wrong: kept with a ledger line, the latest word counts, the decision stays."""

from __future__ import annotations

import pytest

from gatepost.inbox.actions import InboxError
from gatepost.inbox.corrections import correct_label
from gatepost.inbox.models import Correction
from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed
from tests import factories

from .scene import Desk


def test_a_correction_is_kept_with_its_line_and_the_decision_stays(desk: Desk) -> None:
    message = desk.message()
    (label,) = [label for label in message.decision.decided if label == "complaint"]
    kept = correct_label(message, label, holds=False, by=desk.staff, at=message.received_at)
    assert kept.read_as == message.decision.labels[label]
    message.decision.refresh_from_db()
    assert label in message.decision.decided
    line = Line.objects.get(verb="message.label_corrected")
    assert line.subject == message.subject
    assert line.detail["label"] == label
    assert line.detail["holds"] is False


def test_the_latest_word_counts_and_what_is_held_already_is_no_correction(desk: Desk) -> None:
    message = desk.message()
    at = message.received_at
    with pytest.raises(InboxError, match="nothing to correct"):
        correct_label(message, "complaint", holds=True, by=desk.staff, at=at)
    correct_label(message, "spam", holds=True, by=desk.staff, at=at)
    with pytest.raises(InboxError, match="nothing to correct"):
        correct_label(message, "spam", holds=True, by=desk.staff, at=at)
    correct_label(message, "spam", holds=False, by=desk.officer, at=at)
    assert Correction.objects.get().holds is False
    assert Line.objects.filter(verb="message.label_corrected").count() == 2


def test_an_unknown_label_and_a_stranger_are_refused(desk: Desk) -> None:
    message = desk.message()
    with pytest.raises(InboxError, match="no label"):
        correct_label(message, "grumble", holds=True, by=desk.staff, at=message.received_at)
    with pytest.raises(NotAllowed):
        correct_label(message, "spam", holds=True, by=factories.person("Stranger"), at=message.received_at)
    assert not Correction.objects.exists()
