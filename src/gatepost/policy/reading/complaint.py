"""Dissatisfaction with us: said outright, by chasing, by blame, by sarcasm, or only by the facts told."""

from __future__ import annotations

from .evidence import Sign, signs, total
from .page import Page

BIAS = -2.3
_SOUR_MARKS = frozenset(("🙄", "😡", "🤬", "😤", "😠", "👎", "🤦", "🤡", "😒"))


def complaint(page: Page) -> list[Sign]:
    """Evidence of a complaint about the organisation."""
    found = signs(page, "complaint")
    denied = any(sign.kind == "denied" for sign in found)
    if denied:  # "not a complaint" also holds the word complaint: the denial outweighs it
        found = [sign for sign in found if sign.kind != "explicit"]
    if not found:
        return found
    kinds = {sign.kind for sign in found}
    if "chase" not in kinds and "explicit" not in kinds and page.of("neighbour") and not page.of("staff"):
        found.append(Sign(-2.0, "about_others"))
    if "sarcasm" not in kinds and page.of("thanks"):
        found.append(Sign(-2.2, "thanks"))
    if page.of("spam"):
        found.append(Sign(-2.0, "spam"))
    shouted = page.normal.original
    if len(shouted) > 12 and shouted.isupper():
        found.append(Sign(1.0, "shouting", 0, len(shouted)))
    return found


def log_odds(found: list[Sign]) -> float:
    return BIAS + total(found)
