"""What the address of a post tells."""

from __future__ import annotations

import pytest

from gatepost.networks.addresses import ref_at, shown_on


@pytest.mark.parametrize(
    ("network", "host", "shown"),
    [
        ("x", "x.com", True),
        ("x", "www.twitter.com", True),
        ("x", "notx.com", False),
        ("facebook", "m.facebook.com", True),
        ("facebook", "x.com", False),
        ("wordpress", "news.example.org", True),
    ],
)
def test_where_a_network_shows_posts(network: str, host: str, shown: bool) -> None:
    assert shown_on(network, host) is shown


def test_the_number_in_an_address() -> None:
    assert ref_at("x", "https://x.com/millrace/status/1795/photo/1") == "1795"
    assert ref_at("x", "https://x.com/millrace") == ""
    assert ref_at("facebook", "https://www.facebook.com/status/1795") == ""
