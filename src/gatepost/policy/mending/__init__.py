"""One-press mends: for a finding that can be mended without a person's judgement, what to put in its place.

Pure: the same draft, finding and pack give the same mend. A mend never makes the finding it is for appear again in the
place it mended, and changes nothing outside its span.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gatepost.policy.mending import letters, tags, words
from gatepost.policy.model import Finding, Outbound
from gatepost.policy.pack import Pack


@dataclass(frozen=True, slots=True)
class Mend:
    """Put `instead` where field[start:end] is `was`. `says` is what the button says."""

    field: str  # "text", "link", "images.0.alt"
    start: int
    end: int
    was: str
    instead: str
    says: str


_Way = Callable[[str, Finding, Pack], str | None]

_WAYS: dict[str, _Way] = {
    "hashtags": tags.camel_case,
    "fancy_letters": letters.ordinary,
    "capitals": letters.small,
    "unsendable": letters.nothing,
    "emoji": letters.fewer_emoji,
    "contractions": words.written_out,
    "sentence": words.split,
    "jargon": words.plainer,
    "banned": words.allowed,
    "alternative_text": words.without_image_of,
    "link": words.encrypted,
}


def mend_for(finding: Finding, draft: Outbound, pack: Pack) -> Mend | None:
    """The mend of a finding of check.check(draft, pack, …); None when a person has to think."""
    way = _WAYS.get(finding.check)
    where = finding.field or "text"
    text = _field(draft, where)
    if way is None or text is None:
        return None
    start, end = (0, len(text)) if where == "link" else (finding.start, finding.end)
    if not 0 <= start < end <= len(text):
        return None
    instead = way(text, finding, pack)
    was = text[start:end]
    if instead is None or instead == was:
        return None
    return Mend(where, start, end, was, instead, _says(was, instead))


def apply(mend: Mend, text: str) -> str:
    """`text` mended; unchanged when what was to be mended no longer stands there."""
    if text[mend.start : mend.end] != mend.was:
        return text
    return text[: mend.start] + mend.instead + text[mend.end :]


def _field(draft: Outbound, where: str) -> str | None:
    if where == "text":
        return draft.text
    if where == "link":
        return draft.link
    head, _, rest = where.partition(".")
    number, _, name = rest.partition(".")
    if head == "images" and name == "alt" and number.isdecimal() and int(number) < len(draft.images):
        return draft.images[int(number)].alt
    return None


def _says(was: str, instead: str) -> str:
    if not instead.strip():
        return "Take it out"
    if len(instead) > 60:
        return "Make it two sentences" if ". " in instead and len(was) > 60 else "Change it"
    return f"Write {instead}"
