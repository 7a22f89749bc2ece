"""Who signs what off: the chain that fits, the steps still open, who may take them; and what a pack gets wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gatepost.policy.approval import (
    ADDED,
    USUAL,
    Candidate,
    Chain,
    No,
    Occasion,
    Step,
    Taken,
    Waiting,
    chain_for,
    complete,
    may_take,
    missing,
    open_steps,
    stage,
    step_of,
    strengthened,
)
from gatepost.policy.diff import diff
from gatepost.policy.pack import load_files
from gatepost.policy.problems import PackError
from gatepost.policy.registers import Crisis
from tests.policy.small import FILES, NOON

NIGHT = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOURS = load_files(FILES).hours
LEAD = Step(0, 0, "Lead", ("lead",))
TWO = Step(1, 1, "Two of Communications", count=2)
KEY = Step(0, 0, "With a passkey", passkey=True)
OUT = Step(0, 0, "The solicitor", outside=True)


def occasion(**more: Any) -> Occasion:
    return Occasion(**{"kind": "publish", "moment": NOON, "post_kind": "news", "network": "x", **more})


@pytest.mark.parametrize(
    ("condition", "fitting", "other"),
    [
        ({"kinds": ("publish",)}, {}, {"kind": "reply"}),
        ({"post_kinds": ("news", "event")}, {}, {"post_kind": "campaign"}),
        ({"networks": ("x",)}, {}, {"network": "facebook"}),
        ({"hours": "inside"}, {}, {"moment": NIGHT}),
        ({"hours": "outside"}, {"moment": NIGHT}, {}),
        ({"hours": "outside"}, {"moment": SUNDAY}, {}),
        ({"crisis": True}, {"crisis": True}, {}),
        ({"crisis": False}, {}, {"crisis": True}),
    ],
)
def test_a_chain_fits_by_its_condition(
    condition: dict[str, Any], fitting: dict[str, Any], other: dict[str, Any]
) -> None:
    chain = Chain("own", "Own", "usage.1", (LEAD,), **condition)
    assert chain_for(occasion(**fitting), [chain], HOURS) is chain
    assert chain_for(occasion(**other), [chain], HOURS) is USUAL


def test_the_first_that_fits_is_the_chain() -> None:
    first, second = (Chain(name, name, "usage.1", (LEAD,)) for name in ("a", "b"))
    assert chain_for(occasion(), [first, second], HOURS) is first


def test_in_a_crisis_its_own_approvers_sign_unless_a_chain_is_made_for_it() -> None:
    crisis = Crisis("usage.1", approvers=("lead",))
    usual = Chain("own", "Own", "usage.1", (TWO,))
    found = chain_for(occasion(crisis=True), [usual], HOURS, crisis)
    assert (found.id, found.steps[0].roles) == ("crisis", ("lead",))
    made = Chain("made", "Made for it", "usage.1", (TWO,), crisis=True)
    assert chain_for(occasion(crisis=True), [made, usual], HOURS, crisis) is made
    assert chain_for(occasion(), [usual], HOURS, crisis) is usual
    assert chain_for(occasion(crisis=True), [usual], HOURS, Crisis("usage.1")) is usual


def test_steps_open_in_their_order() -> None:
    steps = [LEAD, TWO]
    assert open_steps(steps, []) == (LEAD,)
    first = [Taken(0, "person:1")]
    assert open_steps(steps, first) == (TWO,)
    more = [*first, Taken(1, "person:2"), Taken(1, "person:2")]
    assert (missing(TWO, more), complete(steps, more)) == (1, False)
    assert complete(steps, [*more, Taken(1, "person:3")])
    assert not complete([], [])


def test_steps_of_one_order_are_open_together() -> None:
    steps = [Step(0, 0, "Either", ("a",)), Step(1, 0, "Other", ("b",)), Step(2, 1, "Last")]
    assert open_steps(steps, []) == tuple(steps[:2])
    assert open_steps(steps, [Taken(1, "person:1")]) == (steps[0],)


def who(*roles: str, **more: Any) -> Candidate:
    return Candidate("person:1", frozenset(roles), **more)


@pytest.mark.parametrize(
    ("candidate", "steps", "taken", "says"),
    [
        (who("lead"), [LEAD], [Taken(0, "person:2")], "Everything here has been signed"),
        (who("lead", wrote=True), [LEAD], [], "You wrote this"),
        (who("lead", signs_off=True), [LEAD, TWO], [Taken(0, "person:1")], "next step is somebody else's"),
        (who("other"), [LEAD], [], "not yours: Lead"),
        (who("other"), [TWO], [], "Only Communications"),
        (who("lead", signs_off=True), [OUT], [], "waits for somebody outside"),
        (who("lead", for_writer=True), [LEAD], [], "in the stead of the person who wrote this"),
        (who(signs_off=True), [KEY], [], "signed with a passkey"),
    ],
)
def test_who_may_not_is_told_why(candidate: Candidate, steps: list[Step], taken: list[Taken], says: str) -> None:
    answer = may_take(candidate, steps, taken)
    assert isinstance(answer, No)
    assert says in answer.says


def test_who_may_is_given_the_step() -> None:
    assert may_take(who("lead"), [LEAD, TWO], []) == LEAD
    assert may_take(who(signs_off=True), [LEAD, TWO], [Taken(0, "person:2")]) == TWO
    assert may_take(who(signs_off=True, passkey=True), [KEY], []) == KEY


def test_what_was_added_to_one_act_stays_when_its_chain_changes() -> None:
    chain = Chain("own", "Own", "usage.1", (LEAD, TWO))
    added = Step(ADDED, 0, "The solicitor", outside=True)
    assert strengthened([LEAD, added], chain) == (LEAD, TWO, Step(ADDED, 1, "The solicitor", outside=True))
    assert strengthened([LEAD], chain) == (LEAD, TWO)


def test_a_step_survives_being_kept() -> None:
    assert step_of(LEAD.as_json()) == LEAD


CHAIN = """
[[chain]]
id = "two"
title = "Two"
clause = "usage.1"
hours = "outside"
step = [{ title = "Both", roles = ["officer", "lead"], all = true, passkey = true }, { title = "One more", count = 2 }]

