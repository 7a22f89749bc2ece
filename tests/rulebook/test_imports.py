"""A written policy handed in: read by a job, looked over, a draft. And a pack as a zip, there and back."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
from django.utils import timezone

from gatepost.lifecycle import Conflict
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from gatepost.policy.editing import parse_change
from gatepost.policy.importing.paper import MOST_BYTES
from gatepost.rulebook import drafts, imports, zipped
from gatepost.rulebook.drafts import DraftError
from gatepost.rulebook.models import PolicyImport
from tests import factories
from tests.factories import SETUP
from tests.shared import shared

pytestmark = pytest.mark.django_db

SMALL = (
    "Social media policy\n\nComplaints\n\n1. If a complaint comes in, respond with: “We are sorry. "
    "Please ring the Complaints Team on 01632 960123”.\n2. Abuse of staff is referred to Robin Sample.\n"
)


@pytest.fixture
def at() -> datetime:
    return timezone.now()


@pytest.fixture
def officer() -> User:
    return factories.officer()


def handed(officer: User, data: bytes, name: str = "policy.txt") -> PolicyImport:
    made = imports.hand_in(name, data, by=officer, at=timezone.now())
    imports.read(made, by=SETUP, at=timezone.now())
    made.refresh_from_db()
    return made


def test_the_seed_document_becomes_a_draft(officer: User, at: datetime) -> None:
    made = handed(officer, shared("seed/social-media-policy.txt").read_bytes(), "social-media-policy.txt")
    assert made.failed == ""
    assert made.file is None, "the file is forgotten once it is read"
    assert made.found is not None
    assert len(made.found["clauses"]) > 40
    values = " ".join(one["value"] for one in made.found["guesses"])
    assert "Ash Vyas" in values
    assert "020 8937 2323" in values
    first = made.found["clauses"][0]["id"]
    change = parse_change({"do": "clause", "id": first, "kind": "informative", "gloss": "As before."})
    draft = imports.accept(made, [change], title="Brought in", by=officer, at=at)
    pack = drafts.pack_of_draft(draft)
    assert pack.clause(first).gloss == "As before."
    with pytest.raises(Conflict):
        imports.accept(made, [], title="Again", by=officer, at=at)


def test_a_small_policy(officer: User, at: datetime) -> None:
    made = handed(officer, SMALL.encode())
    assert made.found is not None
    bad = parse_change({"do": "take_out", "table": "wording", "id": "none"})
    with pytest.raises(DraftError, match="no wording"):
        imports.accept(made, [bad], title="x", by=officer, at=at)
    clause = made.found["clauses"][0]["id"]
    wrong = parse_change({"do": "clause", "id": clause, "kind": "wished for"})
    with pytest.raises(DraftError) as refused:
        imports.accept(made, [wrong], title="x", by=officer, at=at)
    assert refused.value.problems
    assert imports.accept(made, [], title="", by=officer, at=at).title == "policy.txt"
    imports.read(made, by=SETUP, at=at)  # a second job finds nothing to do
    made.refresh_from_db()
    assert made.failed == ""


def test_a_file_that_is_no_policy_says_what_to_do(officer: User, at: datetime) -> None:
    made = handed(officer, b"%PDF-", "x/../bad.pdf")
    assert made.name == "bad.pdf"
    assert "damaged" in made.failed
    with pytest.raises(DraftError):
        imports.accept(made, [], title="x", by=officer, at=at)


def test_the_limits(officer: User, at: datetime) -> None:
    with pytest.raises(DraftError, match="empty"):
        imports.hand_in("x.txt", b"", by=officer, at=at)
    with pytest.raises(DraftError, match="20 MB"):
        imports.hand_in("x.txt", b"x" * (MOST_BYTES + 1), by=officer, at=at)
    with pytest.raises(NotAllowed):
        imports.hand_in("x.txt", b"x", by=factories.person(), at=at)
    waiting = imports.hand_in("x.txt", b"x", by=officer, at=at)
    with pytest.raises(DraftError, match="still being read"):
        imports.accept(waiting, [], title="x", by=officer, at=at)


def test_what_goes_wrong_is_an_answer(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> object:
        raise RuntimeError("no")

    monkeypatch.setattr(imports, "draft", broken)
    assert "could not make a policy" in handed(officer, SMALL.encode()).failed


def spoilt(method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip whose packed bytes were damaged on the way, its lists left whole."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as made:
        made.writestr("pack.toml", "id = 'a pack of some length'\n" * 200)
    data = bytearray(held.getvalue())
    begin = 30 + len("pack.toml")
    data[begin + 4 : begin + 40] = b"\xff" * 36
    return bytes(data)


def archive(**files: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name, text in files.items():
            made.writestr(name.replace("__", "/").replace("_toml", ".toml"), text)
    return held.getvalue()


def test_a_zip_there_and_back() -> None:
    files = dict(factories.shipped().files)
    data = zipped.packed(files)
    assert data == zipped.packed(files)
    assert zipped.unpacked(data) == files
    assert zipped.unpacked(archive(bhp__pack_toml="id = 1", bhp__notes="x")) == {"pack.toml": "id = 1"}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"no zip", "no zip file"),
        (spoilt(), "no zip file"),
        (spoilt(zipfile.ZIP_LZMA), "no zip file"),
        (archive(notes="x"), "no file of a policy pack"),
        (archive(a__pack_toml="x", b__pack_toml="y"), "twice"),
        (archive(pack_toml="x" * 1_000_001), "too large"),
        (archive(**{f"n{number}": "x" for number in range(201)}), "more than 200"),
        (b"x" * 4_000_001, "over 4 MB"),
    ],
    ids=["no zip", "spoilt", "spoilt otherwise", "nothing of a pack", "twice", "large", "many", "large zip"],
)
def test_a_zip_that_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(DraftError, match=says):
        zipped.unpacked(data)


def test_a_zip_of_another_encoding() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr("pack.toml", "title = 'Caf\xe9'".encode("latin-1"))
    with pytest.raises(DraftError, match="UTF-8"):
        zipped.unpacked(held.getvalue())
