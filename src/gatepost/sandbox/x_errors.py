"""Errors in the X API v2's shapes: problems after RFC 7807 (docs.x.com, Response codes and errors; 2026)."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse

PROBLEMS = "https://api.x.com/2/problems/"


class XError(Exception):
    """One refusal with its status and problem."""

    def __init__(self, status: int, title: str, detail: str, *, kind: str = "about:blank", **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.problem: dict[str, Any] = {
            "title": title,
            "detail": detail,
            "type": kind,
            "status": status,
            **more,
        }

    def response(self, headers: dict[str, str] | None = None) -> JSONResponse:
        problem = dict(self.problem)
        if self.status == 400:
            problem.pop("status")
        return JSONResponse(problem, self.status, headers, media_type="application/problem+json")


def unauthorised() -> XError:
    return XError(401, "Unauthorized", "Unauthorized")


def forbidden(detail: str) -> XError:
    return XError(403, "Forbidden", detail)


def duplicate() -> XError:
    return forbidden("You are not allowed to create a Tweet with duplicate content.")


def not_summoned() -> XError:
    return forbidden(
        "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the "
        "author of the post you are replying to."
    )


def invalid(message: str, **parameters: str) -> XError:
    """400; `parameters` are the parameters at fault with the values given."""
    errors = [{"parameters": {key: [value] for key, value in parameters.items()}, "message": message}]
    detail = "One or more parameters to your request was invalid."
    return XError(400, "Invalid Request", detail, kind=PROBLEMS + "invalid-request", errors=errors)


def too_many() -> XError:
    return XError(429, "Too Many Requests", "Too Many Requests")


def not_found(ref: str, parameter: str = "id", what: str = "tweet") -> dict[str, Any]:
    """The problem inside the `errors` of an answer with status 200."""
    return {
        "value": ref,
        "detail": f"Could not find {what} with {parameter}: [{ref}].",
        "title": "Not Found Error",
        "resource_type": what,
        "parameter": parameter,
        "resource_id": ref,
        "type": PROBLEMS + "resource-not-found",
    }
