"""The Graph API's `fields` language: `id,message,comments.filter(stream).limit(5){id,from{name}}`."""

from __future__ import annotations

from dataclasses import dataclass, field

DEEPEST = 5
LONGEST = 4_000


class BadFields(Exception):
    """The `fields` parameter cannot be read; the message says where."""


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    options: dict[str, str] = field(default_factory=dict)
    inner: tuple[Field, ...] = ()


def parse(text: str) -> tuple[Field, ...]:
    """Fields in the order asked for. Raises BadFields."""
    if len(text) > LONGEST:
        raise BadFields(f"fields is longer than {LONGEST} characters")
    fields, end = _list(text, 0, 0)
    if end != len(text):
        raise BadFields(f"Syntax error in fields at character {end}")
    return fields


def _list(text: str, at: int, depth: int) -> tuple[tuple[Field, ...], int]:
    if depth > DEEPEST:
        raise BadFields("fields is nested too deeply")
    found: list[Field] = []
    while at < len(text) and text[at] != "}":
        one, at = _one(text, at, depth)
        found.append(one)
        if at < len(text) and text[at] == ",":
            at += 1
    return tuple(found), at


def _one(text: str, at: int, depth: int) -> tuple[Field, int]:
    name, at = _word(text, at)
    options: dict[str, str] = {}
    inner: tuple[Field, ...] = ()
    while at < len(text) and text[at] == ".":
        key, at = _word(text, at + 1)
        if at >= len(text) or text[at] != "(":
            raise BadFields(f"Syntax error in fields at character {at}: ( expected")
        close = text.find(")", at)
        if close < 0:
            raise BadFields(f"Syntax error in fields at character {at}: ) missing")
        options[key] = text[at + 1 : close]
        at = close + 1
    if at < len(text) and text[at] == "{":
        inner, at = _list(text, at + 1, depth + 1)
        if at >= len(text):
            raise BadFields("Syntax error in fields: } missing")
        at += 1
    return Field(name, options, inner), at


def _word(text: str, at: int) -> tuple[str, int]:
    start = at
    while at < len(text) and (text[at].isalnum() or text[at] == "_"):
        at += 1
    if at == start:
        raise BadFields(f"Syntax error in fields at character {at}")
    return text[start:at], at
