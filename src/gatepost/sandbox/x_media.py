"""X's media upload: one-shot, or initialise, append and finalise; and alternative text."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from . import media
from .body import Body
from .world import World
from .x_errors import XError, invalid

LARGEST = 5 * 1024 * 1024  # bytes of an image, 2026
LARGEST_FILM = 512 * 1024 * 1024
SUBTITLES = ("text/srt", 0, 0)
LONGEST_ALT = 1_000
EXPIRES = 86_400  # seconds


def one_shot(world: World, sent: Body) -> dict[str, Any]:
    """POST /2/media/upload with the whole file."""
    if not sent.text("media_category"):
        raise invalid("media_category is required", media_category="")
    data = _bytes(sent)
    try:
        if sent.text("media_category") == "subtitles":
            if b"-->" not in data:
                raise invalid("the subtitles hold no times", media="")
            return {"data": _shown(media.add(world, "x", data, kind=SUBTITLES))}
        return {"data": _shown(media.add(world, "x", data))}
    except ValueError as error:
        raise invalid("media type unrecognized", media="") from error


def initialise(world: World, sent: Body) -> dict[str, Any]:
    total = sent.text("total_bytes")
    if not total.isdecimal():
        raise invalid("total_bytes is required", total_bytes=total[:20])
    film = sent.text("media_category") == "tweet_video"
    if int(total) > (LARGEST_FILM if film else LARGEST):
        raise invalid(f"File size exceeds {LARGEST_FILM if film else LARGEST} bytes.", total_bytes=total[:20])
    picture = media.add(world, "x", b"", caption="tweet_video" if film else "", finished=False)
    return {"data": {"id": picture.id, "media_key": f"3_{picture.id}", "expires_after_secs": EXPIRES}}


def append(world: World, ref: str, sent: Body) -> dict[str, Any]:
    begun = _open(world, ref, finished=False)
    most = LARGEST_FILM if begun.caption == "tweet_video" else LARGEST
    segment = sent.text("segment_index")
    if not segment.isdecimal() or int(segment) > 999:
        raise invalid("segment_index must be 0 to 999", segment_index=segment[:20])
    if media.add_part(world, ref, int(segment), _bytes(sent)) > most:
        raise invalid(f"File size exceeds {most} bytes.", media="")
    return {"data": {"expires_at": world.now() // 1000 + EXPIRES}}


def finalise(world: World, ref: str) -> dict[str, Any]:
    _open(world, ref, finished=False)
    try:
        return {"data": _shown(media.finish(world, ref))}
    except ValueError as error:
        raise invalid("InvalidMedia: the file is not an image", id=ref) from error


def status(world: World, ref: str) -> dict[str, Any]:
    return {"data": _shown(_open(world, ref, finished=None))}


def metadata(world: World, sent: Body) -> dict[str, Any]:
    ref = sent.text("id")
    _open(world, ref, finished=True)
    given = sent.fields.get("metadata")
    alt = given.get("alt_text") if isinstance(given, dict) else None
    text = alt.get("text") if isinstance(alt, dict) else None
    if not isinstance(text, str):
        raise invalid("metadata.alt_text.text must be a string", metadata="")
    if len(text) > LONGEST_ALT:
        raise invalid(f"alt_text.text must be at most {LONGEST_ALT} characters", metadata="")
    media.set_alt(world, ref, text)
    return {"data": {"id": ref, "associated_metadata": {"alt_text": {"text": text}}}}


def subtitles(world: World, sent: Body) -> dict[str, Any]:
    """POST /2/media/subtitles: fastens a track to a film."""
    film = _open(world, sent.text("id"), finished=True)
    given = sent.fields.get("subtitles")
    track = given if isinstance(given, dict) else {}
    words = _open(world, str(track.get("id", "")), finished=True)
    code = str(track.get("language_code", ""))
    if film.mime != "video/mp4" or words.mime != SUBTITLES[0] or not (len(code) == 2 and code.isupper()):
        raise invalid("subtitles need a video, a track and a language code of two letters", subtitles="")
    if sent.text("media_category") not in ("TweetVideo", "AmplifyVideo"):
        raise invalid("media_category must be TweetVideo or AmplifyVideo", media_category="")
    media.set_caption(world, film.id, f"{film.caption} {code}:{words.id}")
    return {"data": {"id": film.id, "media_category": "TweetVideo", "associated_subtitles": track}}


def _bytes(sent: Body) -> bytes:
    data = sent.files.get("media")
    if data is None:
        try:
            data = base64.b64decode(sent.text("media"), validate=True)
        except (binascii.Error, ValueError) as error:
            raise invalid("media is not valid base64", media="") from error
    if not data:
        raise invalid("media is required", media="")
    if len(data) > LARGEST:
        raise invalid(f"File size exceeds {LARGEST} bytes.", media="")
    return data


def _open(world: World, ref: str, *, finished: bool | None) -> media.Picture:
    found = media.get(world, ref)
    if found is None or found.network != "x":
        raise XError(404, "Not Found Error", f"Could not find media with id: [{ref[:30]}].")
    if finished is not None and found.finished != finished:
        raise invalid(
            "The media is already complete" if found.finished else "The media is not complete yet",
            id=ref[:30],
        )
    return found


def _shown(picture: media.Picture) -> dict[str, Any]:
    image = {"image_type": picture.mime, "w": picture.width, "h": picture.height}
    if picture.mime == "video/mp4":
        done = {"state": "succeeded", "progress_percent": 100}
        film = {"id": picture.id, "media_key": f"7_{picture.id}", "size": len(picture.data)}
        return film | {"processing_info": done, "expires_after_secs": EXPIRES}
    out: dict[str, Any] = {"id": picture.id, "media_key": f"3_{picture.id}", "size": len(picture.data)}
    return out | {"expires_after_secs": EXPIRES, "image": image}
