"""How people took a post of ours, as the Graph API counts it."""

from __future__ import annotations

from typing import Any

from .fields import dig

# One comment is asked for beside the number: the Graph API knows no list without any.
COUNTED = "shares,comments.limit(1).summary(true){id},reactions.limit(1).summary(true){id}"
PLACES = {
    "shares": ("shares", "count"),
    "replies": ("comments", "summary", "total_count"),
    "reactions": ("reactions", "summary", "total_count"),
}


def counts_of(body: Any) -> dict[str, int]:
    """Numbers the answer holds, by our names; what it does not tell is left out."""
    found = {name: dig(body, *path) for name, path in PLACES.items()}
    return {name: count for name, count in found.items() if type(count) is int and count >= 0}


def without_people(body: Any) -> Any:
    """The answer without the one comment and the one reaction that come with their numbers: they are somebody's."""
    if not isinstance(body, dict):
        return body
    lists = {name: body[name] for name in ("comments", "reactions") if isinstance(body.get(name), dict)}
    return {**body, **{name: {key: it for key, it in told.items() if key == "summary"} for name, told in lists.items()}}
