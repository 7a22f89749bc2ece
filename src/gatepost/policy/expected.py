"""What an example expects, in sentences for people who do not read TOML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatepost.policy.conditions import LABEL_WORDS
from gatepost.policy.naming import Names
from gatepost.policy.plainly import listed

_YES_NO = {
    "mask": ("Personal details are masked.", "No personal details are masked."),
    "answer": ("It may be answered.", "It is not answered."),
    "urgent": ("It is urgent.", "It is not urgent."),
    "second_look": ("Somebody else looks before it is answered.", "Nobody else has to look before it is answered."),
    "hand_over": ("The conversation is handed over.", "The conversation is not handed over."),
    "may_leave": ("It may go out.", "It may not go out."),
}
_MODERATE = {
    "none": "Nothing is done with it on the network.",
    "hide": "It is hidden on the network.",
    "remove": "It is removed from the network.",
}
_CHECKS = {
    "stop": "It is stopped by",
    "ask": "Its author is asked by",
    "note": "Its author is told by",
    "clear": "Nothing is said by",
}
_NONE = {  # what an empty list says; of the others it says nothing
    "offers": "No wording is offered.",
    "refer": "It is referred to nobody.",
    "clocks": "No clock starts.",
    "deputies": "It goes to no deputy.",
    "steps": _MODERATE["none"],
}


def expected(expect: Mapping[str, Any], names: Names) -> tuple[str, ...]:
    """A sentence for each thing that must come of the example, or must not."""
    return tuple(_sentence(key, value, names) for key, value in expect.items() if value != [] or key in _NONE)


def _sentence(key: str, value: Any, names: Names) -> str:
    if key in _YES_NO:
        return _YES_NO[key][0 if value else 1]
    if key == "moderate":
        return _MODERATE[value]
    if key in _CHECKS:
        checks = names.all("check", value)
        return f"{_CHECKS[key]} the check{'s' if len(checks) > 1 else ''} {listed(checks)}."
    if key in ("decided", "not_decided"):
        labels = listed((LABEL_WORDS.get(label, label) for label in value), "and" if key == "decided" else "or")
        return f"It reads as {labels}." if key == "decided" else f"It does not read as {labels}."
    return _sentence_of(key, list(value), names)


def _sentence_of(key: str, value: list[str], names: Names) -> str:
    if key == "offers":
        wordings = listed(names.all("wording", value))
        if len(value) > 1:
            return f"The wordings offered are, in this order: {wordings}."
        return f"The wording {wordings} is offered." if value else _NONE[key]
    if not value:
        return _NONE[key]
    if key == "refer":
        return f"It is referred to {listed(names.all('department', value))}."
    if key == "clocks":
        many = len(value) > 1
        return f"The clock{'s' if many else ''} {listed(names.all('clock', value))} start{'' if many else 's'}."
    if key == "deputies":
        return f"It goes to the deputy at {listed(names.all('department', value))}."
    if key == "steps":
        steps = " first, then ".join("hidden" if step == "hide" else "removed" for step in value)
        return f"On the network it is {steps}."
    rests = "It rests on" if key == "clauses" else "It does not rest on"
    return f"{rests} {listed(names.all('clause', value), 'and' if key == 'clauses' else 'or')}."
