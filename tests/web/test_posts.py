from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.calls.actions import ACTIONS
from gatepost.calls.asked import PostGet
from gatepost.calls.holding import ActDown, ActEdit, ActRetract
from gatepost.channels.models import Channel
from gatepost.gate import actions as gate
from gatepost.gate import holds, sending, settling
from gatepost.gate.models import Act, Published, PublishedPart
from gatepost.ledger.actions import Entry, record_many
from gatepost.ledger.models import Line
from gatepost.networks.protocol import Answer, Receipt, Refused, Unknown
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from gatepost.publishing import actions as publishing
from gatepost.publishing.drafts import DraftPart
from gatepost.publishing.models import Post
from gatepost.publishing.moving import move_post
from tests import factories

pytestmark = pytest.mark.django_db

PART = "The lift works on Monday."
TEXT = "Come to the open day on Saturday 5 December, 10am to 2pm, at Millrace hall. It is free."


@pytest.fixture
def writer(officer: User, channel: Channel) -> User:
    return factories.staff(channel, by=officer, name="Dafydd Rees")


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def written(by: User, channel: Channel, *, submit: bool = True, hours: int = 0, parts: Any = ()) -> Post:
    at = timezone.now()
    draft = publishing.Draft(
        text=TEXT,
        kind="event",
        aim="promote",
        channels=[channel.pk],
        audiences=["residents"],
        not_before=at + timedelta(hours=hours) if hours else None,
        parts=parts,
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


def test_a_long_history_shows_its_newest_lines_and_the_way_to_the_others(
    officer: User, writer: User, channel: Channel
) -> None:
    post = written(writer, channel, submit=False)
    client, at = signed_in(writer), timezone.now()
    written_before = Line.objects.filter(subject=f"post:{post.pk}").count()
    record_many(
        [Entry("post.saved", f"post:{post.pk}", [], {"digest": f"{number:064x}"}) for number in range(1, 150)],
        by=writer,
        at=at,
    )
    count = written_before + 149
    page = client.get(f"/posts/{post.pk}/").content.decode()
    assert f"Lines {count - 99} to {count} of {count}, the newest." in page
    assert "Later lines" not in page
    earlier = client.get(f"/posts/{post.pk}/?history=2").content.decode()
    assert f"Lines 1 to {count - 100} of {count}." in earlier
    assert "Earlier lines" not in earlier
    assert f"Lines 1 to {count - 100}" in client.get(f"/posts/{post.pk}/?history=99").content.decode()


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


def thread(writer: User, officer: User, channel: Channel) -> tuple[Post, Act]:
    """A post with one comment of ours under it, both out."""
    post = written(writer, channel, parts=[DraftPart(PART)])
    settled(post, officer, RECEIPT)
    at = timezone.now()
    [claimed] = sending.claim(worker="test", at=at)
    settling.settle([(claimed, Receipt("100_300"))], at=at)
    return post, act_of(post)


def test_a_further_part_is_changed_and_taken_down_by_itself(officer: User, writer: User, channel: Channel) -> None:
    post, act = thread(writer, officer, channel)
    client, page = signed_in(writer), f"/posts/{post.pk}/"
    html = client.get(page).content.decode()
    assert "Change the words of part 2" in html
    assert "Take part 2 down alone" in html
    wish = {"do": "edit", "act": act.pk, "part": "1", "text": "The lift works on Tuesday.", "reason": "Wrong day"}
    assert client.post(page, {**wish, "part": "9"}).status_code == 422
    assert client.post(page, wish).status_code == 303
    made = Act.objects.get(kind="edit")
    assert (made.content["target"], made.content["text"]) == ("100_300", "The lift works on Tuesday.")
    assert PART in signed_in(officer).get(f"/sign-off/{made.pk}/").content.decode()
    assert "Change the words of part 2" not in client.get(page).content.decode()  # one change at a time
    gate.withdraw(made, by=writer, at=timezone.now())
    down = {"do": "take_down", "act": act.pk, "part": "1", "reason": "Wrong number"}
    assert client.post(page, down).status_code == 303
    assert Act.objects.get(kind="delete").content["target"] == "100_300"


def test_what_a_person_took_down_on_the_network_is_noted(officer: User, writer: User, channel: Channel) -> None:
    post, act = thread(writer, officer, channel)
    client, page = signed_in(writer), f"/posts/{post.pk}/"
    assert "is down now" not in client.get(page).content.decode()
    at = timezone.now()
    PublishedPart.objects.update(ref="", permalink="https://www.example.org/300")
    Published.objects.update(ref="", overdue_at=at, says="Its time on the network has ended. Take it down by hand.")
    html = client.get(page).content.decode()
    assert "Part 2 is down now" in html
    assert "It is down now" in html
    assert "Should be down" in signed_in(officer).get("/archive/online/").content.decode()
    assert "Something of ours is online after its end" in signed_in(officer).get("/").content.decode()
    assert "It is down now" in signed_in(officer).get(f"/sign-off/{act.pk}/").content.decode()
    assert client.post(page, {"do": "is_down", "act": act.pk, "part": "1"}).status_code == 303
    assert PublishedPart.objects.get().status == "retracted"
    told = ACTIONS["act.is_down"](ActDown(act=act.pk), by=officer, at=at)
    assert told.id == act.pk
    assert Published.objects.get().status == "retracted"
    assert "online after its end" not in signed_in(officer).get("/").content.decode()


def test_programs_name_parts_as_people_count_them(officer: User, writer: User, channel: Channel) -> None:
    _, act = thread(writer, officer, channel)
    at = timezone.now()
    edit = ActEdit(act=act.pk, part=2, text="The lift works on Tuesday.", reason="Wrong day")
    made = ACTIONS["act.edit"](edit, by=writer, at=at)
    assert Act.objects.get(pk=made.id).content["target"] == "100_300"
    gate.withdraw(Act.objects.get(pk=made.id), by=writer, at=at)
    made = ACTIONS["act.retract"](ActRetract(act=act.pk, part=2, reason="Wrong number"), by=writer, at=at)
    assert Act.objects.get(pk=made.id).content["target"] == "100_300"


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


def test_a_draft_is_thrown_away_and_brought_back(officer: User, writer: User, channel: Channel) -> None:
    post = written(writer, channel, submit=False, hours=3)
    client = signed_in(writer)
    assert "Throw it away" in client.get(f"/posts/{post.pk}/").content.decode()
    other = signed_in(factories.staff(factories.channel(by=officer, name="The lettings page"), by=officer))
    assert other.post(f"/posts/{post.pk}/", {"do": "throw_away"}).status_code == 422
    assert client.post(f"/posts/{post.pk}/", {"do": "throw_away"}).status_code == 303
    title = "Come to the open day"
    assert title not in client.get("/posts/?tab=drafts").content.decode()
    assert title in client.get("/posts/?tab=withdrawn").content.decode()
    assert "Bring it back" in client.get(f"/posts/{post.pk}/").content.decode()
    assert client.post(f"/posts/{post.pk}/", {"do": "bring_back"}).status_code == 303
    assert title in client.get("/posts/?tab=drafts").content.decode()
    assert title not in client.get("/posts/?tab=withdrawn").content.decode()
    asked, at = PostGet(post=post.pk), timezone.now()
    assert ACTIONS["post.withdraw"](asked, by=writer, at=at).model_dump()["withdrawn_at"] == at
    assert ACTIONS["post.bring_back"](asked, by=writer, at=at).model_dump()["withdrawn_at"] is None
    with pytest.raises(publishing.PublishingError, match="thrown away"):
        publishing.bring_back(post, by=writer, at=at)


def test_a_post_of_which_nothing_waits_is_marked_withdrawn_by_its_writers_alone(
    officer: User, writer: User, channel: Channel
) -> None:
    post, at = written(writer, channel, hours=5), timezone.now()
    gate.withdraw(act_of(post), by=writer, at=at)
    other = factories.staff(factories.channel(by=officer, name="The lettings page"), by=officer)
    with pytest.raises(NotAllowed, match="not approved"):
        ACTIONS["post.withdraw"](PostGet(post=post.pk), by=other, at=at)
    assert signed_in(other).post(f"/posts/{post.pk}/", {"do": "withdraw_all"}).status_code == 422
    assert Post.objects.get(pk=post.pk).withdrawn_at is None
    assert ACTIONS["post.withdraw"](PostGet(post=post.pk), by=writer, at=at).model_dump()["withdrawn_at"] == at


def test_a_draft_for_no_channel_is_its_writers(officer: User, writer: User, channel: Channel) -> None:
    at = timezone.now()
    post = publishing.save_draft(publishing.Draft(text=TEXT, kind="event", channels=[]), by=writer, at=at)
    with pytest.raises(NotAllowed, match="Only who wrote this draft"):
        publishing.withdraw(post, by=factories.staff(channel, by=officer, name="Ines Cole"), at=at)
    publishing.withdraw(post, by=writer, at=at)
    publishing.bring_back(post, by=officer, at=at)
    assert Post.objects.get(pk=post.pk).withdrawn_at is None


def test_what_was_withdrawn_is_found_again_and_moved_once_it_is_submitted(writer: User, channel: Channel) -> None:
    post, at = written(writer, channel, hours=5), timezone.now()
    client = signed_in(writer)
    client.post(f"/posts/{post.pk}/", {"do": "withdraw", "act": act_of(post).pk})
    assert "Come to the open day" in client.get("/posts/?tab=withdrawn").content.decode()
    publishing.withdraw(post, by=writer, at=at)
    publishing.submit(post, by=writer, at=at)
    assert "Come to the open day" not in client.get("/posts/?tab=withdrawn").content.decode()
    assert move_post(post, to=at + timedelta(hours=9), by=writer, at=at).waiting
