"""Filters of the list under a name, for oneself or for everybody."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from gatepost.channels.actions import require_reader
from gatepost.inbox.listing import Filter
from gatepost.inbox.models import SavedView
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import record
from gatepost.people.authority import approves_staff
from gatepost.people.models import User

LONGEST = 60
MOST = 50  # of one person


@transaction.atomic
def save_view(title: str, wanted: Filter, *, shared: bool, by: User, at: datetime) -> SavedView:
    """Keeps a filter under a name; one of the same name of the same person is replaced."""
    require_reader(by, at)
    title = " ".join(title.replace("\x00", "").split())
    if not title:
        raise InboxError("Give the filter a name.")
    if len(title) > LONGEST:
        raise InboxError(f"At most {LONGEST} characters for the name of a filter.")
    if not wanted.pairs():
        raise InboxError("There is nothing to save: this is the list as it begins. Choose a filter first.")
    mine = SavedView.objects.filter(owner=by, ended_at=None)
    same = mine.filter(title__iexact=title)
    if not same.exists() and mine.count() >= MOST:
        raise InboxError(f"You have {MOST} saved filters already. Remove one first.")
    same.update(ended_at=at)
    made = SavedView.objects.create(title=title, fields=wanted.pairs(), shared=shared, owner=by, at=at)
    record("saved_view.kept", f"saved_view:{made.pk}", by=by, at=at, detail={"shared": shared})
    return made


@transaction.atomic
def end_view(view: SavedView, *, by: User, at: datetime) -> None:
    """Removes a saved filter: its owner's, or one that is shared for whoever approves staff."""
    if view.owner_id != by.pk and not (view.shared and approves_staff(by, at)):
        raise InboxError("This filter is somebody else’s.")
    if SavedView.objects.filter(pk=view.pk, ended_at=None).update(ended_at=at):
        record("saved_view.ended", f"saved_view:{view.pk}", by=by, at=at)


def views_for(person: User) -> QuerySet[SavedView]:
    """A person's own and what others share, by name."""
    found = SavedView.objects.filter(Q(owner=person) | Q(shared=True), ended_at=None).select_related("owner")
    return found.order_by(Lower("title"), "pk")
