"""Holds requests against the networks' own descriptions (OpenAPI 3), strictly: what is not described is a fault."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from typing import Any

import httpx
import jsonschema

from tests.shared import shared


@dataclass(frozen=True)
class Description:
    """One network's description; `prefix` is what stands before its paths on the server tried."""

    document: dict[str, Any]
    prefix: str

    def faults(self, request: httpx.Request) -> list[str]:
        """What the description does not allow in `request`; empty when it is well formed."""
        path = request.url.path.removeprefix(self.prefix)
        found = self._operation(request.method, path)
        if found is None:
            return [f"{request.method} {path} is not described"]
        operation, given = found
        parameters = [self._resolved(each) for each in operation.get("parameters", [])]
        faults = [f"{path}: {fault}" for fault in self._query(parameters, request)]
        for parameter in parameters:
            if parameter["in"] == "path":
                faults += self._invalid(parameter["schema"], given[parameter["name"]], parameter["name"])
        body = operation.get("requestBody")
        if body is None:
            return faults + ([f"{path}: takes no body"] if request.content else [])
        return faults + [f"{path}: {fault}" for fault in self._body(body, request)]

    def _operation(self, method: str, path: str) -> tuple[dict[str, Any], dict[str, str]] | None:
        # A path without placeholders is the more exact one: /2/users/me before /2/users/{id}.
        for template in sorted(self.document["paths"], key=lambda each: each.count("{")):
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template))
            match = re.fullmatch(pattern, path)
            if match and method.lower() in self.document["paths"][template]:
                return self.document["paths"][template][method.lower()], match.groupdict()
        return None

    def _query(self, parameters: list[dict[str, Any]], request: httpx.Request) -> list[str]:
        known = {each["name"]: each for each in parameters if each["in"] == "query"}
        faults = [
            f"{name} is missing"
            for name, each in known.items()
            if each.get("required") and name not in request.url.params
        ]
        for name, value in request.url.params.multi_items():
            if name not in known:
                faults.append(f"the parameter {name} is not described")
                continue
            schema = known[name]["schema"]
            kind = schema.get("type")
            read: Any = value.split(",") if kind == "array" else int(value) if kind == "integer" else value
            faults += self._invalid(schema, read, name)
        return faults

    def _body(self, body: dict[str, Any], request: httpx.Request) -> list[str]:
        kind = request.headers.get("content-type", "").split(";")[0]
        if not kind:
            return ["a body is missing"] if body.get("required") else []
        if kind not in body["content"]:
            return [f"a body of {kind} is not described"]
        schema = body["content"][kind]["schema"]
        if kind == "application/json":
            return self._invalid(schema, json.loads(request.content), "body")
        named = set(re.findall(rb'form-data; name="(\w+)"', request.content))
        schema = self._resolved(schema)
        names = {name.decode() for name in named}
        unknown = names - schema["properties"].keys() if "properties" in schema else set()
        return [f"unknown {unknown}"] * bool(unknown) + [
            f"{n} is missing" for n in schema.get("required", []) if n not in names
        ]

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            found: Any = self.document
            for step in schema["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            schema = found
        return schema

    def _invalid(self, schema: dict[str, Any], value: Any, where: str) -> list[str]:
        whole = {**schema, "components": self.document.get("components", {})}
        validator = jsonschema.Draft202012Validator(whole)
        return [f"{where}: {error.message[:200]}" for error in validator.iter_errors(value)]


@functools.cache
def _document(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(shared(name).read_text("utf-8"))
    return read


def description(network: str, prefix: str) -> Description:
    """The description of "facebook" or "x"; skips the test where it is absent."""
    names = {"facebook": "specs/facebook/graph-pages.openapi.json", "x": "specs/x/openapi-2.167.json"}
    return Description(_document(names[network]), prefix)
