"""A policy is adopted after its examples hold, now or from a date; it can be called off, and left again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from gatepost.ledger.actions import System
from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed
from gatepost.people.models import Role
from gatepost.rulebook.actions import NotNow, Untested, adopt, begin_planned, in_force, roll_back, withdraw
from gatepost.rulebook.models import Adoption, PackVersion
from tests import factories

from .packs import referring, renamed, shipped

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
DESK = System("rulebook")


def verbs() -> list[str]:
    return list(Line.objects.filter(verb__startswith="policy.").order_by("pk").values_list("verb", flat=True))


def test_examples_that_do_not_hold_keep_a_pack_out() -> None:
    boss, at = factories.officer(), timezone.now()
    before = in_force(at).digest
    with pytest.raises(Untested) as refused:
        adopt(referring(), by=boss, at=at)
    assert "examples of Social Media Policy do not hold" in str(refused.value)
    assert any("offers: expected complaint_phone, complaint_referred" in one for one in refused.value.failures)
    assert in_force(at).digest == before
    assert PackVersion.objects.count() == 1


def test_a_pack_without_examples_is_kept_out() -> None:
    boss, at = factories.officer(), timezone.now()
    whole = in_force(at).files["examples.toml"]
    with pytest.raises(Untested, match="has no examples"):
        adopt(shipped(examples=(whole, "")), by=boss, at=at)


def test_the_pack_in_force_may_be_confirmed_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    boss, at = factories.officer(), timezone.now()
    monkeypatch.setattr("gatepost.rulebook.actions.run_examples", lambda pack, at: [])
    adopt(in_force(at), by=boss, at=at)
    assert Adoption.objects.begun(at)[0].by == boss.actor


def test_from_a_date_it_is_in_force_then_and_not_before() -> None:
    boss, at = factories.officer(), timezone.now()
    old, new = in_force(at), renamed("2")
    adopt(new, by=boss, at=at, starts=at + DAY)
    assert in_force(at + DAY - timedelta(seconds=1)).digest == old.digest
    assert in_force(at + DAY).digest == new.digest
    assert verbs()[-1] == "policy.planned"
    assert [one.pack_id for one in Adoption.objects.planned(at)] == [new.digest]
    assert not Adoption.objects.planned(at + DAY).exists()


def test_roles_follow_when_it_begins_and_once() -> None:
    boss, at = factories.officer(), timezone.now()
    title = ('title = "Communications Officer"', 'title = "Head of Communications"')
    adopt(shipped(roles=title), by=boss, at=at, starts=at + DAY)
    assert begin_planned(by=DESK, at=at) == 0
    assert Role.objects.get(pk="communications_officer").title == "Communications Officer"
    assert begin_planned(by=DESK, at=at + DAY) == 1
    assert Role.objects.get(pk="communications_officer").title == "Head of Communications"
    assert begin_planned(by=DESK, at=at + DAY) == 0
    line = Line.objects.get(verb="policy.began")
    assert (line.actor, line.detail["planned_by"]) == ("system:rulebook", boss.actor)


def test_a_time_that_has_passed_is_refused() -> None:
    boss, at = factories.officer(), timezone.now()
    with pytest.raises(NotNow, match="has passed"):
        adopt(renamed("2"), by=boss, at=at, starts=at - timedelta(seconds=1))


def test_a_planned_adoption_is_called_off() -> None:
    boss, at = factories.officer(), timezone.now()
    old = in_force(at)
    adopt(renamed("2"), by=boss, at=at, starts=at + DAY)
    planned = Adoption.objects.planned(at).get()
    with pytest.raises(NotAllowed):
        withdraw(planned, by=factories.person(is_admin=True), at=at)
    withdraw(planned, by=boss, at=at)
    assert in_force(at + DAY).digest == old.digest
    assert begin_planned(by=DESK, at=at + DAY) == 0
    planned.refresh_from_db()
    assert (planned.withdrawn_by, planned.withdrawn_at) == (boss.actor, at)
    assert verbs()[-1] == "policy.withdrawn"
    with pytest.raises(NotNow):
        withdraw(planned, by=boss, at=at)


def test_what_is_in_force_cannot_be_withdrawn_even_by_hand() -> None:
    boss, at = factories.officer(), timezone.now()
    current = Adoption.objects.begun(at)[0]
    with pytest.raises(NotNow, match="roll back"):
        withdraw(current, by=boss, at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.filter(pk=current.pk).update(withdrawn_at=at)


def test_rolling_back_and_to_a_version_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    boss, at = factories.officer(), timezone.now()
    first, second, third = in_force(at), renamed("2"), renamed("3")
    for hours, pack in enumerate((second, third), start=1):
        adopt(pack, by=boss, at=at + timedelta(hours=hours))
    monkeypatch.setattr("gatepost.rulebook.actions.run_examples", lambda pack, at: [])  # not asked
    later = at + timedelta(hours=3)
    with pytest.raises(NotAllowed):
        roll_back(by=factories.person(is_admin=True), at=later)
    assert roll_back(by=boss, at=later).digest == second.digest
    assert in_force(later).digest == second.digest
    assert roll_back(by=boss, at=later + DAY, to=first.digest[:10]).digest == first.digest
    assert in_force(later + DAY).digest == first.digest
    line = Line.objects.filter(verb="policy.rolled_back").order_by("-pk")[0]
    assert line.detail == {"digest": first.digest, "left": second.digest}


def test_rolling_back_brings_the_roles_back() -> None:
    boss, at = factories.officer(), timezone.now()
    adopt(shipped(roles=('title = "Communications Officer"', 'title = "Head of News"')), by=boss, at=at)
    assert Role.objects.get(pk="communications_officer").title == "Head of News"
    roll_back(by=boss, at=at + DAY)
    assert Role.objects.get(pk="communications_officer").title == "Communications Officer"


def test_nothing_to_go_back_to() -> None:
    boss, at = factories.officer(), timezone.now()
    with pytest.raises(NotNow, match="no earlier version"):
        roll_back(by=boss, at=at)
    with pytest.raises(NotNow, match="No earlier version zzz"):
        roll_back(by=boss, at=at, to="zzz")
