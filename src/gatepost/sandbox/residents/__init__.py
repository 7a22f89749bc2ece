"""The town's people and what they say: data in TOML files beside this one, written for Gatepost and given to all (CC0).

`people.toml` names the residents. Every other file is a theme: groups of message templates with the labels each is
meant to carry. A template's slots ({street}, {phone} …) are filled from `slots.toml` or by number ranges here.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent
LABELS = frozenset(
    (
        *("complaint", "personal_details", "staff_abuse", "offensive", "media_query", "service_request"),
        *("question", "thanks", "spam", "sar_request", "foi_request", "safeguarding"),
    )
)
SLOT = re.compile(r"\{(\w+)\}")


class BadTemplate(Exception):
    """A template or resident that cannot be used; the message names the file, the place and the mend."""


@dataclass(frozen=True, slots=True)
class Resident:
    """One person of the town. `languages` beside English; `kind` says for whom they speak."""

    id: str
    name: str
    handle: str
    voice: str
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """One message with slots. `id` is theme and number; `voices` empty means anybody may say it."""

    id: str
    theme: str
    text: str
    labels: tuple[str, ...]
    language: str = "en"
    voices: tuple[str, ...] = ()
    place: str = "anywhere"  # "anywhere" | "reaction": only said under a fresh post of ours


@lru_cache(maxsize=1)
def people() -> tuple[Resident, ...]:
    """All residents, in the order of the file. Raises BadTemplate."""
    rows = tomllib.loads((FOLDER / "people.toml").read_text(encoding="utf-8"))["resident"]
    found = tuple(Resident(**{**row, "languages": tuple(row.get("languages", ()))}) for row in rows)
    for what in ("id", "name", "handle"):
        if len({getattr(one, what) for one in found}) != len(found):
            raise BadTemplate(f"people.toml: two residents share the same {what}. Give each their own.")
    return found


@lru_cache(maxsize=1)
def templates() -> tuple[Template, ...]:
    """All templates of all themes. Raises BadTemplate."""
    found: list[Template] = []
    for path in sorted(FOLDER.glob("*.toml")):
        if path.stem in ("people", "slots"):
            continue
        number = 0
        for group in tomllib.loads(path.read_text(encoding="utf-8"))["messages"]:
            unknown = set(group["labels"]) - LABELS
            if unknown:
                raise BadTemplate(
                    f"{path.name}: there is no label {sorted(unknown)[0]!r}. Use one of {sorted(LABELS)}."
                )
            for text in group["texts"]:
                number += 1
                missing = set(SLOT.findall(text)) - slot_names()
                if missing:
                    raise BadTemplate(
                        f"{path.name}, message {number}: no slot {sorted(missing)[0]!r}. Add it to slots.toml."
                    )
                found.append(
                    Template(
                        f"{path.stem}.{number}",
                        path.stem,
                        text,
                        tuple(group["labels"]),
                        group.get("language", "en"),
                        tuple(group.get("voices", ())),
                        group.get("place", "anywhere"),
                    )
                )
    return tuple(found)


@lru_cache(maxsize=1)
def _slots() -> Mapping[str, tuple[str, ...]]:
    return {
        key: tuple(values) for key, values in tomllib.loads((FOLDER / "slots.toml").read_text(encoding="utf-8")).items()
    }


def slot_names() -> set[str]:
    return {
        *_slots(),
        "me",
        "house",
        "weeks",
        "amount",
        "phone",
        "mobile",
        "postcode",
        "email",
        "ref",
        "year",
    }


def fill(template: Template, resident: Resident, rng: random.Random) -> str:
    """The template's text with every slot filled; the same for the same random state."""
    chosen: dict[str, str] = {}

    def value(found: re.Match[str]) -> str:
        key = found[1]
        if key not in chosen:
            chosen[key] = (
                _slots()[key][rng.randrange(len(_slots()[key]))] if key in _slots() else _made(key, resident, rng)
            )
        return chosen[key]

    return SLOT.sub(value, template.text)


def _made(key: str, resident: Resident, rng: random.Random) -> str:
    """Numbers nobody has: telephones from Ofcom's drama ranges, postcodes of areas that do not exist."""
    match key:
        case "me":
            return resident.name
        case "phone":
            return f"01632 960{rng.randrange(1000):03d}"
        case "mobile":
            return f"07700 900{rng.randrange(1000):03d}"
        case "postcode":
            area = rng.choice(("NB", "HB", "BP"))
            return f"{area}{rng.randint(1, 19)} {rng.randint(1, 9)}{rng.choice('ABDEFGHJLN')}{rng.choice('PQRSTUWXYZ')}"
        case "email":
            return f"{resident.name.lower().replace(' ', '.').replace(chr(39), '')}@example.org"
        case "ref":
            return f"REP{rng.randint(100000, 999999)}"
        case "year":
            return str(rng.randint(2023, 2026))
    return str({"house": rng.randint(1, 140), "weeks": rng.randint(2, 16), "amount": rng.randint(40, 900)}[key])
