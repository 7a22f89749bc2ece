"""The worker lets planned adoptions take hold when their time has come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from gatepost.people.models import Role
from gatepost.rulebook.actions import adopt
from gatepost.worker import loops
from tests import factories
from tests.rulebook.packs import shipped

pytestmark = pytest.mark.django_db


def test_roles_follow_a_planned_adoption(monkeypatch: pytest.MonkeyPatch) -> None:
    boss, at = factories.officer(), timezone.now()
    title = ('title = "Communications Officer"', 'title = "Head of News"')
    adopt(shipped(roles=title), by=boss, at=at, starts=at + timedelta(hours=1))
    assert loops.adopting() > 0
    assert Role.objects.get(pk="communications_officer").title == "Communications Officer"
    monkeypatch.setattr(loops.timezone, "now", lambda: at + timedelta(hours=1))
    loops.adopting()
    assert Role.objects.get(pk="communications_officer").title == "Head of News"
