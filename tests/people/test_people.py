"""Coming in, holding roles, going: links that work once, and leavers who lose everything at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.channels.actions import may_write
from gatepost.gate import sending
from gatepost.gate.actions import sign_off, submit
from gatepost.gate.content import Content
from gatepost.gate.models import Attempt
from gatepost.ledger.models import Line
from gatepost.people import actions, links
from gatepost.people.actions import PeopleError
from gatepost.people.authority import NotAllowed, holders, signs_off, vacant
from gatepost.people.models import Holding, Role, SignInLink, User
from tests import factories

pytestmark = pytest.mark.django_db
COMMS = "communications_officer"


def role() -> Role:
    return Role.objects.get(pk=COMMS)


def test_a_link_lets_in_once() -> None:
    person, at = factories.person(), timezone.now()
    secret = links.make_link(person, by=factories.SETUP, at=at)
    assert secret not in str(list(SignInLink.objects.values()))
    assert links.use_link(secret, at=at) == person
    with pytest.raises(PeopleError, match="used or is too old"):
        links.use_link(secret, at=at)


def test_links_end_after_a_day_and_with_a_newer_one() -> None:
    person, at = factories.person(), timezone.now()
    old = links.make_link(person, by=factories.SETUP, at=at)
    new = links.make_link(person, by=factories.SETUP, at=at)
    for secret, when in ((old, at), (new, at + timedelta(hours=24)), ("", at), ("x" * 5000, at)):
        with pytest.raises(PeopleError):
            links.use_link(secret, at=when)
    assert links.use_link(new, at=at + timedelta(hours=23, minutes=59)) == person


def test_a_leaver_loses_everything_at_once() -> None:
    boss, person = factories.officer(), factories.officer("Lee Sample", is_admin=False)
    channel = factories.channel(by=boss)
    at = timezone.now()
    client = Client()
    client.force_login(person)
    assert client.get("/").status_code == 200
    token = actions.make_token(person, title="Script", by=person, at=at)
    secret = links.make_link(person, by=boss, at=at)
    assert actions.person_of_token(token, at=at) == person
    actions.leave(person, by=boss, at=at)
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")
    assert client.post("/inbox/1/reply/", {"text": "x"}).status_code in (302, 404)
    assert actions.person_of_token(token, at=at) is None
    with pytest.raises(PeopleError):
        links.use_link(secret, at=at)
    person.refresh_from_db()
    assert not signs_off(person, at)
    assert not may_write(person, channel, at)
    assert person not in holders(COMMS, at)
    assert not Holding.objects.filter(person=person, until=None).exists()
    for refused in (links.make_link, lambda p, by, at: actions.give_role(p, role(), by=by, at=at)):
        with pytest.raises(PeopleError, match="has left"):
            refused(person, by=boss, at=at)


def test_what_a_leaver_signed_does_not_leave() -> None:
    boss, signer = factories.officer(), factories.officer("Lee Sample")
    channel = factories.channel(by=boss)
    author = factories.staff(channel, by=boss)
    at = timezone.now()
    words = "The estate office is open on Saturday."
    act = submit(Content(kind="publish", channel=channel.pk, text=words), subject="variant:0", by=author, at=at)
    sign_off(act, digest=act.digest, by=signer, at=at)
    actions.leave(signer, by=boss, at=at)
    assert sending.claim(worker="w", at=timezone.now()) == []
    act.refresh_from_db()
    assert act.state == "to_sign_off"
    assert "Lee Sample may no longer sign off" in act.says
    assert not Attempt.objects.exists()


def test_roles_begin_and_end() -> None:
    boss, person = factories.officer(), factories.person()
    at = timezone.now()
    with pytest.raises(PeopleError, match="future"):
        actions.give_role(person, role(), by=boss, at=at, until=at)
    holding = actions.give_role(person, role(), by=boss, at=at, deputy=True, until=at + timedelta(days=1))
    assert signs_off(person, at)
    assert holders(COMMS, at) == [boss, person]
    assert not signs_off(person, at + timedelta(days=1))
    actions.end_role(holding, by=boss, at=at)
    assert not signs_off(person, at)
    actions.end_role(holding, by=boss, at=at + timedelta(hours=1))  # from a page that was left open
    holding.refresh_from_db()
    assert (holding.until, Line.objects.filter(verb="role.ended").count()) == (at, 1)
    assert COMMS not in [one.pk for one in vacant(at)]
    assert "staff_abuse" in [one.pk for one in vacant(at)]


def test_only_administrators_look_after_administrators() -> None:
    """Whoever approves staff makes links for staff; a link for an administrator would make them one."""
    officer, admin = factories.officer(is_admin=False), factories.person(is_admin=True)
    at = timezone.now()
    for refused in (
        lambda: links.make_link(admin, by=officer, at=at),
        lambda: actions.leave(admin, by=officer, at=at),
        lambda: actions.add_person(name="Kit", email="kit@example.org", by=officer, at=at, is_admin=True),
    ):
        with pytest.raises(NotAllowed, match="administrator"):
            refused()
    assert not User.objects.filter(email="kit@example.org").exists()
    with pytest.raises(PeopleError, match="cannot remove yourself"):
        actions.leave(admin, by=admin, at=at)


def test_staff_can_change_nobody() -> None:
    person, other = factories.person(), factories.person()
    at = timezone.now()
    for refused in (
        lambda: links.make_link(other, by=person, at=at),
        lambda: actions.leave(other, by=person, at=at),
        lambda: actions.give_role(person, role(), by=person, at=at),
        lambda: actions.add_person(name="Kit", email="kit@example.org", by=person, at=at),
    ):
        with pytest.raises(NotAllowed):
            refused()
    with pytest.raises(PeopleError, match="only by the person"):
        actions.make_token(other, title="x", by=person, at=at)


@pytest.mark.parametrize(
    ("name", "email", "says"),
    [
        ("", "kit@example.org", "needs a name"),
        ("Kit", "", "needs a name"),
        ("Kit", "not an address", "not an e-mail address"),
        ("Kit", "kit@example.org\nBcc: all@example.org", "not an e-mail address"),
        ("Kit", "k" * 300 + "@example.org", "not an e-mail address"),
        ("K" * 121, "kit@example.org", "at most 120"),
        ("Kit\x00", "kit@example.org", "control character"),
        ("Kit\ud800", "kit@example.org", "control character"),
    ],
)
def test_names_and_addresses_that_cannot_be_kept(name: str, email: str, says: str) -> None:
    at = timezone.now()
    with pytest.raises(PeopleError, match=says):
        actions.add_person(name=name, email=email, by=factories.SETUP, at=at)
    person = factories.person()
    with pytest.raises(PeopleError, match=says):
        actions.introduce(person, name=name, email=email, password="", at=at)


def test_an_address_once_and_names_of_any_script() -> None:
    at = timezone.now()
    actions.add_person(name="Zoë  Nguyễn 👩‍🔧", email="Kit@Example.org", by=factories.SETUP, at=at)
    assert User.objects.get(email="kit@example.org").name == "Zoë Nguyễn 👩‍🔧"
    with pytest.raises(PeopleError, match="already"):
        actions.add_person(name="Kit", email="KIT@example.org", by=factories.SETUP, at=at)
