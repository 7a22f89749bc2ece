"""People and channels of the screens' tests. A file that needs others makes its own by the same name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from gatepost.channels.models import Channel
    from gatepost.people.models import User


@pytest.fixture
def officer() -> User:
    from tests import factories  # Django is ready only when tests run

    return factories.officer()


@pytest.fixture
def channel(officer: User) -> Channel:
    from tests import factories

    return factories.channel(by=officer, name="Millrace on Facebook")


@pytest.fixture
def x(officer: User) -> Channel:
    from tests import factories

    return factories.channel(by=officer, network="x", name="Millrace on X", base_url="http://127.0.0.1:9/x")
