"""A draft beside the policy in force: what differs is kept, and nothing else comes of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed
from gatepost.policy.clocks import ClockError
from gatepost.rulebook import shadow
from gatepost.rulebook.actions import NotNow, in_force
from gatepost.rulebook.models import PackVersion, Shadow, ShadowDecision
from tests import factories

from .packs import COMPLAINT, referring, shipped

pytestmark = pytest.mark.django_db


def test_only_what_differs_is_kept() -> None:
    boss, at = factories.officer(), timezone.now()
    channel = factories.channel(by=boss)
    factories.message(COMPLAINT, channel=channel)
    before = in_force(at).digest
    trial = shadow.start(referring(), by=boss, at=at)
    factories.message("Lovely day at the fair", channel=channel)
    complaint = factories.message(COMPLAINT, channel=channel)
    kept = ShadowDecision.objects.get()
    assert kept.decision == complaint.decision
    assert kept.fields == {"offers": ["-complaint_referred"], "refer": ["+complaints"]}
    assert kept.clauses == ["usage.7"]
    assert complaint.decision.offers == ["complaint_phone", "complaint_referred"]
    assert complaint.decision.pack_id == in_force(timezone.now()).digest == before
    result = shadow.comparison(trial)
    assert (result.decided, result.otherwise, result.failed) == (2, 1, 0)
    assert result.fields == {"offers": 1, "refer": 1}
    assert result.details == {("offers", "-complaint_referred"): 1, ("refer", "+complaints"): 1}
    assert result.clauses == {"usage.7": 1}
    assert result.examples == (complaint.decision_id,)


def test_other_words_are_read_by_the_draft() -> None:
    boss = factories.officer()
    words = ("[spellings]", '[[cue]]\nlabel = "complaint"\nweight = 9.0\nphrases = ["lovely day"]\n\n[spellings]')
    shadow.start(shipped(words=words), by=boss, at=timezone.now())
    factories.message("Lovely day at the fair", channel=factories.channel(by=boss))
    assert ShadowDecision.objects.get().fields["decided"] == ["+complaint"]


def test_one_at_a_time_and_by_communications() -> None:
    boss, at = factories.officer(), timezone.now()
    with pytest.raises(NotAllowed):
        shadow.start(referring(), by=factories.person(is_admin=True), at=at)
    with pytest.raises(NotNow, match="No draft runs"):
        shadow.stop(by=boss, at=at)
    shadow.start(referring(), by=boss, at=at)
    with pytest.raises(NotNow, match="runs beside the policy already"):
        shadow.start(referring(), by=boss, at=at)
    with pytest.raises(NotAllowed):
        shadow.stop(by=factories.person(is_admin=True), at=at)
    ended = shadow.stop(by=boss, at=at)
    assert (ended.active, ended.ended_by) == (False, boss.actor)
    assert shadow.beside() is None
    shadow.start(referring(), by=boss, at=at)
    assert Shadow.objects.count() == 2
    verbs = list(Line.objects.filter(verb__startswith="policy.shadow").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["policy.shadowed", "policy.shadow_ended", "policy.shadowed"]


def test_an_ended_trial_counts_what_came_while_it_ran() -> None:
    boss = factories.officer()
    channel = factories.channel(by=boss)
    trial = shadow.start(referring(), by=boss, at=timezone.now())
    factories.message(COMPLAINT, channel=channel)
    shadow.stop(by=boss, at=timezone.now())
    factories.message(COMPLAINT, channel=channel)
    trial.refresh_from_db()
    result = shadow.comparison(trial)
    assert (result.decided, result.otherwise) == (1, 1)


def test_a_draft_that_cannot_decide_stops_no_message(monkeypatch: pytest.MonkeyPatch) -> None:
    boss = factories.officer()
    trial = shadow.start(referring(), by=boss, at=timezone.now())

    def fails(*_: Any, **__: Any) -> None:
        raise ClockError("these hours never end")

    monkeypatch.setattr(shadow, "decide", fails)
    channel = factories.channel(by=boss)
    assert factories.message(COMPLAINT, channel=channel).decision.offers
    assert not ShadowDecision.objects.exists()
    assert shadow.comparison(trial).failed == 0  # as it was when it was read
    trial.refresh_from_db()
    assert shadow.comparison(trial).failed == 1


def test_a_draft_that_no_longer_loads_stops_no_message() -> None:
    boss = factories.officer()
    draft = referring()
    shadow.start(draft, by=boss, at=timezone.now())
    PackVersion.objects.filter(pk=draft.digest).update(files={"pack.toml": ""})
    from gatepost.rulebook.actions import _opened

    _opened.cache_clear()
    assert factories.message(COMPLAINT, channel=factories.channel(by=boss)).decision.offers
