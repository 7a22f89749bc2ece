"""Taking suggested words: a post keeps them too, so that it says what its act says."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gatepost.gate import suggesting
from gatepost.gate.models import Act, Suggestion
from gatepost.gate.stops import stops_recorded
from gatepost.ledger.actions import record
from gatepost.people.models import User
from gatepost.publishing.models import Post, Variant
from gatepost.publishing.versions import keep_version


@stops_recorded
@transaction.atomic
def take(suggestion: Suggestion, *, by: User, at: datetime) -> Act:
    """The author makes suggested words their own: in the act, and where it belongs to a post in that channel's text.
    Raises what gate.suggesting.take raises."""
    kind, _, number = suggestion.act.subject.partition(":")
    if kind == "variant" and number.isdecimal():
        variant = Variant.objects.filter(pk=int(number)).first()
        if variant is not None:
            post = Post.objects.select_for_update().get(pk=variant.post_id)
            Variant.objects.filter(pk=variant.pk).update(text=suggestion.text)
            Post.objects.filter(pk=post.pk).update(version=post.version + 1, changed_at=at, changed_by=by)
            post.refresh_from_db()
            keep_version(post, by=by, at=at)
            detail = {"version": post.version, "suggestion": suggestion.pk}
            record("post.saved", f"post:{post.pk}", by=by, at=at, clauses=["desk:posts"], detail=detail)
    return suggesting.take(suggestion, by=by, at=at)
