"""Where the shipped policy pack lies."""

from __future__ import annotations

import os
from pathlib import Path


class PackMissing(Exception):
    """There is no pack where one should be; the message says what to set."""


def pack_folder(given: Path | None = None) -> Path:
    """The folder asked for, else GATEPOST_PACK, else the shipped pack `bhp`. Raises PackMissing."""
    wanted = given or (Path(os.environ["GATEPOST_PACK"]) if os.environ.get("GATEPOST_PACK") else None)
    if wanted is not None:
        if not (wanted / "pack.toml").is_file():
            raise PackMissing(f"There is no policy pack in {wanted}: it has no pack.toml. Name the pack's own folder.")
        return wanted
    here = Path(__file__).resolve()
    for folder in (here.parents[2] / "packs" / "bhp", here.parent / "packs" / "bhp"):
        if (folder / "pack.toml").is_file():
            return folder
    raise PackMissing("The shipped policy pack is missing. Set GATEPOST_PACK to the folder of your policy pack.")
