"""Every view names who may see it; no page carries code or style of its own or fetches from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, get_args

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from gatepost.web.permission import Needs
from gatepost.web.signed_in import SignedInMiddleware
from tests.rules.house import ours

# Seen by somebody who is not signed in. A new one is added here on purpose.
OPEN = {
    "answer",
    "answer_file",
    "have",
    "approve",
    "approve_picture",
    "calendar_feed",
    "sign_in",
    "sign_in_link",
    "sign_out",
    "openapi",
    "review",
    "review_one",
    "action",
    "short",
    "sending_health",
}
LOADED = {"src", "srcset", "data", "poster", "action", "formaction", "background"}


def views(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, Any]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from views(one.url_patterns, before + str(one.pattern))
        else:
            yield before + str(one.pattern), one.callback


EVERY = list(views(get_resolver().url_patterns))


def test_every_view_names_who_may_see_it() -> None:
    assert len(EVERY) > 30
    assert [address for address, view in EVERY if getattr(view, "needs", None) not in get_args(Needs)] == []


def test_only_these_are_open_to_anybody() -> None:
    assert {view.__name__ for _, view in EVERY if view.needs == "anybody"} <= OPEN


def test_a_view_that_names_nothing_is_shown_to_nobody() -> None:
    def unmarked(request: HttpRequest) -> HttpResponse:
        return HttpResponse("words")

    request = RequestFactory().get("/")
    request.user = type("Nobody", (), {"is_authenticated": False})()
    answer = SignedInMiddleware(unmarked).process_view(request, unmarked, (), {})
    assert answer is not None
    assert answer.status_code == 302


class Marks(HTMLParser):
    """Notes what the content policy would refuse, or what would fetch from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") != "application/json"):
            self.found.append(f"<{tag}> written into the page")
        for name, value in attrs:
            if name == "style" or re.fullmatch(r"on[a-z]+", name):
                self.found.append(f"{name}= on <{tag}>")
            away = re.match(r"\s*(https?:)?//", value or "", re.IGNORECASE)
            if away and (name in LOADED or (name == "href" and tag in ("link", "use", "image", "base"))):
                self.found.append(f"{name}={value} on <{tag}>")
            if name in LOADED | {"href"} and re.match(r"\s*javascript:", value or "", re.IGNORECASE):
                self.found.append(f"{name}={value} on <{tag}>")


def marks(template: str) -> list[str]:
    plain = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", "", template, flags=re.DOTALL)
    reader = Marks()
    reader.feed(re.sub(r"{%.*?%}|{{.*?}}", "", plain, flags=re.DOTALL))
    return reader.found


def test_no_page_carries_code_style_or_third_parties() -> None:
    pages = ours(".html")
    assert len(pages) > 20
    assert {str(page): found for page in pages if (found := marks(page.read_text("utf-8")))} == {}


@pytest.mark.parametrize(
    "bad",
    [
        "<script>alert(1)</script>",
        "<style>p {}</style>",
        '<p style="color: red">',
        '<button {% if x %}disabled{% endif %} onclick="go()">',
        '<img src="https://elsewhere.example/x.png">',
        '<link rel="stylesheet" href="//elsewhere.example/x.css">',
        '<a href="javascript:go()">',
    ],
)
def test_a_breach_is_seen(bad: str) -> None:
    assert marks(bad)


def test_style_sheets_and_scripts_fetch_nothing_from_elsewhere() -> None:
    away = re.compile(r"""url\(\s*["']?(https?:)?//|@import|fetch\(\s*["'](https?:)?//|\beval\(|new Function\(""")
    files = ours(".css", ".js")
    assert len(files) > 4
    assert [str(path) for path in files if away.search(path.read_text("utf-8"))] == []
