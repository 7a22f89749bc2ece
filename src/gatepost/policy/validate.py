"""From pydantic's errors to problems that a person who writes a pack can mend."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from gatepost.policy.problems import Problem
from gatepost.policy.source import Path, Source

Model = TypeVar("Model", bound=BaseModel)

_SAYS = {
    "missing": ("This key is missing", "Add it."),
    "string_type": ("This must be text", "Put it in quotes."),
    "int_type": ("This must be a whole number", "Write it without quotes and without a decimal point."),
    "float_type": ("This must be a number", "Write it without quotes."),
    "bool_type": ("This must be true or false", "Write true or false without quotes."),
    "list_type": ("This must be a list", "Put it in square brackets."),
    "dict_type": ("This must be a table", "Write it as a [table] of its own."),
    "model_type": ("This must be a table", "Write it as a table of keys."),
    "string_too_short": (
        "This is empty",
        "Write what belongs here, or leave the key out if it may be left out.",
    ),
    "date_type": ("This must be a date", "Write it like 2027-03-22, without quotes."),
    "date_from_datetime_inexact": ("This must be a date without a time", "Write it like 2027-03-22, without quotes."),
    "string_too_long": ("This text is too long", "Shorten it."),
}


_BOUNDS = {"less_than_equal": ("much", "le"), "greater_than_equal": ("little", "ge")}


def nearest(word: str, known: Sequence[str]) -> str:
    """ "Did you mean …?", or the list of what there is."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]!r}?"
    listed = ", ".join(sorted(known)[:20])
    return f"There is: {listed}." if listed else "There is none so far."


def validate(source: Source, model: type[Model], problems: list[Problem], dropped: set[str]) -> Model | None:
    """The file as `model`, with its problems appended.

    So that all problems of a pack come out at once, what is ill is cut out and the rest is still returned;
    the ids of
    the things cut out go into `dropped`. None when nothing can be saved.
    """
    problems.extend(source.problems)
    if source.problems:
        return None
    data = source.data
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False)
    paths = [(one["type"], _path_in(data, one["loc"])) for one in found]
    misspelt = {_meant(model, path) for kind, path in paths if kind == "extra_forbidden"}
    problems.extend(
        _problem(source, model, one)
        for one, (kind, path) in zip(found, paths, strict=True)
        if not (kind == "missing" and path in misspelt)
    )
    data = copy.deepcopy(data)
    ill: set[Path] = set()
    for kind, path in paths:
        # A key too many in a row of its own can be cut out; deeper down the row would no longer mean what it says.
        if kind == "extra_forbidden" and len(path) <= 3:
            _cut(data, path)
        elif len(path) >= 2:
            ill.add(path[:2])
    for path in sorted(ill, key=lambda one: [str(part).zfill(9) for part in one], reverse=True):
        thing = _cut(data, path)
        dropped.add(str(thing["id"] if isinstance(thing, dict) and "id" in thing else path[1]))
    try:
        return model.model_validate(data)
    except ValidationError:
        return None


def _meant(model: type[BaseModel], path: Path) -> Path:
    """The path with its last part as it was probably meant."""
    close = difflib.get_close_matches(str(path[-1]), _keys(model, path), n=1, cutoff=0.6)
    return (*path[:-1], *close)


def _cut(data: Any, path: Sequence[str | int]) -> Any:
    """Takes the thing at `path` out and returns it."""
    *outer, last = path
    here: Any = data
    for part in outer:
        here = here[part]
    return here.pop(last, None) if isinstance(here, dict) else here.pop(last)


def _problem(source: Source, model: type[BaseModel], error: Any) -> Problem:
    path = _path_in(source.data, error["loc"])
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
    line = source.line(path)
    kind: str = error["type"]
    if kind == "extra_forbidden":
        return Problem(source.file, line, key, "Nothing is called so here", nearest(str(path[-1]), _keys(model, path)))
    if kind == "literal_error":
        allowed = str(error["ctx"]["expected"])
        return Problem(source.file, line, key, f"{error['input']!r} is not one of the values", f"Use {allowed}.")
    if kind == "string_pattern_mismatch":
        return Problem(
            source.file,
            line,
            key,
            f"{error['input']!r} is not an id",
            "Use small letters, digits and underscores; a clause id ends in a number, as in 'rules.7'.",
        )
    if kind in _BOUNDS:
        message, bound = _BOUNDS[kind]
        limit = error["ctx"][bound]
        return Problem(
            source.file,
            line,
            key,
            f"{error['input']!r} is too {message}",
            f"Use {limit:,} or {'less' if bound[0] == 'l' else 'more'}.",
        )
    if kind == "too_short":
        return Problem(source.file, line, key, "This list is too short", f"Name at least {error['ctx']['min_length']}.")
    if kind == "too_long":
        return Problem(source.file, line, key, "This list is too long", f"Name at most {error['ctx']['max_length']:,}.")
    if kind in _SAYS:
        message, mend = _SAYS[kind]
        return Problem(source.file, line, key, message, mend)
    return Problem(source.file, line, key, f"This cannot be: {error['msg']}", "Change the value.")


def _path_in(data: Any, loc: Path) -> Path:
    """Only what is in the file: pydantic also names union members and "[key]" in its locations."""
    path: list[str | int] = []
    here: Any = data
    for place, part in enumerate(loc):
        last = place == len(loc) - 1
        known: Any = range(len(here)) if isinstance(here, list) else here if isinstance(here, dict) else ()
        if part in known:
            step: Any = part
            here = here[step]
            path.append(part)
        elif isinstance(here, dict) and last and part != "[key]":
            path.append(part)
    return tuple(path)


def _keys(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """The keys that are right where the last part of `path` stands."""
    here: type[BaseModel] = model
    for part in path[:-1]:
        field = next((f for name, f in here.model_fields.items() if part in (f.alias, name)), None)
        inner = _model_of(field.annotation) if field else None
        here = inner or here
    return [field.alias or name for name, field in here.model_fields.items()]


def _model_of(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in get_args(annotation):
        found = _model_of(part)
        if found:
            return found
    return None
