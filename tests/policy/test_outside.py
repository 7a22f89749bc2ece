"""The outside reader only adds: whatever it answers, no label falls and no span goes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost.policy.model import LABELS, Reading, Span
from gatepost.policy.outside import ANSWER, INSTRUCTION, Heard, Unusable, asked, cleared, content, heard, joined
from tests.policy.small import reading

TEXT = "My lift is broken again, ask Ada"


def answer(*rows: object) -> str:
    return json.dumps({"found": list(rows)})


def test_what_is_asked() -> None:
    body = asked("a-model", "Words")
    assert body["model"] == "a-model"
    assert [one["role"] for one in body["messages"]] == ["system", "user"]
    assert body["messages"][1]["content"] == "Words"
    assert all(label in INSTRUCTION for label in LABELS)


def test_links_accounts_and_length() -> None:
    assert cleared("see https://a.example/b?c=d or www.a.example, @casey_1 (phone number hidden)") == (
        "see (link) or (link) (account) (phone number hidden)"
    )
    assert len(cleared("x" * 9000)) == 4000


def test_findings_are_read() -> None:
    said = answer(
        {"label": "complaint", "probability": 0.9, "words": "broken again"},
        {"label": "complaint", "probability": 0.4, "words": "lift"},
        {"label": "question", "probability": 7, "words": "not in the message"},
        {"label": "thanks", "probability": -1, "words": ["lift"], "start": -5, "end": 10**9},
    )
    assert heard(said, TEXT) == (
        Heard("complaint", 0.9, "broken again"),
        Heard("question", 1.0, ""),
    )
    assert heard("```json\n" + said + "\n```", TEXT)[0].label == "complaint"


@pytest.mark.parametrize(
    "row",
    [
        "complaint",
        None,
        {"label": "grumble", "probability": 0.9},
        {"label": ["complaint"], "probability": 0.9},
        {"label": "complaint", "probability": "0.9"},
        {"label": "complaint", "probability": True},
        {"label": "complaint"},
    ],
)
def test_what_is_not_understood_is_left_out(row: object) -> None:
    assert heard(answer(row), TEXT) == ()


def test_a_number_that_is_none() -> None:
    assert heard('{"found": [{"label": "complaint", "probability": NaN}]}', TEXT) == ()
    assert heard('{"found": [{"label": "complaint", "probability": %s}]}' % ("9" * 400), TEXT) == ()


@pytest.mark.parametrize("said", ["", "Sure! Here you are", "[]", '{"found": {}}', '"found"', "[" * 100_000, "{"])
def test_an_answer_that_is_no_list_of_findings(said: str) -> None:
    with pytest.raises(Unusable):
        heard(said, TEXT)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "words",
        {},
        {"choices": []},
        {"choices": [{"message": {}}]},
        {"choices": [{"message": {"content": 4}}]},
    ],
)
def test_a_body_of_another_shape(body: object) -> None:
    with pytest.raises(Unusable):
        content(body)


def test_a_huge_answer() -> None:
    with pytest.raises(Unusable, match="longer"):
        content({"choices": [{"message": {"content": "x" * (ANSWER + 1)}}]})
    assert content({"choices": [{"message": {"content": "[]"}}]}) == "[]"


FOUND = st.lists(
    st.builds(
        Heard,
        label=st.sampled_from(LABELS),
        probability=st.floats(0, 1),
        words=st.sampled_from(["", "lift", "broken again", "not there", TEXT]),
    ),
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(FOUND, st.dictionaries(st.sampled_from(LABELS), st.floats(0, 1)), st.sampled_from(["", TEXT]))
def test_it_only_adds(found: list[Heard], labels: dict[str, float], text: str) -> None:
    own = reading(labels)
    spans = (Span(0, 2, "complaint", "explicit"),) if text else ()
    before = Reading({**dict.fromkeys(LABELS, 0.0), **own.labels}, spans, own.sentiment, own.language)
    after = joined(before, found, text)
    assert all(after.labels[label] >= value for label, value in before.labels.items())
    assert set(before.spans) <= set(after.spans)
    assert all(0 <= span.start < span.end <= len(text) for span in after.spans)
    assert all(span.kind == "outside" for span in set(after.spans) - set(before.spans))
    assert (after.sentiment, after.language, after.urgent, after.topics) == (
        before.sentiment,
        before.language,
        before.urgent,
        before.topics,
    )


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_any_answer(said: str) -> None:
    try:
        found = heard(said, TEXT)
    except Unusable:
        return
    assert all(one.label in LABELS and 0 <= one.probability <= 1 and one.words in TEXT for one in found)
