"""Labels, putting off, notes, drafts, presence, saved filters: each kept, refused in words, and in the record."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from gatepost.inbox import labels, notes, presence, reply_drafts, saved_views, snoozing
from gatepost.inbox.corrections import correct_label
from gatepost.inbox.listing import Filter
from gatepost.inbox.models import Message, Note, Presence, ReplyDraft
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import System
from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed
from tests import factories

from .scene import Desk, found

HOUR = timedelta(hours=1)


def listed(wanted: Filter, at: datetime | None = None) -> list[int]:
    return sorted(found(wanted, at))


def test_a_message_is_found_by_its_labels_and_clauses_as_corrected(desk: Desk) -> None:
    message = desk.message()
    assert "is:complaint" in message.marks
    assert listed(Filter(label="complaint")) == [message.pk]
    assert listed(Filter(clause="usage.7")) == [message.pk]
    assert listed(Filter(clause="usage.99")) == []
    correct_label(message, "complaint", holds=False, by=desk.staff, at=message.received_at)
    assert listed(Filter(label="complaint")) == []
    assert listed(Filter(show="complaints")) == []
    correct_label(message, "media_query", holds=True, by=desk.staff, at=message.received_at)
    assert listed(Filter(label="media_query")) == [message.pk]


def test_labels_of_ones_own(desk: Desk) -> None:
    message = desk.message()
    at = message.received_at
    label = labels.make_label("  Lift  at Millrace ", by=desk.staff, at=at)
    assert label.name == "Lift at Millrace"
    assert labels.make_label("lift at millrace", by=desk.staff, at=at) == label
    assert labels.put_label(message, label, by=desk.staff, at=at)
    assert not labels.put_label(message, label, by=desk.staff, at=at)
    assert listed(Filter(mark=label.pk)) == [message.pk]
    labels.end_label(label, by=desk.staff, at=at)
    label.refresh_from_db()
    with pytest.raises(InboxError, match="ended"):
        labels.put_label(message, label, by=desk.staff, at=at)
    assert labels.take_label(message, label, by=desk.staff, at=at)
    assert listed(Filter(mark=label.pk)) == []
    for bad in ("", "x" * 41):
        with pytest.raises(InboxError):
            labels.make_label(bad, by=desk.staff, at=at)


def test_put_off_and_back_when_its_time_comes(desk: Desk) -> None:
    message = desk.message("When do you open on Saturday?")
    at = message.received_at
    snoozing.snooze(message, until=at + HOUR, by=desk.staff, at=at)
    assert listed(Filter(), at) == []
    assert listed(Filter(show="snoozed"), at) == [message.pk]
    assert listed(Filter(), at + 2 * HOUR) == [message.pk]
    assert snoozing.wake_due(by=System("rota"), at=at) == 0
    assert snoozing.wake_due(by=System("rota"), at=at + 2 * HOUR) == 1
    assert listed(Filter(show="snoozed"), at) == []
    assert Line.objects.filter(subject=message.subject, verb="message.woken").count() == 1


def test_a_clock_and_danger_are_not_put_off(desk: Desk) -> None:
    message = desk.message()
    assert message.due_at is not None
    at = message.received_at
    with pytest.raises(InboxError, match="answer-by"):
        snoozing.snooze(message, until=message.due_at, by=desk.staff, at=at)
    with pytest.raises(InboxError, match="future"):
        snoozing.snooze(message, until=at, by=desk.staff, at=at)
    with pytest.raises(InboxError, match="half a year"):
        snoozing.snooze(message, until=at + timedelta(days=200), by=desk.staff, at=at)
    Message.objects.filter(pk=message.pk).update(urgent=True)
    with pytest.raises(InboxError, match="urgent"):
        snoozing.snooze(message, until=at + HOUR, by=desk.staff, at=at)


def test_whoever_writes_again_is_heard_again(desk: Desk) -> None:
    message = desk.message("When do you open?", author_ref="casey", thread_ref="t9")
    at = message.received_at
    snoozing.snooze(message, until=at + HOUR, by=desk.staff, at=at)
    desk.message("Hello?", author_ref="casey", thread_ref="t9")
    assert listed(Filter(show="snoozed"), at) == []
    snoozing.snooze(message, until=at + HOUR, by=desk.staff, at=at)
    snoozing.wake(message, by=desk.staff, at=at)
    assert listed(Filter(show="snoozed"), at) == []


def test_notes_with_details_marked_and_taken_back_by_their_author(desk: Desk) -> None:
    message = desk.message()
    at = message.received_at
    note = notes.add_note(message, "Rang her on 01632 960123, she is in on Friday.", by=desk.staff, at=at)
    assert [span[3] for span in note.spans] == ["phone"]
    other = notes.add_note(message, "The part is ordered.", by=System("referral"), at=at, source="Repairs")
    assert other.by is None
    assert notes.notes_of([message.pk]) == [note, other]
    with pytest.raises(InboxError, match="Only whoever"):
        notes.strike_note(note, by=desk.officer, at=at)
    notes.strike_note(note, by=desk.staff, at=at)
    note.refresh_from_db()
    assert (note.text, note.spans) == ("", [])
    assert Note.objects.count() == 2
    for bad, by in (("  ", desk.staff), ("x" * 10_001, desk.staff), ("Hello", System("referral"))):
        with pytest.raises(InboxError):
            notes.add_note(message, bad, by=by, at=at)
    with pytest.raises(NotAllowed):
        notes.add_note(message, "Hello", by=factories.person("Stranger"), at=at)


def test_drafts_are_kept_taken_over_and_gone_with_the_answer(desk: Desk) -> None:
    message = desk.message()
    at = message.received_at
    draft = reply_drafts.keep_draft(message, "We are sor", by=desk.staff, at=at)
    assert draft is not None
    reply_drafts.keep_draft(message, "We are sorry", by=desk.staff, at=at, answers={"tone": "meant"})
    kept, others = reply_drafts.drafts_at(message, desk.staff)
    assert kept is not None
    assert others == []
    assert (kept.text, kept.answers) == ("We are sorry", {"tone": "meant"})
    assert reply_drafts.drafts_at(message, desk.officer) == (None, [kept])
    reply_drafts.take_over_draft(kept, by=desk.officer, at=at)
    assert reply_drafts.drafts_at(message, desk.staff) == (None, [kept])
    assert reply_drafts.keep_draft(message, " ", by=desk.officer, at=at) is None
    assert not ReplyDraft.objects.exists()
    with pytest.raises(InboxError, match="longer"):
        reply_drafts.keep_draft(message, "x" * 20_001, by=desk.staff, at=at)


def test_who_is_here(desk: Desk) -> None:
    message = desk.message()
    at = message.received_at
    presence.here(message, replying=False, by=desk.staff, at=at)
    presence.here(message, replying=True, by=desk.staff, at=at)
    (one,) = presence.others_at(message, desk.officer, at)
    assert (one.person, one.replying) == (desk.staff, True)
    assert presence.others_at(message, desk.staff, at) == []
    assert presence.others_at(message, desk.officer, at + timedelta(minutes=2)) == []
    presence.here(message, replying=False, by=desk.officer, at=at + timedelta(hours=2))
    assert Presence.objects.count() == 1
    presence.gone(message, by=desk.officer, at=at)
    assert not Presence.objects.exists()


def test_saved_filters_are_private_or_shared(desk: Desk) -> None:
    at = desk.message().received_at
    mine = saved_views.save_view("Lifts", Filter(q="lift"), shared=False, by=desk.staff, at=at)
    ours = saved_views.save_view("Press", Filter(label="media_query"), shared=True, by=desk.officer, at=at)
    assert list(saved_views.views_for(desk.staff)) == [mine, ours]
    assert list(saved_views.views_for(desk.officer)) == [ours]
    again = saved_views.save_view("lifts", Filter(q="lifts"), shared=False, by=desk.staff, at=at)
    assert list(saved_views.views_for(desk.staff)) == [again, ours]
    with pytest.raises(InboxError, match="somebody else"):
        saved_views.end_view(ours, by=desk.staff, at=at)
    saved_views.end_view(ours, by=desk.officer, at=at)
    assert list(saved_views.views_for(desk.officer)) == []
    for title, wanted in (("", Filter(q="x")), ("x" * 61, Filter(q="x")), ("All", Filter())):
        with pytest.raises(InboxError):
            saved_views.save_view(title, wanted, shared=False, by=desk.staff, at=at)
