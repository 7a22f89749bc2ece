"""Finding on Facebook what we have posted: one text, or many in one walk through the Page's list."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .client import Reply
from .facebook_errors import Gone
from .facebook_paging import next_place
from .fields import dig, ident, kept, moment, objects, settled, text
from .matching import Sought
from .protocol import Found, NotThere, Outgoing, Receipt, Refused, Unknown

REF = re.compile(r"[0-9]{1,40}(_[0-9]{1,40}){0,2}")
BAD_REF = "“{}” is not the id of anything on Facebook."
PAGES = 40
"""Of 100 posts: more than a Page may post in a day."""
_NEWEST = {"order": "reverse_chronological", "filter": "toplevel"}
_LOST_IN_MANY = "Too much was posted since to be sure that it is not on Facebook. Look at the Page."

Get = Callable[[str, Mapping[str, str]], Reply]


def message_of(act: Outgoing) -> str:
    """The text, with the link in it where Facebook shows no preview: in comments, and beside pictures."""
    apart = act.link and act.link not in act.text and (act.media or act.kind == "reply")
    return f"{act.text}\n\n{act.link}" if apart else act.text


def in_feed(get: Get, page: str, acts: Sequence[Outgoing], receipt: Callable[[str, Any], Receipt]) -> list[Found]:
    """Looks for posts in the Page's feed. Raises ReadFailed."""
    return _walk(get, f"/{page}/feed", page, acts, receipt, newest=False)


def in_comments(
    get: Get, above: str, page: str, acts: Sequence[Outgoing], receipt: Callable[[str, Any], Receipt]
) -> list[Found]:
    """Looks for answers among the comments under `above`. Raises ReadFailed."""
    return _walk(get, f"/{above}/comments", page, acts, receipt, newest=True)


def _walk(
    get: Get, path: str, page: str, acts: Sequence[Outgoing], receipt: Callable[[str, Any], Receipt], *, newest: bool
) -> list[Found]:
    sought = Sought(acts, lambda act: [settled(message_of(act))])
    earliest = sought.earliest
    params = {"fields": "id,message,created_time,from{id},permalink_url", "limit": "100", **(_NEWEST if newest else {})}
    if earliest and not newest:
        params["since"] = str(int(earliest.timestamp()))
    for _ in range(PAGES):
        reply = get(path, params)
        if not isinstance(dig(reply.body, "data"), list):
            return sought.answers(Unknown("Facebook answered the search with something that is no list."))
        entries = objects(reply.body, "data")
        for entry in entries:
            ref = ident(entry, "id")
            if ident(entry, "from", "id") == page and ref:
                _offer(sought, ref, entry, receipt)
        place = next_place(reply.body)
        old = bool(earliest and entries and moment(entries[-1], "created_time") < earliest)
        if sought.complete or not place or old:
            return sought.answers(NotThere())
        params |= place
    return sought.answers(Unknown(_LOST_IN_MANY))


def _offer(sought: Sought, ref: str, entry: Mapping[str, Any], receipt: Callable[[str, Any], Receipt]) -> None:
    made = moment(entry, "created_time")
    sought.offer(ref, [settled(text(entry, "message"))], made, lambda: receipt(ref, entry))


def find_hidden(get: Get, ref: str, secrets: tuple[str, ...], *, hidden: bool) -> Found:
    """Whether a comment is hidden, or shown, by now. Raises ReadFailed."""
    if not REF.fullmatch(ref):
        return Refused(BAD_REF.format(ref[:60]))
    try:
        reply = get(f"/{ref}", {"fields": "id,is_hidden"})
    except Gone as fault:
        return Refused(fault.reason)
    now = dig(reply.body, "is_hidden")
    if not isinstance(now, bool):
        return Unknown("Facebook does not say whether this is hidden.")
    return Receipt(ref, raw=kept(reply.body, secrets)) if now is hidden else NotThere()


def find_gone(get: Get, ref: str) -> Found:
    """Whether something is no longer there. Raises ReadFailed."""
    if not REF.fullmatch(ref):
        return Refused(BAD_REF.format(ref[:60]))
    try:
        get(f"/{ref}", {"fields": "id"})
    except Gone:
        return Receipt(ref, raw={"already_gone": True})
    return NotThere()
