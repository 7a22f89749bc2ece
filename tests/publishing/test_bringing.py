"""Posts from a spreadsheet, from a feed, and again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from gatepost.networks.pages import Fetched, fetch
from gatepost.people.authority import NotAllowed
from gatepost.publishing.bringing import (
    BringError,
    Reading,
    bring_in,
    draft_of_item,
    read_csv,
    read_feed,
    repeat,
    times,
)
from gatepost.publishing.models import Post, PostVersion
from gatepost.rulebook.actions import in_force
from tests import factories
from tests.web.test_api import ask, key

from .test_posts import Desk, desk

__all__ = ["desk"]
pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>News &amp; more</title>
<item><title>Open day</title>
<description>&lt;p&gt;Come on &lt;b&gt;Saturday&lt;/b&gt;.&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;</description>
<link>https://www.example.org/open-day</link></item>
<item><title></title><description></description></item>
<item><title>Odd</title><link>javascript:alert(1)</link></item></channel></rss>"""


def when(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


def reading(desk: Desk, text: str | bytes) -> Reading:
    data = text if isinstance(text, bytes) else text.encode()
    return read_csv(data, channels=[desk.facebook, desk.x], pack=in_force(desk.at), when=when, at=desk.at)


def good(desk: Desk) -> str:
    kind, day = in_force(desk.at).post_kinds[0].id, f"{desk.at.year + 1}-12-24"
    return (
        "\ufefftext,channels,kind,audiences,when\r\n"
        f'"The hall is open, come in.","{desk.facebook.name}; {desk.x.name}",{kind},residents,{day}\r\n'
        ",,,,\r\n"
        f'"Two\r\nlines",{desk.x.name},{kind.upper()},,\r\n'
    )


class TestCsv:
    def test_a_dry_run_keeps_nothing_and_the_run_keeps_all(self, desk: Desk) -> None:
        found = reading(desk, good(desk))
        assert found.wrong == ()
        assert [line for line, _ in found.drafts] == [2, 5]
        assert found.drafts[0][1].channels == [desk.facebook.pk, desk.x.pk]
        assert found.drafts[0][1].not_before == datetime(desk.at.year + 1, 12, 24, tzinfo=UTC)
        assert not Post.objects.exists()
        first, second = bring_in([draft for _, draft in found.drafts], by=desk.staff, at=desk.at)
        assert (first.text, second.text) == ("The hall is open, come in.", "Two\r\nlines")
        assert not first.submitted_at

    def test_every_mistake_has_its_line_and_column(self, desk: Desk) -> None:
        kind = in_force(desk.at).post_kinds[0].id
        text = (
            "text;channels;kind;when;link\n"
            f"a;Nowhere;{kind};;\n"
            f";{desk.x.name};nonsense;soon;\n"
            f"b;{desk.x.name};{kind};;ftp://x\n"
            "c;;;;\n"
            f"d;{desk.x.name};{kind};;;too many\n"
        )
        found = reading(desk, text)
        assert {(one.line, one.column) for one in found.wrong} == {
            (2, "channels"), (3, "kind"), (3, "when"), (3, "text"), (4, ""), (5, "channels"), (5, "kind"), (6, ""),
        }  # fmt: skip
        assert "There is no channel “Nowhere” that you may use." in {one.says for one in found.wrong}

    @pytest.mark.parametrize(
        ("data", "says"),
        [
            (b"", "missing"),
            (b"\xff\xfe", "UTF-8"),
            (b"text,channels,kind\n" + b"x" * 2_000_000, "larger than 2 MB"),
            (b"text,channels,kind,colour\n", "There is no column"),
            (b"text,channels,kind\n", "no posts in this file"),
            (b"text,channels,kind\n" + b'"' + b"x" * 140_000, "cannot be read"),
            (b"text,channels,kind\n" + b"a,b,c\n" * 501, "more than 500"),
        ],
    )
    def test_files_that_are_none(self, desk: Desk, data: bytes, says: str) -> None:
        assert says in " ".join(one.says for one in reading(desk, data).wrong)

    def test_by_the_screen_and_the_api(self, desk: Desk) -> None:
        client = Client()
        client.force_login(desk.staff)
        text = good(desk).lstrip("\ufeff").replace(f"{desk.at.year + 1}-12-24", "")
        page = client.post("/write/bring-in/", {"do": "look", "csv": text}).content.decode()
        assert "2 posts can be brought in" in page
        assert not Post.objects.exists()
        assert client.post("/write/bring-in/", {"do": "keep", "csv": text}).status_code == 303
        assert Post.objects.count() == 2
        page = client.post("/write/bring-in/", {"do": "look", "csv": "text\na\n"}).content.decode()
        assert "things to mend" in page
        assert client.post("/write/bring-in/", {"do": "look"}).status_code == 422
        told = ask(key(desk.staff), "posts.bring_in", {"csv": text})[1]
        assert (told["lines"], told["posts"]) == ([2, 5], [])
        assert len(ask(key(desk.staff), "posts.bring_in", {"csv": text, "keep": True})[1]["posts"]) == 2
        wrong = ask(key(desk.staff), "posts.bring_in", {"csv": good(desk), "keep": True})[1]
        assert "time zone" in wrong["wrong"][0]["says"]
        assert Post.objects.count() == 4


class TestAgain:
    def test_on_the_same_hour_by_the_clock_also_after_it_changed(self) -> None:
        first = datetime(2026, 10, 18, 9, tzinfo=LONDON)
        found = times(first, "week", datetime(2026, 11, 1, 23, 59, tzinfo=LONDON))
        assert [moment.strftime("%d %H:%M") for moment in found] == ["25 09:00", "01 09:00"]
        assert [moment.astimezone(UTC).hour for moment in found] == [9, 9]  # summer time ended on the 25th

    def test_a_month_without_that_day_is_left_out(self) -> None:
        first = datetime(2026, 1, 31, 9, tzinfo=LONDON)
        found = times(first, "month", datetime(2026, 5, 31, 9, tzinfo=LONDON))
        assert [moment.month for moment in found] == [3, 5]

    def test_each_time_is_a_post_of_its_own(self, desk: Desk) -> None:
        begin = desk.at + timedelta(days=1)
        end = begin + timedelta(days=2)
        post = desk.save(desk.draft(not_before=begin, expires_at=end, answers={"tone": "yes"}))
        made = repeat(post, "week", begin + timedelta(days=15), by=desk.staff, at=desk.at)
        assert [one.not_before for one in made] == [begin + timedelta(days=7), begin + timedelta(days=14)]
        assert [one.expires_at for one in made] == [end + timedelta(days=7), end + timedelta(days=14)]
        assert made[0].answers == {}
        assert PostVersion.objects.filter(post=made[0]).count() == 1
        for every, until in (("week", begin), ("day", begin + timedelta(days=90)), ("year", begin)):
            with pytest.raises(BringError):
                repeat(post, every, until, by=desk.staff, at=desk.at)
        with pytest.raises(BringError, match="a day and a time first"):
            repeat(desk.save(), "week", begin, by=desk.staff, at=desk.at)
        wish = {"post": post.pk, "every": "week", "until": (begin + timedelta(days=8)).isoformat()}
        assert len(ask(key(desk.staff), "post.repeat", wish)[1]["posts"]) == 1
        client = Client()
        client.force_login(desk.staff)
        until = (begin + timedelta(days=8)).strftime("%d %b %Y")
        page = client.post(f"/write/{post.pk}/repeat/", {"every": "week", "until": until}, follow=True)
        assert "1 drafts made" in page.content.decode()
        page = client.post(f"/write/{post.pk}/repeat/", {"every": "week", "until": "never"}, follow=True)
        assert "No drafts were made." in page.content.decode()
        assert client.post("/write/999/repeat/", {}).status_code == 404


class TestFeed:
    def test_entries_are_plain_text_and_become_a_draft(self, desk: Desk) -> None:
        title, items = read_feed(
            "https://www.example.org/feed", by=desk.staff, at=timezone.now(), get=lambda url: Fetched(FEED)
        )
        assert title == "News & more"
        assert [one.title for one in items] == ["Open day", "Odd"]
        assert items[0].words.startswith("Come on Saturday.")
        assert "<" not in items[0].words
        assert items[1].link == ""
        draft = draft_of_item(items[0], kind="event", channels=[desk.x.pk])
        assert draft.text.startswith("Open day\n\nCome on Saturday.")
        assert draft.link == "https://www.example.org/open-day"

    @pytest.mark.parametrize("got", [Fetched(b"<html></html>"), Fetched(broken="It is away.")])
    def test_what_is_no_feed(self, desk: Desk, got: Fetched) -> None:
        with pytest.raises(BringError):
            read_feed("https://www.example.org/feed", by=desk.staff, at=timezone.now(), get=lambda url: got)

    def test_only_for_those_who_may_write_for_some_channel(self, desk: Desk) -> None:
        asked: list[str] = []

        def got(url: str) -> Fetched:
            asked.append(url)
            return Fetched(FEED)

        with pytest.raises(NotAllowed, match="cannot have a feed read"):
            read_feed("https://www.example.org/feed", by=factories.person(), at=timezone.now(), get=got)
        assert asked == []

    def test_it_is_read_behind_the_guard(self, desk: Desk) -> None:
        assert "private network" in fetch("http://127.0.0.1:9/feed").broken
        client = Client()
        client.force_login(desk.staff)
        page = client.post("/write/bring-in/", {"do": "feed", "feed": "http://127.0.0.1:9/feed"})
        assert page.status_code == 422
        assert "private network" in page.content.decode()
        assert ask(key(desk.staff), "feed.read", {"url": "http://[::1]/feed"})[0] in (400, 409, 422)

    def test_bounds(self) -> None:
        def answered(answer: httpx.Response) -> Fetched:
            return fetch("https://example.org/f", transport=httpx.MockTransport(lambda request: answer))

        assert "larger than 2 MB" in answered(httpx.Response(200, stream=httpx.ByteStream(b"x" * 2_200_000))).broken
        assert "status 404" in answered(httpx.Response(404)).broken
        assert "redirects more than" in answered(httpx.Response(302, headers={"location": "/f"})).broken
        assert answered(httpx.Response(200, stream=httpx.ByteStream(b"ok"))).data == b"ok"
        assert fetch("ftp://example.org").broken
