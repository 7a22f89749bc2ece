"""Work on messages through the screens: views, those ticked, undo, labels, notes, drafts, presence, people, duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate.models import Act, Published
from gatepost.inbox.actions import reply
from gatepost.inbox.models import (
    Change,
    Contact,
    Correction,
    Duty,
    Known,
    Label,
    Message,
    Note,
    Referral,
    ReplyDraft,
    SavedView,
)
from gatepost.people.models import User
from gatepost.rulebook.actions import in_force
from tests import factories

pytestmark = pytest.mark.django_db
COMPLAINT = "This is a disgrace, I want to complain about your service. Third time I have reported it and nobody came."


@dataclass
class Desk:
    officer: User
    staff: User
    channel: Channel
    client: Client
    boss: Client

    def message(self, text: str = COMPLAINT, **fields: object) -> Message:
        return factories.message(text, channel=self.channel, **fields)

    def page(self, url: str, client: Client | None = None) -> str:
        answer = (client or self.client).get(url)
        assert answer.status_code == 200, answer.content[:2000]
        return answer.content.decode()

    def post(self, url: str, status: int = 303, client: Client | None = None, **fields: object) -> str:
        answer = (client or self.client).post(url, fields)
        assert answer.status_code == status, answer.content.decode()[:3000]
        return answer.content.decode() or answer.headers.get("Location", "")


@pytest.fixture
def desk() -> Desk:
    officer = factories.officer(standing=True)
    channel = factories.channel(by=officer, name="Practice page")
    staff = factories.staff(channel, by=officer)
    client, boss = Client(), Client()
    client.force_login(staff)
    boss.force_login(officer)
    return Desk(officer, staff, channel, client, boss)


def test_several_are_closed_and_undone_from_the_list(desk: Desk) -> None:
    messages = [desk.message() for _ in range(3)]
    numbers = [message.pk for message in messages]
    to = desk.post(
        "/desk/do/", verb="close", because="One spammer", message=numbers, back="/inbox/?show=unassigned&after=0"
    )
    assert to.startswith("/inbox/?show=unassigned")
    assert set(Message.objects.values_list("state", flat=True)) == {"done"}
    shown = desk.page("/inbox/")
    assert "Closed: 3 messages" in shown
    change = Change.objects.get()
    assert f"/desk/undo/{change.pk}/" in shown
    assert f"/desk/undo/{change.pk}/" not in desk.page("/inbox/", desk.boss)
    desk.post(f"/desk/undo/{change.pk}/", back="/inbox/")
    assert set(Message.objects.values_list("state", flat=True)) == {"new"}
    assert "already" in desk.post(f"/desk/undo/{change.pk}/", 422, back="/inbox/")


def test_what_makes_no_sense_comes_back_with_what_was_ticked(desk: Desk) -> None:
    message = desk.message()
    for fields, says in (
        ({"verb": "close"}, "Say why nothing more"),
        ({"verb": "assign"}, "Choose who gets it"),
        ({"verb": "label"}, "Give a label"),
        ({"verb": "unlabel", "label": "Ghost"}, "There is no label"),
        ({"verb": "snooze", "until": "day", "day": "someday"}, "Choose until when"),
        ({"verb": "burn"}, "not something that can be done"),
    ):
        shown = desk.post("/desk/do/", 422, message=message.pk, back="/inbox/", **fields)
        assert says in shown
        assert f'value="{message.pk}" form="bulk" checked' in shown
    assert "Choose at least one" in desk.post("/desk/do/", 422, verb="reopen", back="/inbox/")
    to = desk.post("/desk/do/", verb="take", message=message.pk, back="https://elsewhere.example/")
    assert to == "/inbox/"


def test_one_message_is_taken_labelled_put_off_and_brought_back(desk: Desk) -> None:
    message = desk.message("When do you open on Saturday?")
    page = f"/inbox/{message.pk}/"
    assert "Nobody has this yet" in desk.page(page)
    assert desk.post("/desk/do/", verb="take", message=message.pk, alone=1) == page
    assert "You have this" in desk.page(page)
    assert desk.staff.name in desk.page("/inbox/?show=all")
    assert "has this" in desk.page(page, desk.boss)
    desk.post("/desk/do/", verb="label", label="Opening times", message=message.pk, alone=1)
    label = Label.objects.get()
    assert label.name in desk.page(page)
    assert message.contact.name in desk.page(f"/inbox/?mark={label.pk}")
    desk.post("/desk/do/", verb="snooze", until="2h", message=message.pk, alone=1)
    assert "Put off" in desk.page(page)
    assert message.contact.name not in desk.page("/inbox/?show=mine")
    assert message.contact.name in desk.page("/inbox/?show=snoozed")
    desk.post("/desk/do/", verb="wake", message=message.pk, alone=1)
    desk.post("/desk/do/", verb="unlabel", label="opening times", message=message.pk, alone=1)
    desk.post("/desk/do/", verb="release", message=message.pk, alone=1)
    message.refresh_from_db()
    assert (message.assignee, message.snoozed_until) == (None, None)
    desk.page(page)  # what was said of the first time has been shown
    desk.post("/desk/do/", verb="release", message=message.pk, alone=1)
    assert "Nothing had to change: it was so already." in desk.page(page)


@pytest.mark.parametrize("chosen", ["tomorrow", "monday", "week", "day"])
def test_until_when_it_is_put_off(desk: Desk, chosen: str) -> None:
    message = desk.message("Hello")
    day = timezone.localdate() + timedelta(days=3)
    desk.post("/desk/do/", verb="snooze", until=chosen, day=day.isoformat(), message=message.pk, alone=1)
    message.refresh_from_db()
    assert message.snoozed_until is not None
    back = timezone.localtime(message.snoozed_until)
    assert back.hour == 9
    expected = {"tomorrow": 1, "week": 7, "day": 3, "monday": 7 - timezone.localdate().weekday()}[chosen]
    assert back.date() == timezone.localdate() + timedelta(days=expected)


def test_a_label_read_wrongly_is_one_press(desk: Desk) -> None:
    message = desk.message()
    assert 'value="complaint no"' in desk.page(f"/inbox/{message.pk}/")
    desk.post(f"/inbox/{message.pk}/correct/", what="complaint no")
    assert Correction.objects.get().holds is False
    shown = desk.page(f"/inbox/{message.pk}/")
    assert "this is not" in shown
    assert "counts against the readers" in shown
    assert "Complaint" in desk.page("/desk/readers/")
    assert message.contact.name not in desk.page("/inbox/?show=complaints")


def test_nobody_has_corrected_yet(desk: Desk) -> None:
    assert "Nobody has corrected" in desk.page("/desk/readers/")


def test_notes_are_masked_and_struck(desk: Desk) -> None:
    message = desk.message()
    desk.post(f"/desk/{message.pk}/notes/", note_text="Rang 01632 960123, no answer")
    shown = desk.page(f"/inbox/{message.pk}/", desk.boss)
    assert "no answer" in shown
    assert "960123" not in shown
    assert "Strike it" not in shown
    note = Note.objects.get()
    assert "Only whoever" in desk.post(f"/desk/{message.pk}/notes/{note.pk}/strike/", 422, desk.boss)
    desk.post(f"/desk/{message.pk}/notes/{note.pk}/strike/")
    assert "struck a note" in desk.page(f"/inbox/{message.pk}/")
    assert "Write the note first" in desk.post(f"/desk/{message.pk}/notes/", 422, note_text=" ")


def test_a_reply_begun_is_kept_and_a_colleague_may_go_on_with_it(desk: Desk) -> None:
    message = desk.message()
    desk.post(f"/inbox/{message.pk}/check/", 200, text="We are looking into")
    assert "We are looking into" in desk.page(f"/inbox/{message.pk}/")
    seen = desk.page(f"/inbox/{message.pk}/", desk.boss)
    assert f"{desk.staff.name} began an answer" in seen
    draft = ReplyDraft.objects.get()
    desk.post(f"/desk/{message.pk}/draft/{draft.pk}/", client=desk.boss)
    assert "We are looking into" in desk.page(f"/inbox/{message.pk}/", desk.boss)
    desk.post(f"/inbox/{message.pk}/reply/", client=desk.boss, wording="complaint_phone")
    assert not ReplyDraft.objects.exists()


def test_who_else_is_here(desk: Desk) -> None:
    message = desk.message()
    desk.post(f"/desk/{message.pk}/here/", 204, doing="replying")
    assert f"{desk.staff.name} is replying to this" in desk.page(f"/inbox/{message.pk}/", desk.boss)
    assert f"{desk.staff.name} is replying." in desk.page("/inbox/", desk.boss)
    assert desk.page(f"/desk/{message.pk}/who/").strip() == ""
    desk.post(f"/desk/{message.pk}/here/", 204, doing="gone")
    assert "is replying" not in desk.page(f"/desk/{message.pk}/who/", desk.boss)


def test_filters_are_saved_for_oneself_or_for_everybody(desk: Desk) -> None:
    desk.message()
    to = desk.post("/desk/views/", title="Lift complaints", q="lift", label="complaint")
    assert to == "/inbox/?label=complaint&q=lift"
    desk.post("/desk/views/", client=desk.boss, title="Press", label="media_query", shared=1)
    mine, theirs = desk.page("/inbox/"), desk.page("/inbox/", desk.boss)
    assert "Lift complaints" in mine
    assert f"from {desk.officer.name}" in mine
    assert "Lift complaints" not in theirs
    press = SavedView.objects.get(title="Press")
    assert "somebody else" in desk.post(f"/desk/views/{press.pk}/end/", 422)
    desk.post(f"/desk/views/{press.pk}/end/", client=desk.boss)
    assert "Press" not in desk.page("/inbox/")
    assert "Give the filter a name" in desk.post("/desk/views/", 422, title="", q="lift")


@pytest.mark.parametrize(
    ("show", "says"),
    [
        ("mine", "Nothing is yours"),
        ("unassigned", "Somebody has everything"),
        ("soon", "No answer is due"),
        ("complaints", "No complaint waits"),
        ("held", "No hold keeps"),
        ("snoozed", "Nothing is put off"),
        ("all", "Nothing waits for us"),
    ],
)
def test_an_empty_view_says_why(desk: Desk, show: str, says: str) -> None:
    assert says in desk.page(f"/inbox/?show={show}")


def test_search_by_clause_days_and_who_has_it(desk: Desk) -> None:
    message = desk.message()
    today = timezone.localdate()
    for query in (f"clause=usage.7&since={today}&until={today}", "q=disgrace", f"contact={message.contact_id}"):
        assert message.contact.name in desk.page(f"/inbox/?{query}")
    for query in (f"who={desk.staff.pk}", "clause=usage.4", "q=unicorn"):
        assert "No message fits" in desk.page(f"/inbox/?{query}")


def test_conversations_are_joined_and_parted(desk: Desk) -> None:
    first = desk.message(author_ref="casey", thread_ref="t1")
    second = desk.message("Still nobody", author_ref="casey", thread_ref="t2")
    assert "Join or part" in desk.page(f"/inbox/{second.pk}/")
    desk.post(f"/desk/{second.pk}/merge/", into=first.pk)
    assert Message.objects.values("conversation").distinct().count() == 1
    desk.post(f"/desk/{second.pk}/split/")
    assert Message.objects.values("conversation").distinct().count() == 2
    assert "Choose the conversation" in desk.post(f"/desk/{second.pk}/merge/", 422, into="")
    assert "first message" in desk.post(f"/desk/{first.pk}/split/", 422)


def test_accounts_of_one_person_are_linked_with_a_reason(desk: Desk) -> None:
    first = desk.message(author_ref="a1", author_name="Casey Sample")
    second = desk.message("On my other account", author_ref="a2", author_name="Casey Other")
    page = f"/desk/people/{first.contact_id}/"
    assert "Casey Other" in desk.page(f"{page}?name=casey")
    assert "No other account" in desk.page(f"{page}?name=unicorn")
    assert "how you know" in desk.post(f"{page}link/", 422, name="casey", other=second.contact_id, because="")
    assert "Choose the other account" in desk.post(f"{page}link/", 422, name="casey", because="She said so")
    desk.post(f"{page}link/", name="casey", other=second.contact_id, because="She said so on 07700 900321")
    shown = desk.page(page)
    assert "She said so" in shown
    assert "900321" not in shown
    assert "2 accounts" in shown
    assert "On my other account" in shown
    assert "Casey Other" in desk.page(f"/inbox/{first.pk}/")
    desk.post(f"{page}unlink/")
    assert not Contact.objects.filter(known__isnull=False).exists()
    assert not Known.objects.exclude(because="").exists(), "a reason that joins nobody holds details for nothing"
    assert "not linked" in desk.post(f"{page}unlink/", 422)


def test_somebody_says_that_a_writer_is_a_journalist(desk: Desk) -> None:
    contact = desk.message(author_ref="a1").contact_id
    page = f"/desk/people/{contact}/"
    assert "Who they are" in desk.page(page)
    desk.post(f"{page}mark/", kind="journalist")
    assert Contact.objects.get(pk=contact).kind == "journalist"
    assert 'value="journalist" checked' in desk.page(page)
    assert "Nothing has changed" in desk.post(f"{page}mark/", 422, kind="poet")


def test_going_on_duty_and_off(desk: Desk) -> None:
    today = timezone.localdate().isoformat()
    shown = desk.page("/desk/duty/")
    assert "Nobody is on duty" in shown
    assert desk.officer.name not in shown.partition("Go on duty")[2].partition("From day")[0]
    later = {"day": today, "last": (timezone.localdate() + timedelta(days=1)).isoformat(), "from": "00:00"}
    desk.post("/desk/duty/", to="23:59", label="complaint", channel=desk.channel.pk, **later)
    duty = Duty.objects.get()
    assert (duty.person, duty.labels, duty.channels) == (desk.staff, ["complaint"], [desk.channel.pk])
    assert "Takes Complaint first" in desk.page("/desk/duty/")
    assert "On duty: Sam Whitlock" in desk.page("/inbox/")
    message = desk.message()
    desk.post("/desk/do/", verb="assign_next", message=message.pk, alone=1)
    message.refresh_from_db()
    assert message.assignee == desk.staff
    desk.post(f"/desk/duty/{duty.pk}/end/")
    assert "Nobody is on duty" in desk.page("/desk/duty/")
    assert "Give a day and a time" in desk.post("/desk/duty/", 422, day="x", to="17:00")
    assert "in the future" in desk.post("/desk/duty/", 422, to="00:00", **{**later, "last": today})


def test_labels_are_made_and_ended(desk: Desk) -> None:
    assert "No label yet" in desk.page("/desk/labels/")
    desk.post("/desk/labels/", name="Lift")
    assert "Lift" in desk.page("/desk/labels/")
    assert "Give the label a name" in desk.post("/desk/labels/", 422, name="")
    desk.post(f"/desk/labels/{Label.objects.get().pk}/end/")
    assert "No label yet" in desk.page("/desk/labels/")


def test_what_was_decided_by_whom_stands_beside_the_policy(desk: Desk) -> None:
    message = desk.message()
    desk.post(f"/inbox/{message.pk}/reply/", wording="complaint_phone")
    shown = desk.page(f"/inbox/{message.pk}/")
    decided = shown.partition("Decided so far")[2]
    for words in ("Arrived and was read by the policy", "Answer submitted", desk.staff.name, "usage.7"):
        assert words in decided


def test_x_is_answered_by_hand_and_recorded(desk: Desk) -> None:
    channel = factories.channel(by=desk.officer, network="x", name="Practice X")
    message = factories.message("When do you open?", channel=channel)
    page = f"/inbox/{message.pk}/"
    assert "By hand on X" in desk.page(page, desk.boss)
    desk.post(f"{page}reply/", client=desk.boss, wording="acknowledgement", by_hand=1)
    shown = desk.page(page, desk.boss)
    assert "Say it by hand, then record it" in shown
    act = Act.objects.get()
    record = f"/desk/{message.pk}/said/{act.pk}/"
    assert "Give the address" in desk.post(record, 422, desk.boss, permalink="")
    desk.post(record, client=desk.boss, permalink="https://x.com/bhp/status/17900")
    act.refresh_from_db()
    assert act.state == "sent"
    assert "https://x.com/bhp/status/17900" in desk.page(page, desk.boss)


def test_an_answer_by_hand_waits_for_its_sign_off(desk: Desk) -> None:
    message = desk.message()
    desk.post(f"/inbox/{message.pk}/reply/", text="We look into the lift today.", by_hand=1)
    shown = desk.page(f"/inbox/{message.pk}/")
    assert "An answer is being signed off" in shown
    assert "Do not say it yet" in shown


def test_a_personal_matter_is_turned_into_a_referral(desk: Desk) -> None:
    message = desk.message("Please ring me on 01632 960123, my heating is broken. Can somebody help?")
    words = "We are sorry. Your boiler repair is booked for Tuesday morning."
    shown = desk.post(f"/inbox/{message.pk}/check/", 200, text=words)
    assert "Turn it into a referral" in shown
    assert "Turn it into a referral" not in desk.post(f"/inbox/{message.pk}/check/", 200, text="Thank you.")
    assert "Choose the department" in desk.post(f"/desk/{message.pk}/turn/", 422, text=words, to="")
    desk.post(f"/desk/{message.pk}/turn/", text=words, to="repairs", telling="acknowledgement")
    referral = Referral.objects.get()
    assert (referral.department, referral.note) == ("repairs", words)
    assert "Nothing of it was said in public" in desk.page(f"/inbox/{message.pk}/")


def test_after_the_limit_it_is_handed_over(desk: Desk) -> None:
    message = desk.message(author_ref="casey", thread_ref="t1")
    limit = in_force(timezone.now()).checks.thread_limit
    assert "Hand it over" not in desk.page(f"/inbox/{message.pk}/")
    for _ in range(limit):
        one = desk.message("And?", author_ref="casey", thread_ref="t1")
        act = reply(one, wording="acknowledgement", by=desk.staff, at=timezone.now())
        Act.objects.filter(pk=act.pk).update(state="sent", sent_at=timezone.now())
    assert "Hand it over" in desk.page(f"/inbox/{message.pk}/")
    desk.post(f"/inbox/{message.pk}/refer/", to="complaints")
    assert Referral.objects.get().department == "complaints"


def test_the_private_window_is_a_clock(desk: Desk) -> None:
    message = desk.message("Hello, it is me", private=True, kind="message")
    assert "private answer until" in desk.page(f"/inbox/{message.pk}/")
    Message.objects.update(posted_at=timezone.now() - timedelta(hours=30))
    assert "Too late for a private answer" in desk.page(f"/inbox/{message.pk}/")
    public = desk.message("In public too", author_ref="other")
    assert "They have also written privately" not in desk.page(f"/inbox/{public.pk}/")


def test_what_became_of_an_answer_on_the_network(desk: Desk) -> None:
    message = desk.message()
    act = reply(message, wording="complaint_phone", by=desk.staff, at=timezone.now())
    Act.objects.filter(pk=act.pk).update(state="sent", sent_at=timezone.now())
    now = timezone.now()
    out = Published.objects.create(act=act, channel=desk.channel, ref="1", since=now)
    assert "Not looked at there yet" in desk.page(f"/inbox/{message.pk}/")
    for fields, says in (
        ({"checked_at": now}, "Delivered"),
        ({"status": "gone", "changed_at": now}, "Removed elsewhere"),
    ):
        Published.objects.filter(pk=out.pk).update(**fields)
        assert says in desk.page(f"/inbox/{message.pk}/")


def test_other_approved_wordings_stand_by_clause(desk: Desk) -> None:
    message = desk.message()
    shown = desk.page(f"/inbox/{message.pk}/")
    assert "Other approved wordings" in shown
    assert "?wording=acknowledgement#reply" in shown
