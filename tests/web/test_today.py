"""The front page: what is going wrong, what waits, clocks, the day, the channels."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate import actions as gate
from gatepost.gate.content import Content, Part
from gatepost.gate.models import Act, Beat, Published, Reminder
from gatepost.gate.parts import part_sent
from gatepost.inbox.models import Message
from gatepost.ledger.actions import System
from gatepost.people.models import User
from tests import factories
from tests.web.test_hold import Everything

pytestmark = pytest.mark.django_db
PHONE = "07700 900461"


@pytest.fixture
def officer(client: Client) -> User:
    person = factories.officer()
    client.force_login(person)
    return person


def page(client: Client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def alive() -> None:
    now = timezone.now()
    Beat.objects.update_or_create(worker="w", defaults={"started_at": now, "at": now})


def waiting(officer: User, text: str = "The hall opens at nine on Saturday.") -> Act:
    channel = factories.channel(by=officer)
    author = factories.staff(channel, by=officer)
    content = Content(kind="publish", channel=channel.pk, text=text)
    return gate.submit(content, subject="variant:0", by=author, at=timezone.now(), answers=Everything())


def test_a_new_desk_offers_the_next_step(client: Client, officer: User, settings: object) -> None:
    shown = page(client)
    assert "Connect the first channel" in shown
    assert "No clock is running" in shown
    assert "Nothing leaves today" in shown
    settings.TOWN_URL = "http://127.0.0.1:9"  # type: ignore[attr-defined]  # pytest-django's settings
    assert "Start with the practice town" in page(client)


def test_who_may_not_read_messages_is_told_so(client: Client, officer: User) -> None:
    factories.channel(by=officer)
    assert "No clock is running" in page(client)
    client.force_login(factories.person())
    shown = page(client)
    assert "No clock is running" not in shown
    assert "Ask whoever signs off to approve you." in shown


def test_a_proposed_channel_waits(client: Client, officer: User) -> None:
    made = factories.channel(by=officer, live=False)
    assert f"{made.name} waits to be signed off" in page(client)


def test_a_silent_worker_alarms(client: Client, officer: User) -> None:
    factories.channel(by=officer)
    assert "has not given a sign of life yet" in page(client)
    alive()
    assert "is silent" not in page(client)
    Beat.objects.update(at=timezone.now() - timedelta(minutes=5))
    assert "Last sign of life" in page(client)


def test_an_ill_channel_alarms_with_its_mend(client: Client, officer: User) -> None:
    made = factories.channel(by=officer)
    Channel.objects.filter(pk=made.pk).update(ill_since=timezone.now(), ill_says="The key has expired. Make a new one.")
    shown = page(client)
    assert f"{made.name} does not answer" in shown
    assert "The key has expired." in shown


def test_what_waits_for_sign_off_is_shown_to_who_may_sign(client: Client, officer: User) -> None:
    act = waiting(officer)
    shown = page(client)
    assert "The hall opens at nine" in shown
    assert "Sam Whitlock" in shown
    client.force_login(act.author)
    assert "Waiting for your sign-off" not in page(client)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("unconfirmed", "may or may not have gone out"),
        ("missed", "Something missed its time"),
        ("refused", "refused ‘The hall opens"),
    ],
)
def test_trouble_with_acts_is_an_alert(client: Client, officer: User, state: str, says: str) -> None:
    act = waiting(officer)
    Act.objects.filter(pk=act.pk).update(state=state, due_at=timezone.now(), says="Too long.")
    assert says in page(client)


def test_a_declined_act_comes_back_to_its_author_alone(client: Client, officer: User) -> None:
    act = waiting(officer)
    gate.decline(act, reason="The day is wrong", by=officer, at=timezone.now())
    assert "came back to you" not in page(client)
    client.force_login(act.author)
    shown = page(client)
    assert "came back to you" in shown
    assert "The day is wrong" in shown


def test_clocks_show_no_personal_details_and_no_abuse(client: Client, officer: User) -> None:
    made = factories.channel(by=officer)
    said = factories.message(f"I want to complain: nobody mended my boiler. Ring me on {PHONE}.", channel=made)
    abuse = factories.message("You lot are useless fucking idiots and I hope you rot.", channel=made)
    due = timezone.now() + timedelta(hours=2)
    Message.objects.filter(pk__in=[said.pk, abuse.pk]).update(due_at=due)
    shown = page(client)
    assert PHONE not in shown
    assert "900461" not in shown
    assert "nobody mended my boiler" in shown
    assert "idiots" not in shown
    assert "gp-clock--soon" in shown


def test_the_page_asks_the_same_few_questions_however_much_there_is(client: Client, officer: User) -> None:
    made = factories.channel(by=officer)
    alive()
    factories.message("When does the hall open?", channel=made)
    with CaptureQueriesContext(
        connection,
    ) as few:
        page(client)
    for number in range(20):
        factories.message(f"When does hall {number} open?", channel=made)
    Message.objects.update(due_at=timezone.now())
    with CaptureQueriesContext(connection) as many:
        page(client)
    assert len(many) <= len(few) + 1
    assert len(many) < 45


def test_nothing_wrong_is_said_too(client: Client, officer: User) -> None:
    from gatepost.people.actions import give_role
    from gatepost.people.models import Role

    for role in Role.objects.all():
        give_role(officer, role, by=officer, at=timezone.now())
    factories.channel(by=officer)
    alive()
    assert "Nothing is going wrong." in page(client)


def test_the_pulse_of_sending(client: Client, officer: User) -> None:
    shown = page(client)
    assert "Last looked what is due" in shown
    assert "Nothing signed off is waiting" in shown


def test_what_was_removed_elsewhere_is_told(client: Client, officer: User) -> None:
    live = factories.channel(by=officer)
    at = timezone.now()
    act = Act.objects.create(
        kind="publish",
        channel=live,
        author=officer,
        subject="variant:0",
        content={"text": "The hall is open."},
        digest="0" * 64,
        state="sent",
        ref="1_2",
        created_at=at,
    )
    Published.objects.create(
        act=act, channel=live, ref="1_2", since=at, status="gone", changed_at=at, says="It is no longer on Facebook."
    )
    shown = page(client)
    assert "Something of ours was removed elsewhere" in shown
    assert "The hall is open." in shown
    Published.objects.update(status="changed")
    assert "says other words than were signed off" in page(client)


def test_what_nobody_has_signed_in_time_is_told_to_who_was_asked(client: Client, officer: User) -> None:
    act = waiting(officer)
    Reminder.objects.create(act=act, digest=act.digest, step=0, kind="escalation", person=officer, at=timezone.now())
    assert "Nobody has signed" in page(client)
    gate.sign_off(act, digest=act.digest, by=officer, at=timezone.now())
    assert "Nobody has signed" not in page(client)


def test_what_went_out_in_part_is_told(client: Client, officer: User) -> None:
    channel = factories.channel(by=officer)
    author = factories.staff(channel, by=officer)
    content = Content(kind="publish", channel=channel.pk, text="The hall opens at nine.", parts=(Part("Bring tea."),))
    at = timezone.now()
    act = gate.submit(content, subject="variant:0", by=author, at=at, answers=Everything())
    gate.sign_off(act, digest=act.digest, by=officer, at=at)
    part_sent(Act.objects.select_related("channel").get(pk=act.pk), "1", "", by=System("test"), at=at)
    assert "went out in part" not in page(client)
    gate.withdraw(Act.objects.get(pk=act.pk), by=author, at=at)
    shown = page(client)
    assert "went out in part" in shown
    assert "1 of 2 parts was sent" in shown
