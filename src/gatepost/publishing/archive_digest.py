"""How items of the archive are hashed and keys are named. Pure: an export is read back without a desk."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from gatepost.ledger.digest import canonical

EXPORT_FORMAT = "gatepost archive export 1"


def digest_of(facts: Mapping[str, Any]) -> str:
    """SHA-256 in hex over the canonical form of an item's or event's facts."""
    return hashlib.sha256(b"gatepost archive 1\x00" + canonical(dict(facts))).hexdigest()


def fingerprint(public_key: bytes) -> str:
    """The SHA-256 of a public key, in groups that people can read to each other."""
    told = hashlib.sha256(public_key).hexdigest()[:32]
    return " ".join(told[place : place + 4] for place in range(0, 32, 4))
