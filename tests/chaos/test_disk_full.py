"""A post whose picture cannot be kept: the error is plain, nothing is half kept, nothing is sent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gatepost.gate import sending, settling
from gatepost.gate.actions import sign_off
from gatepost.gate.media import MediaError, _path
from gatepost.gate.models import Act
from gatepost.publishing.actions import Draft, Picture, save_draft, submit
from gatepost.publishing.models import Media, Post
from gatepost.publishing.pictures import add_picture
from gatepost.rulebook.actions import in_force
from tests import factories
from tests.publishing.images import photograph

pytestmark = pytest.mark.django_db


def full(*_: object) -> None:
    raise OSError(28, os.strerror(28))


def files() -> list[Path]:
    return sorted(path for path in Path(settings.MEDIA_STORE).rglob("*") if path.is_file())


def test_adding_a_picture_to_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    boss = factories.officer()
    before = files()
    monkeypatch.setattr("gatepost.gate.media.os.fsync", full)
    with pytest.raises(MediaError, match="disk is full"):
        add_picture(photograph(quality=31), "hall.jpg", by=boss, at=timezone.now())
    assert files() == before
    assert not Media.objects.exists()


def test_the_page_says_so_with_the_words_still_there(monkeypatch: pytest.MonkeyPatch) -> None:
    boss = factories.officer()
    channel = factories.channel(by=boss)
    client = Client()
    client.force_login(boss)
    monkeypatch.setattr("gatepost.gate.media.os.fsync", full)
    words = "The estate office is open on Saturday."
    file = SimpleUploadedFile("hall.jpg", photograph(quality=32), "image/jpeg")
    answer = client.post("/write/", {"text": words, "channels": [channel.pk], "picture": file, "add": "1"})
    page = answer.content.decode()
    assert answer.status_code < 500
    if answer.status_code == 422:
        assert words in page
    assert not Media.objects.exists()
    assert not Act.objects.exists()


def test_a_picture_that_has_gone_by_the_time_of_sending() -> None:
    boss = factories.officer()
    channel = factories.channel(by=boss)
    author = factories.staff(channel, by=boss)
    at = timezone.now()
    media = add_picture(photograph(quality=33), "hall.jpg", by=author, at=at)
    pack = in_force(at)
    draft = Draft(
        text="The hall has new doors.",
        kind=pack.post_kinds[0].id,
        aim=pack.aims[0].id,
        channels=[channel.pk],
        pictures=[Picture(media.pk, "The hall with its new doors")],
    )
    post = save_draft(draft, by=author, at=at)
    (act,) = submit(post, by=author, at=at)
    sign_off(act, digest=act.digest, by=boss, at=at)
    _path(media.sha256).unlink()
    now = timezone.now()
    (claim,) = sending.claim(worker="w", at=now)
    settling.settle([(claim, sending.send(claim))], at=now)
    act.refresh_from_db()
    assert act.state == "refused"
    assert "A picture of this post is missing" in act.says
    assert "Nothing was sent" in act.says
    assert Post.objects.count() == 1
