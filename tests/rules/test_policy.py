"""The shipped policy claims only what is there; the words of every state are explained."""

from __future__ import annotations

import re
from collections.abc import Collection
from importlib import import_module
from importlib.util import find_spec

from gatepost.lifecycle import Machine
from gatepost.policy.checks.names import CHECKS
from gatepost.policy.coverage import coverage
from gatepost.policy.model import Binding
from gatepost.policy.pack import Pack, load
from gatepost.shipped import pack_folder
from tests.rules.house import ROOT, trees

# What "desk:…" in clauses.toml stands for. What is live or partial must be here, and what is named here must exist.
DESK = {
    "approvals": "gatepost.channels.actions:approve_staff",
    "audiences": "gatepost.publishing.models:Post.audiences",
    "archive": "gatepost.publishing.archive:keep_act",
    "lines": "gatepost.rulebook.lines:save_line",
    "calendar": "gatepost.publishing.planner:week_kept",
    "campaigns": "gatepost.publishing.campaigns:save_campaign",
    "channel_sign_off": "gatepost.channels.actions:sign_off",
    "composer": "gatepost.publishing.actions:save_draft",
    "connectors": "gatepost.networks.registry:connect",
    "gate": "gatepost.gate.sending:claim",
    "holds": "gatepost.gate.holds:hold",
    "inbox": "gatepost.inbox.intake:take_in",
    "ledger": "gatepost.ledger.actions:seal",
    "moderation": "gatepost.inbox.actions:moderate",
    "personal_data": "gatepost.inbox.personal.requests:erase",
    "retention": "gatepost.inbox.personal.retention:carry_out",
    "notices": "gatepost.publishing.models:Post.kind",
    "post_aims": "gatepost.publishing.models:Post.aim",
    "post_kinds": "gatepost.publishing.models:Post.kind",
    "press": "gatepost.inbox.referrals:refer",
    "referrals": "gatepost.inbox.referrals:refer",
    "risk_register": "gatepost.policy.pack:Pack.risks",
    "roles": "gatepost.people.actions:give_role",
    "sign_off": "gatepost.gate.signing:sign_off",
    "posts": "gatepost.publishing.actions:save_draft",
    "elsewhere": "gatepost.publishing.models:Post.other_channel",
    "pictures": "gatepost.publishing.pictures:add_picture",
    "threads": "gatepost.inbox.joining:merge",
    "referring": "gatepost.inbox.referrals:refer",
    "cases": "gatepost.inbox.cases:open_case",
    "defamation": "gatepost.inbox.cases:open_case",
    "abuse": "gatepost.inbox.abuse:open_record",
    "private_replies": "gatepost.inbox.private_replies:private_reply_of",
    "policy": "gatepost.rulebook.actions:adopt",
    "hide": "gatepost.inbox.actions:moderate",
    "remove": "gatepost.inbox.actions:moderate",
}
# What does the work of the other kinds. A kind whose module is not built can only be "none".
KINDS = {
    "rule": "gatepost.policy.decide",
    "check": "gatepost.policy.check",
    "wording": "gatepost.gate.standing",
    "role": "gatepost.people.authority",
    "department": "gatepost.inbox.referrals",
    "clock": "gatepost.policy.clocks",
    "law": "gatepost.policy.statutes",
    "measure": "gatepost.measures",
    "risk": "gatepost.watch",
}


def exists(place: str) -> bool:
    """Whether `module:name` or `module:Class.attribute` is there."""
    module, _, name = place.partition(":")
    if find_spec(module) is None:
        return False
    thing: object = import_module(module)
    for part in name.split("."):
        if not hasattr(thing, part) and part not in getattr(thing, "__dataclass_fields__", {}):
            return False
        thing = getattr(thing, part, None)
    return True


