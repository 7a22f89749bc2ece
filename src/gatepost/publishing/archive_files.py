"""The archive as files that stand without the desk: a ZIP with a signed manifest, or a WARC file (ISO 28500).

The manifest names every file (in a WARC: every record) with its SHA-256 and is signed with the desk's own key
(Ed25519). publishing/archive_verify.py reads both back.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import IO, Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from warcio.warcwriter import WARCWriter

from gatepost.gate.media import MediaError, get
from gatepost.ledger.digest import canonical
from gatepost.publishing.archive import media_in
from gatepost.publishing.archive_digest import EXPORT_FORMAT, fingerprint
from gatepost.publishing.archived import ArchivedItem
from gatepost.publishing.rendered import file_of

Format = Literal["zip", "warc"]
SUFFIX: dict[Format, str] = {"zip": ".zip", "warc": ".warc.gz"}
README = """An archive of what was published, made by Gatepost.

index.csv    one line for each item
items/       for each item its facts as JSON (exactly what was sent, who signed it, what the network answered, what
             became of it) and a page to read
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


def _parts(items: Iterable[ArchivedItem]) -> Iterator[tuple[str, bytes, str, ArchivedItem | None]]:
    """(name, bytes, MIME type, item) of every file but the manifest. A missing picture is named, not passed over."""
    rows, done, missing = [COLUMNS], set(), []
    for item in items:
        yield f"items/{item.act}.json", item_json(item), "application/json", item
        yield f"items/{item.act}.html", item.rendered.encode(), "text/html", item
        for sha256, mime in media_in(item.facts["content"]):
            if sha256 not in done:
                done.add(sha256)
                try:
                    yield file_of(sha256, mime), get(sha256), mime, None
                except MediaError:
                    missing.append(sha256)
        rows.append(_row(item))
    yield "index.csv", _index(rows), "text/csv", None
    yield "README.txt", README.encode(), "text/plain", None
    if missing:
        yield (
            "missing.txt",
            "\n".join(["These files are not on the desk any more:", *missing, ""]).encode(),
            "text/plain",
            None,
        )


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


def _index(rows: Iterable[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([plain_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def plain_cell(words: str) -> str:
    """A cell no spreadsheet takes for a formula: an apostrophe stands before what would begin one."""
    return f"'{words}" if words[:1] in ("=", "+", "-", "@", "\t", "\r") else words


def _manifest(entries: dict[str, dict[str, Any]], about: dict[str, Any], key: Ed25519PrivateKey) -> tuple[bytes, bytes]:
    public = public_bytes(key)
    body = {
        "format": EXPORT_FORMAT,
        **about,
        "public_key": base64.b64encode(public).decode(),
        "fingerprint": fingerprint(public),
        "files": entries,
    }
    told = json.dumps(body, indent=1, sort_keys=True, ensure_ascii=False).encode()
    return told, base64.b64encode(key.sign(told)) + b"\n"


def _entry(data: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def write(
    out: IO[bytes],
    items: Iterable[ArchivedItem],
    *,
    form: Format,
    organisation: str,
    desk: str,
    asked: dict[str, str],
    key: Ed25519PrivateKey,
    at: datetime,
) -> dict[str, Any]:
    """Writes an export to `out`. Returns how many items and files, and the digest of the manifest."""
    about = {"organisation": organisation, "made_at": at.astimezone(UTC).isoformat(), "asked": asked}
    if form == "zip":
        return _zip(out, items, about, key)
    return _warc(out, items, about, key, desk=desk, at=at)


def _told(entries: dict[str, Any], items: int, manifest: bytes) -> dict[str, Any]:
    return {"items": items, "files": len(entries), "manifest": hashlib.sha256(manifest).hexdigest()}


def _zip(
    out: IO[bytes], items: Iterable[ArchivedItem], about: dict[str, Any], key: Ed25519PrivateKey
) -> dict[str, Any]:
    entries: dict[str, dict[str, Any]] = {}
    count = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data, mime, item in _parts(items):
            entries[name] = _entry(data)
            count += item is not None and mime == "application/json"
            file.writestr(name, data)
        public = f"{base64.b64encode(public_bytes(key)).decode()}\n{fingerprint(public_bytes(key))}\n".encode()
        entries["public-key.txt"] = _entry(public)
        file.writestr("public-key.txt", public)
        manifest, signature = _manifest(entries, {**about, "items": count}, key)
        file.writestr("manifest.json", manifest)
        file.writestr("manifest.sig", signature)
    return _told(entries, count, manifest)


def _warc(
    out: IO[bytes],
    items: Iterable[ArchivedItem],
    about: dict[str, Any],
    key: Ed25519PrivateKey,
    *,
    desk: str,
    at: datetime,
) -> dict[str, Any]:
    """Each file is a resource record under an address of the desk's; the facts say where it stands on the network."""
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    info = {"software": "Gatepost", "format": "WARC File Format 1.1", "description": about["organisation"]}
    writer.write_record(writer.create_warcinfo_record("gatepost-archive.warc.gz", info))
    entries: dict[str, dict[str, Any]] = {}
    count = 0

    def put(name: str, data: bytes, mime: str, moment: datetime) -> None:
        headers = {"WARC-Date": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        record = writer.create_warc_record(
            f"{desk}/archive/export/{name}",
            "resource",
            payload=io.BytesIO(data),
            length=len(data),
            warc_content_type=mime,
            warc_headers_dict=headers,
        )
        writer.write_record(record)

    for name, data, mime, item in _parts(items):
        entries[name] = _entry(data)
        count += item is not None and mime == "application/json"
        put(name, data, mime, item.sent_at if item else at)
    manifest, signature = _manifest(entries, {**about, "items": count}, key)
    put("manifest.json", manifest, "application/json", at)
    put("manifest.sig", signature, "text/plain", at)
    return _told(entries, count, manifest)
