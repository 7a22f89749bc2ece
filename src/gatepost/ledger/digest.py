"""How a line is hashed and how lines are rolled into one root. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any


def canonical(value: Any) -> bytes:
    """One spelling for one value: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def line_digest(
    *,
    key: str,
    at: datetime,
    verb: str,
    actor: str,
    subject: str,
    clauses: Iterable[str],
    detail: Mapping[str, Any],
) -> bytes:
    """SHA-256 (32 bytes) of a line's content; the row's number is left to the seal."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(canonical([key, moment, verb, actor, subject, list(clauses), detail])).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Root (32 bytes) over leaf digests. Leaves and nodes are hashed with different prefixes (RFC 6962, 2.1)."""
    if not leaves:
        raise ValueError("A seal needs at least one line.")
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [hashlib.sha256(b"\x01" + b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    return level[0]


def seal_digest(*, previous: bytes, root: bytes, lines: Sequence[int]) -> bytes:
    """Chains a root (32 bytes) and the numbers of its lines to the seal before it."""
    return hashlib.sha256(b"\x02" + previous + root + canonical(list(lines))).digest()
