"""A pack's own tests run, and what fails says so in sentences."""

from gatepost.policy.examples import run
from tests.policy.small import FILES, NOON, pack

EXAMPLES = """
[[example]]
id = "plain"
text = "It is raining"
clauses = ["usage.1"]
[example.expect]
decided = []
offers = []
refer = []
clocks = []
moderate = "none"
answer = true
not_clauses = ["usage.7"]

[[example]]
id = "all_wrong"
text = "It is raining"
[example.expect]
decided = ["complaint"]
offers = ["sorry"]
refer = ["complaints"]
clocks = ["ack"]
clauses = ["usage.7"]
urgent = true

[[example]]
id = "never_so"
text = "It is raining"
expect = { not_decided = ["thanks"], not_clauses = ["usage.1"] }

[[example]]
id = "draft"
text = "OUR OFFICE IS CLOSED on Monday."
draft = true
given = { kind = "reply", answering = "When?", images = [{ alt = "" }] }
expect = { note = ["capitals"], stop = ["alternative_text"], clear = ["emoji"], may_leave = false }

[[example]]
id = "wrong_draft"
text = "OUR OFFICE IS CLOSED on Monday."
draft = true
expect = { stop = ["capitals"], clear = ["capitals"], may_leave = false }
"""


def test_examples() -> None:
    results = {one.id: one for one in run(pack(examples=EXAMPLES), NOON)}
    assert [one.ok for one in results.values()] == [True, False, True, True, False]
    assert results["plain"].clauses == ("usage.1",)
    says = results["all_wrong"].failures
    assert says[0].startswith("It should read as complaint, but complaint came to 0.")
    assert "offers: expected sorry, in this order; got nothing." in says
    assert "refer: expected complaints; got nothing." in says
    assert "clocks: expected ack; got nothing." in says
    assert "It should cite usage.7; it cites nothing." in says
    assert "urgent: expected True, got False." in says
    says = results["wrong_draft"].failures
    assert says[0].startswith("The check capitals should say stop")
    assert says[1].startswith("The check capitals should be silent; it says: Words in capitals")
    assert says[2] == "may_leave: expected False; stopped by nothing."


def test_labels_that_must_not_be_read() -> None:
    low = FILES["rules.toml"].replace("complaint = 0.6", "complaint = 0.0")
    text = '[[example]]\nid = "x"\ntext = "rain"\nexpect = { not_decided = ["complaint"], not_clauses = ["usage.7"] }\n'
    says = run(pack(rules=low, examples=text), NOON)[0].failures
    assert says[0].startswith("It should not read as complaint, but")
    assert says[1] == "It should not cite usage.7, and does."


def test_steps_and_deputies_are_compared() -> None:
    text = """
[[example]]
id = "steps"
text = "It is raining"
expect = { steps = ["hide"], deputies = ["guardian"] }
"""
    (result,) = run(pack(examples=text), NOON)
    assert result.failures == (
        "steps: expected hide, in this order; got nothing.",
        "deputies: expected at guardian; got them at nothing.",
    )
