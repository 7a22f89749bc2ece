"""Files on their way in, in pieces: begun with a size, added to where they have come to, made into media at the end.

A break loses nothing that has arrived; whoever comes back asks how far it is and goes on from there.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from uuid import UUID

from django.conf import settings
from django.db import transaction

from gatepost import jobs
from gatepost.channels.actions import require_writer
from gatepost.gate.facts import MediaFact
from gatepost.gate.media import put, put_file
from gatepost.ledger.actions import record
from gatepost.people.models import User
from gatepost.publishing import film
from gatepost.publishing.models import Media, Upload
from gatepost.publishing.pictures import PictureError, add_picture

FILM_LIMIT = 512 * 1024 * 1024
PIECE_LIMIT = 8 * 1024 * 1024
AT_ONCE = 20  # unfinished uploads of one person
KEPT_FOR = timedelta(days=2)
NO_ROOM = "The server's disk is full or may not be written to. Ask whoever runs it."
FILMS = (".mp4", ".m4v", ".mov", ".webm", ".mkv", ".3gp")


class UploadError(Exception):
    """The file cannot be taken; the message says why and what to do."""


class WrongPlace(UploadError):
    """A piece does not begin where the upload has come to. `received` says where that is."""

    def __init__(self, received: int) -> None:
        super().__init__(f"{received:,} bytes have arrived. Go on from there.")
        self.received = received


def is_film(filename: str) -> bool:
    return PurePath(filename).suffix.lower() in FILMS


def path_of(upload: Upload) -> Path:
    return Path(settings.DATA) / "uploads" / str(upload.pk)


@transaction.atomic
def begin_upload(filename: str, size: int, *, by: User, at: datetime) -> Upload:
    """Makes room for a file of `size` bytes. Raises UploadError; NotAllowed for who may write for no channel."""
    require_writer(by, at)
    name = PurePath(filename).name[-160:] or "file"
    most = FILM_LIMIT if is_film(name) else settings.MEDIA_LIMIT_BYTES
    if not 0 < size <= most:
        raise UploadError(
            f"{name} is {size / 2**20:.0f} MB. The most is {most // 2**20} MB. Save it smaller, then add it."
        )
    if is_film(name) and not film.there():
        raise UploadError(
            "Films cannot be added: ffmpeg is not installed on this server. Pictures can. "
            "Ask whoever runs the server to install it (on Debian: apt-get install ffmpeg)."
        )
    mine = Upload.objects.filter(person=by)
    for old in mine.filter(at__lt=at - KEPT_FOR):
        path_of(old).unlink(missing_ok=True)
        old.delete()
    if mine.filter(media=None, failed="").count() >= AT_ONCE:
        raise UploadError(f"{AT_ONCE} files are on their way already. Wait for one of them.")
    return Upload.objects.create(person=by, filename=name, size=size, at=at)


@transaction.atomic
def take_piece(upload: Upload, offset: int, data: bytes, *, by: User, at: datetime) -> Upload:
    """Adds a piece at the place the upload has come to. The last one sets the making of it going. Raises WrongPlace,
    UploadError."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk, person=by)
    if upload.media_id or upload.failed:
        raise UploadError("This file has arrived already.")
    if offset != upload.received:
        raise WrongPlace(upload.received)
    if not data or len(data) > PIECE_LIMIT or upload.received + len(data) > upload.size:
        raise UploadError("The piece is empty, larger than 8 MB, or more than the size that was told.")
    path = path_of(upload)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("r+b" if path.exists() else "wb") as file:
            file.seek(offset)  # a piece that was written and not noted is written again in its place
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise UploadError(NO_ROOM) from error
    upload.received += len(data)
    upload.at = at
    upload.save(update_fields=["received", "at"])
    if upload.received == upload.size:
        _arrived(upload, by=by, at=at)
    return upload


def take_whole(filename: str, file: Path, *, by: User, at: datetime) -> Upload:
    """A film that came in one form, without script. Raises UploadError."""
    upload = begin_upload(filename, file.stat().st_size, by=by, at=at)
    path = path_of(upload)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, path)
    except OSError as error:
        with suppress(OSError):
            path.unlink()
        upload.delete()
        raise UploadError(NO_ROOM) from error
    with transaction.atomic():
        upload.received = upload.size
        upload.save(update_fields=["received"])
        _arrived(upload, by=by, at=at)
    return upload


def _arrived(upload: Upload, *, by: User, at: datetime) -> None:
    """Pictures are made ready at once; films by the worker, for that can take minutes."""
    if is_film(upload.filename):
        jobs.enqueue(jobs.Job.MAKE_MEDIA, upload=str(upload.pk), once=f"media:{upload.pk}")
    else:
        make_media(upload, at=at)


def upload_of(key: UUID, person: User) -> Upload | None:
    return Upload.objects.filter(pk=key, person=person).select_related("media").first()


def make_media(upload: Upload, *, at: datetime) -> Media | None:
    """Makes what has arrived into a picture or film. None when it cannot be used; then `failed` says why."""
    if upload.media_id or upload.received != upload.size:
        return upload.media
    path = path_of(upload)
    try:
        if is_film(upload.filename):
            media = _film(path, upload.filename, by=upload.person, at=at)
        else:
            media = add_picture(path.read_bytes(), upload.filename, by=upload.person, at=at)
    except (PictureError, film.FilmError) as error:
        Upload.objects.filter(pk=upload.pk).update(failed=str(error)[:400])
        path.unlink(missing_ok=True)
        return None
    except FileNotFoundError:
        Upload.objects.filter(pk=upload.pk).update(failed="The file is no longer on the server. Add it again.")
        return None
    Upload.objects.filter(pk=upload.pk).update(media=media)
    path.unlink(missing_ok=True)
    return media


def _film(path: Path, filename: str, *, by: User, at: datetime) -> Media:
    made = path.with_suffix(".made")
    try:
        shown = film.cleaned(path, made)
        still = put(film.still(made, shown.seconds))
        size = made.stat().st_size
        sha256 = put_file(made)
    finally:
        made.unlink(missing_ok=True)
    with transaction.atomic():
        media, new = Media.objects.get_or_create(
            sha256=sha256,
            defaults={
                "mime": "video/mp4",
                "width": shown.width,
                "height": shown.height,
                "bytes": size,
                "filename": filename,
                "added_by": by,
                "added_at": at,
                "seconds": shown.seconds,
                "still": still,
            },
        )
        MediaFact.objects.get_or_create(sha256=sha256, defaults={"seconds": shown.seconds})
        if new:
            record("media.added", f"media:{media.pk[:16]}", by=by, at=at, clauses=["desk:pictures"])
    return media
