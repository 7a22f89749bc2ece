"""Pictures of posts for people who are signed in, by digest; small ones are made once and kept."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from PIL import Image

from gatepost.gate.media import MediaError, get
from gatepost.publishing.models import Media
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


@needs("signed in")
@require_safe
def picture(request: HttpRequest, sha256: str, size: str) -> HttpResponse:
    media = Media.objects.filter(pk=sha256).first()
    if media is None:
        raise Http404
    try:
        data, mime = (small(sha256), "image/webp") if size == "small" else (get(sha256), media.mime)
    except MediaError as error:
        raise Http404(str(error)) from error
    answer = HttpResponse(data, content_type=mime)
    answer["Cache-Control"] = "private, max-age=31536000, immutable"
    answer["Content-Disposition"] = "inline"
    return answer
