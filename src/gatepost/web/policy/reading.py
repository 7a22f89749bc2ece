"""Pages of policies kept under an earlier release: what cannot be read any more is said, not a failure of the desk."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gatepost.policy.problems import PackError

View = TypeVar("View", bound=Callable[..., HttpResponse])


def reads_packs(view: View) -> View:
    """The view, with an answer for a pack that does not load."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        try:
            return view(request, *args, **named)
        except PackError as error:
            return render(request, "policy/unreadable.html", {"problems": error.problems[:30]}, status=422)

    return shown  # type: ignore[return-value]  # the same arguments and the same answer
