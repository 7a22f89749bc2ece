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
        ("the Data Protection Act (1998)", "was repealed on 25 May 2018"),
        ("as the DPA 1998 demands", "was repealed on 25 May 2018"),
        ("Staff Code of Conduct, the Freedom of Information Act 2001", "the Act is of 2000"),
        ("FOIA 2001", "There is no Freedom of Information Act of 2001"),
        ("Malicious Communications Act 1989", "the Act is of 1988"),
        ("The Human Right Act 1998", "'Human Right Act' is probably a typing error for the Human Rights Act 1998"),
        ("Communication Act 2003", "the Communications Act 2003"),
        ("Care Act 2014 and the Equality Act 2011", "Equality Act of 2011"),
        ("Consumer Protection from Unfair Trading Regulations 2008", "were revoked on 6 April 2025"),
        ("Environmental Information Regulations 2005", "There are no Environmental Information Regulations of 2005"),
        ("Privacy and Electronic Communications (EC Directive) Regulations 2013", "the Regulations are of 2003"),
    ],
)
def test_remarks(text: str, says: str) -> None:
    found = list(remarks(text))
    assert len(found) == 1
    assert says in found[0].message
    assert text[found[0].end - 4 : found[0].end].isdecimal()
    assert text[found[0].start].isupper()


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
        "Children Act 1989, Equality Act 2006, Public Order Act 2023, Local Government Act 1999, Housing Act 1988",
        "Health and Social Care Act 2012",
        "the Health and Care Act 2022",
        "Health and Safety at Work etc. Act 1974",
        "PECR 2003",
        "Police Reform and Social Responsibility Act 2011",
    ],
)
def test_nothing_to_remark(text: str) -> None:
    assert list(remarks(text)) == []
