"""Posts that say nearly the same as a text: whoever repeats an earlier post should know it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz, process, utils

from gatepost.publishing.models import Post

ALIKE = 88.0  # of 100, by the words they share in any order
LOOKED_AT = 1_000
MOST = 3  # that are told
WITHIN = timedelta(days=400)
SHORTEST = 40  # characters; "Good morning" is like many others


@dataclass(frozen=True, slots=True)
class Alike:
    """An earlier post, and how much of it is the same: 88 to 100."""

    post: Post
    score: int


def alike(text: str, *, at: datetime, but: int = 0) -> list[Alike]:
    """Posts of the last 13 months whose words are nearly those of `text`, the most alike first. `but` is left out."""
    if len(text.strip()) < SHORTEST:
        return []
    rows = Post.objects.filter(changed_at__gte=at - WITHIN, withdrawn_at=None).exclude(pk=but)
    posts = list(rows.only("pk", "title", "text", "changed_at", "submitted_at").order_by("-changed_at")[:LOOKED_AT])
    found = scores(text, [post.text for post in posts])
    return [Alike(posts[place], round(score)) for place, score in found[:MOST]]


def scores(text: str, others: Iterable[str]) -> list[tuple[int, float]]:
    """(place in `others`, likeness of 100) of those alike, the most alike first. Word order counts little."""
    found = process.extract(
        text[:5_000],
        [other[:5_000] if len(other.strip()) >= SHORTEST else "" for other in others],
        scorer=fuzz.token_sort_ratio,
        processor=utils.default_process,
        score_cutoff=ALIKE,
        limit=20,
    )
    return [(int(place), float(score)) for _, score, place in found]
