"""Pictures and films by the API: in pieces, found again, described, agreed to, subtitled; by whom they may be added."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pydantic import ValidationError

from gatepost.calls import media as calls
from gatepost.calls.actions import ACTIONS
from gatepost.calls.found import NoSuch
from gatepost.ledger.actions import System
from gatepost.people import actions as people
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from gatepost.publishing.models import Media
from gatepost.publishing.pictures import add_picture
from gatepost.publishing.uploads import WrongPlace
from tests import factories
from tests.publishing.images import photograph

pytestmark = pytest.mark.django_db
VTT = "WEBVTT\n\n00:00.000 --> 00:01.000\nWelcome to the hall.\n"


@pytest.fixture
def officer() -> User:
    return factories.officer()


@pytest.fixture
def writer(officer: User) -> User:
    return factories.staff(factories.channel(by=officer), by=officer)


@pytest.fixture
def stranger() -> User:
    return people.add_person(name="Ines Vale", email="ines@example.org", by=System("test"), at=timezone.now())


def ask(name: str, by: User, **wish: Any) -> dict[str, Any]:
    action = ACTIONS[name]
    told = action(action.asks.model_validate(wish), by=by, at=timezone.now())
    return told.model_dump(mode="json")


def upload(by: User, data: bytes, filename: str = "hall.jpg", piece: int = 10_000) -> dict[str, Any]:
    told = ask("upload.begin", by, filename=filename, size=len(data))
    while told["received"] < len(data):
        at = told["received"]
        told = ask(
            "upload.piece",
            by,
            upload=told["upload"],
            offset=at,
            data=base64.b64encode(data[at : at + piece]).decode(),
        )
    return told


def test_a_picture_comes_in_pieces_and_goes_on_where_it_was(writer: User) -> None:
    data = photograph()
    told = ask("upload.begin", writer, filename="hall.jpg", size=len(data))
    assert told["piece"] == calls.PIECE
    first = base64.b64encode(data[:5000]).decode()
    ask("upload.piece", writer, upload=told["upload"], offset=0, data=first)
    with pytest.raises(WrongPlace, match="5,000 bytes have arrived"):
        ask("upload.piece", writer, upload=told["upload"], offset=0, data=first)
    assert ask("upload.get", writer, upload=told["upload"])["received"] == 5000
    done = ask(
        "upload.piece",
        writer,
        upload=told["upload"],
        offset=5000,
        data=base64.b64encode(data[5000:]).decode(),
    )
    assert Media.objects.filter(pk=done["ready"]).exists()


def test_an_upload_is_its_own_persons(writer: User, officer: User) -> None:
    told = ask("upload.begin", writer, filename="hall.jpg", size=10)
    with pytest.raises(NoSuch):
        ask("upload.get", officer, upload=told["upload"])
    with pytest.raises(NoSuch):
        ask("upload.get", writer, upload=str(uuid4()))


def test_what_is_no_base64_is_refused_by_name(writer: User) -> None:
    told = ask("upload.begin", writer, filename="hall.jpg", size=10)
    with pytest.raises(ValidationError, match="base64"):
        ask("upload.piece", writer, upload=told["upload"], offset=0, data="not base64!")


def test_a_file_that_is_no_picture_says_so(writer: User) -> None:
    assert "not a picture" in upload(writer, b"hello there")["failed"]


def test_who_may_write_for_no_channel_adds_nothing(stranger: User) -> None:
    with pytest.raises(NotAllowed, match="write for no channel"):
        ask("upload.begin", stranger, filename="hall.jpg", size=10)
    with pytest.raises(NotAllowed, match="write for no channel"):
        add_picture(photograph(), "hall.jpg", by=stranger, at=timezone.now())
    client = Client()
    client.force_login(stranger)
    assert client.post("/media/upload/", {"name": "hall.jpg", "size": "10"}).status_code == 403
    assert not Media.objects.exists()


def test_the_library_is_searched_and_described(writer: User) -> None:
    found = upload(writer, photograph())["ready"]
    ask("media.describe", writer, media=found, alt="The hall", source="Kit Lane", words="open day")
    assert [row["media"] for row in ask("media.search", writer, words="open kit")["media"]] == [found]
    assert ask("media.search", writer, words="closed")["media"] == []
    assert ask("media.search", writer, kind="films")["media"] == []
    assert ask("media.get", writer, media=found)["alt"] == "The hall"
    with pytest.raises(NoSuch):
        ask("media.get", writer, media="0" * 64)


def test_consent_is_noted_with_its_form_and_withdrawn(officer: User, writer: User, stranger: User) -> None:
    found = upload(writer, photograph())["ready"]
    today = timezone.now().date()
    form = base64.b64encode(b"%PDF-1.7 signed").decode()
    told = ask(
        "consent.note",
        officer,
        media=found,
        who="Form 12",
        given_on=str(today),
        expires_on=str(today + timedelta(days=300)),
        form=form,
        form_name="12.pdf",
    )
    [kept] = told["consents"]
    assert (kept["who"], kept["has_form"], told["people"]) == ("Form 12", True, True)
    assert ask("media.get", stranger, media=found)["consents"] == []  # a consent names somebody
    with pytest.raises(NotAllowed):
        ask("consent.withdraw", stranger, consent=kept["consent"])
    assert ask("consent.withdraw", officer, consent=kept["consent"], because="They moved")["online"] == []
    assert ask("media.get", officer, media=found)["consents"][0]["withdrawn_at"]
    with pytest.raises(NoSuch):
        ask("consent.withdraw", officer, consent=10_000)


def test_a_film_gets_subtitles_and_loses_them(writer: User) -> None:
    film = Media.objects.create(
        sha256="f" * 64,
        mime="video/mp4",
        width=640,
        height=360,
        bytes=10,
        filename="tour.mp4",
        added_by=writer,
        added_at=timezone.now(),
        seconds=4.0,
    )
    told = ask("subtitles.add", writer, media=film.pk, language="cy", text=VTT)
    assert [(row["language"], row["cues"]) for row in told["subtitles"]] == [("cy", 1)]
    assert ask("subtitles.drop", writer, media=film.pk, language="cy")["subtitles"] == []
    with pytest.raises(NoSuch, match="no subtitles"):
        ask("subtitles.drop", writer, media=film.pk, language="cy")
