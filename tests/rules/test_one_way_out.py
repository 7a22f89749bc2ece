"""Every path to something that the public could see is enumerated here, and each leads through the gate.

A connector's new way to write, a new caller of one, a new place that lets an act go or sends an e-mail: each fails
until it is behind the gate, or is named here with the reason why it need not be.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from gatepost.calls.actions import ACTIONS
from tests.rules.house import calls, room, trees

# Modules that can reach another machine at all, and why it is no way to the public past the gate.
REACH = {
    "networks.pages": "looks at a page somebody links to, behind the address guard; it only asks",
    "networks.handing_over": "hands cases over to a system of the organisation's own; nothing of it is published",
    "networks.client": "the wire of the connectors: its write() is followed below",
    "networks.registry": "hands a test's transport to a connector",
    "networks.facebook": "names the wire's errors",
    "networks.wordpress": "names the wire's errors",
    "networks.x": "names the wire's errors",
    "networks.deadline": "closes a connection whose time is over; it opens none",
    "networks.press_feed": "names the transport that a test may give",
    "networks.by_hand": "names the transport that a test may give",
    "networks.mailbox_link": "reads a mailbox over IMAP, behind the address guard; it opens folders for reading alone",
    "networks.guard": "looks up addresses and refuses private ones",
    "networks.facebook_paging": "names the wire's errors",
    "mailing.posting": "hands the letters of the modules below to the organisation's own mail server",
    "mailing": "makes every letter of the desk's, for the modules below",
    "gate.letters": "links, codes, reminders and alarms to those who sign off; no word of the content",
    "inbox.alarm_letters": "alarms to those on duty; no word of the message",
    "inbox.referral_letters": "referrals to departments inside, with personal details left out",
    "people.links": "sign-in links, and word of their use, to their own person",
    "rulebook.lines": "reminders to the owners of approved lines: staff of the desk",
    "web.town.client": "the practice town on this machine",
}
OUTWARD = {"httpx", "requests", "urllib.request", "http.client", "smtplib", "ftplib", "socket", "aiohttp", "websockets"}
OUTWARD.add("gatepost.mailing.letter")  # whoever takes this sends letters
MAIL = {"EmailMessage", "EmailMultiAlternatives", "send_mail", "send_mass_mail", "mail_admins", "mail_managers"}


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function and method of a module: `publish`, `Facebook.publish`."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield f"{node.name}.{part.name}", part


ANSWERS = ("Answer", "UploadAnswer")


def write_abilities(tree: ast.Module) -> set[str]:
    """What the protocols let a connector write with: their methods that give an Answer or an UploadAnswer."""
    found = set()
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and any("Protocol" in ast.unparse(base) for base in node.bases):
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and part.returns and ast.unparse(part.returns) in ANSWERS:
                    found.add(part.name)
    return found


UNSEEN = {"upload_unseen", "forget_unseen"}  # pictures and films ahead of their post; the public sees nothing of them
ABILITIES = write_abilities(trees()["networks.protocol"]) | write_abilities(trees()["networks.keeping_out"])


def imported(tree: ast.Module) -> dict[str, str]:
    """What a module takes from its neighbours: name -> "networks.x_films:send_film"."""
    return {
        one.asname or one.name: f"networks.{node.module.rpartition('.')[2]}:{one.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for one in node.names
    }


def callees(name: str, own: str, node: ast.AST, names: dict[str, str], helpers: dict[str, set[str]]) -> Iterator[str]:
    """What a function calls: "WIRE" for the wire's write(), else module:function as far as that can be told; a method
    of an unknown thing is taken for every helper's method of that name."""
    for called, call in calls(node):
        if isinstance(call.func, ast.Name):
            yield names.get(called, f"{name}:{called}")
        elif ast.unparse(call.func.value) == "self":
            yield f"{name}:{own.partition('.')[0]}.{called}"
        elif called == "write" and ast.unparse(call.func.value).endswith("wire"):
            yield "WIRE"
        else:
            yield from helpers.get(called, ())


