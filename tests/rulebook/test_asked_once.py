"""The policy in force is asked for once while a page is made, and each time elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gatepost.rulebook.actions import NoPolicy, in_force
from gatepost.rulebook.asked_once import TOGETHER, asked_once
from tests import factories

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def asked(*moments: datetime) -> int:
    with CaptureQueriesContext(connection) as statements:
        for at in moments:
            in_force(at)
    return len(statements)


def test_once_a_page_and_each_time_elsewhere() -> None:
    factories.pack(AT)
    in_force(AT)  # the pack itself is read once
    assert asked(AT, AT) == 2
    with asked_once():
        assert asked(AT, AT + TOGETHER, AT) == 1
        assert asked(AT + TOGETHER + timedelta(seconds=1)) == 1
        assert asked(AT - timedelta(seconds=1)) == 1
        with pytest.raises(NoPolicy):
            in_force(factories.LONG_AGO - timedelta(days=1))
    assert asked(AT, AT) == 2
