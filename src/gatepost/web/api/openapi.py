"""The API's description, made from the table of actions and their models: it cannot fall behind them."""

from __future__ import annotations

from importlib import metadata
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from gatepost.calls.actions import ACTIONS
from gatepost.calls.asked import ErrorOut

REF = "#/components/schemas/{model}"
FAILURES = {
    "400": "The body is not a JSON object",
    "401": "No key, or one that has been revoked",
    "403": "The policy does not let this person do this",
    "404": "There is no such action or row",
    "409": "It has changed since it was looked at",
    "413": "The body is larger than 1 MB",
    "422": "A field or the policy stands against it",
}


def document() -> dict[str, Any]:
    """OpenAPI 3.1 as plain data."""
    models: dict[type[BaseModel], None] = {ErrorOut: None}
    for action in ACTIONS.values():
        models.update({action.asks: None, action.tells: None})
    refs, schemas = models_json_schema([(model, "validation") for model in models], ref_template=REF)
    at = {model: refs[(model, "validation")] for model in models}
    failures = {status: {"description": words, "content": _json(at[ErrorOut])} for status, words in FAILURES.items()}
    paths = {
        f"/api/actions/{name}": {
            "post": {
                "operationId": name.replace(".", "_"),
                "summary": action.words,
                "requestBody": {"required": True, "content": _json(at[action.asks])},
                "responses": {"200": {"description": "Done", "content": _json(at[action.tells])}, **failures},
            }
        }
        for name, action in ACTIONS.items()
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Gatepost",
            "version": metadata.version("gatepost"),
            "description": "Every action of the desk, under the same policy as its screens.",
        },
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _json(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
