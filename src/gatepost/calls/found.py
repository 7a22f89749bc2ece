"""The one row that was asked for, or a sentence that says what to ask for instead."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


class NoSuch(LookupError):
    """There is no row with the number that was asked for."""


def one_of(rows: QuerySet[Row], says: str) -> Row:
    """The first of `rows`. Raises NoSuch, which `says` what is not there."""
    found = rows.first()
    if found is None:
        raise NoSuch(says)
    return found


def numbered(rows: QuerySet[Row], pk: object, word: str) -> Row:
    """The row of this number; `word` is what such a row is to people: "message". Raises NoSuch."""
    return one_of(rows.filter(pk=pk), f"There is no {word} {pk} on this desk. Look at its number again.")
