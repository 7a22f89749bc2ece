from __future__ import annotations

import re
from pathlib import Path

from gatepost.networks import client, protocol

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/howto/write-a-connector.md").read_text("utf-8")


def test_every_file_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`((?:src|tests)/[\w/.]+?)`", PAGE)) - {"src/gatepost/networks/yournetwork.py"}
    assert len(named) >= 8
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_every_class_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`([A-Z][a-z]+[A-Za-z]*)`", PAGE))
    assert {"Receipt", "Refused", "TryLater", "Unknown", "NotThere"} <= named
    assert [name for name in sorted(named) if not hasattr(protocol, name) and not hasattr(client, name)] == []
