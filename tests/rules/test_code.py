"""No side doors, one writer of states, one caller of the networks, small files."""

from __future__ import annotations

import ast

import pytest

from tests.rules.house import calls, ours, room, tracked, trees

LINES = 400
PURE = {"policy", "networks", "sandbox"}
WRITES = {"update", "create", "get_or_create", "update_or_create", "bulk_update"}
NETWORK_VERBS = {"publish", "hide", "unhide", "remove_other", "approve", "block", "unblock", "mute", "unmute"}
NETWORK_VERBS |= {"close_comments", "reopen_comments"}
WRITERS = {"gate.sending"}  # networks itself aside: connectors, and the contract suite
CLOCKS = {"now", "utcnow", "today", "monotonic", "perf_counter"}


def side_doors(tree: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom | ast.Import):
            names = [getattr(node, "module", "") or "", *(one.name for one in node.names)]
            found += [name for name in names if name.startswith("django.contrib.admin") or name == "ModelForm"]
            found += [name for name in names if name == "receiver" or name.endswith(("db.models.signals", "dispatch"))]
            if getattr(node, "module", "") == "django.contrib":
                found += [one.name for one in node.names if one.name == "admin"]
        elif isinstance(node, ast.ClassDef):
            parts = [part for part in node.body if isinstance(part, ast.FunctionDef)]
            found += [f"{node.name}.{part.name}" for part in parts if part.name in ("save", "delete")]
            found += [f"{node.name}(ModelForm)" for base in node.bases if ast.unparse(base).endswith("ModelForm")]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            spec = node.args
            for one in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs):
                if one.arg == "force" or one.arg.startswith("skip_"):
                    found.append(f"{one.arg}=")
    return found


def written_states(tree: ast.Module) -> list[int]:
    """Lines that put something into a state column."""
    found = []
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            found += [node.lineno for one in targets if isinstance(one, ast.Attribute) and one.attr == "state"]
    for name, call in calls(tree):
        if name in WRITES and isinstance(call.func, ast.Attribute):
            words = [keyword.arg for keyword in call.keywords]
            listed = [node.value for node in ast.walk(call) if isinstance(node, ast.Constant)]
            if "state" in words or (name == "bulk_update" and "state" in listed):
                found.append(call.lineno)
        elif name == "setattr" and any(isinstance(one, ast.Constant) and one.value == "state" for one in call.args):
            found.append(call.lineno)
    return found


def network_writes(tree: ast.Module) -> list[str]:
    """Calls of a network's write verbs. `.remove(` is also a list's: it counts where connectors are at hand."""
    at_hand = any(
        isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gatepost.networks.")
        for node in ast.walk(tree)
    )
    verbs = NETWORK_VERBS | ({"remove"} if at_hand else set())
    return [name for name, call in calls(tree) if name in verbs and isinstance(call.func, ast.Attribute)]


def clock_readings(tree: ast.Module) -> list[str]:
    imported = {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
    found = [name for name, call in calls(tree) if name in CLOCKS and isinstance(call.func, ast.Attribute)]
    return found + sorted(imported & {"time", "random", "secrets", "uuid"})


def test_no_side_doors() -> None:
    assert {name: found for name, tree in trees().items() if (found := side_doors(tree))} == {}


def test_only_the_lifecycle_writes_a_state() -> None:
    rooms = {name: tree for name, tree in trees().items() if room(name) not in PURE and name != "lifecycle"}
    assert {name: found for name, tree in rooms.items() if (found := written_states(tree))} == {}


def test_only_the_gate_calls_what_changes_a_network() -> None:
    rooms = {name: tree for name, tree in trees().items() if room(name) not in {"networks", "sandbox"}}
    assert {name for name, tree in rooms.items() if network_writes(tree)} == WRITERS


def test_the_policy_reads_no_clock_and_throws_no_dice() -> None:
    rooms = {name: tree for name, tree in trees().items() if room(name) == "policy"}
    assert len(rooms) > 30
    assert {name: found for name, tree in rooms.items() if (found := clock_readings(tree))} == {}


def test_files_stay_small() -> None:
    written = [path for path in tracked() if path.suffix in (".py", ".html", ".js", ".scss")]
    assert len(written) > 200
    long = {str(path): lines for path in written if (lines := len(path.read_text("utf-8").splitlines())) > LINES}
    assert long == {}


def test_nothing_is_put_off() -> None:
    words = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
    marked = [
        f"{path}:{number}"
        for path in ours(".py", ".html", ".js", ".toml")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if any(f"{word}:" in line or f"# {word}" in line for word in words)
    ]
    assert marked == []


def test_what_is_silenced_says_why() -> None:
    bare = [
        f"{path}:{number}"
        for path in ours(".py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for mark in ("# type: ignore", "# noqa")
        if mark in line and not line.partition(mark)[2].partition("]" if "ignore" in mark else " ")[2].strip(" #")
    ]
    assert bare == []


BAD = [
    (side_doors, "from django.contrib import admin"),
    (side_doors, "from django.db.models.signals import post_save"),
    (side_doors, "from django.forms import ModelForm"),
    (side_doors, "class Form(forms.ModelForm): pass"),
    (side_doors, "class Act:\n    def save(self): ..."),
    (side_doors, "def send(act, *, force=False): ..."),
    (side_doors, "def send(act, *, skip_checks): ..."),
    (written_states, "act.state = 'sent'"),
    (written_states, "Act.objects.filter(pk=1).update(state='sent')"),
    (written_states, "Act.objects.bulk_update(acts, ['state'])"),
    (written_states, "setattr(act, 'state', 'sent')"),
    (network_writes, "network.publish(act)"),
    (network_writes, "from gatepost.networks.registry import connect\nconnect(account).remove(ref)"),
    (clock_readings, "import time"),
    (clock_readings, "datetime.now(UTC)"),
]


@pytest.mark.parametrize(("rule", "code"), BAD)
def test_a_breach_is_seen(rule, code: str) -> None:  # type: ignore[no-untyped-def]  # any of the finders above
    assert rule(ast.parse(code))


def test_what_is_allowed_is_let_through() -> None:
    assert written_states(ast.parse("Act.objects.filter(state='sent').update(says='')")) == []
    assert network_writes(ast.parse("parts.remove(part)")) == []
