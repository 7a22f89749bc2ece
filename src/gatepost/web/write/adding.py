"""Pictures and films that come with a form."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import HttpRequest

from gatepost.people.models import User
from gatepost.publishing.models import Media, Upload
from gatepost.publishing.pictures import PictureError, add_picture
from gatepost.publishing.uploads import is_film, take_whole, upload_of

MOST_COMING = 10


def added(request: HttpRequest, person: User, at: datetime) -> tuple[list[Media], list[Upload]]:
    """What can be used now, and films that are still being prepared. A file's size is looked at before it is read.
    Raises PictureError, UploadError."""
    ready: list[Media] = []
    coming: list[Upload] = []
    for key in request.POST.getlist("coming")[:MOST_COMING]:
        upload = _upload(key, person)
        if upload is not None and upload.failed:
            Upload.objects.filter(pk=upload.pk).delete()
            raise PictureError(f"{upload.filename}: {upload.failed}")
        if upload is not None:
            (ready.append(upload.media) if upload.media else coming.append(upload))
    most = settings.MEDIA_LIMIT_BYTES
    for file in request.FILES.getlist("picture"):
        name = file.name or "file"
        if is_film(name):
            coming.append(_film(file, name, person, at))
            continue
        if (file.size or 0) > most:
            raise PictureError(
                f"The picture is {(file.size or 0) / 1024 / 1024:.0f} MB. The most is {most // 1024 // 1024} MB. "
                "Save it smaller, then add it."
            )
        ready.append(add_picture(file.read(), name, by=person, at=at))
    return ready, coming


def _upload(key: str, person: User) -> Upload | None:
    try:
        return upload_of(UUID(key), person)
    except ValueError:
        return None


def _film(file: UploadedFile[Any], name: str, person: User, at: datetime) -> Upload:
    if isinstance(file, TemporaryUploadedFile):
        return take_whole(name, Path(file.temporary_file_path()), by=person, at=at)
    with tempfile.NamedTemporaryFile(suffix=".film") as kept:
        for piece in file.chunks():
            kept.write(piece)
        kept.flush()
        return take_whole(name, Path(kept.name), by=person, at=at)
