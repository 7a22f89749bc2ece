"""E-mails about posts to people of the desk. None holds a word of a post or of a comment: a link, and who asks."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from gatepost.gate.letters import deliver
from gatepost.publishing.models import Mention


def send_mention(mention: Mention, *, at: datetime) -> None:
    """Tells somebody that a comment names them; nothing once they have seen it, or are no longer on the desk. Raises
    LetterFailed."""
    said = mention.comment
    if mention.mailed_at is not None or mention.seen_at is not None or not mention.person.is_active:
        return
    deliver(
        mention.person.email,
        f"{said.author.name} names you in a comment",
        [
            f"Dear {mention.person.name}",
            "",
            f"{said.author.name} names you in a comment on a post. The comment is on the desk only:",
            "",
            f"{settings.PUBLIC_URL}/posts/{said.post_id}/",
        ],
    )
    Mention.objects.filter(pk=mention.pk).update(mailed_at=at)
