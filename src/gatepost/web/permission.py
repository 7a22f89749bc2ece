"""Every view names who may see it. What a person may *do* is decided by the actions, by policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

Needs = Literal["anybody", "signed in", "reader", "officer", "administrator", "signature"]
View = TypeVar("View", bound=Callable[..., Any])


def needs(who: Needs) -> Callable[[View], View]:
    """Marks a view. "reader": it shows what residents say. "officer": people's data are found, handed
    over and erased. "signature": a network's webhook, proven by its signature
    and exempt from CSRF."""

    def mark(view: View) -> View:
        view.needs = who  # type: ignore[attr-defined]  # a mark on a function
        if who == "signature":
            view.csrf_exempt = True  # type: ignore[attr-defined]  # as Django's own decorator does
        return view

    return mark
