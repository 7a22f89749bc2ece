"""The bundle of a case as PDF, in the desk's own fonts. What they have no sign for is written as its code point.

It is not tagged: the library writes no structure. Whoever reads with a screen reader takes the page (bundle_html.py).
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from django.utils import timezone
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from fpdf import FPDF

from gatepost.inbox.bundles import attached
from gatepost.inbox.evidence_check import SAYS
from gatepost.inbox.models import ReferralNote

FONT = "atkinson-hyperlegible-next-{}-wght-normal.woff2"
WORDS = {kind: f"{words[0].lower()}{words[1:]}" for kind, words in ReferralNote.KINDS}


@cache
def _font(part: str, weight: int) -> tuple[bytes, frozenset[int]]:
    """One of our fonts as TrueType at one weight, with the code points it has."""
    kept = files("gatepost.web").joinpath("look", "fonts", FONT.format(part)).read_bytes()
    font = instantiateVariableFont(TTFont(io.BytesIO(kept)), {"wght": weight})
    font.flavor = None
    out = io.BytesIO()
    font.save(out)
    return out.getvalue(), frozenset(font.getBestCmap())


class _Page(FPDF):
    """A4 with the case's number at the foot of each page."""

    def __init__(self, foot: str, folder: Path) -> None:
        super().__init__(format="A4")
        self._foot = foot
        styles: tuple[tuple[Literal["", "B"], int], ...] = (("", 400), ("B", 700))
        for part in ("latin", "latin-ext"):
            for style, weight in styles:
                file = folder / f"{part}-{weight}.ttf"  # the library reads fonts from files alone
                file.write_bytes(_font(part, weight)[0])
                self.add_font(part, style, file)
        self.set_fallback_fonts(["latin-ext"], exact_match=False)
        self.known = _font("latin", 400)[1] | _font("latin-ext", 400)[1]
        self.set_auto_page_break(True, margin=20)
        self.set_margins(20, 18, 20)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font("latin", size=8)
        self.cell(0, 6, self.plain(f"{self._foot}, page {self.page_no()} of {{nb}}"))

    def plain(self, text: str) -> str:
        """Text of signs that the fonts have; others as their code point."""
        text = text.replace("\t", "    ").replace("\r\n", "\n")
        return "".join(
            sign if sign == "\n" or ord(sign) in self.known else f"[U+{ord(sign):04X}]"
            for sign in text
            if sign == "\n" or sign.isprintable()
        )

    def say(self, text: str, *, size: float = 10, bold: bool = False, gap: float = 1.5) -> None:
        self.set_font("latin", "B" if bold else "", size)
        self.multi_cell(0, size * 0.5, self.plain(text), new_x="LMARGIN", new_y="NEXT", align="L")
        self.ln(gap)

    def heading(self, text: str) -> None:
        self.ln(3)
        self.say(text, size=13, bold=True)


def when(moment: object) -> str:
    """A moment of a bundle as people read it; "" for none."""
    if not moment:
        return ""
    return f"{timezone.localtime(datetime.fromisoformat(str(moment))):%-d %B %Y, %H:%M}"


def pdf_of(bundle: Mapping[str, Any], sha256: str) -> bytes:
    """The PDF of a bundle; `sha256` is that of its canonical JSON, by which the two are known to be one."""
    with tempfile.TemporaryDirectory(prefix="gatepost-pdf-") as folder:
        return _written(bundle, sha256, Path(folder))


def _written(bundle: Mapping[str, Any], sha256: str, folder: Path) -> bytes:
    case = bundle["case"]
    page = _Page(f"{bundle['organisation']}, case {case['id']}", folder)
    page.set_title(page.plain(f"{case['title']}: case {case['id']}"))
    page.set_author(page.plain(str(bundle["organisation"])))
    page.set_lang("en-GB")
    page.set_creation_date(datetime.fromisoformat(str(bundle["made_at"])))
    page.say(f"{case['title']}: case {case['id']}", size=18, bold=True)
    page.say(
        f"{bundle['organisation']}. Made {when(bundle['made_at'])}. Personal details are {bundle['personal_details']}."
    )
    page.say(f"It came {when(case['received_at'])} on {bundle['channel']['name']}. State: {case['state']}.")
    for words in (case["why_these_rules"], case["summary"], case["closed_because"]):
        if words:
            page.say(str(words))
    if bundle["person"]:
        page.say(f"From {bundle['person']['name']} {bundle['person']['handle']}".strip())
    _clocks(page, bundle["clocks"])
    _course(page, bundle)
    page.heading("What was said")
    for one in bundle["messages"]:
        page.say(f"{when(one['posted_at'])}{', in private' if one['private'] else ''}", bold=True, gap=0.5)
        page.say(str(one["text"]) or "No words.")
        for line in attached(one):
            page.say(line, size=9)
    for one in bundle["our_answers"]:
        page.say(f"We answered, {when(one['sent_at'])}", bold=True, gap=0.5)
        page.say(str(one["text"]))
    _referrals(page, bundle["referrals"])
    page.heading("The record")
    for one in bundle["record"]:
        clauses = f" ({', '.join(one['clauses'])})" if one["clauses"] else ""
        words = f"{one['line']}: {when(one['at'])}, {one['verb']}{clauses}, digest {one['digest'][:16]}"
        page.say(words, size=8, gap=0.3)
    for one in bundle["evidence"]:
        page.say(f"Evidence kept {when(one['at'])}, digest {one['sha256']}. {SAYS[one['state']]}", size=8, gap=0.3)
    page.heading("How to check this")
    page.say(f"The same bundle as data (JSON) has the digest SHA-256 {sha256}.", size=9)
    return bytes(page.output())


def _clocks(page: _Page, rows: Iterable[Mapping[str, Any]]) -> None:
    page.heading("Answer-by times")
    for one in rows:
        met = f"met {when(one['met_at'])}" if one["met_at"] else "not met yet"
        late = ", late" if one["late"] else ""
        longer = ", made longer" if one["extended"] else ""
        page.say(f"{one['name']}: by {when(one['due'])}, {met}{late}{longer}. {one['source']}.")


def _course(page: _Page, bundle: Mapping[str, Any]) -> None:
    if not bundle["steps"] and not bundle["extensions"]:
        return
    page.heading("Its course")
    for one in bundle["steps"]:
        page.say(f"{when(one['happened_at'])}: {str(one['step']).replace('_', ' ')}. {one['note']}".strip())
    for one in bundle["extensions"]:
        page.say(f"{when(one['told_at'])}: told that it takes longer. {one['because']}")


def _referrals(page: _Page, rows: Iterable[Mapping[str, Any]]) -> None:
    for one in rows:
        page.heading(f"With {one['department']}")
        page.say(f"Referred {when(one['referred_at'])}, answer by {when(one['answer_by'])}. {one['note']}".strip())
        for said in one["said"]:
            page.say(f"{when(said['at'])}, {WORDS.get(said['kind'], said['kind'])}: {said['text']}")
