"""Answers a request that holds a character PostgreSQL cannot keep (NUL) as what it is: not readable.

Keyboards and browsers never send one; programs that try doors do, and should neither fill the log with failures nor be
told that the desk made a mistake.
"""

from __future__ import annotations

from collections.abc import Callable

import psycopg
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from gatepost.web.frame.errors import bad_request

UNTRANSLATABLE = "22P05"  # PostgreSQL's code for NUL within JSON


def holds_nul(error: BaseException) -> bool:
    if not isinstance(error, DataError):
        return False
    cause = error.__cause__
    return "NUL (0x00)" in str(error) or (isinstance(cause, psycopg.Error) and cause.sqlstate == UNTRANSLATABLE)


class UnkeepableMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return bad_request(request, exception) if holds_nul(exception) else None
