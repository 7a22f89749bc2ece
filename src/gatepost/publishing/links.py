"""Our own short links, and addresses that say where their readers came from. The policy decides which.

A short link is counted by day, and nothing is kept of who followed it: no address, no browser, no cookie.
"""

from __future__ import annotations

import re
import secrets
from datetime import date, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate.models import Act
from gatepost.publishing.models import Campaign, LinkDay, Post, ShortLink

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that are mistaken for one another
LENGTH = 7


def tagged(url: str, *, source: str, campaign: str) -> str:
    """The address with utm_source, utm_medium and utm_campaign, where it does not say these itself.

    >>> tagged("https://example.org/a?b=1#c", source="x", campaign="Open day")
    'https://example.org/a?b=1&utm_source=x&utm_medium=social&utm_campaign=open-day#c'
    """
    try:
        parts = urlsplit(url)
        given = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return url
    named = {name for name, _ in given}
    tags = {"utm_source": source, "utm_medium": "social", "utm_campaign": plain(campaign)}
    more = [(name, value) for name, value in tags.items() if name not in named and value]
    # What stands there is left as it is written: some sites read their parameters to the letter.
    query = "&".join(part for part in (parts.query, urlencode(more)) if part)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))


def plain(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:60]


def campaign_of(post: Post) -> str:
    if not post.campaign_id:
        return post.kind
    return Campaign.objects.filter(pk=post.campaign_id).values_list("name", flat=True).first() or post.kind


def leaving_link(post: Post, channel: Channel, how: str) -> tuple[str, str]:
    """(the link as it leaves for this channel, where it leads when it is a short one of ours). `how` is the policy's
    word: "plain", "utm" or "short"."""
    if not post.link or how == "plain":
        return post.link, ""
    full = tagged(post.link, source=channel.network, campaign=campaign_of(post))
    if how == "utm":
        return full, ""
    short = ShortLink.objects.filter(post=post, channel=channel, target=full).first() or _made(post, channel, full)
    return address_of(short), full


@transaction.atomic
def _made(post: Post, channel: Channel, target: str) -> ShortLink:
    """A link that has been signed off is never turned to lead elsewhere: another target is another link."""
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        made, new = ShortLink.objects.get_or_create(
            code=code, defaults={"post": post, "channel": channel, "target": target, "made_at": timezone.now()}
        )
        if new:
            return made


def address_of(short: ShortLink) -> str:
    return f"{settings.PUBLIC_URL}/l/{short.code}"


OUT = ("sending", "sent", "unconfirmed")


def _leading(code: str) -> ShortLink | None:
    """The short link of a code once it leads on: from when something signed off with it and its target leaves. A link
    that nobody has signed leads nowhere, or our own name would vouch for whatever somebody types into a draft."""
    short = ShortLink.objects.filter(code=code).first()
    if short is None:
        return None
    # The end of the address is enough: the desk may have moved to another name since.
    signed = {"content__link__endswith": f"/l/{short.code}", "content__leads_to": short.target}
    out = Q(state__in=OUT) | Q(parts_out__gt=0)  # between two parts of a thread as well
    left = Act.objects.filter(out, channel=short.channel_id, kind="publish", **signed)
    return short if left.exists() else None


def target_of(code: str) -> str | None:
    """Where a short link leads; None for a code there is not, or of which nothing has left."""
    short = _leading(code)
    return short.target if short else None


def followed(code: str, *, at: datetime) -> str | None:
    """Counts one following of a short link; where it leads, None as `target_of` says."""
    short = _leading(code)
    if short is None:
        return None
    day: date = timezone.localtime(at).date()
    LinkDay.objects.get_or_create(link=short, day=day)
    LinkDay.objects.filter(link=short, day=day).update(times=F("times") + 1)
    return short.target


def counted(post: Post) -> list[tuple[ShortLink, list[LinkDay]]]:
    """The short links of a post that lead on, with how often on each day, the latest first."""
    rows = post.short_links.select_related("channel").prefetch_related("days").order_by("made_at", "code")
    return [(one, sorted(one.days.all(), key=lambda day: day.day, reverse=True)) for one in rows if _leading(one.code)]
