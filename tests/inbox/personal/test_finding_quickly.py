"""The index by which a person's traces are found misses nothing that reading every message would find."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import F, TextField
from django.db.models.functions import Cast
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gatepost.inbox.models import Attachment, Message, ReferralNote, Version
from gatepost.inbox.notes import add_note
from gatepost.inbox.personal import covering, finding
from gatepost.inbox.personal.covering import covered, covered_all
from gatepost.inbox.personal.erasing import forget
from gatepost.inbox.personal.finding import _contacts, _said, find, rows_with
from gatepost.inbox.personal.register import MESSAGES, PLACES, Place
from gatepost.inbox.search import may_hold
from tests import factories

from .scene import EMAIL, HANDLE, NAME, NUMBER, Told

pytestmark = pytest.mark.django_db

# Letters of which capitals, case folding or figures are odd somewhere, and what stands between and beside words.
LETTERS = st.sampled_from([*"aAbBsSiI019 .-_@%\\+()/\n'", *"ßẞſıİŉΣσςǅﬁÅÅé́٣๒𝟗🙂"])
SAID = st.lists(LETTERS, max_size=30).map("".join)
KNOWN = st.lists(LETTERS, min_size=1, max_size=12).map("".join)


def by_reading(kind: str, value: str, place: Place = MESSAGES) -> Any:
    """Every row is read, as it was done before there was an index."""
    rows = place.rows.filter(erased_at=None) if place is MESSAGES else place.rows
    if kind == "number":
        rows = rows.annotate(**{f"{column}_text": Cast(F(column), TextField()) for column in place.words})
    return rows.filter(_said(place.words, kind, value))


@pytest.fixture
def message() -> Message:
    return factories.message("When do you open?", channel=factories.channel())


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    before=SAID,
    known=st.lists(LETTERS, min_size=1, max_size=12).map("".join),
    after=SAID,
    why=SAID,
    how=st.integers(0, 3),
)
@example(before="77", known="007 70-09(1", after="23", why="", how=0)
@example(before="", known="Straße", after="", why="", how=1)
def test_what_reading_finds_the_index_finds(
    message: Message, before: str, known: str, after: str, why: str, how: int
) -> None:
    written = [known, known.upper(), known.lower(), known.swapcase()][how]
    Message.objects.filter(pk=message.pk).update(text=before + written + after, done_because=why[:300])
    for kind in ("name", "email", "account", "number"):
        value = known if kind != "number" else "".join(one for one in known if one.isdigit())
        if value.strip():
            read = list(by_reading(kind, value).values_list("pk", flat=True))
            assert list(rows_with(MESSAGES, kind, value).values_list("pk", flat=True)) == read, (kind, value)


@pytest.mark.parametrize("why", ["", "Casey Sample was rung on 07700 900123"])
def test_either_column_is_found(message: Message, why: str) -> None:
    said = "" if why else "I am Casey Sample, 0 77 00-90 01 23"
    Message.objects.filter(pk=message.pk).update(text=said, done_because=why)
    for kind, value in (("name", "casey sample"), ("number", "07700 900 123"), ("account", "casey")):
        assert list(rows_with(MESSAGES, kind, value)) == [message], kind


INDEXED = [place for place in (MESSAGES, *PLACES) if place.threes]


@pytest.mark.parametrize("place", INDEXED, ids=lambda place: place.model)
def test_each_column_of_the_other_tables_is_found(told: Told, place: Place) -> None:
    """By the index's own words, which are those of the condition."""
    at, staff = told.at, told.desk.staff
    Version.objects.create(message=told.own, what="said", text="", changed_at=at, seen_at=at)
    Attachment.objects.create(message=told.own, place=0, at=at)
    ReferralNote.objects.create(referral=told.own.referrals.get(), kind="told", text="", by=staff, at=at)
    model = apps.get_model(place.model)
    row = place.rows.order_by("pk").first()
    for column in place.words:
        said = {**dict.fromkeys(place.words, ""), column: "xİ ask CASEY sample, 0 77 00-90 01 23"}
        if place.fixed:
            kept = {
                one.attname: getattr(row, one.attname) for one in model._meta.concrete_fields if not one.primary_key
            }
            changed = model._default_manager.create(**{**kept, **said}).pk
        else:
            place.rows.filter(pk=row.pk).update(**said)
            changed = row.pk
        for kind, value in (("name", "casey sample"), ("number", NUMBER), ("account", "casey"), ("name", "Xİ")):
            quickly = set(rows_with(place, kind, value).values_list("pk", flat=True))
            assert quickly == set(by_reading(kind, value, place).values_list("pk", flat=True)), (column, kind)
            assert changed in quickly or value == "Xİ"
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexname = %s", [f"{table.removeprefix('inbox_')}_threes"]
        )
        (definition,) = cursor.fetchone()
    assert [column for column in place.words if column in definition] == list(place.words)


