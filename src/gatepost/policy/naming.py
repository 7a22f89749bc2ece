"""What people call the things that a pack names by their ids. Nobody on a board knows what “complaint_ack” is."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

_SHOWN = 50  # characters of a clause or an example beside its number


@dataclass(frozen=True, slots=True)
class Names:
    """By table ("wording", "clock" …) and id. An id without a name is said with its words apart."""

    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, table: str, key: str) -> str:
        return self.tables.get(table, {}).get(key) or key.replace("_", " ")

    def quoted(self, table: str, key: str) -> str:
        """“Complaints Team”; of a clause its number too; nothing of nothing."""
        if table == "clause" and key:
            text = self.tables.get("clause", {}).get(key, "")
            return f"{key} (“{text}”)" if text else key
        return f"“{self.of(table, key)}”" if key else ""

    def all(self, table: str, keys: Iterable[str]) -> list[str]:
        return [self.quoted(table, key) for key in keys]


NOTHING = Names()


def short(words: str, most: int = _SHOWN) -> str:
    """The beginning of a text, in one line."""
    line = " ".join(words.split())
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0]} …"


@cache
def networks() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """The title of each network, and what people call it besides."""
    data = tomllib.loads(files("gatepost.policy").joinpath("networks.toml").read_text("utf-8"))
    return {key: (one["title"], tuple(one.get("called", ()))) for key, one in data.items()}
