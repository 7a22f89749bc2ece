"""While a page that changes nothing is made, the policy in force is asked for once, whoever of its parts wants it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from gatepost.rulebook.models import Adoption

TOGETHER = timedelta(seconds=5)  # moments that are one page's "now"
_found: ContextVar[list[tuple[datetime, Adoption | None]] | None] = ContextVar("gatepost_adoptions", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Within it, in this thread, an adoption that was found is not looked for again by those who ask soon after. Only
    where nothing is adopted meanwhile."""
    token = _found.set([])
    try:
        yield
    finally:
        _found.reset(token)


def adoption_at(at: datetime) -> Adoption | None:
    """The adoption of the policy in force at a moment; None before the first."""
    found = _found.get()
    if found is None:
        return Adoption.objects.begun(at).first()
    for since, adoption in found:
        if since <= at <= since + TOGETHER:
            return adoption
    adoption = Adoption.objects.begun(at).first()
    found.append((at, adoption))
    return adoption
