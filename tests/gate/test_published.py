"""What of ours is out: kept, edited, taken down, expired, and looked at again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gatepost.gate import actions, correcting, published, rechecking, sending, settling
from gatepost.gate.actions import GateError
from gatepost.gate.checking import Stopped
from gatepost.gate.models import Act, Attempt, Published, Sighting, SignOff
from gatepost.ledger.models import Line
from gatepost.networks.protocol import NotThere, Outgoing, ReadFailed, Receipt, Refused, Shown, Unknown
from gatepost.people.models import Holding

from .scene import AT, SYSTEM, Desk, with_chains

CHAIN = """
[[chain]]
id = "down"
title = "Down"
clause = "responsibility.2"
kinds = ["delete"]
step = [{ title = "Down", %s }]
"""
SOON = AT + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def connector(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rechecking, "connect", lambda account: desk.wire)

    def edit(wire: Any, call: Outgoing) -> Any:
        wire.sent.append(call)
        return wire._answer(f"edit {call.target}")

    def shown(wire: Any, ref: str) -> Any:
        answer = wire.shows.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(type(desk.wire), "edit", edit, raising=False)
    monkeypatch.setattr(type(desk.wire), "shown", shown, raising=False)
    desk.wire.shows = []  # type: ignore[attr-defined]  # what a test lays ready


def shows(desk: Desk, *answers: object) -> None:
    desk.wire.shows.extend(answers)  # type: ignore[attr-defined]  # as above


def leave(at: datetime = SOON) -> None:
    claims = sending.claim(worker="w", at=at, lease=timedelta(days=3650))
    settling.settle([(one, sending.send(one)) for one in claims], at=at)


def out(desk: Desk, **more: Any) -> Act:
    act = actions.submit(desk.content(**more), subject="variant:1", by=desk.staff, at=AT)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    leave()
    act.refresh_from_db()
    return act


def sign(desk: Desk, act: Act) -> None:
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    leave()


def test_what_a_network_took_is_online(desk: Desk) -> None:
    act = out(desk)
    [item] = published.still_online()
    assert (item.act, item.ref, item.since, item.status) == (act, "r1", SOON, "online")
    assert item.check_at == SOON + timedelta(minutes=10)
    settling.settle([], at=SOON)


class TestEdit:
    def test_other_words_are_signed_off_and_take_the_place_of_the_old(self, desk: Desk) -> None:
        act = out(desk, link="https://example.org/open")
        made = correcting.edit(act, text="The office is shut on Saturday.", reason="Wrong day", by=desk.staff, at=AT)
        assert (made.kind, made.state, made.content["target"]) == ("edit", "to_sign_off", "r1")
        assert made.content["link"] == "https://example.org/open"
        desk.wire.answers = [Receipt("r9")]
        sign(desk, made)
        item = Published.objects.get()
        assert desk.wire.verbs[-1] == "edit r1"
        assert (item.ref, item.status) == ("r9", "online")
        assert "Wrong day" in item.says

    def test_a_second_edit_starts_from_what_is_out_and_may_go_back(self, desk: Desk) -> None:
        act = out(desk)
        sign(desk, correcting.edit(act, text="Shut.", reason="Wrong", by=desk.staff, at=AT))
        with pytest.raises(GateError, match="already"):
            correcting.edit(act, text="Shut.", reason="Wrong", by=desk.staff, at=AT)
        back = correcting.edit(act, text=act.content["text"], reason="Right after all", by=desk.staff, at=AT)
        assert back.content["text"] == act.content["text"]

    def test_it_goes_through_the_chain_of_its_kind_of_post(self, desk: Desk) -> None:
        act = actions.submit(desk.content(), subject="variant:1", by=desk.staff, at=AT, post_kind="event")
        sign(desk, act)
        act.refresh_from_db()
        made = correcting.edit(act, text="Shut.", reason="Wrong", by=desk.staff, at=AT)
        assert made.post_kind == "event"

    def test_it_is_checked_like_any_text(self, desk: Desk) -> None:
        act = out(desk)
        with pytest.raises(Stopped):
            correcting.edit(act, text="Ring Ada on 07700 900123", reason="More help", by=desk.staff, at=AT)

    @pytest.mark.parametrize(
        ("how", "says"),
        [
            ({"reason": " "}, "Say why"),
            ({"text": "The office is open on Saturday."}, "out already"),
        ],
    )
    def test_what_is_no_edit(self, desk: Desk, how: dict[str, str], says: str) -> None:
        act = out(desk)
        given = {"text": "Shut on Saturday.", "reason": "Wrong day", **how}
        with pytest.raises(GateError, match=says):
            correcting.edit(act, by=desk.staff, at=AT, **given)

    def test_one_change_at_a_time(self, desk: Desk) -> None:
        act = out(desk)
        correcting.edit(act, text="Shut on Saturday.", reason="Wrong day", by=desk.staff, at=AT)
        with pytest.raises(GateError, match="waits already"):
            correcting.edit(act, text="Shut on Sunday.", reason="Wrong day", by=desk.staff, at=AT)

    def test_each_network_has_its_own_rule(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        act = out(desk)
        item = Published.objects.select_related("channel", "act").get()
        assert correcting.why_not_edit(item, at=AT + timedelta(days=900)) == ""
        item.channel.network = "x"
        assert correcting.why_not_edit(item, at=SOON) == ""
        assert "30 minutes" in correcting.why_not_edit(item, at=SOON + timedelta(minutes=31))
        item.act.kind = "reply"
        assert "answers" in correcting.why_not_edit(item, at=SOON)
        item.channel.network = "facebook"
        monkeypatch.setattr(correcting, "can_edit", lambda network: False)
        assert "does not let" in correcting.why_not_edit(item, at=SOON)
        with pytest.raises(GateError, match="does not let"):
            correcting.edit(act, text="Shut.", reason="Wrong day", by=desk.staff, at=AT)
        item.status = "gone"
        assert "no longer" in correcting.why_not_edit(item, at=SOON)

    def test_a_network_that_cannot(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        act = out(desk)
        made = correcting.edit(act, text="Shut on Saturday.", reason="Wrong day", by=desk.staff, at=AT)
        monkeypatch.setattr(sending, "connect", lambda account: object())
        sign(desk, made)
        made.refresh_from_db()
        assert made.state == "refused"


class TestTakingDown:
    def test_signed_off_and_gone(self, desk: Desk) -> None:
        act = out(desk)
        made = correcting.take_down(act, reason="Wrong date", by=desk.staff, at=AT)
        with pytest.raises(GateError, match="already"):
            correcting.take_down(act, reason="Wrong date", by=desk.staff, at=AT)
        sign(desk, made)
        item = Published.objects.get()
        assert (item.status, item.check_at, item.says) == ("retracted", None, "Taken down: Wrong date")
        with pytest.raises(GateError, match="no longer online"):
            correcting.take_down(act, reason="Wrong date", by=desk.staff, at=AT)

    def test_by_hand_where_a_program_cannot(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        act = out(desk)
        monkeypatch.setattr(correcting, "can_delete", lambda network: False)
        with pytest.raises(GateError, match="by hand"):
            correcting.take_down(act, reason="Wrong date", by=desk.staff, at=AT)

    def test_a_deletion_is_not_taken_down(self, desk: Desk) -> None:
        act = out(desk)
        made = correcting.take_down(act, reason="Wrong date", by=desk.staff, at=AT)
        sign(desk, made)
        made.refresh_from_db()
        with pytest.raises(GateError, match="Only what has been sent"):
            correcting.take_down(made, reason="x", by=desk.staff, at=AT)

    def test_what_was_sent_before_it_was_kept_apart(self, desk: Desk) -> None:
        act = out(desk)
        Published.objects.all().delete()
        assert correcting.take_down(act, reason="Wrong date", by=desk.staff, at=AT).kind == "delete"

    @pytest.mark.parametrize("subject", ["variant:1", "act:1"])
    def test_a_subject_that_is_no_act(self, subject: str) -> None:
        assert published.subject_of(Act(subject=subject)) is None


class TestExpiry:
    ENDS = datetime.now(UTC) + timedelta(days=2)  # not over: what is about to leave is looked at by the clock

    def test_it_is_taken_down_under_the_sign_off_it_has(self, desk: Desk) -> None:
        act = out(desk, expires_at=self.ENDS)
        assert "expires_at" in act.content
        assert correcting.expire(by=SYSTEM, at=AT) == 0
        assert correcting.expire(by=SYSTEM, at=self.ENDS) == 1
        assert correcting.expire(by=SYSTEM, at=self.ENDS) == 0
        made = Act.objects.get(kind="delete")
        assert (made.state, made.sign_offs.get().signer) == ("signed_off", desk.officer)
        assert made.sign_offs.get().seen["with"] == str(act.pk)
        leave(self.ENDS + timedelta(seconds=1))
        assert Published.objects.get().status == "retracted"
        assert desk.wire.verbs[-1] == "remove r1"

    def test_it_waits_for_an_edit_that_is_on_its_way(self, desk: Desk) -> None:
        act = out(desk, expires_at=self.ENDS)
        desk.wire.answers = [Unknown("Lost.")]
        changed = correcting.edit(act, text="On Sunday.", reason="Wrong day", by=desk.staff, at=AT)
        actions.sign_off(changed, digest=changed.digest, by=desk.officer, at=AT)
        leave()
        assert correcting.expire(by=SYSTEM, at=self.ENDS) == 0
        changed.refresh_from_db()
        assert changed.state == "unconfirmed"
        settling.sent(changed, Receipt("r9"), at=self.ENDS)
        assert correcting.expire(by=SYSTEM, at=self.ENDS) == 1
        assert Act.objects.get(kind="delete").content["target"] == "r9"

    def test_an_act_without_an_end_keeps_its_digest(self, desk: Desk) -> None:
        assert "expires_at" not in desk.content().as_json()

    def test_a_signer_who_no_longer_may(self, desk: Desk) -> None:
        out(desk, expires_at=self.ENDS)
        Holding.objects.filter(person=desk.officer).update(until=self.ENDS)
        correcting.expire(by=SYSTEM, at=self.ENDS)
        leave(self.ENDS + timedelta(seconds=1))
        assert Act.objects.get(kind="delete").state == "to_sign_off"

    def test_one_that_is_being_taken_down_already(self, desk: Desk) -> None:
        act = out(desk, expires_at=self.ENDS)
        correcting.take_down(act, reason="Called off", by=desk.staff, at=AT)
        assert correcting.expire(by=SYSTEM, at=self.ENDS) == 0
        assert Act.objects.filter(kind="delete").count() == 1

    def test_two_workers_at_once(self, desk: Desk) -> None:
        out(desk, expires_at=self.ENDS)
        item = Published.objects.select_related("act", "channel").get()
        assert correcting._expire(item, by=SYSTEM, at=self.ENDS)
        assert not correcting._expire(item, by=SYSTEM, at=self.ENDS)

    def test_where_its_sign_off_is_not_known_a_person_signs(self, desk: Desk) -> None:
        act = out(desk, expires_at=self.ENDS)
        Attempt.objects.filter(act=act).update(outcome="unknown")
        correcting.expire(by=SYSTEM, at=self.ENDS)
        assert Act.objects.get(kind="delete").state == "to_sign_off"

    @pytest.mark.parametrize("step", ["passkey = true", 'roles = ["staff_abuse"]', "outside = true"])
    def test_steps_its_sign_off_does_not_reach_wait_for_a_person(self, desk: Desk, step: str) -> None:
        with_chains(CHAIN % step)
        out(desk, expires_at=self.ENDS)
        assert correcting.expire(by=SYSTEM, at=self.ENDS) == 1
        made = Act.objects.get(kind="delete")
        assert (made.state, made.sign_offs.count()) == ("to_sign_off", 0)

    def test_where_nothing_can_be_taken_down_its_end_is_kept(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        out(desk, expires_at=self.ENDS)
        monkeypatch.setattr(correcting, "can_delete", lambda network: False)
        assert correcting.expire(by=SYSTEM, at=self.ENDS) == 0
        assert Published.objects.get().expires_at == self.ENDS


def test_one_that_the_database_refuses_stops_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with_chains(
        '[[chain]]\nid = "key"\ntitle = "Key"\nclause = "responsibility.2"\npost_kinds = ["event"]\n'
        'step = [{ title = "Key", passkey = true }]'
    )
    bad = actions.submit(desk.content(), subject="variant:8", by=desk.staff, at=AT, post_kind="event")
    good = actions.submit(desk.content(), subject="variant:9", by=desk.staff, at=AT)
    SignOff.objects.create(act=bad, digest=bad.digest, signer=desk.officer, seen={}, at=AT)
    Act.objects.filter(pk=bad.pk).update(state="signed_off", due_at=AT - timedelta(minutes=1))
    actions.sign_off(good, digest=good.digest, by=desk.officer, at=AT)
    monkeypatch.setattr(sending, "without_force", lambda *a, **k: None)
    assert [one.act.pk for one in sending.claim(worker="w", at=AT)] == [good.pk]
    bad.refresh_from_db()
    assert bad.state == "to_sign_off"


class TestLookingAgain:
    def look(self, desk: Desk, at: datetime, *answers: object) -> Published:
        shows(desk, *answers)
        assert rechecking.recheck(at=at) == len(answers)
        return Published.objects.get()

    def test_as_it_was_sent(self, desk: Desk) -> None:
        out(desk)
        assert rechecking.recheck(at=SOON) == 0
        item = self.look(desk, SOON + timedelta(minutes=10), Shown("The office is open on Saturday."))
        assert (item.status, item.check_at) == ("online", SOON + timedelta(days=1))
        # the network's own quotation marks and dashes are no change
        item = self.look(desk, SOON + timedelta(days=1), Shown(" The office is open on “Saturday” "))
        assert item.status == "online"

    def test_changed_by_somebody_else(self, desk: Desk) -> None:
        out(desk)
        self.look(desk, SOON + timedelta(minutes=10), Shown("The office is open on Saturday."))
        item = self.look(desk, SOON + timedelta(days=1), Shown("Buy now."))
        assert (item.status, item.online) == ("changed", True)
        assert "other words" in item.says
        assert list(published.altered(AT)) == [item]
        item = self.look(desk, SOON + timedelta(days=7), Shown("Buy now."))
        assert item.status == "changed"
        item = self.look(desk, SOON + timedelta(days=30), Shown("The office is open on Saturday."))
        assert item.status == "online"
        assert Line.objects.filter(verb="published.changed").count() == 1
        item = self.look(desk, SOON + timedelta(days=90), Shown("The office is open on Saturday. Buy now."))
        assert item.status == "changed"

    def test_other_words_from_the_first_look_on(self, desk: Desk) -> None:
        out(desk)
        assert self.look(desk, SOON + timedelta(minutes=10), Shown("Buy now.")).status == "changed"

    def test_removed_elsewhere_is_looked_at_once_more(self, desk: Desk) -> None:
        out(desk)
        at = SOON + timedelta(minutes=10)
        item = self.look(desk, at, NotThere())
        assert (item.status, item.check_at, item.online) == ("gone", at + timedelta(hours=1), False)
        assert "Nobody took it down from here" in item.says
        assert self.look(desk, at + timedelta(hours=1), NotThere()).check_at == SOON + timedelta(days=1)
        assert Line.objects.filter(verb="published.gone").count() == 1
        assert self.look(desk, SOON + timedelta(days=1), Shown("The office is open on Saturday.")).status == "online"

    @pytest.mark.parametrize(
        ("fault", "wait"),
        [
            (ReadFailed("Busy", 30.0), timedelta(minutes=10)),
            (ReadFailed("Busy", 3600.0), timedelta(hours=1)),
            (ReadFailed("The token was revoked.", None), timedelta(hours=6)),
            (ValueError("odd"), timedelta(hours=6)),
        ],
    )
    def test_what_cannot_be_asked_is_asked_later(self, desk: Desk, fault: Exception, wait: timedelta) -> None:
        out(desk)
        at = SOON + timedelta(minutes=10)
        item = self.look(desk, at, fault)
        assert (item.status, item.checked_at, item.check_at) == ("online", None, at + wait)

    def test_an_account_that_cannot_be_opened(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        out(desk)
        monkeypatch.setattr(
            rechecking, "connect", lambda account: (_ for _ in ()).throw(rechecking.VaultError("No key"))
        )
        assert rechecking.recheck(at=SOON + timedelta(minutes=10)) == 1

    def test_a_network_that_shows_nothing(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        out(desk)
        monkeypatch.setattr(rechecking, "connect", lambda account: object())
        assert rechecking.recheck(at=SOON + timedelta(minutes=10)) == 1
        assert Published.objects.get().status == "online"

    def test_after_an_edit_the_new_words_count(self, desk: Desk) -> None:
        act = out(desk)
        made = correcting.edit(act, text="Shut on Saturday.", reason="Wrong day", by=desk.staff, at=AT)
        sign(desk, made)
        item = self.look(desk, SOON + timedelta(minutes=10), Shown("Shut on Saturday."))
        assert item.status == "online"

    def test_where_reading_costs_money_it_is_seldom(self) -> None:
        assert published.next_look("x", AT, AT) == AT + timedelta(days=1)
        assert published.next_look("facebook", AT, AT) == AT + timedelta(minutes=10)
        assert published.next_look("x", AT, AT + timedelta(days=400)) is None

    def test_once_more_before_its_end(self, desk: Desk) -> None:
        ends = AT + timedelta(days=3)
        last = ends - timedelta(minutes=10)
        assert published.next_look("x", AT, AT + timedelta(days=1), ends=ends) == last
        assert published.next_look("facebook", AT, last, ends=ends) == AT + timedelta(days=7)
        act = out(desk)
        self.look(desk, SOON + timedelta(minutes=10), Shown("The office is open on Saturday."))
        correcting.take_down(act, reason="Wrong date", by=desk.staff, at=SOON + timedelta(minutes=11))
        self.look(desk, SOON + timedelta(minutes=11), Shown("The office is open on Saturday.", counts={"likes": 9}))
        assert Sighting.objects.latest("at").counts == {"likes": 9}

    def test_what_was_refused_stays_online(self, desk: Desk) -> None:
        act = out(desk)
        made = correcting.take_down(act, reason="Wrong date", by=desk.staff, at=AT)
        desk.wire.answers = [Refused("No.", "1")]
        sign(desk, made)
        assert Published.objects.get().status == "online"
