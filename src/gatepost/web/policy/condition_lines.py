"""Conditions within a rule's condition, one a line: "label = complaint; topic = repairs, lifts; private = yes"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gatepost.policy.schema import When
from gatepost.web.frame.problems import Unclear

_LISTS = ("topic", "network", "language", "author", "audience", "period")
_YES_NO = ("private", "urgent")
_WORDS = ("label", "sentiment", "hours")
KEYS = (*_WORDS, "at_least", *_LISTS, *_YES_NO)
HINT = (
    "One a line, such as: label = complaint; at_least = 0.35. In one line all must hold. You can write "
    f"{', '.join(KEYS[:-1])} and {KEYS[-1]}."
)


def written(rows: Sequence[When]) -> str:
    """The conditions as lines."""
    return "\n".join(_line(row) for row in rows)


def _line(row: When) -> str:
    parts = []
    for key in KEYS:
        value = getattr(row, key)
        if value is not None:
            parts.append(f"{key} = {_value(value)}")
    return "; ".join(parts)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def plain(when: When | None) -> list[When] | None:
    """What "any" or "not" holds, as rows without further ones within; None where lines cannot say it."""
    if when is None:
        return []
    rows = when.any_of if when.any_of is not None and when.model_fields_set == {"any_of"} else [when]
    return None if any(not fits(row) for row in rows) else rows


def fits(row: When) -> bool:
    return row.model_fields_set <= set(KEYS)


def read(lines: Sequence[str], field: str) -> list[dict[str, Any]]:
    """The lines as tables of rules.toml. Raises Unclear."""
    return [_row(line, field) for line in lines]


def _row(line: str, field: str) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for part in line.split(";"):
        key, sign, value = (piece.strip() for piece in part.partition("="))
        if not sign or not value or key not in KEYS:
            raise Unclear(f"“{part.strip()[:60]}” is no condition. Write one such as: label = complaint.", field)
        row[key] = _read(key, value, field)
    return row


def _read(key: str, value: str, field: str) -> Any:
    if key in _LISTS:
        return [one.strip() for one in value.split(",") if one.strip()]
    if key in _YES_NO:
        if value not in ("yes", "no"):
            raise Unclear(f"“{key}” is yes or no.", field)
        return value == "yes"
    if key == "at_least":
        try:
            share = float(value.replace(",", "."))
        except ValueError as error:
            raise Unclear("“at_least” is a number between 0 and 1, such as 0.45.", field) from error
        return share
    return value
