"""What rules may lead to: as tables. Danger comes first; deputies stand in; what can be taken back comes first."""

from datetime import UTC, date, datetime

import pytest

from gatepost.policy import outcome
from gatepost.policy.acting import acting, addressee, away
from gatepost.policy.decide import decide, decide_many
from gatepost.policy.model import Decision, Department, Inbound, Reading, Role, Span
from gatepost.policy.schema import When
from tests.policy.small import FILES, NOON, pack, reading

HUMANE = """
[wording.danger]
title = "Somebody in danger"
clause = "usage.1"
text = "We are worried about you. Samaritans listen free on 116 123, at any hour; in an emergency ring 999."
humane = true
"""
RULES = """
[[rule]]
id = "danger"
clause = "usage.1"
priority = 100
when = { label = "safeguarding" }
then = { offer = ["danger"], refer = ["guardian"] }

[[rule]]
id = "gone"
clause = "usage.9"
priority = 70
when = { label = "spam" }
then = { moderate = "remove", reversible_first = false }

[[rule]]
id = "french"
clause = "usage.1"
priority = 30
when = { language = ["fr"], not = { private = true } }
then = { second_look = true, hand_over = true, refer = ["guardian"] }

[[rule]]
id = "known"
clause = "usage.1"
priority = 20
[rule.when]
any = [
  { author = ["councillor"] },
  { author = ["repeat"], hours = "outside" },
  { history = { messages = 3, days = 7 } },
]
[rule.then]
second_look = true

[[rule]]
id = "vote"
clause = "usage.1"
priority = 20
when = { period = ["vote"] }
then = { advice = ["Facts alone before the vote."] }
"""
COMPLAINTS = '[[cue]]\nlabel = "complaint"\nweight = 9.0\nphrases = ["still broken"]\n'
PERIOD = """
[[period]]
id = "vote"
title = "Before the vote"
clause = "usage.1"
starts = 2026-11-23
ends = 2026-11-24
"""
PACK = pack(wordings=FILES["wordings.toml"] + HUMANE, rules=FILES["rules.toml"] + RULES, periods=PERIOD)
HARM = Span(0, 5, "safeguarding", "self_harm")
GAS = Span(0, 5, "safeguarding", "health")


def say(read: Reading, at: datetime = NOON, message: Inbound | None = None) -> Decision:
    return decide(message or Inbound("m1", "hello"), PACK, at, read)


@pytest.mark.parametrize(
    ("labels", "span", "offers", "answer", "steps"),
    [
        ({"safeguarding": 1.0}, HARM, ("danger",), True, ()),
        ({"safeguarding": 1.0, "complaint": 1.0}, GAS, ("danger",), True, ("hide",)),
        ({"safeguarding": 1.0, "thanks": 1.0}, GAS, ("danger",), True, ()),
        ({"safeguarding": 1.0, "staff_abuse": 1.0}, HARM, ("danger",), True, ()),
        ({"safeguarding": 1.0, "staff_abuse": 1.0}, GAS, ("danger",), False, ()),
        ({"safeguarding": 1.0, "offensive": 1.0}, HARM, ("danger",), True, ("hide",)),
        ({"safeguarding": 1.0, "spam": 1.0}, HARM, ("danger",), True, ("hide",)),
        ({"complaint": 1.0}, GAS, ("sorry",), True, ("hide",)),
        ({"offensive": 1.0}, GAS, (), True, ("hide", "remove")),
        ({"spam": 1.0}, GAS, (), True, ("remove",)),
        ({"spam": 1.0, "offensive": 1.0}, GAS, (), True, ("remove",)),
        ({}, GAS, (), True, ()),
    ],
)
def test_danger_comes_before_everything(
    labels: dict[str, float], span: Span, offers: tuple[str, ...], answer: bool, steps: tuple[str, ...]
) -> None:
    decision = say(reading(labels, spans=(span,)))
    assert decision.offers == offers
    assert decision.answer is answer
    assert decision.steps == steps
    if "safeguarding" in labels:
        assert decision.urgent
        assert decision.moderate != "remove"
        # The referral that a cold wording would have made is made all the same.
        assert ("complaints" in decision.refer) is ("complaint" in labels)


def test_danger_is_first_even_where_a_pack_forgets_it() -> None:
    decision = decide(Inbound("m1", "hello"), pack(), NOON, reading({"safeguarding": 1.0, "complaint": 1.0}))
    assert decision.urgent
    assert decision.offers == ()
    assert "No approved wording fits here." in decision.advice


