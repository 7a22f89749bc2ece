"""Links are followed by the worker, never while somebody waits: when they are written, and again before they leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from gatepost import jobs
from gatepost.gate.content import words_of
from gatepost.gate.facts import LinkFact, link_digest, links_in
from gatepost.gate.models import Act
from gatepost.networks.pages import PageSeen, look_at

FRESH = timedelta(hours=6)  # while writing
BEFORE = timedelta(minutes=20)  # an act leaves: its links are followed again
STALE = timedelta(minutes=15)
FORGOTTEN = timedelta(days=90)


def want(urls: Iterable[str], *, at: datetime, fresh: timedelta = FRESH) -> int:
    """Has links followed that were not followed lately; returns how many are being waited for."""
    waiting = 0
    for url in urls:
        if not url.lower().startswith(("http://", "https://")):
            continue
        fact, _ = LinkFact.objects.update_or_create(
            digest=link_digest(url), defaults={"asked_at": at}, create_defaults={"url": url, "asked_at": at}
        )
        if fact.seen_at is None or fact.seen_at < at - fresh:
            jobs.enqueue(jobs.Job.FOLLOW_LINK, link=fact.digest, once=f"link:{fact.digest}")
            waiting += fact.seen_at is None
    return waiting


def follow(fact: LinkFact, *, at: datetime, look: Callable[[str], PageSeen] = look_at) -> LinkFact:
    """Follows a link and keeps what was seen. One slow answer does not undo what was seen before."""
    seen = look(fact.url)
    if seen.broken and not seen.sure and fact.seen_at and not fact.broken:
        seen = PageSeen(seen.status, fact.address, fact.title, fact.words, seen.broken, sure=False)
    LinkFact.objects.filter(pk=fact.pk).update(
        seen_at=at,
        status=seen.status,
        address=seen.address[:2000],
        title=seen.title,
        words=seen.words,
        broken=seen.broken[:200],
        sure=seen.sure,
    )
    fact.refresh_from_db()
    return fact


def before_leaving(*, at: datetime) -> int:
    """Has the links followed of what leaves within the next minutes; forgets links that nobody has wanted for long."""
    coming = Act.objects.filter(Q(state="signed_off"), due_at__gte=at, due_at__lte=at + BEFORE)
    urls: list[str] = []
    for content in coming.values_list("content", flat=True)[:200]:
        urls += links_in(words_of(content), str(content.get("leads_to") or content.get("link", "")))
    LinkFact.objects.filter(asked_at__lt=at - FORGOTTEN).delete()
    return want(dict.fromkeys(urls), at=at, fresh=STALE)
