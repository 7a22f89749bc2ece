"""Single comments and visitors' posts of a Facebook Page, read a second time: one request each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from .client import Reply
from .facebook_errors import Gone
from .facebook_finding import REF
from .facebook_reading import message_of
from .protocol import Incoming
from .rereading import Again

_FIELDS = "id,message,from{id,name},created_time"  # what posts and comments both have


def again(get: Callable[[str, Mapping[str, str]], Reply], page: str, refs: Sequence[str]) -> Again:
    """Raises ReadFailed for everything but what is gone."""
    there: list[Incoming] = []
    gone: list[str] = []
    for ref in refs:
        if not REF.fullmatch(ref):
            continue
        try:
            found = message_of(page, {**get(f"/{ref}", {"fields": _FIELDS}).body, "id": ref}, post_ref="")
        except Gone:
            gone.append(ref)
            continue
        if found is not None:  # without words it is left as it was
            there.append(found)
    return Again(tuple(there), tuple(gone))
