"""The archive as files that stand without the desk: a ZIP with a signed manifest, or a WARC file (ISO 28500).

The manifest names every file (in a WARC: every record) with its SHA-256 and is signed with the desk's own key
(Ed25519). publishing/archive_verify.py reads both back. A file is written step by step, so that it can leave while it
is made: what is in memory is one item at a time, the names of the files, and at the end the manifest.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from warcio.warcwriter import WARCWriter

from gatepost.gate.media import MediaError, whole
from gatepost.ledger.digest import canonical
from gatepost.publishing.archive import media_in, seen_of
from gatepost.publishing.archive_digest import EXPORT_FORMAT, fingerprint
from gatepost.publishing.archived import ArchivedItem
from gatepost.publishing.rendered import file_of

Format = Literal["zip", "warc"]
Steps = Generator[int, None, dict[str, Any]]
"""Yields how many items are written, after each file; returns what the record says of the whole."""
SUFFIX: dict[Format, str] = {"zip": ".zip", "warc": ".warc.gz"}
BLOCK = 1024 * 1024  # bytes of a film in memory at once
README = """An archive of what was published, made by Gatepost.

index.csv    one line for each item
items/       for each item its facts as JSON (exactly what was sent, who signed it, what the network answered, what
             became of it), a page of what was sent, and a page of what the network showed at each later look
media/       the pictures and films, under the SHA-256 of their bytes
manifest.json, manifest.sig
             the SHA-256 of every file, signed (Ed25519) with the key in public-key.txt

To check it: gatepost archive verify FILE. Compare the key's fingerprint with the one the organisation gives you.
"""


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def item_json(item: ArchivedItem) -> bytes:
    """An item with its events: canonical JSON."""
    events = [
        {"kind": event.kind, "at": event.at.isoformat(), "facts": event.facts, "digest": event.digest}
        for event in item.events.all()
    ]
    return canonical({"facts": item.facts, "digest": item.digest, "events": events})


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of an export. `item`: the facts or a page of one; `moment`: when what it says was so."""

    name: str
    mime: str
    source: IO[bytes]
    item: ArchivedItem | None = None
    moment: datetime | None = None

    @property
    def begins(self) -> bool:
        """Is it the first file of an item?"""
        return self.item is not None and self.mime == "application/json"


def _plain(
    name: str, mime: str, data: bytes, item: ArchivedItem | None = None, moment: datetime | None = None
) -> Piece:
    return Piece(name, mime, io.BytesIO(data), item, moment or (item.sent_at if item else None))


def _pieces(items: Iterable[ArchivedItem]) -> Iterator[Piece]:
    """Every file but the manifest. A missing picture is named, not passed over."""
    done: set[str] = set()
    missing: list[str] = []
    with tempfile.TemporaryFile() as table:
        table.write(_line(COLUMNS).encode("utf-8-sig"))
        for item in items:
            yield _plain(f"items/{item.act}.json", "application/json", item_json(item), item)
            yield _plain(f"items/{item.act}.html", "text/html", item.rendered.encode(), item)
            for event in item.events.all():
                if event.kind == "shown":
                    shown = seen_of(item, event).encode()
                    yield _plain(f"items/{item.act}-seen-{event.pk}.html", "text/html", shown, item, event.at)
            for sha256, mime in media_in(item.facts["content"]):
                if sha256 not in done:
                    done.add(sha256)
                    try:
                        source = whole(sha256).open("rb")
                    except (MediaError, OSError):
                        missing.append(sha256)
                        continue
                    with source:
                        yield Piece(file_of(sha256, mime), mime, source)
            table.write(_line(_row(item)).encode())
        table.seek(0)
        yield Piece("index.csv", "text/csv", table)
    yield _plain("README.txt", "text/plain", README.encode())
    if missing:
        words = "\n".join(["These files are not on the desk any more:", *missing, ""])
        yield _plain("missing.txt", "text/plain", words.encode())


COLUMNS = ["act", "kind", "channel", "network", "sent", "title", "text", "campaign", "address", "digest"]


def _row(item: ArchivedItem) -> list[str]:
    return [
        str(item.act),
        item.kind,
        item.channel_name,
        item.network,
        item.sent_at.astimezone(UTC).isoformat(),
        item.title,
        item.text,
        item.campaign_name,
        item.facts.get("permalink", ""),
        item.digest,
    ]


