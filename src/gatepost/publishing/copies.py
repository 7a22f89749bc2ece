"""What people are typing, kept on the server as they type. It touches no post, no act and no sign-off."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from gatepost.people.models import User
from gatepost.publishing.models import Post, WorkingCopy

LONGEST = 400_000  # characters of one form
MOST = 50  # copies of one person
KEPT_FOR = timedelta(days=60)


@transaction.atomic
def keep_copy(key: UUID, form: str, *, by: User, at: datetime, post: Post | None = None) -> WorkingCopy | None:
    """Keeps what stands in a form now. None when it is too long, or the key is somebody else's: nothing is kept."""
    if len(form) > LONGEST:
        return None
    other = WorkingCopy.objects.select_for_update().filter(pk=key).first()
    if other is not None and other.person_id != by.pk:
        return None
    kept, new = WorkingCopy.objects.update_or_create(
        key=key, defaults={"person": by, "post": post, "form": form, "at": at}
    )
    if new:
        mine = WorkingCopy.objects.filter(person=by)
        mine.filter(at__lt=at - KEPT_FOR).delete()
        mine.filter(pk__in=list(mine.order_by("-at").values_list("pk", flat=True)[MOST:])).delete()
    return kept


def drop_copy(key: UUID, *, by: User, at: datetime) -> None:
    """Forgets what was typed: it has been kept as a version, or is not wanted any more."""
    WorkingCopy.objects.filter(pk=key, person=by).delete()


def copies_of(person: User, post: Post | None = None) -> list[WorkingCopy]:
    """What this person has typed and not kept: of one post, or of none yet. The newest first."""
    return list(WorkingCopy.objects.filter(person=person, post=post).order_by("-at")[:MOST])


def copy_of(key: UUID, person: User) -> WorkingCopy | None:
    return WorkingCopy.objects.filter(pk=key, person=person).select_related("post").first()
