"""Places in a wording that the pack fills in when it is loaded: {name_of_department}, {phone}, {answer_by}.

All three speak of the department the wording refers to, so that a telephone number stands in one place only. What is
offered, checked and signed off is the text as filled in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gatepost.policy import assemble
from gatepost.policy.parts import Parts
from gatepost.policy.plainly import duration
from gatepost.policy.schema import WordingIn
from gatepost.policy.schema_departments import DepartmentIn
from gatepost.policy.validate import nearest

NAMES = ("name_of_department", "phone", "answer_by")
_PLACE = re.compile(r"\{([^{}\n]{0,60})\}")


def problems(wording: WordingIn, departments: Mapping[str, DepartmentIn]) -> Iterator[tuple[str, str, str]]:
    """(placeholder, message, mend) for each that cannot be filled in."""
    department = departments.get(wording.refers_to)
    for name in dict.fromkeys(_PLACE.findall(wording.text)):
        if name not in NAMES:
            yield name, "Nothing is called so that could be filled in", nearest(name, NAMES)
        elif not wording.refers_to:
            yield name, "The wording names no department to take it from", "Add refers_to = … with a department."
        elif name == "phone" and department is not None and not department.phone:
            mend = f"Add phone = … to [department.{wording.refers_to}]."
            yield name, f"{department.name} has no telephone number", mend


def filled(wording: WordingIn, parts: Parts) -> str:
    """The text with its places filled in; only for a pack in which nothing is wrong."""
    if not _PLACE.search(wording.text):
        return wording.text
    department = parts.departments.department[wording.refers_to]
    clock = assemble.clock(department.clock, parts.clocks.clock[department.clock])
    values = {
        "name_of_department": department.name,
        "phone": department.phone,
        "answer_by": duration(clock.amount, clock.unit),
    }
    return _PLACE.sub(lambda place: values[place[1]], wording.text)
