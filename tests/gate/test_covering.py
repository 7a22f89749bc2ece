"""What takes the force from a sign-off at the last moment, and that every kind of act needs one."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest
from django.db import connection

from gatepost.gate import actions, sending, settling, standing
from gatepost.gate.content import Content
from gatepost.gate.covering import without_force
from gatepost.gate.models import Act, Seen, SignOff
from gatepost.gate.powers import Powers
from gatepost.gate.seen import look
from gatepost.networks.protocol import ActKind
from gatepost.people import actions as people
from gatepost.people.models import Holding
from gatepost.rulebook.actions import in_force

from .scene import AT, SYSTEM, Desk, submitted, with_chains


def force(act: Act, *signed: SignOff) -> str | None:
    return without_force(act, signed, pack=in_force(AT), powers=Powers(AT))


def signed(desk: Desk, act: Act, **more: object) -> SignOff:
    values: dict[str, object] = {"digest": act.digest, "signer": desk.officer, "seen": {}, "at": AT, **more}
    return SignOff.objects.create(act=act, **values)


@pytest.mark.parametrize("kind", get_args(ActKind))
def test_every_kind_of_act_needs_its_sign_off(desk: Desk, kind: ActKind) -> None:
    content = Content(kind=kind, channel=desk.channel.pk, text="Open on Saturday.", in_reply_to="5", target="7")
    clauses = ["usage.6"]
    act = actions.submit(content, subject="message:1", by=desk.staff, at=AT, clauses=clauses, reason="A number")
    assert sending.claim(worker="w", at=AT) == []
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    claims = sending.claim(worker="w", at=AT)
    assert [claimed.act.pk for claimed in claims] == [act.pk]
    settling.settle([(claimed, sending.GivenBack("Enough.")) for claimed in claims], at=AT)
    assert desk.wire.verbs == []


def test_without_any_and_with_one_of_another_digest(desk: Desk) -> None:
    act = submitted(desk)
    assert force(act) == "No valid sign-off covers it"
    assert force(act, signed(desk, act, digest="a" * 64)) == "No valid sign-off covers it"


def test_one_step_is_not_all(desk: Desk) -> None:
    with_chains(
        '[[chain]]\nid = "two"\ntitle = "Two"\nclause = "responsibility.2"\nstep = [{ title = "Two", count = 2 }]'
    )
    act = submitted(desk)
    assert force(act, signed(desk, act)) == "Not every sign-off it needs is there"


def test_the_authors_own_has_none(desk: Desk) -> None:
    act = submitted(desk)
    assert force(act, signed(desk, act, signer=desk.staff)) == "Its author signed it"


def test_one_from_before_roles_were_kept_holds_while_its_signer_signs_off(desk: Desk) -> None:
    act = submitted(desk)
    made = signed(desk, act)
    assert force(act, made) is None
    people.end_role(Holding.objects.get(person=desk.officer), by=desk.officer, at=AT)
    assert force(act, made) == "Olive Ferris may no longer sign off"


def test_a_standing_one_ends_with_its_signers_role(desk: Desk) -> None:
    made = standing.sign_wording("complaint_phone", by=desk.officer, at=AT)
    words = in_force(AT).wordings["complaint_phone"].text
    reply = desk.content(words, kind="reply", in_reply_to="7")
    act = actions.submit(reply, subject="message:1", by=desk.staff, at=AT, wording="complaint_phone")
    people.end_role(Holding.objects.get(person=desk.officer), by=desk.officer, at=AT)
    assert sending.claim(worker="w", at=AT) == []
    act.refresh_from_db()
    assert act.says.startswith("Olive Ferris may no longer sign off")
    assert made.revoked_at is None


def test_what_somebody_saw_is_set_against_what_is_there_now(desk: Desk) -> None:
    act = submitted(desk)
    assert look(act, desk.officer, at=AT) is None
    assert look(act, desk.officer, at=AT) is None
    act = actions.amend(act, desk.content("Other words."), by=desk.staff, at=AT)
    before = look(act, desk.officer, at=AT)
    assert before is not None
    assert "Saturday" in before.content["text"]
    assert look(act, desk.officer, at=AT + timedelta(minutes=59)) == before  # the page was loaded again
    assert look(act, desk.officer, at=AT + timedelta(hours=2)) is None
    assert str(Seen.objects.get()) == f"{desk.officer.pk} saw {act.pk}"


def test_steps_that_only_come_on_top_leave_what_is_signed(desk: Desk) -> None:
    """A chain that keeps its first step and asks for one more: nobody has to sign twice."""
    first = '{ title = "Sign-off" }'
    head = '[[chain]]\nid = "usual"\ntitle = "Usual"\nclause = "responsibility.2"\nstep = '
    with_chains(f"{head}[{first}]")
    act = submitted(desk)
    with_chains(f'{head}[{first}, {{ title = "One more", roles = ["staff_abuse"] }}]')
    second = people.add_person(name="Dot Marsh", email="dot@example.org", by=SYSTEM, at=AT)
    made = signed(desk, act)
    from gatepost.gate.ground import set_steps

    set_steps(act, actions.from_json(act.content), at=AT)
    made.refresh_from_db()
    assert (made.voided_at, len(act.steps), second.is_active) == (None, 2, True)


def test_the_database_keeps_steps_of_what_is_signed(desk: Desk) -> None:
    act = submitted(desk)
    signed(desk, act)
    with connection.cursor() as cursor, pytest.raises(Exception, match="void the sign-off"):
        cursor.execute("UPDATE gate_act SET steps = '[]' WHERE id = %s", [act.pk])
