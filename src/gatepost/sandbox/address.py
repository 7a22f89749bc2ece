"""Where people see, on the town's page, what a fake network's ref names."""

from __future__ import annotations

from urllib.parse import quote, urlsplit


def seen_at(base_url: str, ref: str) -> str:
    """The address on the town's page of `ref`, given the address a connector uses, e.g. http://127.0.0.1:8001/x."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}/#i{quote(ref)}"
