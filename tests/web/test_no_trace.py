"""A marked telephone number stands in every text column about people outside, and is seen nowhere until asked for.

Every page of the desk, every answer of the API that only tells, every letter, the record and the log are walked. What
is exempt is named, with the reason.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core import mail
from django.db import DatabaseError, models, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from pydantic import ValidationError

from gatepost.calls.actions import ACTIONS
from gatepost.calls.found import NoSuch
from gatepost.calls.refusals import REFUSALS
from gatepost.channels.models import Channel
from gatepost.gate.models import Act
from gatepost.inbox.actions import keep_evidence
from gatepost.inbox.intake import take_in
from gatepost.inbox.joining import link
from gatepost.inbox.models import Message
from gatepost.inbox.notes import add_note
from gatepost.inbox.personal import holds as legal_holds
from gatepost.inbox.personal.erasing import forget, on_their_way
from gatepost.inbox.personal.finding import message_of
from gatepost.inbox.personal.register import MESSAGES, PLACES, Place
from gatepost.inbox.personal_models import LegalHold
from gatepost.ledger.models import Line
from gatepost.people.models import User
from tests.inbox.personal.scene import Told, told
from tests.inbox.personal.test_erasing import everything
from tests.inbox.scene import make_desk, said

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MARKED = "07700 900321"
SAID = f"Ring me on {MARKED}."
# Where it may be seen, and why.
EXEMPT_ACTIONS = {
    "message.reveal": "that is what it is for",
    "person_request.data": "that is what the person is given",
    "reply_drafts.list": "an answer somebody goes on writing: checked and signed as it stands",
    "rulings.list": "the notice as it goes to the person themself",
}
TELLS = re.compile(r"\.(list|get|search|waiting|online|versions|comments|coverage|verify|preview|find|suggest|of)$")


def shows(body: str) -> bool:
    return MARKED.replace(" ", "") in re.sub(r"[\s\-().]|&nbsp;", "", body)


def filled(model: type[models.Model], scene: Told, deep: int = 0, words: Sequence[str] = ()) -> models.Model | None:
    """A row of a table with the marked words in these columns; None where the desk's rules do not let it be."""
    given: dict[str, Any] = {}
    for one in model._meta.concrete_fields:
        if (one.primary_key and one.has_default()) or isinstance(one, models.AutoField):
            continue
        given[one.name] = SAID if one.name in words else _value(one, scene, deep)
    given = {name: value for name, value in given.items() if value is not SKIP}
    try:
        with transaction.atomic():
            made: models.Model = model._default_manager.create(**given)
            return made
    except (DatabaseError, ValueError):
        return None


SKIP = object()


def _value(one: Any, scene: Told, deep: int) -> Any:
    if isinstance(one, models.ForeignKey):
        target = one.related_model
        known = {Message: scene.own, User: scene.desk.staff, Channel: scene.desk.channel}
        if target in known:
            return known[target]
        if one.null and deep:
            return SKIP
        found = target._default_manager.first()
        return found if found is not None or deep > 2 else filled(target, scene, deep + 1)
    if one.has_default() or one.null or one.has_db_default():
        return SKIP
    if isinstance(one, models.CharField | models.TextField):
        if one.choices:
            return one.choices[0][0]
        return f"x{scene.own.pk}"
    kinds = ((models.DateTimeField, scene.at), (models.DateField, scene.at.date()), (models.BooleanField, False))
    for kind, value in kinds:
        if isinstance(one, kind):
            return value
    return 1 if isinstance(one, models.IntegerField) else SKIP


# What is masked by the places kept with the words, so that the words must come in by the desk's own actions.
BY_ACTIONS = {"inbox.Note", "inbox.Version", "inbox.Evidence", "inbox.LegalHold"}


def stands(place: Place) -> bool:
    return any(shows(str(getattr(row, name))) for row in place.rows for name in place.words)


