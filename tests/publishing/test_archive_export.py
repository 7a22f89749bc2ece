"""A copy of the archive: read back sound, and every way of tampering with it named."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils import timezone
from warcio.archiveiterator import ArchiveIterator

from gatepost.cli.main import main
from gatepost.gate.media import _path
from gatepost.ledger.actions import System
from gatepost.ledger.models import Line
from gatepost.publishing.actions import Picture
from gatepost.publishing.archive import Wanted, add_event, keep_act
from gatepost.publishing.archive_copy import copy_in_pieces, key_words, take_copy
from gatepost.publishing.archive_files import Format, plain_cell
from gatepost.publishing.archive_verify import Broken, verify
from gatepost.publishing.models import ArchivedItem
from gatepost.publishing.pictures import add_picture
from tests import factories
from tests.publishing.images import photograph
from tests.publishing.published import publish

pytestmark = pytest.mark.django_db
DESK = System("test")


@pytest.fixture
def archive() -> str:
    """Two items, one with a picture; returns the picture's digest."""
    officer = factories.officer()
    channel = factories.channel(by=officer)
    staff = factories.staff(channel, by=officer)
    media = add_picture(photograph(), "hall.jpg", by=staff, at=timezone.now())
    pictures = [Picture(media.pk, "The hall with its blue doors")]
    _, first = publish("The hall opens <b>on Saturday</b>.", channel, staff=staff, officer=officer, pictures=pictures)
    _, second = publish("=1+1 is what the hall costs.", channel, staff=staff, officer=officer)
    for act in (*first, *second):
        keep_act(act, by=DESK, at=timezone.now())
    item = ArchivedItem.objects.get(act=first[0].pk)
    add_event(item, "shown", {"text": "seen"}, moment=timezone.now(), by=DESK, at=timezone.now())
    return str(media.pk)


def copy(tmp_path: Path, form: Format = "zip", **wanted: object) -> Path:
    to = tmp_path / ("copy.zip" if form == "zip" else "copy.warc.gz")
    with to.open("wb") as out:
        take_copy(out, Wanted(**wanted), form=form, by=DESK)  # type: ignore[arg-type]  # a test's fields
    return to


@pytest.mark.parametrize("form", ["zip", "warc"])
def test_a_copy_is_read_back_sound(archive: str, tmp_path: Path, form: Format) -> None:
    report = verify(copy(tmp_path, form))
    assert (report.items, report.organisation) == (2, "Brent Housing Partnership")
    assert report.fingerprint == key_words()
    line = Line.objects.get(verb="archive.exported")
    assert line.detail["items"] == 2
    assert line.detail["key"] == key_words()


