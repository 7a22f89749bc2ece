"""An alarm rings a real web server: signed, tried again, repeated, then the deputy's phone, until somebody has it."""

from __future__ import annotations

import importlib
import json
import re
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from gatepost.calls import on_call
from gatepost.calls.asked import Nothing
from gatepost.inbox import alarm_letters, alarms, calling
from gatepost.inbox.calling import CallFailed, Line, connect_line, end_line, ring, try_line
from gatepost.inbox.models import Alarm, AlarmCall, AlarmLink, CallLine
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import System
from gatepost.ledger.models import Line as LedgerLine
from gatepost.lifecycle import Conflict
from gatepost.networks.calling import USUAL
from gatepost.networks.handing_over import signature
from gatepost.people.authority import NotAllowed
from gatepost.vault import lock

from .scene import Desk

migration = importlib.import_module("gatepost.inbox.migrations.0024_lines_are_locked")
WORKER = System("worker")
DANGER = "I want to kill myself, I cannot go on. Casey Sample"


class Phones(BaseHTTPRequestHandler):
    """A service that texts: it keeps what it is sent and answers with `status`."""

    status = 200
    asked = ""
    got: list[tuple[dict[str, str], bytes]] = []

    def do_POST(self) -> None:  # the library's name
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).asked = self.path
        type(self).got.append((dict(self.headers), body))
        self.send_response(type(self).status)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def phones() -> Iterator[str]:
    Phones.status, Phones.got = 200, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Phones)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/text"
    server.shutdown()
    server.server_close()


def line(desk: Desk, url: str, **given: Any) -> tuple[CallLine, str]:
    usual: dict[str, Any] = {
        "title": "Texts", "url": url, "first": "07700 900123", "deputy": "07700 900456", "template": USUAL,
        "allow_private": True, "authorisation": "Bearer made-up",
    }  # fmt: skip
    return connect_line(Line(**{**usual, **given}), by=desk.officer, at=timezone.now())


def sent() -> list[dict[str, str]]:
    return [json.loads(body) for _, body in Phones.got]


def go(at: Any) -> None:
    for call in AlarmCall.objects.select_related("alarm__message__channel", "line").filter(
        taken_at=None, ended_at=None
    ):
        calling.send(call, at=at)


def test_it_rings_again_then_the_deputy_and_stops_when_somebody_has_it(desk: Desk, phones: str) -> None:
    made, key = line(desk, phones)
    message = desk.message(DANGER)
    alarm = Alarm.objects.get(message=message)
    at = alarm.at
    assert ring(by=WORKER, at=at) == 1
    assert ring(by=WORKER, at=at + timedelta(minutes=1)) == 0
    go(at)
    headers, body = Phones.got[0]
    assert headers["Authorization"] == "Bearer made-up"
    assert headers["X-Gatepost-Signature"] == signature(key, int(at.timestamp()), body)
    (first,) = sent()
    assert first["to"] == "07700 900123"
    assert "danger" in first["message"]
    assert "kill" not in first["message"]
    assert "Casey" not in first["message"]
    assert ring(by=WORKER, at=at + timedelta(minutes=6)) == 1
    late = at + timedelta(minutes=16)
    assert ring(by=WORKER, at=late) == 2
    go(late)
    assert [one["to"] for one in sent()][-2:] == ["07700 900123", "07700 900456"]
    page = urlsplit(sent()[-1]["message"].rsplit(" ", 1)[1]).path
    public = Client()
    for _ in range(2):  # programs that look at links do no harm
        shown = public.get(page).content.decode()
        assert "Nobody has it yet" in shown
        assert "kill" not in shown
        assert "Casey" not in shown
    assert "Write your name" in public.post(page).content.decode()
    assert "Priya Holt, by the deputy" in public.post(page, {"name": " Priya  Holt "}).content.decode()
    alarm.refresh_from_db()
    assert (alarm.taken_by, alarm.taker) == (None, "Priya Holt, by the deputy’s phone")
    assert ring(by=WORKER, at=late + timedelta(minutes=10)) == 0
    assert "Somebody has it" in public.post(page, {"name": "Somebody else"}).content.decode()
    lines = LedgerLine.objects.filter(subject=message.subject, verb__in=("alarm.rung", "alarm.taken")).order_by("pk")
    assert [one.verb for one in lines] == ["alarm.rung"] * 4 + ["alarm.taken"]
    assert lines[4].actor == f"on_call:{made.pk}"
    assert public.get("/have/made-up/").status_code == 404


