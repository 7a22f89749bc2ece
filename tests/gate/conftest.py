"""Fixtures of the gate's tests. Django's rows are imported late: conftest files are read before Django is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.networks.conftest import town, wordpress

if TYPE_CHECKING:
    from .scene import Desk, Wire
    from .uploads import Store


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    from .scene import make_wire

    return make_wire(monkeypatch)


@pytest.fixture
def desk(db: None, wire: Wire) -> Desk:
    from .scene import make_desk

    return make_desk(wire)


@pytest.fixture
def store(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Store:
    from .uploads import make_store

    return make_store(desk, monkeypatch)


__all__ = ["town", "wordpress"]  # the practice town and a real WordPress, where the gate sends to them