def mark(place: Place) -> int:
    """Puts the marked number into the words of every row of a table that may be changed."""
    done = 0
    for row in place.rows:
        changes = {}
        for name in place.words:
            most = row._meta.get_field(name).max_length
            text = f"{getattr(row, name)} {SAID}".strip()
            if most is None or len(text) <= most:
                changes[name] = text
        try:
            with transaction.atomic():
                done += place.rows.filter(pk=row.pk).update(**changes) if changes else 0
        except DatabaseError:  # kept as it was made: its words came in by the action
            done += any(shows(str(getattr(row, name))) for name in place.words)
    return done


@pytest.fixture
def scene() -> Told:
    made = told(make_desk())
    extra = made.desk.message(f"{SAID} The heating is off again, I complain.", author_name="Drew Other")
    at = timezone.now()
    keep_evidence(extra, reason=f"They are on {MARKED}", clause="usage.7", by=made.desk.staff, at=at)
    add_note(extra, f"Called from {MARKED} again", by=made.desk.staff, at=at)
    legal_holds.make(message=extra, reason=f"A claim by {MARKED}", by=made.desk.officer, at=at)
    link(extra.contact, made.about.contact, because=f"Both ring from {MARKED}", by=made.desk.staff, at=at)
    again = replace(said(extra.ref, f"{extra.text} Now! {MARKED}"), author_ref=extra.contact.external_id)
    take_in(made.desk.channel, [again], cursor="later", at=at + timedelta(minutes=5))
    extra.refresh_from_db()
    made.own = extra
    return made


@pytest.fixture
def everywhere(scene: Told) -> set[str]:
    """The tables in which the marked number now stands."""
    found = set()
    for place in PLACES:
        if place.words and not any(
            (message := message_of(place, row)) is not None and message.pk == scene.own.pk for row in place.rows
        ):
            filled(apps.get_model(place.model), scene, words=place.words)
        if place.words and (mark(place) if place.model not in BY_ACTIONS else stands(place)):
            found.add(place.model)
    for message in Message.objects.all():
        Message.objects.filter(pk=message.pk).update(done_because=f"Rung on {MARKED}")
    return found


def addresses(patterns: list[Any], before: str = "") -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield before + str(one.pattern)


def paths(scene: Told) -> Iterator[str]:
    """Every page, with the numbers of every row that could be meant."""
    firsts = {"people": [scene.desk.staff.pk], "channels": [scene.desk.channel.pk]}
    referral = apps.get_model("inbox.Referral")._default_manager.values_list("pk", flat=True)
    act = Act.objects.values_list("pk", flat=True).first()
    cases = list(apps.get_model("inbox.Case")._default_manager.values_list("pk", flat=True))
    for pattern in addresses(get_resolver().url_patterns):
        if pattern.startswith(("town/", "hooks/", "l/", "api/", "sign-in/out")):
            continue
        room = pattern.split("/")[0]
        numbers = firsts.get(room, [])
        if room in ("inbox", "desk", "moderation", "personal"):
            numbers = [scene.own.pk, scene.second.pk, scene.about.pk]
            if "<int:contact>" in pattern:
                numbers = [scene.own.contact_id, scene.about.contact_id]
        elif room == "referrals":
            numbers = list(referral)
        elif room == "cases":
            numbers = cases
        for number in numbers or [1]:
            path = re.sub(r"<int:\w+>", str(number), pattern)
            path = re.sub(r"<uuid:\w+>", str(act or UUID(int=1)), path)
            yield "/" + re.sub(r"<(str|slug|path):(\w+)>", lambda found: "inbox" if found[2] == "what" else "x", path)


def test_the_number_stands_in_every_table_of_the_register(scene: Told, everywhere: set[str]) -> None:
    wanted = {place.model for place in PLACES if place.words}
    assert len(everywhere) >= 10
    missing = sorted(wanted - everywhere)
    assert missing == [], "make a row of these in told() or let filled() do it, so that their pages are walked too"
    assert set(MESSAGES.words) == {"text", "done_because"}


def _where(body: str) -> str:
    """What stands before it on the page, to find it by."""
    place = body.find(MARKED)
    return " ".join(re.sub(r"<[^>]+>", " ", body[max(place - 300, 0) : place]).split())[-90:]


