"""What the networks give is kept once, whole and read by the policy; what goes wrong becomes the channel's health."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import OperationalError

from gatepost.channels.models import Channel
from gatepost.gate.models import Act
from gatepost.inbox import intake
from gatepost.inbox.intake import RAW_LIMIT, read_channel, take_in
from gatepost.inbox.models import Contact, Conversation, Message
from gatepost.ledger.models import Line
from gatepost.networks.client import BadAccount
from gatepost.networks.protocol import Page, ReadFailed
from gatepost.rulebook.actions import in_force
from gatepost.rulebook.models import KeptDecision

from .scene import AT, DETAILS, Desk, reads, said


def test_what_is_known_already_is_passed_over_in_any_order(desk: Desk) -> None:
    first = [said("a"), said("b"), said("a")]
    again = [said("c", posted_at=AT - timedelta(days=3)), said("b"), said("a", text="other words")]
    assert take_in(desk.channel, first, cursor="1", at=AT) == 2
    assert take_in(desk.channel, again, cursor="2", at=AT) == 1
    assert take_in(desk.channel, again, cursor="2", at=AT) == 0
    assert sorted(Message.objects.values_list("ref", flat=True)) == ["a", "b", "c"]
    assert Line.objects.filter(verb="message.arrived").count() == 3
    assert KeptDecision.objects.count() == 4  # the other words of "a" were read too


def test_our_own_answers_are_passed_over(desk: Desk) -> None:
    Act.objects.create(
        kind="reply", channel=desk.channel, author=desk.staff, subject="message:1", content={}, digest="0" * 64,
        created_at=AT, state="sent", ref="ours", sent_at=AT,
    )  # fmt: skip
    page = [said("ours"), said("page", author_ref=desk.channel.external_id), said("theirs")]
    assert take_in(desk.channel, page, cursor="1", at=AT) == 1
    assert Message.objects.get().ref == "theirs"


def test_what_a_connector_says_is_ours_is_passed_over_and_what_is_not_comes_in(desk: Desk) -> None:
    own = {"kind": "message", "author_ref": desk.channel.external_id, "private": True}
    page = [said("form", ours=False, **own), said("alarm", ours=True, **own), said("reply", **own)]
    assert take_in(desk.channel, page, cursor="1", at=AT) == 1
    assert Message.objects.get().ref == "form"


def test_cursor_and_messages_are_kept_together_or_not_at_all(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(intake, "record_many", fails)
    with pytest.raises(OperationalError):
        take_in(desk.channel, [said("a")], cursor="later", at=AT)
    desk.channel.refresh_from_db()
    assert desk.channel.cursor == ""
    assert not Message.objects.exists()
    assert not Contact.objects.exists()
    assert not KeptDecision.objects.exists()


def test_pages_are_read_until_there_is_no_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    network = reads(monkeypatch, Page((said("a"),), "1", more=True), Page((said("b"), said("a")), "2"))
    assert read_channel(desk.channel, at=AT) == 2
    assert network.cursors == ["", "1"]
    desk.channel.refresh_from_db()
    assert (desk.channel.cursor, desk.channel.last_read_at, desk.channel.last_heard_at) == ("2", AT, AT)


def test_what_was_read_before_a_failure_is_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    reads(monkeypatch, Page((said("a"),), "1", more=True), ReadFailed("The network is slow.", 90.0))
    assert read_channel(desk.channel, at=AT) == 1
    desk.channel.refresh_from_db()
    assert desk.channel.cursor == "1"
    assert desk.channel.ill_says == "The network is slow."
    assert desk.channel.read_after == AT + timedelta(seconds=90)


@pytest.mark.parametrize(
    ("error", "says", "seconds"),
    [
        (ReadFailed("The token was revoked. Connect it again.", None), "The token was revoked", settings.POLL_SECONDS),
        (ReadFailed("Wait.", 10**9), "Wait.", 3600),
        (ReadFailed("Wait.", -5), "Wait.", 1),
        (BadAccount("The address must begin with https://."), "https://", settings.POLL_SECONDS),
        (KeyError("data"), "The connector failed: KeyError", 300),
        (RecursionError(), "The connector failed: RecursionError", 300),
    ],
)
def test_failures_become_the_channels_health_and_it_is_left_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception, says: str, seconds: int
) -> None:
    network = reads(monkeypatch, error, Page((said("a"),), "1"))
    assert read_channel(desk.channel, at=AT) == 0
    desk.channel.refresh_from_db()
    assert says in desk.channel.ill_says
    assert desk.channel.ill_since == AT
    assert desk.channel.read_after == AT + timedelta(seconds=seconds)
    assert read_channel(desk.channel, at=AT) == 0
    assert len(network.cursors) == 1
    later = AT + timedelta(seconds=seconds)
    assert read_channel(desk.channel, at=later) == 1
    desk.channel.refresh_from_db()
    assert (desk.channel.ill_since, desk.channel.ill_says, desk.channel.read_after) == (None, "", None)
    verbs = Line.objects.filter(subject=f"channel:{desk.channel.pk}").order_by("id").values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["channel.ill", "channel.well"]


def test_a_database_that_is_away_is_no_illness_of_the_channel(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    reads(monkeypatch, Page((said("a"),), "1"))

    def away(*_: object, **__: object) -> int:
        raise OperationalError("gone")

    monkeypatch.setattr(intake, "take_in", away)
    with pytest.raises(OperationalError):
        read_channel(desk.channel, at=AT)
    desk.channel.refresh_from_db()
    assert desk.channel.ill_since is None


def test_wrong_key_is_the_channels_health(desk: Desk) -> None:
    Channel.objects.filter(pk=desk.channel.pk).update(credentials=b"not ours")
    desk.channel.refresh_from_db()
    assert read_channel(desk.channel, at=AT) == 0
    assert "credentials.key" in desk.channel.ill_says


@pytest.mark.parametrize("state", ["proposed", "paused", "closed"])
def test_only_live_channels_are_read(desk: Desk, monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    network = reads(monkeypatch, Page((said("a"),), "1"))
    desk.channel.state = state
    assert read_channel(desk.channel, at=AT) == 0
    assert not network.cursors


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b", "a\ufffdb"),
        ("half \ud83d of a pair", "half ? of a pair"),
        ("\u202eright to left\u202c \u200f\u061c", "\u202eright to left\u202c \u200f\u061c"),
        ("bell \x07 escape \x1b[31m", "bell \x07 escape \x1b[31m"),
        ("👩‍👩‍👧‍👦 " * 3, "👩‍👩‍👧‍👦 " * 3),
        ("", ""),
    ],
    ids=["nul", "surrogate", "rtl", "control", "emoji", "empty"],
)
def test_strange_characters_are_kept_or_replaced(desk: Desk, text: str, kept: str) -> None:
    assert take_in(desk.channel, [said("a", text)], cursor="1", at=AT) == 1
    assert Message.objects.get().text == kept


def test_a_message_that_cannot_be_kept_as_it_is_stops_nothing(desk: Desk) -> None:
    strange = said(
        "r" * 4000 + "\x00",
        author_ref="\x00" * 900,
        author_name="N\x00" * 900,
        author_handle="\ud800" * 900,
        parent_ref="p" * 900,
        thread_ref="t\x00" * 900,
        post_ref="\ud800",
        permalink="https://example.org/" + "x" * 900,
        posted_at=AT.replace(tzinfo=None),
        raw={"a\x00": float("nan"), "b": [float("inf"), "\ud800", {"c": "\x00"}], "d": (1, None, True)},
    )
    other = said("r" * 4000 + "z", raw={"big": "x" * (RAW_LIMIT + 1)})
    assert take_in(desk.channel, [strange, other, said("after")], cursor="1", at=AT) == 3
    assert take_in(desk.channel, [strange, other], cursor="1", at=AT) == 0
    kept = Message.objects.order_by("pk").first()
    assert kept is not None
    assert kept.raw["a\ufffd"] == "nan"
    assert kept.permalink == ""
    assert "left out" in Message.objects.order_by("pk")[1].raw


def test_a_page_of_five_hundred(desk: Desk) -> None:
    page = [said(f"m{n}", f"{DETAILS} {n}", author_ref=f"r{n % 50}", thread_ref=f"t{n % 20}") for n in range(500)]
    assert take_in(desk.channel, page, cursor="1", at=AT) == 500
    assert Contact.objects.count() == 50
    assert Conversation.objects.count() == 100


def test_the_decision_is_kept_with_the_packs_digest(desk: Desk) -> None:
    message = desk.message(DETAILS)
    pack = in_force(message.received_at)
    decision = message.decision
    assert decision.pack_id == pack.digest
    assert "personal_details" in decision.decided
    assert decision.labels["personal_details"] > 0.5
    assert {message.text[start:end] for start, end, label, _ in decision.spans if label == "personal_details"} >= {
        "01632 960123",
        "casey@example.org",
    }
    line = Line.objects.get(subject=message.subject, verb="message.arrived")
    assert line.detail["pack"] == pack.digest[:12]
    assert "01632" not in str(line.detail)
