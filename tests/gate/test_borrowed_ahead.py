"""Standing sign-offs and those for repeats cover nothing that was written by whoever let their signer in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from gatepost.gate import actions, sending, series, standing
from gatepost.gate.models import Act, SignOff, StandingSignOff
from gatepost.people import actions as people
from gatepost.people import links
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from gatepost.rulebook.actions import in_force

from .scene import AT, Desk, submitted
from .test_series import FIRST, UNTIL, WEEK, again, signed_ahead

WORDS = "complaint_phone"
REASON = "It names a child."


def let_in(person: User, by: User) -> None:
    """`by` hands over a link, and somebody comes in by it as `person`."""
    User.objects.filter(pk=by.pk).update(is_admin=True)
    by.refresh_from_db()
    links.use_link(links.make_link(person, by=by, at=AT), at=AT)


def reply(desk: Desk) -> Act:
    words = in_force(AT).wordings[WORDS].text
    content = desk.content(words, kind="reply", in_reply_to="7")
    return actions.submit(content, subject="message:1", by=desk.staff, at=AT, wording=WORDS)


def hide(desk: Desk) -> Act:
    content = desk.content("", kind="hide", target="1001_2")
    return actions.submit(content, subject="message:2", by=desk.staff, at=AT, reason=REASON, clauses=["usage.6"])


def refused_by_the_database(act: Act, given: StandingSignOff, signer: User) -> None:
    with pytest.raises(IntegrityError, match="let its signer in"), transaction.atomic():
        SignOff.objects.create(act=act, digest=act.digest, signer=signer, standing=given, seen={}, at=AT)


def test_what_is_signed_ahead(desk: Desk) -> None:
    given = signed_ahead(desk)
    let_in(desk.officer, desk.staff)
    act = again(desk)
    assert act.state == "to_sign_off"
    refused_by_the_database(act, given, desk.officer)
    other = people.add_person(name="Dot Marsh", email="dot@example.org", by=desk.officer, at=AT)
    refused_by_the_database(act, given, other)  # nor when somebody else's name is put on the row


def test_nobody_signs_ahead_in_a_borrowed_name(desk: Desk) -> None:
    act = submitted(desk, not_before=FIRST)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    let_in(desk.officer, desk.staff)
    with pytest.raises(NotAllowed, match="handed over"):
        series.sign_ahead(act, until=UNTIL, by=desk.officer, at=AT)


def test_what_was_covered_before_does_not_leave(desk: Desk) -> None:
    signed_ahead(desk)
    act = again(desk)
    assert act.state == "signed_off"
    let_in(desk.officer, desk.staff)
    sending.claim(worker="w", at=FIRST + WEEK, lease=timedelta(minutes=5))
    act.refresh_from_db()
    assert act.state != "sent"
    assert act.says.startswith("Whoever wrote it has let Olive Ferris in by a link")


def test_an_approved_wording_and_moderation(desk: Desk) -> None:
    standing.sign_all(by=desk.officer, at=AT)
    before = reply(desk)
    assert (before.state, hide(desk).state) == ("signed_off", "signed_off")
    let_in(desk.officer, desk.staff)
    assert sending.claim(worker="w", at=AT) == []
    before.refresh_from_db()
    assert before.says.startswith("Whoever wrote it has let Olive Ferris in by a link")
    act, other = reply(desk), hide(desk)
    assert (act.state, other.state) == ("to_sign_off", "to_sign_off")
    refused_by_the_database(act, StandingSignOff.objects.get(wording=WORDS), desk.officer)
    refused_by_the_database(other, StandingSignOff.objects.get(moderation="hide", clause="usage.6"), desk.officer)


def test_whom_the_signer_let_in_is_covered(desk: Desk) -> None:
    """The first run: the officer lets staff in by hand, and signs the wordings."""
    given = signed_ahead(desk)
    let_in(desk.staff, desk.officer)
    standing.sign_all(by=desk.officer, at=AT)
    assert [act.state for act in (reply(desk), hide(desk), again(desk))] == ["signed_off"] * 3
    assert SignOff.objects.filter(standing=given).exists()
