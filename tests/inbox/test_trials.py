"""A draft run over the last month: the counts of replay, bounded, with no words of anybody kept."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.inbox import past, trials
from gatepost.ledger.models import Line
from gatepost.people.models import User
from gatepost.policy.editing import parse_change
from gatepost.rulebook import drafts
from gatepost.rulebook import trials as kept
from gatepost.rulebook.models import Adoption, PackDraft, Trial
from tests import factories
from tests.factories import SETUP
from tests.rulebook.packs import COMPLAINT

pytestmark = pytest.mark.django_db

STRICT = parse_change({"do": "thresholds", "values": {"complaint": 0.999}})


@pytest.fixture
def at() -> datetime:
    return timezone.now()


@pytest.fixture
def officer() -> User:
    return factories.officer()


@pytest.fixture
def channel(officer: User) -> Channel:
    return factories.channel(by=officer)


@pytest.fixture
def draft(officer: User, at: datetime) -> PackDraft:
    return drafts.begin("Stricter", by=officer, at=at)


def tried(draft: PackDraft, officer: User, change: Any = STRICT) -> Trial:
    return drafts.attempt(draft, change, version=draft.version, by=officer, at=timezone.now())


def ran(trial: Trial) -> dict[str, Any]:
    trials.run(trial, by=SETUP, at=timezone.now())
    trial.refresh_from_db()
    assert trial.failed == ""
    assert isinstance(trial.result, dict)
    return trial.result


def test_what_would_be_decided_otherwise(officer: User, channel: Channel, draft: PackDraft) -> None:
    complaint = factories.message(COMPLAINT, channel=channel)
    factories.message("Lovely photos from the fun day!", channel=channel)
    trial = tried(draft, officer)
    result = ran(trial)
    assert (result["messages"], result["changed"], result["cut"]) == (2, 1, False)
    assert result["clauses"]["usage.7"] == 1
    assert [example["key"] for example in result["examples"]] == [complaint.subject]
    assert "-complaint" in result["examples"][0]["fields"]["decided"]
    assert COMPLAINT not in json.dumps(result)
    assert (trial.total, trial.done) == (2, 2)
    assert Line.objects.filter(verb="trial.ended", subject=f"trial:{trial.pk}").count() == 1
    trials.run(trial, by=SETUP, at=timezone.now())
    assert Line.objects.filter(verb="trial.ended", subject=f"trial:{trial.pk}").count() == 1, "it ends once"


def test_only_the_latest_are_looked_at(
    officer: User, channel: Channel, draft: PackDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    Adoption.objects.update(in_force_from=now - timedelta(days=60))
    for ago in (40, 3, 2, 1):
        factories.message(COMPLAINT, channel=channel, at=now - timedelta(days=ago))
    assert ran(tried(draft, officer))["messages"] == 3
    monkeypatch.setattr(trials, "MOST", 2)
    assert ran(tried(draft, officer))["messages"] == 2
    assert past.latest(now - timedelta(days=31), 99) == now - timedelta(days=31)


def test_it_ends_when_its_time_is_up(
    officer: User, channel: Channel, draft: PackDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.message(COMPLAINT, channel=channel)
    monkeypatch.setattr(trials, "SECONDS", -1.0)
    result = ran(tried(draft, officer))
    assert (result["messages"], result["cut"]) == (0, True)


def test_what_goes_wrong_is_an_answer(officer: User, draft: PackDraft, monkeypatch: pytest.MonkeyPatch) -> None:
    trial = tried(draft, officer)
    Trial.objects.filter(pk=trial.pk).update(files={})
    trial.refresh_from_db()
    trials.run(trial, by=SETUP, at=timezone.now())
    trial.refresh_from_db()
    assert "could not run this draft" in trial.failed

    def away(*args: object, **how: object) -> bool:
        raise OperationalError

    monkeypatch.setattr(kept, "starts", away)
    with pytest.raises(OperationalError):
        trials.run(tried(draft, officer), by=SETUP, at=timezone.now())
