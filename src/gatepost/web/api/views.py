"""The API: POST /api/actions/<name> with a key of a person's. No cookie is looked at, so there is no CSRF to guard."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from gatepost.calls.actions import ACTIONS
from gatepost.people.actions import person_of_token
from gatepost.people.models import User
from gatepost.web.api import errors
from gatepost.web.api.openapi import document
from gatepost.web.permission import needs

BODY_LIMIT = 1024 * 1024  # bytes
KEY_LIMIT = 200


def person_of(request: HttpRequest) -> User | None:
    """Whoever the key in the Authorization header acts for. The session is never asked."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    secret = secret.strip()
    if scheme.lower() != "bearer" or not secret.startswith("gp_") or len(secret) > KEY_LIMIT:
        return None
    return person_of_token(secret, at=timezone.now())


@needs("anybody")
@csrf_exempt
def action(request: HttpRequest, name: str) -> JsonResponse:
    person = person_of(request)
    if person is None:
        answer = errors.failed(401, "This needs a key.", mend="Make one under Settings; send it as a Bearer token.")
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    if request.method != "POST":
        answer = errors.failed(405, "Actions are asked for with POST.")
        answer["Allow"] = "POST"
        return answer
    known = ACTIONS.get(name)
    if known is None:
        return errors.failed(
            404, f"There is no action “{name[:60]}”.", mend="See /api/openapi.json for those there are."
        )
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if declared.isdecimal() and int(declared) > BODY_LIMIT:
        return errors.failed(413, "The body is larger than 1 MB.", mend="Send less at once.")
    raw = request.read(BODY_LIMIT + 1)
    if len(raw) > BODY_LIMIT:
        return errors.failed(413, "The body is larger than 1 MB.", mend="Send less at once.")
    try:
        wish = _read(raw)
    except ValueError:
        return errors.failed(400, "The body is not a JSON object in UTF-8.", mend='Send for example {"message": 5}.')
    try:
        told = known(known.asks.model_validate(wish), by=person, at=timezone.now())
    except errors.CAUGHT as error:
        return errors.of(error)
    return JsonResponse(told.model_dump(mode="json"))


def _read(raw: bytes) -> dict[str, Any]:
    """The JSON object in `raw`; an empty body is an empty object. Raises ValueError."""
    try:
        value = json.loads(raw.decode("utf-8")) if raw.strip() else {}
    except RecursionError as error:
        raise ValueError("too deep") from error
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value


@cache
def _document() -> dict[str, Any]:
    return document()


@needs("anybody")
def openapi(request: HttpRequest) -> JsonResponse:
    """What programs may ask, as OpenAPI 3.1, made from the table of actions."""
    return JsonResponse(_document())
