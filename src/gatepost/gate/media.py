"""Pictures, films and subtitles by the SHA-256 of their bytes, stored once under the data folder."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

from gatepost.gate.content import MediaRef
from gatepost.networks.protocol import MediaFile, SubtitleFile

PIECE = 1024 * 1024


class MediaError(Exception):
    """A picture cannot be kept or is not as it was signed off; the message says what to do."""


def _path(sha256: str) -> Path:
    if len(sha256) != 64 or not all(letter in "0123456789abcdef" for letter in sha256):
        raise MediaError("This is not the digest of a picture.")
    return Path(settings.MEDIA_STORE) / sha256[:2] / sha256


def put(data: bytes) -> str:
    """Keeps bytes and returns their digest (hex). Raises MediaError when the disk will not take them."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = _path(sha256)
    if path.exists():
        return sha256
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise MediaError(
            "The picture could not be saved: the server's disk is full or may not be written to. "
            "Nothing was sent. Ask whoever runs this server to make room, then try again."
        ) from error
    return sha256


def digest_of_file(path: Path) -> str:
    """The SHA-256 of a file in hex, read piece by piece."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            found.update(piece)
    return found.hexdigest()


def put_file(path: Path) -> str:
    """Moves a file of the data folder into the store and returns its digest. Raises MediaError."""
    try:
        sha256 = digest_of_file(path)
        kept = _path(sha256)
        kept.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as file:
            os.fsync(file.fileno())
        path.replace(kept)
    except OSError as error:
        raise MediaError(
            "The film could not be saved: the server's disk is full or may not be written to. "
            "Nothing was sent. Ask whoever runs this server to make room, then try again."
        ) from error
    return sha256


def stored(sha256: str) -> Path:
    """Where the bytes lie, unchecked: to show them to people, never to send them. Raises MediaError."""
    path = _path(sha256)
    if not path.exists():
        raise MediaError("This is missing from the server. Add it again.")
    return path


def whole(sha256: str) -> Path:
    """Where the bytes lie, checked against their digest without reading them into memory. Raises MediaError."""
    path = _path(sha256)
    try:
        found = digest_of_file(path)
    except OSError as error:
        raise MediaError("A film of this post is missing from the server. Add it again.") from error
    if found != sha256:
        raise MediaError("A film of this post has been changed on the server since it was added. Add it again.")
    return path


def file_of(ref: MediaRef) -> MediaFile:
    """What a connector sends: a picture's bytes, or where a film lies, with its subtitles. Raises MediaError."""
    subtitles = tuple(SubtitleFile(get(item.sha256), item.language) for item in ref.captions if item.kind == "captions")
    if ref.mime.startswith("video/"):
        return MediaFile(b"", ref.mime, ref.alt, ref.filename, path=whole(ref.sha256), subtitles=subtitles)
    return MediaFile(get(ref.sha256), ref.mime, ref.alt, ref.filename)


def get(sha256: str) -> bytes:
    """The bytes, checked against their digest. Raises MediaError when they are gone or changed."""
    try:
        data = _path(sha256).read_bytes()
    except OSError as error:
        raise MediaError("A picture of this post is missing from the server. Add it again.") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise MediaError("A picture of this post has been changed on the server since it was added. Add it again.")
    return data
