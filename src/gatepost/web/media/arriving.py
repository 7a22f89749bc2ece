"""Files that arrive in pieces, for scripts: begun, added to, asked after. A form does the same in one piece.

POST upload/ {name, size} -> 201 {key, received}; PATCH upload/KEY/ with `Upload-Offset` and the bytes -> {received};
GET upload/KEY/ -> {received, size, ready, failed}. A piece at another place than the upload has come to is a 409 that
says where to go on.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from gatepost.gate.media import MediaError
from gatepost.people.authority import NotAllowed
from gatepost.publishing.models import Upload
from gatepost.publishing.pictures import PictureError
from gatepost.publishing.uploads import PIECE_LIMIT, UploadError, WrongPlace, begin_upload, take_piece, upload_of
from gatepost.web.frame.who import me
from gatepost.web.permission import needs

NO_PLACE = 2**63


def _number(words: str) -> int:
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 16 else NO_PLACE


def _told(upload: Upload, status: int = 200) -> HttpResponse:
    body = {
        "key": str(upload.pk),
        "received": upload.received,
        "size": upload.size,
        "ready": upload.media_id or "",
        "failed": upload.failed,
    }
    return JsonResponse(body, status=status)


def _no(words: str, status: int, **more: object) -> HttpResponse:
    return JsonResponse({"failed": words, **more}, status=status)


@needs("signed in")
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    name, size = request.POST.get("name", "")[:400], _number(request.POST.get("size", ""))
    try:
        return _told(begin_upload(name, size, by=me(request), at=timezone.now()), 201)
    except UploadError as error:
        return _no(str(error), 422)
    except NotAllowed as error:
        return _no(str(error), 403)


@needs("signed in")
@require_http_methods(["GET", "PATCH"])
def piece(request: HttpRequest, key: UUID) -> HttpResponse:
    upload = upload_of(key, me(request))
    if upload is None:
        return _no("This file is not on its way. Begin again.", 404)
    if request.method == "GET":
        return _told(upload)
    data = request.read(PIECE_LIMIT + 1)
    try:
        taken = take_piece(
            upload, _number(request.headers.get("Upload-Offset", "")), data, by=me(request), at=timezone.now()
        )
    except WrongPlace as error:
        return _no(str(error), 409, received=error.received)
    except (UploadError, PictureError, MediaError) as error:
        return _no(str(error), 422)
    except NotAllowed as error:  # no longer approved since the upload was begun
        return _no(str(error), 403)
    taken.refresh_from_db()
    return _told(taken)
