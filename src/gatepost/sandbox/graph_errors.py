"""Errors in the Graph API's shape, with its own codes (developers.facebook.com, Graph API, Handling errors; 2026)."""

from __future__ import annotations

import secrets

from starlette.responses import JSONResponse


class GraphError(Exception):
    """One refusal, as the Graph API words it in an envelope."""

    def __init__(self, status: int, code: int, message: str, *, kind: str = "OAuthException", subcode: int = 0) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.kind, self.subcode = status, code, message, kind, subcode

    def response(self) -> JSONResponse:
        error: dict[str, object] = {"message": self.message, "type": self.kind, "code": self.code}
        if self.subcode:
            error["error_subcode"] = self.subcode
        error["fbtrace_id"] = "A" + secrets.token_urlsafe(16)
        headers = {"facebook-api-version": "v26.0"}
        if self.code == 190:
            headers["WWW-Authenticate"] = 'OAuth "Facebook Platform" "invalid_token" "token not valid"'
        return JSONResponse({"error": error}, self.status, headers)


def no_token() -> GraphError:
    return GraphError(400, 104, "An access token is required to request this resource.")


def bad_token() -> GraphError:
    return GraphError(400, 190, "Invalid OAuth access token - Cannot parse access token")


def revoked() -> GraphError:
    return GraphError(400, 190, "Error validating access token: The user has not authorized application.", subcode=458)


def not_there(ref: str, verb: str = "get") -> GraphError:
    return GraphError(
        400,
        100,
        f"Unsupported {verb} request. Object with ID '{ref}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation.",
        kind="GraphMethodException",
        subcode=33,
    )


def bad_parameter(what: str) -> GraphError:
    return GraphError(400, 100, f"(#100) {what}")


def not_allowed(what: str) -> GraphError:
    return GraphError(403, 200, f"(#200) {what}")


def duplicate() -> GraphError:
    return GraphError(400, 506, "(#506) Duplicate status message", subcode=1455006)


def too_many() -> GraphError:
    return GraphError(400, 32, "(#32) Page request limit reached")


def server(code: int = 2) -> GraphError:
    return GraphError(500, code, "An unexpected error has occurred. Please retry your request later.")