def test_what_many_say_is_asked_for_as_often_as_what_one_says(told: Told) -> None:
    """Covered and counted together: a row more costs no statement more, and shows what it shows alone."""
    known = {"name": NAME, "number": NUMBER, "email": EMAIL, "account": HANDLE}
    find(known)
    with CaptureQueriesContext(connection) as one:
        find(known)
    more = [
        told.desk.message(f"{number}: {NAME} is on {NUMBER}", author_ref=f"r{number}", author_name=f"Resident {number}")
        for number in range(12)
    ]
    for message in more:
        add_note(message, f"Their number is {NUMBER}", by=told.desk.staff, at=told.at)
    with CaptureQueriesContext(connection) as many:
        found = find(known)
    assert len(many) <= len(one)
    shown = {mention.text for mention in found.mentions if mention.message == more[3].pk}
    assert shown == {covered(more[3].text), covered(f"Their number is {NUMBER}")}
    theirs = find({"number": NUMBER}).accounts
    assert [account.messages for account in theirs if account.contact.name.startswith("Resident")] == [1] * 12


@pytest.mark.parametrize("glance", [2, 5, 40])
def test_the_latest_are_found_whether_read_backwards_or_by_the_index(
    told: Told, monkeypatch: pytest.MonkeyPatch, glance: int
) -> None:
    for number in range(30):
        told.desk.message(NAME if number % 3 == 1 else "Good morning", author_ref=f"r{number}")
    monkeypatch.setattr(finding, "GLANCE", glance)
    for most in (3, 8, 40):
        monkeypatch.setattr(finding, "MOST", most)
        read = list(by_reading("name", NAME).order_by("-pk").values_list("pk", flat=True)[: most + 1])
        assert [row["pk"] for row in finding._latest(MESSAGES, "name", NAME)] == read
        assert [row["pk"] for row in finding._latest(MESSAGES, "name", "zebra")] == []


def test_what_is_remembered_of_a_text_is_where_its_details_stand(told: Told) -> None:
    covering.forget()
    covered(f"Ring {NAME} on {NUMBER}")
    assert len(covering._known) == 1
    assert NUMBER not in str(covering._known)
    assert NAME not in str(covering._known)
    texts = [f"{number} on {NUMBER}" for number in range(covering._MOST + 1)]
    assert covered_all([*texts[:9], " "]) == {text: covered(text) for text in texts[:9]}


def plan(rows: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        return str(rows.explain())


def test_messages_and_accounts_are_found_along_indexes(told: Told) -> None:
    known = {"name": NAME, "number": NUMBER, "email": EMAIL, "account": HANDLE}
    before = {kind: set(by_reading(kind, value)) for kind, value in known.items()}
    assert all(before[kind] for kind in ("name", "number", "email"))
    for kind, value in known.items():
        assert "inbox_threes" in str(rows_with(MESSAGES, kind, value).query), kind
        assert set(rows_with(MESSAGES, kind, value)) == before[kind]
    assert "inbox_threes" not in str(rows_with(MESSAGES, "account", "jo").query)  # two letters are in no index
    assert "message_threes" in plan(Message.objects.filter(may_hold(NAME, "inbox_message", MESSAGES.words)))
    assert "contact_words" in plan(_contacts("name", NAME))
    accounts = plan(_contacts("account", HANDLE))
    assert {name for name in ("contact_bare_handle", "contact_external_id") if name in accounts} == {
        "contact_bare_handle",
        "contact_external_id",
    }
    assert "contact_handle" in plan(_contacts("email", EMAIL))
    assert list(_contacts("account", HANDLE)) == list(_contacts("name", NAME)) == [told.contact]


def test_what_is_changed_or_erased_is_found_no_more(told: Told) -> None:
    Message.objects.filter(pk=told.about.pk).update(text="Nobody is named here.", done_because="")
    forget([told.own.pk, told.second.pk], because="request", by=told.desk.officer, at=told.at)
    plan(Message.objects.all())
    assert not [one for one in find({"name": NAME, "number": NUMBER}).mentions if one.model == MESSAGES.model]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM inbox_contact WHERE words @@ plainto_tsquery('simple', %s)", [NAME])
        assert cursor.fetchone() == (0,)
