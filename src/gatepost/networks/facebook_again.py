"""Single comments and visitors' posts of a Facebook Page, read a second time: one request each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from .client import Reply
from .facebook_errors import Gone, RefusedHere
from .facebook_finding import REF
from .facebook_reading import message_of
from .protocol import Incoming, ReadFailed
from .rereading import Again

_FIELDS = "id,message,from{id,name},created_time"  # what posts and comments both have
_LOST = (
    "Facebook says that nothing of this Page is there, the Page neither. It may have lost a permission: reconnect the "
    "channel and grant them all."
)


def again(get: Callable[[str, Mapping[str, str]], Reply], page: str, refs: Sequence[str]) -> Again:
    """One that Facebook refuses to show is left out. Raises ReadFailed when it shows none, and the reason lies with the
    account: its token, its permissions, how much it asks."""
    there: list[Incoming] = []
    gone: list[str] = []
    refused: list[RefusedHere] = []
    shown = False
    for ref in refs:
        if not REF.fullmatch(ref):
            continue
        try:
            body = get(f"/{ref}", {"fields": _FIELDS}).body
        except Gone:
            gone.append(ref)
            continue
        except RefusedHere as fault:
            refused.append(fault)
            continue
        shown = True
        found = message_of(page, {**body, "id": ref}, post_ref="")
        if found is not None:  # without words it is left as it was
            there.append(found)
    if gone and not shown:
        _look_at_the_page(get, page)
    if refused and not (gone or shown):
        raise ReadFailed(refused[0].reason, None)
    return Again(tuple(there), tuple(gone))


def _look_at_the_page(get: Callable[[str, Mapping[str, str]], Reply], page: str) -> None:
    """Without a permission Facebook says of each thing that it is not there: then neither is what surely is."""
    try:
        get(f"/{page}/feed", {"fields": "id", "limit": "1"})
    except Gone:
        raise ReadFailed(_LOST, None) from None
