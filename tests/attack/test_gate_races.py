"""Between two moments of the gate: somebody leaves, a hold comes, two look at once, an answer is late."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from gatepost.channels import actions as channels
from gatepost.channels.models import Approval
from gatepost.gate import actions, looking, sending, settling, standing
from gatepost.gate.content import from_json
from gatepost.gate.models import Act, Attempt, StandingSignOff
from gatepost.ledger.models import Line
from gatepost.networks.client import Wire
from gatepost.networks.protocol import Account, NotThere, Outgoing, Receipt, TryLater, Unknown
from gatepost.people import actions as people
from gatepost.people.models import Holding
from tests.gate.conftest import desk, wire
from tests.gate.scene import AT, Desk

__all__ = ["desk", "wire"]

SOON = AT + timedelta(seconds=1)


def signed(desk: Desk, number: int = 1, **more: Any) -> Act:
    act = actions.submit(desk.content(**more), subject=f"variant:{number}", by=desk.staff, at=AT)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    act.refresh_from_db()
    return act


def claim(at: datetime = SOON, lease: timedelta = timedelta(days=3650)) -> list[sending.Claim]:
    return sending.claim(worker="w", at=at, lease=lease)


def begun(at: datetime = SOON) -> list[sending.Claim]:
    return [one for one, back in sending.begin(claim(at, timedelta(minutes=2)), at=at) if back is None]


def state(act: Act) -> str:
    act.refresh_from_db()
    return act.state


def leave(desk: Desk) -> None:
    people.add_person(name="Ada Boss", email="ada@example.org", by=desk.officer, at=AT)
    people.leave(desk.staff, by=desk.officer, at=AT)


BETWEEN: dict[str, Callable[[Desk, Act], object]] = {
    "the author leaves": lambda desk, act: leave(desk),
    "the approval ends": lambda desk, act: channels.end_approval(
        Approval.objects.get(person=desk.staff), by=desk.officer, at=AT
    ),
    "the signer loses the role": lambda desk, act: Holding.objects.filter(person=desk.officer).update(until=AT),
    "the channel is paused": lambda desk, act: channels.pause(desk.channel, by=desk.officer, at=AT),
    "the channel is closed": lambda desk, act: channels.close(desk.channel, by=desk.officer, at=AT),
    "the sign-off is void": lambda desk, act: actions.void(act, because="x", by=desk.officer, at=AT),
}


@pytest.mark.parametrize("what", BETWEEN)
def test_what_happens_between_claim_and_sending_is_seen(desk: Desk, what: str) -> None:
    act = signed(desk)
    claimed = claim()[0]
    BETWEEN[what](desk, act)
    answer = sending.send(claimed)
    assert isinstance(answer, sending.GivenBack)
    assert desk.wire.sent == []
    settling.settle([(claimed, answer)], at=SOON)
    assert state(act) == "signed_off"
    claim(SOON + timedelta(seconds=10))
    assert state(act) in ("to_sign_off", "signed_off")  # turned away, or waiting for the channel
    assert desk.wire.sent == []


def test_a_standing_sign_off_revoked_between_claim_and_sending(desk: Desk) -> None:
    standing.sign_all(by=desk.officer, at=AT)
    content = desk.content(text="", kind="hide", target="9")
    act = actions.submit(
        content, subject="message:1", by=desk.staff, at=AT, clauses=["usage.9"], reason="It is abuse of a neighbour."
    )
    claimed = claim()[0]
    for one in StandingSignOff.objects.all():
        standing.revoke(one, by=desk.officer, at=AT)
    assert isinstance(sending.send(claimed), sending.GivenBack)
    assert desk.wire.verbs == []
    assert state(act) == "sending"


def test_an_act_that_cannot_be_read_stops_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = signed(desk), signed(desk, 2, text="The lift is mended.")
    known = from_json

    def reads(value: dict[str, Any]) -> Any:
        return known({**value, "unheard": "of"} if value["text"] == bad.content["text"] else value)

    monkeypatch.setattr(sending, "from_json", reads)
    assert [one.act.pk for one in claim()] == [good.pk]
    assert state(bad) == "to_sign_off"
    assert "could not be checked" in bad.says


def lost(desk: Desk, act: Act) -> None:
    """The act is claimed and its answer lost."""
    claimed = next(one for one in claim(lease=timedelta(minutes=2)) if one.act.pk == act.pk)
    settling.settle([(claimed, Unknown("The line was cut."))], at=SOON)
    assert state(act) == "unconfirmed"


def test_a_post_of_the_same_words_that_is_on_its_way_is_not_claimed(desk: Desk) -> None:
    """The network has one post; the worker that made it has not kept its answer yet. Looking for the other finds it."""
    first = signed(desk)
    lost(desk, first)
    second = signed(desk, 2)
    claimed = claim(lease=timedelta(minutes=2))[0]
    assert claimed.act.pk == second.pk
    desk.wire.found = [Receipt("r9")]
    looking.look(at=SOON + timedelta(seconds=10))
    assert state(first) == "unconfirmed"
    settling.settle([(claimed, Receipt("r9"))], at=SOON + timedelta(seconds=11))
    desk.wire.found = [NotThere()]
    looking.look(at=SOON + timedelta(minutes=4))
    assert (state(first), state(second)) == ("signed_off", "sent")


def test_two_that_look_at_once_do_not_both_claim_one_post(desk: Desk) -> None:
    first, second = signed(desk), signed(desk, 2)
    for claimed in claim(lease=timedelta(minutes=2)):
        settling.settle([(claimed, Unknown("The line was cut."))], at=SOON)
    at = SOON + timedelta(minutes=4)
    # both had asked the network, with nothing taken yet, before either came to its conclusion
    looking._conclude(Act.objects.get(pk=first.pk), Receipt("r9"), at=at)
    looking._conclude(Act.objects.get(pk=second.pk), Receipt("r9"), at=at)
    assert sorted([state(first), state(second)]) == ["sent", "unconfirmed"]


def test_an_answer_that_comes_too_late_loses_none_of_those_beside_it(desk: Desk) -> None:
    late, beside = signed(desk), signed(desk, 2, text="The lift is mended.")
    claims = {one.act.pk: one for one in begun()}
    after = SOON + timedelta(minutes=3)
    Attempt.objects.filter(act=beside).update(lease_until=after + timedelta(minutes=9))
    looking.sweep(at=after)
    actions.confirm(late, there=True, permalink="https://example.org/p/1", by=desk.officer, at=after)
    both = [(claims[late.pk], Receipt("r1", "https://example.org/p/1")), (claims[beside.pk], Receipt("r2"))]
    settling.settle(both, at=after)
    assert (state(late), late.ref) == ("sent", "r1")
    assert (state(beside), beside.ref) == ("sent", "r2")


def test_what_the_network_took_although_the_act_was_changed_is_told(desk: Desk) -> None:
    act = signed(desk)
    claimed = begun()[0]
    after = SOON + timedelta(minutes=3)
    looking.sweep(at=after)
    looking.look(at=after)  # not there, and the lease is over
    actions.amend(act, desk.content(text="The office is closed on Saturday."), by=desk.staff, at=after)
    settling.settle([(claimed, Receipt("r1", "https://example.org/p/1"))], at=after)
    assert state(act) == "to_sign_off"
    assert "https://example.org/p/1" in act.says
    assert Attempt.objects.get(act=act).outcome == "receipt"
    assert Line.objects.filter(subject=f"act:{act.pk}", verb="act.taken_after_all").count() == 1


def test_a_second_post_of_one_act_is_told_and_harms_no_other_answer(desk: Desk) -> None:
    act, beside = signed(desk), signed(desk, 2, text="The lift is mended.")
    claims = {one.act.pk: one for one in begun()}
    after = SOON + timedelta(minutes=3)
    Attempt.objects.filter(act=beside).update(lease_until=after + timedelta(minutes=9))
    looking.sweep(at=after)
    looking.look(at=after)
    again = claim(after, lease=timedelta(minutes=2))[0]
    settling.settle([(again, Receipt("r2"))], at=after)
    settling.settle([(claims[act.pk], Receipt("r1")), (claims[beside.pk], Receipt("r3"))], at=after)
    assert (state(act), act.ref, state(beside)) == ("sent", "r2", "sent")
    assert Line.objects.filter(subject=f"act:{act.pk}", verb="act.taken_after_all").count() == 1


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//example.org"])
def test_only_web_addresses_become_links(desk: Desk, address: str) -> None:
    act = signed(desk)
    settling.settle([(claim()[0], Receipt("r1", address))], at=SOON)
    assert (state(act), act.permalink) == ("sent", "")


def test_no_change_is_begun_when_the_time_is_up() -> None:
    asked: list[httpx.Request] = []

    def network(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"id": "1"})

    def wire_of(begin_by: float) -> Wire:
        account = Account("x", "https://example.org", "1", begin_by=begin_by)
        return Wire(account, account.base_url, transport=httpx.MockTransport(network))

    assert isinstance(wire_of(time.monotonic() - 1).write("POST", "/2/tweets", body={}), TryLater)
    assert asked == []
    wire_of(time.monotonic() + 60).write("POST", "/2/tweets", body={})
    assert len(asked) == 1


def test_the_gate_tells_the_connector_its_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    signed(desk)
    told: list[Account] = []

    class Network:
        def publish(self, act: Outgoing) -> Receipt:
            return Receipt("r1")

    def connect(account: Account) -> Network:
        told.append(account)
        return Network()

    monkeypatch.setattr(sending, "connect", connect)
    sending.send(claim()[0])
    assert told[0].begin_by is not None
