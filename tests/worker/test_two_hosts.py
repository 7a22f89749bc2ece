"""Two hosts share the work and one is killed. Needs root and network namespaces; skips where there are none."""

from __future__ import annotations

import pytest
from benchmarks.two_hosts import NoNamespaces, run


@pytest.mark.slow
def test_the_other_host_finishes_what_a_killed_one_leaves() -> None:
    try:
        outcome = run(acts=60)
    except NoNamespaces as error:
        pytest.skip(str(error))
    assert outcome.lost == []
    assert outcome.doubled == []
    assert outcome.states == {"sent": 60}
    assert set(outcome.by_host) == {"host-a", "host-b"}
