"""Acts that policies name, with what became of them. A short list: what it does not know, lint does not
judge.

Titles, years and repeals as they stood in November 2026; legislation.gov.uk is where to check one before relying on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Statute:
    """`state`: what a reader of a policy must know of the Act of that year; empty when it is in force as
    named.
    """

    name: str
    year: int
    state: str = ""
    instead: str = ""


STATUTES = (
    Statute("Defamation Act", 1952, "has been overtaken in most parts", "the Defamation Acts 1996 and 2013"),
    Statute(
        "Defamation Act",
        1996,
        "is in force, but must now be read with the Defamation Act 2013 (serious harm; defence of website operators)",
        "the Defamation Act 1996, read with the Defamation Act 2013",
    ),
    Statute("Defamation Act", 2013),
    Statute("Data Protection Act", 1984, "is repealed", "the UK GDPR and the Data Protection Act 2018"),
    Statute(
        "Data Protection Act",
        1998,
        "was repealed on 25 May 2018",
        "the UK GDPR and the Data Protection Act 2018",
    ),
    Statute("Data Protection Act", 2018),
    Statute("Obscene Publications Act", 1959),
    Statute("Obscene Publications Act", 1964),
    Statute("Freedom of Information Act", 2000),
    Statute("Freedom of Information (Scotland) Act", 2002),
    Statute("Human Rights Act", 1998),
    Statute("Equality Act", 2010),
    Statute("Disability Discrimination Act", 1995, "is repealed in Great Britain", "the Equality Act 2010"),
    Statute("Race Relations Act", 1976, "is repealed", "the Equality Act 2010"),
    Statute("Sex Discrimination Act", 1975, "is repealed", "the Equality Act 2010"),
    Statute("Malicious Communications Act", 1988),
    Statute("Communications Act", 2003),
    Statute("Computer Misuse Act", 1990),
    Statute("Protection from Harassment Act", 1997),
    Statute("Public Order Act", 1986),
    Statute("Online Safety Act", 2023),
    Statute("Copyright, Designs and Patents Act", 1988),
    Statute("Local Government Act", 1972),
    Statute("Local Government Act", 1986),
    Statute("Local Government Act", 2000),
    Statute("Regulation of Investigatory Powers Act", 2000),
    Statute("Employment Rights Act", 1996),
    Statute("Employment Rights Act", 2025),
)

_NAMED = re.compile(r"((?:[A-Z][\w'’]*,? (?:(?:and|of|from) )*(?:\([A-Z]\w+\) )?){1,8}Acts?),? (?:of )?(\d{4})\b")


@dataclass(frozen=True, slots=True)
class Remark:
    """`start`, `end`: where the Act is named, in code points."""

    start: int
    end: int
    message: str
    mend: str


def remarks(text: str) -> Iterator[Remark]:
    """Acts named in `text` that are repealed, misdated, or to be read with another."""
    for found in _NAMED.finditer(text):
        year = int(found[2])
        same = [one for one in STATUTES if found[1].endswith(one.name)]
        if not same:
            continue
        name = same[0].name
        start = found.end() - len(found[0]) + len(found[1]) - len(name)
        named = next((one for one in same if one.year == year), None)
        if named is None:
            years = " or ".join(str(one.year) for one in same)
            message = f"There is no {name} of {year} on our list: the Act is of {years}"
            yield Remark(start, found.end(), message, f"Correct the year to {years}, if that Act is meant.")
        elif named.state:
            message = f"The {name} {year} {named.state}"
            yield Remark(start, found.end(), message, f"Name {named.instead}.")
