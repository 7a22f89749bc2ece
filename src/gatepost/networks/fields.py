"""Reading values out of answers that may hold anything: wrong types become empty values, never exceptions."""

from __future__ import annotations

import codecs
import json
import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

RAW_LIMIT = 64_000
"""Bytes of a network's answer that a receipt keeps (protocol.Receipt says 64 kB)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


# Python knows others that take a time that grows with the square (punycode, idna) or are none for text (zlib).
_CHARSETS = re.compile(
    r"utf-(8|16|32)(-[bl]e|-sig)?|ascii|iso8859-\d+|cp\d+|koi8-\w|gb\w+|big5\w*|(shift|euc)_\w+|iso2022_\w+|hz"
    r"|johab|tis-620|mac-roman"
)


def clean(value: str) -> str:
    """`value` without what a database or a page cannot hold: NUL goes, half a surrogate pair becomes
    U+FFFD."""
    return value.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def codec_of(charset: str) -> str:
    """The codec to read with: UTF-8 for a character set that is unknown, or not one for text."""
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return "utf-8"
    return name if _CHARSETS.fullmatch(name) else "utf-8"


def dig(body: Any, *path: str) -> Any:
    """The value at `path` in nested objects, or None where anything on the way is missing or no object."""
    for step in path:
        if not isinstance(body, Mapping):
            return None
        body = body.get(step)
    return body


def text(body: Any, *path: str) -> str:
    """The string at `path`, cleaned; "" when it is missing or no string."""
    value = dig(body, *path)
    return clean(value) if isinstance(value, str) else ""


def ident(body: Any, *path: str) -> str:
    """An id at `path`: a non-empty string without spaces or a positive whole number; "" for anything else."""
    value = dig(body, *path)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**30:
        return str(value)
    if isinstance(value, str) and 0 < len(value) <= 200 and value.isascii() and value.isprintable():
        return "" if " " in value else value
    return ""


def whole(body: Any, *path: str) -> int:
    """The whole number at `path`; 0 when it is missing or something else."""
    value = dig(body, *path)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18 else 0


def objects(body: Any, *path: str) -> list[dict[str, Any]]:
    """The objects of the list at `path`; entries that are no objects are left out."""
    value = dig(body, *path)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def moment(body: Any, *path: str) -> datetime:
    """The ISO 8601 time at `path`, in UTC (a time without zone is UTC); 1970 when there is none."""
    value = dig(body, *path)
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else _EPOCH
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return _EPOCH


def same_text(ours: str, theirs: str) -> bool:
    """Whether two texts are the same to a reader: composed alike, line ends alike, no blanks around."""
    return settled(ours) == settled(theirs)


def settled(value: str) -> str:
    """A text as `same_text` compares it."""
    lines = unicodedata.normalize("NFC", clean(value)).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def kept(body: Any, secrets: tuple[str, ...] = ()) -> dict[str, Any]:
    """A network's answer as a receipt keeps it: an object, without secrets, at most RAW_LIMIT bytes of
    JSON."""
    read = _without(body, secrets, 0)
    written = json.dumps(read)
    if len(written) > RAW_LIMIT:
        return {"left_out": f"the answer had {len(written)} characters"}
    return read if isinstance(read, dict) else {"answer": read}


def _without(value: Any, secrets: tuple[str, ...], depth: int) -> Any:
    if depth > 20:
        return "(deeper)"
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, "[secret]")
        return clean(value)
    if isinstance(value, Mapping):
        return {
            _without(str(key), secrets, depth): _without(entry, secrets, depth + 1)
            for key, entry in value.items()
            if key != "access_token"
        }
    if isinstance(value, list):
        return [_without(entry, secrets, depth + 1) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
