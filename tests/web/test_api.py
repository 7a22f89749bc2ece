from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.calls.actions import ACTIONS
from gatepost.channels.models import Channel
from gatepost.gate.models import Act, SignOff
from gatepost.inbox.models import Message
from gatepost.people.actions import make_token
from gatepost.people.models import ApiToken, User
from tests import factories

pytestmark = pytest.mark.django_db

PHONE = "07700 900123"


def key(person: User) -> str:
    return make_token(person, title="Test", by=person, at=timezone.now())


def ask(secret: str, name: str, body: Any = None, raw: bytes | None = None) -> tuple[int, dict[str, Any]]:
    """The status and the body of an answer."""
    data = raw if raw is not None else json.dumps(body or {}).encode()
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    client = Client(enforce_csrf_checks=True)
    answer = client.post(f"/api/actions/{name}", data, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


@pytest.fixture
def officer() -> User:
    return factories.officer(standing=True)


@pytest.fixture
def channel(officer: User) -> Channel:
    return factories.channel(by=officer)


@pytest.fixture
def writer(officer: User, channel: Channel) -> User:
    return factories.staff(channel, by=officer)


def draft(channel: Channel, **fields: Any) -> dict[str, Any]:
    text = "Come to the open day on Saturday 5 December, 10am to 2pm, at Millrace hall. It is free."
    given = {"text": text, "kind": "event", "aim": "promote", "audiences": ["residents"], "channels": [channel.pk]}
    return {**given, **fields}


def test_no_key_no_answer(officer: User) -> None:
    for secret in ("", "gp_wrong", "other"):
        status, body = ask(secret, "channels.list")
        assert (status, set(body["error"])) == (401, {"what", "clause", "mend"})


def test_a_session_alone_lets_nobody_in(officer: User) -> None:
    client = Client()
    client.force_login(officer)
    assert client.post("/api/actions/channels.list", b"{}", content_type="application/json").status_code == 401


def test_a_revoked_key_and_a_leaver_are_refused(officer: User) -> None:
    secret = key(officer)
    assert ask(secret, "channels.list")[0] == 200
    ApiToken.objects.update(revoked_at=timezone.now())
    assert ask(secret, "channels.list")[0] == 401
    again = key(officer)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert ask(again, "channels.list")[0] == 401


@pytest.mark.parametrize(
    ("name", "raw", "status"),
    [
        ("nothing.here", b"{}", 404),
        ("message.get", b"{", 400),
        ("message.get", b"[]", 400),
        ("message.get", b"\xff\xfe", 400),
        ("message.get", b"[" * 100_000, 400),
        ("message.get", b"{}", 422),
        ("message.get", b'{"message": "x"}', 422),
        ("message.get", b'{"message": 5, "extra": 1}', 422),
        ("message.get", b'{"message": 99999999999999999999}', 422),
        ("message.get", b'{"message": 987654}', 404),
        ("act.withdraw", b'{"act": "00000000-0000-0000-0000-000000000000"}', 404),
        ("messages.list", b'{"after": "soon,5"}', 422),
        ("messages.list", b'{"after": "2026,5"}', 404),
        ("messages.list", b'{"limit": 1000}', 422),
        ("channels.list", b" " * (1024 * 1024 + 1), 413),
    ],
)
def test_bad_input_is_named(officer: User, name: str, raw: bytes, status: int) -> None:
    got, body = ask(key(officer), name, raw=raw)
    assert got == status
    assert body["error"]["what"]


def test_only_post(officer: User) -> None:
    secret = key(officer)
    answer = Client().get("/api/actions/channels.list", headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_messages_come_masked_and_by_time_left(officer: User, channel: Channel) -> None:
    for number in range(3):
        factories.message(f"The lift is broken again, call me on {PHONE}, case {number}", channel=channel)
    secret = key(officer)
    status, body = ask(secret, "messages.list", {"limit": 2})
    assert status == 200
    assert len(body["messages"]) == 2
    assert PHONE not in json.dumps(body)
    status, rest = ask(secret, "messages.list", {"limit": 2, "after": body["next"]})
    assert [len(rest["messages"]), rest["next"]] == [1, None]
    assert not {m["id"] for m in body["messages"]} & {m["id"] for m in rest["messages"]}
    status, one = ask(secret, "message.get", {"message": rest["messages"][0]["id"]})
    assert status == 200
    assert PHONE not in one["text"]
    assert "hidden" in one["text"]


def test_an_answer_is_signed_by_its_standing_sign_off(writer: User, channel: Channel) -> None:
    message = factories.message("You are useless. My repair was never done, this is a complaint.", channel=channel)
    secret = key(writer)
    offers = ask(secret, "message.get", {"message": message.pk})[1]["offers"]
    status, act = ask(secret, "message.reply", {"message": message.pk, "wording": offers[0]})
    assert (status, act["state"]) == (200, "signed_off")
    assert len(act["words"]) == 4
    status, again = ask(secret, "message.reply", {"message": message.pk, "wording": offers[0]})
    assert status == 422
    assert "on its way" in again["error"]["what"]


def test_refer_moderate_and_close(writer: User, channel: Channel) -> None:
    secret = key(writer)
    message = factories.message(f"My neighbour's number is {PHONE}", channel=channel)
    status, referral = ask(secret, "message.refer", {"message": message.pk, "department": "complaints"})
    assert (status, referral["department"]) == (200, "complaints")
    assert ask(secret, "message.refer", {"message": message.pk, "department": "nobody"})[0] == 422
    hide = {"message": message.pk, "kind": "hide", "reason": "Somebody's telephone number", "clause": "usage.6"}
    assert ask(secret, "message.moderate", {**hide, "clause": "usage.99"})[0] == 422
    status, act = ask(secret, "message.moderate", hide)
    assert (status, act["kind"], act["clauses"]) == (200, "hide", ["usage.6"])
    status, closed = ask(secret, "message.close", {"message": message.pk, "because": "Passed on"})
    assert (status, closed["state"]) == (200, "done")
    assert ask(secret, "message.close", {"message": message.pk, "because": "Passed on"})[0] == 409
    assert Message.objects.get(pk=message.pk).done_because == "Passed on"


def test_who_is_not_approved_may_not_write(officer: User, channel: Channel) -> None:
    status, body = ask(key(factories.person()), "post.save", draft(channel))
    assert (status, body["error"]["clause"]) == (403, "responsibility.3")


def test_a_post_from_draft_to_sign_off(officer: User, writer: User, channel: Channel) -> None:
    mine, theirs = key(writer), key(officer)
    status, post = ask(mine, "post.save", draft(channel, aim=""))
    assert status == 200
    assert ask(mine, "post.submit", {"post": post["id"]})[0] == 422
    status, post = ask(mine, "post.save", draft(channel, post=post["id"], version=post["version"]))
    assert status == 200
    status, clash = ask(mine, "post.save", draft(channel, post=post["id"], version=1))
    assert status == 422
    assert "changed this post" in clash["error"]["what"]
    status, acts = ask(mine, "post.submit", {"post": post["id"]})
    assert status == 200
    [act] = acts["acts"]
    assert ask(theirs, "acts.waiting")[1]["acts"][0]["id"] == act["id"]
    assert ask(mine, "act.sign_off", {"act": act["id"], "digest": act["digest"]})[0] == 403
    assert ask(theirs, "act.sign_off", {"act": act["id"], "digest": "0" * 64})[0] == 409
    status, signed = ask(theirs, "act.sign_off", {"act": act["id"], "digest": act["digest"]})
    assert (status, signed["state"]) == (200, "signed_off")
    assert SignOff.objects.get(act_id=act["id"]).seen["content"] == act["content"]
    status, back = ask(mine, "act.withdraw", {"act": act["id"]})
    assert (status, back["state"]) == (200, "withdrawn")


def test_a_stop_names_its_clause_and_mend(writer: User, channel: Channel) -> None:
    secret = key(writer)
    post = ask(secret, "post.save", draft(channel, text=f"Ring Mrs Sample at home on {PHONE}."))[1]
    status, body = ask(secret, "post.submit", {"post": post["id"]})
    assert status == 422
    error = body["error"]
    assert error["what"]
    assert error["clause"]
    assert error["mend"]
    assert error["findings"]
    assert not Act.objects.exists()


def test_decline_hold_and_let_go(officer: User, writer: User, channel: Channel) -> None:
    mine, theirs = key(writer), key(officer)
    post = ask(mine, "post.save", draft(channel))[1]
    [act] = ask(mine, "post.submit", {"post": post["id"]})[1]["acts"]
    assert ask(mine, "act.decline", {"act": act["id"], "reason": "No"})[0] == 403
    status, declined = ask(theirs, "act.decline", {"act": act["id"], "reason": "Check the hall"})
    assert (status, declined["state"]) == (200, "declined")
    assert ask(mine, "hold.make", {"reason": "A death in the community"})[0] == 403
    both = {"reason": "Both", "channel": channel.pk, "act": act["id"]}
    assert ask(theirs, "hold.make", both)[0] == 422
    status, held = ask(theirs, "hold.make", {"reason": "A death in the community"})
    assert status == 200
    status, let_go = ask(theirs, "hold.end", {"hold": held["id"]})
    assert status == 200
    assert let_go["ended_at"]


def test_channels_coverage_and_the_record(officer: User, channel: Channel) -> None:
    secret = key(officer)
    [row] = [row for row in ask(secret, "channels.list")[1]["channels"] if row["id"] == channel.pk]
    assert row["may_write"] is True
    assert "practice-token" not in json.dumps(row)
    rows = ask(secret, "policy.coverage")[1]["clauses"]
    assert any(row["clause"] == "usage.7" for row in rows)
    status, report = ask(secret, "ledger.verify")
    assert (status, report["ok"]) == (200, True)


def test_the_description_has_every_action_and_only_known_schemas() -> None:
    document = Client().get("/api/openapi.json").json()
    assert set(document["paths"]) == {f"/api/actions/{name}" for name in ACTIONS}
    names = set(document["components"]["schemas"])
    text = json.dumps(document)
    used = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert used <= names


def test_answers_to_residents_wait_unseen_by_who_does_not_read_messages(writer: User, channel: Channel) -> None:
    message = factories.message("When is the estate office open on Saturday?", channel=channel)
    said = "The estate office on Harbour Row is open from 9 to 12 on Saturday."
    status, act = ask(key(writer), "message.reply", {"message": message.pk, "text": said})
    assert (status, act["state"]) == (200, "to_sign_off"), act
    assert [one["id"] for one in ask(key(writer), "acts.waiting")[1]["acts"]] == [act["id"]]
    nobody = factories.person()
    assert ask(key(nobody), "acts.waiting") == (200, {"acts": []})
    client = Client()
    client.force_login(nobody)
    page = client.get("/sign-off/").content.decode()
    assert "Reply" in page
    assert "Harbour Row" not in page
    client.force_login(writer)
    assert "Harbour Row" in client.get("/sign-off/").content.decode()
