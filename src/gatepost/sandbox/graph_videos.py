"""Films on the practice Page: start, transfer and finish of an upload, what a film shows of itself, its captions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from . import media
from .graph_errors import GraphError, bad_parameter
from .world import World

PIECE = 1024 * 1024  # bytes that the town asks for at once
LARGEST = 1024 * 1024 * 1024
CAPTIONS = re.compile(r"[\w-]+\.([a-z]{2,3}_[A-Z]{2})\.srt")
SRT = ("text/srt", 0, 0)
VIDEO = {"id", "description", "title", "published", "post_id", "permalink_url", "created_time", "length", "status"}


def start(world: World, size: str) -> dict[str, Any]:
    if not size.isdecimal() or not 0 < int(size) <= LARGEST:
        raise bad_parameter("Param file_size must be the number of bytes of the film")
    film = media.add(world, "facebook", b"", caption="film", finished=False)
    world.set_meta(f"film:{film.id}", size)
    return {"video_id": film.id, "upload_session_id": _session(film.id), **_offsets(0, int(size))}


def transfer(world: World, session: str, begin: str, piece: bytes) -> dict[str, Any]:
    film, size = _open(world, session)
    there = media.size_so_far(world, film)
    if not begin.isdecimal() or int(begin) != there:
        raise GraphError(400, 1363037, f"Your request's start offset is not {there}, where the upload stands")
    if not piece or there + len(piece) > size:
        raise bad_parameter("Param video_file_chunk holds no bytes, or more than the film has")
    return _offsets(media.add_part(world, film, there, piece), size)


def finish(world: World, session: str, title: str) -> str:
    """Puts the film together and returns its id. Raises GraphError."""
    film, size = _open(world, session)
    if media.size_so_far(world, film) != size:
        raise GraphError(400, 1363031, "The film has not been sent whole")
    try:
        kept = media.finish(world, film)
    except ValueError as error:
        raise GraphError(
            400, 352, "(#352) Sorry, the video file you selected is in a format we don't support"
        ) from error
    if kept.mime != "video/mp4":
        raise GraphError(400, 352, "(#352) Sorry, the video file you selected is in a format we don't support")
    media.set_caption(world, film, f"film {title}".strip())
    return film


def cancel(world: World, session: str) -> dict[str, Any]:
    film, _ = _open(world, session)
    media.drop(world, film)
    return {"success": True}


def caption(world: World, film: media.Picture, name: str, data: bytes) -> dict[str, Any]:
    """POST /{video}/captions: one SubRip file, its language in its name."""
    told = CAPTIONS.fullmatch(name)
    if told is None or b" --> " not in data:
        raise GraphError(400, 387, "(#387) The captions file must be named filename.locale.srt and hold times")
    if not film.item:
        raise bad_parameter("Captions are taken for a film that is published")
    media.add(world, "facebook", data, caption=f"captions {film.id} {told[1]}", kind=SRT)
    return {"success": True}


def captions(world: World, film: media.Picture) -> dict[str, Any]:
    rows = world.db.execute("SELECT caption FROM media WHERE caption LIKE ?", (f"captions {film.id} %",))
    locales = [row[0].rpartition(" ")[2] for row in rows]
    return {"data": [{"locale": one, "locale_name": one, "create_time": "", "is_default": False} for one in locales]}


def shown(world: World, film: media.Picture, account: str) -> Mapping[str, Any]:
    item = world.item(film.item) if film.item else None
    there = item is not None and not item.removed
    return {
        "description": item.text if item is not None and there else None,
        "title": film.caption.partition(" ")[2] or None,
        "published": there,
        "post_id": film.item or None,
        "permalink_url": f"/{account}/videos/{film.id}/",
        "status": {"video_status": "ready" if film.finished else "upload_failed"},
        "length": 1.0,
    }


def _session(film: str) -> str:
    return f"9{film}"


def _offsets(begin: int, size: int) -> dict[str, str]:
    return {"start_offset": str(begin), "end_offset": str(min(begin + PIECE, size))}


def _open(world: World, session: str) -> tuple[str, int]:
    found = media.get(world, session.removeprefix("9"))
    size = world.meta(f"film:{found.id}") if found else None
    if found is None or not size or found.finished or _session(found.id) != session:
        raise GraphError(400, 1363030, "The upload session has ended or never was")
    return found.id, int(size)
