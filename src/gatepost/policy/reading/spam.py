"""Advertising, lures and fraud, told from residents who mention them."""

from __future__ import annotations

import re

from .evidence import Sign, signs, total
from .page import Page

BIAS = -2.6
_LINK = re.compile(r"https?://|www\.|\b[a-z0-9-]{3,}\.(?:example|top|xyz|click|info|shop|online|biz|ru|ly|win)\b", re.I)
_MONEY = re.compile(r"[£$€]\s?\d|\d\s?%")


def spam(page: Page) -> list[Sign]:
    """Evidence of spam. A link or a sum of money alone is none."""
    found = signs(page, "spam")
    if not any(sign.weight > 0 for sign in found):
        return []
    text = page.normal.text
    link, money = _LINK.search(text), _MONEY.search(text)
    if link:
        found.append(Sign(1.2, "link", *page.normal.span(*link.span())))
    if money:
        found.append(Sign(0.8, "money", *page.normal.span(*money.span())))
    if len({sign.said for sign in found if sign.kind == "spam"}) > 1:
        found.append(Sign(1.4, "several"))
    return found


def log_odds(found: list[Sign]) -> float:
    return BIAS + total(found)
