"""Keyed digests of what people are known by: they tell whether it is the same again, and nothing else.

A plain digest of a telephone number can be found by trying every number; without the desk's key this one cannot.
"""

from __future__ import annotations

import re

from django.utils.crypto import salted_hmac


def mark(*parts: str) -> str:
    """64 hexadecimal digits for these words, under the desk's key."""
    value = "\x1f".join(parts)
    return salted_hmac("gatepost.inbox.personal", value, algorithm="sha256").hexdigest()


def figures(number: str) -> str:
    """A telephone number as its figures without country and nought: "+44 (0)7700 900123" -> "7700900123"."""
    found = re.sub(r"\D", "", number)
    for begins in ("00440", "0044", "440", "44", "0"):
        if found.startswith(begins) and len(found) - len(begins) >= 9:
            return found[len(begins) :]
    return found


def plain(kind: str, value: str) -> str:
    """What somebody is known by, in the form in which two are compared."""
    value = " ".join(value.split()).casefold()
    if kind == "number":
        return figures(value)
    if kind == "account":
        return value.rstrip("/").rpartition("/")[2].lstrip("@")
    return value
