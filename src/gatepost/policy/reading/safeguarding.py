"""Somebody may be in danger: self-harm, a child at risk, violence at home, gas, cold, a person not seen."""

from __future__ import annotations

from .evidence import Sign, signs, total
from .page import Page

BIAS = -2.0


def safeguarding(page: Page) -> list[Sign]:
    """Evidence that a person may be in danger. Kinds: self_harm, domestic_abuse, child, health."""
    found = signs(page, "safeguarding")
    if not found:
        return found
    if page.of("joke"):  # "your hold music makes me want to throw myself in the canal haha"
        found.append(Sign(-3.4, "joke"))
    if page.of("resolved"):
        found.append(Sign(-2.6, "event"))
    if page.of("spam"):
        found.append(Sign(-2.0, "spam"))
    return found


def log_odds(found: list[Sign]) -> float:
    return BIAS + total(found)


def urgent(page: Page, danger: float) -> bool:
    """Whether somebody should look at once: danger to a person (log-odds `danger` above 0) or to the building."""
    if page.of("joke") or page.of("resolved"):
        return False
    return danger > 0 or bool(page.of("urgent"))
