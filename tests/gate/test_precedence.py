"""An edit and a deletion of the same thing: the deletion goes first, and takes down what those saw who signed it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gatepost.gate import actions, correcting, outside, sending, settling
from gatepost.gate.actions import GateError
from gatepost.gate.approval import offered
from gatepost.gate.content import Part
from gatepost.gate.models import Act, Attempt, Published, SignOff
from gatepost.ledger.models import Line
from gatepost.networks.protocol import Outgoing, Receipt, Unknown

from .scene import AT, SYSTEM, Desk
from .test_published import connector, leave, out, sign

__all__ = ["connector"]

ENDS = datetime.now(UTC) + timedelta(days=2)  # what is about to leave is looked at by the clock


def change(desk: Desk, act: Act, text: str = "Shut on Saturday.", part: int = 0) -> Act:
    return correcting.edit(act, text=text, reason="Wrong day", by=desk.staff, at=AT, part=part)


def down(desk: Desk, act: Act, part: int = 0) -> Act:
    return correcting.take_down(act, reason="Called off", by=desk.staff, at=AT, part=part)


def release(desk: Desk, act: Act) -> None:
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)


def state(act: Act) -> str:
    return Act.objects.get(pk=act.pk).state


def test_what_waits_to_be_taken_down_is_not_changed(desk: Desk) -> None:
    act = out(desk)
    edit = change(desk, act)
    deletion = down(desk, act)
    with pytest.raises(GateError, match="waits to be taken down"):
        release(desk, edit)
    refused = offered(desk.officer, edit, at=AT).no
    assert refused is not None
    assert "waits to be taken down" in refused.says
    with pytest.raises(GateError, match="waits to be taken down"):
        outside.invite(edit, name="Lee", email="lee@example.org", digest=edit.digest, by=desk.officer, at=AT)
    with pytest.raises(GateError, match="waits to be taken down"):
        actions.amend(edit, desk.content("Shut.", kind="edit", target="r1"), by=desk.staff, at=AT)
    with pytest.raises(GateError, match="taken down already"):
        change(desk, act)
    actions.decline(deletion, reason="It stays.", by=desk.officer, at=AT)
    sign(desk, edit)
    assert (state(edit), Published.objects.get().ref) == ("sent", "r2")
    with pytest.raises(GateError, match="has changed since"):  # the deletion was asked for of what was out then
        actions.amend(deletion, desk.content("", kind="delete", target="r1"), by=desk.staff, at=AT)


def test_a_change_signed_before_does_not_leave(desk: Desk) -> None:
    act = out(desk)
    edit = change(desk, act)
    release(desk, edit)
    deletion = down(desk, act)
    leave()
    edit.refresh_from_db()
    assert (edit.state, SignOff.objects.get(act=edit).voided_at) == ("to_sign_off", AT + timedelta(seconds=1))
    assert "waits to be taken down" in edit.says
    sign(desk, deletion)
    assert desk.wire.verbs == ["publish", "remove r1"]
    edit.refresh_from_db()
    assert (edit.state, edit.says) == ("withdrawn", "It was taken down before this change left.")
    line = Line.objects.get(subject=f"act:{edit.pk}", verb="act.withdrawn")
    assert line.detail["deletion"] == str(deletion.pk)


def test_nothing_is_taken_down_while_a_change_is_on_its_way(desk: Desk) -> None:
    act = out(desk)
    deletion = down(desk, act)
    actions.decline(deletion, reason="Wait.", by=desk.officer, at=AT)
    desk.wire.answers = [Unknown("Lost.")]
    edit = change(desk, act)
    sign(desk, edit)
    assert state(edit) == "unconfirmed"
    with pytest.raises(GateError, match="on its way"):
        down(desk, act)
    with pytest.raises(GateError, match="on its way"):
        actions.amend(deletion, desk.content("", kind="delete", target="r1"), by=desk.staff, at=AT)
    edit.refresh_from_db()
    settling.sent(edit, Receipt("r9"), at=AT)
    assert down(desk, act).content["target"] == "r9"


def test_a_deletion_that_a_person_saw_happen_withdraws_the_change_too(desk: Desk) -> None:
    act = out(desk)
    edit, deletion = change(desk, act), down(desk, act)
    Act.objects.filter(pk=deletion.pk).update(state="unconfirmed")
    there = "https://facebook.example/r1"
    actions.confirm(Act.objects.get(pk=deletion.pk), there=True, by=desk.officer, at=AT, permalink=there)
    assert state(edit) == "withdrawn"


def test_a_late_change_does_not_go_after_all(desk: Desk) -> None:
    act = out(desk)
    edit = change(desk, act)
    release(desk, edit)
    Act.objects.filter(pk=edit.pk).update(state="missed")
    down(desk, act)
    with pytest.raises(GateError, match="waits to be taken down"):
        actions.send_late(Act.objects.get(pk=edit.pk), by=desk.officer, at=AT)


def test_the_end_that_was_signed_goes_before_a_change(desk: Desk) -> None:
    act = out(desk, expires_at=ENDS)
    edit = change(desk, act)
    release(desk, edit)
    assert correcting.expire(by=SYSTEM, at=ENDS) == 1
    leave(ENDS + timedelta(seconds=1))
    assert desk.wire.verbs == ["publish", "remove r1"]
    assert state(edit) == "withdrawn"


def test_when_a_part_is_down_only_its_own_change_is_withdrawn(desk: Desk) -> None:
    act = out(desk, parts=(Part("The rest."),))
    Act.objects.filter(pk=act.pk).update(parts_out=2, state="sent")
    item = Published.objects.get()
    item.parts.create(number=1, ref="p1", since=AT)
    edit = change(desk, act, part=1)
    deletion = down(desk, act, part=1)
    sign(desk, deletion)
    assert (state(deletion), state(edit)) == ("sent", "withdrawn")
    other = change(desk, act)
    assert other.content["target"] == item.ref
    edit = Act.objects.get(pk=edit.pk)
    Act.objects.filter(pk=edit.pk).update(state="declined")
    with pytest.raises(GateError, match="no longer online"):
        actions.amend(edit, desk.content("Again.", kind="edit", target="p1"), by=desk.staff, at=AT)


class TestDatabase:
    """What the actions hold to, the database holds to without them."""

    def claimed(self, monkeypatch: pytest.MonkeyPatch) -> list[sending.Claim]:
        monkeypatch.setattr(sending, "in_the_way", lambda act: "")
        return sending.claim(worker="w", at=AT + timedelta(seconds=1), lease=timedelta(days=3650))

    def test_no_change_of_what_waits_to_be_taken_down(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        act = out(desk)
        edit = change(desk, act)
        release(desk, edit)
        down(desk, act)
        assert self.claimed(monkeypatch) == []
        assert state(edit) == "to_sign_off"

    def test_nothing_is_taken_down_under_a_change(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        act = out(desk)
        edit = change(desk, act)
        deletion = down(desk, act)
        release(desk, deletion)
        Act.objects.filter(pk=edit.pk).update(state="sending")
        assert self.claimed(monkeypatch) == []
        assert state(deletion) == "to_sign_off"

    @pytest.mark.parametrize("kind", ["edit", "delete"])
    def test_not_under_a_number_it_no_longer_has(self, desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
        act = out(desk)
        made = change(desk, act) if kind == "edit" else down(desk, act)
        release(desk, made)
        Published.objects.update(ref="another")
        assert self.claimed(monkeypatch) == []
        assert state(made) == "to_sign_off"

    def test_what_was_never_kept_apart_is_as_it_was(self, desk: Desk) -> None:
        act = out(desk)
        made = down(desk, act)
        release(desk, made)
        Published.objects.all().delete()
        leave()
        assert state(made) == "sent"

    def test_it_says_so(self, desk: Desk) -> None:
        act = out(desk)
        edit = change(desk, act)
        release(desk, edit)
        down(desk, act)
        signed = SignOff.objects.get(act=edit)
        row: dict[str, Any] = {"act": edit, "digest": edit.digest, "sign_off": signed, "worker": "w"}
        with pytest.raises(IntegrityError, match="waits to be taken down"), transaction.atomic():
            Attempt.objects.create(**row, at=AT, lease_until=AT + timedelta(minutes=2))


def test_an_edit_is_sent_with_its_target(desk: Desk) -> None:
    act = out(desk)
    sign(desk, change(desk, act))
    last: Outgoing = desk.wire.sent[-1]
    assert (last.kind, last.target) == ("edit", "r1")
