"""Which clauses an example makes speak, and on which one must be silent."""

from gatepost.policy.examples import run
from gatepost.policy.shown import by_clause, by_thing
from tests.policy.small import NOON, pack

EXAMPLES = """
[[example]]
id = "long"
text = "This sentence has very many words in it so that it goes on and on and is far too long for anybody to read."
clauses = ["usage.2"]
draft = true
expect = { note = ["sentence"] }

[[example]]
id = "short"
text = "This is short."
clauses = ["usage.2"]
draft = true
expect = { clear = ["sentence"] }

[[example]]
id = "rain"
text = "It is raining"
clauses = ["usage.8"]
expect = { answer = true }
"""
CHECKS = "sentence_words = 10\n"


def test_what_the_examples_show() -> None:
    policy = pack(examples=EXAMPLES, checks=CHECKS)
    results = run(policy, NOON)
    assert [one.failures for one in results] == [(), (), ()]
    rows = {one.name: one for one in by_clause(policy, results)}
    assert list(rows) == ["usage.1", "usage.2", "usage.7", "usage.8", "usage.9"]
    assert (rows["usage.2"].fires, rows["usage.2"].silent, rows["usage.2"].whole) == (("long",), ("short",), True)
    assert (rows["usage.8"].fires, rows["usage.8"].silent, rows["usage.8"].whole) == ((), ("rain",), False)
    assert (rows["usage.7"].fires, rows["usage.7"].silent) == ((), ())
    things = {one.name: one for one in by_thing(policy, results)}
    assert set(things) == {"rule:abuse", "rule:offence", "rule:complaint", "rule:thanks", "check:sentence"}
    assert things["check:sentence"].whole
