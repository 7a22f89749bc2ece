"""Pictures and films as a network takes them: cut round what must stay in sight, in a format it reads, light enough.

Made once for each wish and kept by their own digest, so that what is signed off is exactly what leaves.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from PIL import Image

from gatepost import jobs
from gatepost.gate.media import get, put, put_file, whole
from gatepost.networks.limits import limits
from gatepost.publishing import film
from gatepost.publishing.models import Media, Rendition
from gatepost.publishing.rights import refresh_facts

SHAPES = {"": "As it is", "1:1": "Square", "4:5": "Upright", "16:9": "Wide", "1.91:1": "For a link card"}
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_STEPS = ((1.0, 88), (1.0, 80), (0.85, 80), (0.7, 78), (0.5, 75), (0.35, 70))  # share of the size, JPEG quality


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a network and a person want of a picture. `focus` in percent from the left and the top."""

    network: str
    shape: str = ""
    focus: tuple[int, int] = (50, 50)

    @property
    def word(self) -> str:
        known = limits(self.network)
        cut = f"{self.shape}@{self.focus[0]},{self.focus[1]}" if self.shape else "whole"
        return f"{cut} {'+'.join(sorted(known.image_types))} {known.image_side}px {known.image_bytes}b"


@dataclass(frozen=True, slots=True)
class Made:
    """The bytes that leave, by their digest."""

    sha256: str
    mime: str
    width: int
    height: int
    bytes: int


def box(width: int, height: int, shape: str, focus: tuple[int, int]) -> tuple[int, int, int, int]:
    """The part (left, top, right, bottom) of a picture that has `shape` ("16:9"), as large as can be, with the focus as
    near its middle as the edges let it."""
    wide, _, high = shape.partition(":")
    ratio = float(wide) / float(high)
    across, down = (width, round(width / ratio)) if width / height < ratio else (round(height * ratio), height)
    across, down = max(1, min(across, width)), max(1, min(down, height))
    left = min(max(0, round(width * focus[0] / 100 - across / 2)), width - across)
    top = min(max(0, round(height * focus[1] / 100 - down / 2)), height - down)
    return left, top, left + across, top + down


def fitted(data: bytes, wanted: Wanted) -> tuple[bytes, str, int, int]:
    """A picture's bytes as wanted: bytes, MIME type, width, height; at worst the smallest it can be."""
    known = limits(wanted.network)
    with Image.open(io.BytesIO(data)) as opened:
        opened.load()
        picture: Image.Image = opened.copy()
        profile = opened.info.get("icc_profile")
        mime = Image.MIME.get(opened.format or "", "")
    if wanted.shape:
        picture = picture.crop(box(picture.width, picture.height, wanted.shape, wanted.focus))
    if known.image_side and max(picture.size) > known.image_side:
        picture.thumbnail((known.image_side, known.image_side), Image.Resampling.LANCZOS)
    first = known.image_types[0] if known.image_types else mime
    keeps = mime if mime in known.image_types and mime in FORMATS else first
    for target in dict.fromkeys((keeps, first)):
        for share, quality in _STEPS if target != "image/png" else _STEPS[:1]:
            made = _written(picture, target, share, quality, profile)
            if not known.image_bytes or len(made[0]) <= known.image_bytes:
                return made[0], target, made[1], made[2]
    return made[0], target, made[1], made[2]


def _written(
    picture: Image.Image, mime: str, share: float, quality: int, profile: bytes | None
) -> tuple[bytes, int, int]:
    out = io.BytesIO()
    size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
    image = picture if share == 1.0 else picture.resize(size, Image.Resampling.LANCZOS)
    if mime == "image/jpeg" and image.mode not in ("RGB", "L"):
        see_through = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")  # what is see-through would turn black
        image = Image.alpha_composite(ground, see_through).convert("RGB")
    options = {} if mime == "image/png" else {"quality": quality}
    image.save(out, FORMATS[mime], icc_profile=profile, optimize=True, **options)
    return out.getvalue(), image.width, image.height


def needed(media: Media, wanted: Wanted) -> bool:
    """Does the network want it otherwise than it is kept?"""
    known = limits(wanted.network)
    if media.moving:
        return media.bytes > known.video_bytes
    if wanted.shape or (known.image_side and max(media.width, media.height) > known.image_side):
        return True
    return media.bytes > known.image_bytes or (bool(known.image_types) and media.mime not in known.image_types)


def made_for(media: Media, wanted: Wanted) -> Made:
    """What leaves for a network. A picture is made now, if it was not before; a film is set going and, until it is
    made, stands as it is kept: the check of its weight then stops it."""
    own = Made(media.pk, media.mime, media.width, media.height, media.bytes)
    if not needed(media, wanted):
        return own
    word = f"film {limits(wanted.network).video_bytes}b" if media.moving else wanted.word
    kept = Rendition.objects.filter(original=media, wanted=word).first()
    if kept is None:
        if media.moving:
            _set_going(media, word)
            return own
        kept = _picture(media, wanted)
    return Made(kept.sha256, kept.mime, kept.width, kept.height, kept.bytes) if kept.sha256 else own


@transaction.atomic
def _picture(media: Media, wanted: Wanted) -> Rendition:
    data, mime, width, height = fitted(get(media.pk), wanted)
    values = {"sha256": put(data), "mime": mime, "width": width, "height": height, "bytes": len(data)}
    kept, _ = Rendition.objects.update_or_create(
        original=media, wanted=wanted.word, defaults={**values, "at": timezone.now()}
    )
    refresh_facts(media)
    return kept


@transaction.atomic
def _set_going(media: Media, word: str) -> None:
    kept, new = Rendition.objects.get_or_create(original=media, wanted=word, defaults={"at": timezone.now()})
    if new:
        jobs.enqueue(jobs.Job.MAKE_RENDITION, rendition=kept.pk)


def make_film(kept: Rendition) -> None:
    """Makes a film small enough; for the worker. What went wrong is noted with it."""
    media = kept.original
    most = int(kept.wanted.removeprefix("film ").removesuffix("b"))
    folder = Path(settings.DATA) / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    out = folder / f"rendition-{kept.pk}"
    try:
        source = whole(media.pk)
        shown = film.smaller(source, out, most_bytes=most, was=film.probe(source))
        size = out.stat().st_size
        values = {"sha256": put_file(out), "mime": "video/mp4", "width": shown.width, "height": shown.height}
        Rendition.objects.filter(pk=kept.pk).update(**values, bytes=size, failed="")
        refresh_facts(media)
    except film.FilmError as error:
        Rendition.objects.filter(pk=kept.pk).update(failed=str(error)[:400])
    finally:
        out.unlink(missing_ok=True)
