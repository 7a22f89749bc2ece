"""Links: followed by the worker, felt by the checks, tagged or shortened as the policy says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from gatepost.gate import actions as gate
from gatepost.gate.facts import LinkFact, link_digest, links_in
from gatepost.gate.models import Act
from gatepost.gate.sending import claim
from gatepost.networks.pages import PageSeen
from gatepost.publishing import actions as publishing
from gatepost.publishing import link_checks
from gatepost.publishing.actions import content_of, submit
from gatepost.publishing.links import address_of, leaving_link, tagged
from gatepost.publishing.models import LinkDay, Post, ShortLink
from gatepost.rulebook.actions import in_force

from .test_posts import Desk, desk

__all__ = ["desk"]
URL = "https://www.example.org/news?id=7"


def test_links_of_a_text() -> None:
    assert links_in("See https://a.example/x. And http://b.example!", URL) == [
        URL,
        "https://a.example/x",
        "http://b.example",
    ]
    assert links_in("none") == []
    assert len(links_in(" ".join(f"https://a.example/{n}" for n in range(40)))) == 6
    assert links_in("https://a.example/" + "x" * 3000) == []


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://a.example", "https://a.example?utm_source=x&utm_medium=social&utm_campaign=open-day"),
        (
            "https://a.example/?utm_source=own#top",
            "https://a.example/?utm_source=own&utm_medium=social&utm_campaign=open-day#top",
        ),
        (
            "https://a.example/?q=a%20b&&c",
            "https://a.example/?q=a%20b&&c&utm_source=x&utm_medium=social&utm_campaign=open-day",
        ),
        ("https://[", "https://["),
    ],
)
def test_tags_are_added_and_nothing_is_changed(url: str, wanted: str) -> None:
    assert tagged(url, source="x", campaign="Open day!") == wanted


@given(st.text(max_size=60))
def test_tagging_twice_is_tagging_once(words: str) -> None:
    once = tagged(f"https://a.example/{words}", source="x", campaign="c")
    assert tagged(once, source="y", campaign="d") == once or "utm_source" not in once


@pytest.mark.django_db
class TestFollowing:
    def test_a_link_is_wanted_once_and_followed(self, desk: Desk) -> None:
        assert link_checks.want([URL, "mailto:a@example.org"], at=desk.at) == 1
        fact = LinkFact.objects.get()
        link_checks.follow(fact, at=desk.at, look=lambda url: PageSeen(200, url, "News", "All of it"))
        assert (fact.title, fact.broken, fact.seen_at) == ("News", "", desk.at)
        assert link_checks.want([URL], at=desk.at + timedelta(hours=1)) == 0

    def test_one_slow_answer_keeps_what_was_seen(self, desk: Desk) -> None:
        link_checks.want([URL], at=desk.at)
        fact = LinkFact.objects.get()
        link_checks.follow(fact, at=desk.at, look=lambda url: PageSeen(200, url, "News"))
        link_checks.follow(fact, at=desk.at, look=lambda url: PageSeen(broken="It was slow."))
        assert (fact.title, fact.broken, fact.sure) == ("News", "It was slow.", False)

    @pytest.mark.parametrize(("sure", "severity"), [(True, "stop"), (False, "ask")])
    def test_the_checks_feel_it(self, desk: Desk, sure: bool, severity: str) -> None:
        post = desk.save(desk.draft(link=URL))
        LinkFact.objects.filter(pk=link_digest(URL)).update(seen_at=desk.at, broken="Gone.", sure=sure)
        found = [one for one in publishing.findings(post, at=desk.at)[desk.x.pk] if one.check == "broken_link"]
        assert [(one.severity, one.field, one.message) for one in found] == [(severity, "link", "Gone.")]
        inside = desk.save(desk.draft(f"Read {URL} today"), post=post, version=1)
        (one,) = [one for one in publishing.findings(inside, at=desk.at)[desk.x.pk] if one.check == "broken_link"]
        assert (one.start, one.end) == (5, 5 + len(URL))

    def test_a_link_that_broke_after_signing_stops_the_act_and_nobody_waits_for_it(self, desk: Desk) -> None:
        (act,) = submit(desk.save(desk.draft(link=URL, channels=[desk.x.pk])), by=desk.staff, at=desk.at)
        gate.sign_off(act, digest=act.digest, by=desk.officer, at=desk.at)
        LinkFact.objects.update(seen_at=desk.at - timedelta(hours=1))
        assert (
            link_checks.before_leaving(at=desk.at - timedelta(minutes=1)) == 0
        )  # seen once: nothing new is waited for
        LinkFact.objects.update(broken="The page is not there.", sure=True)
        assert claim(worker="test", at=desk.at) == []
        act.refresh_from_db()
        assert act.state == "to_sign_off"
        assert "The page is not there." in act.says

    def test_what_nobody_wants_is_forgotten(self, desk: Desk) -> None:
        link_checks.want([URL], at=desk.at)
        link_checks.before_leaving(at=desk.at + timedelta(days=100))
        assert not LinkFact.objects.exists()


def short_act(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> tuple[Act, str, str]:
    """A submitted post whose policy shortens links, the path of its short link, and where that leads."""
    pack = in_force(desk.at)
    other = replace(pack, checks=pack.checks.model_copy(update={"links": "short"}))
    monkeypatch.setattr(publishing, "in_force", lambda at: other)
    (act,) = submit(desk.save(desk.draft(link=URL, channels=[desk.x.pk])), by=desk.staff, at=desk.at)
    return act, "/l/" + act.content["link"].rpartition("/")[2], act.content["leads_to"]


@pytest.mark.django_db
class TestShortLinks:
    def test_the_policy_decides(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        post = desk.save(desk.draft(link=URL))
        variant = post.variants.get(channel=desk.x)
        assert (content_of(post, variant).link, content_of(post, variant).leads_to) == (URL, "")
        pack = in_force(desk.at)
        for how in ("utm", "short"):
            other = replace(pack, checks=pack.checks.model_copy(update={"links": how}))
            monkeypatch.setattr(publishing, "in_force", lambda at, other=other: other)
            content = content_of(post, variant)
            if how == "utm":
                assert content.link.startswith(URL + "&utm_source=x&utm_medium=social&utm_campaign=")
                assert content.leads_to == ""
            else:
                short = ShortLink.objects.get()
                assert content.link == address_of(short)
                assert content.leads_to == short.target == tagged(URL, source="x", campaign=post.kind)
                assert content_of(post, variant).digest == content.digest  # made once

    def test_one_target_is_one_link_for_ever(self, desk: Desk) -> None:
        post = desk.save(desk.draft(link=URL))
        first = leaving_link(post, desk.x, "short")
        Post.objects.filter(pk=post.pk).update(link="https://www.example.org/other")
        post.refresh_from_db()
        second = leaving_link(post, desk.x, "short")
        assert first != second
        assert leaving_link(post, desk.facebook, "short") != second
        assert ShortLink.objects.count() == 3

    def test_it_leads_nowhere_before_what_was_signed_leaves(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        act, path, _ = short_act(desk, monkeypatch)
        stranger = Client()
        assert stranger.get(path).status_code == 404
        gate.sign_off(act, digest=act.digest, by=desk.officer, at=desk.at)
        assert stranger.get(path).status_code == 404
        assert stranger.head(path).status_code == 404
        assert not LinkDay.objects.exists()
        assert [one.act for one in claim(worker="test", at=desk.at)] == [act]  # its network may look at once
        assert stranger.get(path).status_code == 302
        # The draft is turned to another place: that link has not been signed by anybody.
        post = Post.objects.get()
        Post.objects.filter(pk=post.pk).update(link="https://elsewhere.example.org/")
        post.refresh_from_db()
        other, _ = leaving_link(post, desk.x, "short")
        assert stranger.get("/l/" + other.rpartition("/")[2]).status_code == 404

    def test_it_leads_on_and_counts_without_keeping_anything_of_anybody(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        act, path, target = short_act(desk, monkeypatch)
        Act.objects.filter(pk=act.pk).update(state="sent")
        stranger = Client()
        for _ in range(2):
            answer = stranger.get(path)
            assert (answer.status_code, answer["Location"]) == (302, target)
            assert not answer.cookies
        assert answer["Cache-Control"] == "no-store"
        stranger.head(path)
        stranger.get(path, headers={"Sec-Purpose": "prefetch"})
        (day,) = LinkDay.objects.all()
        assert day.times == 2
        assert {field.name for field in LinkDay._meta.get_fields()} == {"id", "link", "day", "times"}
        page = Client()
        page.force_login(desk.staff)
        shown = page.get(f"/posts/{Post.objects.get().pk}/").content.decode()
        assert "Short links followed" in shown
        assert f"<strong>{desk.x.name}</strong>: 2 times" in shown
        assert "<dd>2</dd>" in shown
        assert stranger.get("/l/abcdefg").status_code == 404
        assert stranger.get("/l/abcdefg/../").status_code in (302, 404)
