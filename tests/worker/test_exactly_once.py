"""Nothing lost, nothing twice, though the worker is killed while acts go out. The long form is in benchmarks/."""

from __future__ import annotations

import pytest
from benchmarks.exactly_once import run


@pytest.mark.slow
def test_killed_workers_lose_nothing_and_double_nothing() -> None:
    outcome = run(acts=80, kills=4, faults=True, mixed=True)
    assert outcome.kills == 4
    found = outcome.found
    assert (found.lost, found.doubled, found.misplaced, found.bare) == ([], [], [], [])
    assert found.pieces == 112  # sixteen of the eighty are of three parts
    assert outcome.states == {"sent": 80}
    assert outcome.looked_up > 0  # the kills and faults did hit acts on their way
