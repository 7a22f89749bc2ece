"""What hangs on a message: kept by what it is, fetched from real servers behind the guard, swept when it is free."""

from __future__ import annotations

import http.server
import io
import os
import threading
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from gatepost.channels.models import Channel
from gatepost.inbox import attachments, file_kinds
from gatepost.inbox.attachments import NotFetched, fetch_one, path_of, sweep
from gatepost.inbox.file_kinds import kind_of
from gatepost.inbox.intake import take_in
from gatepost.inbox.models import Attachment, Message
from gatepost.ledger.models import Line
from gatepost.networks.protocol import Attached
from tests import factories

from .scene import AT, Desk, said


def picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 3), "green").save(out, kind)
    return out.getvalue()


def packed(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, words in files.items():
            archive.writestr(name.replace("__", "/").replace("_X_", "."), words)
    return out.getvalue()


TYPES = {"[Content_Types].xml": ""}
MACROS = {**TYPES, "word__document_X_xml": "", "word__vbaProject_X_bin": ""}
OPEN = {"mimetype": "application/vnd.oasis.opendocument.text", "content_X_xml": ""}


def damaged(way: int) -> bytes:
    """An open document of which the kind is squeezed and cannot be got out again."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", way) as archive:
        archive.writestr("mimetype", OPEN["mimetype"])
    made = bytearray(out.getvalue())
    begins = 30 + len("mimetype") + (9 if way == zipfile.ZIP_LZMA else 0)
    made[begins : begins + 8] = b"\xff" * 8
    return bytes(made)


@pytest.mark.parametrize(
    ("data", "mime", "refused"),
    [
        (picture("PNG"), "image/png", ""),
        (picture("JPEG"), "image/jpeg", ""),
        (picture("WEBP"), "image/webp", ""),
        (picture("GIF"), "image/gif", ""),
        (b"\x89PNG\r\n\x1a\n and no picture", "", "broken"),
        (b"%PDF-1.7 ...", "application/pdf", ""),
        (b"\0\0\0\x18ftypmp42", "video/mp4", ""),
        (b"\0\0\0\x18ftypheic", "image/heic", ""),
        ("Grüße".encode(), "text/plain", ""),
        (b"", "", "empty"),
        (b"MZ\x90\0", "", "program"),
        (b"#!/bin/sh\n", "", "program"),
        (b"\x7fELF", "", "program"),
        (b"\xff\xfe\0\0", "", "kind that the desk"),
        (b"a\0b", "", "kind that the desk"),
        (packed(a_X_txt="x"), "", "archive"),
        (packed(**TYPES, word__document_X_xml="x"), file_kinds._OFFICE["word/"], ""),
        (packed(**MACROS), "", "macros"),
        (packed(**TYPES), "", "archive"),
        (packed(**OPEN), "application/vnd.oasis.opendocument.text", ""),
        (packed(mimetype="application/vnd.oasis.opendocument.\0text"), "", "archive"),
        (packed(mimetype="application/vnd.oasis.opendocument.strange"), "", "archive"),
        (damaged(zipfile.ZIP_DEFLATED), "", "broken"),
        (damaged(zipfile.ZIP_LZMA), "", "broken"),
        (b"PK\x03\x04 broken", "", "broken"),
    ],
)
def test_a_file_is_what_its_bytes_say(data: bytes, mime: str, refused: str) -> None:
    found = kind_of(data)
    assert found.mime == mime
    assert refused in found.refused
    assert bool(found.mime) != bool(found.refused)


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_kinds, "PIXELS", 5)
    assert "megapixels" in kind_of(picture()).refused
    monkeypatch.setattr(file_kinds, "LARGEST", 10)
    assert "larger" in kind_of(picture()).refused


@pytest.fixture
def server() -> Iterator[Any]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            self.send_response(made.status)
            self.send_header("Content-Length", str(len(made.body)))
            self.end_headers()
            self.wfile.write(made.body)

        def log_message(self, *_: object) -> None:
            pass

    made: Any = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.status, made.body = 200, picture()
    made.url = f"http://127.0.0.1:{made.server_port}/picture"
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def with_files(desk: Desk, *files: Attached, ref: str = "a") -> Message:
    take_in(desk.channel, [said(ref, attachments=files)], cursor="1", at=AT)
    return Message.objects.get(ref=ref)


def test_bytes_that_came_along_are_kept_once_under_their_digest(desk: Desk) -> None:
    one = Attached("damp.png", "image/png", data=picture())
    message = with_files(desk, one, Attached("run.exe", "image/png", data=b"MZ"), Attached("", "", size=99))
    other = with_files(desk, one, ref="b")
    kept, program, large = message.attachments.order_by("place")
    assert (kept.mime, kept.name, path_of(kept.sha256).read_bytes()) == ("image/png", "damp.png", picture())
    assert (program.sha256, program.says) == ("", "It is a program.")
    assert "larger than 10 MB" in large.says
    assert other.attachments.get().sha256 == kept.sha256
    assert path_of(kept.sha256).stat().st_mode & 0o077 == 0
    take_in(desk.channel, [said("a", attachments=(one,))], cursor="2", at=AT)
    assert message.attachments.count() == 3


def test_a_file_that_breaks_the_looking_stops_no_message(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: bytes) -> file_kinds.Kind:
        raise RecursionError

    monkeypatch.setattr(attachments, "kind_of", broken)
    kept = with_files(desk, Attached("odd.odt", "", data=b"odd")).attachments.get()
    assert (kept.mime, kept.sha256, kept.size, kept.says) == ("", "", 3, "It could not be looked at.")


def test_what_is_elsewhere_is_fetched_by_the_queue(desk: Desk, server: Any) -> None:
    message = with_files(desk, Attached("", "", url=server.url))
    row = Attachment.objects.select_related("message__channel").get()
    assert (row.mime, row.url) == ("", server.url)
    assert ProcrastinateJob.objects.filter(task_name="fetch_attachment", args__attachment=row.pk).exists()
    server.status = 500
    with pytest.raises(NotFetched):
        fetch_one(row, at=AT)
    row.refresh_from_db()
    assert "status 500" in row.says
    server.status = 200
    fetch_one(row, at=AT)
    row.refresh_from_db()
    assert (row.mime, row.says) == ("image/png", "")
    assert message.attachments.get().size == len(picture())


def test_a_private_address_and_a_large_file_are_refused_for_good(
    desk: Desk, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_files(desk, Attached("", "", url=server.url))
    monkeypatch.setattr(attachments, "LARGEST", 2**20)
    server.body = b"x" * (2**20 + 1)
    row = Attachment.objects.select_related("message__channel").get()
    fetch_one(row, at=AT)
    row.refresh_from_db()
    assert row.says == "It is larger than 1 MB."
    Channel.objects.update(allow_private=False)
    fetch_one(Attachment.objects.select_related("message__channel").get(), at=AT)
    row.refresh_from_db()
    assert "private network" in row.says
    assert row.sha256 == ""


def test_files_that_no_message_holds_are_swept(desk: Desk) -> None:
    kept = with_files(desk, Attached("", "", data=picture())).attachments.get()
    orphan = attachments.look(picture("GIF"))
    now = datetime.now(AT.tzinfo)
    old = (now - timedelta(days=2)).timestamp()
    for digest in (kept.sha256, orphan.sha256):
        os.utime(path_of(digest), (old, old))
    assert sweep(at=now) >= 1
    assert path_of(kept.sha256).exists()
    assert not path_of(orphan.sha256).exists()
    assert attachments.folder() == Path(settings.DATA) / "attachments"


def test_who_reads_messages_opens_them_and_that_is_kept(desk: Desk) -> None:
    message = with_files(
        desk,
        Attached("damp.png", "", data=picture()),
        Attached("notes 01632 960123.txt", "", data=b"<script>alert(1)</script>"),
        Attached("", "", url="https://example.org/x"),
    )
    image, text, waiting = message.attachments.order_by("place")
    client = Client()
    client.force_login(desk.officer)
    page = client.get(f"/inbox/{message.pk}/").content.decode()
    assert "damp.png" in page
    assert "being fetched" in page
    assert "960123" not in page
    shown = client.get(f"/intake/attachment/{image.pk}/")
    assert (shown["Content-Type"], shown.content) == ("image/png", picture())
    assert "sandbox" in shown["Content-Security-Policy"]
    taken = client.get(f"/intake/attachment/{text.pk}/")
    assert taken["Content-Type"] == "application/octet-stream"
    assert taken["Content-Disposition"].startswith("attachment")
    assert client.get(f"/intake/attachment/{waiting.pk}/").status_code == 404
    assert Line.objects.filter(verb="attachment.opened", subject=message.subject).count() == 2
    path_of(image.sha256).unlink()
    assert client.get(f"/intake/attachment/{image.pk}/").status_code == 404
    client.force_login(factories.person())
    assert client.get(f"/intake/attachment/{text.pk}/").status_code in (302, 403)
    assert message.received_at < timezone.now()
