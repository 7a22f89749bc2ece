"""A published item as one page of HTML that needs nothing but its pictures, for people who read an archive later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    """HTML of the facts of one item: what was sent."""
    content = facts["content"]
    parts = []
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
    parts.append(_list(rows))
    return _page(
        facts, facts["sent_at"], parts, "A copy drawn from what was sent, not a picture of the network's own page."
    )


def seen_page(facts: Mapping[str, Any], seen: Mapping[str, Any], *, at: str, digest: str) -> str:
    """HTML of what the network showed of the item with these `facts` when it was looked at. `seen` and its `digest`:
    of the event that was kept of that look."""
    number = int(seen.get("part", 0))
    content = facts["content"]
    about = next(iter(content.get("parts", ())[number - 1 : number]), {}) if number else content
    parts = [f"<h1>As {escape(facts['channel']['name'])} showed {f'part {number + 1} of it' if number else 'it'}</h1>"]
    parts.append(f"<pre>{escape(seen.get('text', ''))}</pre>")
    alts = [str(alt) for alt in seen.get("alts", ())]
    for place, item in enumerate(about.get("media", ())):
        told = alts[place] if place < len(alts) else ""
        parts.append(_medium({**item, "alt": told}))
    where = next((one["permalink"] for one in facts.get("parts", ()) if one["number"] == number), "")
    rows = [
        *((name.capitalize(), str(count)) for name, count in sorted(seen.get("counts", {}).items())),
        ("On the network", (where if number else facts.get("permalink") or facts.get("ref")) or "no address given"),
        ("Digest of what was kept of this look", digest),
    ]
    parts.append(_list(rows))
    says = (
        "Words, alternative texts and figures are those the network told at this time. The pictures are the files that "
        "were sent. Not a picture of the network's own page."
    )
    return _page(facts, at, parts, says)


def _page(facts: Mapping[str, Any], moment: str, parts: Sequence[str], says: str) -> str:
    content, channel = facts["content"], facts["channel"]
    title = " ".join((content.get("title") or content.get("text") or "Without words").split())[:80]
    head = [
        "<!DOCTYPE html>",
        f'<html lang="en-GB"><head><meta charset="utf-8"><title>{escape(title)}</title>',
        f"<style>{STYLE}</style></head><body>",
        f"<p>{escape(channel['name'])} {escape(channel['handle'])}, {escape(moment)}</p>",
    ]
    return "\n".join([*head, *parts, f"<p>{says}</p></body></html>"])


def _list(rows: Iterable[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows) + "</dl>"


def _medium(item: Mapping[str, Any]) -> str:
    at = escape(f"../{file_of(item['sha256'], item['mime'])}", quote=True)
    alt = escape(item.get("alt", ""), quote=True)
    if item["mime"].startswith("video/"):
        shown = f'<video controls src="{at}"></video>'
    else:
        shown = f'<img src="{at}" alt="{alt}">'
    return f"<figure>{shown}<figcaption>Alternative text: {alt or 'none'}</figcaption></figure>"
