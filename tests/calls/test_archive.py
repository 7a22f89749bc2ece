"""The archive by name, as the API and `gatepost act` reach it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from gatepost.calls.actions import ACTIONS
from gatepost.calls.found import NoSuch
from gatepost.gate.models import Act
from gatepost.gate.published import note_sent
from gatepost.ledger.actions import System
from gatepost.people.authority import NotAllowed
from gatepost.publishing.archive import keep_act
from tests import factories
from tests.publishing.published import publish

pytestmark = pytest.mark.django_db


def test_searched_read_and_online() -> None:
    officer = factories.officer()
    channel = factories.channel(by=officer)
    staff = factories.staff(channel, by=officer)
    _, (act,) = publish("The hall opens on Saturday.", channel, staff=staff, officer=officer)
    at = timezone.now()
    note_sent([Act.objects.select_related("channel").get(pk=act.pk)], at=at)
    keep_act(act, by=System("worker"), at=at)

    def ask(called: str, **body: object) -> dict[str, object]:
        action = ACTIONS[called]
        return action(action.asks.model_validate(body), by=officer, at=at).model_dump(mode="json")

    (found,) = ask("archive.search", words="hall")["items"]  # type: ignore[misc]  # a list, by the model
    assert found["act"] == str(act.pk)
    assert ask("archive.search", words="unicorn") == {"items": [], "more": False}
    whole = ask("archive.get", act=str(act.pk))
    assert whole["facts"]["content"]["text"] == "The hall opens on Saturday."  # type: ignore[index]  # as above
    assert str(whole["page"]).startswith("<!DOCTYPE html>")
    assert whole["events"] == []
    (online,) = ask("archive.online")["items"]  # type: ignore[misc]  # as above
    assert (online["act"], online["status"]) == (str(act.pk), "online")
    with pytest.raises(NoSuch):
        ask("archive.get", act="00000000-0000-0000-0000-000000000000")
    for name in ("archive.search", "archive.online", "online.list"):
        with pytest.raises(NotAllowed):
            ACTIONS[name](ACTIONS[name].asks(), by=factories.person(), at=at)


def test_the_best_time_says_on_how_much_it_rests() -> None:
    officer = factories.officer()
    channel = factories.channel(by=officer)
    action = ACTIONS["calendar.suggest"]
    told = action(action.asks.model_validate({"channel": channel.pk}), by=officer, at=timezone.now())
    assert told.model_dump() == {"moment": None, "posts": 0, "alike": 0, "usual": 0, "overall": 0}
    with pytest.raises(NoSuch):
        action(action.asks.model_validate({"channel": channel.pk + 1}), by=officer, at=timezone.now())
