"""The queue, one message, one decision; and the public page of reviews."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from gatepost.channels import actions as channels
from gatepost.gate.actions import sign_off
from gatepost.gate.models import Act
from gatepost.inbox.by_hand import Recorded, record_by_hand
from gatepost.inbox.exposure import open_words
from gatepost.inbox.models import AbuseRecord, Alarm, Appeal, Message, Opened, Ruling
from gatepost.inbox.moderating import ruled_settled
from gatepost.ledger.actions import System
from tests import factories
from tests.inbox.scene import ABUSE, COMPLAINT, Desk, become, make_desk

pytestmark = pytest.mark.django_db
OFFENSIVE = "My neighbour is a fucking wanker"
DANGER = "I can't go on any more, I want to kill myself tonight"


@pytest.fixture
def desk() -> Desk:
    cache.clear()
    return make_desk()


def signed_in(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]  # a user
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content[:400]
    return str(answer.content, "utf-8")


def post(client: Client, address: str, **fields: str) -> str:
    answer = client.post(address, fields, follow=True)
    return str(answer.content, "utf-8")


def in_force(message: Message) -> Ruling:
    ruling = Ruling.objects.get(message=message)
    assert ruling.act is not None
    ruled_settled(become(ruling.act, "sent"), by=System("worker"), at=timezone.now())
    Message.objects.filter(pk=message.pk).update(visibility="hidden")
    ruling.refresh_from_db()
    return ruling


def test_danger_told_by_telephone_or_in_a_feed_has_its_pages(desk: Desk) -> None:
    now = timezone.now()
    call = record_by_hand(Recorded(uuid4(), "phone call", DANGER, name="Casey Sample"), by=desk.staff, at=now)
    paper = factories.channel(network="press_feed", by=desk.officer, name="Local paper", base_url="")
    item = factories.message(DANGER, channel=paper)
    staff = signed_in(desk.staff)
    queue = page(staff, "/moderation/")
    for one in (call, item):
        Alarm.objects.filter(message=one).update(taken_by=desk.staff, taken_at=now)
        assert f"/moderation/{one.pk}/" in queue
        assert "Casey" in page(staff, f"/moderation/{one.pk}/")
        asked = {"kind": "block", "reason": "Rude", "clause": "usage.9", "until": "", "more_than": "It goes on"}
        assert "This was not done" in post(staff, f"/moderation/{one.pk}/do/", do="act", **asked)
    assert not Ruling.objects.exists()


def test_the_queue_covers_abuse_and_puts_danger_first(desk: Desk) -> None:
    staff = signed_in(desk.staff)
    assert "Nothing waits for a moderator" in page(staff, "/moderation/")
    abuse, danger = desk.message(ABUSE), desk.message(DANGER)
    shown = page(staff, "/moderation/")
    assert "bitch" not in shown
    assert shown.index(f"/moderation/{danger.pk}/") < shown.index(f"/moderation/{abuse.pk}/")
    assert "Nobody has taken it" in shown
    assert "Hide it: can be undone" in shown
    assert "Somebody may be in danger" in page(staff, "/")  # on every page
    assert "1 message waits" in page(staff, "/moderation/band/")
    outside = signed_in(factories.person())
    assert outside.get("/moderation/").status_code == 403
    assert "Tell somebody at once who may read messages" in page(outside, "/")  # no link to a page they may not see
    assert "now</a>" in page(staff, "/")


def test_the_alarm_is_taken_once_and_danger_is_not_taken_away_before(desk: Desk) -> None:
    staff, message = signed_in(desk.staff), desk.message(DANGER)
    address = f"/moderation/{message.pk}/"
    shown = page(staff, address)
    assert "116 123" in shown
    assert "I have read it and see to it" in shown
    refused = post(staff, f"{address}do/", do="act", kind="hide", reason="Method", clause="usage.9")
    assert "take the alarm first" in refused
    assert "with you" in post(staff, f"{address}do/", do="alarm", did="Ringing the safeguarding team")
    alarm = Alarm.objects.get()
    assert (alarm.taken_by, alarm.did) == (desk.staff, "Ringing the safeguarding team")
    assert "has taken this alarm already" in post(signed_in(desk.officer), f"{address}do/", do="alarm")
    assert "gp-alarm" not in page(staff, "/")


def test_words_are_covered_until_opened_and_a_break_is_due_after_many(desk: Desk) -> None:
    staff, message = signed_in(desk.staff), desk.message(ABUSE)
    address = f"/moderation/{message.pk}/"
    assert "bitch" not in page(staff, address)
    post(staff, f"{address}open/", next="https://elsewhere.example/")
    assert "bitch" in page(staff, address)
    assert Opened.objects.get().person == desk.staff
    assert "bitch" not in page(signed_in(desk.officer), address)
    assert "Take a break" not in page(staff, "/moderation/")
    for _ in range(7):
        open_words(desk.message(ABUSE), by=desk.staff, at=timezone.now())
    assert "Take a break" in page(staff, "/moderation/")
    assert "Take a break" in page(staff, f"/inbox/{message.pk}/")
    assert "Take a break" not in page(staff, f"/inbox/{desk.message(COMPLAINT).pk}/")
    assert "Take a break" not in page(signed_in(desk.officer), "/moderation/")
    back = staff.post(f"{address}open/", {"next": "/inbox/"})
    assert back["Location"] == "/inbox/"


def test_criticism_is_guarded_on_the_page(desk: Desk) -> None:
    staff, message = signed_in(desk.staff), desk.message(COMPLAINT)
    address = f"/moderation/{message.pk}/"
    assert "This looks like criticism, which the policy keeps." in page(staff, address)
    refused = post(staff, f"{address}do/", do="act", kind="hide", reason="Rude", clause="usage.9")
    assert "Say what makes it more than that" in refused
    assert 'href="#more_than-hide"' in refused
    assert not Ruling.objects.exists()
    given = {
        "do": "act",
        "kind": "hide",
        "reason": "Names a child",
        "clause": "usage.9",
        "more_than": "It names a child",
    }
    assert "waits for its sign-off" in post(staff, f"{address}do/", **given)
    assert "does not know what to do" in post(staff, f"{address}do/", do="dance")


def test_the_employers_record_is_kept_and_taken_out(desk: Desk) -> None:
    staff, message = signed_in(desk.staff), desk.message(ABUSE)
    address = f"/moderation/{message.pk}/"
    assert "Say whom it was aimed at" in post(staff, f"{address}do/", do="abuse", aimed_at=" ")
    assert "Offer support first" in post(staff, f"{address}do/", do="abuse", aimed_at="The receptionist at Hall Road")
    assert "Support offered to the member of staff" in page(staff, address)
    assert "Write what was done" in post(staff, f"{address}do/", do="step", step="support", words="")
    post(staff, f"{address}do/", do="step", step="support", words="Met her, offered the counselling line")
    shown = page(staff, address)
    assert "Met her, offered the counselling line" in shown
    assert "Support offered to the member of staff" not in shown
    file = staff.post(f"{address}record/")
    told = json.loads(file.content)
    assert told["aimed_at"] == "The receptionist at Hall Road"
    assert told["message"]["text"] == ABUSE
    assert [step["what"] for step in told["steps"]] == ["Support offered"]
    assert told["evidence"][0]["picture"].startswith("<svg")
    assert AbuseRecord.objects.count() == 1


def test_the_picture_is_shown_to_who_opened_the_words_and_carries_no_code(desk: Desk) -> None:
    staff, message = signed_in(desk.staff), desk.message(ABUSE)
    post(staff, f"/moderation/{message.pk}/do/", do="abuse", aimed_at="Reception")
    kept = message.evidence.get()
    assert staff.get(f"/moderation/evidence/{kept.pk}/").status_code == 404
    open_words(message, by=desk.staff, at=timezone.now())
    answer = staff.get(f"/moderation/evidence/{kept.pk}/")
    assert answer["Content-Type"].startswith("image/svg+xml")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_by_hand_and_its_decision_page(desk: Desk) -> None:
    x = factories.channel(network="x", by=desk.officer)
    channels.approve_staff(desk.staff, x, by=desk.officer, at=timezone.now())
    officer, message = signed_in(desk.officer), factories.message(OFFENSIVE, channel=x)
    address = f"/moderation/{message.pk}/do/"
    given = {"do": "act", "kind": "block", "reason": "Again and again", "clause": "usage.9"}
    assert "Only Communications" in post(signed_in(desk.staff), address, **given)
    assert "year-month-day" in post(officer, address, until="soon", **given)
    assert "do it on the network" in post(officer, address, until="2030-01-31", **given)
    ruling = Ruling.objects.get()
    decision = f"/moderation/decisions/{ruling.pk}/"
    assert "Not done yet" in page(officer, decision)
    assert "Do: blocked, on" in page(officer, "/moderation/")
    assert "it is done on the network" in post(officer, f"{decision}do/", do="done")
    assert "In force since" in page(officer, decision)
    assert "Say why it is lifted" in post(officer, f"{decision}do/", do="lift", because="")
    assert "Lifted" in post(officer, f"{decision}do/", do="lift", because="They apologised")
    assert "does not know what to do" in post(officer, f"{decision}do/", do="keep")
    post(officer, address, do="act", kind="warn", reason="Swearing", clause="usage.9")
    assert "This is a warning" in page(officer, f"/moderation/decisions/{Ruling.objects.get(kind='warn').pk}/")


def test_what_the_desk_does_itself_and_its_decision_page(desk: Desk) -> None:
    staff, officer, message = signed_in(desk.staff), signed_in(desk.officer), desk.message(OFFENSIVE)
    address = f"/moderation/{message.pk}/do/"
    assert "it is lifted by itself on that day" in page(staff, f"/moderation/{message.pk}/")
    given = {"do": "act", "kind": "block", "reason": "Again and again", "clause": "usage.9", "until": "2030-01-31"}
    assert "It waits for its sign-off" in post(staff, address, **given)
    ruling = Ruling.objects.get()
    assert ruling.act is not None
    decision = f"/moderation/decisions/{ruling.pk}/"
    shown = page(officer, decision)
    assert "from this desk" in shown
    assert "It is lifted by itself" in shown
    assert "Block the account" in page(officer, f"/inbox/{message.pk}/thread/")
    sign_off(ruling.act, digest=ruling.act.digest, by=desk.officer, at=timezone.now(), seen={})
    act = become(ruling.act, "sent")
    ruled_settled(act, by=System("worker"), at=timezone.now())
    assert "In force since" in page(officer, decision)
    assert "not been lifted yet" not in page(officer, decision)
    Ruling.objects.update(until=timezone.now() - timedelta(hours=2))
    assert "not been lifted yet" in page(officer, decision)
    assert "Lift: block" in page(officer, "/moderation/")
    assert "Say why it is lifted" in post(officer, f"{decision}do/", do="lift", because="")
    assert "Lifting it waits for its sign-off" in post(staff, f"{decision}do/", do="lift", because="They apologised")
    assert "It is being lifted" in page(officer, decision)


def test_what_is_lifted_before_it_left_never_leaves(desk: Desk) -> None:
    staff, message = signed_in(desk.staff), desk.message(OFFENSIVE)
    given = {"do": "act", "kind": "block", "reason": "Again and again", "clause": "usage.9"}
    post(staff, f"/moderation/{message.pk}/do/", **given)
    ruling = Ruling.objects.get()
    shown = post(staff, f"/moderation/decisions/{ruling.pk}/do/", do="lift", because="A mistake")
    assert "nothing will be" in shown
    ruling.refresh_from_db()
    assert ruling.lifted_at is not None
    assert ruling.act is not None
    ruling.act.refresh_from_db()
    assert ruling.act.state == "withdrawn"


def test_what_each_network_allows_is_shown_with_its_source(desk: Desk) -> None:
    shown = page(signed_in(desk.staff), "/moderation/networks/")
    for words in ("Cannot be undone", "its author and the author&#x27;s friends", "docs.x.com", "30 November 2026"):
        assert words in shown


def test_somebody_outside_asks_for_a_review_and_reads_the_answer(desk: Desk) -> None:
    staff, officer, outside, message = signed_in(desk.staff), signed_in(desk.officer), Client(), desk.message(OFFENSIVE)
    assert "Criticism stays" in page(outside, "/review/")
    post(staff, f"/moderation/{message.pk}/do/", do="act", kind="hide", reason="Swearing at people", clause="usage.9")
    assert "no decision with this reference" in post(outside, "/review/", reference=Ruling.objects.get().reference)
    ruling = in_force(message)
    shown = post(outside, "/review/", reference=f" {ruling.reference_shown.lower()} ")
    assert "Swearing at people" in shown
    assert OFFENSIVE not in shown
    assert desk.staff.name not in shown
    address = f"/review/{ruling.reference_shown}/"
    assert "Write why you think" in post(outside, address, words="")
    assert "We have it" in post(outside, address, words="It was a line from a film.")
    assert "asked for already" in post(outside, address, words="Again")
    decision = f"/moderation/decisions/{ruling.pk}/"
    assert "You had a part in this decision" in page(staff, decision)
    assert "It was a line from a film." in page(officer, decision)
    assert "Reviews asked for" in page(officer, "/moderation/")
    assert "Write the answer" in post(officer, f"{decision}do/", do="change", answer="")
    assert "Decided" in post(officer, f"{decision}do/", do="change", answer="You are right, and we are sorry.")
    assert Appeal.objects.get().state == "overturned"
    shown = page(outside, address)
    assert "We have changed the decision" in shown
    assert "You are right, and we are sorry." in shown
    assert desk.officer.name not in shown


def test_references_cannot_be_tried_without_end(desk: Desk) -> None:
    outside = Client()
    for _ in range(30):
        assert outside.get("/review/BCDFGHJKMN/").status_code == 422
    assert "Too many wrong references" in str(outside.get("/review/BCDFGHJKMN/").content, "utf-8")


def test_what_was_hidden_by_mistake_is_put_back_and_said_so(desk: Desk) -> None:
    staff, message = signed_in(desk.staff), desk.message(OFFENSIVE)
    address = f"/moderation/{message.pk}/do/"
    post(staff, address, do="act", kind="hide", reason="Swearing", clause="usage.9")
    ruling = in_force(message)
    assert "being put back" in post(staff, address, do="unhide", reason="Hidden by mistake", clause="usage.9")
    ruled_settled(become(Act.objects.get(kind="unhide"), "sent"), by=System("worker"), at=timezone.now())
    shown = page(Client(), f"/review/{ruling.reference_shown}/")
    assert "It is shown again" in shown
    assert "Hidden by mistake" in shown


def test_the_notice_is_given_once(desk: Desk) -> None:
    staff, message = signed_in(desk.staff), desk.message(OFFENSIVE)
    post(staff, f"/moderation/{message.pk}/do/", do="act", kind="hide", reason="Swearing", clause="usage.9")
    decision = f"/moderation/decisions/{in_force(message).pk}/"
    assert "We have hidden what you wrote" in page(staff, decision)
    assert "waits for its sign-off" in post(staff, f"{decision}do/", do="reply")
    assert "Given by an answer" in page(staff, decision)
    assert "given already" in post(staff, f"{decision}do/", do="hand")
