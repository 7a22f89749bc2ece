"""The figures of a network, taken over by name from whatever knows them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pytest

from gatepost.policy.model import NetworkLimits


def test_the_figures_are_taken_over_by_name() -> None:
    class Known:
        pass

    known = Known()
    for number, one in enumerate(fields(NetworkLimits)):
        setattr(known, one.name, number)
    taken = NetworkLimits.of(known)
    assert [getattr(taken, one.name) for one in fields(NetworkLimits)] == list(range(len(fields(NetworkLimits))))


def test_what_lacks_a_figure_is_no_source() -> None:
    @dataclass(frozen=True)
    class Little:
        text: int = 280

    with pytest.raises(AttributeError):
        NetworkLimits.of(Little())