def test_the_zip_holds_facts_pages_pictures_and_a_table(archive: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(copy(tmp_path)) as file:
        names = set(file.namelist())
        item = next(one for one in ArchivedItem.objects.all() if one.media)
        told = json.loads(file.read(f"items/{item.act}.json"))
        page = file.read(f"items/{item.act}.html").decode()
        seen = file.read(f"items/{item.act}-seen-{item.events.get().pk}.html").decode()
        picture = file.read(f"media/{archive}.jpg")
        table = file.read("index.csv").decode("utf-8-sig")
    assert {"README.txt", "manifest.json", "manifest.sig", "public-key.txt"} <= names
    assert told["facts"] == item.facts
    assert told["events"][0]["facts"] == {"text": "seen"}
    assert "<pre>seen</pre>" in seen
    assert "<b>" not in page
    assert "The hall with its blue doors" in page
    assert picture == _path(archive).read_bytes()
    assert "'=1+1" in table


def test_the_warc_is_read_by_another_reader(archive: str, tmp_path: Path) -> None:
    with copy(tmp_path, "warc").open("rb") as file:
        records = [
            (one.rec_type, one.rec_headers.get_header("WARC-Target-URI"), one.content_stream().read())
            for one in ArchiveIterator(file, check_digests="raise")
        ]
    assert records[0][0] == "warcinfo"
    at = f"{settings.PUBLIC_URL}/archive/export/"
    assert (f"{at}media/{archive}.jpg", _path(archive).read_bytes()) in [record[1:] for record in records]


def changed(path: Path, name: str, data: bytes | None, **more: bytes) -> Path:
    """A copy of a ZIP with one file other, or without it, or with more of them."""
    out = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
            elif data is not None:
                new.writestr(one, data)
        for one, added in more.items():
            new.writestr(one, added)
    return out


def test_every_change_is_named(archive: str, tmp_path: Path) -> None:
    sound = copy(tmp_path)
    with zipfile.ZipFile(sound) as file:
        item = next(name for name in file.namelist() if name.endswith(".json") and name.startswith("items/"))
        facts = json.loads(file.read(item))
        manifest = json.loads(file.read("manifest.json"))
    with pytest.raises(Broken, match=r"media/.* was changed"):
        verify(changed(sound, f"media/{archive}.jpg", b"other"))
    with pytest.raises(Broken, match=r"index.csv is missing"):
        verify(changed(sound, "index.csv", None))
    with pytest.raises(Broken, match=r"more was added"):
        verify(changed(sound, "", None, more=b"x"))
    facts["facts"]["content"]["text"] = "We never said that."
    with pytest.raises(Broken, match="not what its digest says"):
        verify(changed(sound, item, json.dumps(facts).encode()))
    manifest["items"] = 1
    with pytest.raises(Broken, match="changed after it was signed"):
        verify(changed(sound, "manifest.json", json.dumps(manifest).encode()))
    for name in ("manifest.sig", "manifest.json"):
        with pytest.raises(Broken, match="no signed manifest"):
            verify(changed(sound, name, None))
    with pytest.raises(Broken, match="changed after it was signed"):
        verify(changed(sound, "manifest.sig", b"not base64!"))
    for bad, says in (
        (b"{", "damaged"),
        (b"[]", "not one of"),
        (json.dumps({**manifest, "format": "x"}).encode(), "form"),
    ):
        with pytest.raises(Broken, match=says):
            verify(changed(sound, "manifest.json", bad))
    with pytest.raises(Broken, match="is damaged"):
        verify(changed(sound, item, b"{}"))


def test_somebody_elses_signature_is_told_by_its_key(
    archive: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = copy(tmp_path)
    with zipfile.ZipFile(sound) as file:
        manifest = json.loads(file.read("manifest.json"))
    forger = Ed25519PrivateKey.generate()
    manifest["public_key"] = base64.b64encode(forger.public_key().public_bytes_raw()).decode()
    told = json.dumps(manifest).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            other = {"manifest.json": told, "manifest.sig": base64.b64encode(forger.sign(told))}
            new.writestr(name, other.get(name) or old.read(name))
    path = tmp_path / "forged.zip"
    path.write_bytes(out.getvalue())
    assert main(["archive", "verify", str(path)]) == 0
    assert "compare this one with the organisation's" in capsys.readouterr().out
    assert main(["archive", "verify", str(path), "--key", key_words()]) == 1
    assert "somebody else signed it" in capsys.readouterr().out
    assert main(["archive", "verify", str(sound), "--key", key_words()]) == 0


@pytest.mark.parametrize("form", ["zip", "warc"])
def test_a_damaged_file_is_said_to_be_damaged(archive: str, tmp_path: Path, form: Format) -> None:
    data = copy(tmp_path, form).read_bytes()
    for cut in (b"", b"hello", data[: len(data) // 2], data[:40] + b"\x00" * 60 + data[100:]):
        broken = tmp_path / "broken"
        broken.write_bytes(cut)
        with pytest.raises(Broken):
            verify(broken)


def test_a_picture_that_is_gone_is_named(archive: str, tmp_path: Path) -> None:
    _path(archive).unlink()
    path = copy(tmp_path)
    with zipfile.ZipFile(path) as file:
        assert archive in file.read("missing.txt").decode()
    verify(path)


def test_only_what_was_asked_for(archive: str, tmp_path: Path) -> None:
    assert verify(copy(tmp_path, words="costs")).items == 1


def test_no_file_no_overwriting(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["archive", "verify", str(tmp_path / "none.zip")]) == 1
    there = tmp_path / "there.zip"
    there.write_bytes(b"x")
    assert main(["archive", "export", str(there)]) == 1
    assert "nothing is overwritten" in capsys.readouterr().err


@pytest.mark.django_db
def test_without_its_key_nothing_is_written_and_that_is_said(
    archive: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    (tmp_path / "archive.key").write_text("no key")
    assert main(["archive", "export", str(tmp_path / "all.zip")]) == 1
    assert "archive.key" in capsys.readouterr().err
    assert not (tmp_path / "all.zip").exists()


@pytest.mark.parametrize(("words", "cell"), [("=1", "'=1"), ("-5", "'-5"), ("@x", "'@x"), ("a=1", "a=1"), ("", "")])
def test_no_cell_is_a_formula(words: str, cell: str) -> None:
    assert plain_cell(words) == cell


def test_a_film_goes_by_in_pieces(archive: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatepost.publishing.archive_files.BLOCK", 1000)
    monkeypatch.setattr("gatepost.publishing.archive_verify.BLOCK", 1000)
    path = copy(tmp_path)
    assert verify(path).items == 2
    with zipfile.ZipFile(path) as file:
        assert file.read(f"media/{archive}.jpg") == _path(archive).read_bytes()
        assert json.loads(file.read("manifest.json"))["files"][f"media/{archive}.jpg"]["sha256"] == archive
    monkeypatch.setattr("gatepost.publishing.archive_verify.LIMIT", 500)
    with pytest.raises(Broken, match="larger than anything"):
        verify(path)


@pytest.mark.parametrize("form", ["zip", "warc"])
def test_what_leaves_while_it_is_made_is_the_same(archive: str, tmp_path: Path, form: Format) -> None:
    path = tmp_path / "streamed"
    path.write_bytes(b"".join(copy_in_pieces(Wanted(), form=form, by=DESK)))
    assert verify(path).items == 2
    assert Line.objects.get(verb="archive.exported").detail["items"] == 2
    assert not Line.objects.filter(verb="archive.export_broken_off").exists()


def test_the_command_says_how_far_it_is(
    archive: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gatepost.cli.archive.TOLD_EVERY", 1)
    assert main(["archive", "export", str(tmp_path / "all.warc.gz")]) == 0
    assert capsys.readouterr().err.splitlines()[-1] == "2 of 2 items"
