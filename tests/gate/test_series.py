"""A dated standing sign-off for a post that comes again: what it covers, and everything it does not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gatepost.gate import actions, sending, series, settling
from gatepost.gate.content import Part
from gatepost.gate.ground import GateError
from gatepost.gate.models import Act, Attempt, SignOff, StandingSignOff
from gatepost.ledger.models import Line
from gatepost.people import actions as people
from gatepost.people.authority import NotAllowed
from gatepost.people.models import Holding

from .scene import AT, SYSTEM, Desk, submitted, with_chains

FIRST = AT + timedelta(days=1)
WEEK = timedelta(days=7)
UNTIL = AT + timedelta(days=60)


def signed_ahead(desk: Desk, **more: Any) -> StandingSignOff:
    act = submitted(desk, not_before=FIRST, **more)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    return series.sign_ahead(act, until=UNTIL, by=desk.officer, at=AT)


def again(desk: Desk, at: datetime = FIRST + WEEK, **more: Any) -> Act:
    act = submitted(desk, not_before=at, **more)
    act.refresh_from_db()
    return act


def leave(at: datetime) -> None:
    claims = sending.claim(worker="w1", at=at, lease=timedelta(days=3650))
    settling.settle([(one, sending.send(one)) for one in claims], at=at)


def test_the_same_a_week_later_is_covered_and_leaves(desk: Desk) -> None:
    given = signed_ahead(desk)
    act = again(desk)
    assert act.state == "signed_off"
    signed = SignOff.objects.get(act=act)
    assert (signed.standing, signed.signer, signed.role) == (given, desk.officer, "communications_officer")
    leave(FIRST + WEEK)
    act.refresh_from_db()
    assert act.state == "sent"
    assert series.covered_by(given) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"text": "The office is open on Sunday."},
        {"title": "Open"},
        {"parts": (Part("More."),)},
        {"link": "https://example.org/"},
        {"expires_at": FIRST + WEEK + timedelta(days=2)},
        {"not_before": UNTIL + timedelta(days=1)},
        {"not_before": None},
        {"late_after": 60},
    ],
)
def test_anything_else_is_signed_by_itself(desk: Desk, more: dict[str, Any]) -> None:
    signed_ahead(desk)
    act = submitted(desk, **{"not_before": FIRST + WEEK, **more})
    assert act.state == "to_sign_off"


def test_it_stays_online_for_as_long_as_the_first(desk: Desk) -> None:
    signed_ahead(desk, expires_at=FIRST + timedelta(days=2))
    assert again(desk, expires_at=FIRST + WEEK + timedelta(days=2)).state == "signed_off"
    assert again(desk, expires_at=FIRST + WEEK + timedelta(days=3)).state == "to_sign_off"


def test_a_short_link_is_known_by_where_it_leads(desk: Desk) -> None:
    signed_ahead(desk, link="https://desk.example.org/l/a1", leads_to="https://example.org/day")
    same = again(desk, link="https://desk.example.org/l/b2", leads_to="https://example.org/day")
    assert same.state == "signed_off"
    other = again(desk, link="https://desk.example.org/l/b2", leads_to="https://example.org/night")
    assert other.state == "to_sign_off"


def test_whoever_writes_an_occurrence_has_not_signed_it_ahead(desk: Desk) -> None:
    signed_ahead(desk)
    act = actions.submit(
        desk.content(not_before=FIRST + WEEK),
        subject="variant:2",
        by=desk.staff,
        at=AT,
        context={"editors": [desk.officer.pk]},
    )
    assert act.state == "to_sign_off"


def test_taken_back_it_covers_nothing_more_and_what_it_covered_waits(desk: Desk) -> None:
    given = signed_ahead(desk)
    act = again(desk)
    with pytest.raises(NotAllowed):
        series.end(given, by=desk.staff, at=AT)
    series.end(given, by=desk.officer, at=AT)
    assert again(desk, at=FIRST + 2 * WEEK).state == "to_sign_off"
    leave(FIRST + WEEK)
    act.refresh_from_db()
    assert act.state == "to_sign_off"
    assert desk.wire.sent == []
    verbs = Line.objects.filter(subject=f"standing:{given.pk}").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["standing.signed", "standing.revoked"]


def test_a_signer_who_has_left_the_role_covers_nothing(desk: Desk) -> None:
    signed_ahead(desk)
    act = again(desk)
    other = people.add_person(name="Pat Marsh", email="pat@example.org", by=SYSTEM, at=AT)
    people.give_role(other, Holding.objects.get(person=desk.officer).role, by=SYSTEM, at=AT)
    Holding.objects.filter(person=desk.officer).update(until=AT)
    leave(FIRST + WEEK)
    act.refresh_from_db()
    assert act.state == "to_sign_off"


def test_what_one_covers_needs_its_own_signature(desk: Desk) -> None:
    signed_ahead(desk)
    act = submitted(desk, not_before=FIRST + timedelta(hours=1), late_after=30)
    act.refresh_from_db()
    assert act.state == "signed_off"  # the first covers it already
    with pytest.raises(GateError, match="Sign this one first"):
        series.sign_ahead(act, until=UNTIL, by=desk.officer, at=AT)


def test_signed_anew_what_the_older_one_covered_still_leaves(desk: Desk) -> None:
    old = signed_ahead(desk)
    covered = again(desk)
    new = signed_ahead_anew(desk)
    old.refresh_from_db()
    assert old.revoked_at is None  # nobody took it back: it ends on its own day
    assert {one.pk for one in series.in_force_now(AT)} == {old.pk, new.pk}
    assert SignOff.objects.get(act=again(desk, at=FIRST + 2 * WEEK)).standing == new
    leave(FIRST + WEEK)
    covered.refresh_from_db()
    assert (covered.state, SignOff.objects.get(act=covered, voided_at=None).standing) == ("sent", old)


def test_what_leaves_only_after_the_day_is_signed_by_itself(desk: Desk) -> None:
    given = signed_ahead(desk)
    act = again(desk, at=UNTIL)
    assert act.state == "signed_off"
    after = UNTIL + timedelta(minutes=1)
    Act.objects.filter(pk=act.pk).update(due_at=after)
    leave(after)
    act.refresh_from_db()
    assert (act.state, desk.wire.sent) == ("to_sign_off", [])
    assert given.until == UNTIL


def signed_ahead_anew(desk: Desk) -> StandingSignOff:
    first = Act.objects.filter(sign_offs__standing=None, sign_offs__signer=desk.officer).first()
    assert first is not None
    return series.sign_ahead(first, until=UNTIL, by=desk.officer, at=AT)


def test_the_day_lies_ahead_and_within_a_year(desk: Desk) -> None:
    act = submitted(desk, not_before=FIRST)
    with pytest.raises(GateError, match="Sign this one first"):
        series.sign_ahead(act, until=UNTIL, by=desk.officer, at=AT)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    for until in (FIRST, AT + timedelta(days=400)):
        with pytest.raises(GateError, match="within a year"):
            series.sign_ahead(act, until=until, by=desk.officer, at=AT)


def test_only_a_post_with_a_time_is_signed_ahead(desk: Desk) -> None:
    act = submitted(desk)
    assert "set time" in series.why_not(act, at=AT)
    with pytest.raises(GateError, match="set time"):
        series.sign_ahead(act, until=UNTIL, by=desk.officer, at=AT)


@pytest.mark.parametrize("more", ["count = 2", "passkey = true", "outside = true"])
def test_where_the_policy_asks_for_more_each_is_signed_by_itself(desk: Desk, more: str) -> None:
    extra = ', { title = "Outside", outside = true }' if more.startswith("outside") else ""
    step = '{ title = "One" }' if extra else f'{{ title = "One", {more} }}'
    with_chains(f'[[chain]]\nid = "a"\ntitle = "A"\nclause = "usage.1"\nkinds = ["publish"]\nstep = [{step}{extra}]\n')
    act = submitted(desk, not_before=FIRST)
    assert "by itself" in series.why_not(act, at=AT)


def test_a_chain_without_standing_sign_offs_has_none_ahead(desk: Desk) -> None:
    given = signed_ahead(desk)
    covered = again(desk)
    chain = '[[chain]]\nid = "a"\ntitle = "A"\nclause = "usage.1"\nkinds = ["publish"]\nstanding = false\n'
    with_chains(chain + 'step = [{ title = "One" }]\n', at=AT)
    act = submitted(desk, not_before=FIRST + 2 * WEEK)
    assert act.state == "to_sign_off"
    assert "signed by itself" in series.why_not(act, at=AT)
    leave(FIRST + WEEK)
    covered.refresh_from_db()
    assert covered.state == "to_sign_off"
    assert given.revoked_at is None


@pytest.mark.parametrize(
    "values",
    [
        {"lasts": 60},
        {"until": FIRST},
        {"content": {"text": "Other words"}},
    ],
)
def test_the_database_compares_too(desk: Desk, values: dict[str, Any]) -> None:
    given = signed_ahead(desk)
    act = again(desk)
    StandingSignOff.objects.filter(pk=given.pk).update(**values)
    signed, at = SignOff.objects.get(act=act), FIRST + WEEK
    with pytest.raises(IntegrityError, match="given for something else"), transaction.atomic():
        Attempt.objects.create(act=act, digest=act.digest, sign_off=signed, worker="w", at=at, lease_until=at)


def test_the_database_knows_one_wording_from_another(desk: Desk) -> None:
    act = submitted(desk)
    wording = StandingSignOff.objects.create(
        wording="hello", text_digest="0" * 64, clause="usage.1", pack_digest="p", signer=desk.officer, at=AT
    )
    signed = SignOff.objects.create(act=act, digest=act.digest, signer=desk.officer, standing=wording, seen={}, at=AT)
    with pytest.raises(IntegrityError, match="given for something else"), transaction.atomic():
        Attempt.objects.create(act=act, digest=act.digest, sign_off=signed, worker="w", at=AT, lease_until=AT)
