"""What is left to be done by hand in a draft made from a written policy, and that it is gone once it is done."""

from __future__ import annotations

from dataclasses import replace

from gatepost.policy.editing import apply, parse_change
from gatepost.policy.importing import DraftPack
from gatepost.policy.importing.by_hand import ByHand, by_hand
from gatepost.policy.importing.drafting import REPORT
from gatepost.policy.pack import Pack, load_files
from tests.policy.importing.help import WORDS, drafted

BARE = (
    "# Social media policy",
    "Complaints about a fence are answered with: “Thank you for telling us. The Estates Team looks into it.”",
    "The Social Media Manager looks after the pages.",
    "The fountain in the square was given, long ago, by the town that we are twinned with, and still plays.",
    "Tuesday.",
)
LATER = (
    "# Social media policy of Larkmoor District Council",
    "Larkmoor District Council writes to residents.",
    "# Roles",
    "Robin Sample, Communications Manager, signs off all posts.",
    "# Hours",
    "The pages are looked after from 8am to 6pm, Monday to Friday.",
)


def sorts(left: tuple[ByHand, ...]) -> set[str]:
    return {one.sort for one in left}


def changed(made: DraftPack, *changes: dict[str, object]) -> Pack:
    done = apply(made.policy_files, *(parse_change(one) for one in changes))
    assert not done.problems
    return load_files(done.files)


def left_of(pack: Pack) -> tuple[ByHand, ...]:
    return by_hand(pack, hours_found=False)


def test_a_bare_document_leaves_much_to_do() -> None:
    made = drafted(*BARE, words=WORDS)
    assert {"nobody_signs_off", "vacant", "no_name", "no_hours", "address", "own_figure", "not_understood"} <= sorts(
        made.by_hand
    )
    for one in made.by_hand:
        assert one.says in made.files[REPORT], "the report says the same"
        assert one.clause in ("", *(clause.id for clause in made.pack.clauses))


def test_what_the_document_says_is_not_asked_for() -> None:
    made = drafted(*LATER, words=WORDS)
    assert not {"nobody_signs_off", "nobody_approves", "vacant", "no_name", "no_hours"} & sorts(made.by_hand)
    (address,) = [one for one in made.by_hand if one.part == "roles"]
    assert (address.sort, address.field) == ("address", "email")
    assert "robin.sample@example.org is made up" in address.says
    assert any("it was given to" in remark for remark in made.remarks)


def test_what_is_mended_is_gone() -> None:
    made = drafted(*BARE, words=WORDS)
    (role,) = made.pack.roles
    fields = {"holder": "Robin Sample", "email": "robin@larkmoor.example", "signs_off": True}
    pack = changed(made, {"do": "entry", "table": "role", "id": role, "fields": fields})
    assert "vacant" not in sorts(left_of(pack))
    assert "nobody_approves" in sorts(made.by_hand), "both are named at once"
    assert "nobody_signs_off" not in sorts(left_of(pack))
    assert "nobody_approves" in sorts(left_of(pack))
    assert not [one for one in left_of(pack) if one.part == "roles" and one.key]
    fields = {"approves_staff": True}
    pack = changed(made, {"do": "entry", "table": "role", "id": role, "fields": {"signs_off": True, **fields}})
    assert not {"nobody_signs_off", "nobody_approves"} & sorts(left_of(pack))


def test_a_clause_is_seen_to_by_what_it_is_about_or_by_a_remark() -> None:
    made = drafted(*BARE, words=WORDS)
    unknown = [one.key for one in made.by_hand if one.sort == "not_understood"]
    assert unknown
    told = next(one for one in made.by_hand if one.sort == "not_understood")
    assert told.says.startswith("Not understood: “")
    for change in ({"about": "hours"}, {"gloss": "A story."}, {"kind": "assisted"}):
        row = {"do": "clause", "id": unknown[0], "kind": "informative", "about": "", "gloss": "", **change}
        assert unknown[0] not in [one.key for one in left_of(changed(made, row))]


def test_a_clause_that_is_nothing_but_a_wording_was_understood() -> None:
    made = drafted("# Answers", "What to say", "“Thank you so much for your kind words, we pass them on to the team.”")
    (clause,) = {one.clause for one in made.pack.wordings.values()}
    assert [one.by for one in made.pack.bindings if one.clause == clause][-1] == "desk:not_understood"
    assert clause not in [one.key for one in made.by_hand]


def test_hours_that_were_changed_or_found_are_not_asked_for() -> None:
    made = drafted(*BARE, words=WORDS)
    assert "no_hours" not in sorts(by_hand(made.pack, hours_found=True))
    week = (("08:00", "18:00"), *made.pack.hours.week[1:])
    assert "no_hours" not in sorts(left_of(replace(made.pack, hours=replace(made.pack.hours, week=week))))


def test_wordings_and_rules_without_use() -> None:
    made = drafted(*BARE, words=WORDS)
    wordings, rules = made.pack.wordings.values(), made.pack.rules
    assert wordings
    assert rules
    assert not {"unused", "no_example"} & sorts(made.by_hand)
    idle = left_of(replace(made.pack, rules=()))
    assert [one.key for one in idle if one.sort == "unused"] == [one.id for one in wordings]
    (missing,) = [one for one in left_of(replace(made.pack, examples=())) if one.sort == "no_example"][:1]
    assert (missing.part, missing.key, missing.clause) == ("examples", "new", rules[0].clause)