@pytest.mark.parametrize(
    ("message", "read", "at", "second_look", "hand_over"),
    [
        (Inbound("1", "x"), reading(language="fr"), NOON, True, True),
        (Inbound("1", "x", private=True), reading(language="fr"), NOON, False, False),
        (Inbound("1", "x", author_kind="councillor"), reading(), NOON, True, False),
        (Inbound("1", "x", author_kind="journalist"), reading(), NOON, False, False),
        (Inbound("1", "x", earlier=(20,)), reading(), NOON, False, False),
        (Inbound("1", "x", earlier=(20,)), reading(), NOON.replace(hour=22), True, False),
        (Inbound("1", "x", earlier=(1, 6)), reading(), NOON, True, False),
        (Inbound("1", "x", earlier=(1, 8)), reading(), NOON, False, False),
    ],
)
def test_writers_hours_language_history(
    message: Inbound, read: Reading, at: datetime, second_look: bool, hand_over: bool
) -> None:
    decision = say(read, at, message)
    assert (decision.second_look, decision.hand_over) == (second_look, hand_over)


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        (datetime(2026, 11, 22, 23, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 23, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 25, 0, 0, tzinfo=UTC), False),
    ],
)
def test_periods(at: datetime, inside: bool) -> None:
    decision = say(reading(), at)
    assert ("Facts alone before the vote." in decision.advice) is inside
    assert [one.because for one in decision.evidence] == ([("it came in the period vote",)] if inside else [])


AWAY = ((date(2026, 12, 21), date(2027, 1, 3)),)
HOLDER = Role("r", "R", holder="Rowan", email="rowan@x.test", deputy="Sam", deputy_email="sam@x.test", away=AWAY)


@pytest.mark.parametrize(
    ("role", "day", "name", "email", "deputy"),
    [
        (HOLDER, date(2026, 12, 20), "Rowan", "rowan@x.test", False),
        (HOLDER, date(2026, 12, 21), "Sam", "sam@x.test", True),
        (HOLDER, date(2027, 1, 3), "Sam", "sam@x.test", True),
        (HOLDER, date(2027, 1, 4), "Rowan", "rowan@x.test", False),
        (Role("r", "R", holder="Rowan", email="r@x.test", away=AWAY), date(2026, 12, 25), "Rowan", "r@x.test", False),
        (Role("r", "R", email="r@x.test", deputy="Sam"), date(2026, 1, 1), "Sam", "r@x.test", True),
        (Role("r", "R"), date(2026, 1, 1), "", "", False),
    ],
)
def test_the_deputy_stands_in(role: Role, day: date, name: str, email: str, deputy: bool) -> None:
    found = acting(role, day)
    assert (found.name, found.email, found.deputy) == (name, email, deputy)
    assert away(role, day) is ((deputy and bool(role.holder)) or (bool(role.away) and day == date(2026, 12, 25)))


def test_a_referral_goes_to_the_holder_the_deputy_or_the_team() -> None:
    guardian = Department("g", "Guardian", "g@x.test", "ack", role="r")
    christmas = date(2026, 12, 25)
    assert addressee(guardian, {"r": HOLDER}, christmas).email == "sam@x.test"
    assert addressee(guardian, {"r": Role("r", "R")}, christmas).email == "g@x.test"
    assert addressee(guardian, {}, christmas).name == "Guardian"


def test_the_decision_says_who_gets_it() -> None:
    roles = FILES["roles.toml"].replace(
        'title = "Guardian"',
        'title = "Guardian"\nholder = "Ina Moss"\nemail = "ina@fernhill.test"\ndeputy = "Tom Orr"\n'
        'deputy_email = "tom@fernhill.test"\naway = [{ starts = 2026-11-23, ends = 2026-11-23 }]',
    )
    abuse = reading({"staff_abuse": 1.0})
    for at, name, deputy in ((NOON, "Tom Orr", True), (NOON.replace(day=24), "Ina Moss", False)):
        decision = decide(Inbound("1", "x"), pack(roles=roles), at, abuse)
        assert [(one.department, one.name, one.deputy) for one in decision.addressed] == [("guardian", name, deputy)]


def test_what_follows_is_worked_out_again_where_too_much_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcome, "_MOST", 0)
    for label in ("complaint", "thanks", "complaint"):
        assert decide(Inbound("1", "x"), PACK, NOON, reading({label: 1.0})).decided == (label,)


def test_many_at_one_moment_are_decided_as_one_by_one() -> None:
    late = [Inbound(str(place), "hello", earlier=(20,)) for place in range(2)]
    both = decide_many(late, PACK, NOON.replace(hour=22))
    assert [one.second_look for one in both] == [True, True]
    abuse = pack(words=COMPLAINTS, rules=FILES["rules.toml"].replace('offer = ["sorry"]', 'refer = ["guardian"]'))
    found = decide_many([Inbound(str(place), "still broken") for place in range(2)], abuse, NOON)
    assert [[due.id for due in one.clocks] for one in found] == [["ack"], ["ack"]]
    assert [[to.department for to in one.addressed] for one in found] == [["guardian"], ["guardian"]]


def test_a_rule_is_passed_over_by_the_labels_it_needs() -> None:
    bars = {"complaint": 0.6}
    both = When.model_validate({"all": [{"private": True}, {"label": "complaint"}]})
    none = When.model_validate({"all": [{"private": True}, {"urgent": False}]})
    either = When.model_validate({"any": [{"label": "complaint"}, {"label": "thanks", "at_least": 0.2}]})
    loose = When.model_validate({"any": [{"label": "complaint"}, {"private": True}]})
    assert outcome.needs(both, bars) == (("complaint", 0.6),)
    assert outcome.needs(none, bars) == ()
    assert outcome.needs(either, bars) == (("complaint", 0.6), ("thanks", 0.2))
    assert outcome.needs(loose, bars) == ()
