"""Pictures by the SHA-256 of their bytes, stored once under the data folder."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


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


def get(sha256: str) -> bytes:
    """The bytes, checked against their digest. Raises MediaError when they are gone or changed."""
    try:
        data = _path(sha256).read_bytes()
    except OSError as error:
        raise MediaError("A picture of this post is missing from the server. Add it again.") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise MediaError("A picture of this post has been changed on the server since it was added. Add it again.")
    return data
