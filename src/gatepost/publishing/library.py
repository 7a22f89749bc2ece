"""The media library: found by words, subtitles added, kept once."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from gatepost.gate.media import put
from gatepost.ledger.actions import record
from gatepost.people.models import User
from gatepost.publishing import subtitle_files
from gatepost.publishing.models import Media, Subtitles
from gatepost.publishing.rights import require_keeper
from gatepost.publishing.subtitle_files import SubtitleError

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,8}){0,2}")


def search(words: str, *, films: bool | None = None) -> QuerySet[Media]:
    """Media that hold every word: in their name, what they show, their source, licence or keywords. Newest first."""
    rows = Media.objects.select_related("added_by").order_by("-added_at", "pk")
    if films is not None:
        rows = rows.filter(mime__startswith="video/") if films else rows.exclude(mime__startswith="video/")
    for word in words.split()[:12]:
        found = Q()
        for field in ("filename", "alt", "source", "licence", "words"):
            found |= Q(**{f"{field}__icontains": word[:60]})
        rows = rows.filter(found)
    return rows


@transaction.atomic
def add_subtitles(media: Media, data: bytes, language: str, *, by: User, at: datetime) -> Subtitles:
    """Keeps subtitles for a film in one language, in place of those it had. Raises SubtitleError, NotAllowed."""
    require_keeper(by, at)
    if not media.moving:
        raise SubtitleError("Only films have subtitles.")
    if not _LANGUAGE.fullmatch(language):
        raise SubtitleError("Say the language as a code, such as en, cy or en-GB.")
    cues = subtitle_files.read(data)
    late = subtitle_files.over(cues, media.seconds) if media.seconds else None
    if late is not None:
        raise SubtitleError(
            f"The film ends after {media.seconds:.0f} seconds, and “{late.text[:40]}” begins at "
            f"{late.start / 1000:.0f}. Is it the right file?"
        )
    sha256 = put(subtitle_files.as_vtt(cues))
    kept, _ = Subtitles.objects.update_or_create(
        media=media,
        language=language,
        defaults={"sha256": sha256, "cues": len(cues), "added_by": by, "added_at": at},
    )
    detail = {"language": language, "digest": sha256}
    record("media.subtitled", f"media:{media.pk[:16]}", by=by, at=at, clauses=["desk:pictures"], detail=detail)
    return kept


@transaction.atomic
def drop_subtitles(kept: Subtitles, *, by: User, at: datetime) -> None:
    """Takes subtitles away. What was signed off with them keeps them."""
    require_keeper(by, at)
    record("media.unsubtitled", f"media:{kept.media_id[:16]}", by=by, at=at, detail={"language": kept.language})
    kept.delete()
