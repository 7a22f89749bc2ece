"""The order of a document: headings, words that lead into a list, items, running text, and what stands aside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from gatepost.policy.importing.contents import contents_aside
from gatepost.policy.importing.cues import Section, sections
from gatepost.policy.importing.paper import Document, Paragraph
from gatepost.policy.importing.readers.lines import NUMBER
from gatepost.policy.importing.sentences import sentences
from gatepost.policy.importing.slugs import slug

Sort = Literal["heading", "lead", "item", "text", "aside"]

_LETTER = re.compile(r"^(?:part |section )?[A-Z][.):] (?=[A-Z])")
_PREFIX = re.compile(r"^(?:section|part|chapter)?\s*(\d{1,3}(?:\.\d{1,3}){0,4})[.):]?\s+(?=\S)", re.IGNORECASE)
_MARK = re.compile(r"^\(?(?:[a-z]|[ivx]{1,5}|\d{1,2})[.)](?!\d)", re.IGNORECASE)
_TEMPLATE = re.compile(
    r"^(?:template|(?:standard|model|suggested) (?:response|reply|answer))\s+\w{1,3}\b", re.IGNORECASE
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|shall|must|should|can|may|might|do|does|include|includes|cover|"
    r"covers|applies|apply|means|we|you|they|it|please|if|following|not)\b",
    re.IGNORECASE,
)
_OR = re.compile(r"^[-–—(]?\s*(?:or|and/or)\s*[-–—):]?$", re.IGNORECASE)
_LEADS = re.compile(r"\b(?:that|which|who|whose|to|if|when|where|these)$", re.IGNORECASE)
_ENDS = (".", "!", "?", ";", ",")


@dataclass(frozen=True, slots=True)
class Block:
    """`section`: the first part of the clause ids here. `under`: the heading. `lead`: what leads into the list."""

    sort: Sort
    text: str
    place: str
    level: int = 0
    section: str = ""
    under: str = ""
    lead: str = ""


def outline(document: Document) -> list[Block]:
    """Every paragraph of the document, in its order; a paragraph whose end leads into a list makes two blocks."""
    whole = _joined_quotations(contents_aside(document.paragraphs))
    paragraphs = _items_without_bullets(_joined_by_or(whole))
    blocks: list[Block] = []
    seen_title = False
    section, under, lead, inner = "policy", "", "", ""
    for place, one in enumerate(paragraphs):
        after = _next(paragraphs, place)
        if one.aside:
            blocks.append(Block("aside", one.text, one.place, section=section, under=under))
            continue
        level = one.level or _heading_level(paragraphs, place, seen_title)
        if level:
            lead = inner = ""
            under = _LETTER.sub("", _PREFIX.sub("", one.text)).rstrip(": ")
            section = _section(under, "heading") if seen_title or level > 1 else "policy"
            seen_title = True
            blocks.append(Block("heading", one.text, one.place, level, section, under))
        elif one.item:
            blocks.append(Block("item", one.text, one.place, 0, inner or section, under, lead))
        else:
            lead = inner = ""
            parts = sentences(one.text)
            if parts and parts[-1].endswith((":", "–", "—")) and after is not None and after.item:
                lead = parts.pop()
                inner = _known(lead, "lead")
            if parts:
                blocks.append(Block("text", " ".join(parts), one.place, 0, section, under))
            if lead:
                blocks.append(Block("lead", lead, one.place, 0, inner or section, under))
    return blocks


def _joined_quotations(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """What is quoted over two lines or three is one thing."""
    joined: list[Paragraph] = []
    place = 0
    while place < len(paragraphs):
        one = paragraphs[place]
        place += 1
        for ahead in range(place, min(place + 4, len(paragraphs))) if _opens(one) else ():
            after = paragraphs[ahead]
            if after.aside or after.level or _opens(after):
                break
            if _closes(after, one):
                text = " ".join(held.text for held in [one, *paragraphs[place : ahead + 1]])
                one, place = replace(one, text=text, level=0), ahead + 1
                break
        joined.append(one)
    return joined


def _opens(one: Paragraph) -> bool:
    return not one.aside and one.text.count("“") > one.text.count("”")


def _closes(after: Paragraph, one: Paragraph) -> bool:
    return after.text.count("”") - after.text.count("“") == one.text.count("“") - one.text.count("”")


def _joined_by_or(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """`"…" OR "…"` over three lines is one thing with alternatives."""
    joined: list[Paragraph] = []
    for one in paragraphs:
        waits = bool(joined) and (joined[-1].text.endswith(" OR") or joined[-1].text.endswith(" or"))
        if joined and not one.aside and (_OR.match(one.text) or (waits and one.text[:1] in "\"“‘'")):
            joined[-1] = replace(joined[-1], text=f"{joined[-1].text} {one.text}")
        else:
            joined.append(one)
    return joined


def _items_without_bullets(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Short lines without an end, after words that lead into a list, are its items."""
    found: list[Paragraph] = []
    listing = numbering = False
    for one in paragraphs:
        if one.aside:
            found.append(one)
            continue
        short = len(one.text.split()) <= 12 and not one.text.endswith((*_ENDS, ":")) and not one.level
        if listing and short and not one.item:
            found.append(replace(one, item=True))
            continue
        marked = bool(_MARK.match(one.text)) and not one.level
        if numbering and marked:
            found.append(replace(one, item=True))
            continue
        leads = not one.level and not one.item and one.text.endswith(":")
        listing = leads and _looks_like_lead(one.text)
        numbering = leads
        found.append(one)
    return found


