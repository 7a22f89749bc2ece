"""What an example expects, as somebody reads it who does not write TOML."""

from typing import Any

import pytest

from gatepost.policy.expected import expected
from gatepost.policy.names import names
from tests.policy.small import pack


@pytest.mark.parametrize(
    ("expect", "says"),
    [
        ({"decided": ["complaint", "question"]}, "It reads as a complaint and a question."),
        ({"not_decided": ["thanks", "spam"]}, "It does not read as thanks or spam."),
        ({"offers": ["sorry"]}, "The wording “Sorry” is offered."),
        ({"offers": ["sorry", "hello"]}, "The wordings offered are, in this order: “Sorry” and “Hello”."),
        ({"offers": []}, "No wording is offered."),
        ({"refer": ["complaints"]}, "It is referred to “Complaints Team”."),
        ({"refer": []}, "It is referred to nobody."),
        ({"clocks": ["ack"]}, "The clock “Acknowledge” starts."),
        ({"clocks": ["ack", "soon"]}, "The clocks “Acknowledge” and “Soon” start."),
        ({"deputies": ["guardian"]}, "It goes to the deputy at “Guardian”."),
        ({"steps": ["hide", "remove"]}, "On the network it is hidden first, then removed."),
        ({"steps": []}, "Nothing is done with it on the network."),
        ({"moderate": "remove"}, "It is removed from the network."),
        ({"clauses": ["usage.1"]}, "It rests on usage.1 (“Be official”)."),
        ({"not_clauses": ["usage.1"]}, "It does not rest on usage.1 (“Be official”)."),
        ({"stop": ["empty"], "may_leave": False}, "It is stopped by the check “empty”. It may not go out."),
        ({"clear": ["tone", "empty"], "mask": True}, ("Nothing is said by the checks “tone” and “empty”. "
                                                     "Personal details are masked.")),
        ({"decided": [], "note": []}, ""),
    ],
)  # fmt: skip
def test_each_thing_expected_is_a_sentence(expect: dict[str, Any], says: str) -> None:
    assert " ".join(expected(expect, names(pack()))) == says
