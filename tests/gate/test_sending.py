"""Claim, send, settle, look: what leaves, when, and what happens when nobody knows whether it left."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from gatepost.channels import actions as channels
from gatepost.channels.models import Approval
from gatepost.gate import actions, holds, looking, media, review, sending, settling, standing
from gatepost.gate.content import Content, MediaRef
from gatepost.gate.models import Act, Attempt
from gatepost.ledger.models import Line
from gatepost.networks.protocol import NotThere, Receipt, Refused, TryLater, Unknown
from gatepost.people import actions as people
from gatepost.people.models import Holding

from .scene import Desk, submitted


def signed(desk: Desk, **more: object) -> Act:
    act = submitted(desk, **more)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=actions_at())
    act.refresh_from_db()
    return act


def actions_at() -> datetime:
    return datetime.fromisoformat("2026-11-24T10:00:00+00:00")


def run(at: datetime | None = None) -> list[sending.Claim]:
    at = at or actions_at() + timedelta(seconds=1)
    claims = sending.claim(worker="w1", at=at, lease=timedelta(days=3650))
    settling.settle([(claimed, sending.send(claimed)) for claimed in claims], at=at)
    return claims


def state(act: Act) -> str:
    act.refresh_from_db()
    return act.state


def test_a_signed_act_leaves_once_and_keeps_its_receipt(desk: Desk) -> None:
    act = signed(desk)
    assert len(run()) == 1
    assert run() == []
    assert state(act) == "sent"
    assert (act.ref, act.permalink) == ("r1", "https://example.org/p")
    assert [call.text for call in desk.wire.sent] == ["The office is open on Saturday."]
    attempt = Attempt.objects.get(act=act)
    assert (attempt.outcome, attempt.digest) == ("receipt", act.digest)
    verbs = list(Line.objects.filter(subject=f"act:{act.pk}").order_by("id").values_list("verb", flat=True))
    assert verbs == ["act.submitted", "act.signed_off", "act.claimed", "act.sent"]


def test_nothing_unsigned_leaves(desk: Desk) -> None:
    act = submitted(desk)
    assert run() == []
    assert state(act) == "to_sign_off"
    assert desk.wire.sent == []


def test_it_waits_for_its_time(desk: Desk) -> None:
    act = signed(desk, not_before=actions_at() + timedelta(hours=2))
    assert run() == []
    assert len(run(actions_at() + timedelta(hours=2))) == 1
    assert state(act) == "sent"


def test_what_missed_its_time_waits_for_a_person(desk: Desk) -> None:
    act = signed(desk)
    late = actions_at() + timedelta(minutes=31)
    assert run(late) == []
    assert state(act) == "missed"
    assert "did not leave in time" in act.says
    actions.send_late(act, by=desk.officer, at=late)
    run(late)
    assert state(act) == "sent"


@pytest.mark.parametrize("moderation_may_go", [True, False])
def test_a_hold_on_everything(desk: Desk, moderation_may_go: bool) -> None:
    standing.sign_all(by=desk.officer, at=actions_at())
    act = signed(desk)
    hide = actions.submit(
        Content(kind="hide", channel=desk.channel.pk, target="9"),
        subject="message:1",
        by=desk.staff,
        at=actions_at(),
        clauses=["usage.6"],
        reason="Gives an address",
    )
    made = holds.hold(
        reason="A death on the estate", by=desk.officer, at=actions_at(), moderation_may_go=moderation_may_go
    )
    run()
    assert state(act) == "signed_off"
    assert state(hide) == ("sent" if moderation_may_go else "signed_off")
    assert holds.is_held(act, at=actions_at())
    assert act in holds.held_acts(at=actions_at())
    holds.end_hold(made, by=desk.officer, at=actions_at())
    run()
    assert state(act) == "signed_off"  # until somebody has looked at it again
    for kept in review.waiting():
        review.keep(kept, by=desk.officer, at=actions_at())
    run()
    assert {state(act), state(hide)} == {"sent"}


def test_holds_on_a_channel_and_on_one_act(desk: Desk) -> None:
    first, second = signed(desk), signed(desk, text="The lift is mended.")
    one = holds.hold(reason="Wait for the date", by=desk.officer, at=actions_at(), act=first)
    run()
    assert (state(first), state(second)) == ("signed_off", "sent")
    holds.end_hold(one, by=desk.officer, at=actions_at())
    holds.hold(reason="Account taken over", by=desk.officer, at=actions_at(), channel=desk.channel)
    run()
    assert state(first) == "signed_off"


def test_a_hold_needs_a_reason_and_the_role(desk: Desk) -> None:
    with pytest.raises(holds.HoldError):
        holds.hold(reason=" ", by=desk.officer, at=actions_at())
    with pytest.raises(actions.NotAllowed):
        holds.hold(reason="x", by=desk.staff, at=actions_at())


def test_a_hold_made_after_the_claim_still_stops_it(desk: Desk) -> None:
    act = signed(desk)
    claims = sending.claim(worker="w1", at=actions_at(), lease=timedelta(days=3650))
    holds.hold(reason="Stop", by=desk.officer, at=actions_at())
    answers = [(claimed, sending.send(claimed)) for claimed in claims]
    settling.settle(answers, at=actions_at())
    assert state(act) == "signed_off"
    assert desk.wire.sent == []
    assert Attempt.objects.get(act=act).outcome == "given_back"


def test_a_claim_too_old_to_begin_is_given_back(desk: Desk) -> None:
    act = signed(desk)
    overslept = timezone.now() - actions_at() - timedelta(minutes=1)  # the lease ended a minute before now
    claims = sending.claim(worker="w1", at=actions_at(), lease=overslept)
    settling.settle([(claimed, sending.send(claimed)) for claimed in claims], at=actions_at())
    assert state(act) == "signed_off"
    assert desk.wire.sent == []


class TestCheckedAgainAtTheMoment:
    def test_the_signer_has_lost_the_role(self, desk: Desk) -> None:
        act = signed(desk)
        Holding.objects.filter(person=desk.officer).update(until=actions_at())
        run()
        assert state(act) == "to_sign_off"
        assert "may no longer sign off" in act.says

    def test_the_authors_approval_has_ended(self, desk: Desk) -> None:
        act = signed(desk)
        channels.end_approval(Approval.objects.get(person=desk.staff), by=desk.officer, at=actions_at())
        run()
        assert state(act) == "to_sign_off"
        assert "no longer approved" in act.says

    def test_the_author_has_left(self, desk: Desk) -> None:
        act = signed(desk)
        people.leave(desk.staff, by=desk.officer, at=actions_at())
        run()
        assert state(act) == "to_sign_off"

    def test_the_channel_is_paused(self, desk: Desk) -> None:
        act = signed(desk)
        channels.pause(desk.channel, by=desk.officer, at=actions_at())
        assert run() == []
        assert state(act) == "signed_off"

    def test_the_content_is_not_what_its_digest_says(self, desk: Desk) -> None:
        from django.db import connection

        act = signed(desk)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE gate_act DISABLE TRIGGER USER")
            cursor.execute("UPDATE gate_act SET content = jsonb_set(content, '{text}', '\"Forged\"')")
            cursor.execute("ALTER TABLE gate_act ENABLE TRIGGER USER")
        run()
        assert state(act) == "to_sign_off"
        assert desk.wire.sent == []

    def test_a_standing_sign_off_revoked_meanwhile(self, desk: Desk) -> None:
        made = standing.sign_wording("complaint_phone", by=desk.officer, at=actions_at())
        text = standing.in_force(actions_at()).wordings["complaint_phone"].text
        content = desk.content(text, kind="reply", in_reply_to="9")
        act = actions.submit(content, subject="message:1", by=desk.staff, at=actions_at(), wording="complaint_phone")
        assert act.state == "signed_off"
        standing.revoke(made, by=desk.officer, at=actions_at())
        run()
        assert state(act) == "to_sign_off"

    def test_the_policy_now_stops_it(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        from gatepost.policy.model import Finding

        act = signed(desk)
        found = Finding("banned", "stop", "usage.2", "These words are no longer used.", "Take them out.")
        monkeypatch.setattr(sending, "findings_of", lambda *args, **kwargs: [found])
        run()
        assert state(act) == "to_sign_off"
        assert "usage.2" in act.says


class TestAnswers:
    def test_refused_for_good(self, desk: Desk) -> None:
        act = signed(desk)
        desk.wire.answers = [Refused("The token was revoked. Connect the channel again.", "190")]
        run()
        assert state(act) == "refused"
        assert "Connect the channel again" in act.says
        assert act.sign_offs.get().voided_at is not None

    def test_asked_to_wait(self, desk: Desk) -> None:
        act = signed(desk)
        desk.wire.answers = [TryLater(120, "Too many posts.")]
        run()
        assert state(act) == "signed_off"
        assert run(actions_at() + timedelta(seconds=60)) == []
        run(actions_at() + timedelta(seconds=130))
        assert state(act) == "sent"

    def test_unknown_is_never_retried_blindly(self, desk: Desk) -> None:
        act = signed(desk)
        desk.wire.answers = [Unknown("The line was cut.")]
        run()
        assert state(act) == "unconfirmed"
        assert run(actions_at() + timedelta(minutes=1)) == []

    def test_unknown_found_by_looking(self, desk: Desk) -> None:
        act = signed(desk)
        desk.wire.answers = [Unknown("The line was cut.")]
        run()
        desk.wire.found = [Receipt("r77", "https://example.org/77")]
        looking.look(at=actions_at() + timedelta(seconds=10))
        assert state(act) == "sent"
        assert act.ref == "r77"
        assert Attempt.objects.get(act=act).outcome == "receipt"
        assert len(desk.wire.sent) == 1

    def test_unknown_not_there_goes_again_only_when_the_lease_is_over(self, desk: Desk) -> None:
        act = signed(desk)
        at = actions_at()
        claims = sending.claim(worker="w1", at=at, lease=timedelta(minutes=2))
        settling.settle([(claims[0], Unknown("The line was cut."))], at=at)
        desk.wire.found = [NotThere(), NotThere()]
        looking.look(at=at + timedelta(seconds=10))
        assert state(act) == "unconfirmed"
        looking.look(at=at + timedelta(minutes=3))
        assert state(act) == "signed_off"
        run(at + timedelta(minutes=3, seconds=1))
        assert state(act) == "sent"

    def test_looking_that_cannot_tell_asks_a_person(self, desk: Desk) -> None:
        act = signed(desk)
        desk.wire.answers = [Unknown("The line was cut.")]
        run()
        at = actions_at()
        for _ in range(looking.LOOKS):
            desk.wire.found = [Unknown("No answer.")]
            at += timedelta(hours=1)
            looking.look(at=at)
        assert state(act) == "unconfirmed"
        assert act.look_at is None
        assert "Look on the network and say" in act.says
        actions.confirm(act, there=True, permalink="https://example.org/9", by=desk.officer, at=at)
        assert state(act) == "sent"

    def test_a_person_says_it_is_not_there(self, desk: Desk) -> None:
        act = signed(desk)
        desk.wire.answers = [Unknown("The line was cut.")]
        run()
        with pytest.raises(actions.GateError, match="address"):
            actions.confirm(act, there=True, by=desk.officer, at=actions_at())
        actions.confirm(act, there=False, by=desk.officer, at=actions_at())
        run(actions_at() + timedelta(seconds=2))
        assert state(act) == "sent"

    def test_while_a_worker_tries_nobody_says_that_it_is_not_there(self, desk: Desk) -> None:
        act, at = signed(desk), actions_at()
        desk.wire.answers = [Unknown("The line was cut.")]
        run()
        until = at + timedelta(hours=5)
        Attempt.objects.filter(act=act).update(outcome="", settled_at=None, lease_until=until)
        told = f"{timezone.localtime(until + timedelta(minutes=1)):%H:%M}"
        with pytest.raises(actions.GateError, match=f"Wait until {told}"):
            actions.confirm(act, there=False, by=desk.officer, at=at)
        assert state(act) == "unconfirmed"

    def test_a_connector_that_raises_leaves_it_unconfirmed(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        act = signed(desk)
        monkeypatch.setattr(type(desk.wire), "publish", lambda self, call: 1 / 0)
        run()
        assert state(act) == "unconfirmed"

    def test_moderation_where_the_network_cannot(self, desk: Desk) -> None:
        standing.sign_all(by=desk.officer, at=actions_at())
        act = actions.submit(
            Content(kind="approve", channel=desk.channel.pk, target="9"),
            subject="message:1",
            by=desk.staff,
            at=actions_at(),
            clauses=["usage.9"],
            reason="Held by mistake",
        )
        run()
        assert state(act) == "refused"

    def test_every_kind_reaches_its_own_verb(self, desk: Desk) -> None:
        verbs = {"remove": "remove_other", "delete": "remove", "close": "close_comments", "reopen": "reopen_comments"}
        kinds = ("hide", "unhide", "remove", "delete", "block", "unblock", "mute", "unmute", "close", "reopen")
        for kind in kinds:
            content = Content(kind=kind, channel=desk.channel.pk, target=kind)  # type: ignore[arg-type]  # literals
            act = actions.submit(
                content, subject="act:1", by=desk.staff, at=actions_at(), clauses=["usage.9"], reason="A reason"
            )
            actions.sign_off(act, digest=act.digest, by=desk.officer, at=actions_at())
        run()
        assert sorted(desk.wire.verbs) == sorted(f"{verbs.get(kind, kind)} {kind}" for kind in kinds)


class TestADeadWorker:
    def test_its_act_is_looked_for(self, desk: Desk) -> None:
        act = signed(desk)
        at = actions_at()
        sending.begin(sending.claim(worker="dead", at=at, lease=timedelta(minutes=2)), at=at)
        assert looking.sweep(at=at + timedelta(minutes=1)) == 0
        assert looking.sweep(at=at + timedelta(minutes=3)) == 1
        assert state(act) == "unconfirmed"
        looking.look(at=at + timedelta(minutes=3))
        assert state(act) == "signed_off"

    def test_a_receipt_that_comes_after_the_sweep_is_kept(self, desk: Desk) -> None:
        act = signed(desk)
        at = actions_at()
        claims = sending.claim(worker="slow", at=at, lease=timedelta(minutes=2))
        sending.begin(claims, at=at)
        looking.sweep(at=at + timedelta(minutes=3))
        settling.settle([(claims[0], Receipt("r5"))], at=at + timedelta(minutes=3))
        assert state(act) == "sent"
        assert run(at + timedelta(minutes=4)) == []

    def test_two_workers_do_not_take_the_same(self, desk: Desk) -> None:
        signed(desk)
        assert len(sending.claim(worker="a", at=actions_at())) == 1
        assert sending.claim(worker="b", at=actions_at()) == []


class TestPictures:
    def test_bytes_alt_text_and_digest_travel(self, desk: Desk) -> None:
        sha256 = media.put(b"picture")
        act = signed(desk, media=(MediaRef(sha256, "image/png", "The hall", "hall.png", 1200, 800, 90_000),))
        run()
        assert state(act) == "sent"
        assert [(file.data, file.alt) for file in desk.wire.sent[0].media] == [(b"picture", "The hall")]

    def test_a_changed_or_missing_picture_is_never_sent(self, desk: Desk) -> None:
        sha256 = media.put(b"another picture")
        act = signed(desk, media=(MediaRef(sha256, "image/png", "The hall", "hall.png", 1200, 800, 90_000),))
        media._path(sha256).write_bytes(b"forged")
        run()
        assert state(act) == "refused"
        assert "changed on the server" in act.says
        assert desk.wire.sent == []

    def test_a_full_disk_says_so_and_nothing_is_half_kept(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(handle: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(media.os, "fsync", full)
        with pytest.raises(media.MediaError, match="disk is full"):
            media.put(b"too much")
        with pytest.raises(media.MediaError, match="missing"):
            media.get("0" * 64)
        with pytest.raises(media.MediaError, match="not the digest"):
            media.get("../../etc/passwd")
