"""The forms of conditions within conditions, working hours, calendar, chains of sign-off, measures and risks."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.policy.editing.changes import SetRule
from gatepost.rulebook import drafts
from gatepost.rulebook.models import PackDraft
from tests import factories
from tests.web.policy.test_drafts import change, saved, shown

pytestmark = pytest.mark.django_db


def test_conditions_within_conditions(boss: Client, draft: PackDraft) -> None:
    html = shown(boss.get(f"/policy/drafts/{draft.pk}/rules/hazard_damp/"))
    assert "label = complaint\nlabel = service_request" in html
    lines = "label = complaint; at_least = 0,4\ntopic = lifts, repairs; private = yes"
    pack = saved(boss, change(boss, draft, "rules", "hazard_damp", when_any=lines, when_none="sentiment = positive"))
    when = next(one for one in pack.rules if one.id == "hazard_damp").when
    assert when.any_of is not None
    assert when.negated is not None
    assert [(one.label, one.at_least, one.topic, one.private) for one in when.any_of] == [
        ("complaint", 0.4, None, None),
        (None, None, ["lifts", "repairs"], True),
    ]
    assert when.negated.sentiment == "positive"
    pack = saved(
        boss,
        change(
            boss, draft, "rules", "hazard_damp", when_any="", when_none="label = spam\nhours = outside; urgent = no"
        ),
    )
    when = next(one for one in pack.rules if one.id == "hazard_damp").when
    assert when.any_of is None
    assert when.negated is not None
    assert [one.label for one in when.negated.any_of or []] == ["spam", None]
    pack = saved(boss, change(boss, draft, "rules", "hazard_damp", when_none=""))
    assert next(one for one in pack.rules if one.id == "hazard_damp").when.negated is None


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("complaint", "is no condition"),
        ("colour = red", "is no condition"),
        ("private = perhaps", "is yes or no"),
        ("label = spam; at_least = much", "is a number between 0 and 1"),
        ("label = nonsense", "label"),
    ],
)
def test_a_condition_that_is_none(boss: Client, draft: PackDraft, line: str, says: str) -> None:
    assert says in shown(change(boss, draft, "rules", "hazard_damp", when_any=line), 422)


def test_what_lines_cannot_say_stays_and_is_shown(boss: Client, draft: PackDraft) -> None:
    deep = {"any": [{"all": [{"label": "spam"}, {"private": True}]}], "none": []}
    pack = drafts.pack_of_draft(draft)
    rule = next(one for one in pack.rules if one.id == "question")
    asked = SetRule.model_validate(
        {
            "id": rule.id,
            "clause": rule.clause,
            "priority": 30,
            "when": {"label": "question", "nested": deep},
            "then": {},
        }
    )
    drafts.save(draft, asked, version=draft.version, by=factories.officer(), at=timezone.now())
    html = shown(boss.get(f"/policy/drafts/{draft.pk}/rules/question/"))
    assert "which this form cannot change" in html
    assert "when_any" not in html
    pack = saved(boss, change(boss, draft, "rules", "question", priority="31"))
    assert next(one for one in pack.rules if one.id == "question").when.any_of is not None


def test_working_hours(boss: Client, draft: PackDraft) -> None:
    pack = saved(boss, change(boss, draft, "hours", "all", monday="8:00-18:30", friday="", nation="SCT"))
    assert pack.hours.week[0] == ("08:00", "18:30")
    assert (pack.hours.week[4], pack.hours.nation) == (None, "SCT")
    assert "write two times" in shown(change(boss, draft, "hours", "all", monday="nine to five"), 422)
    assert shown(change(boss, draft, "hours", "all", timezone="Europe/Nowhere"), 422)


def test_the_calendar(boss: Client, draft: PackDraft) -> None:
    days = "12-01 = Our advent market | own date"
    change_of = {"facebook_at_least": "5", "facebook_apart": "", "x_at_least": "", "x_at_most": "", "x_apart": ""}
    pack = saved(boss, change(boss, draft, "calendar", "all", **change_of, days=days))
    promised = {one.network: (one.at_least, one.at_most, one.minutes_apart) for one in pack.cadence}
    assert promised["facebook"] == (5, 21, 0)
    assert "x" not in promised
    assert "Our advent market" in pack.files["calendar.toml"]
    assert "cannot be less" in shown(change(boss, draft, "calendar", "all", facebook_at_most="1"), 422)
    assert "is not complete" in shown(change(boss, draft, "calendar", "all", days="12-25 = Christmas"), 422)
    nothing = {f"{name}_{part}": "" for name in promised for part in ("at_least", "at_most", "apart")}
    pack = saved(boss, change(boss, draft, "calendar", "all", **nothing, days=""))
    assert (pack.cadence, pack.days) == ((), ())


def test_who_signs_what_off(boss: Client, draft: PackDraft) -> None:
    role = next(iter(drafts.pack_of_draft(draft).roles))
    fields = {"title": "Two for posts", "clause": "usage.1", "kinds": ["publish"], "step0_title": "Editor"}
    pack = saved(boss, change(boss, draft, "chains", "new", **fields, step0_roles=[role], step1_title="Another"))
    [one] = pack.chains
    assert (one.id, one.kinds, [step.title for step in one.steps]) == (
        "two_posts",
        ("publish",),
        ["Editor", "Another"],
    )
    assert "For posts: Editor; then Another." in shown(boss.get(f"/policy/drafts/{draft.pk}/chains/"))
    assert "Nothing is different" in shown(change(boss, draft, "chains", one.id), 422)
    pack = saved(
        boss, change(boss, draft, "chains", one.id, step1_title="", step0_count="2", crisis="no", standing=None)
    )
    [one] = pack.chains
    assert ([step.count for step in one.steps], one.crisis, one.standing) == ([2], False, False)
    first = {"title": "By night", "clause": "usage.1", "step0_title": "Officer", "hours": "outside"}
    pack = saved(boss, change(boss, draft, "chains", "new", **first))
    assert [chain.id for chain in pack.chains] == ["night", "two_posts"]
    assert "Name at least one step" in shown(change(boss, draft, "chains", "new", title="None", clause="usage.1"), 422)
    assert "Give the chain a name" in shown(change(boss, draft, "chains", one.id, title=""), 422)
    draft.refresh_from_db()
    out = boss.post(f"/policy/drafts/{draft.pk}/chains/night/", {"act": "take_out", "base": draft.version})
    assert [chain.id for chain in saved(boss, out).chains] == ["two_posts"]
    pack = saved(boss, change(boss, draft, "waiting", "all", remind_before="60", escalate_to=[role]))
    assert (pack.waiting.remind_before, pack.waiting.escalate_to) == (60, (role,))


def test_measures_and_risks(boss: Client, draft: PackDraft) -> None:
    pack = saved(boss, change(boss, draft, "measures", "followers", threshold="12.5", direction="neither"))
    one = next(one for one in pack.measures if one.id == "followers")
    assert (one.threshold, one.direction) == (12.5, "neither")
    pack = saved(boss, change(boss, draft, "measures", "followers", threshold=""))
    assert next(one for one in pack.measures if one.id == "followers").threshold is None
    fields = {
        "title": "A false account in our name",
        "clause": "risks.1",
        "indicator": "accounts found",
        "threshold": "1",
    }
    pack = saved(boss, change(boss, draft, "risks", "new", **fields))
    assert pack.risks[-1].threshold == 1
    assert "accounts found, from 1" in shown(boss.get(f"/policy/drafts/{draft.pk}/risks/"))
    assert "write a number" in shown(change(boss, draft, "risks", "resource", threshold="many"), 422)
