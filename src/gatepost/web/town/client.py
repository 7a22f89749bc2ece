"""The practice town's own API, for the desk's screens. Loopback only, with short patience."""

from __future__ import annotations

from typing import Any

import httpx
from django.conf import settings


class TownError(Exception):
    """The town does not answer or refuses; the message says why and what to do."""


def ask(method: str, path: str, body: dict[str, Any] | None = None, **query: str) -> dict[str, Any]:
    """One request to /_town/`path`. Returns its JSON object. Raises TownError."""
    if not settings.TOWN_URL:
        raise TownError("No practice town runs beside this desk. Start the desk without --no-town.")
    try:
        with httpx.Client(trust_env=False, timeout=5) as client:  # a proxy has no business with this machine
            reply = client.request(method, f"{settings.TOWN_URL}/_town/{path}", json=body, params=query)
        answer = reply.json()
    except (httpx.HTTPError, ValueError) as error:
        raise TownError(
            f"The practice town does not answer ({type(error).__name__}). Try again in a moment."
        ) from error
    if not isinstance(answer, dict):
        raise TownError("The practice town answered something the desk does not understand.")
    if reply.status_code != 200:
        raise TownError(str(answer.get("error", f"The practice town refused ({reply.status_code}).")))
    return answer
