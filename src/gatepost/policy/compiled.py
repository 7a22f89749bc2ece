"""The readers as machine code, where they were built on this machine from the very sources that lie here.

`scripts/compile.py` builds the modules of COMPILED (with mypyc) into a folder of the virtual environment that is named
by a digest of their sources and of the Python. They are taken from there by an import, and from nowhere else: where
there is no such folder, because there was no compiler or a source has changed since, the same sources run as plain
Python, slower and with the same results. ADR 31.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Sequence
from hashlib import sha256
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

LIBRARY = "gatepost"  # mypyc puts the code of all modules into one library, called so and `__mypyc`
PLAIN = "GATEPOST_PLAIN"
_HERE = Path(__file__).parent
_READERS = (
    "abuse", "alone", "asking", "beginnings", "by_cues", "complaint", "contact_details", "crowd", "cues", "evidence",
    "hashing", "hate", "identity_numbers", "known", "language", "learnt", "lexicon", "matching", "memory", "moved",
    "normal", "opening", "page", "personal_data", "places_names", "quoted", "requests", "safeguarding", "spam",
    "spelling", "telling", "thanks", "together", "tokens", "tone", "trained", "vocabulary",
)  # fmt: skip
COMPILED = ("conditions", "decide", "outcome", *(f"reading.{name}" for name in _READERS))
# Not compiled themselves, but what is compiled was built knowing their types.
_KNOWN = ("clocks", "model", "pack", "quick", "schema", "reading.windows", "reading.words")


def source(name: str) -> Path:
    """The file of a module, named as in COMPILED."""
    return _HERE.joinpath(*name.split(".")).with_suffix(".py")


def digest() -> str:
    """What the compiled modules depend on: their sources, those they were built with, and the Python."""
    told = sha256((sysconfig.get_config_var("EXT_SUFFIX") + sys.version).encode())
    for name in (*COMPILED, *_KNOWN):
        content = source(name).read_bytes()
        told.update(f"{name} {len(content)} ".encode() + content)
    return told.hexdigest()[:24]


def folder() -> Path:
    """Where the compiled modules of these sources lie, if there are any."""
    return Path(sys.prefix) / "compiled" / digest()


class _Finder(MetaPathFinder):
    """Finds the compiled modules before their sources."""

    def __init__(self, files: dict[str, Path]) -> None:
        self.files = files

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        file = self.files.get(fullname)
        return None if file is None else spec_from_file_location(fullname, file)


def use() -> bool:
    """Take the compiled modules from now on, where there are any and nobody has asked for plain Python."""
    if os.environ.get(PLAIN):
        return False
    where, suffix = folder(), sysconfig.get_config_var("EXT_SUFFIX")
    if not where.is_dir():
        return False
    files = {f"{LIBRARY}__mypyc": where / f"{LIBRARY}__mypyc{suffix}"}
    for name in COMPILED:
        files[f"{__package__}.{name}"] = where.joinpath("gatepost", "policy", *name.split(".")).with_suffix(suffix)
    sys.meta_path.insert(0, _Finder(files))
    return True


def in_use() -> bool:
    """Whether the readers of this process are compiled."""
    return f"{LIBRARY}__mypyc" in sys.modules
