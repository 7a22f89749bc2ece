"""What changed between two versions of a post, in words people read: the field, and word by word what went and came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.policy.pack import Pack
from gatepost.publishing.merging import Change
from gatepost.publishing.models import Campaign
from gatepost.web.frame import times
from gatepost.web.sign_off.group import Word, diff


@dataclass(frozen=True, slots=True)
class Told:
    name: str
    words: tuple[Word, ...]


def told(changes: Iterable[Change], pack: Pack) -> list[Told]:
    """The changes with both sides as words."""
    out = []
    for one in changes:
        before, after = said(one.field, one.before, pack), said(one.field, one.after, pack)
        if before != after:  # nothing and an empty list are the same to people
            out.append(Told(one.name, diff(before, after)))
    return out


def said(field: str, value: Any, pack: Pack) -> str:
    """The value of a field of versions.as_json as a person would say it."""
    if not value:
        return ""
    if field in ("channels", "texts"):
        names = dict(Channel.objects.filter(pk__in=[int(key) for key in value]).values_list("pk", "name"))
        if field == "channels":
            return ", ".join(sorted(names.get(number, "a closed channel") for number in value))
        return "\n".join(f"{names.get(int(number), 'A closed channel')}: {text}" for number, text in value.items())
    if field == "pictures":
        return "\n".join(f"Picture {item['sha256'][:8]}: {item['alt'] or 'not described'}" for item in value)
    if field == "parts":
        return "\n".join(f"Part {number}: {part['text']}" for number, part in enumerate(value, 2))
    if field in ("not_before", "expires_at"):
        moment = datetime.fromisoformat(value)
        return f"{times.hour(moment)}, {times.date(moment, timezone.now())}"
    if field == "campaign":
        return Campaign.objects.filter(pk=value).values_list("name", flat=True).first() or ""
    if field == "answers":
        return "\n".join(f"{check.replace('_', ' ')}: {text}" for check, text in value.items())
    named = {"kind": pack.post_kinds, "aim": pack.aims, "audiences": pack.audiences}.get(field, ())
    titles = {item.id: item.title for item in named}
    if isinstance(value, list):
        return ", ".join(titles.get(item, str(item)) for item in value)
    return titles.get(value, str(value))
