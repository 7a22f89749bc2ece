"""Everything that is written into the record has words for people, and no words are kept for what nobody writes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from django.apps import apps

from gatepost.lifecycle import Machine
from gatepost.web.frame.lines import VERBS
from tests.rules.house import calls, trees

WRITERS = {"record", "Entry"}


def named() -> Iterator[tuple[str, str]]:
    """(module, verb) of every verb that stands as such in a call that writes a line."""
    for module, tree in trees().items():
        for name, call in calls(tree):
            if name in WRITERS and call.args:
                built = {id(part) for node in ast.walk(call.args[0]) for part in getattr(node, "values", ())}
                for node in ast.walk(call.args[0]):
                    whole = isinstance(node, ast.Constant) and id(node) not in built  # not a part of an f-string
                    if whole and isinstance(node.value, str) and "." in node.value:
                        yield module, node.value


def machines() -> set[Machine]:
    return {model.MACHINE for model in apps.get_models() if hasattr(model, "MACHINE")}


def test_every_verb_of_the_record_has_words() -> None:
    wordless = {(module, verb) for module, verb in named() if verb not in VERBS}
    steps = {f"{machine.name}.{verb}" for machine in machines() for verb in machine.table}
    assert not wordless
    assert not steps - set(VERBS)


def test_no_words_are_kept_for_what_nothing_writes() -> None:
    written = {
        node.value
        for module, tree in trees().items()
        if module != "web.frame.lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    written |= {f"{machine.name}.{verb}" for machine in machines() for verb in machine.table}
    beginnings = tuple(one for one in written if one.endswith((".", "_")) and one.count(".") == 1)
    assert not {verb for verb in VERBS if verb not in written and not verb.startswith(beginnings)}
