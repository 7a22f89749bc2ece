"""The language of the `fields` parameter."""

from __future__ import annotations

import pytest

from gatepost.sandbox.graph_fields import BadFields, Field, parse


def test_names_options_and_nesting() -> None:
    assert parse("id,comments.filter(stream).limit(5){id,from{name}},message") == (
        Field("id"),
        Field("comments", {"filter": "stream", "limit": "5"}, (Field("id"), Field("from", {}, (Field("name"),)))),
        Field("message"),
    )
    assert parse("") == ()


@pytest.mark.parametrize(
    "text", ["id,,x", "a{b", "a}", "a.b", "a.b(1", "a b", "{a}", "a{" * 9 + "b" + "}" * 9, "a," * 3000]
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BadFields):
        parse(text)
