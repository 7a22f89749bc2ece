"""Films made here by ffmpeg: test patterns and a tone, of nobody and nowhere."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

needs_ffmpeg = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
PLACE = "+51.5500-000.2800/"


def film(path: Path, *, seconds: float = 2, size: str = "640x360", sound: bool = True, codec: str = "libx264") -> Path:
    """A film with a place and a title in its metadata."""
    made = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=size={size}:rate=12:duration={seconds}"]
    if sound:
        made += ["-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}"]
    coded = ["-c:v", codec, "-pix_fmt", "yuv420p"] + (["-c:a", "aac" if path.suffix == ".mp4" else "libvorbis"] * sound)
    about = ["-metadata", f"location={PLACE}", "-metadata", "title=Secret title"]
    subprocess.run([*made, *coded, *about, str(path)], check=True, timeout=60)
    return path
