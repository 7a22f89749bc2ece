"""What is planned between two moments: grouped, filtered, counted against the policy's promise."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate import actions as gate
from gatepost.gate import holds
from gatepost.people.models import User
from gatepost.policy.cadence import Cadence
from gatepost.publishing.actions import Draft, save_draft, submit
from gatepost.publishing.campaigns import Plan, save_campaign
from gatepost.publishing.models import Post
from gatepost.publishing.occasions import marked_days, shipped_days
from gatepost.publishing.planner import Filter, Planned, planned, week_kept
from gatepost.rulebook.actions import in_force
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


def write(staff: User, channels: list[Channel], at: datetime | None, *, submitted: bool = True, **more: Any) -> Post:
    given: dict[str, Any] = {"kind": "news", "aim": "promote", "not_before": at, **more}
    draft = Draft(TEXT, channels=[channel.pk for channel in channels], **given)
    post = save_draft(draft, by=staff, at=timezone.now())
    if submitted:
        submit(post, by=staff, at=timezone.now())
    return post


def around(at: datetime, wanted: Filter | None = None) -> list[Planned]:
    return planned(at - timedelta(minutes=10), at + timedelta(minutes=10), wanted)


def test_the_channels_of_one_post_stand_together_until_their_states_differ(
    officer: User, staff: User, channels: list[Channel]
) -> None:
    at = timezone.now() + timedelta(days=2)
    post = write(staff, channels, at)
    draft = write(staff, channels[:1], at + timedelta(minutes=5), submitted=False)
    assert [(one.word, one.post, len(one.channels), one.movable) for one in around(at)] == [
        ("To sign off", post, 2, True),
        ("Draft", draft, 1, True),
    ]
    act = around(at)[0].acts[0]
    gate.sign_off(act, digest=act.digest, by=officer, at=timezone.now())
    assert {one.word for one in around(at)} == {"To sign off", "Signed off", "Draft"}
    holds.hold(reason="A death in the community", by=officer, at=timezone.now())
    assert {one.word for one in around(at)} == {"To sign off", "Held", "Draft"}
    assert planned(at + timedelta(minutes=6), at + timedelta(days=1)) == []


def test_filters(staff: User, channels: list[Channel]) -> None:
    at = timezone.now() + timedelta(days=2)
    days = {"begins": at.date(), "ends": at.date()}
    campaign = save_campaign(Plan(name="Warm homes", goal="More checks", **days), by=staff, at=timezone.now())
    with_it = write(staff, channels[:1], at, audiences=["residents"], campaign=campaign.pk)
    draft = write(staff, channels[1:], at, submitted=False, audiences=["staff"])

    def shown(**wanted: Any) -> set[Post | None]:
        return {one.post for one in around(at, Filter(**wanted))}

    assert shown() == {with_it, draft}
    assert shown(channel=channels[0].pk) == {with_it}
    assert shown(channel=channels[1].pk) == {draft}
    assert shown(campaign=campaign.pk) == {with_it}
    assert shown(audience="residents") == {with_it}
    assert shown(audience="staff") == {draft}
    assert around(at, Filter(campaign=campaign.pk))[0].campaign == campaign


def test_drafts_and_what_failed_keep_no_promise(staff: User, channels: list[Channel]) -> None:
    at = timezone.now() + timedelta(days=2)
    write(staff, channels, at)
    write(staff, channels, at, submitted=False)
    promise = Cadence("facebook", at_least=2)
    found = week_kept(channels[0], [promise], around(at))
    assert found is not None
    assert (found.planned, found.missing) == (1, 1)
    assert week_kept(channels[1], [promise], around(at)) is None


def test_the_days_that_come_along_are_days_and_have_a_source() -> None:
    from gatepost.policy.days import is_rule

    assert len(shipped_days()) > 20
    assert [one for one in shipped_days() if not is_rule(one.on) or not one.source.startswith("https://")] == []
    factories.pack()
    found = marked_days(in_force(timezone.now()), date(2027, 4, 1), date(2027, 4, 7))
    assert [one.title for one in found[date(2027, 4, 6)]] == ["A new tax year begins"]
    assert [one.title for one in found[date(2027, 4, 7)]] == ["World Health Day"]
