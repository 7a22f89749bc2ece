"""Words of a further part of a post: changed, taken down alone, looked at again; what only a person can take down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate import actions, alarms, correcting, published, rechecking, sending, settling
from gatepost.gate.actions import GateError
from gatepost.gate.content import Part
from gatepost.gate.models import Act, Published, PublishedPart, Sighting
from gatepost.jobs import Job
from gatepost.ledger.models import Line
from gatepost.networks.protocol import NotThere, ReadFailed, Receipt, Refused, Shown
from gatepost.people import actions as people
from gatepost.people.authority import NotAllowed

from .scene import AT, SYSTEM, Desk

HEAD = "The office is open on Saturday."
PARTS = (Part("The lift is mended on Monday."), Part("Call us with questions."))
SOON = AT + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def connector(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The network edits, and shows what a test says of each ref."""
    shows: dict[str, object] = {}

    def edit(wire: Any, call: Any) -> Any:
        wire.sent.append(call)
        return wire._answer(f"edit {call.target}")

    def shown(wire: Any, ref: str) -> Any:
        answer = shows[ref]
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(rechecking, "connect", lambda account: desk.wire)
    monkeypatch.setattr(type(desk.wire), "edit", edit, raising=False)
    monkeypatch.setattr(type(desk.wire), "shown", shown, raising=False)
    return shows


def leave(at: datetime, times: int = 1) -> None:
    for number in range(times):
        moment = at + timedelta(seconds=number)
        claims = sending.claim(worker="w", at=moment, lease=timedelta(days=3650))
        settling.settle([(one, sending.send(one)) for one in claims], at=moment)


def out(desk: Desk, **more: Any) -> Act:
    """A post with two comments of ours under it: r1, r2, r3."""
    act = actions.submit(desk.content(HEAD, parts=PARTS, **more), subject="variant:1", by=desk.staff, at=AT)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    leave(SOON, 3)
    act.refresh_from_db()
    return act


def sign(desk: Desk, act: Act) -> None:
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    leave(SOON + timedelta(seconds=5))


def part(number: int) -> PublishedPart:
    return PublishedPart.objects.get(number=number)


class TestEditing:
    def test_words_of_a_part_are_signed_off_and_take_the_place_of_the_old(self, desk: Desk) -> None:
        act = out(desk)
        text = "The lift is mended on Tuesday."
        made = correcting.edit(act, text=text, reason="Wrong day", by=desk.staff, at=AT, part=1)
        assert (made.state, made.content["target"], made.content["text"]) == ("to_sign_off", "r2", text)
        assert correcting.words_out(made) == PARTS[0].text
        desk.wire.answers = [Receipt("r9")]
        sign(desk, made)
        assert desk.wire.verbs[-1] == "edit r2"
        assert (part(1).ref, part(1).status, part(1).says) == ("r9", "online", "Edited: Wrong day")
        assert (Published.objects.get().ref, part(2).ref) == ("r1", "r3")
        assert published.last_out(act, 1)["text"] == text
        assert published.last_out(act)["text"] == HEAD
        with pytest.raises(GateError, match="out already"):
            correcting.edit(act, text=text, reason="Again", by=desk.staff, at=AT, part=1)

    def test_an_edit_of_the_post_leaves_its_parts_alone(self, desk: Desk) -> None:
        act = out(desk)
        sign(desk, correcting.edit(act, text="Shut on Saturday.", reason="Wrong", by=desk.staff, at=AT))
        assert published.last_out(act)["text"] == "Shut on Saturday."
        assert published.last_out(act, 2)["text"] == PARTS[1].text
        assert published.last_out(act, 7) == {}

    def test_where_the_network_cannot_it_says_what_can_be_done(self, desk: Desk) -> None:
        act = out(desk)
        item = Published.objects.select_related("channel", "act").get()
        item.channel.network = "x"
        assert "Take it down by itself, or all of it." in correcting.why_not_edit(item, at=SOON, part=part(1))
        item.channel.network = "facebook"
        PublishedPart.objects.filter(number=1).update(ref="", permalink="https://example.org/9")
        says = correcting.why_not_edit(item, at=SOON, part=part(1))
        assert says == "Its number on the network is not known. Change it there by hand: https://example.org/9"
        PublishedPart.objects.filter(number=2).update(status="gone")
        for number, says in ((2, "no longer online"), (3, "There is no part 4")):
            with pytest.raises(GateError, match=says):
                correcting.edit(act, text="Other.", reason="Wrong", by=desk.staff, at=AT, part=number)
            with pytest.raises(GateError, match=says):
                correcting.take_down(act, reason="Wrong", by=desk.staff, at=AT, part=number)


