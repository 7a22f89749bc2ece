"""What a service that rings or texts people is sent: a body made from the desk's own template for that service.

Every such service takes an HTTP request with a number and a text, each under other names. A template holds these names
and `{{to}}`, `{{text}}`, `{{link}}`, `{{alarm}}`, `{{kind}}` where the values go; they are escaped for its format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import quote

Format = Literal["json", "form"]
TYPES: Mapping[str, str] = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
NAMES = ("to", "text", "link", "alarm", "kind")
USUAL = '{"to": "{{to}}", "message": "{{text}}"}'
LONGEST = 4_000
_HOLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


class TemplateRefused(ValueError):
    """A template cannot be used; the message names the place and the mend."""


def body_of(template: str, values: Mapping[str, str], kind: str) -> bytes:
    """The template with its values, for a format of TYPES. Raises TemplateRefused."""
    escape = _json if kind == "json" else _form
    for name in _HOLE.findall(template):
        if name not in NAMES:
            raise TemplateRefused(f"The body names {{{{{name}}}}}. It may name: {', '.join(NAMES)}.")
    made = _HOLE.sub(lambda found: escape(values.get(found[1], "")), template)
    if kind == "json":
        try:
            json.loads(made)
        except ValueError:
            raise TemplateRefused('The body is no JSON: put each value in quotes, such as "{{to}}".') from None
    elif not all("=" in part for part in made.split("&")):
        raise TemplateRefused("The body is no form: write it like To={{to}}&Body={{text}}")
    return made.encode("utf-8")


def template_problem(template: str, kind: str) -> str:
    """What is wrong with a template as it is written; "" when nothing is."""
    if len(template) > LONGEST:
        return f"The body is longer than {LONGEST} characters."
    found = set(_HOLE.findall(template))
    if "to" not in found or "text" not in found:
        return "The body must name {{to}} (the number) and {{text}} (what is said)."
    try:
        body_of(template, dict.fromkeys(NAMES, "x"), kind)
    except TemplateRefused as error:
        return str(error)
    return ""


def _json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _form(value: str) -> str:
    return quote(value, safe="")
