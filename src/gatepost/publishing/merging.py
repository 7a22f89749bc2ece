"""Two people's changes to one post: what can be put together, and where they differ. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FIELDS = {
    "text": "The text",
    "texts": "The text for one channel",
    "title": "The title",
    "link": "The link",
    "parts": "The further parts",
    "channels": "The channels",
    "pictures": "The pictures, or what is said of them",
    "kind": "The kind",
    "aim": "The aim",
    "audiences": "Who it is for",
    "campaign": "The campaign",
    "other_channel": "Where else people find it",
    "not_before": "The time",
    "expires_at": "The day it is taken down",
    "answers": "The answers to the checks",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A field that differs between two versions."""

    field: str
    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """`content` holds mine where both changed a field. `taken`: theirs; `clashes`: theirs before, mine after."""

    content: Mapping[str, Any]
    taken: tuple[Change, ...]
    clashes: tuple[Change, ...]


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """What is different, in the order in which people read a post."""
    return tuple(
        Change(field, name, before.get(field), after.get(field))
        for field, name in FIELDS.items()
        if before.get(field) != after.get(field)
    )


def merge(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    """Mine and theirs put together, field by field. A field that both changed to different values is a clash."""
    content: dict[str, Any] = {}
    taken, clashes = [], []
    for field, name in FIELDS.items():
        old, own, other = base.get(field), mine.get(field), theirs.get(field)
        content[field] = other if own == old else own
        if own != other and own == old:
            taken.append(Change(field, name, own, other))
        elif own not in (old, other) and other != old:
            clashes.append(Change(field, name, other, own))
    return Merged(content, tuple(taken), tuple(clashes))
