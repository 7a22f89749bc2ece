"""What went wrong, as JSON: {"error": {"what", "clause", "mend"}} and, for the policy's checks, "findings"."""

from __future__ import annotations

from django.http import JsonResponse
from django.utils import timezone
from pydantic import ValidationError

from gatepost.calls.asked import ErrorBody, ErrorOut
from gatepost.calls.found import NoSuch
from gatepost.calls.told import findings_out
from gatepost.gate.checking import Stopped
from gatepost.ledger.governing import clause_for
from gatepost.lifecycle import Conflict
from gatepost.people.authority import NotAllowed
from gatepost.web.frame.problems import ERRORS

CAUGHT = (*ERRORS, NoSuch, ValidationError)


def failed(status: int, what: str, *, clause: str = "", mend: str = "") -> JsonResponse:
    """An error answer. Without a `mend`, the first sentence of `what` says what happened and the rest how to mend."""
    if not mend:
        head, dot, rest = what.partition(". ")
        what, mend = (head + dot.strip(), rest) if rest else (what, "")
    return _answer(status, ErrorBody(what=what, clause=clause, mend=mend))


def _answer(status: int, body: ErrorBody) -> JsonResponse:
    left_out = set() if body.findings else {"findings"}
    shown = ErrorOut(error=body).model_dump(mode="json", exclude={"error": left_out})
    return JsonResponse(shown, status=status)


def of(error: Exception) -> JsonResponse:
    """The answer to an error of an action."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the body"
        return failed(422, f"“{place[:100]}” cannot be used.", mend=f"{first['msg']}.")
    if isinstance(error, NotAllowed):
        return failed(403, str(error), clause=clause_for(error.clause, timezone.now()))
    if isinstance(error, NoSuch):
        return failed(404, str(error))
    if isinstance(error, Conflict):
        return failed(409, str(error))
    if isinstance(error, Stopped):
        first_found = error.findings[0]
        body = ErrorBody(
            what=first_found.message,
            clause=first_found.clause,
            mend=first_found.mend,
            findings=findings_out(error.findings),
        )
        return _answer(422, body)
    return failed(422, str(error), clause=clause_for(getattr(error, "clause", ""), timezone.now()))
