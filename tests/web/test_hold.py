"""Holding everything or a channel, what is held, letting go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.gate import actions as gate
from gatepost.gate.content import Content
from gatepost.gate.models import Act, Crisis, Hold
from gatepost.people.models import User
from gatepost.publishing.models import Campaign
from gatepost.rulebook.actions import in_force
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> User:
    person = factories.officer()
    client.force_login(person)
    return person


def signed(officer: User, text: str = "The hall opens at nine on Saturday.") -> Act:
    """A reply of a colleague's, signed off to leave tomorrow."""
    channel = factories.channel(by=officer)
    author = factories.staff(channel, by=officer)
    now = timezone.now()
    content = Content(kind="publish", channel=channel.pk, text=text, not_before=now + timedelta(hours=20))
    act = gate.submit(content, subject="variant:0", by=author, at=now, answers=Everything())
    gate.sign_off(act, digest=act.digest, by=officer, at=now)
    act.refresh_from_db()
    return act


class Everything(dict[str, str]):
    """An answer to whatever the checks ask."""

    def get(self, key: str, default: str | None = None) -> str:  # type: ignore[override]  # always an answer
        return "Yes, checked."


def test_everything_is_held_and_let_go(client: Client, officer: User) -> None:
    act = signed(officer)
    page = client.get("/hold/").content.decode()
    assert "Hold everything?" in page
    assert "The hall opens at nine" in page  # next to go
    given = {"act": "hold", "what": "all", "reason": "Fire at the depot", "moderation": "yes"}
    assert client.post("/hold/", given).status_code == 303
    held = Hold.objects.get()
    assert held.moderation_may_go
    page = client.get("/hold/").content.decode()
    assert "Everything is held" in page
    assert "Fire at the depot" in page
    assert "1 signed off act waits" in page
    assert "gp-state" in client.get("/people/").content.decode()  # the line is on every page
    assert client.post("/hold/", {"act": "end", "hold": str(held.pk)}).status_code == 303
    shown = client.get("/people/").content.decode()
    assert "The hold has ended." in shown  # everybody sees that something waits to be looked at
    assert "Look at it" in shown
    act.refresh_from_db()
    assert (act.state, act.review) == ("signed_off", held)


def test_one_channel_is_held(client: Client, officer: User) -> None:
    act = signed(officer)
    given = {"act": "hold", "what": f"channel:{act.channel_id}", "reason": "Under repair"}
    assert client.post("/hold/", given).status_code == 303
    held = Hold.objects.get()
    assert held.channel == act.channel
    assert not held.moderation_may_go
    assert f"{act.channel.name} is held" in client.get("/").content.decode()


@pytest.mark.parametrize("given", [{"reason": " "}, {"what": "channel:0"}, {"what": "nonsense"}])
def test_what_is_missing_is_said_and_the_words_are_kept(client: Client, officer: User, given: dict[str, str]) -> None:
    answer = client.post("/hold/", {"act": "hold", "what": "all", "reason": "Fire at the depot", **given})
    assert answer.status_code == 422
    assert "Not held" in answer.content.decode()
    if "reason" not in given:
        assert 'value="Fire at the depot"' in answer.content.decode()
    assert not Hold.objects.exists()


def test_staff_see_it_and_may_not_hold(client: Client) -> None:
    client.force_login(factories.staff())
    assert "Only Communications may hold" in client.get("/hold/").content.decode()
    answer = client.post("/hold/", {"act": "hold", "what": "all", "reason": "Fire"})
    assert answer.status_code == 422
    assert "responsibility.2" in answer.content.decode()
    assert not Hold.objects.exists()


def test_what_missed_its_time_is_listed(client: Client, officer: User) -> None:
    act = signed(officer)
    Act.objects.filter(pk=act.pk).update(state="missed")
    assert "Missed their time" in client.get("/hold/").content.decode()


def test_an_unknown_hold_is_not_found(client: Client, officer: User) -> None:
    assert client.post("/hold/", {"act": "end", "hold": "77"}).status_code == 404


