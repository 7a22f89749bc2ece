"""Posts of several parts: signed as a whole, each part sent once and in order, whatever happens between two of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gatepost.gate import actions, correcting, holds, looking, rechecking, review, sending, settling
from gatepost.gate.checking import Stopped
from gatepost.gate.content import Content, MediaRef, Part, from_json
from gatepost.gate.models import Act, Attempt, Published, PublishedPart, SignOff
from gatepost.gate.published import still_online
from gatepost.ledger.models import Line
from gatepost.networks.protocol import NotThere, Receipt, Refused, Shown, TryLater, Unknown

from .scene import AT, SYSTEM, Desk, submitted

PARTS = (Part("The lift is mended on Monday."), Part("Call us with questions."))
SOON = timedelta(seconds=1)


def thread(desk: Desk, **more: object) -> Act:
    act = submitted(desk, parts=PARTS, **more)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    act.refresh_from_db()
    return act


def run(at: datetime, times: int = 1) -> None:
    for number in range(times):
        moment = at + timedelta(seconds=number)
        claims = sending.claim(worker="w1", at=moment, lease=timedelta(days=3650))
        settling.settle([(one, sending.send(one)) for one in claims], at=moment)


def fresh(act: Act) -> Act:
    return Act.objects.select_related("channel").get(pk=act.pk)


def test_old_contents_keep_their_digest() -> None:
    plain = Content(kind="publish", channel=3, text="Hello")
    assert "parts" not in plain.as_json()
    assert plain.digest == Content(kind="publish", channel=3, text="Hello", parts=()).digest
    assert plain.digest != Content(kind="publish", channel=3, text="Hello", parts=(Part("More"),)).digest


def test_parts_come_back_from_their_json() -> None:
    picture = MediaRef("a" * 64, "image/png", "A lift", "lift.png")
    content = Content(kind="publish", channel=3, text="Hello", parts=(Part("More", (picture,)), Part("End")))
    assert from_json(content.as_json()) == content
    assert "media" not in content.as_json()["parts"][1]


def test_the_parts_leave_in_order_each_under_the_post(desk: Desk) -> None:
    act = thread(desk)
    run(AT + SOON, 3)
    act = fresh(act)
    assert act.state == "sent"
    assert [(call.kind, call.text, call.in_reply_to) for call in desk.wire.sent] == [
        ("publish", "The office is open on Saturday.", ""),
        ("reply", "The lift is mended on Monday.", "r1"),  # Facebook: comments of the Page under its post
        ("reply", "Call us with questions.", "r1"),
    ]
    assert len({call.key for call in desk.wire.sent}) == 3
    assert (act.ref, act.permalink) == ("r1", "https://example.org/p")
    assert list(PublishedPart.objects.values_list("number", "ref")) == [(1, "r2"), (2, "r3")]
    verbs = list(Line.objects.filter(subject=f"act:{act.pk}").order_by("id").values_list("verb", flat=True))
    assert verbs[2:] == ["act.claimed", "act.part_sent", "act.claimed", "act.part_sent", "act.claimed", "act.sent"]


def test_on_a_network_of_threads_each_answers_the_one_before(desk: Desk) -> None:
    type(desk.channel).objects.filter(pk=desk.channel.pk).update(network="x")
    thread(desk)
    run(AT + SOON, 3)
    assert [call.in_reply_to for call in desk.wire.sent] == ["", "r1", "r2"]


def test_a_change_of_one_part_voids_the_sign_off(desk: Desk) -> None:
    act = thread(desk)
    content = from_json(act.content)
    changed = Content(**{**_fields(content), "parts": (PARTS[0], Part("Write to us."))})
    actions.amend(act, changed, by=desk.staff, at=AT)
    assert fresh(act).state == "to_sign_off"
    assert not SignOff.objects.filter(act=act, voided_at=None).exists()


def _fields(content: Content) -> dict[str, object]:
    return {name: getattr(content, name) for name in Content.__dataclass_fields__}


def test_a_worker_that_dies_between_two_parts_loses_and_doubles_nothing(desk: Desk) -> None:
    act = thread(desk)
    run(AT + SOON)
    assert (fresh(act).state, fresh(act).parts_out) == ("signed_off", 1)
    [claimed] = sending.claim(worker="w1", at=AT + 2 * SOON)  # and dies before it has begun
    later = claimed.at + claimed.lease + SOON
    looking.sweep(at=later)
    run(later, 2)
    assert fresh(act).state == "sent"
    assert [call.text for call in desk.wire.sent] == [
        "The office is open on Saturday.",
        "The lift is mended on Monday.",
        "Call us with questions.",
    ]


def test_an_unconfirmed_part_is_looked_up_before_anything_more_goes(desk: Desk) -> None:
    act = thread(desk)
    desk.wire.answers = [Receipt("r1"), Unknown("The line broke.")]
    run(AT + SOON, 3)
    assert fresh(act).state == "unconfirmed"
    assert len(desk.wire.sent) == 2
    desk.wire.found = [Receipt("r2")]
    looking.look(at=AT + timedelta(minutes=1))
    assert (fresh(act).state, fresh(act).parts_out) == ("signed_off", 2)
    run(AT + timedelta(minutes=2))
    assert fresh(act).state == "sent"
    assert [call.text for call in desk.wire.sent].count("The lift is mended on Monday.") == 1


def test_a_part_that_is_surely_not_there_goes_again(desk: Desk) -> None:
    act = thread(desk)
    desk.wire.answers = [Receipt("r1"), Unknown("The line broke.")]
    run(AT + SOON, 2)
    desk.wire.found = [NotThere()]
    looking.look(at=AT + timedelta(minutes=5))
    assert (fresh(act).state, fresh(act).parts_out) == ("signed_off", 1)
    run(AT + timedelta(minutes=6), 2)
    assert [call.text for call in desk.wire.sent].count("The lift is mended on Monday.") == 2
    assert fresh(act).state == "sent"


def test_a_late_answer_for_a_part_that_has_gone_on_moves_nothing(desk: Desk) -> None:
    act = thread(desk)
    [claimed] = sending.claim(worker="w1", at=AT + SOON)
    [(begun, _)] = sending.begin([claimed], at=AT + SOON)
    lost = claimed.at + begun.lease + timedelta(seconds=2)
    looking.sweep(at=lost)
    desk.wire.found = [NotThere()]
    looking.look(at=lost + SOON)
    run(lost + 2 * SOON)  # another attempt at the first part
    assert fresh(act).parts_out == 1
    settling.settle([(begun, Refused("A duplicate."))], at=lost + 3 * SOON)
    assert (fresh(act).state, fresh(act).parts_out) == ("signed_off", 1)


def found_by_hand(desk: Desk, act: Act, address: str = "https://example.org/9") -> Act:
    assert fresh(act).state == "unconfirmed"
    at = AT + timedelta(minutes=1)
    actions.confirm(fresh(act), there=True, permalink=address, by=desk.officer, at=at)
    run(at + SOON, 3)
    return fresh(act)


def test_a_first_part_found_by_hand_is_out_and_the_rest_is_not(desk: Desk) -> None:
    act = thread(desk)
    desk.wire.answers = [Unknown("The line broke.")]
    run(AT + SOON)
    act = found_by_hand(desk, act)
    assert (act.state, act.parts_out, act.permalink) == ("sent", 1, "https://example.org/9")
    assert act.says.startswith("Part 1 was found by hand.")
    assert act.says.endswith("1 of 3 parts was sent; the rest was not.")
    assert len(desk.wire.sent) == 1
    assert still_online().filter(pk=act.pk).exists()
    assert (
        Line.objects.filter(subject=f"act:{act.pk}").order_by("id").values_list("verb", flat=True).last() == "act.cut"
    )


def test_a_further_part_found_by_hand_counts_and_keeps_its_address(desk: Desk) -> None:
    act = thread(desk)
    desk.wire.answers = [Receipt("r1", "https://example.org/1"), Unknown("The line broke.")]
    run(AT + SOON, 2)
    act = found_by_hand(desk, act)
    assert (act.state, act.parts_out, act.permalink) == ("sent", 2, "https://example.org/1")
    assert act.says.endswith("2 of 3 parts were sent; the rest was not.")
    assert PublishedPart.objects.values_list("number", "ref", "permalink").get() == (1, "", "https://example.org/9")


def test_a_last_part_found_by_hand_makes_it_whole(desk: Desk) -> None:
    act = thread(desk)
    desk.wire.answers = [Receipt("r1"), Receipt("r2"), Unknown("The line broke.")]
    run(AT + SOON, 3)
    act = found_by_hand(desk, act)
    assert (act.state, act.parts_out, act.says) == ("sent", 3, "")
    assert list(PublishedPart.objects.values_list("number", "ref")) == [(1, "r2"), (2, "")]


def test_a_part_without_a_number_is_neither_looked_at_nor_taken_down(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = thread(desk)
    desk.wire.answers = [Receipt("r1"), Unknown("The line broke.")]
    run(AT + SOON, 2)
    act = found_by_hand(desk, act)
    Published.objects.filter(pk=act.pk).update(check_at=AT)
    asked: list[str] = []

    def shown(wire: Any, ref: str) -> Shown:
        asked.append(ref)
        return Shown("The office is open on Saturday.")

    monkeypatch.setattr(type(desk.wire), "shown", shown, raising=False)
    monkeypatch.setattr(rechecking, "connect", lambda account: desk.wire)
    rechecking.recheck(at=AT + timedelta(hours=1))
    assert asked == ["r1"]
    down = correcting.take_down(act, reason="It was wrong.", by=desk.staff, at=AT + timedelta(hours=1))
    assert (down.content["target"], from_json(down.content).parts) == ("r1", ())
    actions.withdraw(down, by=desk.staff, at=AT + timedelta(hours=1))
    Published.objects.filter(pk=act.pk).update(status="retracted")
    with pytest.raises(actions.GateError, match=r"Take it down there by hand: https://example\.org/9"):
        correcting.take_down(act, reason="It was wrong.", by=desk.staff, at=AT + timedelta(hours=2))


@pytest.mark.parametrize("number", [0, 1])
def test_the_number_of_what_was_found_by_hand_is_kept_when_it_comes_after_all(desk: Desk, number: int) -> None:
    act = thread(desk)
    run(AT + SOON, number)
    [claimed] = sending.claim(worker="w1", at=AT + 5 * SOON)
    [(begun, _)] = sending.begin([claimed], at=AT + 5 * SOON)
    lost = claimed.at + begun.lease + timedelta(seconds=2)
    looking.sweep(at=lost)
    actions.confirm(fresh(act), there=True, permalink="https://example.org/9", by=desk.officer, at=lost)
    settling.settle([(begun, Receipt("r9"))], at=lost + SOON)
    act = fresh(act)
    assert (act.state, act.parts_out) == ("sent", number + 1)
    assert "not expected" not in act.says
    item = Published.objects.get(pk=act.pk)
    refs = [item.ref, *item.parts.values_list("ref", flat=True)]
    assert (refs, act.ref) == ((["r1", "r9"], "r1") if number else (["r9"], "r9"))
    assert item.check_at is not None


def test_a_deletion_of_several_confirmed_by_hand_ends_with_what_it_took(desk: Desk) -> None:
    act = thread(desk)
    run(AT + SOON, 3)
    at = AT + timedelta(minutes=1)
    down = correcting.take_down(fresh(act), reason="It was wrong.", by=desk.staff, at=at)
    actions.sign_off(down, digest=down.digest, by=desk.officer, at=at)
    desk.wire.answers = [Unknown("The line broke.")]
    run(at + SOON)
    actions.confirm(fresh(down), there=True, permalink="https://example.org/p", by=desk.officer, at=at + 2 * SOON)
    down = fresh(down)
    assert (down.state, down.parts_out) == ("sent", 1)
    assert down.says.endswith("1 of 3 parts was sent; the rest was not.")
    assert Published.objects.get(pk=act.pk).online  # the next look at the network tells


def test_a_refused_part_ends_it_and_says_what_is_out(desk: Desk) -> None:
    act = thread(desk)
    desk.wire.answers = [Receipt("r1"), Refused("Too long.")]
    run(AT + SOON, 3)
    act = fresh(act)
    assert act.state == "sent"
    assert act.says == "The network refused part 2: Too long. 1 of 3 parts was sent; the rest was not."
    assert Published.objects.get(pk=act.pk).online
    assert len(desk.wire.sent) == 2


def test_a_wait_holds_back_what_follows(desk: Desk) -> None:
    act = thread(desk)
    desk.wire.answers = [Receipt("r1"), TryLater(60, "Slower, please.")]
    run(AT + SOON, 3)
    assert len(desk.wire.sent) == 2
    run(AT + timedelta(minutes=3), 2)
    assert fresh(act).state == "sent"


def test_a_hold_between_two_parts_stops_the_rest(desk: Desk) -> None:
    act = thread(desk)
    run(AT + SOON)
    held = holds.hold(reason="An accident", by=desk.officer, at=AT + 2 * SOON)
    run(AT + 3 * SOON, 2)
    assert len(desk.wire.sent) == 1
    holds.end(held, by=desk.officer, at=AT + 4 * SOON, ended_by=desk.officer)
    run(AT + 5 * SOON)
    assert len(desk.wire.sent) == 1
    with pytest.raises(holds.HoldError, match="Part of this is out"):
        review.send_back(act, reason="Other words", by=desk.officer, at=AT + 6 * SOON)
    review.keep(fresh(act), by=desk.officer, at=AT + 6 * SOON)
    run(AT + timedelta(minutes=20), 2)
    assert fresh(act).state == "sent"


def test_what_is_partly_out_cannot_be_changed_and_its_rest_can_be_withdrawn(desk: Desk) -> None:
    act = thread(desk)
    run(AT + SOON)
    with pytest.raises(actions.GateError, match="Part of this is out"):
        actions.amend(fresh(act), from_json(desk.content("Other words.").as_json()), by=desk.staff, at=AT + SOON)
    with pytest.raises(IntegrityError, match="Part of act"), transaction.atomic():
        Act.objects.filter(pk=act.pk).update(parts_out=0)
    actions.withdraw(fresh(act), by=desk.staff, at=AT + 2 * SOON)
    run(AT + 3 * SOON)
    assert len(desk.wire.sent) == 1
    assert fresh(act).state == "sent"
    assert "1 of 3 parts was sent" in fresh(act).says


def test_the_database_refuses_a_part_out_of_turn(desk: Desk) -> None:
    act = thread(desk)
    signed = SignOff.objects.get(act=act, voided_at=None)
    with pytest.raises(IntegrityError, match="not the next"), transaction.atomic():
        Attempt.objects.create(
            act=act, digest=act.digest, part=1, sign_off=signed, worker="w", at=AT + SOON, lease_until=AT + SOON
        )


def test_parts_are_checked_by_the_policy_each_by_its_number(desk: Desk) -> None:
    with pytest.raises(Stopped) as stopped:
        submitted(desk, parts=(Part("Ring Ada on 07700 900123."),))
    assert stopped.value.findings[0].field == "parts.0.text"
    assert stopped.value.findings[0].message.startswith("Part 2: ")


@pytest.mark.parametrize(
    ("network", "parts", "says"),
    [
        ("wordpress", PARTS, "takes one post"),
        ("x", (Part("  "),), "Part 2 has no words"),
        ("x", (Part("More"),) * 25, "at most 25"),
    ],
)
def test_what_no_network_takes_is_refused(desk: Desk, network: str, parts: tuple[Part, ...], says: str) -> None:
    type(desk.channel).objects.filter(pk=desk.channel.pk).update(network=network)
    with pytest.raises(actions.GateError, match=says):
        submitted(desk, parts=parts)


def test_taking_down_takes_every_part_down_the_post_first(desk: Desk) -> None:
    act = thread(desk)
    run(AT + SOON, 3)
    down = correcting.take_down(fresh(act), reason="It was wrong.", by=desk.staff, at=AT + timedelta(minutes=1))
    actions.sign_off(down, digest=down.digest, by=desk.officer, at=AT + timedelta(minutes=1))
    desk.wire.verbs.clear()
    run(AT + timedelta(minutes=2))
    assert still_online().filter(pk=act.pk).exists()  # its parts are there yet
    run(AT + timedelta(minutes=3), 2)
    assert desk.wire.verbs == ["remove r1", "remove r2", "remove r3"]
    assert not still_online().filter(pk=act.pk).exists()
    assert {part.status for part in PublishedPart.objects.all()} == {"retracted"}


def test_parts_left_behind_can_be_taken_down_afterwards(desk: Desk) -> None:
    act = thread(desk)
    run(AT + SOON, 3)
    Published.objects.filter(pk=act.pk).update(status="gone")
    down = correcting.take_down(fresh(act), reason="It was wrong.", by=desk.staff, at=AT + timedelta(minutes=1))
    assert down.content["target"] == "r2"
    assert down.content["parts"] == [{"text": "", "target": "r3"}]


def test_a_part_that_is_gone_or_changed_is_told_of_the_post(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    act = thread(desk)
    run(AT + SOON, 3)
    Published.objects.filter(pk=act.pk).update(check_at=AT)
    there = {"r1": "The office is open on Saturday.", "r2": "Other words."}

    def shown(wire: Any, ref: str) -> Shown | NotThere:
        return Shown(there[ref]) if ref in there else NotThere()

    monkeypatch.setattr(type(desk.wire), "shown", shown, raising=False)
    monkeypatch.setattr(rechecking, "connect", lambda account: desk.wire)
    rechecking.recheck(at=AT + timedelta(hours=1))
    item = Published.objects.get(pk=act.pk)
    assert item.status == "changed"
    assert [part.status for part in item.parts.all()] == ["changed", "gone"]


def test_expiry_takes_the_parts_down_too(desk: Desk) -> None:
    ends = datetime.now(UTC) + timedelta(days=2)  # not over: what is about to leave is looked at by the clock
    act = thread(desk, expires_at=ends)
    run(AT + SOON, 3)
    correcting.expire(by=SYSTEM, at=ends + timedelta(hours=1))
    down = Act.objects.get(subject=f"act:{act.pk}", kind="delete")
    assert from_json(down.content).writes == 3
    assert down.state == "signed_off"
