"""The further parts of a post on the Write screen, the sign-off page, the page of the post, and in the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.calls.actions import ACTIONS
from gatepost.channels.models import Channel
from gatepost.gate import actions as gate
from gatepost.gate.content import from_json
from gatepost.gate.models import Act
from gatepost.gate.parts import part_sent
from gatepost.gate.settling import sent
from gatepost.ledger.actions import System
from gatepost.networks.protocol import Receipt
from gatepost.people.models import User
from gatepost.publishing import archive
from gatepost.publishing.models import Media, Post
from tests import factories

from .test_write import TEXT, form, picture

pytestmark = pytest.mark.django_db

SECOND = "Bring your questions about repairs."
THIRD = "Tea and coffee are there."


@pytest.fixture
def news(officer: User) -> Channel:
    return factories.channel(by=officer, network="wordpress", name="News", base_url="http://127.0.0.1:9/w")


@pytest.fixture
def writer(officer: User, channel: Channel, x: Channel, news: Channel) -> User:
    return factories.staff(channel, x, news, by=officer)


@pytest.fixture
def client(writer: User) -> Client:
    made = Client()
    made.force_login(writer)
    return made


def parts(*texts: str, **fields: Any) -> dict[str, Any]:
    return {**{f"part.text.{place}": text for place, text in enumerate(texts)}, **fields}


def test_a_part_is_added_moved_and_taken_out_without_script(client: Client, channel: Channel, x: Channel) -> None:
    shown = client.post("/write/", form(channel, x, do="part-add")).content.decode()
    assert 'id="part-2"' in shown
    shown = client.post("/write/", form(x, do="part-up:3", **parts(SECOND, THIRD))).content.decode()
    assert shown.index(THIRD) < shown.index(SECOND)
    shown = client.post("/write/", form(x, do="part-down:2", **parts(SECOND, THIRD))).content.decode()
    assert shown.index(THIRD) < shown.index(SECOND)
    shown = client.post("/write/", form(x, do="part-drop:2", **parts(SECOND, THIRD))).content.decode()
    assert SECOND not in shown
    assert THIRD in shown
    assert not Post.objects.exists()


def test_nonsense_asked_of_parts_changes_nothing(client: Client, x: Channel) -> None:
    for wish in ("part-up:2", "part-down:3", "part-drop:9", "part-drop:x", "part-up:", "part-fly:2"):
        shown = client.post("/write/", form(x, do=wish, **parts(SECOND, THIRD))).content.decode()
        assert shown.index(SECOND) < shown.index(THIRD), wish


def test_each_channel_gets_the_parts_it_takes(client: Client, channel: Channel, x: Channel, news: Channel) -> None:
    fields = parts(SECOND, THIRD, **{"part.channel.1": x.pk, "title": "Open day"})
    shown = client.post("/write/", form(channel, x, news, do="check", **fields)).content.decode()
    assert "2 further parts do not go here" in shown  # the news blog
    assert "1 further part does not go here" in shown  # Facebook
    answer = client.post("/write/", form(channel, x, news, **fields), follow=True)
    assert "Submitted for sign-off" in answer.content.decode()
    sent = {act.channel_id: [part.text for part in from_json(act.content).parts] for act in Act.objects.all()}
    assert sent == {channel.pk: [SECOND], x.pk: [SECOND, THIRD], news.pk: []}


def test_a_part_that_is_too_long_says_so_where_it_stands(client: Client, channel: Channel, x: Channel) -> None:
    fields = parts(SECOND, "word " * 70)
    shown = client.post("/write/", form(channel, x, do="submit", **fields), follow=True).content.decode()
    assert "Part 3:" in shown
    assert 'href="#part-3"' in shown
    assert "too many" in shown
    assert not Act.objects.exists()


def test_a_mend_is_made_in_the_part(client: Client, x: Channel) -> None:
    shown = client.post("/write/", form(x, do="check", **parts("We cannot utilise #openday today."))).content.decode()
    wish = next((piece.split('"')[0] for piece in shown.split('value="') if piece.startswith("mend:part-2:")), "")
    assert wish, "the policy mends nothing here any more: choose other words"
    after = client.post("/write/", form(x, do=wish, **parts("We cannot utilise #openday today."))).content.decode()
    assert "We cannot use #openday today." in after


def test_a_picture_goes_with_the_part_it_is_given_to(client: Client, x: Channel) -> None:
    client.post("/write/", form(x, do="add", picture=picture()))
    [media] = Media.objects.all()
    fields = parts(SECOND, **{"picture_kept": media.pk, f"alt.{media.pk}": "The hall", f"goes.{media.pk}": "1"})
    client.post("/write/", form(x, **fields))
    [act] = Act.objects.all()
    assert not from_json(act.content).media
    assert from_json(act.content).parts[0].media[0].alt == "The hall"
    [post] = Post.objects.all()
    again = client.get(f"/write/{post.pk}/").content.decode()
    assert '<option value="1" selected>Part 2</option>' in again
    moved = client.post(f"/write/{post.pk}/", form(x, do="part-drop:2", **fields)).content.decode()
    assert "The hall" in moved


def test_what_is_typed_in_parts_is_kept_and_comes_back(client: Client, x: Channel) -> None:
    client.post("/write/", form(x, do="keep", **parts(SECOND, THIRD)))
    [post] = Post.objects.all()
    assert [part["text"] for part in post.parts] == [SECOND, THIRD]
    client.post(f"/write/{post.pk}/", form(x, do="keep", version=post.version, **parts(THIRD)))
    told = client.get(f"/write/{post.pk}/versions/").content.decode()
    assert "The further parts" in told


def test_who_signs_sees_every_part_and_what_changed_in_them(client: Client, officer: User, x: Channel) -> None:
    client.post("/write/", form(x, **parts(SECOND, THIRD)))
    [act] = Act.objects.all()
    signer = Client()
    signer.force_login(officer)
    shown = signer.get(f"/sign-off/{act.pk}/").content.decode()
    assert SECOND in shown
    assert THIRD in shown
    assert "3 parts" in shown
    [post] = Post.objects.all()
    client.post(f"/write/{post.pk}/", form(x, do="keep", version=post.version, **parts(SECOND, "No tea.")))
    shown = signer.get(f"/sign-off/{act.pk}/").content.decode()
    assert "the further parts" in shown


def test_parts_are_written_and_told_by_the_api(client: Client, writer: User, x: Channel) -> None:
    call = ACTIONS["post.save"]
    wish = call.asks.model_validate(
        {
            "text": TEXT,
            "kind": "event",
            "aim": "promote",
            "channels": [x.pk],
            "parts": [{"text": SECOND}, {"text": THIRD, "channel": x.pk}],
        }
    )
    told = json.loads(call(wish, by=writer, at=timezone.now()).model_dump_json())
    assert told["parts"] == [{"text": SECOND, "channel": 0}, {"text": THIRD, "channel": x.pk}]


def test_the_archive_finds_the_words_of_every_part(client: Client, officer: User, x: Channel) -> None:
    client.post("/write/", form(x, **parts(SECOND)))
    [act] = Act.objects.all()
    at = timezone.now()
    gate.sign_off(act, digest=act.digest, by=officer, at=at)
    act = Act.objects.select_related("channel").get(pk=act.pk)
    part_sent(act, "1", "", by=System("test"), at=at)
    act = Act.objects.select_related("channel").get(pk=act.pk)
    sent(act, Receipt("2"), at=at)
    item = archive.keep_act(act, by=System("test"), at=at)
    assert isinstance(item, archive.ArchivedItem)
    assert SECOND in item.text
    assert SECOND in item.rendered
    assert [part["ref"] for part in item.facts["parts"]] == ["2"]
    assert SECOND in client.get(f"/archive/{act.pk}/").content.decode()
    assert "further part" in client.get("/archive/online/").content.decode()
    [post] = Post.objects.all()
    assert "Part 2" in client.get(f"/posts/{post.pk}/").content.decode()


def test_what_it_costs_stands_there_with_all_its_parts(client: Client, channel: Channel, x: Channel) -> None:
    shown = client.post("/write/", form(channel, x, do="check", **parts(SECOND, THIRD))).content.decode()
    assert "X charges $0.045" in shown
    assert "Facebook charges" not in shown
