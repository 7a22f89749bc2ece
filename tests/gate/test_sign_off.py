"""Before an act leaves: submitting, signing, changing, declining, and what the database itself refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from gatepost.channels import actions as channels
from gatepost.channels.models import Approval
from gatepost.gate import actions, standing
from gatepost.gate.checking import Stopped, Unanswered
from gatepost.gate.content import BadContent, CaptionsRef, Content, MediaRef, digest_of, from_json
from gatepost.gate.models import Act, Attempt, SignOff, StandingSignOff
from gatepost.ledger.governing import clause_for
from gatepost.ledger.models import Line
from gatepost.lifecycle import Conflict
from gatepost.people.authority import NotAllowed

from .scene import AT, Desk, submitted


def verbs(act: Act) -> list[str]:
    return list(Line.objects.filter(subject=f"act:{act.pk}").order_by("id").values_list("verb", flat=True))


def test_another_person_signs_exactly_what_was_submitted(desk: Desk) -> None:
    act = submitted(desk)
    assert act.state == "to_sign_off"
    signed = actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    act.refresh_from_db()
    assert (act.state, act.due_at, signed.digest) == ("signed_off", AT, act.digest)
    assert verbs(act) == ["act.submitted", "act.signed_off"]


def test_nobody_signs_their_own(desk: Desk) -> None:
    act = actions.submit(desk.content(), subject="variant:1", by=desk.officer, at=AT)
    with pytest.raises(NotAllowed, match="somebody else"):
        actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    assert not SignOff.objects.exists()


def test_staff_cannot_sign_off(desk: Desk) -> None:
    act = actions.submit(desk.content(), subject="variant:1", by=desk.officer, at=AT)
    with pytest.raises(NotAllowed, match="Only Communications") as refused:
        actions.sign_off(act, digest=act.digest, by=desk.staff, at=AT)
    assert clause_for(refused.value.clause, AT) == "responsibility.2"


def test_a_digest_other_than_the_one_seen_is_refused(desk: Desk) -> None:
    act = submitted(desk)
    with pytest.raises(Conflict, match="changed since you opened it"):
        actions.sign_off(act, digest="0" * 64, by=desk.officer, at=AT)


def test_an_edit_after_sign_off_voids_it_and_says_so(desk: Desk) -> None:
    act = submitted(desk)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    act = actions.amend(act, desk.content("The office is open on Sunday."), by=desk.staff, at=AT)
    assert act.state == "to_sign_off"
    assert "void" in act.says
    assert SignOff.objects.get(act=act).voided_because.startswith("Changed by Sam")
    assert verbs(act)[-2:] == ["sign_off.voided", "act.amended"]


def test_an_editor_cannot_sign_what_they_edited(desk: Desk) -> None:
    act = submitted(desk)
    act = actions.amend(act, desk.content("The office is open on Sunday."), by=desk.officer, at=AT)
    with pytest.raises(NotAllowed, match="somebody else"):
        actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)


def test_an_amendment_that_changes_nothing_keeps_the_sign_off(desk: Desk) -> None:
    act = submitted(desk)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    assert actions.amend(act, from_json(act.content), by=desk.staff, at=AT).state == "signed_off"
    assert SignOff.objects.get(act=act).voided_at is None


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Other words here."},
        {"link": "https://example.org/"},
        {"in_reply_to": "77"},
        {"title": "A title"},
        {"not_before": AT + timedelta(hours=1)},
        {"late_after": 5},
        {"media": (MediaRef("a" * 64, "image/png", "A hall", "hall.png"),)},
        {"media": (MediaRef("a" * 64, "image/png", "A hall at night", "hall.png"),)},
        {"media": (MediaRef("b" * 64, "image/png", "A hall", "hall.png"),)},
        {"media": (MediaRef("b" * 64, "video/mp4", "A hall", "h.mp4", captions=(CaptionsRef("c" * 64),)),)},
        {"media": (MediaRef("b" * 64, "video/mp4", "A hall", "h.mp4", captions=(CaptionsRef("d" * 64, "pl"),)),)},
        {"target": "88"},
        {"leads_to": "https://example.org/long"},
        {"not_before": AT, "not_after": AT + timedelta(days=1)},
    ],
)
def test_any_change_changes_the_digest(change: dict[str, object]) -> None:
    base = Content(kind="publish", channel=1, text="The office is open.")
    changed = Content(**{"kind": "publish", "channel": 1, "text": "The office is open.", **change})  # type: ignore[arg-type]  # fields by name
    assert base.digest != changed.digest
    assert digest_of(changed.as_json()) == changed.digest == from_json(changed.as_json()).digest


def test_what_was_signed_under_the_first_format_keeps_its_digest() -> None:
    content = Content(
        kind="publish", channel=1, text="Open", media=(MediaRef("a" * 64, "image/png", "A hall", "h.png"),)
    )
    assert content.digest == "26c74c93593030c22742e06fd0ab95310670ae2c2367988ff559f07af091c8e5"


@pytest.mark.parametrize(
    "unknown",
    [
        {"song": "la"},
        {"media": [{"sha256": "a", "mime": "m", "alt": "", "filename": "f", "song": 1}]},
        {"media": [{"sha256": "a", "mime": "m", "alt": "", "filename": "f", "captions": [{"sha256": "b", "song": 1}]}]},
    ],
)
def test_content_of_a_newer_desk_is_refused(unknown: dict[str, object]) -> None:
    with pytest.raises(BadContent, match="song"):
        from_json({"kind": "publish", "channel": 1, **unknown})


def test_a_person_not_approved_for_the_channel_cannot_submit(desk: Desk) -> None:
    channels.end_approval(Approval.objects.get(person=desk.staff), by=desk.officer, at=AT)
    with pytest.raises(NotAllowed, match="not approved for Facebook"):
        submitted(desk)


def test_an_approval_that_has_run_out_does_not_count(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        actions.submit(desk.content(), subject="variant:1", by=desk.staff, at=AT + timedelta(days=366))


def test_a_channel_that_is_not_live_takes_nothing(desk: Desk) -> None:
    channels.pause(desk.channel, by=desk.officer, at=AT)
    with pytest.raises(actions.GateError, match="not live"):
        submitted(desk)


def test_what_the_policy_stops_is_not_submitted(desk: Desk) -> None:
    with pytest.raises(Stopped) as stopped:
        submitted(desk, text="Ring Mrs Ada Pole on 07700 900123 about her rent arrears.")
    assert {found.severity for found in stopped.value.findings} == {"stop"}
    assert not Act.objects.exists()


def test_what_the_policy_asks_must_be_answered(desk: Desk) -> None:
    picture = MediaRef("a" * 64, "image/png", "The hall at night", "hall.png", width=90, height=60, bytes=4000)
    with pytest.raises(Unanswered) as asked:
        submitted(desk, media=(picture,))
    answers = {found.check: "It is the only one there is." for found in asked.value.findings}
    content = desk.content(media=(picture,))
    act = actions.submit(content, subject="variant:1", by=desk.staff, at=AT, answers=answers)
    assert act.answers == answers


def test_declined_with_a_reason(desk: Desk) -> None:
    act = submitted(desk)
    with pytest.raises(actions.GateError, match="Say why"):
        actions.decline(act, reason=" ", by=desk.officer, at=AT)
    actions.decline(act, reason="The date is wrong.", by=desk.officer, at=AT)
    assert act.state == "declined"
    assert "The date is wrong." in act.says


def test_withdrawn_by_its_author_or_communications_only(desk: Desk) -> None:
    act = actions.submit(desk.content(), subject="variant:1", by=desk.officer, at=AT)
    with pytest.raises(NotAllowed):
        actions.withdraw(act, by=desk.staff, at=AT)
    mine = submitted(desk)
    actions.sign_off(mine, digest=mine.digest, by=desk.officer, at=AT)
    actions.withdraw(mine, by=desk.staff, at=AT)
    assert mine.state == "withdrawn"
    assert SignOff.objects.get(act=mine).voided_at is not None


class TestStanding:
    def reply(self, desk: Desk, text: str, wording: str = "complaint_phone") -> Act:
        content = desk.content(text, kind="reply", in_reply_to="9")
        return actions.submit(content, subject="message:1", by=desk.staff, at=AT, wording=wording)

    def test_an_unchanged_wording_needs_no_other_sign_off(self, desk: Desk) -> None:
        text = standing.in_force(AT).wordings["complaint_phone"].text
        assert self.reply(desk, text).state == "to_sign_off"  # the wording itself is not signed off yet
        standing.sign_wording("complaint_phone", by=desk.officer, at=AT)
        act = self.reply(desk, text)
        assert act.state == "signed_off"
        assert act.sign_offs.get().standing is not None

    def test_an_edited_wording_needs_one(self, desk: Desk) -> None:
        standing.sign_all(by=desk.officer, at=AT)
        text = standing.in_force(AT).wordings["complaint_phone"].text
        assert self.reply(desk, text + " Thank you.").state == "to_sign_off"

    def test_a_revoked_one_covers_nothing(self, desk: Desk) -> None:
        made = standing.sign_wording("complaint_phone", by=desk.officer, at=AT)
        standing.revoke(made, by=desk.officer, at=AT)
        text = standing.in_force(AT).wordings["complaint_phone"].text
        assert self.reply(desk, text).state == "to_sign_off"

    def test_moderation_under_a_clause(self, desk: Desk) -> None:
        standing.sign_all(by=desk.officer, at=AT)
        content = Content(kind="hide", channel=desk.channel.pk, target="9")
        with pytest.raises(actions.GateError, match="reason"):
            actions.submit(content, subject="message:1", by=desk.staff, at=AT)
        act = actions.submit(
            content, subject="message:1", by=desk.staff, at=AT, clauses=["usage.6"], reason="Gives an address"
        )
        assert act.state == "signed_off"
        other = actions.submit(
            content, subject="message:2", by=desk.staff, at=AT, clauses=["usage.2"], reason="Gives an address"
        )
        assert other.state == "to_sign_off"

    def test_signing_twice_keeps_one(self, desk: Desk) -> None:
        count = standing.sign_all(by=desk.officer, at=AT)
        assert standing.sign_all(by=desk.officer, at=AT) == count == StandingSignOff.objects.count()

    def test_staff_cannot_sign_wordings(self, desk: Desk) -> None:
        with pytest.raises(NotAllowed):
            standing.sign_wording("complaint_phone", by=desk.staff, at=AT)
        with pytest.raises(LookupError, match="no wording"):
            standing.sign_wording("nonsense", by=desk.officer, at=AT)


class TestTheDatabaseItself:
    """Rows written past every action of ours."""

    def attempt(self, act: Act, sign_off: SignOff, digest: str) -> None:
        now = timezone.now()
        with transaction.atomic():
            Attempt.objects.create(act=act, digest=digest, sign_off=sign_off, worker="w", at=now, lease_until=now)

    def test_refuses_an_attempt_whose_digest_is_not_signed(self, desk: Desk) -> None:
        act = submitted(desk)
        signed = actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
        with pytest.raises(DatabaseError, match="No valid sign-off"):
            self.attempt(act, signed, "f" * 64)

    def test_refuses_an_attempt_on_a_voided_sign_off(self, desk: Desk) -> None:
        act = submitted(desk)
        signed = actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
        actions.void(act, because="test", by=desk.officer, at=AT)
        with pytest.raises(DatabaseError, match="No valid sign-off"):
            self.attempt(act, signed, act.digest)

    def test_refuses_another_acts_sign_off(self, desk: Desk) -> None:
        first, second = submitted(desk), submitted(desk)
        signed = actions.sign_off(first, digest=first.digest, by=desk.officer, at=AT)
        with pytest.raises(DatabaseError, match="No valid sign-off"):
            self.attempt(second, signed, second.digest)

    def test_refuses_the_authors_own(self, desk: Desk) -> None:
        act = submitted(desk)
        own = SignOff.objects.create(act=act, digest=act.digest, signer=desk.staff, seen={}, at=AT)
        with pytest.raises(DatabaseError, match=r"Step 0 .* is not signed off"):
            self.attempt(act, own, act.digest)

    def test_refuses_a_revoked_standing(self, desk: Desk) -> None:
        act = submitted(desk)
        made = standing.sign_wording("complaint_phone", by=desk.officer, at=AT)
        signed = SignOff.objects.create(act=act, digest=act.digest, signer=desk.officer, standing=made, seen={}, at=AT)
        standing.revoke(made, by=desk.officer, at=AT)
        with pytest.raises(DatabaseError, match="No valid sign-off"):
            self.attempt(act, signed, act.digest)

    def test_refuses_to_change_signed_content(self, desk: Desk) -> None:
        act = submitted(desk)
        actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
        with pytest.raises(DatabaseError, match="void the sign-off"), transaction.atomic():
            Act.objects.filter(pk=act.pk).update(content={"text": "something else"})

    def test_refuses_to_change_a_sign_off_or_an_attempt(self, desk: Desk) -> None:
        act = submitted(desk)
        signed = actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
        self.attempt(act, signed, act.digest)
        for change in (
            lambda: SignOff.objects.filter(pk=signed.pk).update(digest="e" * 64),
            lambda: SignOff.objects.filter(pk=signed.pk).delete(),
            lambda: Attempt.objects.filter(act=act).update(digest="e" * 64),
            lambda: Attempt.objects.filter(act=act).delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_a_void_cannot_be_taken_back(self, desk: Desk) -> None:
        act = submitted(desk)
        actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
        actions.void(act, because="test", by=desk.officer, at=AT)
        with pytest.raises(DatabaseError, match="once"), transaction.atomic():
            SignOff.objects.filter(act=act).update(voided_at=None)
