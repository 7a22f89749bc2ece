"""What is handed over: all of the person's own, nothing that tells of others, and the same in both forms."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from gatepost.inbox.attachments import path_of
from gatepost.inbox.intake_models import Attachment
from gatepost.inbox.personal.bundle import hand_over
from gatepost.inbox.personal.officer import PersonalError
from gatepost.inbox.personal.processing import as_markdown, paper
from gatepost.inbox.personal.requests import ask, close, waiting
from gatepost.inbox.personal_models import PersonRequest
from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed

from .scene import EMAIL, HANDLE, NAME, NUMBER, OWN, Told


def request_of(told: Told, **fields: Any) -> PersonRequest:
    given: dict[str, Any] = {
        "kind": "access",
        "known_by": {"account": HANDLE, "name": NAME, "number": NUMBER},
        "identity": "Came to the office with a passport",
        "received_on": timezone.now().date(),
        "contacts": [told.contact.pk],
        "mentions": [f"inbox.Message:{told.about.pk}"],
    }
    return ask(by=told.desk.officer, at=timezone.now(), **{**given, **fields})


def opened(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_the_file_holds_all_that_is_theirs(told: Told) -> None:
    files = opened(hand_over(request_of(told), by=told.desk.officer, at=timezone.now()))
    assert set(files) == {"README.txt", "data.json", "data.html", "manifest.json"}
    data = json.loads(files["data.json"])
    assert [one["text"] for one in data["messages"]] == [OWN, "When are you open on Saturday?"]
    beside = data["messages"][0]["kept_beside_it"]
    assert beside["Referrals to departments"][0]["note"] == f"{NAME} is on {NUMBER}"
    assert beside["Evidence"][0]["text"] == OWN
    page = files["data.html"].decode()
    for words in (OWN, EMAIL, "Referrals to departments", "Information Commissioner"):
        assert words in page
    manifest = json.loads(files["manifest.json"])
    assert manifest["data.html"]["sha256"] == hashlib.sha256(files["data.html"]).hexdigest()


def test_others_are_left_out(told: Told) -> None:
    files = opened(hand_over(request_of(told), by=told.desk.officer, at=timezone.now()))
    whole = b"".join(files.values()).decode()
    assert "960777" not in whole
    for other in ("Drew", "Nextdoor", "drew-1", told.desk.staff.name, told.desk.officer.email):
        assert other not in whole, other
    mention = json.loads(files["data.json"])["mentions"][0]
    assert mention["by"] == "somebody else"
    assert "Casey Sample (07700-900 123) plays drums" in mention["text"]
    assert "(phone number hidden)" in mention["text"]


def test_handing_over_is_recorded_by_its_digest(told: Told) -> None:
    request = request_of(told)
    body = hand_over(request, by=told.desk.officer, at=timezone.now())
    line = Line.objects.get(verb="person_request.exported")
    assert line.detail["sha256"] == hashlib.sha256(body).hexdigest()
    assert (line.detail["messages"], line.detail["mentions"]) == (2, 1)
    request.refresh_from_db()
    assert (request.state, request.exported_at is not None) == ("exported", True)
    assert NAME not in str(line.detail)


def test_not_by_others_and_not_to_somebody_unknown(told: Told) -> None:
    with pytest.raises(NotAllowed):
        hand_over(request_of(told), by=told.desk.staff, at=timezone.now())
    with pytest.raises(PersonalError, match="how you made sure"):
        hand_over(request_of(told, identity=" "), by=told.desk.officer, at=timezone.now())
    with pytest.raises(PersonalError, match="which accounts"):
        hand_over(request_of(told, contacts=[], mentions=[]), by=told.desk.officer, at=timezone.now())
    with pytest.raises(PersonalError, match="not there any more"):
        request_of(told, mentions=["inbox.Message:999999"])
    with pytest.raises(PersonalError, match="no such place"):
        request_of(told, mentions=["people.User:1"])
    with pytest.raises(PersonalError, match="no account"):
        request_of(told, contacts=[999_999])


def test_the_answer_is_due_within_the_month(told: Told) -> None:
    request = request_of(told)
    assert 27 <= (request.answer_by - timezone.now()).days <= 35
    assert [one.pk for one in waiting(at=timezone.now())] == [request.pk]
    close(request, because="Answered by letter", by=told.desk.officer, at=timezone.now())
    assert waiting(at=timezone.now()) == []
    request.refresh_from_db()
    assert (request.known_by, request.contacts, request.identity) == ({}, [], "")
    with pytest.raises(PersonalError, match="has ended"):
        close(request, because="Again", by=told.desk.officer, at=timezone.now())


def test_the_papers_are_filled_from_the_desk(told: Told) -> None:
    record = as_markdown(paper("processing", at=timezone.now()))
    for words in (
        "Brent Housing Partnership",
        "Practice page on Facebook",
        "Messages read as complaint: 6 years",
        "nobody has agreed to these periods",
        "**To write:**",
        "Complaints",
    ):
        assert words in record, words
    assessment = paper("dpia", at=timezone.now())
    assert assessment.open_questions >= 4
    assert NAME not in record + as_markdown(assessment)


def test_what_hung_on_a_message_goes_along(told: Told, settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    body = b"a picture"
    sha256 = hashlib.sha256(body).hexdigest()
    path_of(sha256).parent.mkdir(parents=True)
    path_of(sha256).write_bytes(body)
    row = {"message": told.own, "at": told.at, "size": len(body), "mime": "image/png"}
    Attachment.objects.create(place=0, name="../my kitchen.png", sha256=sha256, **row)
    Attachment.objects.create(place=1, name="gone.png", sha256="0" * 64, **row)
    files = opened(hand_over(request_of(told), by=told.desk.officer, at=timezone.now()))
    assert files[f"attachments/{sha256[:12]}-.._my_kitchen.png"] == body
    assert len([name for name in files if name.startswith("attachments/")]) == 1
    assert "gone.png" in files["data.json"].decode()
