"""Coverage is never better than the weakest part."""

from gatepost.policy.coverage import coverage
from tests.policy.small import pack


def test_coverage() -> None:
    rows = {row.clause: row for row in coverage(pack())}
    assert list(rows) == ["usage.1", "usage.2", "usage.7", "usage.8", "usage.9"]
    assert (rows["usage.7"].status, rows["usage.7"].by) == ("live", ("rule:complaint", "wording:sorry"))
    assert (rows["usage.8"].status, rows["usage.8"].by) == ("partial", ("rule:abuse",))
    assert (rows["usage.2"].status, rows["usage.2"].reason) == ("partial", "Only sentences are measured.")
    assert (rows["usage.1"].status, rows["usage.1"].by) == ("none", ())
    assert rows["usage.9"].kind == "informative"
