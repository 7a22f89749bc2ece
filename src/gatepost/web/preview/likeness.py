"""A content as its network will show it, near enough to judge by, with its true length."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from gatepost.channels.models import Channel
from gatepost.gate.content import Content, MediaRef
from gatepost.networks.limits import limits
from gatepost.policy.checks.count import count
from gatepost.policy.model import Finding
from gatepost.web.frame import times

LOOKS = {"facebook": "facebook", "x": "x", "wordpress": "newsblog"}
ACTS = {"facebook": ("Like", "Comment", "Share"), "x": ("Reply", "Repost", "Like", "Share")}
COUNTED = 100_000  # code points beyond which nothing is counted: no network takes that much
_LINKS = re.compile(r"https?://[^\s<>\"]+|(?<!\w)#\w+")


@dataclass(frozen=True, slots=True)
class Length:
    """How long a text is for its network. `words` says it in full: "282 of 280"."""

    used: int
    most: int
    words: str
    over: int
    over_from: int | None  # the code point of the text from which it is too long


@dataclass(frozen=True, slots=True)
class Preview:
    channel: Channel
    look: str
    html: SafeString
    title: str
    who: str
    sub: str
    initials: str
    acts: tuple[str, ...]
    media: Sequence[MediaRef]
    length: Length
    own: bool
    stopped: bool
    link: str


def leaving(content: Content, network: str) -> str:
    """The text as it stands on the network: X carries the link in the text."""
    if network == "x" and content.link and content.link not in content.text:
        return f"{content.text} {content.link}".strip()
    return content.text


def length_of(content: Content, network: str) -> Length:
    """The length as the network counts it."""
    known = limits(network)
    text = leaving(content, network)[:COUNTED]
    used, over_from = count(text, known.counted, known.text)
    if network == "wordpress":
        number = len(text.split())
        return Length(used, known.text, f"{number:,} word{'' if number == 1 else 's'}", 0, None)
    over = max(0, used - known.text)
    return Length(used, known.text, f"{used:,} of {known.text:,}", over, over_from if over else None)


def _marked(text: str, over_from: int | None) -> str:
    """HTML of a text: links and hashtags coloured, what is too long marked, lines kept."""
    cut = len(text) if over_from is None else over_from
    out = []
    for part, too_long in ((text[:cut], False), (text[cut:], True)):
        place, piece = 0, []
        for found in _LINKS.finditer(part):
            piece.append(escape(part[place : found.start()]))
            piece.append(format_html('<span class="gp-pv__link">{}</span>', found[0]))
            place = found.end()
        piece.append(escape(part[place:]))
        html = "".join(piece).replace("\n", "<br>")
        out.append(f'<mark class="gp-mark gp-mark--stop">{html}</mark>' if too_long and part else html)
    return "".join(out)


def paragraphs(text: str, over_from: int | None = None) -> SafeString:
    """A text as paragraphs at its empty lines."""
    if over_from is not None:
        return mark_safe(f"<p>{_marked(text, over_from)}</p>")  # noqa: S308  (every piece of it is escaped)
    parts = [part.strip("\n") for part in re.split(r"\n\s*\n", text)]
    html = "".join(f"<p>{_marked(part, None)}</p>" for part in parts if part.strip())
    return mark_safe(html or "<p>No text yet.</p>")  # noqa: S308  (as above)


def preview(
    channel: Channel,
    content: Content,
    *,
    findings: Sequence[Finding] = (),
    own: bool = False,
    at: datetime | None = None,
) -> Preview:
    """`at` is when it left, when it has left; else the time it is planned for is shown."""
    length = length_of(content, channel.network)
    shown_at = at or content.not_before
    moment = times.date(shown_at, timezone.now()) if shown_at else "once it is signed off"
    who = channel.name
    sub = f"{channel.handle}, {moment}" if channel.network == "x" and channel.handle else moment
    letters = "".join(word[0] for word in who.split()[:2] if word[0].isalnum()).upper() or "?"
    return Preview(
        channel=channel,
        look=LOOKS.get(channel.network, "facebook"),
        html=paragraphs(leaving(content, channel.network), length.over_from),
        title=content.title,
        who=who,
        sub=sub[:1].upper() + sub[1:],
        initials=letters,
        acts=ACTS.get(channel.network, ()),
        media=content.media,
        length=length,
        own=own,
        stopped=any(found.severity == "stop" for found in findings),
        link="" if content.link in leaving(content, channel.network) else content.link,
    )
