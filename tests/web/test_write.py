from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from gatepost.channels.models import Channel
from gatepost.gate import actions as gate
from gatepost.gate.models import Act, SignOff
from gatepost.people.models import User
from gatepost.publishing.models import Media, Post
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = "Come to the open day on Saturday 5 December, 10am to 2pm, at Millrace hall. It is free."


@pytest.fixture
def writer(officer: User, channel: Channel, x: Channel) -> User:
    return factories.staff(channel, x, by=officer)


@pytest.fixture
def client(writer: User) -> Client:
    made = Client()
    made.force_login(writer)
    return made


def form(*channels: Channel, **fields: Any) -> dict[str, Any]:
    given = {
        "text": TEXT,
        "kind": "event",
        "aim": "promote",
        "audience": ["residents", "young_people"],
        "channel": [channel.pk for channel in channels],
        "when": "signed",
        "do": "submit",
    }
    return {**given, **fields}


def picture(size: tuple[int, int] = (1200, 630)) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, format="PNG")
    return SimpleUploadedFile("hall.png", out.getvalue(), content_type="image/png")


def test_nobody_in_particular_is_sent_to_sign_in() -> None:
    for path in ("/write/", "/write/1/", "/posts/", "/sign-off/", "/calendar/", f"/write/picture/{'0' * 64}/small/"):
        answer = Client().get(path)
        assert answer.status_code == 302
        assert "/sign-in/" in answer["Location"]


def test_an_empty_form_offers_only_channels_of_ones_own(client: Client, officer: User) -> None:
    factories.channel(by=officer, name="Somebody else's page")
    factories.channel(by=officer, name="Not signed off", live=False)
    html = client.get("/write/").content.decode()
    assert "Millrace on Facebook" in html
    assert "Not Somebody else&#x27;s page: you are not approved for it" in html
    assert "Not Not signed off: Communications has not signed it off yet" in html
    assert "hard to reach" in html


def test_submitting_puts_every_channel_before_the_gate(client: Client, channel: Channel, x: Channel) -> None:
    own = {f"text.{x.pk}": "Open day at Millrace hall, Saturday 5 December, 10am to 2pm. It is free."}
    answer = client.post("/write/", form(channel, x, **own, other="A poster in every lobby"))
    post = Post.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/posts/{post.pk}/")
    assert post.other_channel == "A poster in every lobby"
    acts = {act.channel_id: act for act in Act.objects.all()}
    assert acts[channel.pk].content["text"] == TEXT
    assert acts[x.pk].content["text"].startswith("Open day")
    assert {act.state for act in acts.values()} == {"to_sign_off"}


def test_a_draft_is_kept_and_comes_back(client: Client, channel: Channel) -> None:
    answer = client.post("/write/", form(channel, do="keep", aim="", when="at", day="tomorrow", time="9am"))
    post = Post.objects.get()
    assert answer["Location"] == f"/write/{post.pk}/"
    assert not Act.objects.exists()
    html = client.get(f"/write/{post.pk}/").content.decode()
    assert TEXT in html
    tomorrow = timezone.localtime(timezone.now() + timedelta(days=1))
    assert f"{tomorrow:%A} {tomorrow.day} {tomorrow:%B %Y}, 9am" in html


