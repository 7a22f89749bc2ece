"""The lists of words.toml, each under a name of its own and a title for people."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

PAIRS = ("spellings", "jargon")
PLAIN = {
    "public_numbers": "Telephone numbers that are public",
    "public_domains": "Web addresses that are ours",
    "public_addresses": "Addresses that are ours",
}
_PAIR_TITLES = {"spellings": "Other spellings, and what is meant", "jargon": "Jargon, and what to say instead"}


@dataclass(frozen=True, slots=True)
class WordList:
    """`name` stands in SetWords. `pairs`: each entry is "term = meaning"; else a phrase."""

    name: str
    title: str
    entries: tuple[str, ...]
    pairs: bool = False


def lists(text: str) -> list[WordList]:
    """Every list of a words.toml that loads, in the order people look for them."""
    return list(_lists(tomllib.loads(text)))


def _lists(data: Mapping[str, Any]) -> Iterator[WordList]:
    for key, title in PLAIN.items():
        yield WordList(key, title, tuple(data.get(key, ())))
    for key in PAIRS:
        yield WordList(key, _PAIR_TITLES[key], tuple(f"{a} = {b}" for a, b in data.get(key, {}).items()), pairs=True)
    for place, group in enumerate(data.get("cue", ())):
        yield WordList(f"cue.{place}", _cue(group), tuple(group["phrases"]))
    for key, members in data.get("lists", {}).items():
        yield WordList(f"lists.{key}", f"Words for “{key}”, used by other lists", tuple(members))


def _cue(group: Mapping[str, Any]) -> str:
    label = str(group["label"]).replace("_", " ")
    kind = f", {str(group['kind']).replace('_', ' ')}" if group.get("kind") else ""
    weight = group.get("weight", 1.0)
    way = "cancels it" if group.get("cancels") else f"weight {weight:g}"
    return f"Signs of {label}{kind} ({way})"
