"""Evidence that nobody can change, the guard, rulings, notices, strikes, and reviews by somebody else."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from gatepost.channels import actions as channel_actions
from gatepost.gate.actions import sign_off
from gatepost.gate.models import Act
from gatepost.inbox import appeals, severity
from gatepost.inbox.actions import act_settled
from gatepost.inbox.alarms import take
from gatepost.inbox.appeals import AppealError
from gatepost.inbox.blocking import lift
from gatepost.inbox.evidence import is_whole, keep_evidence
from gatepost.inbox.models import Alarm, Evidence, Message, Ruling
from gatepost.inbox.moderating import done_by_hand, moderate, rule_by_hand, ruled_settled
from gatepost.inbox.notices import notice_of, tell
from gatepost.inbox.problems import InboxError, LooksLawful
from gatepost.ledger.actions import System
from gatepost.ledger.models import Line
from gatepost.lifecycle import Conflict
from gatepost.people.authority import NotAllowed
from tests import factories
from tests.inbox.scene import ABUSE, COMPLAINT, DETAILS, Desk, become

WORKER = System("worker")
OFFENSIVE = "My neighbour is a fucking wanker"
DANGER = "I can't go on any more, I want to kill myself tonight"


def settled(ruling: Ruling) -> Ruling:
    assert ruling.act is not None
    act = become(ruling.act, "sent")
    act_settled(act, by=WORKER, at=ruling.at)
    ruled_settled(act, by=WORKER, at=ruling.at)
    ruling.refresh_from_db()
    return ruling


def hidden(desk: Desk, text: str = OFFENSIVE, **fields: object) -> Ruling:
    message = desk.message(text, **fields)
    moderate(message, "hide", reason="Swearing at people", clause="usage.9", by=desk.staff, at=message.received_at)
    return settled(Ruling.objects.get(message=message))


def test_evidence_is_whole_and_cannot_be_changed(desk: Desk) -> None:
    message = desk.message(OFFENSIVE, raw={"id": "7"})
    kept = keep_evidence(message, reason="Offence", clause="usage.9", by=desk.staff, at=message.received_at)
    kept.refresh_from_db()
    assert is_whole(kept)
    for change in ({"text": "Lovely people"}, {"reason": "Other"}, {"text": "", "raw": {}}):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Evidence.objects.filter(pk=kept.pk).update(**change)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Evidence.objects.filter(pk=kept.pk).delete()
    # Erasing somebody's words by law empties it; that it was kept, by whom and its digest stay.
    Evidence.objects.filter(pk=kept.pk).update(text="", author_name="", author_ref="", raw={}, picture="")
    kept.refresh_from_db()
    assert (kept.text, is_whole(kept), len(kept.sha256)) == ("", False, 64)


@pytest.mark.parametrize(
    "text", ["<b>&amp; \u202e", "مرحبا " * 60, "家" * 300, "a\x0bb\n\n" + "x" * 500, "line\n" * 400]
)
def test_the_picture_is_one_plain_svg(desk: Desk, text: str) -> None:
    message = desk.message(text)
    kept = keep_evidence(message, reason="Offence", clause="usage.9", by=desk.staff, at=message.received_at)
    root = ElementTree.fromstring(kept.picture)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert {one.tag.rpartition("}")[2] for one in root} <= {"rect", "text"}
    said = [one.text or "" for one in root if one.tag.endswith("text")]
    assert any("Casey Sample" in line for line in said)
    assert any("Facebook, Practice page" in line for line in said)
    assert max(len(line) for line in said) <= 100


def test_criticism_is_not_taken_away_without_saying_what_more_it_is(desk: Desk) -> None:
    message = desk.message(COMPLAINT)
    at = message.received_at
    with pytest.raises(LooksLawful, match="looks like criticism, which the policy keeps") as refused:
        moderate(message, "hide", reason="Rude", clause="usage.9", by=desk.staff, at=at)
    assert refused.value.clause == "usage.9"
    assert not Evidence.objects.exists()
    act = moderate(
        message, "hide", reason="Rude", clause="usage.9", by=desk.staff, at=at, more_than="It names a child of ours"
    )
    assert act.state == "to_sign_off"  # although a standing sign-off covers hiding under this clause
    ruling = Ruling.objects.get()
    assert (ruling.more_than, ruling.strike, ruling.done_at) == ("It names a child of ours", False, None)
    sign_off(act, digest=act.digest, by=desk.officer, at=at, seen={})
    assert severity.strikes_of(message, at).times == 0


def test_a_ruling_rests_on_evidence_kept_before_and_is_in_force_when_the_network_did_it(desk: Desk) -> None:
    message = desk.message(OFFENSIVE)
    at = message.received_at
    act = moderate(message, "hide", reason="Swearing", clause="usage.9", by=desk.staff, at=at)
    ruling = Ruling.objects.get()
    assert (ruling.act, ruling.evidence.act, ruling.strike, ruling.done_at) == (act, act, True, None)
    assert appeals.found(ruling.reference) is None  # nothing has been done to anybody yet
    settled(ruling)
    assert ruling.done_at == at
    spoken = ruling.reference_shown.lower().replace("-", " ")
    assert appeals.found(spoken) == ruling
    for wrong in ("", "12345", ruling.reference[:9] + "!", "0" * 10, "x" * 500):
        assert appeals.found(wrong) is None
    assert Line.objects.filter(verb="message.ruled").get().detail["ruling"] == ruling.pk


def test_by_hand_what_the_network_leaves_to_people(desk: Desk) -> None:
    x = factories.channel(network="x", by=desk.officer)
    message = factories.message(OFFENSIVE, channel=x)
    channel_actions.approve_staff(desk.staff, x, by=desk.officer, at=message.received_at)
    at = message.received_at

    def ruled(kind: str, says: str, **more: object) -> None:
        given = {"reason": "Abuse", "clause": "usage.9", "by": desk.officer, "at": at, **more}
        with pytest.raises((InboxError, NotAllowed), match=says):
            rule_by_hand(message, kind, **given)  # type: ignore[arg-type]  # of its names

    ruled("burn", "not something")
    ruled("hide", "The desk does this itself")
    ruled("mute", "The desk does this itself")
    ruled("remove", "X does not let us remove")
    ruled("block", "Say why", reason=" ")
    ruled("block", "no clause", clause="usage.99")
    ruled("block", "Only Communications", by=desk.staff)
    ruled("block", "still to come", until=at)
    ruled("report", "Give an end", until=at + timedelta(days=3))
    until = at + timedelta(days=30)
    made = rule_by_hand(message, "block", reason="Third time", clause="usage.9", by=desk.officer, at=at, until=until)
    ruled("block", "decided already")
    assert severity.to_do_by_hand() == [made]
    done_by_hand(made, by=desk.staff, at=at)
    with pytest.raises(Conflict):
        done_by_hand(made, by=desk.staff, at=at)
    assert severity.to_do_by_hand() == []
    assert severity.ended(until) == [made]
    with pytest.raises(InboxError, match="Say why"):
        lift(made, because=" ", by=desk.staff, at=until)
    lift(made, because="Its time is over", by=desk.staff, at=until)
    made.refresh_from_db()
    assert (made.lifted_by, severity.ended(until)) == (desk.staff, [])


def test_a_warning_counts_at_once_and_a_lifted_decision_no_more(desk: Desk) -> None:
    ruling = hidden(desk, author_ref="same")
    message = ruling.message
    at = ruling.at
    rule_by_hand(message, "warn", reason="Swearing", clause="usage.9", by=desk.staff, at=at)
    assert severity.strikes_of(message, at).times == 1  # one message, one strike
    again = hidden(desk, OFFENSIVE + " again", author_ref="same")
    assert severity.strikes_of(message, at).times == 2
    with pytest.raises(InboxError, match="put the message back"):
        lift(again, because="Sorry", by=desk.staff, at=at)
    at = again.at
    back = moderate(again.message, "unhide", reason="Hidden by mistake", clause="usage.9", by=desk.staff, at=at)
    for _ in range(2):
        ruled_settled(become(back, "sent"), by=WORKER, at=at)
    again.refresh_from_db()
    assert (again.lifted_because, again.lifted_by) == ("Hidden by mistake", desk.staff)
    assert severity.strikes_of(message, at).times == 1


def test_the_notice_names_clause_reason_and_reference(desk: Desk) -> None:
    ruling = hidden(desk)
    notice = notice_of(ruling, ruling.at)
    assert (notice.wanted, notice.approved) == (False, False)
    for words in ("usage.9", "Swearing at people", ruling.reference_shown, "/review/"):
        assert words in notice.text
    assert OFFENSIVE not in notice.text
    with pytest.raises(InboxError, match="by an answer, or by hand"):
        tell(ruling, "pigeon", by=desk.staff, at=ruling.at)
    act = tell(ruling, "reply", by=desk.staff, at=ruling.at)
    assert act is not None
    assert (act.kind, act.state, act.content["text"]) == ("reply", "to_sign_off", notice.text)
    with pytest.raises(InboxError):
        tell(ruling, "hand", by=desk.staff, at=ruling.at)


def test_what_was_removed_or_not_done_cannot_be_answered(desk: Desk) -> None:
    message = desk.message(OFFENSIVE)
    at = message.received_at
    moderate(message, "remove", reason="Swearing", clause="usage.9", by=desk.staff, at=at)
    ruling = Ruling.objects.get()
    with pytest.raises(InboxError, match="Nothing has been done yet"):
        tell(ruling, "hand", by=desk.staff, at=at)
    settled(ruling)
    ruling.message.refresh_from_db()
    with pytest.raises(InboxError, match="cannot be answered"):
        tell(ruling, "reply", by=desk.staff, at=at)
    assert tell(ruling, "hand", by=desk.staff, at=at) is None


def test_a_review_is_decided_by_somebody_else_and_puts_back_what_was_hidden(desk: Desk) -> None:
    ruling = hidden(desk)
    at = ruling.at
    for words, says in (("", "Write why"), ("x" * 4001, "longer than 4,000")):
        with pytest.raises(AppealError, match=says):
            appeals.ask(ruling, words, at=at)
    asked = appeals.ask(ruling, "I was quoting your own poster", at=at)
    with pytest.raises(AppealError, match="asked for already"):
        appeals.ask(ruling, "Again", at=at)
    assert severity.open_appeals() == [asked]
    with pytest.raises(NotAllowed, match="You had a part"):
        appeals.decide(asked, change=True, answer="Sorry", by=desk.staff, at=at)
    with pytest.raises(InboxError, match="Write the answer"):
        appeals.decide(asked, change=True, answer=" ", by=desk.officer, at=at)
    decided = appeals.decide(asked, change=True, answer="You are right. It is shown again.", by=desk.officer, at=at)
    assert (decided.state, decided.decided_by) == ("overturned", desk.officer)
    unhide = Act.objects.get(subject=ruling.message.subject, kind="unhide")
    assert unhide.state == "signed_off"
    act_settled(become(unhide, "sent"), by=WORKER, at=at)
    ruled_settled(unhide, by=WORKER, at=at)
    ruling.refresh_from_db()
    assert ruling.lifted_because.startswith("Hidden by mistake")
    with pytest.raises(Conflict):
        appeals.decide(decided, change=False, answer="No", by=desk.officer, at=at)


def test_who_signed_it_off_by_name_does_not_review_it(desk: Desk) -> None:
    message = desk.message(COMPLAINT)
    at = message.received_at
    act = moderate(message, "hide", reason="Rude", clause="usage.9", by=desk.staff, at=at, more_than="Names a child")
    sign_off(act, digest=act.digest, by=desk.officer, at=at, seen={})
    ruling = settled(Ruling.objects.get())
    asked = appeals.ask(ruling, "It is my own child", at=at)
    with pytest.raises(NotAllowed, match="You had a part"):
        appeals.decide(asked, change=False, answer="No", by=desk.officer, at=at)
    third = factories.staff(desk.channel, by=desk.officer)
    kept = appeals.decide(
        asked, change=False, answer="We keep it, because a child is named.", by=third, at=timezone.now()
    )
    assert kept.state == "kept"


def test_what_cannot_be_put_back_is_lifted_all_the_same(desk: Desk) -> None:
    message = desk.message(OFFENSIVE)
    at = message.received_at
    moderate(message, "remove", reason="Swearing", clause="usage.9", by=desk.staff, at=at)
    ruling = settled(Ruling.objects.get())
    asked = appeals.ask(ruling, "It was a quotation", at=at)
    appeals.decide(asked, change=True, answer="You may write it again.", by=desk.officer, at=at)
    ruling.refresh_from_db()
    assert ruling.lifted_at == at
    with pytest.raises(AppealError, match="lifted already"):
        appeals.ask(ruling, "Again", at=at)


def test_nothing_is_taken_away_unread_while_somebody_may_be_in_danger(desk: Desk) -> None:
    message = desk.message(DANGER)
    at = message.received_at
    assert Alarm.objects.get(message=message).taken_at is None
    for kind in ("hide", "remove"):
        with pytest.raises(InboxError, match="Read it and take the alarm first"):
            moderate(message, kind, reason="Method", clause="usage.9", by=desk.staff, at=at)


def test_the_queue_has_danger_first_then_the_gravest_then_what_can_be_undone(desk: Desk) -> None:
    at = desk.message("Lovely day at the fete, thank you").received_at
    spam = desk.message("BUY CHEAP FOLLOWERS http://spam.example click here free money!!!", at=at)
    offence, details = desk.message(OFFENSIVE, at=at), desk.message(DETAILS, at=at)
    abuse, danger = desk.message(ABUSE, at=at), desk.message(DANGER, at=at)
    found = severity.waiting(at)
    order = [one.message for one in found]
    assert order[0] == danger
    assert order.index(abuse) < order.index(details) < order.index(offence)
    assert spam not in order or order[-1] == spam
    assert found[0].first is None  # nobody is offered to take away a cry for help
    first = next(one.first for one in found if one.message == abuse)
    assert first is not None
    assert (first.kind, first.undo) == ("hide", True)
    elsewhere = Message.objects.filter(pk=abuse.pk)
    elsewhere.update(visibility="hidden")
    assert abuse not in [one.message for one in severity.waiting(at)]


def test_how_somebody_means_to_harm_themselves_is_hidden_at_once_for_others_sake(desk: Desk) -> None:
    message = desk.message(DANGER)
    at = message.received_at
    take(Alarm.objects.get(message=message), by=desk.staff, at=at)
    with pytest.raises(LooksLawful, match="all the same"):
        moderate(message, "hide", reason="Method", clause="usage.9", by=desk.staff, at=at)
    act = moderate(
        message, "hide", reason="Method", clause="usage.9", by=desk.staff, at=at, more_than="It tells how and where"
    )
    assert act.state == "signed_off"
    assert not Ruling.objects.get().strike
