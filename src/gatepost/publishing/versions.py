"""Versions of a post: each save is kept whole, can be compared with the one before, and can be brought back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from gatepost.people.models import User
from gatepost.publishing.drafts import Draft, DraftPart, Picture
from gatepost.publishing.models import Post, PostVersion

KEPT = 500  # versions of one post; nobody reads more, and a program that saves all day must not fill the disk


def as_json(draft: Draft) -> dict[str, Any]:
    """A draft as it is kept: channels and pictures by their numbers and digests, times in UTC."""
    own = {str(channel): text.strip() for channel, text in draft.texts.items() if channel in draft.channels}
    return {
        "text": draft.text,
        "texts": {channel: text for channel, text in sorted(own.items()) if text and text != draft.text.strip()},
        "title": draft.title.strip()[:200],
        "link": draft.link.strip(),
        "channels": sorted(draft.channels),
        "pictures": [_picture(item) for item in draft.pictures],
        **({"parts": [{"text": part.text, "channel": part.channel} for part in draft.parts]} if draft.parts else {}),
        "kind": draft.kind,
        "aim": draft.aim,
        "audiences": list(draft.audiences),
        "campaign": draft.campaign,
        "other_channel": draft.other_channel.strip()[:200],
        "not_before": draft.not_before.astimezone(UTC).isoformat() if draft.not_before else None,
        **({"expires_at": draft.expires_at.astimezone(UTC).isoformat()} if draft.expires_at else {}),
        "answers": dict(draft.answers),
    }


def _picture(item: Picture) -> dict[str, Any]:
    cut = {"shape": item.shape, "focus": list(item.focus)} if item.shape else {}
    return {"sha256": item.sha256, "alt": item.alt.strip(), **cut, **({"part": item.part} if item.part else {})}


def from_json(content: Mapping[str, Any]) -> Draft:
    moment, ends = content.get("not_before"), content.get("expires_at")
    return Draft(
        text=content.get("text", ""),
        kind=content.get("kind", ""),
        channels=list(content.get("channels", ())),
        title=content.get("title", ""),
        aim=content.get("aim", ""),
        audiences=list(content.get("audiences", ())),
        link=content.get("link", ""),
        campaign=content.get("campaign"),
        other_channel=content.get("other_channel", ""),
        texts={int(channel): text for channel, text in content.get("texts", {}).items()},
        pictures=[
            Picture(
                item["sha256"],
                item["alt"],
                item.get("shape", ""),
                tuple(item.get("focus", (50, 50))),
                item.get("part", 0),
            )
            for item in content.get("pictures", ())
        ],
        parts=[DraftPart(part["text"], part["channel"]) for part in content.get("parts") or ()],
        not_before=datetime.fromisoformat(moment) if moment else None,
        expires_at=datetime.fromisoformat(ends) if ends else None,
        answers=dict(content.get("answers", {})),
    )


def snapshot(post: Post) -> dict[str, Any]:
    """A post as it stands."""
    variants = list(post.variants.all())
    return as_json(
        Draft(
            text=post.text,
            kind=post.kind,
            channels=[variant.channel_id for variant in variants],
            title=post.title,
            aim=post.aim,
            audiences=post.audiences,
            link=post.link,
            campaign=post.campaign_id,
            other_channel=post.other_channel,
            texts={variant.channel_id: variant.text for variant in variants if variant.text},
            pictures=[
                Picture(item.media_id, item.alt, item.shape, (item.focus_x, item.focus_y), item.part)
                for item in post.pictures.all()
            ],
            parts=[DraftPart(part["text"], part["channel"]) for part in post.parts],
            not_before=post.not_before,
            expires_at=post.expires_at,
            answers=post.answers,
        )
    )


def keep_version(post: Post, *, by: User, at: datetime) -> PostVersion:
    """Keeps the post as it stands under its number. Belongs into the transaction that saves it."""
    kept = PostVersion.objects.create(post=post, version=post.version, content=snapshot(post), by=by, at=at)
    PostVersion.objects.filter(post=post, version__lte=post.version - KEPT).delete()
    return kept


def content_at(post: Post, version: int) -> dict[str, Any] | None:
    """The content of one version; None for one that was never kept."""
    kept = PostVersion.objects.filter(post=post, version=version).values_list("content", flat=True).first()
    return kept if kept is not None or version != post.version else snapshot(post)
