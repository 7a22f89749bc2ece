"""Two packs compared in words a board can read."""

from dataclasses import replace
from pathlib import Path

import pytest

from gatepost.policy.diff import Change, diff, only_words
from gatepost.policy.pack import load, load_files
from gatepost.policy.plainly import binder, condition, duration, listed, said, word_changes
from gatepost.policy.problems import PackError
from gatepost.policy.schema import When
from tests.policy.small import FILES, pack

BHP = Path(__file__).parents[2] / "packs" / "bhp"


def changed(file: str, old: str, new: str) -> list[Change]:
    assert old in FILES[file]
    return diff(pack(), load_files(FILES | {file: FILES[file].replace(old, new)}))


def says(file: str, old: str, new: str) -> list[str]:
    return [str(change) for change in changed(file, old, new)]


def test_the_same_pack_has_no_changes() -> None:
    assert diff(pack(), pack()) == []
    assert changed("rules.toml", "[thresholds]", "# a note\n[thresholds]") == []


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "wordings.toml",
            "We are sorry.",
            "We are very sorry.",
            "The wording “Sorry” changes: text: “very” is put in after “We are”.",
        ),
        (
            "wordings.toml",
            'refers_to = "complaints"\n',
            "",
            "The wording “Sorry” changes: sending it also refers to: no longer “Complaints Team”.",
        ),
        (
            "roles.toml",
            'holder = "Rowan Ellis"',
            'holder = "Ash Vyas"',
            "The role “Officer” changes: who holds it: from “Rowan Ellis” to “Ash Vyas”.",
        ),
        (
            "roles.toml",
            'title = "Guardian"',
            'title = "Guardian"\nsigns_off = true',
            "The role “Guardian” changes: now may sign off what goes out, and change the policy.",
        ),
        (
            "clocks.toml",
            "amount = 5",
            "amount = 1",
            "The clock “Acknowledge” changes: how long: from 5 working days to 1 working day.",
        ),
        (
            "rules.toml",
            "complaint = 0.6",
            "complaint = 0.4",
            (
                "How sure the desk must be, from 0 to 1, that a message reads as a complaint changes: from 0.6 to 0.4: "
                "more messages will be read so."
            ),
        ),
        (
            "rules.toml",
            'when = { label = "offensive" }',
            'when = { label = "offensive", private = false }',
            (
                "The rule “offence” changes: it held when it reads as offensive (from 0.5), "
                "and now when it reads as offensive (from 0.5) and everybody can see it."
            ),
        ),
        (
            "rules.toml",
            'moderate = "remove"',
            'moderate = "hide"',
            "The rule “offence” changes: no longer: remove it on the network; now: hide it on the network.",
        ),
        (
            "rules.toml",
            "priority = 80",
            "priority = 70",
            "The rule “offence” changes: its priority (the highest is looked at first): from 80 to 70.",
        ),
        ("pack.toml", '"16:00"', '"17:30"', "When we are open changes: Friday from 09:00–16:00 to 09:00–17:30."),
    ],
)
def test_what_changes_what_the_desk_does(file: str, old: str, new: str, expected: str) -> None:
    found = changed(file, old, new)
    assert [str(change) for change in found] == [expected]
    assert not only_words(found)


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "policy.md",
            "Be official",
            "Be official and kind",
            "Clause usage.1 changes: “Be official” becomes “Be official and kind”.",
        ),
        ("policy.md", "Be official", "official", "Clause usage.1 changes: “Be official” becomes “official”."),
        (
            "clauses.toml",
            'kind = "informative"',
            'kind = "measured"',
            "Clause usage.9 changes: how it is put into practice: from “Informative” to “Measured”.",
        ),
        (
            "wordings.toml",
            'title = "Sorry"',
            'title = "Regret"',
            "The wording “Regret” changes: title: from “Sorry” to “Regret”.",
        ),
        (
            "departments.toml",
            'name = "Guardian"',
            'name = "Keeper"',
            "The department “Keeper” changes: name: from “Guardian” to “Keeper”.",
        ),
        (
            "pack.toml",
            'version = "1"',
            'version = "2"',
            "What the policy says of itself changes: version: from “1” to “2”.",
        ),
        (
            "clauses.toml",
            'status = "none"',
            'status = "live"',
            (
                "What puts usage.8 into practice, the desk itself (referrals), changes: how far: from not yet "
                "in practice "
                "to in practice."
            ),
        ),
    ],
)
def test_what_changes_words_alone(file: str, old: str, new: str, expected: str) -> None:
    found = changed(file, old, new)
    assert [str(change) for change in found] == [expected]
    assert only_words(found)


