"""Who works at the policy's screens, and on which draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from gatepost.people.models import User
    from gatepost.rulebook.models import PackDraft


@pytest.fixture
def officer() -> User:
    from tests import factories  # Django is ready only when tests run

    return factories.officer(standing=True)


@pytest.fixture
def boss(officer: User) -> Client:
    from django.test import Client

    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def draft(officer: User) -> PackDraft:
    from django.utils import timezone

    from gatepost.rulebook import drafts

    return drafts.begin("Kinder words", by=officer, at=timezone.now())
