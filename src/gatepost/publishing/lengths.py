"""How long a content is, as its network counts it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gatepost.gate.content import Content
from gatepost.networks.limits import figure, limits
from gatepost.policy.checks.count import count

COUNTED = 100_000  # code points beyond which nothing is counted: no network takes that much


@dataclass(frozen=True, slots=True)
class Length:
    """How long a text is for its network. `words` says it in full: "282 of 280"."""

    used: int
    most: int
    words: str
    over: int
    over_from: int | None  # the code point of the text from which it is too long


def leaving(content: Content, network: str) -> str:
    """The text as it stands on the network: some carry the link in the text."""
    if limits(network).link_in_text and content.link and content.link not in content.text:
        return f"{content.text} {content.link}".strip()
    return content.text


def length_of(content: Content, network: str, *, part: bool = False) -> Length:
    """The length as the network counts it; of a further part by the limit of what it becomes there."""
    known = limits(network)
    if content.privately:  # a message to one person may be shorter than what is public
        known = replace(known, text=int(figure(network, "private_text") or known.text))
    if part and known.parts == "comments":
        known = replace(known, text=known.comment)
    text = leaving(content, network)[:COUNTED]
    used, over_from = count(text, known.counted, known.text)
    if network == "wordpress":
        number = len(text.split())
        return Length(used, known.text, f"{number:,} word{'' if number == 1 else 's'}", 0, None)
    over = max(0, used - known.text)
    size = len(text.encode("utf-8", "surrogatepass"))
    if known.text_bytes and size > known.text_bytes:
        too_many = size - known.text_bytes
        return Length(used, known.text, f"{size:,} of {known.text_bytes:,} bytes", max(over, too_many), over_from)
    return Length(used, known.text, f"{used:,} of {known.text:,}", over, over_from if over else None)
