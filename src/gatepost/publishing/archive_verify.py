"""Reading an export of an archive back without the desk: is every file as it was, and who signed it?"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from warcio.archiveiterator import ArchiveIterator

from gatepost.publishing.archive_digest import EXPORT_FORMAT, digest_of, fingerprint

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
BLOCK = 1024 * 1024
Source = Callable[[int], bytes]
LIMIT = 600 * 1024 * 1024  # bytes of one file in an export: the largest film that can be sent, and some


class Broken(Exception):
    """The export is not what was signed; the message names the first thing that is not."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a sound export says of itself."""

    organisation: str
    made_at: str
    items: int
    files: int
    fingerprint: str


def verify(path: Path) -> Report:
    """Raises Broken, naming the first file that is missing, added or changed, or that the signature does not hold."""
    packed = zipfile.is_zipfile(path)
    try:
        manifest, signature, seen = _gathered(_zip(path) if packed else _warc(path))
    except Broken:
        raise
    except OSError as error:
        if packed:
            raise Broken("The ZIP file is damaged.") from error
        raise Broken(f"It cannot be read: {error.strerror or type(error).__name__}.") from error
    except Exception as error:  # zlib.error, BadZipFile, ArchiveLoadFailed and the like, one for each way of packing
        words = "The ZIP file is damaged." if packed else "It is neither a ZIP nor a WARC file, or it is damaged."
        raise Broken(words) from error
    if not manifest or not signature:
        raise Broken("It holds no signed manifest: it is not an export of Gatepost's, or a part of one.")
    told = _read(manifest)
    _signed(told, manifest, signature)
    _compare(told["files"], seen)
    return Report(
        organisation=str(told["organisation"]),
        made_at=str(told["made_at"]),
        items=int(told["items"]),
        files=len(seen),
        fingerprint=fingerprint(base64.b64decode(told["public_key"])),
    )


def _gathered(files: Iterator[tuple[str, Source]]) -> tuple[bytes, bytes, dict[str, tuple[str, int]]]:
    """The manifest, its signature, and the digest and size of every other file."""
    seen: dict[str, tuple[str, int]] = {}
    manifest = signature = b""
    for name, source in files:
        if name in seen or (name == MANIFEST and manifest) or (name == SIGNATURE and signature):
            raise Broken(f"{name} is there twice.")
        about_item = name.startswith("items/") and name.endswith(".json")
        digest, size, data = _taken(name, source, keep=about_item or name in (MANIFEST, SIGNATURE))
        if name == MANIFEST:
            manifest = data
        elif name == SIGNATURE:
            signature = data
        else:
            seen[name] = (digest, size)
            if about_item:
                _item(name, data)
    return manifest, signature, seen


def _taken(name: str, source: Source, *, keep: bool) -> tuple[str, int, bytes]:
    """(digest, size, bytes where they are needed): a film goes by in pieces."""
    found, size, kept = hashlib.sha256(), 0, bytearray()
    while block := source(BLOCK):
        found.update(block)
        size += len(block)
        if size > LIMIT:
            raise Broken(f"{name} is larger than anything that can be sent.")
        if keep:
            kept += block
    return found.hexdigest(), size, bytes(kept)


def _zip(path: Path) -> Iterator[tuple[str, Source]]:
    with zipfile.ZipFile(path) as file:
        for entry in file.infolist():
            with file.open(entry) as source:
                yield entry.filename, source.read


def _warc(path: Path) -> Iterator[tuple[str, Source]]:
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            if record.rec_type == "resource":
                uri = record.rec_headers.get_header("WARC-Target-URI") or ""
                yield uri.partition("/archive/export/")[2] or uri, record.content_stream().read


def _read(manifest: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(manifest)
    except ValueError as error:
        raise Broken("The manifest is damaged.") from error
    wanted = {"format", "organisation", "made_at", "items", "public_key", "files"}
    if not isinstance(told, dict) or not wanted <= told.keys() or not isinstance(told["files"], dict):
        raise Broken("The manifest is not one of Gatepost's.")
    if told["format"] != EXPORT_FORMAT:
        raise Broken(f"The manifest is written in another form: {str(told['format'])[:60]}.")
    return told


def _signed(told: Mapping[str, Any], manifest: bytes, signature: bytes) -> None:
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(told["public_key"], validate=True))
        key.verify(base64.b64decode(signature.strip(), validate=True), manifest)
    except (InvalidSignature, ValueError, TypeError, binascii.Error) as error:
        raise Broken("The manifest was changed after it was signed.") from error


def _compare(files: Mapping[str, Any], seen: Mapping[str, tuple[str, int]]) -> None:
    for name, entry in sorted(files.items()):
        if name not in seen:
            raise Broken(f"{name} is missing.")
        if not isinstance(entry, dict) or (entry.get("sha256"), entry.get("bytes")) != seen[name]:
            raise Broken(f"{name} was changed.")
    if added := sorted(set(seen) - set(files)):
        raise Broken(f"{added[0]} was added.")


def _item(name: str, data: bytes) -> None:
    """The digests of an item and of its events, which the desk's record also holds."""
    try:
        told = json.loads(data)
        pairs = [(told["facts"], told["digest"]), *((one["facts"], one["digest"]) for one in told["events"])]
    except (ValueError, KeyError, TypeError) as error:
        raise Broken(f"{name} is damaged.") from error
    if any(digest_of(facts) != digest for facts, digest in pairs):
        raise Broken(f"{name} is not what its digest says.")
