"""Everything about a person is found by any of what they are known by, and nobody but the officer looks."""

from __future__ import annotations

import pytest
from django.utils import timezone

from gatepost.gate.facts import MediaFact
from gatepost.inbox.models import Message
from gatepost.inbox.personal.finding import find, tidy
from gatepost.inbox.personal.marks import figures
from gatepost.inbox.personal.officer import PersonalError
from gatepost.inbox.personal.requests import look_for
from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed

from .scene import EMAIL, HANDLE, NAME, NUMBER, Told


@pytest.mark.parametrize("number", ["07700 900123", "+44 7700 900123", "0044 (0)7700-900-123", "07700900123"])
def test_a_number_is_found_however_it_is_written(told: Told, number: str) -> None:
    found = find({"number": number})
    messages = {one.pk for one in found.mentions if one.model == "inbox.Message"}
    # The third, answered about the same number, says so in why it was closed.
    assert messages == {told.own.pk, told.second.pk, told.about.pk}
    assert {one.model for one in found.mentions} >= {"inbox.Referral", "inbox.Evidence"}
    assert told.contact in [one.contact for one in found.accounts]


def test_by_account_name_and_email(told: Told) -> None:
    for known in ({"account": HANDLE}, {"account": "https://example.org/caseys/"}, {"name": NAME}):
        assert [one.contact for one in find(known).accounts][:1] == [told.contact], known
    by_mail = find({"email": EMAIL})
    assert [one.contact for one in by_mail.accounts] == [told.contact]
    assert by_mail.accounts[0].why == ("wrote this e-mail address",)


def test_a_name_alone_joins_no_account_that_only_mentions_it(told: Told) -> None:
    found = find({"name": NAME})
    assert told.about.contact not in [one.contact for one in found.accounts]
    assert told.about.pk in [one.pk for one in found.mentions if one.model == "inbox.Message"]


def test_what_is_shown_of_a_mention_has_its_details_covered(told: Told) -> None:
    shown = " ".join(one.text for one in find({"name": NAME, "number": NUMBER}).mentions)
    assert "900123" not in shown.replace(" ", "").replace("-", "")
    assert "960777" not in shown
    assert "phone number hidden" in shown


def test_words_that_were_read_in_a_picture_are_told(told: Told) -> None:
    MediaFact.objects.create(sha256="0" * 64, words=f"Thank you all\nRing {NAME} on {NUMBER}")
    for known in ({"name": NAME}, {"number": NUMBER}):
        rows = {one.place: one.count for one in find(known).elsewhere}
        assert rows["Words that were read in pictures of ours"] == 1


@pytest.mark.parametrize(
    ("known", "field"),
    [({}, "name"), ({"name": "Jo"}, "name"), ({"number": "12 34"}, "number"), ({"email": "casey"}, "email")],
)
def test_too_little_to_find_one_person_by(known: dict[str, str], field: str) -> None:
    with pytest.raises(PersonalError) as error:
        tidy(known)
    assert error.value.field == field


def test_only_the_officer_looks_and_it_is_recorded_without_the_name(told: Told) -> None:
    with pytest.raises(NotAllowed):
        look_for({"name": NAME}, by=told.desk.staff, at=timezone.now())
    look_for({"name": NAME, "number": NUMBER}, by=told.desk.officer, at=timezone.now())
    line = Line.objects.filter(verb="person.looked_for").get()
    assert "Sample" not in str(line.detail)
    assert "900123" not in str(line.detail)
    assert len(line.detail["was"]) == 2


def test_figures() -> None:
    assert {figures(one) for one in ("07700 900123", "+447700900123", "+44 (0) 7700 900123", "0044 7700 900 123")} == {
        "7700900123"
    }
    assert figures("116 123") == "116123"


def test_what_is_erased_is_not_found(told: Told) -> None:
    from gatepost.inbox.personal.erasing import forget

    forget([told.own.pk, told.second.pk], because="retention", by=told.desk.officer, at=timezone.now())
    found = find({"number": NUMBER, "name": NAME, "account": HANDLE, "email": EMAIL})
    assert Message.objects.get(pk=told.own.pk).erased_at is not None
    assert found.accounts == ()
    assert {(one.model, one.message) for one in found.mentions} == {("inbox.Message", told.about.pk)}