def test_added_and_removed() -> None:
    extra = FILES["wordings.toml"] + '\n[wording.bye]\ntitle = "Bye"\nclause = "usage.1"\ntext = "Goodbye"\n'
    rule = FILES["rules.toml"] + (
        '\n[[rule]]\nid = "bye"\nclause = "usage.1"\npriority = 5\n'
        'when = { any = [{ label = "thanks", network = ["x"] }, { urgent = true }], not = { topic = ["lifts"] } }\n'
        'then = { offer = ["bye"], urgent = true }\n'
    )
    new = load_files(FILES | {"wordings.toml": extra, "rules.toml": rule})
    assert [(one.what, one.how) for one in diff(pack(), new)] == [("rule", "added"), ("wording", "added")]
    back = diff(new, pack())
    assert [(one.what, one.how, one.clause) for one in back] == [
        ("rule", "removed", "usage.1"),
        ("wording", "removed", "usage.1"),
    ]
    assert str(back[0]) == (
        "The rule “bye” is taken out: when (it reads as thanks (from 0.5) and it came by X) or it is urgent "
        "and not: it is about lifts: offer the wording “Bye”; treat it as urgent."
    )
    assert str(back[1]) == "The wording “Bye” is taken out: text: “Goodbye”."


def test_words_checks_examples_and_named_things() -> None:
    checks = 'emoji = 5\nprivate_reply = "usage.1"\n[[banned]]\nword = "calm down"\n'
    words = '[spellings]\nu = "you"\n[[cue]]\nlabel = "thanks"\nphrases = ["ta very much"]\n'
    named = FILES["pack.toml"] + '\n[[aims]]\nid = "help"\ntitle = "Help"\nclause = "usage.1"\n'
    examples = '[[example]]\nid = "e"\ntext = "Thanks"\nexpect = { urgent = false }\n'
    new = load_files(
        FILES | {"checks.toml": checks, "words.toml": words, "pack.toml": named, "examples.toml": examples}
    )
    told = [str(change) for change in diff(pack(), new)]
    assert told == [
        "The aim “Help” is new.",
        (
            "“Which clause lets us answer a public comment by one private message” changes: clause: now "
            "usage.1 (“Be official”)."
        ),
        "The figure “Emoji, at most” changes: from 3 to 5 emoji.",
        "“Words and lines that do not go out as they are” changes: added: “calm down” (it may not go out).",
        "The set of its own examples changes: 1 added: “Thanks”.",
        "What the readers know, “Other spellings, and what is meant”, changes: added: “u = you”.",
        "What the readers know, “Signs of thanks (weight 1)”, changes: added: “ta very much”.",
    ]


def test_named_things_that_change() -> None:
    aim = FILES["pack.toml"] + '\n[[aims]]\nid = "help"\ntitle = "Help"\nclause = "usage.1"\n'
    old, moved, retitled = (
        load_files(FILES | {"pack.toml": text})
        for text in (aim, aim.replace("usage.1", "usage.2"), aim.replace('"Help"', '"Help people"'))
    )
    assert [(str(one), one.acts) for one in diff(old, moved)] == [
        (
            (
                "The aim “Help” changes: the clause it belongs to: from usage.1 (“Be official”) to usage.2 "
                "(“Use plain English”)."
            ),
            True,
        )
    ]
    assert [(str(one), one.acts) for one in diff(old, retitled)] == [
        ("The aim “Help people” changes: title: from “Help” to “Help people”.", False)
    ]


def test_a_pack_whose_files_were_changed_under_it_is_an_error() -> None:
    ill = replace(pack(), digest="0", files={**FILES, "rules.toml": "rule = 5"})
    with pytest.raises(PackError):
        diff(pack(), ill)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (
            {"language": ["en", "cy"], "sentiment": "negative"},
            "its language is English or Welsh and its feeling is negative",
        ),
        ({"all": [{"urgent": True}, {"any": [{"private": True}]}]}, "it is urgent and (it is a private message)"),
        (
            {"urgent": False, "any": [{"private": True}, {"topic": ["damp_mould"]}]},
            "it is not urgent and (it is a private message or it is about damp mould)",
        ),
    ],
)
def test_conditions_in_words(when: dict[str, object], words: str) -> None:
    assert condition(When.model_validate(when), {}) == words


def test_order_of_clauses_and_wordings() -> None:
    lines = FILES["policy.md"].replace("- [usage.1] Be official\n", "").rstrip("\n") + "\n- [usage.1] Be official\n"
    first, second = FILES["wordings.toml"].split("\n\n")
    new = load_files(FILES | {"policy.md": lines, "wordings.toml": f"{second.rstrip()}\n\n{first}\n"})
    assert {(one.what, one.id) for one in diff(pack(), new)} == {("clause", "order"), ("wording", "order")}


def test_the_shipped_pack_against_itself_with_a_threshold() -> None:
    bhp = load(BHP)
    files = dict(bhp.files)
    files["rules.toml"] = files["rules.toml"].replace("complaint = 0.5", "complaint = 0.35")
    (only,) = diff(bhp, load_files(files))
    assert (only.clause, only.what, only.acts) == ("usage.7", "threshold", True)


def test_every_change_of_the_shipped_pack_can_be_said() -> None:
    for one in (*diff(pack(), load(BHP)), *diff(load(BHP), pack())):
        assert str(one).endswith((".", ".”", "?”", "!”"))
        assert "When(" not in str(one)
        assert "{'" not in str(one)


