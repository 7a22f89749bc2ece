"""Taking in a picture: its type told from its bytes, its size limited, its metadata (place, camera) left out."""

from __future__ import annotations

import io
import warnings
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from gatepost.channels.actions import require_writer
from gatepost.gate.facts import MediaFact
from gatepost.gate.media import put
from gatepost.ledger.actions import record
from gatepost.people.models import User
from gatepost.publishing.measured import sharpness
from gatepost.publishing.models import Media
from gatepost.publishing.picture_words import want_words

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
SEVERAL = {"MPO": "JPEG"}  # many telephones add a second picture to a JPEG: the first is what people see
MOST_PIXELS = 60_000_000


class PictureError(Exception):
    """The picture cannot be used; the message says why and what to do."""


def clean(data: bytes) -> tuple[bytes, str, int, int]:
    """Bytes without metadata, MIME type, width and height in pixels. Raises PictureError."""
    if len(data) > settings.MEDIA_LIMIT_BYTES:
        limit = settings.MEDIA_LIMIT_BYTES // (1024 * 1024)
        raise PictureError(
            f"The picture is {len(data) / 1024 / 1024:.0f} MB. The most is {limit} MB. Save it smaller, then add it."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as opened:
                kind = SEVERAL.get(opened.format or "", opened.format or "")
                if kind not in FORMATS:
                    raise PictureError("This is not a picture we can send. Use JPEG, PNG or WebP.")
                if opened.width * opened.height > MOST_PIXELS:
                    raise PictureError("The picture has too many pixels. Save it at most 7,700 pixels on a side.")
                picture = ImageOps.exif_transpose(opened)
                if kind == "JPEG" and picture.mode not in ("RGB", "L"):
                    picture = picture.convert("RGB")
                out = io.BytesIO()
                # No exif, XMP or comment is passed on: place and camera stay behind. Colours keep their profile.
                options: dict[str, Any] = {"icc_profile": opened.info.get("icc_profile")}
                if kind == "JPEG":
                    options |= {"quality": 90, "optimize": True, "comment": b""}
                picture.save(out, format=kind, **options)
                return out.getvalue(), FORMATS[kind], picture.width, picture.height
    except PictureError:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureError("This file is not a picture, or it is damaged. Use JPEG, PNG or WebP.") from error
    except Image.DecompressionBombWarning as error:
        raise PictureError("The picture has too many pixels. Save it at most 7,700 pixels on a side.") from error


@transaction.atomic
def add_picture(data: bytes, filename: str, *, by: User, at: datetime) -> Media:
    """Keeps a cleaned picture. The same picture is kept once. Raises PictureError, MediaError, NotAllowed."""
    require_writer(by, at)
    cleaned, mime, width, height = clean(data)
    with Image.open(io.BytesIO(cleaned)) as opened:
        sharp = sharpness(opened)
    media, new = Media.objects.get_or_create(
        sha256=put(cleaned),
        defaults={
            "mime": mime,
            "width": width,
            "height": height,
            "bytes": len(cleaned),
            "filename": PurePath(filename).name[-160:] or "picture",
            "added_by": by,
            "added_at": at,
            "sharpness": sharp,
        },
    )
    MediaFact.objects.get_or_create(sha256=media.pk, defaults={"sharpness": sharp})
    want_words(media)
    if new:
        record("media.added", f"media:{media.pk[:16]}", by=by, at=at, clauses=["desk:pictures"])
    return media
