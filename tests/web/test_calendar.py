"""The calendar's views: spans, filters, gaps, days that are something, nights on which the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from urllib.parse import quote

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate import actions as gate
from gatepost.people.models import User
from gatepost.publishing.actions import Draft, save_draft, submit
from gatepost.publishing.best_time import Best
from gatepost.publishing.models import Post
from gatepost.publishing.planner import Planned
from gatepost.web.calendar.asked import Asked, asked
from gatepost.web.calendar.slots import Day, Slot, clock_change, days_of, hours_of, twice
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def channel(officer: User) -> Channel:
    return factories.channel(by=officer, name="Our page")


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def wish(query: str) -> Asked:
    return asked(RequestFactory().get(f"/calendar/?{query}"), TODAY)


@pytest.mark.parametrize(
    ("query", "first", "last", "before", "after"),
    [
        ("", date(2026, 11, 23), date(2026, 11, 29), date(2026, 11, 16), date(2026, 11, 30)),
        ("view=list", date(2026, 11, 23), date(2026, 11, 29), date(2026, 11, 16), date(2026, 11, 30)),
        ("view=day&on=2026-12-31", date(2026, 12, 31), date(2026, 12, 31), date(2026, 12, 30), date(2027, 1, 1)),
        ("view=month&on=2026-12-05", date(2026, 11, 30), date(2027, 1, 3), date(2026, 11, 1), date(2027, 1, 1)),
        ("view=year&week=2026-11-25", date(2026, 11, 23), date(2026, 11, 29), date(2026, 11, 16), date(2026, 11, 30)),
    ],
)
def test_spans(query: str, first: date, last: date, before: date, after: date) -> None:
    found = wish(query)
    assert (found.first, found.last) == (first, last)
    assert found.step(-1).on == before
    assert found.step(1).on == after


def test_filters_stay_from_view_to_view() -> None:
    found = wish("view=month&channel=3&campaign=x&audience=residents&on=2026-11-01")
    assert found.filters == {"channel": "3", "audience": "residents"}
    assert found.at(TODAY, "day") == "view=day&on=2026-11-24&channel=3&audience=residents"


def test_each_view_shows_a_post_and_a_day_that_is_something(officer: User, channel: Channel) -> None:
    at = timezone.make_aware(datetime(2027, 12, 25, 10, 0))
    draft = Draft("Our offices are closed today.", kind="news", channels=[channel.pk], not_before=at)
    post = save_draft(draft, by=officer, at=timezone.now())
    client = signed_in(officer)
    for view in ("month", "week", "day", "list"):
        html = client.get(f"/calendar/?view={view}&on=2027-12-25").content.decode()
        assert f"/write/{post.pk}/" in html, view
        assert "Christmas Day" in html, view
        other = client.get(f"/calendar/?view={view}&on=2027-12-25&audience=staff").content.decode()
        assert f"/write/{post.pk}/" not in other, view
        assert "Only some posts are shown" in other


def test_a_gap_is_drawn_where_the_posts_should_be(officer: User, channel: Channel) -> None:
    html = unescape(signed_in(officer).get("/calendar/?on=2028-11-20").content.decode())
    assert "Nothing from Monday to Sunday; the promise is 3 a week." in html
    assert "#aims.3" in html
    past = unescape(signed_in(officer).get("/calendar/?on=2024-11-20").content.decode())
    assert "Gap ahead" not in past


def slot(at: datetime) -> Slot:
    return Slot(Planned(at, "Draft", "A post", Post(pk=1), (), ()))


def test_the_night_the_clocks_go_back_has_25_hours_and_tells_the_two_apart() -> None:
    """25 October 2026: 1:30am comes at 0:30 UTC and again at 1:30 UTC."""
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert (twice(first), twice(second)) == (" summer time", " winter time")
    assert twice(datetime(2026, 10, 25, 2, 30, tzinfo=UTC)) == ""
    (day,) = days_of(date(2026, 10, 25), date(2026, 10, 25), [slot(first).what, slot(second).what], TODAY, {})
    assert [one.hour for one in day.slots] == ["1:30am summer time", "1:30am winter time"]
    hours = hours_of(day)
    assert len(hours) == 25
    assert [one.name for one in hours][:4] == ["midnight", "1am summer time", "1am winter time", "2am"]
    assert [len(one.slots) for one in hours][:4] == [0, 1, 1, 0]
    assert clock_change(day.date) == "The clocks go back: an hour comes twice."


def test_the_night_the_clocks_go_forward_has_23_hours() -> None:
    """28 March 2027: 1am does not exist."""
    day = Day(date(2027, 3, 28), (slot(datetime(2027, 3, 28, 0, 30, tzinfo=UTC)),), False, (), "forward")
    hours = hours_of(day)
    assert len(hours) == 23
    assert [one.name for one in hours][:3] == ["midnight", "2am", "3am"]
    assert clock_change(day.date) == "The clocks go forward: an hour is left out."


def test_a_post_stands_on_its_own_day_where_the_organisation_is() -> None:
    """0:30am on 1 July is 23:30 UTC on 30 June."""
    at = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    days = days_of(date(2026, 6, 30), date(2026, 7, 1), [slot(at).what], TODAY, {})
    assert [len(day.slots) for day in days] == [0, 1]
    hours = hours_of(days[1])
    assert (hours[0].name, len(hours[0].slots)) == ("midnight", 1)
    assert len(hours_of(days[0])) == 14  # the usual ones


def test_an_empty_day_and_an_empty_month_say_what_to_do(officer: User, channel: Channel) -> None:
    client = signed_in(officer)
    ahead, gone = (timezone.localdate() + timedelta(days=days) for days in (40, -40))
    day = client.get(f"/calendar/?view=day&on={ahead}").content.decode()
    assert "Nothing planned" in day
    assert f"/write/?day={ahead}" in day
    past = client.get(f"/calendar/?view=day&on={gone}").content.decode()
    assert "Nothing planned" in past
    assert f"/write/?day={gone}" not in past
    assert "Nothing is planned" in client.get("/calendar/?view=month&on=2028-02-01").content.decode()
    assert "Gap ahead" in client.get("/calendar/?on=2028-02-01").content.decode()
    hidden = Channel.objects.filter(pk=channel.pk)
    hidden.update(state="closed")
    assert "No channel is live yet" in client.get("/calendar/?on=2028-02-01").content.decode()


def test_moving_says_before_and_after_what_it_does_to_the_sign_off(officer: User, channel: Channel) -> None:
    staff = factories.staff(channel, by=officer)
    due = timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=3), time(10, 0)))
    draft = Draft("Our offices move.", kind="news", aim="promote", channels=[channel.pk], not_before=due)
    post = save_draft(draft, by=staff, at=timezone.now())
    (act,) = submit(post, by=staff, at=timezone.now())
    gate.sign_off(act, digest=act.digest, by=officer, at=timezone.now())
    client, url = signed_in(staff), f"/calendar/move/{post.pk}/"
    week = client.get(f"/calendar/?on={due:%Y-%m-%d}").content.decode()
    assert f'href="{url}?view=week"' in week

    near = {"day": f"{due:%Y-%m-%d}", "time": "10:15am"}
    assert "stays signed" in client.get(url, near).content.decode()
    kept = client.post(url, near, follow=True)
    assert "The sign-off stays" in kept.content.decode()
    assert "Put “Our offices move.” back to" in kept.content.decode()

    far = {"to": f"{due + timedelta(days=1):%Y-%m-%d}", "view": "month"}  # as a slot dragged to the next day
    asked = client.post(url, far).content.decode()
    assert "This makes a sign-off void" in asked
    act.refresh_from_db()
    assert act.state == "signed_off"
    done = client.post(url, {**far, "sure": "yes"}, follow=True)
    assert "view=month" in done.redirect_chain[0][0]
    assert "is void: it has to be signed again" in done.content.decode()
    act.refresh_from_db()
    assert act.state == "to_sign_off"
    back = client.post(url, {"to": due.isoformat()}, follow=True)
    assert "Moved to" in back.content.decode()
    post.refresh_from_db()
    assert post.not_before == due


def test_a_drag_keeps_the_time_of_day_over_a_change_of_the_clocks(officer: User, channel: Channel) -> None:
    """Saturday 9am to Monday 9am over the last Sunday of March: 47 hours."""
    sunday = next(
        day
        for day in (timezone.localdate() + timedelta(days=step) for step in range(5, 400))
        if clock_change(day).startswith("The clocks go forward")
    )
    saturday = timezone.make_aware(datetime.combine(sunday - timedelta(days=1), time(9, 0)))
    draft = Draft("Our offices move.", kind="news", channels=[channel.pk], not_before=saturday)
    post = save_draft(draft, by=officer, at=timezone.now())
    client, url = signed_in(officer), f"/calendar/move/{post.pk}/"
    client.post(url, {"to": (sunday + timedelta(days=1)).isoformat()})
    post.refresh_from_db()
    assert post.not_before is not None
    assert post.not_before - saturday == timedelta(hours=47)
    client.post(url, {"to": (sunday + timedelta(days=1)).isoformat(), "later": "-3"})
    post.refresh_from_db()
    assert post.not_before is not None
    assert timezone.localtime(post.not_before).hour == 6
    refused = client.post(url, {"day": sunday.isoformat(), "time": "1:30am"})
    assert refused.status_code == 422
    assert "the clocks go forward that night" in unescape(refused.content.decode())


def test_of_the_hour_that_comes_twice_either_can_be_meant(officer: User, channel: Channel) -> None:
    sunday = next(
        day
        for day in (timezone.localdate() + timedelta(days=step) for step in range(5, 400))
        if clock_change(day).startswith("The clocks go back")
    )
    post = save_draft(Draft("Moves.", kind="news", channels=[channel.pk]), by=officer, at=timezone.now())
    client, url = signed_in(officer), f"/calendar/move/{post.pk}/"
    given = {"day": sunday.isoformat(), "time": "1:30am"}
    assert "I mean the second one" in client.get(url, given).content.decode()
    for more, hour in (({}, 0), ({"second": "yes"}, 1)):
        client.post(url, {**given, **more})
        post.refresh_from_db()
        assert post.not_before is not None
        assert (post.not_before.astimezone(UTC).hour, post.not_before.astimezone(UTC).minute) == (hour, 30)
    shown = client.get(f"/calendar/?on={sunday}").content.decode()
    assert "1:30am winter time" in shown
    kept = client.get(url, {"to": sunday.isoformat()}).content.decode()
    assert 'name="second" value="yes" checked' in kept


@pytest.mark.parametrize(
    "to", ["", "soon", "2026-99-99", "9999-12-31T00:00:00+00:00", "2026-12-01T10:00:00", "0001-01-01"]
)
def test_any_target_is_answered(officer: User, channel: Channel, to: str) -> None:
    post = save_draft(Draft("Moves.", kind="news", channels=[channel.pk]), by=officer, at=timezone.now())
    client = signed_in(officer)
    assert client.get(f"/calendar/move/{post.pk}/", {"to": to, "later": "9999"}).status_code in (200, 422)
    assert client.post(f"/calendar/move/{post.pk}/", {"to": to}).status_code in (303, 200, 422)
    assert client.get(f"/calendar/?moved={post.pk}&back={to}&on={to}").status_code == 200


def test_the_best_time_is_offered_with_what_it_rests_on(
    officer: User, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = save_draft(Draft("Moves.", kind="news", channels=[channel.pk]), by=officer, at=timezone.now())
    client, url = signed_in(officer), f"/calendar/move/{post.pk}/"
    assert "has not told figures of any post yet" in client.get(url).content.decode()
    moment = timezone.now() + timedelta(days=2)
    monkeypatch.setattr("gatepost.web.calendar.moves.suggest", lambda *given, **more: Best(moment, 46, 7, 20, 12.5))
    html = client.get(url).content.decode()
    assert "rests on 46 posts of the last year, 7 of them" in html
    assert f"?to={quote(moment.isoformat())}" in html
    monkeypatch.setattr("gatepost.web.calendar.moves.suggest", lambda *given, **more: Best(None, 5))
    assert "figures of only 5 posts" in client.get(url).content.decode()
