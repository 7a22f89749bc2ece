"""Several steps, who may take them, and what the database refuses until all of them are there."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from gatepost.gate import actions, sending
from gatepost.gate.content import from_json
from gatepost.gate.models import Act, Attempt, SignOff
from gatepost.gate.moving import keeps_sign_off, move
from gatepost.ledger.models import Line
from gatepost.lifecycle import Conflict
from gatepost.people import actions as people
from gatepost.people.authority import NotAllowed
from gatepost.people.models import Holding, Role, User

from .scene import AT, SYSTEM, Desk, submitted, with_chains

TWO = """
[[chain]]
id = "events"
title = "Events: staff abuse lead first, then Communications"
clause = "responsibility.2"
post_kinds = ["event"]
step = [{ title = "The lead looks first", roles = ["staff_abuse"] }, { title = "Communications" }]
"""
NIGHT = """
[[chain]]
id = "night"
title = "Out of hours two people release"
clause = "responsibility.2"
hours = "outside"
step = [{ title = "Two people", count = 2 }]
"""
BOTH = """
[[chain]]
id = "both"
title = "Both"
clause = "responsibility.2"
standing = false
step = [{ title = "Both roles", roles = ["communications_officer", "communications"], all = true }]
"""
EVENING = datetime.fromisoformat("2026-11-24T20:00:00+00:00")


def person(name: str, role: str = "") -> User:
    made = people.add_person(name=name, email=f"{name.split()[0].lower()}@example.org", by=SYSTEM, at=AT)
    if role:
        people.give_role(made, Role.objects.get(pk=role), by=SYSTEM, at=AT)
    return made


def event(desk: Desk, **more: object) -> Act:
    return actions.submit(desk.content(**more), subject="variant:1", by=desk.staff, at=AT, post_kind="event")  # type: ignore[arg-type]  # named fields


def sign(act: Act, by: User, at: datetime = AT) -> SignOff:
    act.refresh_from_db()
    return actions.sign_off(act, digest=act.digest, by=by, at=at)


def test_a_post_of_another_kind_takes_one_person(desk: Desk) -> None:
    with_chains(TWO)
    act = submitted(desk)
    sign(act, desk.officer)
    act.refresh_from_db()
    assert (act.chain, act.state) == ("usual", "signed_off")


def test_steps_are_taken_in_their_order_by_different_people(desk: Desk) -> None:
    with_chains(TWO)
    lead = person("Ash Vyas", "staff_abuse")
    act = event(desk)
    assert act.chain == "events"
    with pytest.raises(NotAllowed, match="not yours: The lead looks first"):
        sign(act, desk.officer)
    sign(act, lead)
    act.refresh_from_db()
    assert (act.state, act.due_at) == ("to_sign_off", None)
    with pytest.raises(NotAllowed, match="You have signed this"):
        sign(act, lead)
    assert sending.claim(worker="w", at=AT) == []
    done = sign(act, desk.officer)
    act.refresh_from_db()
    assert (act.state, done.step, done.role) == ("signed_off", 1, "communications_officer")
    lines = Line.objects.filter(subject=f"act:{act.pk}").order_by("id")
    assert list(lines.values_list("verb", flat=True))[1:] == ["act.step_signed", "act.signed_off"]
    assert lines[1].detail["role"] == "staff_abuse"
    assert len(sending.claim(worker="w", at=AT)) == 1


def test_two_people_release_out_of_hours(desk: Desk) -> None:
    with_chains(NIGHT)
    second = person("Dot Marsh", "communications")
    act = submitted(desk)  # by day: one person
    sign(act, desk.officer)
    act.refresh_from_db()
    assert act.state == "signed_off"
    late = submitted(desk, not_before=EVENING)
    assert late.chain == "night"
    sign(late, desk.officer)
    late.refresh_from_db()
    assert late.state == "to_sign_off"
    sign(late, second)
    late.refresh_from_db()
    assert (late.state, late.due_at) == ("signed_off", EVENING)


def test_what_is_signed_after_hours_takes_two_though_it_was_written_before(desk: Desk) -> None:
    with_chains(NIGHT)
    second = person("Dot Marsh", "communications")
    act = submitted(desk)
    assert act.chain == "usual"
    sign(act, desk.officer, EVENING)
    act.refresh_from_db()
    assert (act.chain, act.state) == ("night", "to_sign_off")
    sign(act, second, EVENING)
    act.refresh_from_db()
    assert act.state == "signed_off"


def test_all_of_several_roles_in_any_order(desk: Desk) -> None:
    with_chains(BOTH)
    second = person("Dot Marsh", "communications")
    act = submitted(desk)
    sign(act, second)
    sign(act, desk.officer)
    act.refresh_from_db()
    assert act.state == "signed_off"
    assert {one.role for one in SignOff.objects.filter(act=act)} == {"communications_officer", "communications"}


def test_where_the_policy_wants_people_a_standing_sign_off_does_not_do(desk: Desk) -> None:
    from gatepost.gate import standing
    from gatepost.rulebook.actions import in_force

    standing.sign_wording("complaint_phone", by=desk.officer, at=AT)
    words = in_force(AT).wordings["complaint_phone"].text
    reply = desk.content(words, kind="reply", in_reply_to="7")
    act = actions.submit(reply, subject="message:1", by=desk.staff, at=AT, wording="complaint_phone")
    assert act.state == "signed_off"
    with_chains(BOTH)
    assert sending.claim(worker="w", at=AT) == []
    act.refresh_from_db()
    assert (act.state, "sign-off of its own" in act.says) == ("to_sign_off", True)
    again = actions.submit(reply, subject="message:2", by=desk.staff, at=AT, wording="complaint_phone")
    assert again.state == "to_sign_off"


def test_a_policy_that_comes_to_ask_for_more_is_followed_at_once(desk: Desk) -> None:
    act = submitted(desk)
    sign(act, desk.officer)
    with_chains(BOTH)
    assert sending.claim(worker="w", at=AT) == []
    act.refresh_from_db()
    assert (act.state, "other sign-offs" in act.says) == ("to_sign_off", True)
    assert not SignOff.objects.filter(act=act, voided_at=None).exists()


def test_signatures_under_other_steps_are_void(desk: Desk) -> None:
    with_chains(TWO)
    lead = person("Ash Vyas", "staff_abuse")
    act = event(desk)
    sign(act, lead)
    with_chains(BOTH)
    sign(act, desk.officer)
    act.refresh_from_db()
    assert (act.chain, act.state) == ("both", "to_sign_off")
    assert SignOff.objects.get(signer=lead).voided_because == "The policy asks for other sign-offs now"


def test_a_signer_who_loses_the_role_takes_the_sign_off_with_them(desk: Desk) -> None:
    with_chains(TWO)
    lead = person("Ash Vyas", "staff_abuse")
    act = event(desk)
    sign(act, lead)
    sign(act, desk.officer)
    people.end_role(Holding.objects.get(person=lead), by=desk.officer, at=AT)
    assert sending.claim(worker="w", at=AT) == []
    act.refresh_from_db()
    assert act.says.startswith("Ash Vyas may no longer sign off")


def test_declined_at_the_second_step_is_declined_as_a_whole(desk: Desk) -> None:
    with_chains(TWO)
    lead = person("Ash Vyas", "staff_abuse")
    act = event(desk)
    sign(act, lead)
    actions.decline(act, reason="Not this week.", by=desk.officer, at=AT)
    assert SignOff.objects.get(act=act).voided_because == "Declined by Olive Ferris"
    other = event(desk)
    actions.decline(other, reason="No.", by=lead, at=AT)  # whose step it is may decline too
    with pytest.raises(NotAllowed):
        actions.decline(event(desk), reason="No.", by=desk.staff, at=AT)


class TestTheDatabaseItself:
    def attempt(self, act: Act, signed: SignOff, at: datetime = AT) -> None:
        with transaction.atomic():
            Attempt.objects.create(act=act, digest=act.digest, sign_off=signed, worker="w", at=at, lease_until=at)

    def test_refuses_until_every_step_is_there(self, desk: Desk) -> None:
        with_chains(TWO)
        act = event(desk)
        first = SignOff.objects.create(act=act, digest=act.digest, step=0, signer=desk.officer, seen={}, at=AT)
        with pytest.raises(DatabaseError, match="Step 1 of act"):
            self.attempt(act, first)
        SignOff.objects.create(act=act, digest=act.digest, step=1, signer=person("Dot Marsh"), seen={}, at=AT)
        self.attempt(act, first)

    def test_counts_people_not_signatures(self, desk: Desk) -> None:
        with_chains(NIGHT)
        act = submitted(desk, not_before=EVENING)
        one = SignOff.objects.create(act=act, digest=act.digest, step=0, signer=desk.officer, seen={}, at=AT)
        with pytest.raises(DatabaseError, match="sign_off_one_step_a_person"), transaction.atomic():
            SignOff.objects.create(act=act, digest=act.digest, step=0, signer=desk.officer, seen={}, at=AT)
        with pytest.raises(DatabaseError, match="Step 0"):
            self.attempt(act, one, EVENING)

    def test_refuses_an_editors_signature(self, desk: Desk) -> None:
        act = submitted(desk)
        Act.objects.filter(pk=act.pk).update(context={"editors": [desk.officer.pk]})
        own = SignOff.objects.create(act=act, digest=act.digest, signer=desk.officer, seen={}, at=AT)
        with pytest.raises(DatabaseError, match="Step 0"):
            self.attempt(act, own)

    def test_refuses_to_leave_before_the_window(self, desk: Desk) -> None:
        act = submitted(desk, not_before=EVENING)
        signed = sign(act, desk.officer)
        with pytest.raises(DatabaseError, match="not signed off for this early"):
            self.attempt(act, signed)

    def test_refuses_an_act_without_steps(self, desk: Desk) -> None:
        act = submitted(desk)
        Act.objects.filter(pk=act.pk).update(steps=[])
        signed = SignOff.objects.create(act=act, digest=act.digest, signer=desk.officer, seen={}, at=AT)
        with pytest.raises(DatabaseError, match="no steps"):
            self.attempt(act, signed)

    @pytest.mark.parametrize("change", [{"steps": []}, {"post_kind": "news"}, {"context": {"editors": []}}])
    def test_refuses_to_weaken_what_is_signed(self, desk: Desk, change: dict[str, object]) -> None:
        act = submitted(desk)
        Act.objects.filter(pk=act.pk).update(context={"editors": [77]})
        sign(act, desk.officer)
        with pytest.raises(DatabaseError, match="void the sign-off"), transaction.atomic():
            Act.objects.filter(pk=act.pk).update(**change)


class TestMoving:
    def signed(self, desk: Desk, **more: object) -> Act:
        start = AT + timedelta(hours=1)
        act = submitted(desk, not_before=start, **more)
        sign(act, desk.officer)
        act.refresh_from_db()
        return act

    def test_inside_the_window_the_sign_off_stays(self, desk: Desk) -> None:
        start = AT + timedelta(hours=1)
        act = self.signed(desk, not_after=start + timedelta(days=1))
        to = start + timedelta(hours=4)
        assert keeps_sign_off(act, to)
        assert move(act, to=to, by=desk.staff, at=AT) is True
        act.refresh_from_db()
        assert (act.state, act.due_at, act.planned_at) == ("signed_off", to, to)
        assert sending.claim(worker="w", at=to - timedelta(minutes=1)) == []
        assert len(sending.claim(worker="w", at=to)) == 1

    def test_outside_it_the_window_moves_and_the_sign_off_is_void(self, desk: Desk) -> None:
        start = AT + timedelta(hours=1)
        act = self.signed(desk, not_after=start + timedelta(hours=2))
        to = start + timedelta(days=2)
        assert move(act, to=to, by=desk.staff, at=AT) is False
        act.refresh_from_db()
        window = from_json(act.content).window()
        assert (act.state, window) == ("to_sign_off", (to, to + timedelta(hours=2)))

    def test_without_an_end_the_window_is_as_long_as_it_may_be_late(self, desk: Desk) -> None:
        act = self.signed(desk)
        assert keeps_sign_off(act, AT + timedelta(minutes=85))
        assert not keeps_sign_off(act, AT + timedelta(minutes=95))
        assert not keeps_sign_off(submitted(desk), AT)
        assert move(act, to=AT + timedelta(minutes=95), by=desk.staff, at=AT) is False

    def test_what_is_not_signed_yet_leaves_at_the_time_it_was_moved_to(self, desk: Desk) -> None:
        start = AT + timedelta(hours=1)
        act = submitted(desk, not_before=start, not_after=start + timedelta(days=1))
        to = start + timedelta(hours=2)
        assert move(act, to=to, by=desk.staff, at=AT) is True
        sign(act, desk.officer)
        act.refresh_from_db()
        assert act.due_at == to

    def test_into_the_night_it_takes_the_second_person(self, desk: Desk) -> None:
        with_chains(NIGHT)
        act = self.signed(desk, not_after=AT + timedelta(days=1))
        assert move(act, to=EVENING, by=desk.staff, at=AT) is False
        act.refresh_from_db()
        assert (act.state, act.chain) == ("to_sign_off", "night")

    def test_not_into_the_past_and_not_by_anybody(self, desk: Desk) -> None:
        act = self.signed(desk)
        with pytest.raises(actions.GateError, match="has passed"):
            move(act, to=AT - timedelta(minutes=1), by=desk.staff, at=AT)
        with pytest.raises(NotAllowed):
            move(act, to=AT + timedelta(minutes=70), by=person("Nobody Here"), at=AT)

    def test_a_window_must_end_after_it_begins(self, desk: Desk) -> None:
        with pytest.raises(actions.GateError, match="must end after"):
            submitted(desk, not_before=EVENING, not_after=AT)
        with pytest.raises(actions.GateError, match="must end after"):
            submitted(desk, not_after=AT)


def test_a_changed_act_is_not_signed_by_its_old_digest(desk: Desk) -> None:
    with_chains(TWO)
    act = event(desk)
    old = act.digest
    actions.amend(act, desk.content("Another event on Sunday."), by=desk.staff, at=AT)
    with pytest.raises(Conflict):
        actions.sign_off(act, digest=old, by=desk.officer, at=AT)


def test_adopting_needs_chains_that_hold(desk: Desk) -> None:
    from gatepost.policy.problems import PackError

    with pytest.raises(PackError, match="no role 'nobody'"):
        with_chains(TWO.replace("staff_abuse", "nobody"))
