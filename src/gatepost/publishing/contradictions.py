"""What is at odds with an approved line as it stands now: drafts, what is to leave, what is still online."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.utils import timezone

from gatepost.gate.content import WRITES, words_of
from gatepost.gate.models import Act, Published
from gatepost.gate.states import OPEN
from gatepost.policy.checks.lines import conflicts, opposites
from gatepost.policy.model import Line
from gatepost.publishing.archive import Wanted, found
from gatepost.publishing.models import Post
from gatepost.publishing.planner import short, time_of, title_of

Where = Literal["draft", "scheduled", "online"]
MOST = 2000  # looked through of each kind, the newest first


@dataclass(frozen=True, slots=True)
class AtOdds:
    """One text that says otherwise. `said`: its words that do, and what the line gives instead ("": the opposite)."""

    where: Where
    title: str
    moment: datetime | None
    channel: str
    post: int | None
    act: str
    said: tuple[tuple[str, str], ...]


def at_odds(line: Line, *, at: datetime) -> list[AtOdds]:
    """What is scheduled first, for that can still be stopped; then what is online, then drafts."""
    return [*_scheduled(line, at), *_online(line, at), *_drafts(line, at)]


def _said(text: str, line: Line, near: date) -> tuple[tuple[str, str], ...]:
    facts = [(text[one.start : one.end], one.instead) for one in conflicts(text, line, near)]
    return tuple(dict.fromkeys([*facts, *((text[start:end].strip(), "") for start, end in opposites(text, line))]))


def _near(moment: datetime | None, at: datetime) -> date:
    return timezone.localtime(moment or at).date()


def _scheduled(line: Line, at: datetime) -> Iterator[AtOdds]:
    rows = Act.objects.filter(state__in=(*OPEN, "refused", "declined", "expired"), kind__in=(*WRITES, "edit"))
    for act in rows.select_related("channel").order_by("-created_at")[:MOST]:
        text, moment = words_of(act.content), time_of(act)
        if said := _said(text, line, _near(moment, at)):
            yield AtOdds("scheduled", _title(act.content), moment, act.channel.name, None, str(act.pk), said)


def _online(line: Line, at: datetime) -> Iterator[AtOdds]:
    """Found by the line's words in the archive, as far as it is still online."""
    words = " or ".join(f'"{word.replace(chr(34), " ")}"' for word in line.words)
    items = list(found(Wanted(words=words))[:MOST])
    gone = _gone(item.act for item in items)
    for item in items:
        if item.act not in gone and (said := _said(item.text, line, _near(item.sent_at, at))):
            title = item.title or item.text
            yield AtOdds("online", short(title), item.sent_at, item.channel_name, None, str(item.act), said)


def _gone(acts: Iterable[object]) -> set[object]:
    rows = Published.objects.filter(pk__in=list(acts), status__in=("gone", "retracted"))
    return set(rows.values_list("pk", flat=True))


def _drafts(line: Line, at: datetime) -> Iterator[AtOdds]:
    rows = Post.objects.filter(submitted_at=None, withdrawn_at=None).prefetch_related("variants__channel")
    for post in rows.order_by("-changed_at")[:MOST]:
        texts = dict.fromkeys([post.text, *(variant.text for variant in post.variants.all() if variant.text)])
        said = tuple(dict.fromkeys(one for text in texts for one in _said(text, line, _near(post.not_before, at))))
        if said:
            channels = ", ".join(variant.channel.name for variant in post.variants.all())
            yield AtOdds("draft", title_of(post), post.not_before, channels, post.pk, "", said)


def _title(content: dict[str, object]) -> str:
    return short(str(content.get("title") or content.get("text") or "Without words"))
