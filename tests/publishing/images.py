"""Pictures made here: nobody's photograph."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image

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
