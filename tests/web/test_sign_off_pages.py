from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.calls.actions import ACTIONS
from gatepost.calls.asked import ActsWaiting
from gatepost.channels.models import Channel
from gatepost.gate.models import Act, SignOff
from gatepost.gate.seal import four_words, together
from gatepost.inbox import actions as inbox
from gatepost.people.models import User
from gatepost.publishing import actions as publishing
from gatepost.publishing.models import Post
from gatepost.web.sign_off.group import diff
from gatepost.web.sign_off.queue import queue
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = "Come to the open day on Saturday 5 December, 10am to 2pm, at Millrace hall. It is free."
PHONE = "07700 900123"


@pytest.fixture
def writer(officer: User, channel: Channel, x: Channel) -> User:
    return factories.staff(channel, x, by=officer, name="Dafydd Rees")


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def submitted(by: User, *channels: Channel, text: str = TEXT, hours: int = 0) -> Post:
    draft = publishing.Draft(
        text=text,
        kind="event",
        aim="promote",
        channels=[channel.pk for channel in channels],
        audiences=["residents"],
        not_before=timezone.now() + timedelta(hours=hours) if hours else None,
    )
    post = publishing.save_draft(draft, by=by, at=timezone.now())
    publishing.submit(post, by=by, at=timezone.now())
    return post


def digests(*acts: Act) -> dict[str, str]:
    return {f"digest.{act.pk}": act.digest for act in acts}


def test_an_empty_queue_says_so(officer: User) -> None:
    assert "Nothing waits for a sign-off" in signed_in(officer).get("/sign-off/").content.decode()


def test_a_post_is_one_entry_and_is_signed_together(officer: User, writer: User, channel: Channel, x: Channel) -> None:
    post = submitted(writer, channel, x)
    [entry] = queue(officer)
    assert len(entry.acts) == 2
    acts = publishing.acts_of(post)
    client = signed_in(officer)
    html = client.get(f"/sign-off/{acts[0].pk}/").content.decode()
    assert html.count("gp-pvcell__head") == 2
    for word in four_words(together(act.digest for act in acts)):
        assert word in html
    answer = client.post(f"/sign-off/{acts[0].pk}/", {"do": "sign", **digests(*acts)})
    assert (answer.status_code, answer["Location"]) == (303, "/sign-off/")
    assert {act.state for act in Act.objects.all()} == {"signed_off"}
    assert all(sign.seen["content"]["text"] == TEXT for sign in SignOff.objects.all())


@pytest.mark.parametrize("change", ["missing", "other", "extra", "text"])
def test_what_has_changed_since_it_was_seen_is_not_signed(
    officer: User, writer: User, channel: Channel, x: Channel, change: str
) -> None:
    acts = publishing.acts_of(submitted(writer, channel, x))
    seen = digests(*acts)
    if change == "missing":
        seen.pop(f"digest.{acts[1].pk}")
    elif change == "other":
        seen[f"digest.{acts[1].pk}"] = "0" * 64
    elif change == "extra":
        seen[f"digest.{uuid.uuid4()}"] = "0" * 64
    else:
        seen[f"digest.{acts[1].pk}"] = "not a digest"
    answer = signed_in(officer).post(f"/sign-off/{acts[0].pk}/", {"do": "sign", **seen})
    assert answer.status_code == 422
    assert "This has changed since you opened it" in answer.content.decode()
    assert {act.state for act in Act.objects.all()} == {"to_sign_off"}
    assert not SignOff.objects.exists()


def test_the_author_sees_why_they_may_not_sign(officer: User, channel: Channel) -> None:
    [act] = publishing.acts_of(submitted(officer, channel))
    client = signed_in(officer)
    html = client.get(f"/sign-off/{act.pk}/").content.decode()
    assert "You wrote this, so somebody else must sign it off." in html
    assert 'value="sign"' not in html
    answer = client.post(f"/sign-off/{act.pk}/", {"do": "sign", **digests(act)})
    assert answer.status_code == 422
    assert not SignOff.objects.exists()


def test_who_may_not_sign_off_is_told(writer: User, channel: Channel) -> None:
    [act] = publishing.acts_of(submitted(writer, channel))
    other = factories.person("Robin Sample")
    html = signed_in(other).get(f"/sign-off/{act.pk}/").content.decode()
    assert "Only Communications may sign off" in html
    answer = signed_in(other).post(f"/sign-off/{act.pk}/", {"do": "sign", **digests(act)})
    assert answer.status_code == 422


def test_declining_needs_a_reason_and_gives_it(officer: User, writer: User, channel: Channel) -> None:
    post = submitted(writer, channel)
    [act] = publishing.acts_of(post)
    client = signed_in(officer)
    assert client.post(f"/sign-off/{act.pk}/", {"do": "decline", "reason": " "}).status_code == 422
    assert client.post(f"/sign-off/{act.pk}/", {"do": "decline", "reason": "Check the hall"}).status_code == 303
    act.refresh_from_db()
    assert act.state == "declined"
    assert "Check the hall" in signed_in(writer).get(f"/posts/{post.pk}/").content.decode()