def unfounded(binding: Binding) -> bool:
    """Whether a binding claims something that is not there."""
    kind, _, name = binding.by.partition(":")
    if binding.status == "none":
        return False
    if kind == "desk":
        return name not in DESK or not exists(DESK[name])
    # A figure may stand in the pack, with what is aimed for, before the room that works it out: that is "partial".
    if kind in ("measure", "risk") and binding.status == "partial":
        return False
    return find_spec(KINDS[kind]) is None


def shipped() -> Pack:
    return load(pack_folder())


def test_every_clause_has_its_place_in_the_coverage() -> None:
    pack = shipped()
    rows = coverage(pack)
    assert [row.clause for row in rows] == [clause.id for clause in pack.clauses]
    assert len(rows) > 40
    unsaid = [
        row.clause
        for row in rows
        if row.kind != "informative" and not any(b.clause == row.clause for b in pack.bindings)
    ]
    assert unsaid == [], "say in clauses.toml what puts these into practice, even if nothing does yet"
    assert [row.clause for row in rows if row.status == "partial" and not row.reason] == []


def test_nothing_is_claimed_that_is_not_there() -> None:
    assert [binding for binding in shipped().bindings if unfounded(binding)] == []


def test_a_false_claim_is_seen() -> None:
    assert unfounded(Binding("x.1", "desk:horoscopes", "live"))
    assert unfounded(Binding("x.1", "measure:followers", "live")) is (find_spec("gatepost.measures") is None)
    assert not exists("gatepost.gate.sending:teleport")


def test_every_rule_of_the_policy_rests_on_a_clause_it_has() -> None:
    pack = shipped()
    known = {clause.id for clause in pack.clauses}
    assert {rule.clause for rule in pack.rules} <= known


def numbered(text: str, ids: Collection[str]) -> list[str]:
    """Clauses of the shipped policy that code or a page cites by their numbers."""
    return [name for name in re.findall(r"""["']([a-z]+\.\d+)["']""", text) if name in ids]


def sources() -> dict[str, str]:
    """The code and the pages of the product by name, without migrations, which tell what was."""
    house = ROOT / "src" / "gatepost"
    files = [file for end in ("py", "html") for file in house.rglob(f"*.{end}") if file.parent.name != "migrations"]
    return {str(file.relative_to(house)): file.read_text("utf-8") for file in files}


def test_no_clause_stands_in_the_code_by_its_number() -> None:
    """Another organisation's policy is numbered otherwise: code names a part of the desk, the policy its clause."""
    ids = {clause.id for clause in shipped().clauses}
    found = {name: numbers for name, text in sources().items() if (numbers := numbered(text, ids))}
    assert found == {}, "name a part of the desk (ledger/governing.py), bound to a clause in the pack's clauses.toml"
    assert numbered("""clauses=["usage.1"] {% clause 'law.2' %} "x.1" 1.5""", ids) == ["usage.1", "law.2"]


def test_every_part_of_the_desk_that_is_cited_is_bound_in_the_shipped_policy() -> None:
    pack = shipped()
    named = {name for text in sources().values() for name in re.findall(r"""["'](desk:[a-z_]+)["']""", text)}
    unbound = named - {"desk:not_understood", "desk:not_enforced"}  # of drafts that were read from a document
    assert len(unbound) > 15
    assert sorted(name for name in unbound if not pack.governing(name)) == []
    checks = [name for name in CHECKS if not pack.governing(f"check:{name}")]
    assert checks == []


def machines() -> list[Machine]:
    """Every table of states in the house."""
    rooms = [name for name in trees() if name.endswith(".states")]
    return [
        one for name in rooms for one in vars(import_module(f"gatepost.{name}")).values() if isinstance(one, Machine)
    ]


def test_the_words_of_every_state_are_in_the_glossary() -> None:
    rows = set(re.findall(r"^\| ([^|]+?) \|", (ROOT / "docs" / "glossary.md").read_text("utf-8"), re.MULTILINE))
    words = {word for machine in machines() for word in machine.words.values()}
    assert len(machines()) >= 4
    assert sorted(words - rows) == []
