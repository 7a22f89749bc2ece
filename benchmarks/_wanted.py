"""What the acts of a chaos run are to put on the networks, piece by piece, and what of it the practice towns have."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import sqlite3
import struct
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PARTS = 3  # of each act that is more than one post
PICTURES = 4
WIDE, HIGH = 640, 400  # pixels


@dataclass(frozen=True, slots=True)
class Piece:
    """One write: its words, the words it must stand under ("" for a post of its own), and the place of its picture
    among the four (-1 for none)."""

    text: str
    under: str = ""
    picture: int = -1


def text_of(number: int, part: int = 0) -> str:
    if part:
        return f"Notice {number}, part {part + 1}: bring a letter that shows your address."
    return f"Notice {number}: the estate office is open on Saturday morning."


def pieces_of(number: int, network: str, *, mixed: bool) -> tuple[Piece, ...]:
    """Of an act, in order. Mixed: one act in five has three parts, one in five a picture; of the threads every second
    carries one in its second post (a comment of Facebook's takes none)."""
    if not mixed or number % 5 > 1:
        return (Piece(text_of(number)),)
    picture = number // 5 % PICTURES
    if number % 5 == 1:
        return (Piece(text_of(number), picture=picture),)
    thread = network == "x"
    return tuple(
        Piece(
            text_of(number, part),
            under=text_of(number, part - 1 if thread else 0) if part else "",
            picture=picture if part == 1 and thread and number % 10 == 0 else -1,
        )
        for part in range(PARTS)
    )


@functools.cache
def picture(place: int) -> bytes:
    """A small picture of one colour, as PNG."""
    width, height = WIDE, HIGH
    line = b"\0" + bytes((60 * place, 90, 120)) * width

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(line * height)) + chunk(b"IEND", b"")
    )


@dataclass
class Found:
    """Texts that never arrived, that stand twice, that stand under the wrong post, that have not the picture they were
    to have; and seconds after `due` at which each text was first there, in order."""

    pieces: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    misplaced: list[str] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    late: list[float] = field(default_factory=list)


def found_in(folders: Sequence[Path], acts: int, due: float, *, mixed: bool) -> Found:
    """Reads the towns' own files: a text stands under the moment at which it was first seen there."""
    times: Counter[str] = Counter()
    first: dict[str, float] = {}
    above: dict[str, set[str]] = defaultdict(set)
    networks: dict[str, str] = {}
    pictures: dict[str, list[str]] = defaultdict(list)
    for folder in folders:
        for text, network, created, parent, data in _rows(folder):
            times[text] += 1
            networks[text] = network
            first.setdefault(text, created / 1000 - due)
            above[text].add(parent)
            if data is not None:
                pictures[text].append(hashlib.sha256(data).hexdigest())
    found = Found()
    for number in range(acts):
        for piece in pieces_of(number, networks.get(text_of(number), ""), mixed=mixed):
            found.pieces += 1
            if not times[piece.text]:
                found.lost.append(piece.text)
                continue
            found.late.append(first[piece.text])
            if times[piece.text] > 1:
                found.doubled.append(piece.text)
            if above[piece.text] != {piece.under}:
                found.misplaced.append(piece.text)
            wanted = [hashlib.sha256(picture(piece.picture)).hexdigest()] if piece.picture >= 0 else []
            if pictures[piece.text] != wanted and times[piece.text] == 1:
                found.bare.append(piece.text)
    found.late.sort()
    return found


def _rows(folder: Path) -> Iterator[tuple[str, str, int, str, bytes | None]]:
    asked = """
        SELECT items.text, items.network, items.created, coalesce(over.text, ''), media.data FROM items
        LEFT JOIN items AS over ON over.ref = items.parent LEFT JOIN media ON media.item = items.ref
        WHERE items.author = '' AND items.published = 1 ORDER BY items.created"""
    with contextlib.closing(sqlite3.connect(folder / "town.sqlite3")) as kept:
        yield from kept.execute(asked)
