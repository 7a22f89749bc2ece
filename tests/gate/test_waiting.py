"""Reminders, escalation before the moment passes, and the end of waiting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import OperationalError

from gatepost.gate import actions, by_hand, legible, letters, outside, series, waiting
from gatepost.gate.content import BadContent
from gatepost.gate.models import Act, Reminder, SignOff
from gatepost.gate.waiting import tend
from gatepost.ledger.models import Line
from gatepost.people import actions as people
from gatepost.people import deputies
from gatepost.people.models import Role, User
from gatepost.policy.approval import Waiting, stage

from .scene import AT, SYSTEM, Desk, submitted, with_chains

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("sign_by", "until", "at", "reached"),
    [
        (AT + 5 * HOUR, AT + 6 * HOUR, AT, ""),
        (AT + 5 * HOUR, AT + 6 * HOUR, AT + 3 * HOUR, "reminder"),
        (AT + 5 * HOUR, AT + 6 * HOUR, AT + 4.6 * HOUR, "escalation"),
        (AT + 5 * HOUR, AT + 6 * HOUR, AT + 6.1 * HOUR, "expired"),
        (AT + 5 * HOUR, None, AT + 6.1 * HOUR, "escalation"),
        (None, None, AT + 3 * HOUR, ""),
        (None, None, AT + 4 * HOUR, "reminder"),
        (None, None, AT + DAY, "escalation"),
        (None, None, AT + 15 * DAY, "expired"),
    ],
)
def test_how_far_it_has_waited(sign_by: object, until: object, at: object, reached: str) -> None:
    assert stage(Waiting(), since=AT, sign_by=sign_by, until=until, at=at) == reached  # type: ignore[arg-type]  # moments


def told(kind: str) -> set[str]:
    return {row.person.name for row in Reminder.objects.filter(kind=kind)}


def test_whose_turn_it_is_is_reminded_once(desk: Desk) -> None:
    act = submitted(desk)
    assert tend(by=SYSTEM, at=AT) == 0
    assert tend(by=SYSTEM, at=AT + 4 * HOUR) == 1
    assert tend(by=SYSTEM, at=AT + 5 * HOUR) == 0
    assert told("reminder") == {"Olive Ferris"}
    letters.send_reminder(Reminder.objects.get(), at=AT + 4 * HOUR)
    letters.send_reminder(Reminder.objects.get(), at=AT + 4 * HOUR)
    [letter] = mail.outbox
    assert letter.to == ["olive@example.org"]
    assert f"/sign-off/{act.pk}/" in letter.body
    assert act.content["text"] not in letter.body
    assert Line.objects.filter(verb="act.reminded").count() == 1


def unreadable(desk: Desk, **more: object) -> Act:
    act = submitted(desk, **more)
    Act.objects.filter(pk=act.pk).update(content={**act.content, "of_a_later_release": True}, created_at=AT - HOUR)
    act.refresh_from_db()
    return act


class TestUnreadable:
    def test_it_is_told_once_and_keeps_no_reminder_from_others(self, desk: Desk) -> None:
        odd, act = unreadable(desk), submitted(desk)
        assert tend(by=SYSTEM, at=AT + 4 * HOUR) == 3
        assert Reminder.objects.get(kind="reminder").act == act
        assert told("unreadable") == {"Olive Ferris", "Sam Whitlock"}
        assert tend(by=SYSTEM, at=AT + 5 * HOUR) == 0
        odd.refresh_from_db()
        assert (odd.state, "cannot read all of it" in odd.says) == ("to_sign_off", True)
        assert Line.objects.filter(verb="act.unreadable", subject=f"act:{odd.pk}").count() == 1
        letters.send_reminder(Reminder.objects.filter(kind="unreadable").order_by("pk")[0], at=AT)
        assert "Cannot be read, so it is not sent: Facebook" in mail.outbox[0].subject
        assert odd.content["text"] not in mail.outbox[0].body

    @pytest.mark.parametrize(
        ("more", "over"), [({}, 15 * DAY), ({"not_before": AT + HOUR}, 2 * HOUR)], ids=["without a time", "with one"]
    )
    def test_its_waiting_ends_with_the_reason(self, desk: Desk, more: dict[str, object], over: timedelta) -> None:
        odd = unreadable(desk, **more)
        assert tend(by=SYSTEM, at=AT + over) == 1
        odd.refresh_from_db()
        assert (odd.state, "cannot read all of it" in odd.says) == ("expired", True)

    def test_of_a_post_that_is_partly_out_the_rest_ends(self, desk: Desk) -> None:
        odd = unreadable(desk)
        Act.objects.filter(pk=odd.pk).update(parts_out=1, content={**odd.content, "parts": [{"song": 1}]})
        assert tend(by=SYSTEM, at=AT + 15 * DAY) == 1
        odd.refresh_from_db()
        assert (odd.state, "1 of 2 parts was sent" in odd.says) == ("sent", True)

    def test_it_can_be_changed_or_withdrawn_and_not_signed(self, desk: Desk) -> None:
        odd, other = unreadable(desk), unreadable(desk)
        with pytest.raises(BadContent, match="nobody can sign it"):
            actions.sign_off(odd, digest=odd.digest, by=desk.officer, at=AT)
        again = actions.amend(odd, desk.content("Written anew."), by=desk.staff, at=AT)
        actions.sign_off(again, digest=again.digest, by=desk.officer, at=AT)
        actions.withdraw(other, by=desk.staff, at=AT)
        assert sorted(Act.objects.values_list("state", flat=True)) == ["signed_off", "withdrawn"]

    def test_its_words_are_shown_as_far_as_they_are_known(self, desk: Desk) -> None:
        odd = unreadable(desk, not_before=AT + HOUR)
        assert legible.known_of(odd) == desk.content(not_before=AT + HOUR)
        assert "of_a_later_release" in legible.why_not_read(odd)
        odd.content["not_before"] = "soon"
        assert legible.known_of(odd).not_before is None
        assert legible.why_not_read(submitted(desk)) == ""
        assert "nobody can sign it" in series.why_not(odd, at=AT)
        Act.objects.filter(pk=odd.pk).update(state="signed_off")
        odd.refresh_from_db()
        assert "nobody can sign it" in by_hand.why_not_yet(odd, AT)


def test_those_that_stay_keep_no_later_one_from_its_turn(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "AT_ONCE", 2)
    for _ in range(4):
        submitted(desk)
    assert tend(by=SYSTEM, at=AT + 4 * HOUR) == 4
    last = submitted(desk)
    assert tend(by=SYSTEM, at=AT + 5 * HOUR) == 1
    assert Reminder.objects.latest("pk").act == last


def test_what_goes_wrong_with_one_keeps_nobody_from_hearing_of_the_others(desk: Desk) -> None:
    bad, act = submitted(desk), submitted(desk)
    Act.objects.filter(pk=bad.pk).update(steps=[{"nothing": 1}], created_at=AT - HOUR)
    with pytest.raises((KeyError, TypeError)):
        tend(by=SYSTEM, at=AT + 4 * HOUR)
    assert Reminder.objects.get().act == act


def test_a_database_that_is_away_ends_the_round(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    submitted(desk)
    monkeypatch.setattr(waiting, "_tend", raising)
    with pytest.raises(OperationalError):
        tend(by=SYSTEM, at=AT)


def raising(*_: object, **__: object) -> int:
    raise OperationalError("away")


def test_a_reminder_of_what_no_longer_waits_is_not_sent(desk: Desk) -> None:
    act = submitted(desk)
    tend(by=SYSTEM, at=AT + 4 * HOUR)
    actions.amend(act, desk.content("Other words."), by=desk.staff, at=AT)
    letters.send_reminder(Reminder.objects.get(), at=AT + 4 * HOUR)
    assert mail.outbox == []


def test_before_its_time_passes_those_above_are_told(desk: Desk) -> None:
    with_chains('[waiting]\nescalate_to = ["staff_abuse"]')
    lead = people.add_person(name="Ash Vyas", email="ash@example.org", by=SYSTEM, at=AT)
    people.give_role(lead, Role.objects.get(pk="staff_abuse"), by=SYSTEM, at=AT)
    submitted(desk, not_before=AT + HOUR)
    tend(by=SYSTEM, at=AT + HOUR / 2)
    assert told("escalation") == {"Olive Ferris", "Ash Vyas"}
    letters.send_reminder(Reminder.objects.get(person=lead), at=AT + HOUR / 2)
    assert "nobody has signed it" in mail.outbox[0].subject
    assert "must be signed by" in mail.outbox[0].body


def test_whoever_is_away_is_not_reminded_and_the_deputy_is(desk: Desk) -> None:
    dot = people.add_person(name="Dot Marsh", email="dot@example.org", by=SYSTEM, at=AT)
    other = people.add_person(name="Tess Vale", email="tess@example.org", by=SYSTEM, at=AT)
    deputies.appoint(desk.officer, dot, starts=AT, until=AT + DAY, by=desk.officer, at=AT)
    deputies.appoint(desk.officer, other, starts=AT, until=AT + DAY, kinds=["reply"], by=desk.officer, at=AT)
    deputies.go_away(desk.officer, starts=AT, until=AT + DAY, by=desk.officer, at=AT)
    submitted(desk)
    tend(by=SYSTEM, at=AT + 4 * HOUR)
    assert told("reminder") == {"Dot Marsh"}


def test_never_whoever_wrote_it_and_with_nobody_there_the_one_above(desk: Desk) -> None:
    actions.submit(desk.content(), subject="variant:1", by=desk.officer, at=AT)
    assert tend(by=SYSTEM, at=AT + 4 * HOUR) == 0
    deputies.go_away(desk.officer, starts=AT, until=AT + DAY, by=desk.officer, at=AT)
    submitted(desk)
    tend(by=SYSTEM, at=AT + 4 * HOUR)
    assert told("reminder") == {"Olive Ferris"}


def test_who_asked_somebody_outside_is_reminded(desk: Desk) -> None:
    with_chains(
        '[[chain]]\nid = "out"\ntitle = "Out"\nclause = "responsibility.2"\nstep = [{ title = "Out", outside = true }]'
    )
    act = submitted(desk)
    tend(by=SYSTEM, at=AT + 4 * HOUR)
    assert told("reminder") == {"Sam Whitlock"}  # nobody is asked yet: its author can
    Reminder.objects.all().delete()
    outside.invite(act, name="Lee Barr", email="lee@law.example.org", digest=act.digest, by=desk.officer, at=AT + HOUR)
    tend(by=SYSTEM, at=AT + 5 * HOUR)
    assert told("reminder") == {"Olive Ferris"}


def test_what_was_not_signed_in_time_ends_and_says_so(desk: Desk) -> None:
    act = submitted(desk, not_before=AT + HOUR)
    assert tend(by=SYSTEM, at=AT + 2 * HOUR) == 1
    act.refresh_from_db()
    assert (act.state, "not signed off in time" in act.says) == ("expired", True)
    with pytest.raises(Exception, match="changed since"):
        actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT + 2 * HOUR)
    again = actions.amend(act, desk.content(not_before=AT + 5 * HOUR), by=desk.staff, at=AT + 2 * HOUR)
    assert (again.state, again.waits_since) == ("to_sign_off", AT + 2 * HOUR)


def test_one_step_of_two_is_not_enough(desk: Desk) -> None:
    with_chains(
        '[[chain]]\nid = "two"\ntitle = "Two"\nclause = "responsibility.2"\nstep = [{ title = "Two", count = 2 }]'
    )
    act = submitted(desk, not_before=AT + HOUR)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    tend(by=SYSTEM, at=AT + 2 * HOUR)
    assert SignOff.objects.get(act=act).voided_because == "Not everybody signed in time"


def test_what_is_signed_at_that_moment_does_not_expire(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    act = submitted(desk, not_before=AT + HOUR)
    stale: list[Act] = [Act.objects.select_related("channel", "author").get(pk=act.pk)]
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    assert waiting._expire(stale[0], waiting.UNSIGNED, by=SYSTEM, at=AT + 2 * HOUR) == 0


def test_nobody_is_told_twice_for_two_roles(desk: Desk) -> None:
    people.give_role(desk.officer, Role.objects.get(pk="communications"), by=SYSTEM, at=AT)
    submitted(desk)
    assert tend(by=SYSTEM, at=AT + 4 * HOUR) == 1
    assert isinstance(Reminder.objects.get().person, User)