class TestTakingDown:
    def test_one_part_alone(self, desk: Desk) -> None:
        act = out(desk)
        made = correcting.take_down(act, reason="Wrong number", by=desk.staff, at=AT, part=2)
        assert correcting.words_out(made) == PARTS[1].text
        sign(desk, made)
        assert desk.wire.verbs[-1] == "remove r3"
        assert (part(2).status, part(2).says) == ("retracted", "Taken down: Wrong number")
        assert (Published.objects.get().status, part(1).status) == ("online", "online")
        sign(desk, correcting.take_down(act, reason="All of it", by=desk.staff, at=AT))
        leave(SOON + timedelta(seconds=20))
        assert {Published.objects.get().status, part(1).status} == {"retracted"}
        assert not published.still_online().exists()

    def test_words_of_what_is_gone_are_not_shown(self, desk: Desk) -> None:
        assert correcting.words_out(Act(subject=f"act:{out(desk).pk}"[:-1] + "0", content={})) in ("", HEAD)


class TestLookingAgain:
    def look(self, at: datetime) -> Published:
        rechecking.recheck(at=at)
        return Published.objects.get()

    def test_what_is_wrong_with_a_part_is_told_until_it_is_right(
        self, desk: Desk, connector: dict[str, object]
    ) -> None:
        act = out(desk)
        connector |= {"r1": Shown(HEAD), "r2": Shown("Buy now."), "r3": Shown(PARTS[1].text)}
        for after in (timedelta(minutes=11), timedelta(days=2)):
            item = self.look(AT + after)
            says = "Facebook shows other words in part 2 than were signed off."
            assert (item.status, item.says, part(1).status) == ("changed", says, "changed")
        seen = Sighting.objects.filter(at=AT + timedelta(days=2)).order_by("part")
        assert [(one.part, one.text) for one in seen] == [(0, HEAD), (1, "Buy now."), (2, PARTS[1].text)]
        assert Line.objects.filter(verb="published.part_changed").count() == 1
        assert Line.objects.filter(verb="published.changed").count() == 1
        connector["r2"] = ReadFailed("Busy", 60.0)
        assert self.look(AT + timedelta(days=8)).status == "changed"
        connector["r2"] = Shown(PARTS[0].text)
        assert self.look(AT + timedelta(days=31)).status == "online"
        connector["r3"] = NotThere()
        item = self.look(AT + timedelta(days=91))
        assert (item.status, part(2).status) == ("changed", "gone")
        assert "Part 3 is no longer on Facebook" in item.says
        assert self.look(AT + timedelta(days=366)).status == "changed"  # and so it stays
        with pytest.raises(GateError, match="no longer online"):
            correcting.take_down(act, reason="x", by=desk.staff, at=AT, part=2)

    def test_an_edited_part_is_known_by_its_new_words(self, desk: Desk, connector: dict[str, object]) -> None:
        act = out(desk)
        sign(desk, correcting.edit(act, text="On Tuesday.", reason="Wrong day", by=desk.staff, at=AT, part=1))
        new = part(1).ref
        connector |= {"r1": Shown(HEAD), new: Shown("On Tuesday."), "r3": Shown(PARTS[1].text)}
        assert self.look(AT + timedelta(hours=1)).status == "online"

    def test_a_part_edited_meanwhile_is_left_alone(self, desk: Desk, connector: dict[str, object]) -> None:
        out(desk)
        item, row = Published.objects.select_related("act", "channel").get(), part(1)
        PublishedPart.objects.filter(pk=row.pk).update(status="retracted")
        assert rechecking._conclude_part(item, row, Shown("Buy now."), at=AT) == ""
        assert part(1).status == "retracted"


def test_what_a_deletion_took_down_before_it_was_cut_is_changed_no_more(desk: Desk) -> None:
    act = out(desk)
    first = correcting.edit(act, text="Shut.", reason="Wrong day", by=desk.staff, at=AT)
    second = correcting.take_down(act, reason="Called off", by=desk.staff, at=AT)
    desk.wire.answers = [Receipt("r1"), Refused("Not yours.", "403")]
    sign(desk, second)
    leave(SOON + timedelta(seconds=6))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (second.state, "1 of 3 parts was sent" in second.says) == ("sent", True)
    assert (first.state, first.says) == ("withdrawn", "It was taken down before this change left.")
    assert Line.objects.get(subject=f"act:{first.pk}", verb="act.withdrawn").detail["deletion"] == str(second.pk)


def test_a_change_of_what_a_cut_deletion_left_stays(desk: Desk) -> None:
    act = out(desk)
    left = correcting.edit(act, text="On Sunday.", reason="Wrong day", by=desk.staff, at=AT, part=2)
    down = correcting.take_down(act, reason="Called off", by=desk.staff, at=AT)
    desk.wire.answers = [Receipt("r1"), Refused("Not yours.", "403")]
    sign(desk, down)
    leave(SOON + timedelta(seconds=6))
    left.refresh_from_db()
    assert left.state == "to_sign_off"


