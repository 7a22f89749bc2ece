"""Between plain text and what WordPress keeps: blocks, comments' HTML, slugs and typed refs."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from .seen_text import tell

_BREAKING = frozenset({"br", "p", "div", "li", "blockquote"})


@dataclass(frozen=True, slots=True)
class Embedded:
    """A picture or film of the site's library in the text. `tracks`: (address, language) of a film's subtitles."""

    address: str
    alt: str
    moving: bool = False
    tracks: tuple[tuple[str, str], ...] = ()


def blocks(text: str, link: str, shown: tuple[Embedded, ...] = ()) -> str:
    """Plain text as the block editor's HTML: a paragraph for every blank line; then pictures and films, the link.

    >>> blocks("A & B", "")
    '<!-- wp:paragraph -->\\n<p>A &amp; B</p>\\n<!-- /wp:paragraph -->'
    """
    parts = [html.escape(p, quote=False).replace("\n", "<br>") for p in _paragraphs(text)]
    made = [f"<!-- wp:paragraph -->\n<p>{part}</p>\n<!-- /wp:paragraph -->" for part in parts]
    made += [_film(one) if one.moving else _picture(one) for one in shown]
    if link and link not in text:
        anchor = f'<a href="{html.escape(link)}">{html.escape(link)}</a>'
        made.append(f"<!-- wp:paragraph -->\n<p>{anchor}</p>\n<!-- /wp:paragraph -->")
    return "\n\n".join(made)


def with_pictures(content: str, before: str) -> str:
    """New `content` with the picture blocks that stood in `before` under it."""
    kept = re.findall(r"<!-- wp:image\b.*?<!-- /wp:image -->", before, re.DOTALL)
    return "\n\n".join([content, *kept])


def _picture(one: Embedded) -> str:
    image = f'<img src="{html.escape(one.address)}" alt="{html.escape(one.alt)}"/>'
    return f'<!-- wp:image -->\n<figure class="wp-block-image">{image}</figure>\n<!-- /wp:image -->'


def _film(one: Embedded) -> str:
    """A film with its subtitles; what it shows stands under it, for a film takes no alternative text."""
    tracks = "".join(
        f'<track src="{html.escape(address)}" srclang="{html.escape(language)}" label="{html.escape(language)}" '
        f'kind="captions"{" default" if place == 0 else ""}/>'
        for place, (address, language) in enumerate(one.tracks)
    )
    film = f'<video controls src="{html.escape(one.address)}">{tracks}</video>'
    words = f'<figcaption class="wp-element-caption">{html.escape(one.alt)}</figcaption>' if one.alt else ""
    return f'<!-- wp:video -->\n<figure class="wp-block-video">{film}{words}</figure>\n<!-- /wp:video -->'


def _paragraphs(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return [p.strip() for p in re.split(r"\n\s*\n", lines) if p.strip()]


def heading(title: str, text: str) -> str:
    """The title given, or the first line of the text, cut at a word before 80 characters."""
    line = title.strip() or next((line.strip() for line in text.splitlines() if line.strip()), "")
    if len(line) <= 80:
        return line
    return line[:80].rsplit(" ", 1)[0] + "…"


def slug(title: str, key: str) -> str:
    """The address part of a post: readable, and unique for the act's key, so that a lookup needs nothing
    else."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-")
    mark = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16]
    return f"{readable}-{mark}" if readable else f"post-{mark}"


def numbered(ref: str) -> tuple[str, int]:
    """A ref as ("post" or "comment", number); ("", 0) for anything else."""
    kind, _, number = ref.partition(":")
    if kind in ("post", "comment") and number.isascii() and number.isdigit() and len(number) < 19:
        return kind, int(number)
    return "", 0


class _Words:
    def __init__(self) -> None:
        self.parts: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in _BREAKING and self.parts:
            self.parts.append("\n")

    def data(self, words: str) -> None:
        self.parts.append(words)

    def close(self) -> None:
        pass


def plain(markup: str) -> str:
    """What a reader sees of a comment's HTML, as text."""
    reader = _Words()
    tell(f"<div>{markup}", reader)  # inside an element: bare words would be told as a paragraph
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.parts)).strip()