def test_a_service_that_is_down_is_tried_again_and_one_that_says_no_says_so(desk: Desk, phones: str) -> None:
    line(desk, phones)
    alarm = Alarm.objects.get(message=desk.message(DANGER))
    ring(by=WORKER, at=alarm.at)
    Phones.status = 503
    with pytest.raises(CallFailed, match="503"):
        go(alarm.at)
    call = AlarmCall.objects.get()
    assert (call.tries, call.taken_at, call.ended_at) == (1, None, None)
    Phones.status = 401
    go(alarm.at)
    call.refresh_from_db()
    assert call.ended_at == alarm.at
    assert "401" in call.says
    # Taken meanwhile: the next call is not sent.
    ring(by=WORKER, at=alarm.at + timedelta(minutes=6))
    alarms.take(alarm, by=desk.staff, at=alarm.at)
    before = len(Phones.got)
    go(alarm.at)
    assert len(Phones.got) == before
    assert not AlarmCall.objects.filter(ended_at=None).exists()


def test_by_night_only_without_a_deputy_and_ended(desk: Desk, phones: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = line(desk, phones, at_night_only=True, deputy="")
    alarm = Alarm.objects.get(message=desk.message(DANGER))
    night = alarm.at + timedelta(hours=9)
    monkeypatch.setattr(calling, "is_open", lambda at, hours: at < night)
    assert ring(by=WORKER, at=alarm.at) == 0
    assert ring(by=WORKER, at=night) == 1
    assert not AlarmCall.objects.filter(who="deputy").exists()
    client = Client()
    client.force_login(desk.officer)
    assert "No number is kept for the deputy" in client.get("/on-call/").content.decode()
    end_line(made, by=desk.officer, at=night)
    made.refresh_from_db()
    assert bytes(made.secret) == b""
    assert ring(by=WORKER, at=night + timedelta(hours=1)) == 0
    with pytest.raises(InboxError, match="no longer"):
        try_line(made, by=desk.officer, at=night)


def alarm_of(desk: Desk, kind: str = "person", *, at: datetime) -> Alarm:
    return Alarm.objects.create(message=desk.message("Come quickly."), kind=kind, at=at)


def test_alarms_that_were_called_often_enough_keep_no_other_from_ringing(desk: Desk, phones: str) -> None:
    made, _ = line(desk, phones, deputy="")
    at = timezone.now()
    capped, refused = alarm_of(desk, at=at - timedelta(hours=9)), alarm_of(desk, "place", at=at - timedelta(hours=8))
    AlarmCall.objects.bulk_create(
        AlarmCall(alarm=alarm, line=made, who="first", at=alarm.at, taken_at=taken)
        for alarm, taken in ((capped, capped.at), (refused, None))  # the service never took a call about the second
        for _ in range(calling.MOST_CALLS)
    )
    assert ring(by=WORKER, at=at) == 1
    assert AlarmCall.objects.latest("pk").alarm == refused
    Alarm.objects.filter(pk=refused.pk).update(taken_at=at)
    assert ring(by=WORKER, at=at + timedelta(hours=1)) == 0


def test_a_phone_rings_once_for_all_that_wait_and_one_press_takes_them(desk: Desk, phones: str) -> None:
    line(desk, phones, deputy="")
    at = timezone.now()
    many = [alarm_of(desk, "place", at=at - timedelta(seconds=9 - number)) for number in range(4)]
    assert ring(by=WORKER, at=at) == 1
    go(at)
    assert "and 3 more" in sent()[0]["message"]
    assert AlarmCall.objects.get().alarm == many[-1]
    # One more of the kind waits for its turn; a graver one goes as soon as a minute is over, once.
    alarm_of(desk, "place", at=at)
    minute = timedelta(minutes=1)
    assert ring(by=WORKER, at=at + minute) == 0
    graver = alarm_of(desk, at=at)
    assert ring(by=WORKER, at=at + minute / 2) == 0
    assert ring(by=WORKER, at=at + minute) == 1
    assert AlarmCall.objects.latest("pk").alarm == graver
    alarm_of(desk, at=at)
    assert ring(by=WORKER, at=at + 3 * minute) == 0
    assert ring(by=WORKER, at=at + 6 * minute) == 1
    go(at + 6 * minute)
    page = urlsplit(sent()[-1]["message"].rsplit(" ", 1)[1]).path
    public = Client()
    shown = public.get(page).content.decode()
    assert "6 more messages wait</strong>: in 1 of them somebody may be in danger" in shown
    assert not Alarm.objects.exclude(taken_at=None).exists()
    upto = re.findall(r'name="upto" value="(\d+)"', shown)[0]
    later = alarm_of(desk, at=at)
    assert "Write your name" in public.post(page, {"upto": upto}).content.decode()
    done = public.post(page, {"upto": upto, "name": "Priya Holt"}).content.decode()
    assert "1 more message waits" in done  # what they were not shown is not theirs
    assert [one.pk for one in Alarm.objects.filter(taken_at=None)] == [later.pk]
    assert LedgerLine.objects.filter(verb="alarm.taken").count() == 7
    assert "taken all of these already" in public.post(page, {"upto": upto, "name": "Sam"}).content.decode()
    # What was heard of has been taken: the next alarm need not wait for its turn.
    assert ring(by=WORKER, at=at + 8 * minute) == 1


def test_what_was_never_called_goes_before_what_was_and_then_in_turn(desk: Desk, phones: str) -> None:
    line(desk, phones, deputy="")
    at = timezone.now()
    person, place = alarm_of(desk, at=at), alarm_of(desk, "place", at=at)
    for turn in range(4):
        assert ring(by=WORKER, at=at + timedelta(minutes=5 * turn)) == 1
    assert [one.alarm for one in AlarmCall.objects.order_by("pk")] == [person, place, person, place]
    go(at)
    assert all("Somebody may be in danger" in one["message"] for one in sent())


def test_a_key_in_the_address_or_the_body_is_locked_and_shown_to_nobody(desk: Desk, phones: str) -> None:
    made, _ = line(desk, f"{phones}?token=S3CRET", template=USUAL.replace("{", '{"key": "S3CRET", ', 1))
    row = CallLine.objects.filter(pk=made.pk).values().get()
    assert "S3CRET" not in str(row)
    assert row["host"] == phones.removesuffix("/text")
    told = on_call.lines_list(Nothing(), by=desk.staff, at=timezone.now()).model_dump_json()
    client = Client()
    client.force_login(desk.officer)
    page = client.get("/on-call/").content.decode()
    for shown in (told, page):
        assert row["host"] in shown
        assert "S3CRET" not in shown
        assert phones not in shown
    try_line(made, by=desk.officer, at=timezone.now())
    go(timezone.now())
    assert sent()[0]["key"] == "S3CRET"
    assert Phones.asked == "/text?token=S3CRET"


def test_lines_of_an_earlier_day_are_locked_too(desk: Desk) -> None:
    made, _ = line(desk, "https://sms.example.org/a/b?token=S3CRET", deputy="")
    known = {name: text for name, text in made.known().items() if name not in ("url", "template")}
    old = {"host": made.known()["url"], "template": USUAL, "has_deputy": True}
    locked = migration.locked(lock(known, settings.DATA), **old)
    CallLine.objects.filter(pk=made.pk).update(**locked)
    made.refresh_from_db()
    assert (made.host, made.has_deputy) == ("https://sms.example.org", False)
    assert made.known() == {**known, "url": old["host"], "template": USUAL}
    assert migration.locked(b"", **old) == {"host": "https://sms.example.org", "has_deputy": True, "secret": b""}


def test_a_trial_says_that_it_is_one(desk: Desk, phones: str) -> None:
    made, _ = line(desk, phones, form="form", template="To={{to}}&Body={{text}}")
    try_line(made, by=desk.officer, at=timezone.now())
    go(timezone.now())
    assert b"trial" in Phones.got[0][1]
    assert not AlarmLink.objects.exists()
    assert "This was a trial" in Client().get("/have/trial/").content.decode()


@pytest.mark.parametrize(
    ("change", "says", "field"),
    [
        ({"title": " "}, "a name", "title"),
        ({"url": "ftp://x"}, "web address", "url"),
        ({"url": "http://sms.example.org/", "allow_private": False}, "https", "url"),
        ({"url": "https://sms.example.org/" + "x" * 400}, "longer", "url"),
        ({"first": ""}, "on-call phone", "first"),
        ({"deputy": "0" * 61}, "60 characters", "deputy"),
        ({"authorisation": "Bearer ü"}, "plain letters", "authorisation"),
        ({"every": 0}, "minutes", "every"),
        ({"deputy_after": 241}, "minutes", "deputy_after"),
        ({"template": "{}"}, "must name", "template"),
    ],
)
def test_what_is_missing_is_named_with_its_field(desk: Desk, change: dict[str, Any], says: str, field: str) -> None:
    with pytest.raises(InboxError, match=says) as caught:
        line(desk, **{"url": "https://sms.example.org/", "allow_private": False, **change})
    assert caught.value.field == field


def test_only_who_signs_off_connects_a_line(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        connect_line(Line("Texts", "https://sms.example.org/", "1", template=USUAL), by=desk.staff, at=timezone.now())


def test_the_e_mail_has_a_link_that_takes_it_without_signing_in(desk: Desk) -> None:
    alarm = Alarm.objects.get(message=desk.message(DANGER))
    mail.outbox.clear()
    alarm_letters.tell(alarm, to_all=False, by=WORKER, at=alarm.at)
    (letter,) = mail.outbox
    page = next(urlsplit(one).path for one in str(letter.body).split() if "/have/" in one)
    link = calling.found_link(page.split("/")[2], at=alarm.at)
    assert link is not None
    assert link.person is not None
    done = Client().post(page).content.decode()
    assert "Somebody has it" in done
    alarm.refresh_from_db()
    assert alarm.taken_by == link.person
    with pytest.raises(Conflict, match=link.person.name):
        calling.take_by_link(link, name="", at=alarm.at)
    assert calling.found_link(page.split("/")[2], at=alarm.at + timedelta(days=15)) is None


def test_the_screen_connects_tries_and_ends_a_line(desk: Desk) -> None:
    client = Client()
    client.force_login(desk.officer)
    given = {
        "do": "connect", "title": "Texts", "url": "https://sms.example.org/send", "first": "07700 900123", "deputy": "",
        "template": "To={{to}}", "form": "form", "every": "5", "deputy_after": "15",
    }  # fmt: skip
    refused = client.post("/on-call/", given)
    assert refused.status_code == 422
    assert 'id="template-e"' in refused.content.decode()
    late = client.post("/on-call/", {**given, "template": "To={{to}}&Body={{text}}", "deputy_after": "999"})
    assert 'id="deputy_after-e"' in late.content.decode()
    made = client.post("/on-call/", {**given, "template": "To={{to}}&Body={{text}}"}).content.decode()
    assert "Texts is connected" in made
    one = CallLine.objects.get()
    assert one.known()["key"] in made
    assert "900123" not in client.get("/on-call/").content.decode()
    client.post("/on-call/", {"do": "try", "line": one.pk})
    assert "a trial" in client.get("/on-call/").content.decode()
    client.post("/on-call/", {"do": "end", "line": one.pk})
    assert "No phone is rung" in client.get("/on-call/").content.decode()
    client.force_login(desk.staff)
    assert "Connect a line" not in client.get("/on-call/").content.decode()
