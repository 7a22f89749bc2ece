"""Pictures made here: nobody's photograph."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageDraw, ImageFilter, ImageFont

GPS = {1: "N", 2: (51.0, 33.0, 7.5), 3: "W", 4: (0.0, 16.0, 54.0)}


def exif() -> bytes:
    """A camera, a place, and an orientation of a quarter turn."""
    made = Image.Exif()
    made[0x0110] = "Sample Camera 3000"
    made[0x0112] = 6
    made.get_ifd(0x8825).update(GPS)
    return made.tobytes()


def picture(kind: str, size: tuple[int, int] = (64, 32), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def jpeg(**options: Any) -> bytes:
    return picture("JPEG", **options)


def photograph(**options: Any) -> bytes:
    """Large enough for the checks to have nothing to ask."""
    return picture("JPEG", (640, 336), **options)


def bomb(side: int) -> bytes:
    """A PNG of a few kilobytes that says it is `side` pixels wide and high."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    rows = zlib.compress(b"\0" * ((side // 8 + 1) * min(side, 2000)), 9)
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def poster(*lines: str, letters: int = 48, size: tuple[int, int] = (1080, 800), kind: str = "PNG") -> bytes:
    """Dark lines of words on a light ground, in the letters that come with Pillow."""
    drawn = Image.new("RGB", size, "#f4f4f0")
    pen, font = ImageDraw.Draw(drawn), ImageFont.load_default(letters)
    for number, line in enumerate(lines):
        pen.text((60, 60 + number * letters * 1.6), line, fill="#101820", font=font)
    out = io.BytesIO()
    drawn.save(out, kind)
    return out.getvalue()


def evening() -> bytes:
    """A sky, a hill and a moon without one word, the same each time."""
    sky = Image.linear_gradient("L").resize((900, 600))
    moon = Image.radial_gradient("L").resize((120, 120)).point(lambda grey: 255 - grey)
    sky.paste(moon, (640, 80))
    ImageDraw.Draw(sky).ellipse((-200, 420, 700, 900), fill=40)
    out = io.BytesIO()
    sky.filter(ImageFilter.GaussianBlur(2)).convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()
