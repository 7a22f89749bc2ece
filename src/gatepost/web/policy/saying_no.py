"""What an action or a form refused, beside the field it stands in; what was entered stays in the form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gatepost.policy.problems import PackError, Problem
from gatepost.rulebook.actions import Untested
from gatepost.rulebook.drafts import DraftError
from gatepost.web.frame import problems
from gatepost.web.frame.problems import Line

SHOWN = 30  # lines of one refusal
BY_HAND = "This form holds what its fields cannot. Fill it in again."


def problem_of(error: Exception, names: Collection[str] = (), *, title: str = "This was not done") -> problems.Problem:
    """`names`: of the form's fields."""
    if isinstance(error, DraftError | PackError) and error.problems:
        found = [Line(_said(one), _field(one, names)) for one in error.problems[:SHOWN]]
        if len(error.problems) > SHOWN:
            found.append(Line(f"… and {len(error.problems) - SHOWN} more."))
        over = [] if isinstance(error, PackError) else [Line(str(error))]
        return problems.Problem(title, (*over, *found))
    if isinstance(error, Untested):
        head, *rest = str(error).split("\n")
        return problems.Problem(title, (Line(head), *(Line(one) for one in rest[:SHOWN])))
    field = error.field if isinstance(error, DraftError) and error.field in names else ""
    return problems.problem(error, title=title, field=field)


def said_of(error: Exception) -> Exception:
    """What is said for an error of a form; a ValueError is a form made by hand, with what no field can hold."""
    return error if isinstance(error, problems.ERRORS) else problems.Unclear(BY_HAND)


def _said(one: Problem) -> str:
    place = f"{one.file}, line {one.line}" if one.line else one.file
    key = f", {one.key}" if one.key else ""
    return f"{one.message.rstrip('.')}. {one.mend} ({place}{key})"


def _field(one: Problem, names: Collection[str]) -> str:
    """The field of a form that a problem's key speaks of: "rule.3.when.label" is when_label."""
    parts = one.key.split(".")
    wanted = ("_".join(parts[-2:]), parts[-1], "entries" if one.file == "words.toml" else "", "text")
    if one.file == "policy.md" or one.key:
        return next((name for name in wanted if name and name in names), "")
    return ""


def refused(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    error: Exception,
    names: Collection[str] = (),
    *,
    title: str = "This was not done",
) -> HttpResponse:
    """The page again, status 422, with what is wrong on top and beside its field."""
    shown = problem_of(error, names, title=title)
    return render(request, template, {**context, "problem": shown}, status=422)
