"""Holds: what they cover and what not, their ends, and the look at each item before anything leaves again."""

from __future__ import annotations

import smtplib
import traceback
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from gatepost.channels import actions as channels
from gatepost.gate import actions, alarms, holds, review, sending, settling, standing
from gatepost.gate.content import Content
from gatepost.gate.holds import But, HoldError
from gatepost.gate.letters import LetterFailed
from gatepost.gate.models import Act, Hold
from gatepost.ledger.actions import System
from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from gatepost.policy.pack import load_files
from gatepost.rulebook.actions import adopt
from tests.factories import shipped

from .scene import AT, SYSTEM, Desk

SOON = AT + timedelta(seconds=1)


def signed(desk: Desk, number: int = 1, *, author: User | None = None, **more: Any) -> Act:
    content = desk.content(**{"text": f"Notice {number}: the office is open on Saturday.", **more})
    context = {"campaign": 7} if number == 7 else {}
    act = actions.submit(content, subject=f"variant:{number}", by=author or desk.staff, at=AT, context=context)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    return act


def hiding(desk: Desk) -> Act:
    standing.sign_all(by=desk.officer, at=AT)
    content = Content(kind="hide", channel=desk.channel.pk, target="9")
    how = {"subject": "message:1", "by": desk.staff, "at": AT, "clauses": ["usage.6"], "reason": "An address"}
    return actions.submit(content, **how)  # type: ignore[arg-type]  # a test's own table of arguments


def hold(desk: Desk, **how: Any) -> Hold:
    return holds.hold(**{"reason": "A death on the estate", "by": desk.officer, "at": AT, **how})


def leaves(desk: Desk, at: Any = SOON) -> set[Any]:
    claims = sending.claim(worker="w", at=at, lease=timedelta(days=3650))
    settling.settle([(one, sending.send(one)) for one in claims], at=at)
    return {one.act.pk for one in claims}


class TestReach:
    def test_a_campaign(self, desk: Desk) -> None:
        other, mine = signed(desk, 1), signed(desk, 7)
        hold(desk, campaign=7)
        assert leaves(desk) == {other.pk}
        assert holds.is_held(Act.objects.get(pk=mine.pk), at=AT)

    def test_some_kinds(self, desk: Desk) -> None:
        post, reply = signed(desk), signed(desk, 2, kind="reply", in_reply_to="5")
        hold(desk, kinds=["reply"])
        assert leaves(desk) == {post.pk}
        assert holds.is_held(reply, at=AT)

    def test_people_and_acts_that_are_named_go_on(self, desk: Desk) -> None:
        held, spared = signed(desk, 1), signed(desk, 2)
        hold(desk, but=But(acts=[spared.pk]))
        assert leaves(desk) == {spared.pk}
        assert holds.is_held(held, at=AT)
        hold(desk, but=But(people=[desk.staff.pk]))
        assert leaves(desk) == set()  # the first hold still covers it
        holds.end_hold(Hold.objects.earliest("pk"), by=desk.officer, at=AT)
        due = review.keep(held, by=desk.officer, at=AT)
        assert leaves(desk, due) == {held.pk}

    def test_a_statement_prepared_for_it_goes_on_unchanged(self, desk: Desk) -> None:
        text = standing.in_force(AT).wordings["complaint_phone"].text
        standing.sign_wording("complaint_phone", by=desk.officer, at=AT)
        content = desk.content(text, kind="reply", in_reply_to="9")
        act = actions.submit(content, subject="message:1", by=desk.staff, at=AT, wording="complaint_phone")
        hold(desk, but=But(statements=["complaint_phone"]))
        assert leaves(desk) == {act.pk}

    def test_other_words_under_the_name_of_the_statement_do_not_go_on(self, desk: Desk) -> None:
        content = desk.content("Something of my own.", kind="reply", in_reply_to="9")
        act = actions.submit(content, subject="message:1", by=desk.staff, at=AT, wording="complaint_phone")
        actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
        hold(desk, but=But(statements=["complaint_phone"]))
        assert leaves(desk) == set()
        assert holds.is_held(act, at=AT)

    def test_the_statements_are_those_of_the_policy_in_force_at_the_moment_that_is_asked(self, desk: Desk) -> None:
        text = standing.in_force(AT).wordings["complaint_phone"].text
        content = desk.content(text, kind="reply", in_reply_to="9")
        act = actions.submit(content, subject="message:1", by=desk.staff, at=AT, wording="complaint_phone")
        hold(desk, but=But(statements=["complaint_phone"]))
        later = AT + timedelta(days=1)
        files = shipped().files
        adopt(
            load_files({**files, "wordings.toml": files["wordings.toml"].replace(text, "Other.")}), by=SYSTEM, at=later
        )
        assert not holds.is_held(act, at=AT)
        assert holds.is_held(act, at=later)

    def test_a_link_beside_the_words_of_the_statement_does_not_go_on(self, desk: Desk) -> None:
        text = standing.in_force(AT).wordings["complaint_phone"].text
        content = desk.content(text, kind="reply", in_reply_to="9", link="https://example.org/else")
        act = actions.submit(content, subject="message:1", by=desk.staff, at=AT, wording="complaint_phone")
        actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
        hold(desk, but=But(statements=["complaint_phone"]))
        assert leaves(desk) == set()

    def test_taking_down_goes_on_unless_that_is_stopped_too(self, desk: Desk) -> None:
        down = hiding(desk)
        first = hold(desk)
        assert not holds.is_held(down, at=AT)
        holds.end_hold(first, by=desk.officer, at=AT)
        hold(desk, moderation_may_go=False)
        assert holds.is_held(down, at=AT)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"reason": " "}, "Say why"),
        ({"kinds": ["shout"]}, "no kind of act"),
        ({"ends_at": AT}, "future"),
        ({"ends_itself": True}, "Say when"),
        ({"but": But(people=[9999])}, "not on the desk"),
        ({"campaign": 3, "channel": True}, "Name one"),
    ],
)
def test_what_cannot_be_a_hold(desk: Desk, how: dict[str, Any], says: str) -> None:
    if how.get("channel"):
        how = {**how, "channel": desk.channel}
    with pytest.raises(HoldError, match=says):
        hold(desk, **how)
    assert not Hold.objects.exists()