def _looks_like_lead(text: str) -> bool:
    return bool(_VERB.search(text)) and len(text.split()) > 4


def _next(paragraphs: Sequence[Paragraph], place: int) -> Paragraph | None:
    return next((one for one in paragraphs[place + 1 : place + 30] if not one.aside), None)


def _heading_level(paragraphs: Sequence[Paragraph], place: int, seen_title: bool) -> int:
    """What is written as ordinary text and is a heading all the same: 0 when it is none."""
    one = paragraphs[place]
    text = one.text
    words = text.split()
    if one.item or len(words) > 12 or text.endswith(_ENDS) or " | " in text:
        return 0
    bare = _PREFIX.sub("", text)
    if not bare[:1].isupper() and not bare[:1].isdigit():
        return 0
    after = _next(paragraphs, place)
    if after is None:
        return 0
    if not seen_title and not any(not earlier.aside for earlier in paragraphs[:place]) and not text.endswith(":"):
        return 1
    if _TEMPLATE.match(text) and not text.endswith(":"):
        return 4
    if bare.isupper() and len(bare) > 3 and len(words) <= 10:
        return 2
    numbered = _PREFIX.match(text)
    if numbered and after.text.startswith(f"{numbered[1]}."):
        return 2 + numbered[1].count(".")
    if numbered:
        # Short numbered lines one after the other are a list.
        beside = NUMBER.match(after.text) and len(after.text.split()) <= 12 and "." not in numbered[1]
        same = beside and (after.text.count(".") <= text.count(".")) and not after.level
        return 0 if same or (_VERB.search(bare) and not bare.istitle()) else 2 + numbered[1].count(".")
    if text.endswith(":"):
        if after.item and _LEADS.search(bare.rstrip(":")):
            return 0
        known = _known(bare, "heading") or _known(bare, "lead")
        if known and len(words) <= 5:
            return 3 if _VERB.search(bare) else 2
        return 0 if _VERB.search(bare) or len(words) > 8 else 2
    alone = not after.item and len(after.text.split()) > 8 and len(words) <= 8
    return 2 if alone and not _VERB.search(bare) and _known(bare, "heading") else 0


def _section(heading: str, where: Literal["heading", "lead"]) -> str:
    return _known(heading, where) or slug(heading, "section")


def _known(text: str, where: Literal["heading", "lead"]) -> str:
    bare = text.rstrip(":–— ").strip()
    for one in sections():
        if _matches(one, where, bare):
            return one.slug
    return ""


def _matches(one: Section, where: Literal["heading", "lead"], text: str) -> bool:
    pattern = one.heading if where == "heading" else one.lead
    return bool(pattern is not None and pattern.search(text))