class TestByHand:
    ENDS = datetime.now(UTC) + timedelta(days=2)

    def test_what_no_program_can_take_down_is_told_at_its_end(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
    ) -> None:
        act = out(desk, expires_at=self.ENDS)
        monkeypatch.setattr(correcting, "can_delete", lambda network: False)
        jobs: list[tuple[Job, dict[str, object]]] = []
        monkeypatch.setattr(correcting.jobs, "enqueue", lambda job, **args: jobs.append((job, args)))
        assert [correcting.expire(by=SYSTEM, at=self.ENDS) for _ in range(2)] == [0, 0]
        assert jobs == [(Job.OVERDUE, {"act": str(act.pk)})]  # once
        [item] = published.overdue()
        assert item.says == (
            "Its time on the network, signed off with it, has ended. Facebook cannot take it down by program. "
            "Do it there by hand: https://example.org/p"
        )
        alarms.overdue(item, at=timezone.now())
        assert sorted(mail.outbox[0].bcc) == ["olive@example.org", "sam@example.org"]
        assert "/archive/online/" in mail.outbox[0].body
        correcting.note_taken_down(act, by=desk.staff, at=self.ENDS)
        item = published.overdue().get()
        left = "Taken down on Facebook by hand, says Sam Whitlock. Of its further parts 2 are still there."
        assert (item.status, item.says) == ("retracted", left)
        assert Line.objects.filter(verb="published.taken_down_by_hand").count() == 1
        for number in (1, 2):
            correcting.note_taken_down(act, by=desk.staff, at=self.ENDS, part=number)
        assert not published.overdue().exists()
        alarms.overdue(item, at=timezone.now())
        assert len(mail.outbox) == 1
        with pytest.raises(GateError, match="not online"):
            correcting.note_taken_down(act, by=desk.staff, at=self.ENDS)

    def test_a_post_that_a_person_found_has_no_number_to_go_by(self, desk: Desk) -> None:
        out(desk, expires_at=self.ENDS)
        Published.objects.update(ref="")
        correcting.expire(by=SYSTEM, at=self.ENDS)
        assert "Its number on the network is not known." in published.overdue().get().says

    def test_an_end_that_came_for_a_part_alone_is_told(self, desk: Desk) -> None:
        out(desk, expires_at=self.ENDS)
        assert correcting.expire(by=SYSTEM, at=self.ENDS) == 1
        desk.wire.answers = [Receipt("r1"), Refused("Not yours.", "403")]
        leave(self.ENDS + timedelta(seconds=1), 2)
        [item] = published.overdue()
        assert (item.status, "1 of 3 parts was sent" in item.says) == ("retracted", True)
        alarms.overdue(item, at=timezone.now())
        assert len(mail.outbox) == 1
        item.parts.update(status="retracted")
        assert not published.overdue().exists()

    def test_a_part_that_no_program_can_take_down_is_told_at_the_end(self, desk: Desk) -> None:
        out(desk, expires_at=self.ENDS)
        PublishedPart.objects.filter(number=2).update(ref="", permalink="https://example.org/found")
        assert correcting.expire(by=SYSTEM, at=self.ENDS) == 1
        assert "https://example.org/found Do it there by hand." in published.overdue().get().says
        leave(self.ENDS + timedelta(seconds=1), 2)
        assert published.overdue().exists()

    def test_only_what_the_desk_cannot_do_is_noted_and_only_by_those_concerned(self, desk: Desk) -> None:
        act = out(desk)
        with pytest.raises(GateError, match="can take this down itself"):
            correcting.note_taken_down(act, by=desk.staff, at=AT)
        PublishedPart.objects.filter(number=2).update(ref="")
        with pytest.raises(GateError, match="by hand"):
            correcting.take_down(act, reason="Wrong", by=desk.staff, at=AT, part=2)
        other = people.add_person(name="Pat Lowe", email="pat@example.org", by=SYSTEM, at=AT)
        with pytest.raises(NotAllowed):
            correcting.note_taken_down(act, by=other, at=AT, part=2)
        correcting.note_taken_down(act, by=desk.officer, at=AT, part=2)
        assert (part(2).status, Published.objects.get().status) == ("retracted", "online")

    def test_an_act_that_is_not_out(self, desk: Desk) -> None:
        act = actions.submit(desk.content(HEAD), subject="variant:1", by=desk.staff, at=AT)
        with pytest.raises(GateError, match="not online"):
            correcting.note_taken_down(act, by=desk.staff, at=AT)


def test_which_answers_can_be_edited_is_the_networks_figure(desk: Desk) -> None:
    out(desk)
    item = Published.objects.select_related("channel", "act").get()
    item.act.kind = "reply"
    assert correcting.why_not_edit(item, at=SOON) == ""
    item.channel = Channel(network="x")
    assert correcting.why_not_edit(item, at=SOON) == ("X does not let answers be edited. Take it down and answer anew.")
    assert published.part_of(Act(context={"part": "1"})) == 0
