"""Acts named in a policy: repealed, misdated, to be read with another, or well."""

import pytest

from gatepost.policy.statutes import remarks


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Data Protection Act 1998", "was repealed on 25 May 2018"),
        ("the Obscene Publications Act 1969 applies", "the Act is of 1959 or 1964"),
        ("Defamation Act 1996", "read with the Defamation Act 2013"),
        ("Defamation Act of 1996", "read with the Defamation Act 2013"),
        ("Equality Act 2011", "the Act is of 2010"),
        ("Freedom of Information (Scotland) Act 2005", "of 2002"),
    ],
)
def test_remarks(text: str, says: str) -> None:
    found = list(remarks(text))
    assert len(found) == 1
    assert says in found[0].message
    assert "Act" in text[found[0].start : found[0].end]


@pytest.mark.parametrize(
    "text",
    [
        "Data Protection Act 2018",
        "Obscene Publications Act 1959",
        "Copyright, Designs and Patents Act 1988",
        "Freedom of Information (Scotland) Act 2002",
        "An Act of 1832 nobody knows: Reform Act 1832",
        "act now, 1998 was long ago",
        "Staff Code of Conduct",
    ],
)
def test_nothing_to_remark(text: str) -> None:
    assert list(remarks(text)) == []
