"""Criticism stays: the guard asks before a person takes away what the policy has no rule against."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gatepost.policy.kept_speech import clause_of, guarded
from gatepost.policy.model import Moderation
from gatepost.policy.pack import load
from gatepost.shipped import pack_folder


@pytest.mark.parametrize(
    ("kind", "decided", "moderate", "sentiment", "private", "why"),
    [
        ("hide", ["complaint"], "none", "negative", False, "criticism"),
        ("remove", ["complaint"], "none", "negative", False, "criticism"),
        ("hide", [], "none", "negative", False, "criticism"),
        ("hide", ["safeguarding"], "none", "negative", False, "danger"),
        ("remove", ["safeguarding", "offensive"], "hide", "negative", False, "danger"),
        ("hide", ["safeguarding", "offensive"], "hide", "negative", False, None),  # the policy hides it
        ("hide", ["question"], "none", "neutral", False, "nothing"),
        ("hide", ["offensive"], "remove", "negative", False, None),
        ("remove", ["offensive"], "remove", "negative", False, None),
        ("remove", ["offensive", "complaint"], "none", "negative", False, None),  # corrected by a person
        ("hide", ["personal_details", "complaint"], "hide", "negative", False, None),
        ("hide", ["personal_details"], "none", "neutral", False, None),  # corrected by a person
        ("remove", ["personal_details", "complaint"], "hide", "negative", False, "criticism"),
        ("remove", ["personal_details"], "hide", "neutral", False, "nothing"),
        ("hide", ["complaint"], "none", "negative", True, None),
        ("unhide", ["complaint"], "none", "negative", False, None),
    ],
)
def test_guard(
    kind: str, decided: list[str], moderate: Moderation, sentiment: str, private: bool, why: str | None
) -> None:
    found = guarded(
        kind, decided=decided, moderate=moderate, sentiment=sentiment, private=private, pack=load(pack_folder())
    )
    assert (found.why if found else None) == why
    if found:
        assert found.clause == "usage.9"


def test_the_clause_is_that_on_lawful_speech_where_there_is_one() -> None:
    pack = load(pack_folder())
    named = tuple(replace(one, about="lawful_speech") if one.id == "aims.3" else one for one in pack.clauses)
    assert clause_of(replace(pack, clauses=named)) == "aims.3"
    hides = tuple(one for one in pack.rules if one.then.moderate == "hide")
    assert clause_of(replace(pack, rules=hides)) == "risks.9"
    assert clause_of(replace(pack, rules=())) == pack.governing("desk:moderation") != ""
    assert clause_of(replace(pack, rules=(), governed={})) == ""
