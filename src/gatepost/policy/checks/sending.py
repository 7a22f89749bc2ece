"""Can it be sent at all: something to say, characters that travel, a link that works, a length the network
takes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from gatepost.policy.checks.base import TEXT_LIMIT, Draft, clause
from gatepost.policy.checks.count import count
from gatepost.policy.model import Finding

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINK_LIMIT = 2_000


def empty(draft: Draft) -> Iterator[Finding]:
    """Nothing to say. Invisible characters do not make a text."""
    if not any(not mark.isspace() and unicodedata.category(mark) != "Cf" for mark in draft.text):
        yield Finding("empty", "stop", clause(draft, "empty"), "There is no text.", "Write what is to be said.")


def unsendable(draft: Draft) -> Iterator[Finding]:
    """Characters that networks refuse, or that make a text read otherwise than it was signed off."""
    for place, mark in enumerate(draft.text):
        category = unicodedata.category(mark)
        if mark in _BIDI:
            says = "A hidden mark here turns the direction of the text, so that it reads otherwise than it is."
        elif category == "Cs":
            says = "Half a character stands here: it cannot be sent."
        elif category == "Cc" and mark not in "\n\r\t":
            says = "A control character stands here: it cannot be seen and networks refuse it."
        else:
            continue
        mend = "Delete it and type the words again."
        yield Finding("unsendable", "stop", clause(draft, "unsendable"), says, mend, start=place, end=place + 1)


def length(draft: Draft) -> Iterator[Finding]:
    """Too long for the network, counted as that network counts."""
    if len(draft.out.text) > TEXT_LIMIT:
        says = (
            f"The text has {len(draft.out.text):,} characters; no network takes that, and it was not read to its end."
        )
        yield Finding("length", "stop", clause(draft, "length"), says, "Shorten it.")
        return
    limits = draft.limits
    if limits is None:
        return
    where = draft.where or "this network"
    link = f" {draft.out.link}" if draft.out.link and draft.out.link not in draft.text else ""
    link = link if limits.link_in_text or limits.counted == "weighted" else ""
    mend = "Shorten it, or write a shorter variant for this network."
    used, over_from = count(draft.text, limits.counted, limits.text)
    used += count(link, limits.counted, limits.text)[0]
    if limits.text and used > limits.text:
        says = f"This is {used - limits.text} over the {limits.text:,} characters that {where} takes."
        yield from _too_long(draft, says, mend, over_from)
        return
    size = len((draft.text + link).encode("utf-8", "surrogatepass"))
    if limits.text_bytes and size > limits.text_bytes:
        says = f"This is {size - limits.text_bytes:,} over the {limits.text_bytes:,} bytes that {where} takes."
        yield from _too_long(draft, says, f"{mend} Emoji and accents take several bytes each.", None)


def _too_long(draft: Draft, says: str, mend: str, over_from: int | None) -> Iterator[Finding]:
    start = len(draft.text) if over_from is None else over_from
    inside = start < len(draft.text)
    yield Finding(
        "length",
        "stop",
        clause(draft, "length"),
        says,
        mend,
        start=start if inside else 0,
        end=len(draft.text) if inside else 0,
    )


def link(draft: Draft) -> Iterator[Finding]:
    """A link people can follow."""
    given = draft.out.link
    if not given:
        return
    try:
        parts = urlsplit(given)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        good = False
    if not good or len(given) > _LINK_LIMIT or any(mark.isspace() for mark in given):
        yield Finding(
            "link",
            "stop",
            clause(draft, "link"),
            "This is not the address of a web page.",
            "Give the whole address, beginning with https://",
            field="link",
        )
    elif parts.scheme == "http":
        yield Finding(
            "link",
            "note",
            clause(draft, "link"),
            "This address is not encrypted; many browsers warn before they open it.",
            "Use the https:// address if the site has one.",
            field="link",
        )
