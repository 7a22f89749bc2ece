"""Deputies with dates and a scope: what they may sign, when it counts, and when it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gatepost.gate import actions, sending
from gatepost.gate.models import Act, SignOff
from gatepost.ledger.models import Line
from gatepost.people import actions as people
from gatepost.people import deputies
from gatepost.people.actions import PeopleError
from gatepost.people.authority import NotAllowed
from gatepost.people.models import Deputy, Holding, User

from .scene import AT, SYSTEM, Desk, submitted

WEEK = timedelta(days=7)


@pytest.fixture
def dot(desk: Desk) -> User:
    return people.add_person(name="Dot Marsh", email="dot@example.org", by=SYSTEM, at=AT)


def appointed(desk: Desk, dot: User, **more: object) -> Deputy:
    values: dict[str, object] = {"starts": AT, "until": AT + WEEK, "by": desk.officer, "at": AT, **more}
    return deputies.appoint(desk.officer, dot, **values)  # type: ignore[arg-type]  # named values


def sign(act: Act, by: User, at: object = AT) -> SignOff:
    act.refresh_from_db()
    return actions.sign_off(act, digest=act.digest, by=by, at=at)  # type: ignore[arg-type]  # a moment


def test_a_deputy_signs_in_the_others_stead_and_it_says_so(desk: Desk, dot: User) -> None:
    act = submitted(desk)
    with pytest.raises(NotAllowed, match="Only Communications"):
        sign(act, dot)
    appointed(desk, dot)
    made = sign(act, dot)
    assert (made.signer, made.instead_of, made.role) == (dot, desk.officer, "communications_officer")
    line = Line.objects.filter(subject=f"act:{act.pk}", verb="act.signed_off").get()
    assert line.detail["instead_of"] == desk.officer.pk
    assert len(sending.claim(worker="w", at=AT)) == 1


@pytest.mark.parametrize(
    ("scope", "may"),
    [
        ({}, True),
        ({"kinds": ["publish"]}, True),
        ({"kinds": ["post:news"]}, True),
        ({"kinds": ["reply"]}, False),
        ({"channels": [0]}, False),
    ],
)
def test_only_within_the_scope(desk: Desk, dot: User, scope: dict[str, object], may: bool) -> None:
    appointed(desk, dot, **scope)
    act = actions.submit(desk.content(), subject="variant:1", by=desk.staff, at=AT, post_kind="news")
    if may:
        assert sign(act, dot).instead_of == desk.officer
    else:
        with pytest.raises(NotAllowed):
            sign(act, dot)


def test_the_scope_names_channels_by_number(desk: Desk, dot: User) -> None:
    appointed(desk, dot, channels=[desk.channel.pk])
    assert sign(submitted(desk), dot).signer == dot


@pytest.mark.parametrize("when", [timedelta(), 2 * WEEK])
def test_only_within_the_dates(desk: Desk, dot: User, when: timedelta) -> None:
    appointed(desk, dot, starts=AT + WEEK, until=AT + 2 * WEEK)
    act = submitted(desk)
    with pytest.raises(NotAllowed):
        sign(act, dot, AT + when)
    assert sign(act, dot, AT + WEEK).signer == dot


def test_nobody_signs_in_the_stead_of_who_wrote_it(desk: Desk, dot: User) -> None:
    appointed(desk, dot)
    act = actions.submit(desk.content(), subject="variant:1", by=desk.officer, at=AT)
    with pytest.raises(NotAllowed, match="in the stead of the person who wrote this"):
        sign(act, dot)


def test_a_deputy_has_no_deputies(desk: Desk, dot: User) -> None:
    third = people.add_person(name="Tess Vale", email="tess@example.org", by=SYSTEM, at=AT)
    appointed(desk, dot)
    with pytest.raises(PeopleError, match="holds no role"):
        deputies.appoint(dot, third, starts=AT, until=AT + WEEK, by=dot, at=AT)
    with pytest.raises(NotAllowed):
        sign(submitted(desk), third)


def test_what_a_deputy_signed_leaves_after_the_agreed_end(desk: Desk, dot: User) -> None:
    appointed(desk, dot)
    act = submitted(desk, not_before=AT + WEEK + timedelta(hours=1))
    sign(act, dot)
    assert len(sending.claim(worker="w", at=AT + WEEK + timedelta(hours=1))) == 1


def test_but_not_when_the_term_was_ended_early(desk: Desk, dot: User) -> None:
    made = appointed(desk, dot)
    act = submitted(desk)
    sign(act, dot)
    deputies.end(made, by=desk.officer, at=AT)
    deputies.end(made, by=desk.officer, at=AT)  # once is enough
    assert Line.objects.filter(verb="deputy.ended").count() == 1
    assert sending.claim(worker="w", at=AT) == []
    act.refresh_from_db()
    assert act.says.startswith("Dot Marsh may no longer sign off")


@pytest.mark.parametrize("who", ["deputy", "person"])
def test_nor_when_one_of_the_two_has_left(desk: Desk, dot: User, who: str) -> None:
    appointed(desk, dot)
    act = submitted(desk)
    sign(act, dot)
    if who == "deputy":
        boss = people.add_person(name="Ida Root", email="ida@example.org", by=SYSTEM, at=AT, is_admin=True)
        people.leave(dot, by=boss, at=AT)
    else:
        people.end_role(Holding.objects.get(person=desk.officer), by=desk.officer, at=AT)
    assert sending.claim(worker="w", at=AT) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"until": AT}, "end must lie after"),
        ({"starts": AT - WEEK, "until": AT - timedelta(days=1)}, "end must lie after"),
        ({"until": AT + timedelta(days=400)}, "At most a year"),
        ({"starts": AT + timedelta(days=400), "until": AT + timedelta(days=401)}, "At most a year"),
    ],
)
def test_dates_that_are_none(desk: Desk, dot: User, change: dict[str, object], says: str) -> None:
    with pytest.raises(PeopleError, match=says):
        appointed(desk, dot, **change)


def test_who_may_appoint(desk: Desk, dot: User) -> None:
    with pytest.raises(NotAllowed):
        appointed(desk, dot, by=desk.staff)
    with pytest.raises(PeopleError, match="for themselves"):
        deputies.appoint(desk.officer, desk.officer, starts=AT, until=AT + WEEK, by=desk.officer, at=AT)
    made = appointed(desk, dot)
    with pytest.raises(NotAllowed):
        deputies.end(made, by=desk.staff, at=AT)
    deputies.end(made, by=dot, at=AT)  # the deputy may lay it down
    User.objects.filter(pk=dot.pk).update(is_active=False)
    dot.refresh_from_db()
    with pytest.raises(PeopleError, match="left the desk"):
        appointed(desk, dot)


def test_being_away_is_recorded_and_ends(desk: Desk, dot: User) -> None:
    gone = deputies.go_away(dot, starts=AT, until=AT + WEEK, by=dot, at=AT)
    with pytest.raises(NotAllowed):
        deputies.go_away(dot, starts=AT, until=AT + WEEK, by=desk.staff, at=AT)
    with pytest.raises(NotAllowed):
        deputies.come_back(gone, by=desk.staff, at=AT)
    deputies.come_back(gone, by=desk.officer, at=AT)
    deputies.come_back(gone, by=dot, at=AT)
    assert list(Line.objects.filter(subject=f"person:{dot.pk}").order_by("id").values_list("verb", flat=True))[-2:] == [
        "person.away",
        "person.back",
    ]
