"""Pictures in the town: bytes, size, alternative text, and the post they belong to."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import ids, images
from .world import World


@dataclass(frozen=True, slots=True)
class Picture:
    id: str
    network: str
    mime: str
    data: bytes = field(repr=False)
    alt: str
    caption: str
    width: int
    height: int
    item: str  # ref of the post it hangs on, "" when on none yet
    place: int
    finished: bool
    created: int


def add(
    world: World,
    network: str,
    data: bytes,
    *,
    alt: str = "",
    caption: str = "",
    finished: bool = True,
    kind: tuple[str, int, int] | None = None,
) -> Picture:
    """Keeps a picture, or with `kind` what it is said to be. Raises ValueError when finished bytes are no image."""
    kind = kind or (images.sniff(data) if finished else ("", 0, 0))
    if kind is None:
        raise ValueError("These bytes are no PNG, GIF, JPEG or WebP image.")
    with world.change():
        ordinal = int(world.db.execute("SELECT count(*)+1 FROM media").fetchone()[0])
        now = world.now()
        picture = str(ids.snowflake(now, _newest(world))) if network == "x" else ids.facebook(10_000_000 + ordinal)
        world.db.execute(
            "INSERT INTO media (id,network,mime,data,alt,caption,width,height,finished,created) "
            "VALUES (?,?,?,?,?,?,?,?,?,?)",
            (picture, network, kind[0], data, alt, caption, kind[1], kind[2], finished, now),
        )
    found = get(world, picture)
    if found is None:
        raise ValueError(f"Picture {picture} was not kept.")
    return found


def _newest(world: World) -> int:
    return int(world.db.execute("SELECT max(CAST(id AS INTEGER)) FROM media WHERE network='x'").fetchone()[0] or 0)


def get(world: World, picture: str) -> Picture | None:
    row = world.db.execute("SELECT * FROM media WHERE id=?", (picture,)).fetchone()
    return None if row is None else _picture(row)


def of(world: World, item: str) -> list[Picture]:
    return [_picture(row) for row in world.db.execute("SELECT * FROM media WHERE item=? ORDER BY place", (item,))]


def attach(world: World, item: str, pictures: Sequence[str]) -> None:
    """Hangs pictures on a post, in this order."""
    with world.change():
        for place, picture in enumerate(pictures):
            world.db.execute("UPDATE media SET item=?, place=? WHERE id=?", (item, place, picture))


def set_alt(world: World, picture: str, alt: str) -> None:
    world.db.execute("UPDATE media SET alt=? WHERE id=?", (alt, picture))


def set_caption(world: World, picture: str, caption: str) -> None:
    world.db.execute("UPDATE media SET caption=? WHERE id=?", (caption, picture))


def add_part(world: World, picture: str, segment: int, data: bytes) -> int:
    """Keeps one part of an upload; returns the bytes kept so far."""
    with world.change():
        world.db.execute("INSERT OR REPLACE INTO media_parts VALUES (?,?,?)", (picture, segment, data))
        return int(
            world.db.execute("SELECT sum(length(data)) FROM media_parts WHERE media=?", (picture,)).fetchone()[0]
        )


def size_so_far(world: World, picture: str) -> int:
    """Bytes of the parts that have come."""
    found = world.db.execute("SELECT coalesce(sum(length(data)), 0) FROM media_parts WHERE media=?", (picture,))
    return int(found.fetchone()[0])


def drop(world: World, picture: str) -> None:
    """Takes out what hangs on no post."""
    with world.change():
        world.db.execute("DELETE FROM media_parts WHERE media=?", (picture,))
        world.db.execute("DELETE FROM media WHERE id=? AND item=''", (picture,))


def finish(world: World, picture: str) -> Picture:
    """Puts the parts together. Raises ValueError when they make no image."""
    with world.change():
        parts = world.db.execute("SELECT data FROM media_parts WHERE media=? ORDER BY segment", (picture,))
        data = b"".join(row[0] for row in parts)
        kind = images.sniff(data)
        if kind is None:
            raise ValueError("The parts uploaded make no PNG, GIF, JPEG or WebP image.")
        world.db.execute(
            "UPDATE media SET data=?, mime=?, width=?, height=?, finished=1 WHERE id=?",
            (data, *kind, picture),
        )
        world.db.execute("DELETE FROM media_parts WHERE media=?", (picture,))
    found = get(world, picture)
    if found is None:
        raise ValueError(f"Picture {picture} is not there.")
    return found


def _picture(row: sqlite3.Row) -> Picture:
    values = dict(row)
    values["finished"] = bool(values["finished"])
    return Picture(**values)