def writing(modules: dict[str, ast.Module]) -> set[str]:
    """Public functions and methods, "module:Class.method", from which the wire's write() is reached."""
    bodies = {f"{name}:{own}": (name, own, node) for name, tree in modules.items() for own, node in functions(tree)}
    connectors = {key.rpartition(".")[0] for key in bodies if key.endswith(".publish")}
    helpers: dict[str, set[str]] = {}
    for key in bodies:
        owner, _, method = key.rpartition(".")
        if ":" in owner and owner not in connectors and not owner.endswith(":Wire"):
            helpers.setdefault(method, set()).add(key)
    calling = {
        key: set(callees(name, own, node, imported(modules[name]), helpers))
        for key, (name, own, node) in bodies.items()
    }
    reach = {key for key, called in calling.items() if "WIRE" in called}
    while more := {key for key, called in calling.items() if called & reach} - reach:
        reach |= more
    return {key for key in reach if not key.rpartition(":")[2].rpartition(".")[2].startswith("_")}


def sites(tree: ast.Module, names: set[str]) -> set[str]:
    """Functions of a module that call one of these."""
    return {own for own, node in functions(tree) if any(called in names for called, _ in calls(node))}


def callers(names: set[str], *, but: set[str] = frozenset()) -> set[str]:  # type: ignore[assignment]  # an empty set
    """module.function of everything outside the connectors that calls one of these names."""
    return {
        f"{name}.{own}"
        for name, tree in trees().items()
        if room(name) not in {"networks", "sandbox", *but}
        for own in sites(tree, names)
    }


def makes(tree: ast.Module, model: str) -> set[str]:
    """Functions that make rows of a model."""
    return {
        own
        for own, node in functions(tree)
        for called, call in calls(node)
        if called in {"create", "bulk_create", "get_or_create", "update_or_create"}
        and isinstance(call.func, ast.Attribute)
        and ast.unparse(call.func.value).split(".")[0] == model
    }


def made(model: str) -> set[str]:
    return {f"{name}.{own}" for name, tree in trees().items() for own in makes(tree, model)}


def verbs_of(name: str) -> set[str]:
    """Where advance(…, "name") stands."""
    return {
        f"{module}.{own}"
        for module, tree in trees().items()
        for own, node in functions(tree)
        for called, call in calls(node)
        if called in {"advance", "advance_many"}
        and len(call.args) > 1
        and isinstance(call.args[1], ast.Constant)
        and call.args[1].value == name
        and room(module) == "gate"
    }


