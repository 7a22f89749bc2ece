"""Ids that look like the real ones: digits for Facebook, snowflakes for X."""

from __future__ import annotations

import hashlib

X_EPOCH = 1_288_834_974_657  # milliseconds; the moment X's snowflakes count from
FACEBOOK_FIRST = 122_100_000_000_000_000  # today's Page posts have 18 digits beginning with 122


def settled(seed: int, *what: str, digits: int = 15) -> str:
    """An id of `digits` digits that depends on the seed and the name of the thing alone."""
    number = int.from_bytes(hashlib.sha256(":".join((str(seed), *what)).encode()).digest()[:8], "big")
    return str(10 ** (digits - 1) + number % (9 * 10 ** (digits - 1)))


def secret(seed: int, what: str, length: int = 32) -> str:
    """A token of `length` hexadecimal digits (at most 64), the same for the same seed."""
    return hashlib.sha256(f"{seed}:secret:{what}".encode()).hexdigest()[:length]


def facebook(ordinal: int) -> str:
    """The part after the underscore of a post's or comment's id; grows with `ordinal`."""
    return str(FACEBOOK_FIRST + ordinal * 6)  # with gaps, as theirs have, so that no reader counts on neighbours


def snowflake(milliseconds: int, last: int) -> int:
    """A snowflake for this moment (Unix time in milliseconds), always greater than `last`."""
    return max(last + 1, (milliseconds - X_EPOCH) << 22)


def snowflake_time(value: int) -> int:
    """Unix time in milliseconds of a snowflake."""
    return (value >> 22) + X_EPOCH
