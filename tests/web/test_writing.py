"""Writing: what is typed is kept, clashes are shown, versions, comments and templates on the screen."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate.facts import LinkFact
from gatepost.people.models import User
from gatepost.publishing.models import Comment, Post, Template, WorkingCopy

from .test_write import TEXT, client, form, writer

__all__ = ["client", "writer"]  # the fixtures
pytestmark = pytest.mark.django_db


def words(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def kept(client: Client, *channels: Channel, **fields: object) -> Post:
    client.post("/write/", form(*channels, **{"do": "keep", **fields}))
    return Post.objects.latest("pk")


def test_what_is_typed_is_kept_for_its_writer_and_found_again(client: Client, channel: Channel) -> None:
    key = str(uuid4())
    answer = words(client.post("/write/check/", form(channel, copy=key, text="Half a sen")))
    assert "is kept for you on the server" in answer
    assert not Post.objects.exists()
    assert "You typed something here and did not keep it" in words(client.get("/write/"))
    again = words(client.get(f"/write/?copy={key}"))
    assert "Half a sen</textarea>" in again
    assert f'value="{key}"' in again
    client.post("/write/", form(channel, copy=key, do="keep"))
    assert not WorkingCopy.objects.exists()


def test_it_can_be_thrown_away_and_an_empty_form_is_not_kept(client: Client, channel: Channel) -> None:
    key = str(uuid4())
    client.post("/write/check/", form(channel, copy=key))
    client.post("/write/", {"do": f"forget:{key}"})
    assert not WorkingCopy.objects.exists()
    client.post("/write/check/", form(channel, copy=key, text=" "))
    client.post("/write/check/", form(channel, copy="no key"))
    assert not WorkingCopy.objects.exists()


def test_no_text_is_not_said_to_have_been_checked(client: Client, channel: Channel) -> None:
    found_nothing = "the policy found nothing"
    assert found_nothing not in words(client.post("/write/check/", form(channel, text=" ")))
    assert found_nothing in words(client.post("/write/check/", form(channel)))


def test_a_post_that_is_open_and_unchanged_is_not_kept_twice(client: Client, channel: Channel) -> None:
    post = kept(client, channel)
    key = str(uuid4())
    same = form(channel, copy=key, post=post.pk, version=1)
    client.post("/write/check/", same)
    assert not WorkingCopy.objects.exists()
    client.post("/write/check/", {**same, "text": TEXT + " Come."})
    assert WorkingCopy.objects.get().post == post
    client.post("/write/check/", same)  # taken back
    assert not WorkingCopy.objects.exists()


def test_a_clash_shows_both_and_overwrites_nobody(client: Client, channel: Channel, x: Channel, officer: User) -> None:
    post = kept(client, channel, x)
    other = Client()
    other.force_login(officer)
    other.post(f"/write/{post.pk}/", form(channel, x, do="keep", version=1, text="Theirs now.", title="Their title"))
    answer = client.post(f"/write/{post.pk}/", form(channel, x, do="keep", version=1, text="Mine now."))
    html = words(answer)
    assert answer.status_code == 422
    assert "What Nell Okafor changed, and what you did" in html
    assert "Theirs" in html
    assert "Mine now.</textarea>" in html
    assert 'value="Their title"' in html  # untouched by me: taken over
    assert 'name="version" value="2"' in html
    post.refresh_from_db()
    assert post.text == "Theirs now."
    client.post(f"/write/{post.pk}/", form(channel, x, do="keep", version=2, text="Both.", title="Their title"))
    post.refresh_from_db()
    assert (post.text, post.version) == ("Both.", 3)
    history = words(client.get(f"/write/{post.pk}/versions/"))
    assert "Theirs" in history
    assert '<del class="gp-del">' in history
    assert "Theirs now.</textarea>" in words(client.get(f"/write/{post.pk}/?version=2"))


def test_comments_and_the_people_they_name(client: Client, channel: Channel, officer: User) -> None:
    post = kept(client, channel)
    client.post(f"/posts/{post.pk}/comment/", {"comment": "Right date, @NellOkafor? <b>"})
    other = Client()
    other.force_login(officer)
    assert "You are named in 1 comment" in words(other.get("/posts/"))
    page = words(other.get(f"/posts/{post.pk}/"))
    assert "Right date, @NellOkafor? &lt;b&gt;" in page
    assert "You are named" not in words(other.get("/posts/"))
    number = Comment.objects.get().pk
    other.post(f"/posts/{post.pk}/comment/", {"settle": str(number)})
    assert "Dealt with" in words(client.get(f"/posts/{post.pk}/"))
    answer = client.post(f"/posts/{post.pk}/comment/", {"comment": " "})
    assert answer.status_code == 422
    assert "Write what you want to say." in words(answer)
    assert client.post(f"/posts/{post.pk}/comment/", {"settle": "99"}).status_code == 404
    assert client.post("/posts/999/comment/", {"comment": "x"}).status_code == 404


def test_templates(client: Client, channel: Channel) -> None:
    post = kept(client, channel)
    assert "No templates yet" in words(client.get("/write/templates/"))
    client.post("/write/templates/", {"post": post.pk, "name": "Open day"})
    number = Template.objects.get().pk
    assert "Open day" in words(client.get("/write/"))
    assert f"{TEXT}</textarea>" in words(client.get(f"/write/?template={number}"))
    assert client.post("/write/templates/", {"post": post.pk, "name": ""}).status_code == 422
    client.post("/write/templates/", {"end": number})
    assert "No templates yet" in words(client.get("/write/templates/"))
    assert client.post("/write/templates/", {"end": 999}).status_code == 404
    assert client.post("/write/templates/", {"post": 999}).status_code == 404


def test_what_was_written_before_is_pointed_out(client: Client, channel: Channel) -> None:
    kept(client, channel)
    answer = words(client.post("/write/check/", form(channel, text=TEXT.replace("Saturday", "Sunday"))))
    assert "Nearly the same has been written before" in answer
    assert re.search(r"\d+% of the words", answer)


def test_versions_of_nothing(client: Client, channel: Channel) -> None:
    assert client.get("/write/999/versions/").status_code == 404
    post = kept(client, channel)
    assert "The first that was kept" in words(client.get(f"/write/{post.pk}/versions/"))
    assert timezone.now() > post.created_at


def test_a_link_is_followed_when_it_has_stood_there_for_two_looks(client: Client, channel: Channel) -> None:
    key, link = str(uuid4()), "https://www.example.org/news"
    half = client.post("/write/check/", form(channel, copy=key, link=link[:-4]))
    assert "The link is being looked at" in words(half)
    client.post("/write/check/", form(channel, copy=key, link=link))
    assert not LinkFact.objects.exists()  # each stood there once
    assert "The link is being looked at" in words(client.post("/write/check/", form(channel, copy=key, link=link)))
    assert LinkFact.objects.get().url == link
    LinkFact.objects.update(seen_at=timezone.now(), title="All the news")
    page = words(client.post("/write/check/", form(channel, copy=key, link=link)))
    assert "The link is being looked at" not in page
    assert "All the news" in page