def test_no_page_shows_it(client: Client, scene: Told, everywhere: set[str]) -> None:
    client.force_login(scene.desk.officer)
    client.raise_request_exception = False
    seen, walked = [], 0
    for path in sorted(set(paths(scene))):
        answer = client.get(path)
        if answer.streaming:
            continue
        walked += answer.status_code == 200
        if shows(body := answer.content.decode("utf-8", "replace")):
            seen.append((path, _where(body)))
    for query in ("?show=done", "?show=referred", "?q=heating", f"?q={MARKED.replace(' ', '+')}"):
        body = client.get(f"/inbox/{query}").content.decode()
        asked = body.replace(f'value="{MARKED}"', "").replace(f"“{MARKED}”", "")
        if shows(asked) and MARKED.split(" ")[1] not in query:
            seen.append((f"/inbox/{query}", _where(asked)))
    assert seen == [], seen
    assert walked > 40


def wishes(name: str, scene: Told) -> Iterator[dict[str, Any]]:
    """What an action could be asked for, by the names of its fields."""
    fields = ACTIONS[name].asks.model_fields
    known: dict[str, list[Any]] = {
        "message": [scene.own.pk, scene.second.pk, scene.about.pk],
        "name": ["Casey Sample"],
        "channel": [scene.desk.channel.pk],
        "act": [str(one) for one in Act.objects.values_list("pk", flat=True)[:3]],
        "kind": ["dpia"],
    }
    needed = {key for key, one in fields.items() if one.is_required()}
    rows: list[dict[str, Any]] = [{}]
    for key in needed | ({"name"} if name == "person.find" else set()):
        rows = [{**row, key: value} for row in rows for value in known.get(key, [1])]
    yield from rows
    if "state" in fields:
        yield from ({"state": state} for state in ("new", "referred", "done", "answered", "answering"))


def test_no_answer_of_the_api_tells_it(scene: Told, everywhere: set[str]) -> None:
    seen, asked = [], 0
    for name, action in ACTIONS.items():
        if not TELLS.search(name) or name in EXEMPT_ACTIONS:
            continue
        for wish in wishes(name, scene):
            try:
                told_ = action(action.asks.model_validate(wish), by=scene.desk.officer, at=timezone.now())
            except (*REFUSALS, NoSuch, ValidationError):
                continue
            asked += 1
            if shows(told_.model_dump_json()):
                seen.append((name, wish, _where(told_.model_dump_json())))
    assert seen == [], seen[-3:]
    assert asked > 15


def test_no_letter_no_line_and_no_log_tells_it(
    client: Client, scene: Told, everywhere: set[str], caplog: pytest.LogCaptureFixture
) -> None:
    from gatepost.inbox.referrals import refer, send
    from gatepost.ledger.actions import System

    caplog.set_level(logging.DEBUG)
    by = scene.desk.staff
    made = refer(scene.own, "complaints", by=by, at=timezone.now(), note=f"They are on {MARKED}")
    mail.outbox.clear()
    send(made, by=System("test"), at=timezone.now())
    client.force_login(scene.desk.officer)
    client.get(f"/inbox/{scene.own.pk}/")
    assert mail.outbox
    assert [one.subject for one in mail.outbox if shows(f"{one.subject} {one.body}")] == []
    assert [line.verb for line in Line.objects.all() if shows(str(line.detail))] == []
    assert [one for one in caplog.messages if shows(one) and not one.startswith("(")] == []


def test_erased_it_stands_in_no_table(scene: Told, everywhere: set[str]) -> None:
    at, officer = timezone.now(), scene.desk.officer
    for hold in LegalHold.objects.filter(ended_at=None):
        LegalHold.objects.filter(pk=hold.pk).update(reason="A claim", ended_because="")
        legal_holds.end(hold, because="Settled", by=officer, at=at)
    numbers = list(Message.objects.values_list("pk", flat=True))
    for act in on_their_way(numbers):
        Act.objects.filter(pk=act.pk).update(state="withdrawn")
    assert forget(numbers, because="request", by=officer, at=at) == len(numbers)
    left = [row[:160] for row in everything().splitlines() if "900321" in row]
    assert left == [], left
