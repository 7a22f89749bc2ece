"""The way to the next page of a Graph edge.

Edges page by cursor, some by time with a token of their own. The address in `paging.next` is never followed as it
stands, because Facebook writes the access token into it: only its place is taken over.
"""

from __future__ import annotations

from typing import Any

import httpx

from .fields import ident, text

_PLACES = ("after", "until", "__paging_token", "__after_id", "offset")


def next_place(edge: Any) -> dict[str, str]:
    """The parameters that lead to the page after `edge`; empty when it is the last."""
    following = text(edge, "paging", "next")
    if not following:
        return {}
    after = ident(edge, "paging", "cursors", "after")
    if after:
        return {"after": after}
    try:
        given = httpx.URL(following).params
    except (httpx.InvalidURL, ValueError):
        return {}
    return {name: given[name][:500] for name in _PLACES if given.get(name)}
