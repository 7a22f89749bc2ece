"""What an entry cannot be without is said in plain words, with the field of the form."""

import pytest

from gatepost.policy.editing import CannotChange, apply, parse_change
from tests.policy.small import FILES

LAW = FILES | {"clocks.toml": FILES["clocks.toml"] + '\n[clock.sar]\nlaw = "subject_access"\n'}


@pytest.mark.parametrize(
    ("table", "key", "field", "says"),
    [
        ("wording", "sorry", "text", "Write the words as they are to be sent"),
        ("wording", "sorry", "clause", "Choose the clause that approves it"),
        ("role", "officer", "title", "Give it a name"),
        ("department", "complaints", "email", "Give the e-mail address that referrals go to"),
        ("clock", "ack", "source", "Say where the time comes from"),
    ],
)
def test_what_is_emptied_is_asked_for(table: str, key: str, field: str, says: str) -> None:
    with pytest.raises(CannotChange, match=says) as caught:
        apply(FILES, parse_change({"do": "entry", "table": table, "id": key, "fields": {field: ""}}))
    assert caught.value.field == field


def test_a_new_entry_that_lacks_something_is_told_what() -> None:
    with pytest.raises(CannotChange, match="Write the words"):
        apply(FILES, parse_change({"do": "entry", "table": "wording", "id": "bye", "fields": {"title": "Bye"}}))


def test_a_time_set_by_law_needs_no_name_of_its_own() -> None:
    made = apply(LAW, parse_change({"do": "entry", "table": "clock", "id": "sar", "fields": {"clause": "usage.1"}}))
    assert made.pack is not None
    assert made.pack.clocks["sar"].clause == "usage.1"
