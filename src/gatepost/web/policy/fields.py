"""Forms as data: a field knows its label, its kind and its choices, and one template shows them all (field.html)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from gatepost.web.frame.problems import Unclear

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Field:
    """`kind`: text, area, lines, number, check, select, checks, shown. `value` is a list for checks, true or false for
    check, and text for the rest."""

    name: str
    label: str
    kind: str = "text"
    value: Any = ""
    hint: str = ""
    options: Options = ()
    rows: int = 4
    most: int = 300
    step: str = "any"


@dataclass(frozen=True, slots=True)
class Part:
    """Fields under one heading."""

    title: str
    fields: tuple[Field, ...]
    says: str = ""


def filled(parts: Iterable[Part], post: QueryDict) -> list[Part]:
    """The same form with what somebody has entered."""
    return [replace(part, fields=tuple(refilled(field, post) for field in part.fields)) for part in parts]


def refilled(field: Field, post: QueryDict) -> Field:
    if field.kind == "shown":
        return field
    if field.kind == "check":
        return replace(field, value=field.name in post)
    if field.kind == "checks":
        return replace(field, value=post.getlist(field.name))
    return replace(field, value=post.get(field.name, ""))


def names(parts: Iterable[Part]) -> set[str]:
    return {field.name for part in parts for field in part.fields}


def words(post: QueryDict, name: str) -> str:
    """One line, without spaces around it."""
    return " ".join(post.get(name, "").split())


def text(post: QueryDict, name: str) -> str:
    """Text of several lines, with the line ends of the pack."""
    return post.get(name, "").replace("\r\n", "\n").strip()


def lines(post: QueryDict, name: str) -> list[str]:
    """The lines that hold something, each once."""
    return list(dict.fromkeys(" ".join(line.split()) for line in post.get(name, "").splitlines() if line.strip()))


def commas(post: QueryDict, name: str) -> list[str]:
    return [part.strip() for part in post.get(name, "").split(",") if part.strip()]


def whole(post: QueryDict, name: str, label: str, default: int | None = None) -> int:
    """Raises Unclear, with the field; an empty one is the default where there is one."""
    given = post.get(name, "").strip()
    if not given and default is not None:
        return default
    if not given.lstrip("-").isdecimal() or not given.isascii() or len(given) > 9:
        raise Unclear(f"{label}: write a whole number.", name)
    return int(given)


def share(post: QueryDict, name: str, label: str) -> float:
    """A number between 0 and 1. Raises Unclear, with the field."""
    value = decimal(post, name, label)
    if not 0 <= value <= 1:
        raise Unclear(f"{label}: write a number between 0 and 1, such as 0.45.", name)
    return value


def decimal(post: QueryDict, name: str, label: str) -> float:
    given = post.get(name, "").strip().replace(",", ".")
    try:
        value = float(given)
    except ValueError as error:
        raise Unclear(f"{label}: write a number, such as 0.45.", name) from error
    if not abs(value) < 1e12:
        raise Unclear(f"{label}: write a number, such as 0.45.", name)
    return value


def pairs(values: Mapping[str, str] | Iterable[tuple[str, str]], nothing: str = "") -> Options:
    """Choices; `nothing`: the words for leaving it open, first."""
    rows = list(values.items() if isinstance(values, Mapping) else values)
    return [("", nothing), *rows] if nothing else rows