def test_a_time_that_cannot_be_read_loses_no_words(client: Client, channel: Channel) -> None:
    answer = client.post("/write/", form(channel, when="at", day="blursday", time="9am"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in html
    assert "is not a day we know" in html
    assert TEXT in html
    assert "blursday" in html
    assert not Post.objects.exists()


def test_a_stop_is_marked_numbered_and_named(client: Client, channel: Channel, x: Channel) -> None:
    text = "Ring Mrs Sample at home on 07700 900123 about the open day."
    answer = client.post("/write/", form(channel, x, text=text))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "This cannot go for sign-off yet" in html
    assert 'class="gp-mark gp-mark--stop" data-n="1"' in html
    assert "gp-clause" in html
    assert not Act.objects.exists()
    assert Post.objects.get().text == text  # kept as a draft


def test_a_text_too_long_for_one_network_says_which(client: Client, channel: Channel, x: Channel) -> None:
    text = "The hall is open to everybody in the area. " * 8
    answer = client.post("/write/", form(channel, x, text=text))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Millrace on X: This is" in html
    assert "too many" in html


def test_checks_while_writing_save_nothing(client: Client, channel: Channel) -> None:
    answer = client.post(
        "/write/check/", form(channel, text="We will endeavour to assist."), headers={"HX-Request": "true"}
    )
    html = answer.content.decode()
    assert answer.status_code == 200
    assert '<div id="checks"' in html
    assert 'id="previews" hx-swap-oob="true"' in html
    assert f'id="length-{channel.pk}" hx-swap-oob="true"' in html
    assert "<html" not in html
    assert "<textarea" not in html
    assert not Post.objects.exists()


def test_a_question_is_answered_and_the_answer_kept(client: Client, channel: Channel) -> None:
    text = "Mr John Sample lied about the repairs at Millrace hall. Come to the open day to hear the facts."
    html = client.post("/write/check/", form(channel, text=text)).content.decode()
    check = html.split('name="answer.')[1].split('"')[0]
    client.post("/write/", form(channel, text=text, do="keep", **{f"answer.{check}": "Agreed with the officer"}))
    assert Post.objects.get().answers == {check: "Agreed with the officer"}


def test_pictures_are_added_described_shown_and_taken_out(client: Client, channel: Channel) -> None:
    html = client.post("/write/", form(channel, do="add", picture=picture())).content.decode()
    media = Media.objects.get()
    assert f'name="picture_kept" value="{media.pk}"' in html
    assert not Post.objects.exists()
    kept = {"picture_kept": [media.pk]}
    answer = client.post("/write/", form(channel, **kept))
    assert answer.status_code == 422
    assert f'href="#alt-{media.pk[:12]}"' in answer.content.decode()
    post = Post.objects.get()
    said = {f"alt.{media.pk}": "Millrace hall at dusk with its lights on"}
    answer = client.post(f"/write/{post.pk}/", form(channel, version=post.version, **kept, **said))
    assert answer.status_code == 303
    assert Act.objects.get().content["media"][0]["alt"] == said[f"alt.{media.pk}"]
    for size in ("small", "whole"):
        shown = client.get(f"/write/picture/{media.pk}/{size}/")
        assert shown.status_code == 200
        assert shown["Content-Type"].startswith("image/")
        assert "private" in shown["Cache-Control"]
    assert client.get(f"/write/picture/{'0' * 64}/small/").status_code == 404
    dropped = client.post(f"/write/{post.pk}/", form(channel, do=f"drop:{media.pk}", **kept)).content.decode()
    assert "picture_kept" not in dropped


def test_a_picture_too_large_or_none_at_all_is_refused_and_the_words_stay(
    client: Client, channel: Channel, settings: LazySettings
) -> None:
    settings.MEDIA_LIMIT_BYTES = 1024 * 1024
    large = SimpleUploadedFile("large.png", b"\x89PNG" + b"x" * (1024 * 1024), content_type="image/png")
    for file, says in ((large, "The most is 1 MB"), (SimpleUploadedFile("a.png", b"no picture"), "is not a picture")):
        answer = client.post("/write/", form(channel, do="add", picture=file))
        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert TEXT in answer.content.decode()
    assert not Media.objects.exists()


def test_nobody_overwrites_anybody(client: Client, channel: Channel) -> None:
    client.post("/write/", form(channel, do="keep"))
    post = Post.objects.get()
    client.post(f"/write/{post.pk}/", form(channel, do="keep", version=1, text=TEXT + " Bring a friend."))
    answer = client.post(f"/write/{post.pk}/", form(channel, do="keep", version=1, text="My own words instead."))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "changed this post while you were writing" in html
    assert "My own words instead." in html
    assert Post.objects.get().text.endswith("Bring a friend.")


def test_changing_what_is_signed_says_so_before_and_after(client: Client, channel: Channel, officer: User) -> None:
    client.post("/write/", form(channel))
    act, post = Act.objects.get(), Post.objects.get()
    gate.sign_off(act, digest=act.digest, by=officer, at=timezone.now(), seen={"content": act.content})
    assert "the sign-off becomes void at once" in client.get(f"/write/{post.pk}/").content.decode()
    changed = form(channel, do="keep", version=post.version, text=TEXT + " Tea is free too.")
    answer = client.post(f"/write/{post.pk}/", changed, follow=True)
    assert "The sign-off it had is void" in answer.content.decode()
    act.refresh_from_db()
    assert act.state == "to_sign_off"
    assert SignOff.objects.get().voided_at is not None


def test_a_channel_somebody_may_not_write_for_is_refused(client: Client, officer: User) -> None:
    other = factories.channel(by=officer, name="Somebody else's page")
    answer = client.post("/write/", form(other, do="keep"))
    assert answer.status_code == 422
    assert "You are not approved for Somebody else" in answer.content.decode()
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "nonsense"},
        {"aim": "nonsense"},
        {"audience": ["nonsense"]},
        {"link": "ftp://example.org"},
        {"channel": ["x", "-1", "9" * 30, "²"]},
        {"text": "x" * 70_001},
        {"aim": ""},
        {"channel": []},
        {"when": "at", "day": "1 Jan 2020", "time": "9am"},
        {"picture_kept": ["0" * 64], "text": ""},
        {"version": "99"},
    ],
)
def test_nonsense_is_refused_in_words(client: Client, channel: Channel, fields: dict[str, Any]) -> None:
    client.post("/write/", form(channel, do="keep"))
    post = Post.objects.get()
    answer = client.post(f"/write/{post.pk}/", {**form(channel, version=post.version), **fields})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Act.objects.exists()


