"""The shared material (network descriptions, data sets) that lies beside a checkout and is never part of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("GATEPOST_SHARED") or Path(__file__).resolve().parents[2] / "shared")


def shared(name: str) -> Path:
    """The path of e.g. "specs/x/openapi-2.167.json"; skips the calling test when it is not there."""
    path = ROOT / name
    if not path.exists():
        pytest.skip(f"the shared material {name} is not beside this checkout (set GATEPOST_SHARED)")
    return path
