"""Mends of single letters and signs."""

from __future__ import annotations

import calendar
import re
import unicodedata

from gatepost.policy.checks.count import graphemes, is_emoji
from gatepost.policy.model import Finding
from gatepost.policy.pack import Pack

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# In capitals whatever stands around them; a pack's own short name is added.
_INITIALS = frozenset(
    {"UK", "EU", "BBC", "NHS", "GP", "MP", "MPS", "GDPR", "DWP", "HMRC", "BSL", "LGBT", "LGBTQ", "PDF", "CCTV", "IT"}
    | {"TV", "FAQ", "FAQS", "AGM", "CEO", "VAT", "NI", "UC"}
)
_DAYS_MONTHS = frozenset(name.lower() for names in (calendar.day_name, calendar.month_name) for name in names)


def ordinary(text: str, finding: Finding, pack: Pack) -> str | None:
    """Letters in place of the signs that look like them."""
    return unicodedata.normalize("NFKC", text[finding.start : finding.end])


def nothing(text: str, finding: Finding, pack: Pack) -> str | None:
    """Without the sign that cannot be sent."""
    return ""


def small(text: str, finding: Finding, pack: Pack) -> str | None:
    """In small letters: a capital at the sentence's beginning and on days and months; initials stay."""
    keep = _INITIALS | {pack.short_name.upper()}
    before = text[: finding.start].rstrip()
    begins = not before or before[-1] in ".!?\n" or "\n" in text[len(before) : finding.start]

    def word(found: re.Match[str]) -> str:
        nonlocal begins
        first, begins = begins, False
        if found[0] in keep:
            return found[0]
        low = found[0].lower()
        return low[0].upper() + low[1:] if first or low in _DAYS_MONTHS or low == "i" else low

    return _WORD.sub(word, text[finding.start : finding.end])


def fewer_emoji(text: str, finding: Finding, pack: Pack) -> str | None:
    """Without the emoji past the pack's number; the first ones stay."""
    inside = text[finding.start : finding.end]
    out = text[max(0, finding.start - 1) : finding.start]  # to see whether a blank stands before the first
    begin, last = len(out), 0
    for start, end in graphemes(inside):
        if is_emoji(inside[start:end]):
            out += inside[last:start]
            after = text[finding.start + end : finding.start + end + 1]
            if len(out) > begin and out.endswith(" ") and after in (".", ",", "!", "?", ";", ":", ""):
                out = out[:-1]
            # Two blanks would be left where one emoji stood between words.
            last = end + 1 if out.endswith(" ") and inside[end : end + 1] == " " else end
    return out[begin:] + inside[last:]
