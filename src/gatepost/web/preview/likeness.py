"""A content as its network will show it, near enough to judge by, with its true length."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from gatepost.channels.models import Channel
from gatepost.gate.checking import as_post
from gatepost.gate.content import Content, MediaRef
from gatepost.gate.facts import seen_of
from gatepost.networks.limits import limits
from gatepost.networks.shown import crop, fold_at, pieces
from gatepost.policy.model import Finding
from gatepost.publishing.lengths import Length, leaving, length_of
from gatepost.web.frame import times

LOOKS = {"wordpress": "newsblog"}
ACTS = {
    "facebook": ("Like", "Comment", "Share"),
    "x": ("Reply", "Repost", "Like", "Share"),
    "bluesky": ("Reply", "Repost", "Like", "Share"),
    "mastodon": ("Reply", "Boost", "Favourite", "Share"),
    "threads": ("Like", "Reply", "Repost", "Share"),
    "linkedin": ("Like", "Comment", "Repost", "Send"),
    "instagram": ("Like", "Comment", "Share"),
    "youtube": ("Like", "Reply"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """What a network shows of a web address in the post: its site, and what the page says of itself."""

    site: str
    title: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    channel: Channel
    look: str
    html: SafeString
    rest: SafeString  # what stands behind "See more"
    title: str
    who: str
    sub: str
    initials: str
    acts: tuple[str, ...]
    media: Sequence[MediaRef]
    shape: str  # how a picture is cut: "16-9", "" when it is shown whole
    length: Length
    own: bool
    stopped: bool
    link: str
    card: Card | None
    parts: tuple[Preview, ...] = ()  # what follows it, each as the network shows it
    number: int = 1
    without: int = 0  # further parts that were written and do not go to this channel
    beneath: bool = False  # it stands as a comment under the post, not as a post of its own


def _marked(text: str, network: str, over_from: int | None, begin: int = 0) -> str:
    """HTML of a text: what the network links is coloured, what is too long is marked, lines are kept."""
    cut = max(0, len(text) if over_from is None else over_from - begin)
    out = []
    for part, too_long in ((text[:cut], False), (text[cut:], True)):
        html = "".join(
            escape(piece.shown)
            if piece.kind == "words"
            else format_html('<span class="gp-pv__link">{}</span>', piece.shown)
            for piece in pieces(part, network)
        ).replace("\n", "<br>")
        out.append(f'<mark class="gp-mark gp-mark--stop">{html}</mark>' if too_long and part else html)
    return "".join(out)


def paragraphs(text: str, network: str, over_from: int | None = None) -> SafeString:
    """A text as paragraphs at its empty lines."""
    if over_from is not None:
        return mark_safe(f"<p>{_marked(text, network, over_from)}</p>")  # noqa: S308  (every piece of it is escaped)
    parts = [part.strip("\n") for part in re.split(r"\n\s*\n", text)]
    html = "".join(f"<p>{_marked(part, network, None)}</p>" for part in parts if part.strip())
    return mark_safe(html or "<p>No text yet.</p>")  # noqa: S308  (as above)


def _folded(text: str, network: str, over_from: int | None) -> tuple[SafeString, SafeString]:
    """What is seen at once, and what is behind "See more"."""
    place = fold_at(text, network)
    if place is None:
        return paragraphs(text, network, over_from), SafeString("")
    rest = f"<p>{_marked(text[place:].lstrip(), network, over_from, place)}</p>"
    seen = text[:place].rstrip()
    return paragraphs(seen, network), mark_safe(rest)  # noqa: S308  (as above)


def card_of(content: Content, network: str) -> Card | None:
    """The card a network makes of the post's link; none beside pictures, which it shows instead."""
    if not content.link or content.media or not limits(network).link_card:
        return None
    try:
        site = urlsplit(content.leads_to or content.link).hostname or ""
    except ValueError:
        return None
    where = content.leads_to or content.link
    fact = seen_of([where]).get(where)
    return Card(site.removeprefix("www."), fact.title if fact else "", fact.words if fact else "")


def preview(
    channel: Channel,
    content: Content,
    *,
    findings: Sequence[Finding] = (),
    own: bool = False,
    at: datetime | None = None,
    number: int = 1,
) -> Preview:
    """`at` is when it left, when it has left; else the time it is planned for is shown. `number`: which part it is."""
    length = length_of(content, channel.network, part=number > 1)
    shown_at = at or content.not_before
    moment = times.date(shown_at, timezone.now()) if shown_at else "once it is signed off"
    who = channel.name
    sub = f"{channel.handle}, {moment}" if limits(channel.network).mentions and channel.handle else moment
    text = leaving(content, channel.network)
    html, rest = _folded(text, channel.network, length.over_from)
    shape = crop(channel.network, len(content.media))
    card = card_of(content, channel.network)
    letters = "".join(word[0] for word in who.split()[:2] if word[0].isalnum()).upper() or "?"
    return Preview(
        channel=channel,
        look=LOOKS.get(channel.network, channel.network),
        html=html,
        rest=rest,
        title=content.title,
        who=who,
        sub=sub[:1].upper() + sub[1:],
        initials=letters,
        acts=() if content.privately else ACTS.get(channel.network, ()),
        media=content.media,
        shape=f"{shape[0]}-{shape[1]}" if shape else "",
        length=length,
        own=own,
        stopped=any(found.severity == "stop" for found in findings),
        link="" if content.link in text or card else content.link,
        card=card,
        parts=tuple(
            preview(channel, as_post(content, part), at=at, number=place) for place, part in enumerate(content.parts, 2)
        ),
        number=number,
        beneath=number > 1 and limits(channel.network).parts == "comments",
    )