def outward(tree: ast.Module) -> set[str]:
    """What of a module could reach another machine."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names if one.name in OUTWARD}
        elif isinstance(node, ast.ImportFrom):
            if node.module in OUTWARD:
                found.add(node.module or "")
            found |= {one.name for one in node.names if f"{node.module}.{one.name}" in OUTWARD or one.name in MAIL}
    return found


INSIDE = {"sandbox", "cli", "embedded", "processes", "worker"}  # the town; commands and processes of this machine


def test_what_can_reach_another_machine_is_known() -> None:
    found = {name for name, tree in trees().items() if room(name) not in INSIDE and outward(tree)}
    assert found - set(REACH) == set(), "a new way out: put it behind the gate, or name it with its reason"
    assert set(REACH) - found == set(), "no longer a way out"


def test_connectors_write_by_nothing_but_what_the_protocols_name() -> None:
    assert {"publish", "remove", "hide", "unhide", "remove_other", "approve"} <= ABILITIES
    assert {"block", "unblock", "mute", "unmute", "close_comments", "reopen_comments"} <= ABILITIES
    modules = {name: tree for name, tree in trees().items() if room(name) == "networks"}
    del modules["networks.contract"]  # the suite that is run against a network somebody names for that purpose
    # A question about a message, details left out, to a reader somebody switched on: the public sees nothing of it.
    del modules["networks.outside_reader"]
    assert callers({"put_question"}) == {"inbox.outside_reading.ask_about"}
    # Asks for leave to open a mailbox: nothing is written there, and no word of the desk's is sent.
    del modules["networks.tokens"]
    assert callers({"token_of"}) == {"mailing.posting._token"}
    found = writing(modules)
    methods = {key for key in found if "." in key.partition(":")[2]}
    assert len(methods) > 10
    assert {key for key in methods if key.rpartition(".")[2] not in ABILITIES} == set(), "no protocol names this"
    helpers = {key.rpartition(":")[2] for key in found - methods}
    assert callers(helpers) == set(), "a connector's own part is called from outside the connectors"


def test_only_perform_calls_what_a_network_writes_with() -> None:
    assert callers(ABILITIES - {"remove", "approve", "edit", *UNSEEN}) == {"gate.sending.perform"}
    vague = {name for name in callers({"remove", "approve", "edit"}) if name.split(".")[0] == "gate"}
    assert vague <= {"gate.sending.perform"}


def test_what_goes_up_unseen_is_signed_like_the_post_itself() -> None:
    """The row is made where the content has been checked as a claim checks it; nothing else brings anything up."""
    assert UNSEEN <= ABILITIES
    assert callers({"upload_unseen"}) == {"gate.uploading.bring_up"}
    assert callers({"forget_unseen"}) == {"gate.uploading._thrown"}
    assert callers({"bring_up"}) == {"worker.loops._brought_up"}
    assert callers({"Job"}) == {"gate.uploading._take", "gate.uploading._begun"}
    assert made("Unseen") == {"gate.uploading._begun"}
    assert callers({"_begun"}) == {"gate.uploading._take"}


def test_from_perform_back_to_the_claim_there_is_one_way() -> None:
    assert callers({"perform"}) == {"gate.sending.send"}
    assert callers({"Claim"}) == {"gate.sending._claimed"}
    assert callers({"_claimed"}) == {"gate.sending.claim"}
    assert made("Attempt") == {"gate.sending._attempts"}
    assert callers({"_attempts"}) == {"gate.sending._claimed"}
    sends = {
        name
        for name, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "gatepost.gate.sending"
        if any(one.name in {"send", "perform"} for one in node.names)
    }
    assert sends == {"worker.dispatcher"}


def test_only_these_let_an_act_go() -> None:
    assert made("SignOff") == {
        "gate.actions.submit",  # under a standing sign-off
        "gate.signing.sign_off",
        "gate.outside.sign",
        "gate.ending.ask_end",  # the end that was signed with what it ends
    }
    assert callers({"release"}, but={"cli"}) == {
        "gate.actions.submit",
        "gate.signing.after_step",
        "gate.ending.ask_end",
    }
    assert callers({"ask_end"}) == {"gate.correcting._expire", "gate.ending.end_deed"}
    assert callers({"after_step"}) == {"gate.signing.sign_off", "gate.outside.sign"}
    assert verbs_of("signed_off") == {"gate.ground.release"}
    assert verbs_of("claimed") == {"gate.sending._claimed"}


def test_every_call_of_programs_that_changes_something_outside_submits_to_the_gate() -> None:
    """Programs reach networks by the actions of the screens alone: no call names a connector."""
    for name, action in ACTIONS.items():
        module = action.does.__module__.removeprefix("gatepost.")
        assert not any(
            isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gatepost.networks.registry")
            for node in ast.walk(trees()[module])
        ), name
    submits = {name for name in callers({"submit"}) if not name.startswith(("policy.", "worker."))}
    assert {one.split(".")[0] for one in submits} <= {"gate", "inbox", "publishing", "calls", "web", "press", "notices"}


CONNECTOR = """
class Network(Protocol):
    def publish(self, act) -> Answer: ...
    def find(self, act) -> Found: ...
"""
WRITES = """
class Song:
    def publish(self, act): return self._made(act)
    def boost(self, ref): return self._made(ref)
    def find(self, act): return self._wire.read(act)
    def _made(self, what): return send(self._wire, what)
    def note(self, file): file.write("x")
"""
HELPS = """
def send(wire, what): return wire.write("POST", what)
class Films:
    def bring(self, what): return self.wire.write("POST", what)
"""


def test_a_new_way_to_write_is_seen() -> None:
    assert write_abilities(ast.parse(CONNECTOR)) == {"publish"}
    modules = {"networks.song": ast.parse("from .films import send\n" + WRITES), "networks.films": ast.parse(HELPS)}
    own = {"networks.song:Song.publish", "networks.song:Song.boost"}
    assert writing(modules) == own | {"networks.films:send", "networks.films:Films.bring"}


@pytest.mark.parametrize(
    "code",
    ["import httpx", "import smtplib", "from django.core.mail import send_mail", "from urllib import request"],
)
def test_a_new_way_out_is_seen(code: str) -> None:
    assert outward(ast.parse(code))


def test_a_new_caller_is_seen() -> None:
    assert sites(ast.parse("def shout(network, act):\n    network.publish(act)"), ABILITIES) == {"shout"}
    assert makes(ast.parse("def cheat(act):\n    Attempt.objects.create(act=act)"), "Attempt") == {"cheat"}
    assert makes(ast.parse("class A:\n    def b(self):\n        SignOff.objects.bulk_create([])"), "SignOff") == {"A.b"}
