"""Pictures: what they are is told from their bytes; place and camera stay behind; what harms is refused in words."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image

from gatepost.gate import media
from gatepost.gate.media import MediaError
from gatepost.ledger.models import Line
from gatepost.publishing.models import Media
from gatepost.publishing.pictures import PictureError, add_picture, clean
from tests import factories

from .images import bomb, exif, jpeg, picture

XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>51,33.125N</exif:GPSLatitude></x:xmpmeta>'


@pytest.mark.parametrize(
    "data",
    [
        jpeg(exif=exif(), comment=b"Sample Camera 3000", xmp=XMP),
        picture("PNG", exif=exif()),
        picture("WEBP", exif=exif(), xmp=XMP),
        picture("MPO", exif=exif(), save_all=True, append_images=[Image.new("RGB", (64, 32))]),
    ],
    ids=["jpeg", "png", "webp", "mpo"],
)
def test_place_and_camera_stay_behind(data: bytes) -> None:
    assert b"Sample Camera" in data
    kept, mime, width, height = clean(data)
    with Image.open(io.BytesIO(kept)) as opened:
        assert dict(opened.getexif()) == {}
        assert dict(opened.getexif().get_ifd(0x8825)) == {}
        assert (opened.width, opened.height) == (width, height) == (32, 64)  # turned upright
        assert mime == f"image/{(opened.format or '').lower()}"
    for trace in (b"Sample Camera", b"GPS", b"51,33", b"Exif"):
        assert trace not in kept


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff\xd8\xff" + b"x" * (40 * 1024 * 1024), "40 MB. The most is 25 MB"),
        (b"", "not a picture"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "(Use JPEG, PNG or WebP|not a picture)"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "Use JPEG, PNG or WebP"),
        (b"%PDF-1.7\n", "Use JPEG, PNG or WebP"),
        (jpeg()[:400], "damaged"),
        (picture("PNG")[:300], "damaged"),
        (picture("WEBP")[:200], "damaged"),
        (picture("BMP"), "Use JPEG, PNG or WebP"),
        (bomb(8_000), "too many pixels"),
        (bomb(30_000), "(too many pixels|damaged)"),
    ],
    ids=["40MB", "empty", "gif", "svg", "pdf", "cut jpeg", "cut png", "cut webp", "bmp", "pixels", "bomb"],
)
def test_what_is_no_picture_for_us_is_refused_in_words(data: bytes, says: str) -> None:
    with pytest.raises(PictureError, match=says):
        clean(data)


@pytest.mark.django_db
def test_the_same_picture_is_kept_once() -> None:
    by, at, data = factories.officer(), timezone.now(), jpeg()
    first = add_picture(data, "../../etc/hall.jpg", by=by, at=at)
    assert add_picture(data, "other.jpg", by=by, at=at) == first
    assert first.filename == "hall.jpg"
    assert media.get(first.sha256)[:2] == b"\xff\xd8"
    assert Line.objects.filter(verb="media.added").count() == 1


@pytest.mark.django_db
def test_a_picture_changed_or_gone_on_the_disk_is_noticed() -> None:
    kept = add_picture(jpeg(), "hall.jpg", by=factories.officer(), at=timezone.now())
    path = media._path(kept.sha256)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(MediaError, match="has been changed"):
        media.get(kept.sha256)
    path.unlink()
    with pytest.raises(MediaError, match="missing"):
        media.get(kept.sha256)


FULL = """
import resource, sys
from pathlib import Path
from django.conf import settings
settings.configure(MEDIA_STORE=Path(sys.argv[1]))
from gatepost.gate.media import MediaError, put
resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, 64 * 1024))
try:
    put(b"x" * 1_000_000)
except MediaError as error:
    print(error)
"""


def test_a_full_disk_is_said_and_nothing_half_is_kept(tmp_path: Path) -> None:
    """A limit on the size of files stands in for a disk without room: the write ends half-way in both."""
    done = subprocess.run([sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=True)
    assert "disk is full" in done.stdout
    assert "Nothing was sent" in done.stdout
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.django_db
def test_no_row_without_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    by = factories.officer()
    monkeypatch.setattr("gatepost.gate.media.os.fsync", full)
    with pytest.raises(MediaError, match="disk is full"):
        add_picture(jpeg(), "hall.jpg", by=by, at=timezone.now())
    assert not Media.objects.exists()