class TestItsEnd:
    def test_people_are_reminded_once_and_it_goes_on(self, desk: Desk) -> None:
        signed(desk)
        held = hold(desk, ends_at=AT + timedelta(hours=1))
        later = AT + timedelta(hours=2)
        assert holds.watch_ends(by=System("holds"), at=AT) == 0
        assert holds.watch_ends(by=System("holds"), at=later) == 1
        assert holds.watch_ends(by=System("holds"), at=later) == 0
        held.refresh_from_db()
        assert (held.ended_at, held.reminded_at) == (None, later)
        assert Line.objects.filter(verb="hold.overdue").count() == 1
        alarms.hold_end(held, at=later)
        assert "was to end" in mail.outbox[-1].subject
        assert mail.outbox[-1].bcc == [desk.officer.email]

    def test_an_e_mail_that_is_refused_leaves_no_address_in_the_log(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object) -> None:
            raise smtplib.SMTPRecipientsRefused({desk.officer.email: (550, b"no such user")})

        monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
        with pytest.raises(LetterFailed) as failed:
            alarms.hold_end(hold(desk), at=AT)
        assert desk.officer.email not in "".join(traceback.format_exception(failed.value))

    def test_it_ends_by_itself_only_when_asked_and_even_so_nothing_leaves(self, desk: Desk) -> None:
        act = signed(desk)
        held = hold(desk, ends_at=AT + timedelta(hours=1), ends_itself=True)
        later = AT + timedelta(hours=2)
        assert holds.watch_ends(by=System("holds"), at=later) == 1
        held.refresh_from_db()
        assert (held.ended_at, held.ended_by) == (later, None)
        assert leaves(desk, later) == set()
        assert [one.pk for one in review.waiting()] == [act.pk]
        alarms.hold_end(held, at=later)
        assert "has ended" in mail.outbox[-1].subject

    def test_another_end(self, desk: Desk) -> None:
        held = hold(desk, ends_at=AT + timedelta(hours=1))
        holds.extend(held, by=desk.officer, at=AT, ends_at=AT + timedelta(hours=9), ends_itself=True)
        held.refresh_from_db()
        assert held.ends_itself
        holds.extend(held, by=desk.officer, at=AT, ends_at=None)
        for how, says in (({"ends_at": AT}, "future"), ({"ends_at": None, "ends_itself": True}, "Say when")):
            with pytest.raises(HoldError, match=says):
                holds.extend(held, by=desk.officer, at=AT, **how)  # type: ignore[arg-type]  # as above
        holds.end_hold(held, by=desk.officer, at=AT)
        assert holds.end_hold(held, by=desk.officer, at=AT) == 0
        with pytest.raises(HoldError, match="ended already"):
            holds.extend(held, by=desk.officer, at=AT, ends_at=None)

    def test_a_hold_on_one_act_was_that_acts_own_look(self, desk: Desk) -> None:
        act = signed(desk)
        held = hold(desk, act=act)
        assert holds.end_hold(held, by=desk.officer, at=AT) == 0
        assert leaves(desk) == {act.pk}

    def test_nobody_to_tell(self, desk: Desk) -> None:
        held = hold(desk)
        User.objects.update(is_active=False)
        alarms.hold_end(held, at=AT)
        assert mail.outbox == []


