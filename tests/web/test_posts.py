from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate import actions as gate
from gatepost.gate import holds, sending, settling
from gatepost.gate.models import Act
from gatepost.networks.protocol import Answer, Receipt, Refused, Unknown
from gatepost.people.models import User
from gatepost.publishing import actions as publishing
from gatepost.publishing.models import Post
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = "Come to the open day on Saturday 5 December, 10am to 2pm, at Millrace hall. It is free."


@pytest.fixture
def writer(officer: User, channel: Channel) -> User:
    return factories.staff(channel, by=officer, name="Dafydd Rees")


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def written(by: User, channel: Channel, *, submit: bool = True, hours: int = 0) -> Post:
    at = timezone.now()
    draft = publishing.Draft(
        text=TEXT,
        kind="event",
        aim="promote",
        channels=[channel.pk],
        audiences=["residents"],
        not_before=at + timedelta(hours=hours) if hours else None,
    )
    post = publishing.save_draft(draft, by=by, at=at)
    if submit:
        publishing.submit(post, by=by, at=at)
    return post


def act_of(post: Post) -> Act:
    [act] = publishing.acts_of(post)
    return act


def settled(post: Post, officer: User, answer: Answer) -> Act:
    """The post's act signed, claimed and answered by its network."""
    act = act_of(post)
    gate.sign_off(act, digest=act.digest, by=officer, at=timezone.now())
    [claimed] = sending.claim(worker="test", at=timezone.now())
    settling.settle([(claimed, answer)], at=timezone.now())
    return act_of(post)


RECEIPT = Receipt("100_200", "https://www.example.org/100_200", {"id": "100_200"})


@pytest.mark.parametrize("tab", ["drafts", "waiting", "scheduled", "sent", "trouble", "nonsense"])
def test_empty_lists_say_so(officer: User, tab: str) -> None:
    html = signed_in(officer).get(f"/posts/?tab={tab}&after=x").content.decode()
    assert "gp-empty" in html


def test_each_post_stands_in_its_list(officer: User, writer: User, channel: Channel) -> None:
    client = signed_in(writer)
    written(writer, channel, submit=False)
    assert TEXT[:40] in client.get("/posts/").content.decode()
    post = written(writer, channel, hours=5)
    assert TEXT[:40] in client.get("/posts/?tab=waiting").content.decode()
    act = act_of(post)
    gate.sign_off(act, digest=act.digest, by=officer, at=timezone.now())
    assert "Signed off" in client.get("/posts/?tab=scheduled").content.decode()
    holds.hold(reason="A death in the community", by=officer, at=timezone.now())
    assert "Held" in client.get("/posts/?tab=scheduled").content.decode()


def test_a_sent_post_has_its_address_answer_and_history(officer: User, writer: User, channel: Channel) -> None:
    post = written(writer, channel)
    act = settled(post, officer, RECEIPT)
    html = signed_in(writer).get(f"/posts/{post.pk}/").content.decode()
    assert "/#i100_200" in html  # the channel is the practice town's, and so is the address
    assert "What the network answered" in html
    assert act.digest[:12] in html
    for words in ("Put before the gate", "Signed off", "Sent", "Dafydd Rees", "usage.1"):
        assert words in html
    assert TEXT[:40] in signed_in(writer).get("/posts/?tab=sent").content.decode()


def test_taking_down_waits_for_a_sign_off(officer: User, writer: User, channel: Channel) -> None:
    post = written(writer, channel)
    act = settled(post, officer, RECEIPT)
    client = signed_in(writer)
    without = client.post(f"/posts/{post.pk}/", {"do": "take_down", "act": act.pk, "reason": ""})
    assert without.status_code == 422
    answer = client.post(f"/posts/{post.pk}/", {"do": "take_down", "act": act.pk, "reason": "Called off"}, follow=True)
    assert "as soon as somebody else has signed" in answer.content.decode()
    down = Act.objects.get(kind="delete")
    assert (down.state, down.clauses) == ("to_sign_off", ["risks.9"])
    assert "Ask to take it down" not in client.get(f"/posts/{post.pk}/").content.decode()  # it is asked for already
    html = signed_in(officer).get(f"/sign-off/{down.pk}/").content.decode()
    assert "What is taken down" in html
    assert TEXT in html


