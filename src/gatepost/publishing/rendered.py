"""A published item as one page of HTML that needs nothing but its pictures, for people who read an archive later."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "video/mp4": "mp4",
    "text/vtt": "vtt",
}
STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}"
    "img,video{max-width:100%}dt{font-weight:bold}pre{white-space:pre-wrap}"
)


def file_of(sha256: str, mime: str) -> str:
    """Where a picture lies beside the pages of an export."""
    return f"media/{sha256}.{EXTENSIONS.get(mime, 'bin')}"


def page(facts: Mapping[str, Any]) -> str:
    """HTML of the facts of one item."""
    content = facts["content"]
    head = " ".join((content.get("title") or content.get("text") or "Without words").split())[:80]
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="en-GB"><head><meta charset="utf-8"><title>{escape(head)}</title>',
        f"<style>{STYLE}</style></head><body>",
        f"<p>{escape(facts['channel']['name'])} {escape(facts['channel']['handle'])}, {escape(facts['sent_at'])}</p>",
    ]
    if content.get("title"):
        parts.append(f"<h1>{escape(content['title'])}</h1>")
    parts.append(f"<pre>{escape(content.get('text', ''))}</pre>")
    for item in content.get("media", ()):
        parts.append(_medium(item))
    for part in content.get("parts", ()):
        parts.append(f"<pre>{escape(part.get('text') or part.get('target', ''))}</pre>")
        parts += [_medium(item) for item in part.get("media", ())]
    if content.get("link"):
        parts.append(f"<p>Link: {escape(content['link'])}</p>")
    rows = [
        ("Written by", facts["author"]["name"]),
        *(("Signed off by", f"{one['by']}, {one['at']}") for one in facts["sign_offs"]),
        ("On the network", facts.get("permalink") or facts.get("ref") or "no address given"),
        ("Digest of what was signed", facts["digest"]),
    ]
    parts.append("<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows) + "</dl>")
    parts.append("<p>A copy drawn from what was sent, not a picture of the network's own page.</p></body></html>")
    return "\n".join(parts)


def _medium(item: Mapping[str, Any]) -> str:
    at = escape(f"../{file_of(item['sha256'], item['mime'])}", quote=True)
    alt = escape(item.get("alt", ""), quote=True)
    if item["mime"].startswith("video/"):
        shown = f'<video controls src="{at}"></video>'
    else:
        shown = f'<img src="{at}" alt="{alt}">'
    return f"<figure>{shown}<figcaption>Alternative text: {alt or 'none'}</figcaption></figure>"
