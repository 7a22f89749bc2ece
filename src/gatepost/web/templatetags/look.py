"""Tags of the look: icons, states, clauses, clocks, channels, times, marked and masked text.

In every template without {% load %}: {% icon "send" %}, {% state act %}, {% tag "Held" %}, {% clause "desk:gate" %},
{% clock message.due_at %}, {% channel_sign channel %}, {% when act.sent_at %}, {% pieces text spans %}.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from gatepost.inbox import masking
from gatepost.ledger.governing import NAMED, clause_for
from gatepost.networks import registry
from gatepost.policy.model import Span
from gatepost.web.frame import times
from gatepost.web.frame.events import events
from gatepost.web.frame.facts import counted
from gatepost.web.frame.places import address
from gatepost.web.frame.signs import NOTHING, SIGNS, path_of

register = template.Library()

SVG = '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>'
NONE = mark_safe("")
FOLD = 5_000  # code points of a message that are shown at once
# what a mark under words of a message means: a stop, something to decide, something to know
VOICES = {
    "complaint": "ask",
    "staff_abuse": "stop",
    "offensive": "stop",
    "hate": "stop",
    "safeguarding": "stop",
    "personal_details": "stop",
}


@cache
def _version(path: str) -> str:
    found = finders.find(path)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10] if isinstance(found, str) else ""


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file with its content's digest: a new version is fetched, an old one may be kept."""
    version = _version(path)
    return f"{static(path)}?{version}" if version else static(path)


@register.simple_tag(takes_context=True)
def live(context: template.Context, *beginnings: str) -> SafeString:
    """The attributes of a part of a page (an element with an id) that is fetched anew when something happens whose
    verb begins so: {% live "act." "hold." %}. The page extends `base_page`."""
    request = context["request"]
    asked = request.GET.copy()
    asked["live"] = "1"
    return format_html(
        'data-live-part data-live-on="{} back" data-live-url="{}?{}"',
        events(*beginnings),
        request.path,
        asked.urlencode(),
    )


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, extra: str = "") -> SafeString:
    """A Lucide sign as SVG in the page. `extra` is a further class."""
    # the markup is our own data file's
    return format_html(SVG, f"gp-icon {extra}".strip(), mark_safe(path_of(name)))  # noqa: S308


@register.simple_tag
@lru_cache(maxsize=512)
def tag(word: str, voice: str = "", sign: str = "") -> SafeString:
    """A state in its one word, with its sign and voice; others are given for what has no fixed word."""
    known = SIGNS.get(word, NOTHING)
    voice, sign = voice or known[0], sign or known[1]
    kind = "gp-tag" if voice == "plain" else f"gp-tag gp-tag--{voice}"
    return format_html('<span class="{}">{}{}</span>', kind, icon(sign) if sign else NONE, word)


DANGERS = {1: ("May be an emergency", "siren"), 2: ("Somebody may be in danger", "heart-pulse")}


@register.simple_tag
@lru_cache(maxsize=8)
def danger(grave: int, small: bool = False) -> SafeString:
    """Why a message stands before all others, in words with a sign; nothing where it does not. `small`: as a tag."""
    if grave not in DANGERS:
        return NONE
    words, sign = DANGERS[grave]
    return (
        tag(words, "stop", sign) if small else format_html('<strong class="gp-danger">{}{}</strong>', icon(sign), words)
    )


@register.simple_tag
def state(row: Any, held: bool = False) -> SafeString:
    """The state of an act, message, referral or channel. `held`: a hold stands before a signed-off act."""
    word = row.MACHINE.words.get(row.state, row.state)
    if held and row.state == "signed_off":
        return tag("Held")
    if row.state == "sent" and getattr(row, "parts_out", 0) and row.parts_out <= len(row.content.get("parts", ())):
        return tag("Sent in part", "stop", "triangle-alert")
    if row.state == "refused" and hasattr(row, "channel"):
        return tag(f"Refused by {registry.title(row.channel.network)}", "stop", "circle-x")
    if row.MACHINE.name == "message" and row.visibility != "shown":
        return format_html("{} {}", tag(word), tag(row.get_visibility_display()))
    return tag(word)


@register.simple_tag
def clause(name: str) -> SafeString:
    """A citation that leads to the words of the policy. "desk:sign_off" is what governs that part of the desk in the
    policy in force; nothing where nothing does."""
    name = clause_for(name, timezone.now()) if NAMED in name else name
    return _citation(name) if name else NONE


@lru_cache(maxsize=1024)
def _citation(name: str) -> SafeString:
    to = f"{address('policy')}#{name}"
    spoken = '<span class="govuk-visually-hidden">Policy clause </span>'
    return format_html('<a class="gp-clause" href="{}">{}{}</a>', to, mark_safe(spoken), name)  # noqa: S308  (ours)


@register.simple_tag
def clauses(names: Iterable[str]) -> SafeString:
    return format_html_join(" ", "{}", ((clause(name),) for name in names))


