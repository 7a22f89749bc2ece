"""Somebody without an account: the link, the code, exactly one digest, and every way in which it does not work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.db.utils import DatabaseError

from gatepost.gate import actions, letters, outside, sending
from gatepost.gate.ground import GateError
from gatepost.gate.models import Act, Attempt, Invitation, SignOff
from gatepost.gate.outside import OutsideError
from gatepost.ledger.models import Line
from gatepost.lifecycle import Conflict
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User

from .scene import AT, Desk, submitted, with_chains

CHAIN = """
[[chain]]
id = "legal"
title = "Events go past the solicitor"
clause = "responsibility.2"
post_kinds = ["event"]
step = [{ title = "The solicitor", outside = true }, { title = "Communications" }]
"""
MINUTE = timedelta(minutes=1)


def asked(desk: Desk, act: Act, by: User | None = None, **more: Any) -> Invitation:
    act.refresh_from_db()
    values = {"name": "Lee Barr", "email": "lee@law.example.org", "digest": act.digest, "at": AT, **more}
    return outside.invite(act, by=by or desk.officer, **values)


def confirmed(invitation: Invitation) -> Invitation:
    outside.send_code(invitation, at=AT)
    invitation.refresh_from_db()
    outside.confirm(invitation, outside.code_of(invitation), at=AT)
    invitation.refresh_from_db()
    return invitation


def test_asking_somebody_adds_a_step_that_must_be_signed(desk: Desk) -> None:
    act = submitted(desk)
    made = asked(desk, act)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    act.refresh_from_db()
    assert act.state == "to_sign_off"
    signed = outside.sign(confirmed(made), digest=act.digest, at=AT, seen={"words": []})
    act.refresh_from_db()
    assert (act.state, signed.name, signed.signer, str(signed.outside)) == (
        "signed_off",
        "Lee Barr",
        None,
        f"invitation {made.pk}",
    )
    assert len(sending.claim(worker="w", at=AT)) == 1
    lines = Line.objects.filter(actor=f"outside:{made.pk}").order_by("id")
    assert list(lines.values_list("verb", flat=True)) == ["outside.code_sent", "outside.confirmed", "act.signed_off"]


def test_a_step_of_the_policy_for_somebody_outside(desk: Desk) -> None:
    with_chains(CHAIN)
    act = actions.submit(desk.content(), subject="variant:1", by=desk.staff, at=AT, post_kind="event")
    with pytest.raises(NotAllowed, match="somebody outside"):
        actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    with pytest.raises(NotAllowed, match="You wrote this"):
        asked(desk, act, by=desk.staff)
    made = asked(desk, act)
    assert made.step == 0
    outside.sign(confirmed(made), digest=act.digest, at=AT)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    act.refresh_from_db()
    assert act.state == "signed_off"


def test_the_link_is_for_this_row_alone(desk: Desk) -> None:
    made = asked(desk, submitted(desk))
    secret = outside.secret_of(made)
    assert outside.found(secret) == made
    for wrong in (
        secret[:-1],
        f"{secret[:-1]}é",
        f"{made.pk + 1}-{secret.partition('-')[2]}",
        "x",
        "1" * 30 + "-a",
        f"{made.pk + 9}-a",
    ):
        assert outside.found(wrong) is None


def test_without_the_code_nothing_is_signed(desk: Desk) -> None:
    act = submitted(desk)
    made = asked(desk, act)
    with pytest.raises(OutsideError, match="Confirm your address"):
        outside.sign(made, digest=act.digest, at=AT)
    with pytest.raises(OutsideError, match="Confirm your address"):
        outside.decline(made, reason="No", at=AT)
    with pytest.raises(OutsideError, match="no longer works"):
        outside.confirm(made, "000000", at=AT)


def test_five_tries_a_code_one_code_a_minute_six_codes_in_all(desk: Desk) -> None:
    made = asked(desk, submitted(desk))
    outside.send_code(made, at=AT)
    with pytest.raises(OutsideError, match="less than a minute ago"):
        outside.send_code(made, at=AT + MINUTE / 2)
    made.refresh_from_db()
    code = outside.code_of(made)
    wrong = "111111" if code != "111111" else "222222"
    for typed in (wrong, wrong, wrong, "sixé", "１２３４５６"):
        with pytest.raises(OutsideError, match="not the code"):
            outside.confirm(made, typed, at=AT)
    with pytest.raises(OutsideError, match="no longer works"):
        outside.confirm(made, code, at=AT)
    for number in range(1, 6):
        outside.send_code(made, at=AT + MINUTE * number * 2)
    with pytest.raises(OutsideError, match="Too many codes"):
        outside.send_code(made, at=AT + MINUTE * 20)


def test_a_code_lives_a_quarter_of_an_hour_and_its_successor_ends_it(desk: Desk) -> None:
    made = asked(desk, submitted(desk))
    outside.send_code(made, at=AT)
    made.refresh_from_db()
    first = outside.code_of(made)
    with pytest.raises(OutsideError, match="no longer works"):
        outside.confirm(made, first, at=AT + MINUTE * 16)
    outside.send_code(made, at=AT + MINUTE * 16)
    made.refresh_from_db()
    assert outside.code_of(made) != first
    outside.confirm(made, f" {outside.code_of(made)[:3]} {outside.code_of(made)[3:]} ", at=AT + MINUTE * 17)


def test_it_expires_and_never_outlives_the_time_to_sign(desk: Desk) -> None:
    made = asked(desk, submitted(desk))
    with pytest.raises(OutsideError, match="has expired"):
        outside.send_code(made, at=made.expires_at)
    soon = submitted(desk, not_before=AT + timedelta(hours=2))
    assert asked(desk, soon).expires_at == AT + timedelta(hours=2)


def test_a_change_makes_the_link_useless(desk: Desk) -> None:
    act = submitted(desk)
    made = confirmed(asked(desk, act))
    act = actions.amend(act, desk.content("Other words entirely."), by=desk.staff, at=AT)
    made.refresh_from_db()
    with pytest.raises(OutsideError, match="has changed"):
        outside.sign(made, digest=made.digest, at=AT)
    assert [step["n"] for step in act.steps] == [0, 100]  # it still needs somebody outside
    again = asked(desk, act)
    made.refresh_from_db()
    assert (again.step, made.outcome) == (100, "overtaken")
    with pytest.raises(OutsideError, match="newer link"):
        outside.require_open(made, at=AT)


def test_another_digest_is_not_signed(desk: Desk) -> None:
    act = submitted(desk)
    made = confirmed(asked(desk, act))
    with pytest.raises(Conflict, match="not what you were asked"):
        outside.sign(made, digest="0" * 64, at=AT)


def test_each_link_signs_once(desk: Desk) -> None:
    act = submitted(desk)
    made = confirmed(asked(desk, act))
    outside.sign(made, digest=act.digest, at=AT)
    made.refresh_from_db()
    with pytest.raises(OutsideError, match="You have signed this"):
        outside.sign(made, digest=act.digest, at=AT)


def test_declined_from_outside(desk: Desk) -> None:
    act = submitted(desk)
    made = confirmed(asked(desk, act))
    with pytest.raises(OutsideError, match="Say why"):
        outside.decline(made, reason=" ", at=AT)
    outside.decline(made, reason="The figure is wrong.", at=AT)
    act.refresh_from_db()
    made.refresh_from_db()
    assert (act.state, act.says) == ("declined", "Declined by Lee Barr: The figure is wrong.")
    with pytest.raises(OutsideError, match="You have declined this"):
        outside.require_open(made, at=AT)


def test_taking_it_back_takes_the_added_step_away(desk: Desk) -> None:
    act = submitted(desk)
    made = asked(desk, act)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    with pytest.raises(NotAllowed):
        outside.revoke(made, by=desk.staff, at=AT)
    outside.revoke(made, by=desk.officer, at=AT)
    act.refresh_from_db()
    made.refresh_from_db()
    assert (act.state, len(act.steps)) == ("to_sign_off", 1)
    assert SignOff.objects.get(act=act).voided_because == "Somebody outside is no longer asked"
    with pytest.raises(OutsideError, match="taken this request back"):
        outside.require_open(made, at=AT)
    with pytest.raises(Conflict, match="answered already"):
        outside.revoke(made, by=desk.officer, at=AT)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)


def test_taking_back_a_step_of_the_policy_leaves_it_waiting(desk: Desk) -> None:
    with_chains(CHAIN)
    act = actions.submit(desk.content(), subject="variant:1", by=desk.staff, at=AT, post_kind="event")
    made = asked(desk, act)
    outside.revoke(made, by=desk.officer, at=AT)
    act.refresh_from_db()
    assert len(act.steps) == 2
    assert asked(desk, act).step == 0


def test_others_sign_first_where_the_policy_says_so(desk: Desk) -> None:
    with_chains(
        CHAIN.replace(
            '[{ title = "The solicitor", outside = true }, { title = "Communications" }]',
            '[{ title = "Communications" }, { title = "The solicitor", outside = true }]',
        )
    )
    act = actions.submit(desk.content(), subject="variant:1", by=desk.staff, at=AT, post_kind="event")
    made = confirmed(asked(desk, act))
    with pytest.raises(OutsideError, match="Others sign before you"):
        outside.sign(made, digest=act.digest, at=AT)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": " "}, "Give the person's name"),
        ({"name": "x" * 121}, "Give the person's name"),
        ({"email": "nobody"}, "not an e-mail address"),
        ({"email": "sam@example.org"}, "is on the desk"),
    ],
)
def test_who_cannot_be_asked(desk: Desk, change: dict[str, str], says: str) -> None:
    with pytest.raises(GateError, match=says):
        asked(desk, submitted(desk), **change)


def test_who_may_not_ask(desk: Desk) -> None:
    act = actions.submit(desk.content(), subject="variant:1", by=desk.officer, at=AT)
    with pytest.raises(NotAllowed):
        asked(desk, act, by=desk.staff)


def test_two_may_be_asked_and_both_must_sign(desk: Desk) -> None:
    act = submitted(desk)
    first, second = asked(desk, act), asked(desk, act, name="Mo Quill", email="mo@law.example.org")
    assert (first.step, second.step) == (100, 101)
    outside.sign(confirmed(first), digest=act.digest, at=AT)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    act.refresh_from_db()
    assert act.state == "to_sign_off"
    outside.sign(confirmed(second), digest=act.digest, at=AT)
    act.refresh_from_db()
    assert act.state == "signed_off"


class TestTheDatabaseItself:
    def test_refuses_an_unconfirmed_or_forged_outside_sign_off(self, desk: Desk) -> None:
        act = submitted(desk)
        made = asked(desk, act)
        signed = actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
        SignOff.objects.create(act=act, digest=act.digest, step=100, outside=made, seen={}, at=AT)
        with pytest.raises(DatabaseError, match="Step 100"), transaction.atomic():
            Attempt.objects.create(act=act, digest=act.digest, sign_off=signed, worker="w", at=AT, lease_until=AT)

    def test_keeps_an_invitation_as_it_was_made(self, desk: Desk) -> None:
        made = asked(desk, submitted(desk))
        for change in ({"email": "other@example.org"}, {"digest": "f" * 64}, {"step": 0}):
            with pytest.raises(DatabaseError, match="kept as it was made"), transaction.atomic():
                Invitation.objects.filter(pk=made.pk).update(**change)
        with pytest.raises(DatabaseError, match="kept as it was made"), transaction.atomic():
            Invitation.objects.filter(pk=made.pk).delete()


class TestLetters:
    def test_the_link_goes_once_and_holds_nothing_of_the_content(self, desk: Desk) -> None:
        act = submitted(desk)
        made = asked(desk, act)
        letters.send_invitation(made, at=AT)
        made.refresh_from_db()
        letters.send_invitation(made, at=AT)
        [letter] = mail.outbox
        assert letter.to == ["lee@law.example.org"]
        assert f"/approve/{outside.secret_of(made)}/" in letter.body
        assert act.content["text"] not in letter.body + letter.subject

    def test_the_code_goes_while_it_is_the_latest(self, desk: Desk) -> None:
        made = asked(desk, submitted(desk))
        outside.send_code(made, at=AT)
        made.refresh_from_db()
        letters.send_code(made, number=2, at=AT)
        assert mail.outbox == []
        letters.send_code(made, number=1, at=AT)
        code = outside.code_of(made)
        assert f"{code[:3]} {code[3:]}" in mail.outbox[0].body

    def test_a_mail_server_that_is_away_is_tried_again(self, desk: Desk, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_PORT = 1
        made = asked(desk, submitted(desk))
        with pytest.raises(letters.LetterFailed, match="could not be sent"):
            letters.send_invitation(made, at=AT)
        made.refresh_from_db()
        assert made.mailed_at is None


class TestLimits:
    def test_of_one_act(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(outside, "MOST_AN_ACT", 2)
        act = submitted(desk)
        for _ in range(2):  # taken back or not
            outside.revoke(asked(desk, act), by=desk.officer, at=AT)
        with pytest.raises(GateError, match="2 people outside have been asked about this already"):
            asked(desk, act)
        asked(desk, submitted(desk))
        assert Invitation.objects.count() == 3

    def test_of_one_person_within_an_hour(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(outside, "MOST_AN_HOUR", 2)
        for minutes in (0, 10):
            asked(desk, submitted(desk), at=AT + minutes * MINUTE)
        with pytest.raises(GateError, match=r"Nobody was asked now. Ask again at 11:00"):
            asked(desk, submitted(desk), at=AT + 59 * MINUTE)
        asked(desk, submitted(desk), by=desk.staff, at=AT + 59 * MINUTE)
        asked(desk, submitted(desk), at=AT + 61 * MINUTE)