def test_what_changed_since_the_last_sign_off_is_marked(officer: User, writer: User, channel: Channel) -> None:
    post = submitted(writer, channel)
    [act] = publishing.acts_of(post)
    signed_in(officer).post(f"/sign-off/{act.pk}/", {"do": "sign", **digests(act)})
    draft = publishing.Draft(
        text=TEXT.replace("10am to 2pm", "11am to 3pm"),
        kind="event",
        aim="promote",
        channels=[channel.pk],
        audiences=["residents"],
        link="https://www.example.org/open-day",
    )
    publishing.save_draft(draft, by=writer, at=timezone.now(), post=post)
    html = signed_in(officer).get(f"/sign-off/{act.pk}/").content.decode()
    assert "Changed since it was last signed" in html
    assert '<del class="gp-del"><span class="govuk-visually-hidden">taken out: </span>10am</del>' in html
    assert '<ins class="gp-ins"><span class="govuk-visually-hidden">put in: </span>11am</ins>' in html
    assert "Also changed: the link" in html


def test_a_reply_is_shown_with_what_it_answers_and_no_details(writer: User, officer: User, channel: Channel) -> None:
    message = factories.message(f"My heating is off, ring me on {PHONE}. Can you help?", channel=channel)
    act = inbox.reply(message, by=writer, at=timezone.now(), text="We are sorry. We will look into it today.")
    html = signed_in(officer).get(f"/sign-off/{act.pk}/").content.decode()
    assert "What it answers" in html
    assert "My heating is off" in html
    assert PHONE not in html
    assert "We are sorry." in html


def test_moderation_without_a_standing_sign_off_waits_here(writer: User, officer: User, channel: Channel) -> None:
    message = factories.message(f"Ring the caretaker at home on {PHONE}", channel=channel)
    act = inbox.moderate(message, "hide", reason="Somebody's number", clause="usage.6", by=writer, at=timezone.now())
    assert act.state == "to_sign_off"
    html = signed_in(officer).get(f"/sign-off/{act.pk}/").content.decode()
    assert PHONE not in html
    assert "Somebody&#x27;s number" in html
    assert "Evidence" in html
    assert signed_in(officer).post(f"/sign-off/{act.pk}/", {"do": "sign", **digests(act)}).status_code == 303


def test_unknown_acts_and_unknown_wishes(officer: User, writer: User, channel: Channel) -> None:
    client = signed_in(officer)
    assert client.get(f"/sign-off/{uuid.uuid4()}/").status_code == 404
    [act] = publishing.acts_of(submitted(writer, channel))
    assert client.post(f"/sign-off/{act.pk}/", {"do": "burn"}).status_code == 404


def test_the_change_of_a_text_word_by_word() -> None:
    words = diff("one two three", "one 2 three four")
    assert "".join(word.text for word in words if word.kind != "ins") == "one two three"
    assert "".join(word.text for word in words if word.kind != "del") == "one 2 three four"


def test_neighbouring_changes_are_one_change() -> None:
    assert [(word.text, word.kind) for word in diff("We will help with bills.", "Our advisers help with bills.")] == [
        ("We will", "del"),
        ("Our advisers", "ins"),
        (" help with bills.", "same"),
    ]
    assert [word.kind for word in diff("", "All of it is new.")] == ["ins"]
    assert diff("", "") == ()


def test_what_changed_alike_is_told_once(officer: User, writer: User, channel: Channel, x: Channel) -> None:
    post = submitted(writer, channel, x)
    acts = publishing.acts_of(post)
    signed_in(officer).post(f"/sign-off/{acts[0].pk}/", {"do": "sign", **digests(*acts)})
    draft = publishing.Draft(
        text=TEXT.replace("10am", "11am"), kind="event", aim="promote", channels=[channel.pk, x.pk], audiences=[]
    )
    publishing.save_draft(draft, by=writer, at=timezone.now(), post=post)
    html = signed_in(officer).get(f"/sign-off/{acts[0].pk}/").content.decode()
    assert html.count("Changed since it was last signed") == 1


def test_what_is_due_soonest_is_shown_however_much_waits(
    officer: User, writer: User, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gatepost.web.sign_off.queue.MOST", 1)
    untimed, *later = (submitted(writer, channel, hours=hours) for hours in (0, 9, 2))
    assert [entry.post for entry in queue(officer)] == [later[1].pk, untimed.pk]
    html = signed_in(officer).get("/sign-off/").content.decode()
    assert "1 more waits, none of them due sooner" in html
    told = ACTIONS["acts.waiting"](ActsWaiting(), by=officer, at=timezone.now()).model_dump()["acts"]
    soonest = [publishing.acts_of(post)[0].pk for post in (later[1], later[0], untimed)]
    assert [one["id"] for one in told] == soonest


def test_what_cannot_be_read_is_shown_as_far_as_it_is_known_and_stops_no_page(
    officer: User, writer: User, channel: Channel
) -> None:
    post, other = submitted(writer, channel), submitted(writer, channel, text=f"Bring a friend. {TEXT}")
    [act] = publishing.acts_of(post)
    Act.objects.filter(pk=act.pk).update(content={**act.content, "of_a_later_release": True})
    client = signed_in(officer)
    assert "Bring a friend" in client.get("/sign-off/").content.decode()
    html = client.get(f"/sign-off/{act.pk}/").content.decode()
    assert "This cannot be read whole" in html
    assert TEXT in html
    assert 'value="sign"' not in html
    answer = client.post(f"/sign-off/{act.pk}/", {"do": "sign", **digests(act)})
    assert (answer.status_code, "nobody can sign it" in answer.content.decode()) == (422, True)
    for url in ("/posts/?tab=waiting", f"/posts/{post.pk}/", f"/posts/{other.pk}/", "/calendar/", "/"):
        assert client.get(url).status_code == 200
    assert client.post(f"/sign-off/{act.pk}/", {"do": "withdraw", "act": str(act.pk)}).status_code == 303
