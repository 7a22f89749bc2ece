"""The names of the things in a pack."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from gatepost.policy.naming import Names, networks, short
from gatepost.policy.pack import Pack


@lru_cache(maxsize=8)
def names(pack: Pack) -> Names:
    """Of everything in a pack that something else can name."""
    rules = tomllib.loads(pack.files["rules.toml"]).get("rule", [])
    return Names(
        {
            "clause": {one.id: short(one.text) for one in pack.clauses},
            "wording": _apart({key: one.title for key, one in pack.wordings.items()}),
            "role": _apart({key: one.title for key, one in pack.roles.items()}),
            "department": _apart({key: one.name for key, one in pack.departments.items()}),
            "clock": _apart({key: one.name for key, one in pack.clocks.items()}),
            "rule": _apart({str(one["id"]): str(one.get("title", "")) for one in rules}),
            "measure": _apart({one.id: one.title for one in pack.measures}),
            "risk": _apart({one.id: one.title for one in pack.risks}),
            "law": _apart({one.id: one.name for one in pack.laws}),
            "audience": _apart({one.id: one.title for one in pack.audiences}),
            "aim": _apart({one.id: one.title for one in pack.aims}),
            "post_kind": _apart({one.id: one.title for one in pack.post_kinds}),
            "period": _apart({one.id: one.title for one in pack.periods}),
            "chain": _apart({one.id: one.title for one in pack.chains}),
            "network": {key: title for key, (title, _) in networks().items()},
        }
    )


def both(old: Pack, new: Pack) -> Names:
    """Names for what stands in either of two packs; as the new one has it where both do."""
    before, after = names(old).tables, names(new).tables
    return Names({table: {**before[table], **after[table]} for table in after})


def _apart(titles: Mapping[str, str]) -> dict[str, str]:
    """Titles that two things share are told apart by their ids."""
    seen = Counter(titles.values())
    return {
        key: title if seen[title] == 1 or not title else f"{title} ({key.replace('_', ' ')})"
        for key, title in titles.items()
    }
