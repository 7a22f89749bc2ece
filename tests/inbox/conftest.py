"""Fixtures of the inbox's tests. Rows are imported late: conftest files are read before Django is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .scene import Desk


@pytest.fixture
def desk(db: None) -> Desk:
    from .scene import make_desk

    return make_desk()
