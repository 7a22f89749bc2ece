"""An action is a verb: who does it and when are passed in, by name."""

from __future__ import annotations

import ast

from tests.rules.house import calls, trees

ROOMS = {
    "gate.by_hand",
    "gate.standing",
    "gate.holds",
    "gate.ground",
    "gate.signing",
    "gate.moving",
    "gate.outside",
    "gate.proofs",
    "gate.suggesting",
    "gate.waiting",
    "people.deputies",
    "people.links",
    "people.passkeys",
    "inbox.assigning",
    "inbox.changes",
    "inbox.abuse",
    "inbox.alarms",
    "inbox.alarm_letters",
    "inbox.appeals",
    "inbox.corrections",
    "inbox.evidence",
    "inbox.exposure",
    "inbox.moderating",
    "inbox.notices",
    "inbox.joining",
    "inbox.labels",
    "inbox.notes",
    "inbox.cases",
    "inbox.out_of_hours",
    "inbox.bundles",
    "inbox.handovers",
    "inbox.referrals",
    "inbox.referral_answers",
    "inbox.referral_chasing",
    "inbox.referral_letters",
    "inbox.referral_replies",
    "inbox.reply_drafts",
    "inbox.saved_views",
    "inbox.snoozing",
    "inbox.personal.bundle",
    "inbox.personal.erasing",
    "inbox.personal.gone",
    "inbox.personal.holds",
    "inbox.personal.requests",
    "inbox.personal.retention",
    "publishing.archive",
    "publishing.campaigns",
    "publishing.feeds_out",
    "publishing.moving",
    "rulebook.lines",
    "rulebook.readers",
    "rulebook.shadow",
    "rulebook.drafts",
    "rulebook.imports",
    "rulebook.trials",
}
WRITES = {"record", "record_many", "advance", "advance_many"}
TABLE_WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "update", "save", "delete"}

# What takes no `by` or no `at`, and why.
OTHERWISE = {
    "inbox.alarms.raise_for": "the policy raises it: nobody does",
    "inbox.appeals.ask": "the reference says what it is about; nobody is signed in",
    "gate.outside.send_code": "the link says who it is; nobody is signed in",
    "gate.outside.confirm": "the link says who it is; nobody is signed in",
    "gate.outside.sign": "the link says who it is; nobody is signed in",
    "inbox.referral_answers.opened": "the link says which department it is; nobody is signed in",
    "inbox.referral_answers.details_shown": "the link says which department it is; nobody is signed in",
    "inbox.referral_answers.take": "the link says which department it is; nobody is signed in",
    "inbox.referral_answers.say": "the link says which department it is; nobody is signed in",
    "inbox.referral_letters.made_link": "part of sending a letter, which its job does",
    "inbox.referral_letters.send_letter": "a job sends it; who asked for it stands in its row and in the record",
    "people.passkeys.credential": "makes a key of a row, not a row",
    "inbox.reply_drafts.forget_drafts": "goes with the answer that was submitted",
    "inbox.personal.erasing.reword_changes": "goes with the erasing or blotting out, which says who and when",
    "gate.ground.set_steps": "the steps an act takes are what the policy asks, whoever is at work",
    "people.links.use_link": "nobody is signed in yet: the link says who it is",
    "people.actions.introduce": "only the person can do it: the person is the subject",
    "people.actions.change_password": "only the person can do it: the person is the subject",
    "people.actions.prefer": "how somebody likes the screens is no matter for the record",
    "people.actions.person_of_token": "nobody is signed in yet: the key says who it is",
    "rulebook.actions.keep_version": "a copy under its own digest: adopting or trying it is what somebody does",
    "rulebook.shadow.keep_otherwise": "what differs belongs to a kept decision, and the policy made that",
    "rulebook.actions.keep": "each decision carries its own moment, and the policy made it",
}


def actions(name: str, tree: ast.Module) -> dict[str, ast.FunctionDef]:
    """The public functions of a module that write, by their full name."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            for called, call in calls(node):
                table = isinstance(call.func, ast.Attribute) and called in TABLE_WRITES
                if table or (isinstance(call.func, ast.Name) and called in WRITES):
                    found[f"{name}.{node.name}"] = node
    return found


def lacking(action: ast.FunctionDef) -> set[str]:
    """Which of `by` and `at` it does not take by keyword only."""
    return {"by", "at"} - {one.arg for one in action.args.kwonlyargs}


def everything() -> dict[str, ast.FunctionDef]:
    found: dict[str, ast.FunctionDef] = {}
    for name, tree in trees().items():
        room, _, file = name.partition(".")
        if (room not in {"web", "cli", "worker"} and file.startswith("actions")) or name in ROOMS:
            found |= actions(name, tree)
    return found


def test_every_action_says_who_and_when() -> None:
    found = everything()
    assert len(found) > 35
    assert {name: lacking(one) for name, one in found.items() if lacking(one) and name not in OTHERWISE} == {}


def test_every_exception_is_still_one() -> None:
    found = everything()
    assert [name for name in OTHERWISE if name not in found or not lacking(found[name])] == []


def test_a_breach_is_seen() -> None:
    bad = actions("x", ast.parse("def send(act, by, at):\n    advance(act, 'sent', by=by, at=at)"))
    assert lacking(bad["x.send"]) == {"by", "at"}
    assert actions("x", ast.parse("def look(act):\n    return act.text")) == {}
