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
LONGEST_ALT = 1_000
EXPIRES = 86_400  # seconds


def one_shot(world: World, sent: Body) -> dict[str, Any]:
    """POST /2/media/upload with the whole file."""
    if not sent.text("media_category"):
        raise invalid("media_category is required", media_category="")
    data = _bytes(sent)
    try:
        return {"data": _shown(media.add(world, "x", data))}
    except ValueError as error:
        raise invalid("media type unrecognized", media="") from error


def initialise(world: World, sent: Body) -> dict[str, Any]:
    total = sent.text("total_bytes")
    if not total.isdecimal():
        raise invalid("total_bytes is required", total_bytes=total[:20])
    if int(total) > LARGEST:
        raise invalid(f"File size exceeds {LARGEST} bytes.", total_bytes=total[:20])
    picture = media.add(world, "x", b"", finished=False)
    return {"data": {"id": picture.id, "media_key": f"3_{picture.id}", "expires_after_secs": EXPIRES}}


def append(world: World, ref: str, sent: Body) -> dict[str, Any]:
    _open(world, ref, finished=False)
    segment = sent.text("segment_index")
    if not segment.isdecimal() or int(segment) > 999:
        raise invalid("segment_index must be 0 to 999", segment_index=segment[:20])
    if media.add_part(world, ref, int(segment), _bytes(sent)) > LARGEST:
        raise invalid(f"File size exceeds {LARGEST} bytes.", media="")
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
    out: dict[str, Any] = {"id": picture.id, "media_key": f"3_{picture.id}", "size": len(picture.data)}
    return out | {"expires_after_secs": EXPIRES, "image": image}
