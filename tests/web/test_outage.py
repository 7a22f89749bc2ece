"""What people and programs get while the database is away, and who may read live events."""

from __future__ import annotations

import psycopg
import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from gatepost.people.models import User
from gatepost.web import outage
from gatepost.web.live import person_of_session


def fails(request: HttpRequest) -> HttpResponse:
    raise OperationalError("connection to server on socket failed")


def mistaken(request: HttpRequest) -> HttpResponse:
    raise KeyError("a mistake of ours")


urlpatterns = [path("fails/", fails), path("api/fails/", fails), path("mistaken/", mistaken)]
handler500 = outage.server_error


def caused(cause: BaseException) -> OperationalError:
    error = OperationalError("x")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (OperationalError("no server"), "The database does not answer"),
        (InterfaceError("connection already closed"), "The database does not answer"),
        (caused(psycopg.errors.AdminShutdown()), "The database does not answer"),
        (caused(psycopg.errors.CannotConnectNow()), "The database does not answer"),
        (caused(psycopg.errors.DiskFull()), "The disk is full"),
        (caused(psycopg.errors.TooManyConnections()), "The desk is very busy"),
        (caused(psycopg.errors.DeadlockDetected()), "The desk could not finish this"),
    ],
)
def test_each_outage_has_its_title(error: Exception, title: str) -> None:
    found = outage.reason(error)
    assert found is not None
    assert found[0] == title


def test_other_errors_are_no_outage() -> None:
    assert outage.reason(KeyError("x")) is None
    assert outage.reason(None) is None


@pytest.mark.urls(__name__)
@override_settings(MIDDLEWARE=["gatepost.web.outage.OutageMiddleware"])
def test_people_get_a_page_that_says_nothing_is_lost(client: Client) -> None:
    answer = client.get("/fails/?q=<b>")
    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "Nothing that was saved is lost" in page
    assert '<html lang="en-GB"' in page
    assert "<b>" not in page
    assert page.count("<h1>") == 1
    assert "<script" not in page
    assert "style=" not in page


@pytest.mark.urls(__name__)
@override_settings(MIDDLEWARE=["gatepost.web.outage.OutageMiddleware"])
def test_programs_get_json(client: Client) -> None:
    for answer in (client.get("/api/fails/"), client.get("/fails/", headers={"accept": "application/json"})):
        assert answer.status_code == 503
        error = answer.json()["error"]
        assert "does not answer" in error["what"]
        assert "Nothing that was saved is lost" in error["mend"]


def test_an_outage_outside_a_view_reaches_the_handler_for_500() -> None:
    request = RequestFactory().get("/x/")
    try:
        raise OperationalError("gone")
    except OperationalError:
        assert outage.server_error(request).status_code == 503
    try:
        raise KeyError("ours")
    except KeyError:
        answer = outage.server_error(request)
    assert answer.status_code == 500
    assert not answer.has_header("Retry-After")
    assert "made a mistake" in answer.content.decode()


def session_of(person: User) -> SessionStore:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return session


@pytest.mark.django_db(transaction=True)
def test_live_events_are_for_sessions_of_people_on_the_desk() -> None:
    person = User.objects.create_user(email="sam@example.org", name="Sam Osei", password="a long password")
    key = session_of(person).session_key
    assert key is not None
    assert person_of_session(key) is True
    assert person_of_session("x" * 32) is False
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert person_of_session(key) is False
    User.objects.filter(pk=person.pk).update(is_active=True)
    SessionStore(key).delete()
    assert person_of_session(key) is False
