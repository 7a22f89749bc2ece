"""Why a message was read as it was: on its page, by name, and from the command line."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.calls.actions import ACTIONS
from gatepost.web.inbox.words import manner
from tests import factories
from tests.cli.commands import run

pytestmark = pytest.mark.django_db
MOULD = (
    "Oh great, another missed appointment. Still mould in my baby's room and she is coughing. "
    "Please send somebody. Ring me on 01632 960123"
)


def test_the_page_tells_the_reasons_the_hazards_and_the_tone() -> None:
    officer = factories.officer()
    channel = factories.channel(by=officer)
    message = factories.message(MOULD, channel=channel)
    polish = factories.message("Nie ma ogrzewania od trzech dni i mam małe dziecko", channel=channel)
    client = Client()
    client.force_login(officer)
    page = client.get(f"/inbox/{message.pk}/").content.decode()
    assert "it is sarcastic" in page.lower()
    assert "Somebody&#x27;s health or safety may be at risk." in page
    assert "Hazards it tells of: mould, a child or somebody pregnant and illness or disability." in page
    assert "Its tone is negative." in page
    assert "960123" not in page
    page = client.get(f"/inbox/{polish.pk}/").content.decode()
    assert "Hazards it tells of: no heating and a child or somebody pregnant." in page
    assert "It is in Polish" in page


def test_programs_are_told_the_same_and_no_details() -> None:
    officer = factories.officer()
    message = factories.message(MOULD, channel=factories.channel(by=officer))
    action = ACTIONS["message.why"]
    told = action(action.asks.model_validate({"message": message.pk}), by=officer, at=timezone.now()).model_dump()
    found = {one["label"]: {why["kind"]: why for why in one["reasons"]} for one in told["read_as"]}
    assert "Oh great, another" in found["complaint"]["sarcasm"]["words"]
    assert found["personal_details"]["phone"] == {"kind": "phone", "says": "phone number", "words": []}
    assert told["hazards"] == ["mould", "a child or somebody pregnant", "illness or disability"]
    assert (told["urgent"], told["sentiment"], told["language"]) == (True, "negative", "en")
    assert "damp_mould" in told["topics"]
    assert "960123" not in str(told)


def test_the_command_line_quotes_the_words() -> None:
    done = run("policy", "explain", MOULD)
    assert done.returncode == 0
    assert "it is sarcastic “Oh great, another”" in done.stdout
    assert "Hazards: mould, a child or somebody pregnant, illness or disability." in done.stdout
    assert "phone “01632 960123”" in done.stdout


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("neutral", "en"), "Its tone is neutral."),
        (("", "und"), ""),
        (("", "xx"), "It is in xx, of which the desk knows few words: let somebody read it who knows the language."),
    ],
)
def test_tone_and_language_in_words(given: tuple[str, str], says: str) -> None:
    assert manner(*given) == says


def test_what_rests_on_the_likeliest_label_is_told_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    officer = factories.officer()
    channel = factories.channel(by=officer)
    unsure = factories.message("I want to complain about the lift.", channel=channel)
    silent = factories.message("Hello", channel=channel)
    monkeypatch.setattr("gatepost.web.inbox.page.found_in", lambda *given: [])
    client = Client()
    client.force_login(officer)
    assert "No label is sure enough to be named" in client.get(f"/inbox/{unsure.pk}/").content.decode()
    assert "Nothing the policy has a rule for." in client.get(f"/inbox/{silent.pk}/").content.decode()
