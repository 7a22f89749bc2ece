"""Whom a Page has blocked. Source: the Graph API's edge /{page}/blocked: a list to read, and an answer by person."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from .client import Reply
from .fields import dig, ident, kept, objects
from .protocol import Answer, Found, NotThere, Receipt, Refused, Unknown

PERSON = re.compile(r"[0-9]{1,40}")
NOBODY = "Facebook did not say who wrote this, so they cannot be blocked from here. Do it on the Page."


def told_of(reply: Reply | Answer, person: str, secrets: tuple[str, ...]) -> Answer | None:
    """What Facebook's answer says of this person; None when it names nobody."""
    said = dig(reply.body, person) if isinstance(reply, Reply) else None
    if said is False:
        return Refused("Facebook does not let this Page block this person.")
    return Receipt(person, raw=kept(reply.body, secrets)) if said is True and isinstance(reply, Reply) else None


def find_blocked(get: Callable[[str, Mapping[str, str]], Reply], page: str, person: str, *, blocked: bool) -> Found:
    """Whether it is so by now, by the list of blocked people, narrowed to one. Raises ReadFailed."""
    if not PERSON.fullmatch(person):
        return Refused(NOBODY)
    body = get(f"/{page}/blocked", {"user": person}).body
    if not isinstance(body, dict) or "data" not in body:
        return Unknown("Facebook does not say whether this person is blocked.")
    now = any(person in (ident(entry, "id"), ident(entry, "user", "id")) for entry in objects(body, "data"))
    return Receipt(person) if now is blocked else NotThere()
