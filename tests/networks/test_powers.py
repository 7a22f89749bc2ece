"""What each network allows agrees with what the connectors do and with the limits, and names its source."""

from __future__ import annotations

import pytest

from gatepost.networks.keeping_out import Blocks, ClosesComments, Mutes
from gatepost.networks.limits import NoLimits, all_networks, limits
from gatepost.networks.powers import KINDS, everywhere, power, powers
from gatepost.networks.registry import connect, networks

from .wires import FACEBOOK, WORDPRESS, X

ACCOUNTS = {"facebook": FACEBOOK, "x": X, "wordpress": WORDPRESS}


def test_every_network_says_of_every_deed_whether_it_is_possible() -> None:
    assert [name for name, _, _ in everywhere()] == list(all_networks())
    for name, _, found in everywhere():
        assert tuple(found) == KINDS, name
        for one in found.values():
            assert one.source
            assert one.read.year >= 2026
            assert one.can != "no" or not one.seen_by


def test_no_channel_can_be_of_a_network_of_which_nothing_is_written_down() -> None:
    assert set(networks()) <= {name for name, _, _ in everywhere()}


@pytest.mark.parametrize("network", ["facebook", "x", "wordpress"])
def test_what_the_desk_does_itself_is_what_the_connectors_can(network: str) -> None:
    known = limits(network)
    assert (power(network, "hide").can == "desk") == known.hide
    assert (power(network, "remove").can == "desk") == known.remove_others
    assert power(network, "hide").seen_by == known.hidden_still_visible_to
    connector = connect(ACCOUNTS[network])
    for kind, ability in {"block": Blocks, "mute": Mutes, "close": ClosesComments}.items():
        assert (power(network, kind).can == "desk") == isinstance(connector, ability), kind  # type: ignore[arg-type]
    assert power(network, "report").can != "desk"


@pytest.mark.parametrize("network", [name for name in all_networks() if name not in ("facebook", "x", "wordpress")])
def test_without_a_connector_nothing_is_promised_from_the_desk(network: str) -> None:
    assert "desk" not in {one.can for one in powers(network).values()}
    assert (power(network, "hide").can == "no") == (not limits(network).hide)
    assert (power(network, "remove").can == "no") == (not limits(network).remove_others)


def test_what_is_removed_is_gone_and_what_is_hidden_can_be_shown() -> None:
    for name, _, found in everywhere():
        assert not found["remove"].undo, name
        assert found["hide"].undo, name


def test_an_unknown_network_is_refused() -> None:
    with pytest.raises(NoLimits, match="myspace"):
        powers("myspace")
