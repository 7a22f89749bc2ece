"""Filters of the list as the end of an address."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode


def querystring_of(fields: Mapping[str, object], **more: object) -> str:
    """ "?show=done&after=12" from fields, leaving out the empty ones; "" when all are."""
    given = {name: value for name, value in {**fields, **more}.items() if value}
    return f"?{urlencode(given)}" if given else ""
