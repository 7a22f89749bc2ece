"""The shipped policy as another body might number it: no clause has the name it has in the shipped one."""

from __future__ import annotations

import functools
import re

from gatepost.policy.pack import Pack, load_files
from tests import factories

NAMES = {
    "intro": "opening",
    "scope": "reach",
    "aims": "goals",
    "benefits": "gains",
    "risks": "perils",
    "usage": "conduct",
    "law": "statute",
    "measures": "figures",
    "responsibility": "duty",
}
SHIPPED = re.compile(rf"\b({'|'.join(NAMES)})\.(\d+)\b")  # a clause of the shipped policy
_BINDING = re.compile(r'(?m)^\[\[bindings\]\]\n(?:[^\[\n][^\n]*\n)*?by = "(?:desk|check):[^\n]*\n(?:[^\[\n][^\n]*\n)*')


@functools.cache
def pack(*, bound: bool) -> Pack:
    """`bound`: it says which of its clauses the checks and the parts of the desk put into practice."""
    shipped = factories.shipped()
    files = {
        name: SHIPPED.sub(lambda found: f"{NAMES[found[1]]}.{found[2]}", text) for name, text in shipped.files.items()
    }
    if not bound:
        files["clauses.toml"] = _BINDING.sub("", files["clauses.toml"])
    return load_files(files)
