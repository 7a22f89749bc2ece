"""Fake wires for the connectors: answers by a function, requests kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from gatepost.networks.protocol import Account

Handler = Callable[[httpx.Request], httpx.Response]

FACEBOOK = Account("facebook", "", "111222333", "practice", {"token": "EAAsecret", "app_secret": "appsecret"})
X = Account("x", "", "555666777", "practice", {"token": "xsecret"})
WORDPRESS = Account(
    "wordpress", "https://blog.example.org", "blog", "", {"username": "desk", "application_password": "abcd efgh"}
)
PRESS = Account("press_feed", "https://news.example.org/rss.xml", "The Sample Gazette")
BY_HAND = Account("by_hand", "", "desk")
MAILBOX = Account(
    "mailbox",
    "imaps://mail.example.org",
    "hello@example.org",
    "",
    {"username": "hello@example.org", "password": "a-practice-word"},
)


class Wire(httpx.BaseTransport):
    """Answers every request by `handler` and keeps it."""

    def __init__(self, handler: Handler | httpx.Response | Exception) -> None:
        self.handler = handler
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        if isinstance(self.handler, Exception):
            raise self.handler
        given = self.handler if isinstance(self.handler, httpx.Response) else self.handler(request)
        # As from a socket: the body is still to be read.
        return httpx.Response(given.status_code, headers=given.headers, stream=httpx.ByteStream(given.content))

    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.requests if request.content]


def answer(status: int, body: Any = None, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if isinstance(body, str | bytes):
        return httpx.Response(status, content=body, headers=named)
    return httpx.Response(status, json=body, headers=named)


HTML = "<!doctype html><title>Sorry</title><h1>Something went wrong</h1>"
