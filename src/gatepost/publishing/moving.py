"""Giving a post another time, and what that does to the sign-offs it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gatepost.channels.actions import require_may_write
from gatepost.gate import moving
from gatepost.gate.models import Act
from gatepost.gate.stops import stops_recorded
from gatepost.ledger.actions import record
from gatepost.people.models import User
from gatepost.publishing.actions import AHEAD, PublishingError, acts_of
from gatepost.publishing.models import Post
from gatepost.publishing.versions import keep_version

LEFT = ("sending", "sent", "unconfirmed")
MOVED = ("to_sign_off", "signed_off", "missed", "expired")


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move does, or did. `kept`: signed acts that stay signed; `void`: signed acts to be signed again."""

    to: datetime
    kept: tuple[Act, ...]
    void: tuple[Act, ...]
    waiting: tuple[Act, ...]  # acts that nobody had signed yet
    left: tuple[Act, ...]  # what is out already and stays as it is


def foresee(post: Post, to: datetime) -> Moved:
    """What `move_post` would do. The policy may still want more signatures at the new time: that is told after."""
    acts = acts_of(post)
    signed = [act for act in acts if act.state == "signed_off"]
    keeps = {act.pk for act in signed if moving.keeps_sign_off(act, to)}
    return Moved(
        to,
        tuple(act for act in signed if act.pk in keeps),
        tuple(act for act in signed if act.pk not in keeps),
        tuple(act for act in acts if act.state in MOVED and act.state != "signed_off"),
        tuple(act for act in acts if act.state in LEFT),
    )


@stops_recorded
@transaction.atomic
def move_post(post: Post, *, to: datetime, by: User, at: datetime) -> Moved:
    """Moves every act of a post that has not left, or the draft. Raises PublishingError and what the gate raises."""
    post = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    if post.withdrawn_at is not None:
        raise PublishingError("This post was withdrawn. Copy it to a new draft and give that a time.")
    if to <= at:
        raise PublishingError("This time has passed. Choose a later one.")
    if to > at + AHEAD:
        raise PublishingError("The time to send lies too far away. Choose one within the next two years.")
    acts = acts_of(post)
    open_acts = [act for act in acts if act.state in MOVED]
    if acts and not open_acts:
        raise PublishingError("Nothing of this post waits to leave, so there is nothing to move.")
    _require_writer(post, by, at)
    signed = {act.pk for act in acts if act.state == "signed_off"}
    stays = {act.pk for act in open_acts if moving.move(act, to=to, by=by, at=at)}
    moved = {"version": post.version + 1, "changed_at": at, "changed_by": by}
    if not open_acts or len(stays) < len(open_acts):
        moved["not_before"] = to  # inside the window, the window stays the post's: it is what is signed
    Post.objects.filter(pk=post.pk).update(**moved)
    post.refresh_from_db()
    keep_version(post, by=by, at=at)
    now = {act.pk: act for act in acts_of(post)}
    done = Moved(
        to,
        _some(now, signed & stays),
        _some(now, signed - stays),
        _some(now, {act.pk for act in open_acts} - signed),
        tuple(act for act in acts if act.state in LEFT),
    )
    detail = {"to": to.isoformat(), "kept": len(done.kept), "voided": len(done.void)}
    record("post.moved", f"post:{post.pk}", by=by, at=at, clauses=["desk:gate"], detail=detail)
    return done


def _some(acts: Mapping[UUID, Act], keys: Iterable[UUID]) -> tuple[Act, ...]:
    return tuple(acts[key] for key in sorted(keys, key=str))


def _require_writer(post: Post, by: User, at: datetime) -> None:
    for variant in post.variants.select_related("channel"):
        require_may_write(by, variant.channel, at)
