"""A crisis: who declares it, what still goes, who signs off, and that it is kept who, when and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gatepost.gate import actions, crisis, ground, holds, review
from gatepost.gate.models import Crisis, Hold
from gatepost.ledger.models import Line
from gatepost.people import actions as people
from gatepost.people.authority import NotAllowed
from gatepost.people.models import Role, User
from gatepost.policy.registers import Crisis as Overlay
from gatepost.rulebook.actions import in_force

from .scene import AT, SYSTEM, Desk, submitted

OVERLAY = Overlay(
    clause="benefits.6",
    declares=("communications_officer", "press_office"),
    approvers=("chief",),
    statements=("complaint_phone",),
)


@pytest.fixture
def chief(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> User:
    """Somebody of a role that signs off, and that the pack names for a crisis."""
    Role.objects.create(id="chief", title="Chief executive", signs_off=True)
    person = people.add_person(name="Ada Boss", email="ada@example.org", by=SYSTEM, at=AT)
    people.give_role(person, Role.objects.get(pk="chief"), by=SYSTEM, at=AT)
    pack = in_force(AT)
    titles = {**pack.roles, "chief": replace(pack.roles["communications_officer"], id="chief", title="Chief executive")}
    changed = replace(pack, crisis=OVERLAY, roles=titles)
    for module in (crisis, ground):
        monkeypatch.setattr(module, "in_force", lambda at: changed)
    return person


def test_without_an_overlay_whoever_signs_off_declares_and_signs_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = replace(in_force(AT), crisis=None)
    monkeypatch.setattr(crisis, "in_force", lambda at: plain)
    with pytest.raises(NotAllowed):
        crisis.declare(reason="A fire", by=desk.staff, at=AT)
    made = crisis.declare(reason="A fire", by=desk.officer, at=AT)
    assert made.clause == "benefits.6"
    assert crisis.may_sign_off(desk.officer, AT)
    crisis.require_in_crisis(desk.staff, AT)  # nobody is named for it: what holds at other times holds now
    assert not crisis.may_sign_off(desk.staff, AT)


def test_it_stops_everything_but_the_prepared_statements(desk: Desk, chief: User) -> None:
    made = crisis.declare(reason="A fire at Millrace", by=desk.officer, at=AT, ends_at=AT + timedelta(days=1))
    held = Hold.objects.get()
    assert (held.statements, held.reason, holds.scope_of(held)) == (["complaint_phone"], "A fire at Millrace", "all")
    assert made.hold == held
    line = Line.objects.get(verb="crisis.declared")
    assert (line.actor, line.clauses) == (desk.officer.actor, ["benefits.6"])
    with pytest.raises(holds.HoldError, match="already"):
        crisis.declare(reason="Again", by=desk.officer, at=AT)
    assert Hold.objects.count() == 1


def test_while_it_lasts_the_crisis_approvers_sign_off_and_they_alone(desk: Desk, chief: User) -> None:
    act = submitted(desk)
    assert crisis.may_sign_off(desk.officer, AT)
    made = crisis.declare(reason="A fire", by=desk.officer, at=AT)
    with pytest.raises(NotAllowed, match="Chief executive"):
        actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    actions.sign_off(act, digest=act.digest, by=chief, at=AT)
    crisis.end(made, because="The fire is out", by=desk.officer, at=AT)
    assert crisis.may_sign_off(desk.officer, AT)
    assert [one.pk for one in review.waiting()] == [act.pk]


def test_its_end_is_kept_too(desk: Desk, chief: User) -> None:
    made = crisis.declare(reason="A fire", by=desk.officer, at=AT)
    with pytest.raises(NotAllowed):
        crisis.end(made, because="Over", by=desk.staff, at=AT)
    with pytest.raises(holds.HoldError, match="Say why"):
        crisis.end(made, because=" ", by=desk.officer, at=AT)
    crisis.end(made, because="The fire is out", by=desk.officer, at=AT)
    made.refresh_from_db()
    assert (made.ended_by, made.ended_because) == (desk.officer, "The fire is out")
    assert not holds.active().exists()
    assert crisis.under_way() is None
    with pytest.raises(holds.HoldError, match="already"):
        crisis.end(made, because="Again", by=desk.officer, at=AT)
    assert Crisis.objects.count() == 1
