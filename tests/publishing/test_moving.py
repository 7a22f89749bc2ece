"""Another time for a post: inside the signed window its sign-off stays, outside it is void; that is known before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate import actions as gate
from gatepost.gate.models import Act, SignOff
from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from gatepost.publishing.actions import Draft, PublishingError, acts_of, save_draft, submit, withdraw
from gatepost.publishing.models import Post, PostVersion
from gatepost.publishing.moving import foresee, move_post
from gatepost.publishing.planner import planned
from gatepost.publishing.versions import content_at, snapshot
from tests import factories

pytestmark = pytest.mark.django_db
TEXT = "The estate office is open on Saturday from 9 to 12."


@pytest.fixture
def officer() -> User:
    return factories.officer()


@pytest.fixture
def channels(officer: User) -> list[Channel]:
    return [factories.channel(by=officer), factories.channel(by=officer, network="x")]


@pytest.fixture
def staff(officer: User, channels: list[Channel]) -> User:
    return factories.staff(*channels, by=officer)


@pytest.fixture
def due() -> datetime:
    return timezone.now().replace(second=0, microsecond=0) + timedelta(days=2)


@pytest.fixture
def post(staff: User, channels: list[Channel], due: datetime) -> Post:
    ids = [channel.pk for channel in channels]
    draft = Draft(TEXT, kind="news", aim="promote", channels=ids, not_before=due)
    return save_draft(draft, by=staff, at=timezone.now())


def sign(officer: User, *acts: Act) -> None:
    for act in acts:
        gate.sign_off(act, digest=act.digest, by=officer, at=timezone.now())


def test_a_draft_moves_freely(staff: User, post: Post, due: datetime) -> None:
    to = due + timedelta(days=1)
    assert foresee(post, to).void == ()
    done = move_post(post, to=to, by=staff, at=timezone.now())
    post.refresh_from_db()
    assert (post.not_before, post.version, done.kept, done.void, done.waiting) == (to, 2, (), (), ())
    assert content_at(post, 2) == snapshot(post)  # or whoever began from it would overwrite others' words unseen
    assert PostVersion.objects.filter(post=post, version=2, by=staff).exists()
    assert Line.objects.get(verb="post.moved").detail == {"to": to.isoformat(), "kept": 0, "voided": 0}


def test_inside_the_signed_window_the_sign_off_stays(officer: User, staff: User, post: Post, due: datetime) -> None:
    submit(post, by=staff, at=timezone.now())
    sign(officer, *acts_of(post))
    to = due + timedelta(minutes=20)
    seen = foresee(post, to)
    assert (len(seen.kept), seen.void) == (2, ())
    done = move_post(post, to=to, by=staff, at=timezone.now())
    assert [act.state for act in done.kept] == ["signed_off", "signed_off"]
    assert {act.due_at for act in acts_of(post)} == {to}
    assert not SignOff.objects.exclude(voided_at=None).exists()
    assert [one.at for one in planned(due, due + timedelta(hours=1))] == [to]
    post.refresh_from_db()
    assert post.not_before == due  # what is signed is the window, and that has not changed
    save_again = Draft(TEXT, kind="news", aim="promote", channels=[act.channel_id for act in done.kept], not_before=due)
    save_draft(save_again, by=staff, at=timezone.now(), post=post)
    assert not SignOff.objects.exclude(voided_at=None).exists()


def test_outside_it_the_sign_off_is_void_and_only_there(officer: User, staff: User, post: Post, due: datetime) -> None:
    first, _ = submit(post, by=staff, at=timezone.now())
    sign(officer, first)
    to = due + timedelta(minutes=31)
    seen = foresee(post, to)
    assert ([act.pk for act in seen.void], len(seen.waiting)) == ([first.pk], 1)
    done = move_post(post, to=to, by=staff, at=timezone.now())
    assert [(act.pk, act.state) for act in done.void] == [(first.pk, "to_sign_off")]
    assert SignOff.objects.get(act=first).voided_at is not None
    assert {act.content["not_before"] for act in acts_of(post)} == {to.isoformat()}
    post.refresh_from_db()
    assert post.not_before == to


def test_what_is_out_stays_and_the_rest_moves(officer: User, staff: User, post: Post, due: datetime) -> None:
    first, second = submit(post, by=staff, at=timezone.now())
    Act.objects.filter(pk=first.pk).update(state="sent", sent_at=timezone.now())
    done = move_post(post, to=due + timedelta(days=1), by=staff, at=timezone.now())
    assert ([act.pk for act in done.left], [act.pk for act in done.waiting]) == ([first.pk], [second.pk])
    Act.objects.filter(pk=second.pk).update(state="sent", sent_at=timezone.now())
    with pytest.raises(PublishingError, match="Nothing of this post waits"):
        move_post(post, to=due, by=staff, at=timezone.now())


def test_what_cannot_be_moved_is_said(staff: User, post: Post, due: datetime) -> None:
    now = timezone.now()
    with pytest.raises(PublishingError, match="has passed"):
        move_post(post, to=now - timedelta(minutes=1), by=staff, at=now)
    with pytest.raises(PublishingError, match="two years"):
        move_post(post, to=now + timedelta(days=900), by=staff, at=now)
    with pytest.raises(NotAllowed):
        move_post(post, to=due, by=factories.person(), at=now)
    withdraw(post, by=staff, at=now)
    with pytest.raises(PublishingError, match="was withdrawn"):
        move_post(post, to=due, by=staff, at=now)