def test_words_for_values() -> None:
    assert listed([]) == "nothing"
    assert listed(["a", "b", "c"], "or") == "a, b or c"
    assert said(None) == "nothing"
    assert said(["a"]) == "“a”"
    assert duration(1, "hours_except_closed_days") == "1 hours, not counting weekends and bank holidays"
    assert duration(1, "working_hours") == "1 working hour"
    assert word_changes("a  b", "a b") == ()
    other = word_changes("Staff must ask before they post", "The Trust never gives advice here")
    assert other == (
        "it says something else: “The Trust never gives advice here” (before: “Staff must ask before they post”)",
    )
    assert binder("rule:thanks") == "the rule “thanks”"
    assert binder("risk:slow_answers") == "the indicator of the risk “slow answers”"
    assert binder("desk:not_understood") == "nothing yet, for it is kept as text"
    assert word_changes("a b c d e f", "b c d e f") == ("“a” is taken out at the beginning",)


PERIOD = """[[period]]
id = "vote"
title = "Before the vote"
clause = "usage.1"
starts = 2027-03-22
ends = 2027-05-06
banned = [ { pattern = 'x', why = "it takes sides" } ]
"""
STRIKES = """id = "usage.9"
kind = "informative"
about = "strikes"
says = { count = 3, ladder = [ { count = 1, step = "warning" } ] }
kept = { rest = "and so on" }"""
SAID_OF_STRIKES = (
    "Clause usage.9 changes: what it is about: now “Warnings and blocks, step by step”; it states, count: now 3; "
    "it states, ladder: now count: 1; step: “warning”; kept as text, rest: now “and so on”."
)
NEW_PERIOD = (
    "The period “Before the vote” is new: first day: 22 March 2027; last day: 6 May 2027; what may not be said: "
    "anything refused because it takes sides; the question: “Could this be taken to support a party, a candidate or "
    "one side of a vote?”; any other post: its author is asked about it."
)
CRISIS = '\n[crisis]\nclause = "usage.2"\ndeclares = ["officer"]\n'


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "",
            PERIOD,
            [
                NEW_PERIOD,
            ],
        ),
        (
            PERIOD,
            PERIOD.replace("05-06", "05-07"),
            ["The period “Before the vote” changes: last day: from 6 May 2027 to 7 May 2027."],
        ),
        ("", CRISIS, ["What is done in a crisis is new: who declares it: “Officer”."]),
        (
            CRISIS,
            CRISIS + 'statements = ["hello"]\n',
            ["What is done in a crisis changes: prepared statements: now “Hello”."],
        ),
        (PERIOD + CRISIS, PERIOD + CRISIS, []),
    ],
)
def test_periods_and_the_crisis(old: str, new: str, expected: list[str]) -> None:
    found = diff(pack(periods=old), pack(periods=new))
    assert [str(change) for change in found] == expected
    assert all(change.acts for change in found)


def test_what_is_taken_out_is_told() -> None:
    found = diff(pack(periods=PERIOD + CRISIS), pack(periods=""))
    assert [(change.what, change.how) for change in found] == [("period", "removed"), ("crisis", "removed")]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "roles.toml",
            'title = "Guardian"',
            'title = "Guardian"\naway = [ { starts = 2026-12-21, ends = 2027-01-03 } ]',
            "The role “Guardian” changes: away: now from 21 December 2026 to 3 January 2027.",
        ),
        (
            "wordings.toml",
            'refers_to = "complaints"',
            'refers_to = "complaints"\nhumane = true',
            "The wording “Sorry” changes: now it is for people in danger.",
        ),
        (
            "clocks.toml",
            'source = "test"\n\n',
            'source = "test"\nextension = { amount = 3, needs = "leave" }\n\n',
            "The clock “Acknowledge” changes: may be made longer by: now 3 working days (leave).",
        ),
        (
            "clocks.toml",
            'name = "Acknowledge"\namount = 5\nunit = "working_days"\nsource = "test"\n',
            'law = "hazard_works"\n',
            (
                "The clock “Hazard: further works begun on site at the latest” changes: how long: from 5 "
                "working days to 12 weeks"
            ),
        ),
        (
            "clauses.toml",
            'id = "usage.9"\nkind = "informative"',
            STRIKES,
            SAID_OF_STRIKES,
        ),
        (
            "clocks.toml",
            'source = "test"\n\n',
            'source = "test"\nextension = { amount = 3 }\n\n',
            "The clock “Acknowledge” changes: may be made longer by: now 3 working days.",
        ),
    ],
)
def test_what_else_a_pack_can_say(file: str, old: str, new: str, expected: str) -> None:
    assert says(file, old, new)[0].startswith(expected)


def test_a_period_that_stays_is_not_told() -> None:
    head = '\n[[rule]]\nid = "r"\nclause = "usage.1"\npriority = 1\n'
    rules = FILES["rules.toml"] + head + 'when = { period = ["vote"] }\nthen = { urgent = true }\n'
    (found,) = diff(pack(periods=PERIOD), pack(periods=PERIOD, rules=rules))
    assert str(found) == "The rule “r” is new: when it came in the period “Before the vote”: treat it as urgent."
