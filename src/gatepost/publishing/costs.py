"""What a network charges for sending something, in words, for the pages on which it is written and signed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from gatepost.channels.models import Channel
from gatepost.networks.charges import Cost, cost
from gatepost.networks.limits import network_title, source


def said(kind: str, content: Mapping[str, Any], channel: Channel) -> str:
    """ "X charges $0.20, 13 times as much as without the link."; "" where the network charges nothing. `content` as the
    gate keeps it; all its parts are counted."""
    network = channel.network
    found = cost(network, kind, str(content.get("text", "")), str(content.get("link", "")))
    if found is None:
        return ""
    if parts := content.get("parts", ()):
        each = [cost(network, kind, str(part.get("text", ""))) for part in parts]
        found = Cost(found.dollars + sum(one.dollars for one in each if one))
    practice = " Not in the practice town." if channel.practice else ""
    read_on = date.fromisoformat(source(network, "cost_post")[1])
    return f"{network_title(network)} charges {found.says} (price of {read_on:%-d %B %Y}).{practice}"