class TestReview:
    def kept_back(self, desk: Desk, count: int, **more: Any) -> list[Act]:
        acts = [signed(desk, number, **more) for number in range(1, count + 1)]
        assert holds.end_hold(hold(desk), by=desk.officer, at=AT) == count
        return acts

    def test_nothing_leaves_before_somebody_has_looked(self, desk: Desk) -> None:
        acts = self.kept_back(desk, 2)
        assert leaves(desk) == set()
        assert {one.pk for one in holds.held_acts(at=AT)} == {act.pk for act in acts}
        assert Line.objects.filter(verb="act.kept_back").count() == 2

    def test_what_is_kept_leaves_with_room_between(self, desk: Desk) -> None:
        acts = self.kept_back(desk, 3)
        times = [review.keep(act, by=desk.officer, at=AT) for act in acts]
        assert times == [AT, AT + timedelta(minutes=5), AT + timedelta(minutes=10)]
        assert leaves(desk) == {acts[0].pk}
        assert leaves(desk, AT + timedelta(minutes=6)) == {acts[1].pk}

    def test_room_is_kept_to_what_has_just_left_and_what_leaves_soon(self, desk: Desk) -> None:
        before = signed(desk, 90)
        leaves(desk)
        assert before.pk
        signed(desk, 91, not_before=AT + timedelta(minutes=12))
        act = signed(desk)
        holds.end_hold(hold(desk), by=desk.officer, at=AT)
        due = review.keep(act, by=desk.officer, at=SOON)
        assert due == SOON + timedelta(minutes=5)
        [later] = [one for one in review.waiting() if one.due_at and one.due_at > SOON]
        assert review.keep(later, by=desk.officer, at=SOON) == AT + timedelta(minutes=12)

    def test_what_nobody_sees_arrive_needs_no_room(self, desk: Desk) -> None:
        signed(desk)
        down = hiding(desk)
        holds.end_hold(hold(desk, moderation_may_go=False), by=desk.officer, at=AT)
        assert review.keep(down, by=desk.officer, at=SOON) == SOON

    def test_what_is_late_by_then_is_no_longer_late(self, desk: Desk) -> None:
        [act] = self.kept_back(desk, 1)
        much_later = AT + timedelta(days=2)
        review.keep(act, by=desk.officer, at=much_later)
        assert leaves(desk, much_later + timedelta(seconds=1)) == {act.pk}

    def test_moved_is_signed_again(self, desk: Desk) -> None:
        [act] = self.kept_back(desk, 1)
        with pytest.raises(HoldError, match="still to come"):
            review.move(act, to=AT, by=desk.officer, at=AT)
        moved = review.move(act, to=AT + timedelta(days=1), by=desk.officer, at=AT)
        moved.refresh_from_db()
        assert (moved.state, moved.review_id) == ("to_sign_off", None)
        assert moved.content["not_before"] == "2026-11-25T10:00:00+00:00"

    def test_sent_back_to_its_author(self, desk: Desk) -> None:
        [act] = self.kept_back(desk, 1)
        with pytest.raises(HoldError, match="Say what"):
            review.send_back(act, reason=" ", by=desk.officer, at=AT)
        review.send_back(act, reason="Too cheerful today", by=desk.officer, at=AT)
        act.refresh_from_db()
        assert (act.state, act.review_id) == ("declined", None)
        assert "Too cheerful today" in act.says
        assert act.sign_offs.get().voided_at is not None

    def test_taken_back(self, desk: Desk) -> None:
        [act] = self.kept_back(desk, 1)
        review.take_back(act, by=desk.officer, at=AT)
        act.refresh_from_db()
        assert act.state == "withdrawn"
        with pytest.raises(HoldError, match="not waiting"):
            review.keep(act, by=desk.officer, at=AT)

    def test_changed_and_signed_again_it_was_looked_at(self, desk: Desk) -> None:
        [act] = self.kept_back(desk, 1)
        act = actions.amend(act, desk.content("The office is shut on Saturday."), by=desk.staff, at=AT)
        actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
        assert leaves(desk) == {act.pk}

    def test_only_whoever_signs_off_decides(self, desk: Desk) -> None:
        [act] = self.kept_back(desk, 1)
        for decide in (
            lambda: review.keep(act, by=desk.staff, at=AT),
            lambda: review.send_back(act, reason="x", by=desk.staff, at=AT),
            lambda: review.take_back(act, by=desk.staff, at=AT),
        ):
            with pytest.raises(NotAllowed):
                decide()


def test_the_automations_of_the_desk_are_held_like_people(desk: Desk) -> None:
    """Whatever submits, through whatever door, makes an act: a hold knows no other way."""
    channels.approve_staff(desk.officer, desk.channel, by=desk.officer, at=AT)
    act = hiding(desk)
    hold(desk, moderation_may_go=False)
    assert leaves(desk) == set()
    assert holds.is_held(act, at=AT)
    assert timezone.is_aware(AT)
    assert SYSTEM.actor == "system:test"
