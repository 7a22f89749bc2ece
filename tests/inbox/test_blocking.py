"""Blocking, muting and closing comments by the desk: signed, with evidence, until a day, and lifted by itself then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from gatepost.gate.actions import sign_off, withdraw
from gatepost.gate.models import Act, SignOff, StandingSignOff
from gatepost.gate.standing import sign_moderation
from gatepost.inbox import appeals, moderating, severity
from gatepost.inbox.blocking import end_due, lift, rule
from gatepost.inbox.models import Evidence, Message, Ruling
from gatepost.inbox.moderating import moderate, ruled_settled
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import System
from gatepost.ledger.models import Line
from gatepost.people.models import Holding
from gatepost.policy.model import Clause
from gatepost.rulebook.actions import in_force
from tests import factories
from tests.inbox.scene import Desk, become

WORKER = System("worker")
OFFENSIVE = "My neighbour is a fucking wanker"


def ruled(desk: Desk, message: Message, kind: str = "block", **more: object) -> Ruling:
    given = {"reason": "Third time", "clause": "usage.9", "by": desk.staff, "at": message.received_at, **more}
    return rule(message, kind, **given)  # type: ignore[arg-type]  # of its names


def sent(act: Act) -> None:
    ruled_settled(become(act, "sent"), by=WORKER, at=act.created_at)


def in_force_now(desk: Desk, message: Message, kind: str = "block", **more: object) -> Ruling:
    made = ruled(desk, message, kind, **more)
    assert made.act is not None
    sign_off(made.act, digest=made.act.digest, by=desk.officer, at=message.received_at, seen={})
    sent(made.act)
    made.refresh_from_db()
    return made


def test_a_block_waits_for_its_sign_off_with_its_evidence_and_its_end(desk: Desk) -> None:
    message = desk.message(OFFENSIVE)
    until = message.received_at + timedelta(days=30)
    made = ruled(desk, message, until=until)
    assert made.act is not None
    assert (made.act.state, made.act.kind, made.act.reason) == ("to_sign_off", "block", "Third time")
    assert made.act.content["target"] == message.contact.external_id
    assert made.act.content["expires_at"] == until.isoformat()
    assert (Evidence.objects.get().act, made.done_at, made.strike) == (made.act, None, False)
    assert severity.to_do_by_hand() == []
    with pytest.raises(InboxError, match="decided already"):
        ruled(desk, desk.message("And again", author_ref=message.contact.external_id))
    sign_off(made.act, digest=made.act.digest, by=desk.officer, at=message.received_at, seen={})
    sent(made.act)
    made.refresh_from_db()
    assert made.done_at is not None


def test_its_end_was_signed_with_it_and_comes_by_itself(desk: Desk) -> None:
    message = desk.message(OFFENSIVE)
    until = message.received_at + timedelta(days=30)
    made = in_force_now(desk, message, until=until)
    assert end_due(by=WORKER, at=until - timedelta(minutes=1)) == 0
    assert severity.ended(until) == []  # nobody has to lift it by hand
    assert end_due(by=WORKER, at=until) == 1
    assert end_due(by=WORKER, at=until + timedelta(minutes=1)) == 0
    end = Act.objects.get(kind="unblock")
    assert (end.state, end.clauses, end.content["target"]) == ("signed_off", ["usage.9"], message.contact.external_id)
    assert SignOff.objects.get(act=end).signer == desk.officer
    assert Line.objects.filter(verb="act.submitted", detail__expiry_of=str(made.act_id)).exists()
    sent(end)
    made.refresh_from_db()
    assert made.lifted_at is not None
    assert made.lifted_because == "Its time, signed off with it, has ended."


def test_under_a_standing_sign_off_it_leaves_and_ends_without_more(desk: Desk) -> None:
    message = desk.message(OFFENSIVE)
    at = message.received_at
    sign_moderation("block", "usage.9", by=desk.officer, at=at)
    made = ruled(desk, message, until=at + timedelta(days=3))
    assert made.act is not None
    assert made.act.state == "signed_off"
    sent(made.act)
    assert end_due(by=WORKER, at=at + timedelta(days=3)) == 1
    end = Act.objects.get(kind="unblock")
    assert (end.state, SignOff.objects.get(act=end).standing) == (
        "signed_off",
        StandingSignOff.objects.get(moderation="block"),
    )


def test_the_end_waits_for_a_person_when_its_signer_is_gone(desk: Desk) -> None:
    message = desk.message(OFFENSIVE)
    until = message.received_at + timedelta(days=3)
    in_force_now(desk, message, until=until)
    Holding.objects.filter(person=desk.officer).update(until=message.received_at + timedelta(days=1))
    assert end_due(by=WORKER, at=until) == 1
    assert Act.objects.get(kind="unblock").state == "to_sign_off"


def test_an_end_that_came_to_nothing_is_asked_for_again_and_people_see_it(desk: Desk) -> None:
    message = desk.message(OFFENSIVE)
    until = message.received_at + timedelta(days=3)
    made = in_force_now(desk, message, until=until)
    hour, day = timedelta(hours=1), timedelta(days=1)
    assert end_due(by=WORKER, at=until) == 1
    become(Act.objects.get(kind="unblock"), "refused")
    assert severity.ended(until + hour / 2) == []
    assert end_due(by=WORKER, at=until + hour / 2) == 0
    assert severity.ended(until + hour) == [made]
    assert end_due(by=WORKER, at=until + hour) == 1
    assert end_due(by=WORKER, at=until + 3 * hour) == 0  # the second is on its way
    second = Act.objects.get(kind="unblock", state="signed_off")
    withdraw(second, by=desk.officer, at=until + hour)
    assert end_due(by=WORKER, at=until + 3 * hour) == 0
    assert end_due(by=WORKER, at=until + hour + day) == 1
    sent(Act.objects.get(kind="unblock", state="signed_off"))
    assert severity.ended(until + 2 * day) == []
    assert end_due(by=WORKER, at=until + 9 * day) == 0


def test_it_is_lifted_before_its_end_by_an_act_of_its_own(desk: Desk) -> None:
    message = desk.message(OFFENSIVE)
    at = message.received_at
    made = in_force_now(desk, message)
    with pytest.raises(InboxError, match="Say why"):
        lift(made, because=" ", by=desk.staff, at=at)
    end = lift(made, because="They apologised", by=desk.staff, at=at)
    assert end is not None
    assert (end.kind, end.state, end.reason) == ("unblock", "to_sign_off", "They apologised")
    with pytest.raises(InboxError, match="being lifted already"):
        lift(made, because="Again", by=desk.staff, at=at)
    made.refresh_from_db()
    assert made.lifted_at is None  # until the network has taken it
    sent(end)
    made.refresh_from_db()
    assert made.lifted_because == "They apologised"
    with pytest.raises(InboxError, match="has been lifted"):
        lift(made, because="Again", by=desk.staff, at=at)


def test_what_has_not_left_is_withdrawn(desk: Desk) -> None:
    made = ruled(desk, desk.message(OFFENSIVE))
    assert lift(made, because="A mistake", by=desk.staff, at=made.at) is None
    assert made.act is not None
    made.act.refresh_from_db()
    made.refresh_from_db()
    assert (made.act.state, made.lifted_because) == ("withdrawn", "A mistake")


def test_a_removal_that_waits_is_withdrawn_and_one_that_has_left_is_not_called_lifted(desk: Desk) -> None:
    for state, says in (("to_sign_off", ""), ("unconfirmed", "just leaving"), ("sent", "put the message back")):
        message = desk.message(OFFENSIVE)
        act = moderate(message, "hide", reason="Third time", clause="usage.9", by=desk.staff, at=message.received_at)
        become(act, state)
        made = Ruling.objects.get(act=act)
        if says:
            with pytest.raises(InboxError, match=says):
                lift(made, because="A mistake", by=desk.staff, at=made.at)
        else:
            assert lift(made, because="A mistake", by=desk.staff, at=made.at) is None
        act.refresh_from_db()
        made.refresh_from_db()
        assert (act.state, made.lifted_because) == ((state, "") if says else ("withdrawn", "A mistake"))


def test_a_review_stops_a_hiding_that_still_waits(desk: Desk) -> None:
    message = desk.message(OFFENSIVE)
    act = moderate(message, "hide", reason="Third time", clause="usage.9", by=desk.staff, at=message.received_at)
    made = Ruling.objects.get(act=act)
    appeal = appeals.ask(made, "I said nothing of the kind", at=made.at)
    appeals.decide(appeal, change=True, answer="You are right", by=desk.officer, at=made.at + timedelta(hours=1))
    act.refresh_from_db()
    made.refresh_from_db()
    assert (act.state, made.lifted_because) == ("withdrawn", "Wrongly decided: found in a review")


def test_what_has_just_left_is_undone_on_the_network(desk: Desk) -> None:
    message = desk.message(OFFENSIVE)
    until = message.received_at + timedelta(days=3)
    made = ruled(desk, message, until=until)
    assert made.act is not None
    for state in ("sending", "unconfirmed"):
        become(made.act, state)
        with pytest.raises(InboxError, match="just leaving"):
            lift(made, because="A mistake", by=desk.staff, at=made.at)
    Act.objects.filter(pk=made.act.pk).update(state="sent")  # what follows from it is not kept yet
    assert (made.act.state, made.done_at) == ("unconfirmed", None)
    assert end_due(by=WORKER, at=until - timedelta(minutes=1)) == 0
    end = lift(made, because="A mistake", by=desk.staff, at=made.at)
    assert end is not None
    assert end.kind == "unblock"
    made.refresh_from_db()
    assert made.lifted_at is None
    assert end_due(by=WORKER, at=until) == 1


def test_a_review_that_finds_it_wrong_lets_them_in_again(desk: Desk) -> None:
    made = in_force_now(desk, desk.message(OFFENSIVE))
    appeal = appeals.ask(made, "I said nothing of the kind", at=made.at)
    other = factories.staff(desk.channel, by=desk.officer, name="Ola Byrne")
    appeals.decide(appeal, change=True, answer="You are right", by=other, at=made.at + timedelta(hours=1))
    assert Act.objects.get(kind="unblock").reason == "Wrongly decided: found in a review"


def test_a_review_may_find_it_wrong_while_it_is_being_lifted(desk: Desk) -> None:
    made = in_force_now(desk, desk.message(OFFENSIVE))
    appeal = appeals.ask(made, "I said nothing of the kind", at=made.at)
    end = lift(made, because="They apologised", by=desk.staff, at=made.at)
    other = factories.staff(desk.channel, by=desk.officer, name="Ola Byrne")
    decided = appeals.decide(appeal, change=True, answer="You are right", by=other, at=made.at + timedelta(hours=1))
    assert decided.state == "overturned"
    assert Act.objects.get(kind="unblock") == end


def test_the_length_is_as_the_policy_has_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    message = desk.message(OFFENSIVE)
    at = message.received_at
    moderate(message, "hide", reason="Swearing", clause="usage.9", by=desk.staff, at=at)
    sent(Act.objects.get(kind="hide"))
    pack = in_force(at)
    says = {"ladder": [{"count": 1, "window": "6 months", "step": "block", "length": "30 days"}]}
    first = replace(pack.clauses[0], about="strikes", says=says)
    assert isinstance(first, Clause)
    laddered = replace(pack, clauses=(first, *pack.clauses[1:]))
    monkeypatch.setattr(severity, "in_force", lambda moment: laddered)
    with pytest.raises(InboxError, match="The policy gives 30 days"):
        ruled(desk, message, until=at + timedelta(days=60))
    assert ruled(desk, message).until == at + timedelta(days=30)


def test_comments_are_closed_under_our_post_where_the_site_lets_us(desk: Desk) -> None:
    site = factories.channel(network="wordpress", by=desk.officer, base_url="https://blog.example.org")
    message = factories.message(OFFENSIVE, channel=site, post_ref="post:12", ref="comment:3")
    made = ruled(desk, message, "close", by=desk.officer)
    assert made.act is not None
    assert (made.act.kind, made.act.content["target"]) == ("close", "post:12")
    nowhere = factories.message(OFFENSIVE, channel=site, ref="comment:4")
    with pytest.raises(InboxError, match="Close the comments there by hand"):
        ruled(desk, nowhere, "close", by=desk.officer)
    for kind, until in (("report", message.received_at + timedelta(days=1)), ("close", message.received_at)):
        with pytest.raises(InboxError):
            ruled(desk, nowhere, kind, by=desk.officer, until=until)


def test_comments_stay_closed_until_the_last_end_decided(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    site = factories.channel(network="wordpress", by=desk.officer, base_url="https://blog.example.org")
    first, second, other = (
        factories.message(OFFENSIVE, channel=site, post_ref=post, ref=f"comment:{n}")
        for n, post in enumerate(("post:12", "post:12", "post:13"))
    )
    early, late = (first.received_at + timedelta(days=days) for days in (1, 20))

    def closed(message: Message, until: datetime) -> Ruling:
        made = ruled(desk, message, "close", by=desk.officer, until=until)
        assert made.act is not None
        sent(made.act)
        return made

    made = closed(first, early)
    with pytest.raises(InboxError, match="decided already"):
        ruled(desk, second, "close", by=desk.officer, until=late)
    elsewhere = closed(other, early)
    with monkeypatch.context() as patched:  # two that were decided at one moment
        patched.setattr(moderating, "require_new", lambda message, kind: None)
        longer = closed(second, late)
    assert end_due(by=WORKER, at=early) == 1
    end = Act.objects.get(kind="reopen")
    assert (end.subject, end.content["target"]) == (elsewhere.message.subject, "post:13")
    sent(end)
    assert end_due(by=WORKER, at=late) == 1
    sent(Act.objects.get(kind="reopen", content__target="post:12"))
    assert not Ruling.objects.filter(pk__in=(made.pk, longer.pk), lifted_at=None).exists()
    assert end_due(by=WORKER, at=late + timedelta(days=1)) == 0


def test_what_the_network_leaves_to_people_goes_by_hand(desk: Desk) -> None:
    made = ruled(desk, desk.message(OFFENSIVE), "report")
    assert made.act is None
    assert severity.to_do_by_hand() == [made]
    assert lift(made, because="A mistake", by=desk.staff, at=made.at) is None


def test_a_message_that_was_hidden_is_not_taken_for_ours(desk: Desk) -> None:
    message = desk.message(OFFENSIVE)
    act = moderate(message, "hide", reason="Swearing", clause="usage.9", by=desk.staff, at=message.received_at)
    Act.objects.filter(pk=act.pk).update(ref=message.ref, state="sent")
    factories.message("Sorry about that", channel=desk.channel, ref=message.ref)
    message.refresh_from_db()
    assert message.text == "Sorry about that"
