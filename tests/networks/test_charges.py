"""What a network charges, takes in a while, and lets be done to what is out."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gatepost.networks import charges
from gatepost.networks.limits import NoLimits, figure


def test_a_link_makes_a_post_on_x_thirteen_times_as_dear() -> None:
    plain = charges.cost("x", "publish", "The office is open.")
    linked = charges.cost("x", "publish", "The office is open: https://example.org/open")
    apart = charges.cost("x", "publish", "The office is open.", "https://example.org/open")
    assert plain is not None
    assert linked == apart
    assert linked is not None
    assert (plain.dollars, plain.times, linked.dollars, linked.times) == (Decimal("0.015"), 1, Decimal("0.2"), 13)
    assert (plain.says, linked.says) == ("$0.015", "$0.20, 13 times as much as without the link")


def test_replies_and_deletions_have_prices_of_their_own_and_moderation_none() -> None:
    reply, delete = charges.cost("x", "reply", "Thank you."), charges.cost("x", "delete", "")
    assert reply is not None
    assert delete is not None
    assert (reply.dollars, delete.dollars) == (Decimal("0.01"), Decimal("0.01"))
    assert charges.cost("x", "hide", "") is None


@pytest.mark.parametrize("network", ["facebook", "wordpress"])
def test_networks_that_charge_nothing(network: str) -> None:
    for kind in ("publish", "reply", "edit", "delete"):
        assert charges.cost(network, kind, "https://example.org") is None
    assert charges.write_window(network) is None
    assert not charges.reading_costs(network)


def test_what_can_be_done_to_what_is_out() -> None:
    assert charges.can_edit("facebook")
    assert charges.can_delete("wordpress")
    assert charges.edit_minutes("x") == 30
    assert charges.edit_minutes("facebook") == 0
    window = charges.write_window("x")
    assert window == charges.Window(100, 900)
    with pytest.raises(NoLimits):
        figure("myspace", "edit")
