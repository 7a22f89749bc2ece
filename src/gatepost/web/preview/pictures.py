"""Pictures of posts for people who are signed in, by digest; small ones are made once and kept."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe
from PIL import Image

from gatepost.gate.media import MediaError, get, stored
from gatepost.publishing.models import Media, Rendition, Subtitles
from gatepost.web.permission import needs

SMALL = (1280, 1280)  # twice the widest a preview gets, for sharp screens


def small(sha256: str) -> bytes:
    """A picture as WebP, at most SMALL. Raises MediaError when the picture is gone."""
    kept = Path(settings.DATA) / "thumbs" / f"{sha256}.webp"
    if kept.exists():
        return kept.read_bytes()
    with Image.open(io.BytesIO(get(sha256))) as picture:
        picture.draft("RGB", SMALL)
        picture.thumbnail(SMALL)
        out = io.BytesIO()
        mode = "RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB"
        picture.convert(mode).save(out, format="WEBP", quality=80)
    data = out.getvalue()
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=kept.parent, delete=False) as file:
            file.write(data)
        Path(file.name).replace(kept)
    except OSError:  # a full disk keeps no copy, and the picture is shown all the same
        return data
    return data


def _kept(sha256: str, size: str) -> bool:
    """Stills of films, forms made for networks, and subtitles: stored bytes that are no media of their own."""
    if size == "words":
        return Subtitles.objects.filter(sha256=sha256).exists()
    return Media.objects.filter(still=sha256).exists() or Rendition.objects.filter(sha256=sha256).exists()


def _seen(media: Media | None, sha256: str) -> str:
    """The picture that shows it: a film's still; itself for a picture."""
    if media is not None:
        return media.shown
    film = Rendition.objects.filter(sha256=sha256, mime__startswith="video/").select_related("original").first()
    return film.original.shown if film else sha256


def mime_of(media: Media | None, size: str) -> str:
    if size == "words":
        return "text/vtt; charset=utf-8"
    return media.mime if media else "image/jpeg"


def _film(request: HttpRequest, sha256: str) -> StreamingHttpResponse:
    """A film, or the part of it a player asks for."""
    path = stored(sha256)
    size = path.stat().st_size
    asked = re.fullmatch(r"bytes=(\d{1,15})-(\d{0,15})", request.headers.get("Range", ""))
    start = min(int(asked[1]), size) if asked else 0
    end = min(int(asked[2]), size - 1) if asked and asked[2] else size - 1
    answer = StreamingHttpResponse(_read(path, start, end), content_type="video/mp4", status=206 if asked else 200)
    answer["Accept-Ranges"] = "bytes"
    answer["Content-Length"] = str(max(0, end - start + 1))
    answer["Cache-Control"] = "private, max-age=31536000, immutable"
    if asked:
        answer["Content-Range"] = f"bytes {start}-{end}/{size}"
    return answer


def _read(path: Path, start: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        left = end - start + 1
        while left > 0 and (piece := file.read(min(left, 256 * 1024))):
            left -= len(piece)
            yield piece


@needs("signed in")
@require_safe
def picture(request: HttpRequest, sha256: str, size: str) -> HttpResponse | StreamingHttpResponse:
    media = Media.objects.filter(pk=sha256).first()
    if media is None and not _kept(sha256, size):
        raise Http404
    if size == "whole" and media is not None and media.moving:
        return _film(request, sha256)
    try:
        if size == "small":
            data, mime = small(_seen(media, sha256)), "image/webp"
        else:
            data, mime = get(sha256), mime_of(media, size)
    except MediaError as error:
        raise Http404(str(error)) from error
    answer = HttpResponse(data, content_type=mime)
    answer["Cache-Control"] = "private, max-age=31536000, immutable"
    answer["Content-Disposition"] = "inline"
    return answer
