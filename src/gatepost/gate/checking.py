"""What the policy says of an act's content, at submission, at sign-off and again at the moment of sending."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import cache
from typing import Any

from django.utils import timezone

from gatepost.gate.content import WORDS_OF_OURS, Content, MediaRef, Part
from gatepost.gate.facts import facts_of, links_in, seen_of
from gatepost.networks.limits import figure, limits, network_title
from gatepost.policy.check import NetworkLimits, check
from gatepost.policy.model import BrokenLink, Finding, Image, Inbound, Line, Outbound
from gatepost.policy.pack import Pack
from gatepost.rulebook.lines import lines_in_force


class Stopped(Exception):
    """The policy stops this content. `findings` says where and how to mend it. Nothing has been sent."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(" ".join(f"{found.message} {found.mend}" for found in findings))
        self.findings = findings


class Unanswered(Stopped):
    """The policy asks something of the author that has not been answered."""


@cache
def network_limits(network: str) -> NetworkLimits:
    return NetworkLimits.of(limits(network))


@cache
def private_limits(network: str) -> NetworkLimits:
    """The limits of a private message: it may be shorter than what is public."""
    usual = network_limits(network)
    return replace(usual, text=int(figure(network, "private_text") or usual.text))


def draft_of(
    content: Content,
    network: str,
    context: Mapping[str, Any],
    wording: str,
    lines: tuple[Line, ...] = (),
    at: datetime | None = None,
) -> Outbound:
    """The content as the policy's checks read it; `lines` are the approved lines it is held to. `context` may hold
    "answering", "exchanges", "private", "person_wrote_first", "post_kind", "aim", "summoned", "last_private",
    "commented" (both ISO), "by_hand" and "closed_group"."""
    answering = context.get("answering")
    kind = "reply" if content.kind == "reply" else "post"
    return Outbound(
        text=content.text,
        network=network,
        called=network_title(network),
        kind="private" if context.get("private") else kind,
        link=content.link,
        images=images_of(content.media, at=at or timezone.now(), writers=_writers(context)),
        answering=Inbound(id=answering["id"], text=answering["text"], network=network) if answering else None,
        wording=wording,
        person_wrote_first=bool(context.get("person_wrote_first")),
        exchanges=int(context.get("exchanges", 0)),
        lines=lines,
        post_kind=str(context.get("post_kind", "")),
        aim=context.get("aim"),
        leaves=content.not_before,
        # A person may answer there by hand whoever was named; only programs may not.
        summoned=True if context.get("by_hand") else context.get("summoned"),
        last_private=_moment(context.get("last_private")),
        commented=_moment(context.get("commented")),
        closed_group=bool(context.get("closed_group")),
        broken_links=broken_in(content),
    )


def broken_in(content: Content) -> tuple[BrokenLink, ...]:
    """Links that could not be followed when they were last looked at. Nothing is asked of the network here."""
    if "http" not in content.text.lower() and not content.link:
        return ()
    seen = seen_of(links_in(content.text, content.leads_to or content.link))
    return tuple(BrokenLink(url, fact.broken, fact.sure) for url, fact in seen.items() if fact.broken)


def _writers(context: Mapping[str, Any]) -> set[int]:
    """Whoever wrote what is checked, as far as that is known."""
    author = context.get("author")
    return {*context.get("editors", ()), *([author] if author else ())}


def images_of(media: Sequence[MediaRef], *, at: datetime, writers: Collection[int] = ()) -> tuple[Image, ...]:
    """Pictures and films with what is known of them at this moment, such as a consent that has ended."""
    facts = facts_of(item.sha256 for item in media)
    out = []
    for item in media:
        known = facts.get(item.sha256)
        moving = item.mime.startswith("video/")
        out.append(
            Image(
                mime=item.mime,
                width=item.width,
                height=item.height,
                bytes=item.bytes,
                alt=item.alt,
                sharpness=known.sharpness if known else None,
                text_share=known.text_share if known else None,
                words=known.words if known else "",
                captions=bool(item.captions) if moving else None,
                seconds=known.seconds if known else None,
                consent=known.consent(at, writers) if known else "",
            )
        )
    return tuple(out)


def _moment(text: object) -> datetime | None:
    """A time as the context keeps it, in ISO form."""
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None


def findings_of(
    content: Content,
    network: str,
    *,
    pack: Pack,
    at: datetime,
    context: Mapping[str, Any],
    wording: str = "",
    lines: tuple[Line, ...] | None = None,
) -> list[Finding]:
    """Findings for new text of ours; moderation of others' posts has no text of ours to check. `lines` are the approved
    lines where the caller has them already."""
    if content.kind not in WORDS_OF_OURS:
        return []
    held_to = lines_in_force() if lines is None else lines
    first = replace(content, parts=())
    known = private_limits(network) if context.get("private") else network_limits(network)
    found = check(draft_of(first, network, context, wording, held_to, at), pack, at, known)
    for number, part in enumerate(content.parts):
        draft = draft_of(as_post(content, part), network, context, "", held_to, at)
        more = check(draft, pack, at, part_limits(network))
        found += [_of_part(one, number) for one in more if _is_news(one, found)]
    return found


def as_post(content: Content, part: Part) -> Content:
    """One further part as the checks and the previews read it: a post of its own, without title and link."""
    return replace(content, text=part.text, media=part.media, title="", link="", leads_to="", parts=())


def _is_news(found: Finding, known: Sequence[Finding]) -> bool:
    """What is said of the post as a whole (its kind, aim, time) is not said again of each part."""
    whole = not found.field or (found.field in ("link", "title"))
    same = (found.check, found.message)
    return not (whole and found.end <= found.start and any((one.check, one.message) == same for one in known))


def _of_part(found: Finding, number: int) -> Finding:
    field = f"parts.{number}.{found.field or 'text'}"
    return replace(found, field=field, message=f"Part {number + 2}: {found.message}")


@cache
def part_limits(network: str) -> NetworkLimits:
    """The limits of a further part: a comment may be shorter than a post."""
    known, usual = limits(network), network_limits(network)
    return replace(usual, text=known.comment) if known.parts == "comments" else usual


def stops(findings: list[Finding]) -> list[Finding]:
    return [found for found in findings if found.severity == "stop"]


def require_clear(findings: list[Finding], answers: Mapping[str, str]) -> None:
    """Raises Stopped for stops, Unanswered for questions without an answer.

    An edited wording asks for a sign-off, and that it gets: it needs no answer from the author.
    """
    if stops(findings):
        raise Stopped(stops(findings))
    open_questions = [
        found
        for found in findings
        if found.severity == "ask" and found.check != "wording" and not answers.get(found.check, "").strip()
    ]
    if open_questions:
        raise Unanswered(open_questions)


def as_json(findings: list[Finding]) -> list[dict[str, Any]]:
    return [asdict(found) for found in findings]
