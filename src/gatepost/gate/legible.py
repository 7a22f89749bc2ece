"""Acts whose content this version of the desk cannot read: pages show what can be shown of them, and say so."""

from __future__ import annotations

from datetime import datetime

from gatepost.gate.content import BadContent, Content, from_json
from gatepost.gate.models import Act


def known_of(act: Act) -> Content:
    """Its content to look at, never to send: of one that cannot be read its words and its time alone."""
    try:
        return from_json(act.content)
    except BadContent:
        pass
    shown = {name: str(act.content.get(name) or "") for name in ("text", "title", "link", "not_before")}
    try:
        datetime.fromisoformat(shown["not_before"])
    except ValueError:
        shown["not_before"] = ""
    return from_json({**shown, "kind": act.kind, "channel": act.channel_id})


def why_not_read(act: Act) -> str:
    """Why it can be neither signed nor sent, for people; "" for what can be read."""
    try:
        from_json(act.content)
    except BadContent as error:
        return str(error)
    return ""