def test_an_unknown_post_is_not_there(client: Client) -> None:
    assert client.get("/write/987654/").status_code == 404


def test_a_mend_is_made_without_script_and_nothing_is_saved(client: Client, channel: Channel) -> None:
    text = "  You can't park here on Saturday."
    page = client.post("/write/check/", form(channel, text=text, do="keep")).content.decode()
    found = re.search(r'value="(mend:text:contractions:\d+)"[^>]*data-start="(\d+)"[^>]*data-was="([^"]+)"', page)
    assert found is not None
    assert text[int(found[2]) :].startswith("can")  # the place in the field as it was typed, blanks and all
    assert found[3] == "can&#x27;t"
    answer = client.post("/write/", form(channel, text=text, do=found[1])).content.decode()
    assert "  You cannot park here on Saturday.</textarea>" in answer
    assert not Post.objects.exists()
    own = {f"text.{channel.pk}": "We don't.", "text": "Words for others."}
    answer = client.post("/write/", form(channel, **own, do=f"mend:own-{channel.pk}:contractions:3")).content.decode()
    assert "We do not.</textarea>" in answer
    plain = client.post("/write/", form(channel, link="http://example.org", do="mend:link:link:0")).content.decode()
    assert 'value="https://example.org"' in plain
    gone = client.post("/write/", form(channel, text="Nothing here.", do="mend:text:contractions:9")).content.decode()
    assert "Nothing here.</textarea>" in gone


def test_an_empty_page_is_no_mistake_until_it_is_sent(client: Client, channel: Channel) -> None:
    assert "There is no text" not in client.get("/write/").content.decode()
    kept = client.post("/write/", form(channel, text=""))
    assert kept.status_code == 422
    assert "There is no text" in kept.content.decode()
