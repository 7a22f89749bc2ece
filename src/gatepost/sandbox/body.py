"""What came with a request: fields and files from JSON, form or multipart bodies, each within a limit."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

LARGEST = 20 * 1024 * 1024  # bytes; above the largest picture any of the networks takes
BOUNDARY = re.compile(r'boundary="?([^";,]{1,70})"?')
NAME = re.compile(r'\bname="((?:[^"\\]|\\.)*)"')
FILENAME = re.compile(r'\bfilename="((?:[^"\\]|\\.)*)"')


class BadBody(Exception):
    """The body cannot be read; the message says why."""


@dataclass(slots=True)
class Body:
    fields: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # of the files, as they were sent

    def text(self, key: str) -> str:
        """The field as text, "" when absent. Raises BadBody when it is an object or holds a lone surrogate."""
        value = self.fields.get(key, "")
        if isinstance(value, (dict, list)):
            raise BadBody(f"Param {key} must be a string.")
        text = "" if value is None else str(value)
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise BadBody(f"Param {key} must be valid UTF-8.") from error
        return text

    def yes(self, key: str, default: bool) -> bool:
        value = self.fields.get(key)
        return default if value is None else str(value).lower() in ("true", "1", "yes")


async def read(request: Request) -> Body:
    """Fields and files of a request, whatever form they came in. Raises BadBody."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > LARGEST:
            raise BadBody(f"The request is larger than {LARGEST // 1024 // 1024} MB.")
    if not raw:
        return Body()
    kind = request.headers.get("content-type", "").lower()
    if kind.startswith("multipart/form-data"):
        return multipart(bytes(raw), request.headers["content-type"])
    if kind.startswith("application/x-www-form-urlencoded"):
        try:
            return Body(dict(parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=200)))
        except (UnicodeDecodeError, ValueError) as error:
            raise BadBody("The form cannot be read.") from error
    return _json(bytes(raw))


def _json(raw: bytes) -> Body:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BadBody("The body is no JSON.") from error
    if not isinstance(value, dict):
        raise BadBody("The body must be a JSON object.")
    return Body(value)


def multipart(raw: bytes, content_type: str) -> Body:
    """Parts of a multipart/form-data body (RFC 7578). Raises BadBody."""
    found = BOUNDARY.search(content_type)
    if found is None:
        raise BadBody("The multipart body names no boundary.")
    body = Body()
    for part in (b"\r\n" + raw).split(b"\r\n--" + found[1].encode())[1:]:
        if part.startswith(b"--"):
            return body
        head, gap, content = part.partition(b"\r\n\r\n")
        headers = head.decode("utf-8", "replace")
        name = NAME.search(headers)
        if not gap or name is None:
            raise BadBody("A part of the multipart body has no name.")
        if called := FILENAME.search(headers):
            body.files[name[1]], body.names[name[1]] = content, called[1]
        else:
            body.fields[name[1]] = content.decode("utf-8", "replace")
    raise BadBody("The multipart body breaks off before its end.")
