"""Slips of the pen are told, each once; words that may stand twice, and words rightly used, are not."""

import pytest

from gatepost.policy.linting.slips import findings, misspelt
from tests.policy.small import FILES, pack


def told(text: str) -> list[tuple[str, str]]:
    document = FILES["policy.md"].replace("Be official", text)
    return [(one.grade, one.message) for one in findings(pack(policy_md=document)) if one.clause == "usage.1"]


@pytest.mark.parametrize(
    ("text", "grade", "says"),
    [
        ("Staff recieve teh letters", "mend", "'recieve' is probably a typing error for 'receive'"),
        ("Recieve it, and recieve it", "mend", "'Recieve' is probably"),
        ("Staff should should not answer", "mend", "'should' stands twice"),
        ("What goes our through the channels", "look", "'our through' is probably a typing error"),
    ],
)
def test_slips(text: str, grade: str, says: str) -> None:
    found = told(text)
    assert found[0][0] == grade
    assert found[0][1].startswith(says)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("text", ["It is said that that had had to be", "Our staff answer, theirs to keep", "Be kind"])
def test_no_slips(text: str) -> None:
    assert told(text) == []


def test_the_list_is_in_order_and_mends_into_something_else() -> None:
    assert len(misspelt()) > 120
    for wrong, right in misspelt().items():
        assert wrong.islower()
        assert right not in misspelt()


def test_a_wording_is_looked_at_too() -> None:
    wordings = FILES["wordings.toml"].replace('text = "', 'text = "Teh ', 1)
    assert [one.file for one in findings(pack(wordings=wordings))] == ["wordings.toml"]
