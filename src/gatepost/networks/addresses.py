"""Where each network shows what is said there, and what an address tells of it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_HOSTS = {
    "x": ("x.com", "twitter.com"),
    "facebook": ("facebook.com", "fb.com", "messenger.com"),
    "instagram": ("instagram.com",),
}
_REFS = {"x": re.compile(r"/status/([0-9]{1,25})(?:[/?#]|$)")}


def host_of(address: str) -> str:
    """The host of a web address, in lower case; "" for what is none."""
    try:
        parts = urlsplit(address)
        return (parts.hostname or "").lower() if parts.scheme in ("https", "http") else ""
    except ValueError:
        return ""


def shown_on(network: str, host: str) -> bool:
    """Whether the network shows posts on `host` (in lower case); of a network without a site of its own, always."""
    known = _HOSTS.get(network, ())
    return not known or any(host == one or host.endswith(f".{one}") for one in known)


def ref_at(network: str, address: str) -> str:
    """The network's number of the post at an address; "" where the address does not tell.

    >>> ref_at("x", "https://x.com/millrace/status/1795?s=20")
    '1795'
    """
    pattern = _REFS.get(network)
    found = pattern.search(address) if pattern else None
    return found[1] if found else ""
