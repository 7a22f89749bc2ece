"""The words that count otherwise since the readers learnt: shared by several messages, heaviest first."""

from __future__ import annotations

from gatepost.policy.reading.learnt import opened
from gatepost.policy.reading.moved import LEAST_MESSAGES, moved, shared_words
from tests.policy.reading.test_learning import MOANS, REAL, lesson
from tests.policy.reading.test_messages import words


def test_words_of_the_corrections_pull_away_and_names_of_one_are_not_told() -> None:
    learnt = opened(lesson().data, "the test's lesson")
    texts = [*MOANS, *REAL, "Zebediah rang 01632 960123 about the choir"]
    shared = shared_words(texts, words())
    assert shared["choir"] >= LEAST_MESSAGES
    assert "zebediah" not in shared
    assert not any(word.isdigit() for word in shared)
    rows = moved(learnt, shared)["complaint"]
    assert 0 < len(rows) <= 12
    assert [abs(one.weight) for one in rows] == sorted((abs(one.weight) for one in rows), reverse=True)
    away = {one.word for one in rows if one.weight < 0}
    assert away & {"club", "choir", "chess", "sauna", "allotment", "evening", "start"}
    assert moved(learnt, shared, most=1)["complaint"] == rows[:1]
