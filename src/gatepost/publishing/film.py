"""Films through ffmpeg: what they are, without place and camera, and as small as a network wants them.

ffmpeg reads what strangers made, so it gets no network, two container formats, a time limit and no shell. When it is
not installed, films cannot be added; pictures can.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm"
_QUIET = ("-hide_banner", "-v", "error")
_SAFE = ("-protocol_whitelist", "file", "-format_whitelist", _FORMATS)  # stand before what is read
PROBE_SECONDS = 60
MOST_SECONDS = 4 * 3600  # of a film
WORK_SECONDS = 3 * 3600  # of ffmpeg
LONGEST_SIDE = 1920
AUDIO_BITS = 128_000


class FilmError(Exception):
    """The film cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Film:
    width: int
    height: int
    seconds: float
    video: str  # codec: "h264"
    audio: str  # "" when it is silent
    pixels: str = "yuv420p"


def there() -> bool:
    """Are ffmpeg and ffprobe installed?"""
    return bool(shutil.which("ffmpeg") and shutil.which("ffprobe"))


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise FilmError(
            "Films cannot be added: ffmpeg is not installed on this server. Pictures can. "
            "Ask whoever runs the server to install it (on Debian: apt-get install ffmpeg)."
        )
    return found


def _run(command: list[str], seconds: int) -> bytes:
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise FilmError("The film took too long to prepare. Save it shorter or smaller, then add it again.") from error
    if done.returncode:
        raise FilmError("This film cannot be read: it is damaged, or of a kind we cannot use. Save it as MP4 (H.264).")
    return done.stdout


def probe(path: Path) -> Film:
    """What a film is. Raises FilmError for what is none."""
    entries = "format=duration:stream=codec_type,codec_name,width,height,pix_fmt:stream_side_data=rotation"
    asked = ["-show_entries", entries, "-of", "json"]
    out = _run([_tool("ffprobe"), *_QUIET, *_SAFE, *asked, f"file:{path}"], PROBE_SECONDS)
    try:
        told = json.loads(out)
        streams = told.get("streams", [])
        picture = next(one for one in streams if one.get("codec_type") == "video" and one.get("width"))
        seconds = float(told["format"]["duration"])
    except (ValueError, KeyError, StopIteration, TypeError) as error:
        raise FilmError("There is no film in this file. Save it as MP4 (H.264), then add it again.") from error
    if not 0 < seconds <= MOST_SECONDS:
        raise FilmError("The film is longer than four hours, or has no length. Cut it, then add it again.")
    turned = any(abs(int(side.get("rotation", 0))) in (90, 270) for side in picture.get("side_data_list", []))
    width, height = int(picture["width"]), int(picture["height"])
    audio = next((str(one.get("codec_name", "")) for one in streams if one.get("codec_type") == "audio"), "")
    if turned:
        width, height = height, width
    return Film(width, height, seconds, str(picture.get("codec_name", "")), audio, str(picture.get("pix_fmt", "")))


def cleaned(path: Path, out: Path) -> Film:
    """Writes the film as MP4 without metadata (place, camera, chapters, data tracks); its sound and picture stay as
    they are where every network takes them so, else they are encoded anew. Returns what was written."""
    was = probe(path)
    fits = was.video == "h264" and was.pixels in ("yuv420p", "yuvj420p") and was.audio in ("", "aac")
    fits = fits and max(was.width, was.height) <= LONGEST_SIDE
    _write(path, out, ["-c", "copy"] if fits else _encoded(was))
    return probe(out)


def smaller(path: Path, out: Path, *, most_bytes: int, was: Film) -> Film:
    """Writes the film so that it has at most `most_bytes`. Raises FilmError when it would not be worth looking at."""
    for share in (0.94, 0.75):  # short films overshoot
        bits = int(most_bytes * 8 * share / was.seconds) - (AUDIO_BITS if was.audio else 0)
        if bits < 150_000:
            raise FilmError("The film is too long to be made small enough for this network. Cut it shorter.")
        _write(path, out, [*_encoded(was), "-maxrate", str(bits), "-bufsize", str(bits)])
        if out.stat().st_size <= most_bytes:
            return probe(out)
    raise FilmError("The film could not be made small enough for this network. Cut it shorter.")


def _encoded(was: Film) -> list[str]:
    side = LONGEST_SIDE
    fit = "force_original_aspect_ratio=decrease:force_divisible_by=2"
    picture = ["-vf", f"scale='min({side},iw)':'min({side},ih)':{fit}", "-c:v", "libx264", "-preset", "veryfast"]
    picture += ["-crf", "22", "-pix_fmt", "yuv420p", "-profile:v", "high"]
    return [*picture, *(["-c:a", "aac", "-b:a", str(AUDIO_BITS), "-ac", "2"] if was.audio else ["-an"])]


def _write(path: Path, out: Path, coded: list[str]) -> None:
    bare = ["-map", "0:v:0", "-map", "0:a:0?", "-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"]
    command = [_tool("ffmpeg"), *_QUIET, "-nostdin", *_SAFE, "-i", f"file:{path}", *bare, *coded]
    _run([*command, "-movflags", "+faststart", "-f", "mp4", "-y", f"file:{out}"], WORK_SECONDS)


def still(path: Path, seconds: float) -> bytes:
    """One picture of the film as JPEG, from a third of its length: what stands for it on our screens."""
    command = [_tool("ffmpeg"), *_QUIET, "-nostdin", *_SAFE, "-ss", f"{seconds / 3:.2f}", "-i", f"file:{path}"]
    shot = ["-frames:v", "1", "-vf", "scale='min(1280,iw)':-2", "-c:v", "mjpeg", "-q:v", "4", "-f", "image2pipe"]
    return _run([*command, *shot, "pipe:1"], PROBE_SECONDS)