[[chain]]
id = "rest"
title = "The rest"
clause = "usage.2"
step = [{ title = "Somebody outside", outside = true }]

[waiting]
remind_before = 60
escalate_to = ["lead"]
"""


def files(approvals: str) -> dict[str, str]:
    return {**FILES, "roles.toml": ROLES, "approvals.toml": approvals}


ROLES = FILES["roles.toml"] + '\n[role.lead]\ntitle = "Lead"\n'


def test_chains_as_a_pack_gives_them() -> None:
    pack = load_files(files(CHAIN))
    two, rest = pack.chains
    assert [(step.n, step.order, step.roles, step.count, step.passkey) for step in two.steps] == [
        (0, 0, ("officer",), 1, True),
        (1, 0, ("lead",), 1, True),
        (2, 1, (), 2, False),
    ]
    assert rest.steps[0].outside
    assert (pack.waiting.remind_before, pack.waiting.escalate_before, pack.waiting.escalate_to) == (60, 30, ("lead",))
    assert load_files(FILES).chains == ()
    assert pack.lines["approvals.toml", "rest"] == 9


BAD = [
    ('roles = ["officer", "lead"]', 'roles = ["offcer"]', "no role 'offcer'"),
    ('clause = "usage.1"', 'clause = "usage.99"', "no clause 'usage.99'"),
    ('hours = "outside"', 'post_kinds = ["song"]', "no kind of post 'song'"),
    ('hours = "outside"', 'post_kinds = ["news"]\nkinds = ["reply"]', "Only what is published has a kind of post"),
    ('hours = "outside"\n', "", "No act ever comes to the chain 'rest'"),
    ('id = "rest"', 'id = "two"', "Two chains are called 'two'"),
    ('roles = ["officer", "lead"], all = true', "all = true", "all of no roles"),
    ("outside = true", 'outside = true, roles = ["lead"]', "Somebody outside holds no role"),
    ('escalate_to = ["lead"]', 'escalate_to = ["led"]', "no role 'led'"),
    ("count = 2", "count = 0", "approvals.toml"),
]


@pytest.mark.parametrize(("good", "bad", "says"), BAD)
def test_what_is_wrong_with_a_chain_is_named(good: str, bad: str, says: str) -> None:
    assert good in CHAIN
    with pytest.raises(PackError) as wrong:
        load_files(files(CHAIN.replace(good, bad)))
    assert says in str(wrong.value)


def test_a_step_that_nobody_can_take_is_named() -> None:
    with pytest.raises(PackError) as wrong:
        load_files({**files(CHAIN), "roles.toml": ROLES.replace("signs_off = true\n", "")})
    assert "Nobody can take this step" in str(wrong.value)


@pytest.mark.parametrize(
    ("waited", "left", "rest", "expected"),
    [
        (timedelta(hours=1), None, None, ""),
        (timedelta(hours=4), None, None, "reminder"),
        (timedelta(hours=24), None, None, "escalation"),
        (timedelta(hours=24 * 14 + 1), None, None, "expired"),
        (timedelta(hours=1), timedelta(minutes=121), timedelta(days=1), ""),
        (timedelta(hours=1), timedelta(minutes=120), timedelta(days=1), "reminder"),
        (timedelta(hours=1), timedelta(minutes=30), timedelta(days=1), "escalation"),
        (timedelta(hours=1), timedelta(minutes=30), timedelta(minutes=-1), "expired"),
    ],
)
def test_how_far_an_act_has_waited(
    waited: timedelta, left: timedelta | None, rest: timedelta | None, expected: str
) -> None:
    sign_by = None if left is None else NOON + left
    until = None if rest is None else NOON + rest
    assert stage(Waiting(), since=NOON - waited, sign_by=sign_by, until=until, at=NOON) == expected


def changes(old: str, new: str) -> list[str]:
    return [str(one) for one in diff(load_files(files(old)), load_files(files(new)))]


def test_what_another_policy_would_change_is_told() -> None:
    assert changes(CHAIN, CHAIN) == []
    [said] = changes(CHAIN, CHAIN.replace("count = 2", "count = 3"))
    assert said == (
        "Who signs off, “Two”, changes: steps: from “Both” (by “Officer” and “Lead”, with a passkey), then “One more” "
        "(2 people) to “Both” (by “Officer” and “Lead”, with a passkey), then “One more” (3 people)."
    )
    gone = changes(CHAIN, '[waiting]\nremind_before = 60\nescalate_to = ["lead"]')
    assert [one.partition(":")[0] for one in gone] == [
        "Who signs off, “Two”, is taken out",
        "Who signs off, “The rest”, is taken out",
    ]
    assert "is new: for: everything; steps: “Somebody outside” (outside the desk)" in " ".join(changes("", CHAIN))
    [waits] = changes(CHAIN, CHAIN.replace("remind_before = 60", "remind_before = 90"))
    assert (
        waits
        == "How long a sign-off may wait changes: remind who signs, minutes before its time: from 60 to 90 minutes."
    )
    third = '[[chain]]\nid = "third"\ntitle = "Third"\nclause = "usage.1"\nstanding = false\ncrisis = true\n'
    third += 'step = [{ title = "Lead", roles = ["lead"] }]\n'
    first, rest = CHAIN.split("[[chain]]")[1], CHAIN.split("[[chain]]")[2]
    one, other = third + f"[[chain]]{first}[[chain]]{rest}", f"[[chain]]{first}" + third + f"[[chain]]{rest}"
    assert changes(one, other) == [
        "Which chain of sign-off is looked at first changes: now in this order: “Two”, “Third”, “The rest”."
    ]