class TestAfterTheHold:
    def kept_back(self, client: Client, officer: User) -> Act:
        act = signed(officer)
        client.post("/hold/", {"act": "hold", "what": "all", "reason": "Fire at the depot", "moderation": "yes"})
        answer = client.post("/hold/", {"act": "end", "hold": str(Hold.objects.get().pk)}, follow=True)
        assert "One thing waits" in answer.content.decode()
        assert "Look at each before it leaves" in answer.content.decode()
        act.refresh_from_db()
        return act

    def decide(self, client: Client, act: Act, **given: str) -> str:
        answer = client.post("/hold/review/", {"item": str(act.pk), **given}, follow=True)
        act.refresh_from_db()
        return answer.content.decode()

    def test_kept(self, client: Client, officer: User) -> None:
        act = self.kept_back(client, officer)
        assert "Kept. It leaves" in self.decide(client, act, do="keep")
        assert (act.state, act.review) == ("signed_off", None)

    def test_moved(self, client: Client, officer: User) -> None:
        act = self.kept_back(client, officer)
        assert "Say to what day" in self.decide(client, act, do="move", to=" ")
        assert "Try “tomorrow 9am”" in self.decide(client, act, do="move", to="soonish")
        assert "It is to be signed off for that time" in self.decide(client, act, do="move", to="in 3 days")
        assert act.state == "to_sign_off"

    def test_sent_back(self, client: Client, officer: User) -> None:
        act = self.kept_back(client, officer)
        assert "Say what is to be written anew" in self.decide(client, act, do="rewrite")
        assert "Sent back to its author" in self.decide(client, act, do="rewrite", why="Too cheerful")
        assert act.state == "declined"

    def test_withdrawn(self, client: Client, officer: User) -> None:
        act = self.kept_back(client, officer)
        assert "Withdrawn. It does not go out." in self.decide(client, act, do="withdraw")
        assert act.state == "withdrawn"
        assert "Everything that was kept back has been decided" in client.get("/hold/review/").content.decode()

    def test_what_cannot_be_decided(self, client: Client, officer: User) -> None:
        act = self.kept_back(client, officer)
        assert "Choose one of the four" in self.decide(client, act, do="shred")
        assert client.post("/hold/review/", {"item": "nonsense", "do": "keep"}).status_code == 404
        client.force_login(factories.staff())
        assert "Whoever signs off decides" in client.get("/hold/review/").content.decode()
        self.decide(client, act, do="keep")
        assert act.review is not None


def test_an_end_and_another_and_people_who_go_on(client: Client, officer: User) -> None:
    signed(officer)
    given = {"act": "hold", "what": "posts", "reason": "Fire", "ends": "in 2 hours", "people": [str(officer.pk)]}
    assert client.post("/hold/", given).status_code == 303
    held = Hold.objects.get()
    assert (held.kinds, held.people, held.ends_itself) == (["publish", "edit"], [officer.pk], False)
    page = client.get("/hold/").content.decode()
    assert "All posts, not answers" in page
    assert f"What {officer.name} writes goes on." in page
    assert "You are asked again" in page
    wrong = client.post("/hold/", {"act": "extend", "hold": str(held.pk), "ends": "yesteryear"})
    assert wrong.status_code == 422
    assert client.post("/hold/", {"act": "extend", "hold": str(held.pk), "ends": "in 5 hours", "itself": "yes"})
    held.refresh_from_db()
    assert held.ends_itself
    assert client.post("/hold/", {"act": "extend", "hold": str(held.pk)}).status_code == 303
    held.refresh_from_db()
    assert held.ends_at is None


def test_a_campaign_is_held(client: Client, officer: User) -> None:
    day = timezone.now().date()
    made = Campaign.objects.create(
        name="Boilers",
        goal="Fewer calls",
        begins=day,
        ends=day,
        owner=officer,
        created_at=timezone.now(),
        changed_at=timezone.now(),
    )
    assert client.post("/hold/", {"act": "hold", "what": f"campaign:{made.pk}", "reason": "Fire"}).status_code == 303
    assert Hold.objects.get().campaign == made.pk
    assert "The campaign Boilers" in client.get("/hold/").content.decode()
    assert "A part is held" in client.get("/").content.decode()


class TestACrisis:
    def test_declared_and_ended(self, client: Client, officer: User) -> None:
        act = signed(officer)
        asked = client.get("/hold/crisis/").content.decode()
        assert "Declare a crisis?" in asked
        overlay = in_force(timezone.now()).crisis  # the shipped policy's own
        assert overlay is not None
        assert "Communications Officer, Communications, business owner of all social media, and nobody else" in asked
        assert "A crisis: the first words" in asked
        assert "We know what has happened, and our team is working on it." in asked
        assert "Say why" in client.post("/hold/crisis/", {"act": "declare", "reason": " "}).content.decode()
        given = {"act": "declare", "reason": "Fire at Millrace", "ends": "in 6 hours"}
        page = client.post("/hold/crisis/", given, follow=True).content.decode()
        assert "A crisis is declared" in page
        assert "Fire at Millrace" in client.get("/hold/").content.decode()
        assert Crisis.objects.get().hold.ends_at is not None
        assert Crisis.objects.get().hold.statements == list(overlay.statements) == ["crisis_first_words"]
        assert "Say why it has ended" in client.post("/hold/crisis/", {"act": "end"}).content.decode()
        page = client.post("/hold/crisis/", {"act": "end", "because": "The fire is out"}, follow=True).content.decode()
        assert "1 to look at before anything leaves" in page
        assert "The fire is out" in client.get("/hold/crisis/").content.decode()
        act.refresh_from_db()
        assert act.review is not None
        assert "Somebody has ended it" in client.post("/hold/crisis/", {"act": "end", "because": "x"}).content.decode()

    def test_staff_see_who_may(self, client: Client) -> None:
        client.force_login(factories.staff())
        assert 'value="declare"' not in client.get("/hold/crisis/").content.decode()
        assert client.post("/hold/crisis/", {"act": "declare", "reason": "Fire"}).status_code == 422
        assert not Crisis.objects.exists()