def test_unconfirmed_is_settled_by_a_person(officer: User, writer: User, channel: Channel) -> None:
    post = written(writer, channel)
    act = settled(post, officer, Unknown("No answer in 20 seconds."))
    client = signed_in(officer)
    html = client.get(f"/posts/{post.pk}/").content.decode()
    assert "It is there" in html
    assert "It is not there: send again" in html
    bad = client.post(f"/posts/{post.pk}/", {"do": "there", "act": act.pk, "permalink": "somewhere"})
    assert bad.status_code == 422
    good = {"do": "there", "act": act.pk, "permalink": "https://www.example.org/1"}
    assert client.post(f"/posts/{post.pk}/", good).status_code == 303
    assert act_of(post).state == "sent"


def test_not_there_goes_again_under_its_sign_off(officer: User, writer: User, channel: Channel) -> None:
    post = written(writer, channel)
    act = settled(post, officer, Unknown("No answer in 20 seconds."))
    assert signed_in(writer).post(f"/posts/{post.pk}/", {"do": "not_there", "act": act.pk}).status_code == 422
    assert signed_in(officer).post(f"/posts/{post.pk}/", {"do": "not_there", "act": act.pk}).status_code == 303
    assert act_of(post).state == "signed_off"


def test_missed_goes_now_or_never(officer: User, writer: User, channel: Channel) -> None:
    post = written(writer, channel, hours=1)
    act = act_of(post)
    gate.sign_off(act, digest=act.digest, by=officer, at=timezone.now())
    assert sending.claim(worker="test", at=timezone.now() + timedelta(hours=3)) == []
    client = signed_in(officer)
    assert "Missed its time" in client.get("/posts/?tab=trouble").content.decode()
    assert "Send it now" in client.get(f"/posts/{post.pk}/").content.decode()
    assert client.post(f"/posts/{post.pk}/", {"do": "send_now", "act": act.pk}).status_code == 303
    assert act_of(post).state == "signed_off"


def test_refused_says_why_and_the_way_out(officer: User, writer: User, channel: Channel) -> None:
    post = written(writer, channel)
    settled(post, officer, Refused("The text is the same as an earlier post.", "187"))
    html = signed_in(writer).get(f"/posts/{post.pk}/").content.decode()
    assert "The text is the same as an earlier post. Nothing was sent." in html
    assert "Refused by Facebook" in html
    assert "Change the post and submit it again" in html


def test_withdrawing_and_copying(officer: User, writer: User, channel: Channel) -> None:
    post = written(writer, channel, hours=5)
    client = signed_in(writer)
    assert client.post(f"/posts/{post.pk}/", {"do": "withdraw", "act": act_of(post).pk}).status_code == 303
    assert act_of(post).state == "withdrawn"
    answer = client.post(f"/posts/{post.pk}/", {"do": "duplicate"})
    copy = Post.objects.exclude(pk=post.pk).get()
    assert answer["Location"] == f"/write/{copy.pk}/"
    assert (copy.text, copy.not_before, copy.submitted_at) == (TEXT, None, None)
    assert client.post(f"/posts/{post.pk}/", {"do": "withdraw_all"}).status_code == 303


def test_an_act_of_another_post_is_not_there(officer: User, writer: User, channel: Channel) -> None:
    one, other = written(writer, channel), written(writer, channel)
    answer = signed_in(writer).post(f"/posts/{one.pk}/", {"do": "withdraw", "act": act_of(other).pk})
    assert answer.status_code == 404
    assert signed_in(writer).get("/posts/987654/").status_code == 404
    assert signed_in(writer).post(f"/posts/{one.pk}/", {"do": "burn"}).status_code == 404


def test_the_calendar_shows_what_leaves_where(officer: User, writer: User, channel: Channel) -> None:
    post = written(writer, channel, hours=1)
    written(writer, channel, submit=False, hours=1)
    moment = timezone.localtime(timezone.now() + timedelta(hours=1))
    client = signed_in(writer)
    for view in ("", "&view=list"):
        html = client.get(f"/calendar/?week={moment:%Y-%m-%d}{view}").content.decode()
        assert f"/posts/{post.pk}/" in html
        assert "gp-slot--waiting" in html
        assert "gp-slot--draft" in html
    act = act_of(post)
    gate.sign_off(act, digest=act.digest, by=officer, at=timezone.now())
    holds.hold(reason="A death in the community", by=officer, at=timezone.now())
    assert "gp-slot--held" in client.get(f"/calendar/?week={moment:%Y-%m-%d}").content.decode()


@pytest.mark.parametrize("week", ["nonsense", "2026-99-99", "0001-01-01", "9999-12-31", "2026-03-23", "2026-10-19"])
def test_any_week_can_be_asked_for(officer: User, week: str) -> None:
    assert signed_in(officer).get("/calendar/", {"week": week}).status_code == 200