def _line(row: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([plain_cell(cell) for cell in row])
    return out.getvalue()


def plain_cell(words: str) -> str:
    """A cell no spreadsheet takes for a formula: an apostrophe stands before what would begin one."""
    return f"'{words}" if words[:1] in ("=", "+", "-", "@", "\t", "\r") else words


class Manifest:
    """The digest of every file, laid by on disk until the whole is signed."""

    def __init__(self, about: dict[str, Any], key: Ed25519PrivateKey) -> None:
        self.about, self.key, self.files, self.items = about, key, 0, 0
        self._lines = tempfile.TemporaryFile()  # noqa: SIM115  (closed when the manifest is made)

    def read(self, piece: Piece) -> Iterator[bytes]:
        """The bytes of a file, noted as they go by."""
        found, size = hashlib.sha256(), 0
        while block := piece.source.read(BLOCK):
            found.update(block)
            size += len(block)
            yield block
        entry = json.dumps(piece.name) + ": " + json.dumps({"bytes": size, "sha256": found.hexdigest()})
        self._lines.write(f"{',' if self.files else ''}\n  {entry}".encode())
        self.files += 1
        self.items += piece.begins

    def made(self) -> tuple[bytes, bytes, dict[str, Any]]:
        """The manifest, its signature, and what the record says of the whole."""
        public = public_bytes(self.key)
        body = {
            "format": EXPORT_FORMAT,
            **self.about,
            "items": self.items,
            "public_key": base64.b64encode(public).decode(),
            "fingerprint": fingerprint(public),
        }
        head = json.dumps(body, indent=1, sort_keys=True, ensure_ascii=False).encode().removesuffix(b"\n}")
        with self._lines as lines:
            lines.seek(0)
            told = head + b',\n "files": {' + lines.read() + b"\n }\n}"
        signature = base64.b64encode(self.key.sign(told)) + b"\n"
        digest = hashlib.sha256(told).hexdigest()
        return told, signature, {"items": self.items, "files": self.files, "manifest": digest}


def steps(
    out: IO[bytes],
    items: Iterable[ArchivedItem],
    *,
    form: Format,
    organisation: str,
    desk: str,
    asked: dict[str, str],
    key: Ed25519PrivateKey,
    at: datetime,
) -> Steps:
    """Writes an export to `out`, which need not be able to seek, one file at each step."""
    about = {"organisation": organisation, "made_at": at.astimezone(UTC).isoformat(), "asked": asked}
    manifest = Manifest(about, key)
    if form == "zip":
        return _zip(out, items, manifest)
    return _warc(out, items, manifest, desk=desk, at=at)


def _zip(out: IO[bytes], items: Iterable[ArchivedItem], manifest: Manifest) -> Steps:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:

        def put(piece: Piece) -> None:
            packed = piece.mime.startswith(("image/", "video/"))  # as small as they get
            entry = zipfile.ZipInfo(piece.name, datetime.now(UTC).timetuple()[:6])
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            with file.open(entry, "w", force_zip64=True) as to:
                for block in manifest.read(piece):
                    to.write(block)

        for piece in _pieces(items):
            put(piece)
            yield manifest.items
        public = public_bytes(manifest.key)
        words = f"{base64.b64encode(public).decode()}\n{fingerprint(public)}\n"
        put(_plain("public-key.txt", "text/plain", words.encode()))
        told, signature, says = manifest.made()
        file.writestr("manifest.json", told)
        file.writestr("manifest.sig", signature)
    return says


def _warc(out: IO[bytes], items: Iterable[ArchivedItem], manifest: Manifest, *, desk: str, at: datetime) -> Steps:
    """Each file is a resource record under an address of the desk's; the facts say where it stands on the network."""
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    info = {"software": "Gatepost", "format": "WARC File Format 1.1", "description": manifest.about["organisation"]}
    writer.write_record(writer.create_warcinfo_record("gatepost-archive.warc.gz", info))

    def put(piece: Piece, moment: datetime) -> None:
        length = piece.source.seek(0, io.SEEK_END)
        piece.source.seek(0)  # its digest is taken from where it stands
        record = writer.create_warc_record(
            f"{desk}/archive/export/{piece.name}",
            "resource",
            payload=piece.source,
            length=length,
            warc_content_type=piece.mime,
            warc_headers_dict={"WARC-Date": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")},
        )
        writer.write_record(record)

    for piece in _pieces(items):
        for _ in manifest.read(piece):
            pass
        put(piece, piece.moment or at)
        yield manifest.items
    told, signature, says = manifest.made()
    put(_plain("manifest.json", "application/json", told), at)
    put(_plain("manifest.sig", "text/plain", signature), at)
    return says
