"""The database is stopped under load and started again: nothing is lost or doubled, and the desk says what is wrong."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from benchmarks import exactly_once as once
from benchmarks._wanted import text_of

from .desks import running, until

ACTS = 60


@pytest.mark.slow
def test_the_desk_lives_through_it_and_recovers_by_itself(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with running(tmp_path / "data", ACTS) as desk:
        slow = {"network": "facebook", "kind": "slow", "at": "publish", "probability": 1.0, "seconds": 0.4}
        once.post(f"{desk.town.url}/_town/faults", slow)
        web, worker = desk.web(), desk.worker()
        for _ in range(2):
            sent = once.states_of(desk.server.url).get("sent", 0)
            assert until(lambda sent=sent: once.states_of(desk.server.url).get("sent", 0) > sent)
            desk.server.stop()
            assert until(lambda: desk.status("/healthz") == 503, 10)
            page, program = desk.get("/"), desk.get("/", Accept="application/json")
            assert page.status_code == 503
            assert "The database does not answer" in page.text
            assert "Nothing that was saved is lost" in page.text
            assert "Traceback" not in page.text
            assert (program.status_code, "does not answer" in program.json()["error"]["what"]) == (503, True)
            assert "psycopg" not in page.text + program.text
            assert until(lambda: (web.poll(), worker.poll()) == (None, None), 1)
            desk.server.start()
            assert until(lambda: desk.status("/healthz") == 200)
            assert until(lambda: desk.status("/") == 302)
        assert until(lambda: once.states_of(desk.server.url) == {"sent": ACTS}, 90), once.states_of(desk.server.url)
        assert (web.poll(), worker.poll()) == (None, None)
        counts = [
            once.get(f"{desk.town.url}/_town/counts?text={quote(text_of(number))}")["count"] for number in range(ACTS)
        ]
        assert counts == [1] * ACTS
        assert "unbroken" in desk.python("-m", "gatepost.cli.main", "ledger", "verify")
