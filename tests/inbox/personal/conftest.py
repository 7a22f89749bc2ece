from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.inbox.scene import Desk

    from .scene import Told


@pytest.fixture
def told(desk: Desk) -> Told:
    from .scene import told

    return told(desk)
