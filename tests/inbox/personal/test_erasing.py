"""What is erased leaves no trace of the words or the person in any table, and its lines in the record hold."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from gatepost.calls.told import act_out
from gatepost.gate.signing import decline
from gatepost.inbox.actions import InboxError, moderate, reply
from gatepost.inbox.changes import Wish, do, undo
from gatepost.inbox.corrections import correct_label
from gatepost.inbox.intake import take_in
from gatepost.inbox.models import Contact, Delivery, Evidence, Message
from gatepost.inbox.notes import add_note
from gatepost.inbox.personal import holds
from gatepost.inbox.personal.erasing import forget
from gatepost.inbox.personal.officer import PersonalError
from gatepost.inbox.personal.requests import ask, blotted, erase, spared
from gatepost.inbox.personal_models import Erased, PersonRequest
from gatepost.ledger.actions import System, seal
from gatepost.ledger.models import Line
from gatepost.ledger.verify import verify
from gatepost.people.authority import NotAllowed
from tests.inbox.scene import DETAILS, become, said

from .scene import ABOUT, EMAIL, HANDLE, NAME, NUMBER, OWN, Told

TRACES = ("900123", "casey@example.org", "caseys", "Casey Sample", "casey-1", "example.org/c/1")


def everything() -> str:
    """Every row of every table as text, without spaces in numbers; bytes too."""
    parts: list[str] = []
    for model in apps.get_models():
        for row in model._default_manager.values():
            plain = {
                name: bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else value
                for name, value in row.items()
            }
            parts.append(f"{model._meta.label} {json.dumps(plain, cls=DjangoJSONEncoder, ensure_ascii=False)}")
    return "\n".join(parts).replace("07700 900123", "07700900123").replace("07700-900 123", "07700900123")


def traces() -> list[str]:
    rows = everything().splitlines()
    return [row[:200] for row in rows if any(trace in row for trace in TRACES)]


def request_of(told: Told, **fields: Any) -> PersonRequest:
    given: dict[str, Any] = {
        "kind": "erasure",
        "known_by": {"account": HANDLE, "name": NAME, "number": NUMBER, "email": EMAIL},
        "identity": "Rang back on the number we hold",
        "received_on": timezone.now().date(),
        "contacts": [told.contact.pk],
        "mentions": [f"inbox.Message:{told.about.pk}"],
    }
    return ask(by=told.desk.officer, at=timezone.now(), **{**given, **fields})


def test_a_person_is_erased_from_every_table(told: Told) -> None:
    assert len(traces()) > 5
    request = request_of(told)
    erase(request, keep_evidence=False, sure=True, by=told.desk.officer, at=timezone.now())
    assert traces() == []
    request.refresh_from_db()
    assert request.state == "erased"
    assert "2 messages erased, 1 mention blotted out" in request.says


def test_what_was_decided_stays_and_the_record_still_holds(told: Told) -> None:
    decided = told.own.decision.decided
    request = request_of(told)
    erase(request, keep_evidence=False, sure=True, by=told.desk.officer, at=timezone.now())
    told.own.refresh_from_db()
    assert told.own.text == ""
    assert told.own.state == "done"
    assert told.own.decision.decided == decided
    line = Line.objects.get(subject=told.own.subject, verb="message.erased")
    assert line.detail["because"] == "request"
    assert line.detail["request"] == request.pk
    seal(at=timezone.now())
    assert verify().ok


def test_the_same_message_is_not_taken_in_again(told: Told) -> None:
    ref = told.own.ref
    forget([told.own.pk], because="request", by=told.desk.officer, at=timezone.now())
    again = said(ref, OWN, author_ref="casey-1", author_name=NAME)
    assert take_in(told.desk.channel, [again, said("new-1")], cursor="c", at=timezone.now()) == 1
    assert not Message.objects.filter(ref=ref).exists()


def test_a_neighbours_words_stand_but_for_the_name(told: Told) -> None:
    erase(request_of(told), keep_evidence=False, sure=True, by=told.desk.officer, at=timezone.now())
    about = Message.objects.get(pk=told.about.pk)
    assert about.text.startswith("My neighbour ████████████ (█████████████) plays drums all night, ring Robin")
    assert len(about.text) == len(told.about.text)
    assert Contact.objects.get(pk=about.contact_id).name == "Drew Nextdoor"


def test_evidence_may_be_kept_for_claims(told: Told) -> None:
    erase(request_of(told), keep_evidence=True, sure=True, by=told.desk.officer, at=timezone.now())
    assert Evidence.objects.get(message=told.own).text == OWN
    forget_again = Erased.objects.filter(message=told.own)
    assert forget_again.count() == 1


def test_evidence_goes_with_the_message_and_its_digest_stays(told: Told) -> None:
    digest = Evidence.objects.get(message=told.own).sha256
    erase(request_of(told), keep_evidence=False, sure=True, by=told.desk.officer, at=timezone.now())
    kept = Evidence.objects.get(message=told.own)
    assert (kept.text, kept.author_name, kept.raw, kept.sha256) == ("", "", {}, digest)


def test_a_legal_hold_goes_first(told: Told) -> None:
    hold = holds.make(message=told.own, reason="A claim", by=told.desk.officer, at=timezone.now())
    request = request_of(told)
    erase(request, keep_evidence=False, sure=True, by=told.desk.officer, at=timezone.now())
    told.own.refresh_from_db()
    assert told.own.text == OWN
    request.refresh_from_db()
    assert "1 kept under a legal hold" in request.says
    assert Contact.objects.get(pk=told.contact.pk).name == NAME
    holds.end(hold, because="Settled", by=told.desk.officer, at=timezone.now())
    assert forget([told.own.pk], because="request", by=told.desk.officer, at=timezone.now()) == 1


def test_what_hangs_on_a_held_message_is_not_blotted_out(told: Told) -> None:
    by, at = told.desk.officer, timezone.now()
    note = add_note(told.about, f"{NAME} rang about the drums", by=told.desk.staff, at=at)
    hold = holds.make(message=told.about, reason=f"A claim against {NAME}", by=by, at=at)
    ended = holds.make(contact=told.contact, reason=f"{NAME} had asked for it", by=by, at=at)
    holds.end(ended, because="Settled", by=by, at=at)
    mentions = [f"inbox.Message:{told.about.pk}", f"inbox.Note:{note.pk}"]
    mentions += [f"inbox.LegalHold:{one.pk}" for one in (hold, ended)]
    request = request_of(told, mentions=mentions)
    assert spared(request) == 3
    erase(request, keep_evidence=False, sure=True, by=by, at=at)
    for row, column in ((told.about, "text"), (note, "text"), (hold, "reason")):
        before = getattr(row, column)
        row.refresh_from_db()
        assert NAME in before
        assert getattr(row, column) == before
    ended.refresh_from_db()
    assert ended.reason == "████████████ had asked for it"
    request.refresh_from_db()
    assert request.says == "2 messages erased, 1 mention blotted out. 3 kept under a legal hold."


def test_a_hold_on_evidence_keeps_it_whoever_erases(told: Told) -> None:
    holds.make(kind="evidence", reason="A claim", by=told.desk.officer, at=timezone.now())
    assert forget([told.own.pk], because="network", by=System("test"), at=timezone.now()) == 1
    assert Message.objects.get(pk=told.own.pk).text == ""
    kept = Evidence.objects.get(message=told.own)
    assert (kept.text, kept.author_name) == (OWN, NAME)


def test_a_hold_on_a_label_keeps_what_people_said_is_of_it(told: Told) -> None:
    at = timezone.now()
    assert "complaint" not in told.second.decision.decided
    correct_label(told.second, "complaint", holds=True, by=told.desk.staff, at=at)
    holds.make(kind="complaint", reason="A claim", by=told.desk.officer, at=at)
    assert forget([told.second.pk], because="network", by=System("test"), at=at) == 0
    assert Message.objects.get(pk=told.second.pk).text


def test_not_while_an_answer_is_on_its_way(told: Told) -> None:
    other = told.desk.message("Nobody came. I complain.", author_ref="casey-1", author_name=NAME)
    reply(other, text="We are sorry. Please use the form on our website.", by=told.desk.staff, at=timezone.now())
    with pytest.raises(PersonalError, match="have not come to an end"):
        erase(request_of(told), keep_evidence=False, sure=True, by=told.desk.officer, at=timezone.now())
    assert Message.objects.get(pk=told.own.pk).text == OWN


def test_not_by_others_not_by_mistake_and_not_for_somebody_unknown(told: Told) -> None:
    request, at = request_of(told), timezone.now()
    with pytest.raises(NotAllowed):
        erase(request, keep_evidence=False, sure=True, by=told.desk.staff, at=at)
    with pytest.raises(PersonalError, match="Tick the box"):
        erase(request, keep_evidence=False, by=told.desk.officer, at=at)
    nobody = request_of(told, identity="")
    with pytest.raises(PersonalError, match="how you made sure"):
        erase(nobody, keep_evidence=False, sure=True, by=told.desk.officer, at=at)
    assert Message.objects.get(pk=told.own.pk).text == OWN


def test_what_is_erased_can_be_neither_answered_nor_hidden(told: Told) -> None:
    forget([told.own.pk], because="network", by=System("test"), at=timezone.now())
    own = Message.objects.get(pk=told.own.pk)
    with pytest.raises(InboxError, match="has been erased"):
        reply(own, text="Hello", by=told.desk.staff, at=timezone.now())
    with pytest.raises(InboxError, match="has been erased"):
        moderate(own, "hide", reason="r", clause="usage.7", by=told.desk.staff, at=timezone.now())


def test_who_asks_again_is_known_by_a_digest_alone(told: Told) -> None:
    from gatepost.inbox.personal.finding import find

    erase(request_of(told), keep_evidence=False, sure=True, by=told.desk.officer, at=timezone.now())
    assert [one.state for one in find({"number": "+44 7700 900123"}).before] == ["erased"]
    assert find({"number": "07700 900124"}).before == ()


def test_blotting_keeps_the_length() -> None:
    known = {"name": "Casey Sample", "number": "07700 900123", "account": "@caseys", "email": "casey@example.org"}
    text = "casey  SAMPLE, @caseys, +44 (0)7700 900 123 or Casey@Example.org; Caseysample, 07700 9001234"
    without = blotted(text, known)
    assert len(without) == len(text)
    assert without == "█" * 13 + ", " + "█" * 7 + ", " + "█" * 19 + " or " + "█" * 17 + "; Caseysample, 07700 9001234"


def test_our_answer_stays_without_the_words_it_answers(told: Told) -> None:
    other = told.desk.message("Nobody came. I complain.", author_ref="casey-1", author_name=NAME)
    act = reply(other, text="We are sorry. Please use the form on our website.", by=told.desk.staff, at=timezone.now())
    assert act.context["answering"]["text"] == "Nobody came. I complain."
    become(act, "sent")
    erase(request_of(told), keep_evidence=False, sure=True, by=told.desk.officer, at=timezone.now())
    act.refresh_from_db()
    assert act.context["answering"]["text"] == ""
    assert act.content["text"].startswith("We are sorry")


def test_what_is_blotted_out_is_not_left_in_what_the_network_sent(told: Told) -> None:
    at = timezone.now()
    other = told.desk.message("My neighbours play drums all night.", author_ref="drew-1", raw={"message": "drums"})
    raw = {"id": told.about.ref, "message": ABOUT}
    Message.objects.filter(pk=told.about.pk).update(raw=raw)
    Delivery.objects.create(channel=told.desk.channel, body=json.dumps(raw).encode(), at=at, read_at=at)
    mentions = [f"inbox.Message:{one.pk}" for one in (told.about, other)]
    request = request_of(told, mentions=mentions)
    erase(request, keep_evidence=False, sure=True, by=told.desk.officer, at=at)
    assert traces() == []
    assert Message.objects.get(pk=told.about.pk).raw == {}
    assert Message.objects.get(pk=other.pk).raw == {"message": "drums"}  # nothing was blotted out of it


def test_why_many_were_closed_goes_too_and_undoing_still_works_for_the_others(told: Told) -> None:
    staff, at = told.desk.staff, timezone.now()
    theirs = told.desk.message("Nobody came. I complain.", author_ref="casey-1", author_name=NAME)
    others = [told.desk.message("Drums again.", author_ref="drew-1") for _ in range(2)]
    done = do(Wish("close", because=f"{NAME} was rung on {NUMBER}"), [theirs, *others], by=staff, at=at)
    assert done.change is not None
    mentions = [f"inbox.Message:{one.pk}" for one in (told.about, *others)]
    request = request_of(told, mentions=mentions)
    erase(request, keep_evidence=False, sure=True, by=told.desk.officer, at=at)
    assert traces() == []
    back = undo(done.change, by=staff, at=at)
    assert sorted(back.changed) == [one.pk for one in others]
    assert list(back.refused) == [theirs.pk]


def test_why_it_was_hidden_or_declined_goes_and_that_it_was_stays(told: Told) -> None:
    staff, at = told.desk.staff, timezone.now()
    theirs = told.desk.message(DETAILS, author_ref="casey-1", author_name=NAME)
    hidden = moderate(theirs, "hide", reason=f"{NAME} gives {NUMBER}", clause="usage.6", by=staff, at=at)
    become(hidden, "sent")
    answered = reply(theirs, text="We are sorry. Please use the form on our website.", by=staff, at=at)
    become(answered, "to_sign_off")
    decline(answered, reason=f"{NAME} is right", by=told.desk.officer, at=at)
    erase(request_of(told), keep_evidence=False, sure=True, by=told.desk.officer, at=at)
    assert traces() == []
    hidden.refresh_from_db()
    assert (act_out(hidden).reason, hidden.state, hidden.clauses) == ("", "sent", ["usage.6"])
