"""The actions of the policy over the API: the same verbs as the screens', with the same refusals."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.utils import timezone

from gatepost.inbox import trials
from gatepost.people.models import User
from gatepost.rulebook import imports
from gatepost.rulebook.models import PolicyImport, Trial
from tests import factories
from tests.factories import SETUP
from tests.rulebook.test_imports import SMALL
from tests.web.test_api import ask, key

pytestmark = pytest.mark.django_db

CHANGE = {"do": "thresholds", "values": {"complaint": 0.45}}


def good(secret: str, name: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    status, told = ask(secret, name, body)
    assert status == 200, told
    return told


def test_a_draft_from_begin_to_roll_back(officer: User) -> None:
    secret = key(officer)
    first = good(secret, "policy.history")["adoptions"][0]
    assert first["state"] == "in force"
    draft = good(secret, "draft.begin", {"title": "Stricter"})
    trial = good(secret, "draft.try", {"draft": draft["id"], "version": 1, "change": CHANGE})
    assert trial["state"] == "waiting"
    trials.run(Trial.objects.get(pk=trial["id"]), by=SETUP, at=timezone.now())
    assert good(secret, "trial.get", {"trial": trial["id"]})["state"] == "done"
    assert good(secret, "trial.keep", {"trial": trial["id"]})["version"] == 2
    again = {"draft": draft["id"], "version": 1, "change": CHANGE}
    assert ask(secret, "draft.save", again)[0] == 409
    saved = good(secret, "draft.save", {**again, "version": 2, "change": {"do": "thresholds", "values": {"spam": 0.6}}})
    assert saved["version"] == 3
    assert good(secret, "draft.undo", {"draft": draft["id"], "version": 3})["version"] == 4
    told = good(secret, "policy.diff", {"new": {"draft": draft["id"]}})
    assert [one["acts"] for one in told["changes"]] == [True]
    assert good(secret, "policy.test", {"draft": draft["id"]})["fail"] == 0
    doubts = good(secret, "policy.lint", {"draft": draft["id"]})["findings"]
    assert "hours" in {one["suggests"] for one in doubts if one["code"] == "missing"}
    shadow = good(secret, "shadow.start", {"draft": draft["id"]})
    assert shadow["active"]
    assert good(secret, "shadow.get")["otherwise"] == 0
    assert not good(secret, "shadow.stop")["active"]
    adopted = good(secret, "draft.adopt", {"draft": draft["id"], "version": 4})
    assert good(secret, "policy.coverage")["digest"] == adopted["digest"]
    assert len(adopted["unsigned"]) == 6
    back = good(secret, "policy.roll_back")
    assert back["digest"] == first["digest"]
    assert good(secret, "draft.get", {"draft": draft["id"]})["adopted"] == adopted["digest"]
    packed = good(secret, "policy.download", {"digest": adopted["digest"]})
    brought = good(secret, "draft.bring_in", {"title": "Brought back", "zip": packed["zip"]})
    assert brought["digest"] == adopted["digest"]
    assert not good(secret, "draft.put_away", {"draft": brought["id"], "version": 1})["open"]
    assert len(good(secret, "drafts.list")["drafts"]) == 2


def test_a_suggestion_of_lint_is_taken_up(officer: User) -> None:
    secret = key(officer)
    draft = good(secret, "draft.begin", {"title": "Hours"})
    taken = {"draft": draft["id"], "version": 1, "change": {"do": "take_up", "suggestion": "hours"}}
    assert good(secret, "draft.save", taken)["version"] == 2
    told = good(secret, "policy.diff", {"new": {"draft": draft["id"]}})["changes"]
    assert [one["clause"] for one in told] == ["hours.1"]


def test_an_adoption_that_is_called_off(officer: User) -> None:
    secret = key(officer)
    draft = good(secret, "draft.begin", {"title": "Later"})
    good(secret, "draft.save", {"draft": draft["id"], "version": 1, "change": CHANGE})
    good(secret, "draft.adopt", {"draft": draft["id"], "version": 2, "starts": "2199-01-01T09:00:00Z"})
    planned = good(secret, "policy.history")["adoptions"][0]
    assert planned["state"] == "planned"
    assert good(secret, "policy.withdraw", {"adoption": planned["id"]})["adoptions"][0]["state"] == "withdrawn"
    assert ask(secret, "policy.withdraw", {"adoption": planned["id"]})[0] == 422


def test_a_written_policy(officer: User) -> None:
    secret = key(officer)
    data = base64.b64encode(SMALL.encode()).decode()
    made = good(secret, "policy.import", {"name": "policy.txt", "file": data})
    assert good(secret, "import.get", {"policy_import": made["id"]})["to_do"] == []
    imports.read(PolicyImport.objects.get(pk=made["id"]), by=SETUP, at=timezone.now())
    told = good(secret, "import.get", {"policy_import": made["id"]})
    assert told["state"] == "done"
    vacant = next(one for one in told["to_do"] if one["part"] == "departments")
    assert vacant["field"] == "email"
    draft = good(secret, "import.accept", {"policy_import": made["id"], "title": "New"})
    assert draft["open"]
    assert good(secret, "draft.to_do", {"draft": draft["id"]})["to_do"] == told["to_do"]
    fields = {"email": "desk@larkmoor.example"}
    change = {"do": "entry", "table": "department", "id": vacant["key"], "fields": fields}
    good(secret, "draft.save", {"draft": draft["id"], "version": 1, "change": change})
    left = good(secret, "draft.to_do", {"draft": draft["id"]})["to_do"]
    assert left == [one for one in told["to_do"] if one != vacant]
    assert good(secret, "import.get", {"policy_import": made["id"]})["to_do"] == left
    own = good(secret, "draft.begin", {"title": "No import"})
    assert good(secret, "draft.to_do", {"draft": own["id"]})["to_do"] == []


def test_refusals(officer: User) -> None:
    secret = key(officer)
    for name, body, status in (
        ("draft.get", {"draft": 987}, 404),
        ("trial.get", {"trial": 987}, 404),
        ("shadow.get", {}, 404),
        ("policy.test", {"digest": "0" * 64}, 404),
        ("draft.bring_in", {"zip": "no base64!"}, 422),
        ("draft.bring_in", {"zip": "YWJj"}, 422),
        ("draft.save", {"draft": 1, "version": 1, "change": {"do": "burn"}}, 422),
        ("policy.roll_back", {}, 422),
    ):
        got, told = ask(secret, name, body)
        assert (got, bool(told["error"]["what"])) == (status, True), name
    assert ask(key(factories.person()), "draft.begin", {"title": "x"})[0] == 403
