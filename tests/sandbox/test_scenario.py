"""Who says what: repeatable, varied, within X's length."""

from __future__ import annotations

import itertools

from gatepost.sandbox import residents, x_text
from gatepost.sandbox.scenario import FIRST, Scenario


def test_the_same_seed_tells_the_same_story() -> None:
    one = list(itertools.islice(Scenario(4), 300))
    assert one == list(itertools.islice(Scenario(4), 300))
    assert one != list(itertools.islice(Scenario(5), 300))
    assert Scenario(4).event(123) == one[123]


def test_one_round_says_every_template_once() -> None:
    scenario = Scenario(1)
    said = [scenario.event(n).template for n in range(len(scenario.said))]
    assert sorted(said) == sorted(one.id for one in scenario.said)
    assert [scenario.event(n).template for n in range(len(said), 2 * len(said))] != said


def test_a_new_town_hears_one_message_of_each_kind_on_both_networks() -> None:
    for seed in range(20):
        first = Scenario(seed).first()
        assert [(one.theme, one.network) for one in first] == list(FIRST)
        labels = {label for one in first for label in one.labels}
        assert labels == residents.LABELS
        assert any(one.language != "en" for one in first)
    assert {network for _, network in FIRST} == {"facebook", "x"}


def test_what_is_said_on_x_fits_there_with_our_name() -> None:
    scenario = Scenario(2)
    texts = [one.text for n in range(600) if (one := scenario.event(n)).network == "x"]
    assert len(texts) > 150
    assert max(x_text.weight(f"@BHP_practice {text}") for text in texts) <= x_text.LONGEST


def test_those_who_speak_suit_what_they_say() -> None:
    scenario = Scenario(3)
    people = {one.id: one for one in residents.people()}
    events = [scenario.event(n) for n in range(len(scenario.said))]
    assert {people[one.resident].voice for one in events if one.theme == "journalist"} == {"journalist"}
    assert {people[one.resident].voice for one in events if one.theme == "spam"} == {"spammer"}
    for one in events:
        if one.language != "en":
            assert one.language in people[one.resident].languages
    assert len({one.resident for one in events}) > 35
    assert all(one.wait > 0 and 0 <= one.pick < 1 for one in events)
