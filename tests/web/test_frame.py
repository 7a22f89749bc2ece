"""What every page has: the frame, the error pages, words for times and states."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, get_resolver

from gatepost.gate.states import ACT
from gatepost.inbox.states import MESSAGE, REFERRAL
from gatepost.policy.model import Span
from gatepost.web.frame import errors, times
from gatepost.web.frame.lines import PAGES
from gatepost.web.frame.places import ALL, address
from gatepost.web.frame.signs import SIGNS, path_of
from tests import factories

NOW = datetime(2026, 11, 24, 10, 42, tzinfo=UTC)


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        (datetime(2026, 11, 24, 9, 0, tzinfo=UTC), "9am"),
        (datetime(2026, 11, 24, 12, 0, tzinfo=UTC), "midday"),
        (datetime(2026, 11, 24, 0, 0, tzinfo=UTC), "midnight"),
        (datetime(2026, 11, 25, 12, 30, tzinfo=UTC), "12:30pm tomorrow"),
        (datetime(2026, 11, 27, 17, 5, tzinfo=UTC), "5:05pm Fri 27 Nov"),
        (datetime(2027, 7, 1, 11, 0, tzinfo=UTC), "midday Thu 1 Jul 2027"),  # summer time
    ],
)
def test_times_as_people_say_them(moment: datetime, says: str) -> None:
    assert times.when(moment, NOW) == says


@pytest.mark.parametrize(
    ("span", "says"),
    [
        (timedelta(seconds=20), "less than a minute"),
        (timedelta(minutes=42), "42 min"),
        (timedelta(hours=1, minutes=48), "1 h 48 min"),
        (timedelta(hours=23), "23 h"),
        (timedelta(days=1, hours=3), "1 day"),
        (timedelta(days=3), "3 days"),
    ],
)
def test_lengths(span: timedelta, says: str) -> None:
    assert times.length(span) == says


def test_clocks() -> None:
    late = render("{% clock due %}", due=NOW - timedelta(minutes=42), now=NOW)
    assert "gp-clock--late" in late
    assert "Late by 42 min" in late
    soon = render('{% clock due by="sign by" %}', due=NOW + timedelta(minutes=108), now=NOW)
    assert "gp-clock--soon" in soon
    assert "1 h 48 min left" in soon
    assert "sign by 12:30pm today" in soon
    assert "3 days left" in render("{% clock due %}", due=NOW + timedelta(days=3, hours=1), now=NOW)
    assert render("{% clock due %}", due=None) == ""


def test_every_state_has_its_sign_and_every_sign_is_drawn() -> None:
    for machine in (ACT, MESSAGE, REFERRAL):
        for word in machine.words.values():
            assert word in SIGNS
    for _, sign in SIGNS.values():
        assert path_of(sign)
    for place in ALL:
        assert path_of(place[2])


def test_pieces_hold_no_personal_details() -> None:
    spans = [Span(11, 23, "personal_details", "phone"), Span(0, 4, "complaint", "cue")]
    shown = render("{% pieces text spans %}", text="Ring me on 07700 900461 <now>", spans=spans)
    assert "900461" not in shown
    assert 'aria-label="Phone hidden"' in shown
    assert "&lt;now&gt;" in shown
    assert "gp-mark gp-mark--" in shown
    assert "900461" in render("{% pieces text spans mask=False %}", text="Ring me on 07700 900461", spans=spans)


def test_a_clause_is_a_link_and_is_escaped() -> None:
    assert 'href="/policy/#usage.7"' in render('{% clause "usage.7" %}')
    assert "<script>" not in render("{% clause name %}", name="<script>")


@pytest.mark.django_db
def test_error_pages_are_in_the_look_and_say_what_to_do(client: Client) -> None:
    client.force_login(factories.person())
    answer = client.get("/nowhere/at/all/")
    assert answer.status_code == 404
    assert "Nothing here" in answer.content.decode()
    assert "gp-nav" in answer.content.decode()
    request = RequestFactory().get("/")
    for made, status in (
        (errors.bad_request(request, Exception()), 400),
        (errors.forbidden(request, Exception()), 403),
        (errors.stale_form(request), 403),
    ):
        assert made.status_code == status
        assert b"Go to the front page" in made.content
    api = errors.not_found(RequestFactory().get("/api/x"), Exception())
    assert api["Content-Type"] == "application/json"


def test_every_place_and_every_page_of_a_line_is_there() -> None:
    for name, *_ in ALL:
        assert address(name).startswith("/")
    for name in PAGES.values():
        assert address(name, 1).startswith("/")
    with pytest.raises(NoReverseMatch):
        address("no_such_page")


@pytest.mark.django_db
def test_a_form_without_its_token_is_explained() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.person())
    answer = client.post("/settings/", {"act": "keys"})
    assert answer.status_code == 403
    assert "This form is too old" in answer.content.decode()


@pytest.mark.django_db
def test_pages_need_no_inline_script_or_style(client: Client) -> None:
    person = factories.officer()
    factories.channel(by=person)
    client.force_login(person)
    for url in ("/", "/channels/", "/people/", f"/people/{person.pk}/", "/hold/", "/record/", "/settings/", "/town/"):
        answer = client.get(url)
        assert answer.status_code == 200, url
        html = answer.content.decode()
        assert " style=" not in html, url
        assert "<style" not in html, url
        assert html.count("<script") == html.count("<script src="), url
        assert html.count("<h1") == 1, url
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "media-src 'self'" in answer["Content-Security-Policy"]  # the player of films


def test_every_view_says_who_may_see_it() -> None:
    def views(patterns: list[object]) -> list[object]:
        found = []
        for pattern in patterns:
            found += views(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern.callback]  # type: ignore[attr-defined]  # Django's patterns
        return found

    for view in views(get_resolver().url_patterns):
        known = ("anybody", "signed in", "reader", "officer", "administrator", "signature")
        assert getattr(view, "needs", None) in known, view


def test_static_files_carry_their_contents_digest() -> None:
    assert render('{% asset "gatepost.css" %}').startswith("/static/gatepost.css?")
    assert render('{% asset "nowhere.css" %}') == "/static/nowhere.css"
