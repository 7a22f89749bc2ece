"""The body a service that rings or texts is sent: its own names, our values, escaped for its format."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

import pytest

from gatepost.networks.calling import LONGEST, USUAL, Format, TemplateRefused, body_of, template_problem

VALUES = {"to": "+44 7700 900123", "text": 'She said "help" & left\nnow\\', "link": "https://desk.example.org/have/x/"}


def test_values_are_escaped_for_json_and_for_a_form() -> None:
    body = json.loads(body_of('{"to": "{{to}}", "say": "{{ text }} {{link}}", "n": 1}', VALUES, "json"))
    assert body == {"to": VALUES["to"], "say": f"{VALUES['text']} {VALUES['link']}", "n": 1}
    form = parse_qs(body_of("To={{to}}&From=Desk&Body={{text}}", VALUES, "form").decode())
    assert form == {"To": [VALUES["to"]], "From": ["Desk"], "Body": [VALUES["text"]]}
    assert json.loads(body_of(USUAL, VALUES, "json"))["to"] == VALUES["to"]


@pytest.mark.parametrize(
    ("template", "form", "says"),
    [
        ('{"to": "{{to}}"}', "json", "must name"),
        ('{"to": {{to}}, "text": "{{text}}"}', "json", "no JSON"),
        ('{"to": "{{to}}", "text": "{{text}}", "x": "{{number}}"}', "json", "may name"),
        ("{{to}}{{text}}", "form", "no form"),
        ("{{to}}{{text}}" + "x" * LONGEST, "json", "longer"),
    ],
)
def test_what_is_wrong_with_a_template_is_named(template: str, form: Format, says: str) -> None:
    assert says in template_problem(template, form)


def test_a_name_that_is_not_known_is_refused_when_it_is_used() -> None:
    assert template_problem(USUAL, "json") == ""
    with pytest.raises(TemplateRefused):
        body_of('{"x": "{{password}}"}', VALUES, "json")