@register.simple_tag(takes_context=True)
def clock(context: template.Context, due: datetime | None, left: bool = False, by: str = "by") -> SafeString:
    """How long is left until `due`, or how late it is. `left` aligns it to the left; `by` is the word before the
    time: "sign by", "goes out"."""
    if due is None:
        return NONE
    now = context.get("now") or timezone.now()
    how = times.urgency(due, now)
    words = f"Late by {times.length(now - due)}" if how == "late" else f"{times.length(due - now)} left"
    rule = f"was due {times.when(due, now)}" if how == "late" else f"{by} {_by(due, now)}"
    look = "gp-clock" + (f" gp-clock--{how}" if how else "") + (" gp-clock--left" if left else "")
    sign = icon("alarm-clock" if how == "late" else "clock")
    return format_html(
        '<p class="{}"><span class="gp-clock__left">{}{}</span> <time datetime="{}">{}</time></p>',
        look,
        sign,
        words,
        due.isoformat(),
        rule,
    )


def _by(due: datetime, now: datetime) -> str:
    here = times.local(due).date() == times.local(now).date()
    return f"{times.hour(due)} today" if here else f"{times.hour(due)} {times.day(due, now, short=True)}"


@register.simple_tag
def channel_sign(channel: Any, name: str = "") -> SafeString:
    """A channel's two letters and its name. Letters, not logos."""
    return _signed(channel.network, name or channel.name)


@register.simple_tag
def network_sign(network: str) -> SafeString:
    return _signed(network, registry.title(network))


@lru_cache(maxsize=256)
def _signed(network: str, name: str) -> SafeString:
    return format_html(
        '<span class="gp-chan"><span class="gp-chan__sign" aria-hidden="true">{}</span>{}</span>',
        registry.sign(network),
        name,
    )


def _time(moment: datetime | None, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), words) if moment else NONE


@register.simple_tag
def when(moment: datetime | None, full: bool = False) -> SafeString:
    """10:42am today, 10:42am Thu 26 Nov on other days; `full`: 10:42am on Thursday 26 November."""
    if moment is None:
        return NONE
    now = timezone.now()
    words = f"{times.hour(moment)} on {times.date(moment, now)}" if full else times.when(moment, now)
    return _time(moment, words)


@register.simple_tag
def day(moment: datetime | None) -> SafeString:
    return _time(moment, times.date(moment, timezone.now())) if moment else NONE


@register.simple_tag
def hour(moment: datetime | None) -> SafeString:
    return _time(moment, times.hour(moment)) if moment else NONE


@register.simple_tag
def ago(moment: datetime | None) -> SafeString:
    return _time(moment, times.ago(moment, timezone.now())) if moment else NONE


@register.filter
def capped(number: int) -> str:
    """A count as shown: 1,204, or 999+ above the cap."""
    return counted(number)


@register.filter
def of(mapping: Any, key: Any) -> Any:
    """mapping[key], or "" when it is not there."""
    return mapping.get(key, "") if hasattr(mapping, "get") else ""


@register.simple_tag
def pieces(text: str, spans: Sequence[Any] = (), mask: bool = True, whole: int = 0, version: int = 0) -> SafeString:
    """A text with its spans marked and numbered; personal details are bars of fixed width unless `mask` is off.

    `spans` are policy spans, or their kept form [start, end, label, kind]. A long text ends where FOLD says, with how
    much more there is; with a link to all of it where `whole` is the message it is of (and `version` an earlier one).
    """
    known = list(spans) if spans and isinstance(spans[0], Span) else masking.spans_of(spans)
    shown, inside = masking.folded(text, known, FOLD)
    said = _marked(shown, inside, mask=mask)
    if len(shown) == len(text):
        return said
    more = f"{len(text) - len(shown):,} more characters."
    if not whole:
        return format_html('{} … <span class="gp-muted">{}</span>', said, more)
    here = f"{reverse('message_whole', args=[whole])}{f'?version={version}' if version else ''}"
    link = format_html('<a href="{}">Show all<span class="govuk-visually-hidden"> of this message</span></a>', here)
    return format_html('{} … <span class="gp-muted">{}</span> {}', said, more, link)


@register.simple_tag
def all_pieces(text: str, spans: Sequence[Span], mask: bool) -> SafeString:
    """The same as `pieces`, to its last word."""
    return _marked(text, spans, mask=mask)


def _marked(text: str, spans: Sequence[Span], *, mask: bool) -> SafeString:
    return format_html_join("", "{}", ((_piece(piece),) for piece in masking.pieces(text, spans, mask=mask)))


def _piece(piece: masking.Piece) -> SafeString | str:
    number = format_html('<sup class="gp-mark__n">{}</sup>', piece.number) if piece.number else NONE
    if piece.masked:
        named = piece.kind.replace("_", " ")
        named = f"{named[:1].upper()}{named[1:]} hidden"
        bar = '<span class="gp-mask gp-mask--{}" role="img" aria-label="{}"></span>{}'
        return format_html(bar, piece.kind, named, number)
    if piece.label:
        voice = VOICES.get(piece.label, "note")
        return format_html('<mark class="gp-mark gp-mark--{}">{}</mark>{}', voice, piece.text, number)
    return piece.text
