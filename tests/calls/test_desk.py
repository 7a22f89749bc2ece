"""Work on messages by name, as the API and `gatepost act` reach it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from gatepost.calls.actions import ACTIONS
from gatepost.calls.desk import DESK
from gatepost.calls.desk_kept import KEPT
from gatepost.calls.found import NoSuch
from gatepost.channels.models import Channel
from gatepost.inbox.problems import InboxError
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from tests import factories

pytestmark = pytest.mark.django_db
COMPLAINT = "This is a disgrace, I want to complain about your service. Third time I have reported it and nobody came."
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def officer() -> User:
    return factories.officer(standing=True)


@pytest.fixture
def channel(officer: User) -> Channel:
    return factories.channel(by=officer, name="Practice page")


@pytest.fixture
def ask(officer: User) -> Ask:
    def asked(called: str, by: User | None = None, **body: object) -> dict[str, Any]:
        action = ACTIONS[called]
        told = action(action.asks.model_validate(body), by=by or officer, at=timezone.now())
        return told.model_dump(mode="json")

    return asked


def test_found_changed_and_undone(ask: Ask, channel: Channel, officer: User) -> None:
    numbers = [factories.message(COMPLAINT, channel=channel).pk for _ in range(3)]
    first = ask("messages.search", view="complaints", limit=2)
    rest = ask("messages.search", view="complaints", limit=2, after=first["next"])
    assert sorted(one["id"] for one in [*first["messages"], *rest["messages"]]) == numbers
    assert rest["next"] is None
    assert ask("messages.search", words="unicorn")["messages"] == []
    done = ask("messages.change", messages=numbers, verb="assign", person=officer.pk)
    assert done["changed"] == numbers
    assert len(ask("messages.search", view="mine")["messages"]) == 3
    assert ask("change.undo", change=done["change"])["changed"] == numbers
    label = ask("messages.change", messages=numbers[:1], verb="label", label="Lift")
    assert label["changed"] == numbers[:1]
    (kept,) = ask("labels.list")["labels"]
    assert [one["id"] for one in ask("messages.search", own_label=kept["id"])["messages"]] == numbers[:1]
    ask("messages.change", messages=numbers[:1], verb="unlabel", label="lift")
    assert ask("label.end", label=kept["id"])["ended_at"]
    until = (timezone.now() + timedelta(hours=1)).isoformat()
    ask("messages.change", messages=numbers[:1], verb="snooze", until=until)
    assert len(ask("messages.search", view="snoozed")["messages"]) == 1
    for wrong in ({"person": 0xFFFFFF, "verb": "assign"}, {"verb": "unlabel", "label": "Ghost"}):
        with pytest.raises(NoSuch):
            ask("messages.change", messages=numbers, **wrong)
    with pytest.raises(NoSuch):
        ask("messages.change", messages=[0xFFFFFF], verb="reopen")


def test_notes_drafts_and_who_is_here(ask: Ask, channel: Channel, officer: User) -> None:
    staff = factories.staff(channel, by=officer)
    message = factories.message(COMPLAINT, channel=channel).pk
    note = ask("note.add", message=message, text="Rang 01632 960123")
    assert "960123" not in note["text"]
    assert ask("notes.list", message=message)["notes"] == [note]
    assert ask("note.strike", note=note["id"])["struck_at"]
    (draft,) = ask("reply_draft.keep", message=message, text="We are")["drafts"]
    assert draft["text"] == "We are"
    assert ask("reply_drafts.list", message=message)["drafts"] == [draft]
    ask("message.here", message=message, replying=True)
    (here,) = ask("message.here", by=staff, message=message)["here"]
    assert (here["person"], here["replying"]) == (officer.pk, True)
    ask("message.here", message=message, gone=True)
    assert ask("message.here", by=staff, message=message)["here"] == []


def test_joined_parted_linked_and_turned(ask: Ask, channel: Channel) -> None:
    first = factories.message(COMPLAINT, channel=channel, author_ref="a", thread_ref="t1")
    second = factories.message("Again", channel=channel, author_ref="b", thread_ref="t2")
    with pytest.raises(InboxError):
        ask("message.merge", message=second.pk, into=first.pk)
    marked = ask("contact.mark", contact=first.contact_id, kind="councillor")
    assert marked["accounts"][0]["kind"] == "councillor"
    linked = ask("contact.link", contact=first.contact_id, other=second.contact_id, because="She told us")
    assert len(linked["accounts"]) == 2
    assert ask("contact.get", contact=second.contact_id) == linked
    joined = ask("message.merge", message=second.pk, into=first.pk)
    assert joined["conversation"] == first.conversation_id
    assert ask("message.split", message=second.pk)["conversation"] != first.conversation_id
    assert len(ask("contact.unlink", contact=first.contact_id)["accounts"]) == 1
    turned = ask("message.turn", message=first.pk, text="For Repairs", department="repairs")
    assert turned["referral"]["department"] == "repairs"
    assert turned["answer"] is None


def test_said_by_hand(ask: Ask, channel: Channel) -> None:
    message = factories.message(COMPLAINT, channel=channel)
    act = ask("message.reply", message=message.pk, wording="complaint_phone", by_hand=True)
    done = ask("message.said", act=act["id"], permalink="https://www.facebook.com/1/posts/2")
    assert done["state"] == "sent"
    with pytest.raises(NoSuch):
        ask("message.said", act="00000000-0000-0000-0000-000000000000", permalink="https://x.com/")


def test_filters_duty_and_scores(ask: Ask, channel: Channel, officer: User) -> None:
    view = ask("view.save", title="Press", filter={"label": "media_query"}, shared=True)
    assert view["fields"] == {"label": "media_query"}
    assert ask("views.list")["views"] == [view]
    assert ask("view.end", view=view["id"])["views"] == []
    assert ask("label.make", name="Lift")["name"] == "Lift"
    now = timezone.now()
    until = (now + timedelta(hours=8)).isoformat()
    duty = ask("duty.begin", person=officer.pk, starts=now.isoformat(), until=until, labels=["complaint"])
    assert ask("duties.list")["duties"] == [duty]
    assert ask("duty.end", duty=duty["id"])["ended_at"]
    message = factories.message(COMPLAINT, channel=channel)
    ask("message.correct_label", message=message.pk, label="complaint", holds=False)
    assert ask("readers.scores")["scores"][0] == {"label": "complaint", "wrong": 1, "missed": 0}


@pytest.mark.parametrize(
    ("called", "body"),
    [
        ("change.undo", {"change": 9}),
        ("note.strike", {"note": 9}),
        ("contact.get", {"contact": 9}),
        ("view.end", {"view": 9}),
        ("label.end", {"label": 9}),
        ("duty.end", {"duty": 9}),
        ("duty.begin", {"person": 9999, "starts": "2026-11-30T09:00:00Z", "until": "2026-11-30T17:00:00Z"}),
    ],
)
def test_what_is_not_there_is_named(ask: Ask, called: str, body: dict[str, object]) -> None:
    with pytest.raises(NoSuch):
        ask(called, **body)


def test_all_of_it_is_for_readers_of_messages(ask: Ask, channel: Channel) -> None:
    stranger = factories.person()
    message = factories.message(COMPLAINT, channel=channel)
    for called, body in (
        ("messages.search", {}),
        ("messages.change", {"messages": [message.pk], "verb": "reopen"}),
        ("notes.list", {"message": message.pk}),
        ("views.list", {}),
        ("labels.list", {}),
        ("duties.list", {}),
        ("readers.scores", {}),
        ("contact.get", {"contact": message.contact_id}),
        ("contact.mark", {"contact": message.contact_id, "kind": "journalist"}),
    ):
        with pytest.raises(NotAllowed):
            ask(called, by=stranger, **body)
    assert len(DESK) + len(KEPT) == 27
