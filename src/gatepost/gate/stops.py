"""What the policy stopped is evidence that it works: a line of its own, though the act itself was rolled back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, models

from gatepost.gate.checking import Stopped
from gatepost.gate.content import Content
from gatepost.ledger.actions import record

P = ParamSpec("P")
T = TypeVar("T")


def stops_recorded(action: Callable[P, T]) -> Callable[P, T]:
    """Stands outside an action's transaction. Inside a larger one the larger one's own wrapper writes the line."""

    @wraps(action)
    def done(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return action(*args, **kwargs)
        except Stopped as stopped:
            if not connection.in_atomic_block:
                _write(args[0] if args else None, stopped, kwargs)
            raise

    return done


def _write(about: object, stopped: Stopped, how: dict[str, Any]) -> None:
    subject = "draft:new"
    if isinstance(about, Content):
        subject = f"channel:{about.channel}"
    elif isinstance(about, models.Model):
        subject = f"{about._meta.model_name}:{about.pk}"
    clauses = list(dict.fromkeys(found.clause for found in stopped.findings))
    checks = sorted({f"{found.severity}:{found.check}" for found in stopped.findings})
    record("draft.stopped", subject, by=how["by"], at=how["at"], clauses=clauses, detail={"checks": checks})
