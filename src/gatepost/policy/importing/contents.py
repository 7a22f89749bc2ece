"""A table of contents, typed or made by a program: it names what follows, and is no part of the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from gatepost.policy.importing.paper import Paragraph

SHORT = 14  # words of a heading
FEWEST = 3  # lines one after the other that are said again below
_TITLED = re.compile(r"^(?:table of )?contents(?: page)?:?$", re.IGNORECASE)
_NUMBER = re.compile(
    r"^(?:section|part|appendix)?[\s|]*(?:\d{1,3}(?:\.\d{1,3}){0,4}|[A-Z])?[.):]?[\s|]+(?=\S)", re.IGNORECASE
)
_PAGE = re.compile(r"[\s.|…]*\d{1,4}$")
_PAGED = re.compile(r"[^\W\d_].*?(?:\s|[.…]{2,}|[a-z])\d{1,4}$")


def contents_aside(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """The same paragraphs, with those of a table of contents set aside."""
    last: dict[str, int] = {}
    for place, one in enumerate(paragraphs):
        if not one.aside and not one.item and len(one.text.split()) <= SHORT:
            for key in (one.text.casefold(), _bare(one.text)):
                last[key] = place
    found = list(paragraphs)
    place = 0
    while place < len(found):
        titled = not found[place].aside and bool(_TITLED.match(found[place].text))
        start = place + titled
        end, later = start, [place]
        while end < len(found) and len(found[end].text.split()) <= SHORT:
            again = max(last.get(_bare(found[end].text), -1), last.get(_bare(_PAGE.sub("", found[end].text)), -1))
            named = again > end and not found[end].aside
            if not named and not found[end].aside and not (titled and _PAGED.search(found[end].text)):
                break
            later += [again] if named else []
            end += 1
        # Lines that come again one after the other are a list said twice.
        apart = [below for above, below in pairwise(later[1:]) if below > above + 1]
        if end > start and (titled or len(later) > FEWEST) and (titled or apart) and max(later) >= end:
            found[place:end] = [replace(one, aside=True) for one in found[place:end]]
            return found
        place = max(end, place + 1)
    return found


def _bare(text: str) -> str:
    return _NUMBER.sub("", text).strip(" .|:").casefold()
