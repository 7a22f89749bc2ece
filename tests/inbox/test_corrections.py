"""Somebody says that the readers were wrong: kept with a ledger line, the latest word counts, the policy decides anew,
and what it decided before is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from gatepost.inbox.actions import InboxError
from gatepost.inbox.corrections import correct_label
from gatepost.inbox.models import Alarm, Correction, Message, Redecision
from gatepost.inbox.moderating import labels_of
from gatepost.inbox.retold import take_changes
from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed
from gatepost.policy.decide import decide_many
from gatepost.policy.kept_speech import REMOVABLE
from gatepost.rulebook.actions import in_force
from gatepost.rulebook.models import KeptDecision
from tests import factories

from .scene import ABUSE, COMPLAINT, Desk, said

DANGER = "I want to kill myself, I cannot go on"


def changed(message: Message, text: str, *, at: datetime) -> Message:
    """Its writer gave it other words."""
    pack = in_force(at)
    item = said(message.ref, text, changed_at=at)
    take_changes(message.channel, [item], [], decide=lambda some: decide_many(some, pack, at), at=at)
    return Message.objects.select_related("decision").get(pk=message.pk)


def test_a_correction_is_kept_with_its_line_and_the_decision_before_it_stays(desk: Desk) -> None:
    message = desk.message()
    (label,) = [label for label in message.decision.decided if label == "complaint"]
    kept = correct_label(message, label, holds=False, by=desk.staff, at=message.received_at)
    assert kept.read_as == message.decision.labels[label]
    was = KeptDecision.objects.get(pk=message.decision.pk)
    assert label in was.decided
    assert was.clocks == message.decision.clocks
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


def test_what_is_no_complaint_loses_its_clocks_and_the_record_names_them(desk: Desk) -> None:
    message = desk.message()
    clocks = {row[0] for row in message.decision.clocks}
    later = message.received_at + timedelta(hours=3)
    correct_label(message, "complaint", holds=False, by=desk.staff, at=later)
    now = Message.objects.select_related("decision").get(pk=message.pk)
    anew = Redecision.objects.get(message=message)
    assert "complaint" not in now.decision.decided
    assert "is:complaint" not in now.marks
    assert anew.was_id == message.decision_id
    assert anew.because == f"after {desk.staff.name}’s correction"
    ended = {row[0] for row in anew.ended}
    assert ended
    assert ended | {row[0] for row in now.decision.clocks} >= clocks
    line = Line.objects.get(verb="message.decided_anew")
    assert set(line.detail["ended"]) == ended
    assert line.clauses == now.decision.clauses
    # Corrected back, each clock runs again from when the words came in.
    correct_label(message, "complaint", holds=True, by=desk.officer, at=later)
    back = Message.objects.select_related("decision").get(pk=message.pk)
    assert back.due_at == message.due_at
    assert sorted(back.decision.clocks) == sorted(message.decision.clocks)
    assert Redecision.objects.filter(message=message).count() == 2
    assert Correction.objects.get().read_as == message.decision.labels["complaint"]


def test_a_complaint_that_was_missed_gets_its_offers_clocks_referral_and_clauses(desk: Desk) -> None:
    message = desk.message("When do you open on Saturday?")
    assert "complaint" not in message.decision.decided
    Message.objects.filter(pk=message.pk).update(marks=["label:7"], due_at=message.received_at + timedelta(minutes=5))
    correct_label(message, "complaint", holds=True, by=desk.staff, at=message.received_at + timedelta(days=2))
    now = Message.objects.select_related("decision").get(pk=message.pk)
    like = desk.message().decision
    assert set(like.offers) <= set(now.decision.offers)
    assert {row[0] for row in like.clocks} <= {row[0] for row in now.decision.clocks}
    assert now.decision.at == message.decision.at
    assert "usage.7" in now.decision.clauses
    assert {"label:7", "is:complaint", "clause:usage.7"} <= set(now.marks)
    correct_label(message, "service_request", holds=True, by=desk.staff, at=message.received_at)
    now = Message.objects.select_related("decision").get(pk=message.pk)
    assert set(like.refer) <= set(now.decision.refer)
    # A sooner time that came from elsewhere is not put off.
    assert now.due_at == message.received_at + timedelta(minutes=5)


def test_danger_that_was_missed_raises_the_alarm_and_opens_what_was_closed(desk: Desk) -> None:
    message = desk.message("When do you open on Saturday?")
    Message.objects.filter(pk=message.pk).update(state="done", done_because="Nothing to do")
    correct_label(message, "safeguarding", holds=True, by=desk.staff, at=message.received_at)
    now = Message.objects.get(pk=message.pk)
    assert (now.state, now.urgent, now.danger) == ("new", True, 2)
    assert Alarm.objects.get(message=message).kind == "person"
    correct_label(message, "safeguarding", holds=False, by=desk.staff, at=message.received_at)
    assert Message.objects.get(pk=message.pk).danger == 0
    assert Alarm.objects.filter(message=message, taken_at=None).count() == 1  # a person takes it


def test_a_clock_that_a_correction_starts_opens_what_was_closed(desk: Desk) -> None:
    message = desk.message("When do you open on Saturday?")
    Message.objects.filter(pk=message.pk).update(state="done", done_because="Spam")
    correct_label(message, "thanks", holds=True, by=desk.staff, at=message.received_at)
    assert Message.objects.get(pk=message.pk).state == "done"  # nothing to wait for
    correct_label(message, "complaint", holds=True, by=desk.staff, at=message.received_at)
    now = Message.objects.get(pk=message.pk)
    assert Redecision.objects.filter(message=message).latest("pk").begun
    assert (now.state, now.done_because, now.urgent) == ("new", "", False)


def test_the_clocks_of_earlier_words_run_on_when_those_of_later_ones_end(desk: Desk) -> None:
    message = desk.message()
    due, at = message.due_at, message.received_at + timedelta(minutes=1)
    assert due is not None
    graver = changed(message, DANGER, at=at)
    assert "complaint" not in graver.decision.decided
    assert graver.due_at is not None
    assert graver.due_at < due
    correct_label(message, "safeguarding", holds=False, by=desk.staff, at=at + timedelta(minutes=1))
    now = Message.objects.get(pk=message.pk)
    assert (now.due_at, now.urgent) == (due, False)
    # What the later words began, too, ends with them when somebody says that it is not so.
    changed(message, f"{COMPLAINT} Really.", at=at + timedelta(minutes=2))
    correct_label(message, "complaint", holds=False, by=desk.staff, at=at + timedelta(minutes=3))
    assert Message.objects.get(pk=message.pk).due_at != due


def test_what_people_said_it_is_counts_for_other_words_too_and_what_it_is_not_does_not(desk: Desk) -> None:
    message = desk.message("When do you open on Saturday?")
    at = message.received_at + timedelta(hours=1)
    correct_label(message, "media_query", holds=True, by=desk.staff, at=at)
    correct_label(message, "safeguarding", holds=True, by=desk.staff, at=at)
    correct_label(message, "safeguarding", holds=False, by=desk.staff, at=at)

    assert "media_query" in changed(message, "And on Sunday?", at=at + timedelta(hours=1)).decision.decided
    assert changed(message, DANGER, at=at + timedelta(hours=2)).danger == 2
    correct_label(message, "safeguarding", holds=False, by=desk.staff, at=at + timedelta(hours=3))


def test_erased_words_cannot_be_corrected(desk: Desk) -> None:
    message = desk.message()
    Message.objects.filter(pk=message.pk).update(erased_at=message.received_at)
    with pytest.raises(InboxError, match="erased"):
        correct_label(message, "spam", holds=True, by=desk.staff, at=message.received_at)


def test_what_it_is_not_holds_for_the_words_of_which_it_was_said_when_they_are_taken_away(desk: Desk) -> None:
    message = desk.message(ABUSE)
    at = message.received_at
    assert labels_of(message) & REMOVABLE
    for label in sorted(labels_of(message) & REMOVABLE):
        correct_label(message, label, holds=False, by=desk.staff, at=at)
    corrected = Message.objects.select_related("decision").get(pk=message.pk)
    assert not labels_of(corrected) & REMOVABLE
    assert labels_of(changed(corrected, f"{ABUSE}!", at=at + timedelta(hours=1))) & REMOVABLE
