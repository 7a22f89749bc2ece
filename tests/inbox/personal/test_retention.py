"""The policy's periods are carried out, after somebody agreed to exactly them, and nothing else goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from gatepost.inbox.corrections import correct_label
from gatepost.inbox.models import Contact, Evidence, Message
from gatepost.inbox.personal import holds
from gatepost.inbox.personal.officer import PersonalError
from gatepost.inbox.personal.retention import agree, carry_out, preview, stop
from gatepost.ledger.actions import System
from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed
from tests.inbox.scene import Desk

from .scene import Told, in_days

BY = System("retention")


def go(desk: Desk, days: int = 1_000) -> int:
    at = in_days(days)
    agree(digest=preview(at=at).schedule.digest, by=desk.officer, at=at)
    return carry_out(by=BY, at=at)


def test_nothing_goes_until_somebody_agrees(told: Told) -> None:
    at = in_days(3_000)
    assert preview(at=at).total > 0
    assert carry_out(by=BY, at=at) == 0
    with pytest.raises(NotAllowed):
        agree(digest=preview(at=at).schedule.digest, by=told.desk.staff, at=at)
    with pytest.raises(PersonalError, match="have changed"):
        agree(digest="0" * 64, by=told.desk.officer, at=at)
    assert Message.objects.filter(erased_at=None).count() == 3


def test_what_is_due_goes_as_the_preview_said(told: Told) -> None:
    due = preview(at=in_days(3_000))
    assert go(told.desk, 3_000) == due.total
    assert Message.objects.filter(erased_at=None).count() == 0
    assert Evidence.objects.exclude(text="").count() == 0
    assert Contact.objects.exclude(name="").count() == 0
    lines = Line.objects.filter(verb="retention.deleted")
    assert sum(line.detail["count"] for line in lines) == due.total
    assert preview(at=in_days(3_000)).total == 0


def test_a_complaint_is_kept_longer_than_a_question(desk: Desk) -> None:
    # After more than two years, less than six.
    from gatepost.inbox.actions import close

    at = timezone.now()
    complaint, question = desk.message(at=at), desk.message("When are you open on Saturday?", at=at)
    for one in (complaint, question):
        close(one, because="Dealt with", by=desk.staff, at=at)
    go(desk)
    complaint.refresh_from_db()
    question.refresh_from_db()
    assert complaint.erased_at is None
    assert question.erased_at is not None
    assert question.done_because == "Erased, its time was over"


def test_what_people_said_is_a_complaint_counts_as_one(desk: Desk) -> None:
    from gatepost.inbox.actions import close

    at = timezone.now()
    one = desk.message("When are you open on Saturday?", at=at)
    correct_label(one, "complaint", holds=True, by=desk.staff, at=at)
    close(one, because="Dealt with", by=desk.staff, at=at)
    go(desk)
    one.refresh_from_db()
    assert one.erased_at is None


def test_what_is_open_and_what_something_happened_to_stays(desk: Desk) -> None:
    from gatepost.inbox.actions import close, reopen

    at = timezone.now()
    still = desk.message("When are you open on Saturday?", at=at)
    lately = desk.message("When are you open on Sunday?", at=at)
    close(lately, because="Dealt with", by=desk.staff, at=at)
    lately.refresh_from_db()
    reopen(lately, by=desk.officer, at=in_days(900))
    lately.refresh_from_db()
    close(lately, because="Dealt with again", by=desk.officer, at=in_days(900))
    told = next(one for one in preview(at=in_days(1_000)).due if one.keeping.kind == "messages")
    assert (told.count, told.still_open) == (0, 1)
    go(desk)
    assert Message.objects.filter(pk__in=[still.pk, lately.pk], erased_at=None).count() == 2


@pytest.mark.parametrize("scope", ["contact", "message", "kind", "everything"])
def test_a_legal_hold_keeps(desk: Desk, scope: str) -> None:
    from gatepost.inbox.actions import close

    at = timezone.now()
    one = desk.message("When are you open on Saturday?", at=at)
    close(one, because="Dealt with", by=desk.staff, at=at)
    given = {
        "contact": {"contact": one.contact},
        "message": {"message": one},
        "kind": {"kind": "messages"},
        "everything": {"kind": "everything"},
    }[scope]
    hold = holds.make(reason="An inquiry", by=desk.officer, at=timezone.now(), **given)  # type: ignore[arg-type]  # one of them
    assert next(due for due in preview(at=in_days(1_000)).due if due.keeping.kind == "messages").on_hold == 1
    assert go(desk) == 0
    # What is recorded of the hold is no reason to keep the message once it has ended.
    holds.end(hold, because="It is over", by=desk.officer, at=timezone.now())
    assert carry_out(by=BY, at=in_days(1_000)) == 1


def test_who_may_hold_and_what(told: Told) -> None:
    at = timezone.now()
    with pytest.raises(NotAllowed):
        holds.make(kind="everything", reason="x", by=told.desk.staff, at=at)
    with pytest.raises(PersonalError, match="Say why"):
        holds.make(kind="everything", reason=" ", by=told.desk.officer, at=at)
    with pytest.raises(PersonalError, match="Say what is held"):
        holds.make(reason="x", by=told.desk.officer, at=at)
    with pytest.raises(PersonalError, match="no kind of record"):
        holds.make(kind="gossip", reason="x", by=told.desk.officer, at=at)
    hold = holds.make(kind="complaint", reason="A claim", by=told.desk.officer, at=at)
    assert [one.pk for one in holds.in_force()] == [hold.pk]
    holds.end(hold, because="Settled", by=told.desk.officer, at=at)
    with pytest.raises(PersonalError, match="ended already"):
        holds.end(hold, because="Settled", by=told.desk.officer, at=at)


def test_stopped_nothing_goes(told: Told) -> None:
    at = in_days(3_000)
    with pytest.raises(PersonalError, match="nobody has agreed"):
        stop(by=told.desk.officer, at=at)
    agree(digest=preview(at=at).schedule.digest, by=told.desk.officer, at=at)
    stop(by=told.desk.officer, at=at)
    assert carry_out(by=BY, at=at + timedelta(days=1)) == 0
