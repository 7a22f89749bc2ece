"""The inbox and one conversation, through their addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate.actions import sign_off
from gatepost.gate.holds import hold
from gatepost.gate.models import Act
from gatepost.inbox.lines import page_of
from gatepost.inbox.listing import Filter
from gatepost.inbox.models import Evidence, Message, Referral
from gatepost.people.models import User
from gatepost.policy.model import Finding
from gatepost.policy.pack import load_files
from gatepost.rulebook.actions import in_force
from gatepost.web.inbox.drafting import lines_of, under
from gatepost.web.inbox.says import says_of
from tests import factories

pytestmark = pytest.mark.django_db

COMPLAINT = "This is a disgrace, I want to complain about your service. Third time I have reported it and nobody came."
DETAILS = "Please ring me on 01632 960123 or write to casey@example.org, my heating is broken. Can somebody help?"
ABUSE = "Your receptionist is a useless stupid bitch and I will punch her in the face"


@dataclass
class Desk:
    officer: User
    staff: User
    channel: Channel
    client: Client
    boss: Client


@pytest.fixture
def desk() -> Desk:
    officer = factories.officer(standing=True)
    channel = factories.channel(by=officer, name="Practice page")
    staff = factories.staff(channel, by=officer)
    client, boss = Client(), Client()
    client.force_login(staff)
    boss.force_login(officer)
    return Desk(officer, staff, channel, client, boss)


def page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer.content[:2000]
    return answer.content.decode()


def post(client: Client, url: str, status: int = 303, **fields: object) -> str:
    answer = client.post(url, fields)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()


class TestList:
    def test_an_empty_list_says_so(self, desk: Desk) -> None:
        assert "Nothing waits for us" in page(desk.client, "/inbox/")

    def test_urgent_then_soonest_then_newest(self, desk: Desk) -> None:
        now = timezone.now()
        made = [factories.message(f"Hello {n}", channel=desk.channel) for n in range(5)]
        hours = {0: 9, 1: 2, 2: None, 3: None, 4: 5}
        for n, later in hours.items():
            due = now + timedelta(hours=later) if later else None
            Message.objects.filter(pk=made[n].pk).update(due_at=due, urgent=n == 0)
        found, more = page_of(Filter(), at=now)
        assert [one.pk for one in found] == [made[n].pk for n in (0, 1, 4, 3, 2)]
        assert not more

    def test_pages_follow_each_other_without_gap_or_repeat(self, desk: Desk) -> None:
        now = timezone.now()
        for n in range(9):
            one = factories.message(f"Hello {n}", channel=desk.channel)
            due = now + timedelta(hours=n // 2) if n < 6 else None
            Message.objects.filter(pk=one.pk).update(due_at=due, urgent=n % 3 == 0)
        whole = [one.pk for one in page_of(Filter(), size=50, at=now)[0]]
        walked: list[int] = []
        after = 0
        while True:
            found, after = page_of(Filter(), after=after, size=2, at=now)
            walked += [one.pk for one in found]
            if not after:
                break
        assert walked == whole
        assert len(set(walked)) == 9

    def test_abuse_and_details_are_not_in_the_list(self, desk: Desk) -> None:
        factories.message(ABUSE, channel=desk.channel)
        factories.message(DETAILS, channel=desk.channel)
        shown = page(desk.client, "/inbox/")
        assert "bitch" not in shown
        assert "Not shown here: abuse to a member of staff" in shown
        assert "960123" not in shown
        assert "casey@" not in shown
        assert "(phone number hidden)" in shown

    def test_tabs_and_filters(self, desk: Desk) -> None:
        other = factories.channel(by=desk.officer, network="x", name="Practice X", base_url="http://127.0.0.1:9/x")
        one = factories.message(COMPLAINT, channel=desk.channel, author_name="Ada Complains")
        factories.message("What time does the drop-in finish?", channel=other, author_name="Bo Asks")
        assert "Bo Asks" not in page(desk.client, "/inbox/?label=complaint")
        assert "Ada Complains" not in page(desk.client, f"/inbox/?channel={other.pk}")
        post(desk.client, f"/inbox/{one.pk}/close/", because="Settled by telephone")
        assert "Ada Complains" not in page(desk.client, "/inbox/")
        assert "Settled by telephone" in page(desk.client, "/inbox/?show=done")
        assert "Ada Complains" in page(desk.client, "/inbox/?q=ada")
        assert "No message fits" in page(desk.client, "/inbox/?q=nobodyatall")

    def test_nonsense_in_the_address_is_left_out(self, desk: Desk) -> None:
        page(desk.client, "/inbox/?show=x&label=y&channel=zz&after=-4&q=%00")

    def test_news_counts_what_came_since(self, desk: Desk) -> None:
        one = factories.message("Hello", channel=desk.channel)
        factories.message("Hello again", channel=desk.channel)
        assert "1 new" in page(desk.client, f"/inbox/news/?since={one.pk}")
        assert page(desk.client, f"/inbox/news/?since={one.pk + 1}").strip() == ""
        assert "waiting for us" in page(desk.client, "/inbox/counts/inbox/")

    def test_nobody_else_sees_it(self, desk: Desk) -> None:
        one = factories.message("Hello", channel=desk.channel)
        for url in ("/inbox/", f"/inbox/{one.pk}/", f"/inbox/{one.pk}/thread/", "/inbox/news/"):
            assert Client().get(url).status_code == 302
        assert Client().post(f"/inbox/{one.pk}/reply/", {"text": "Hi"}).status_code == 302


class TestConversation:
    def test_marks_reasons_and_clauses(self, desk: Desk) -> None:
        one = factories.message(DETAILS, channel=desk.channel)
        shown = page(desk.client, f"/inbox/{one.pk}/")
        assert "gp-mask" in shown
        assert "960123" not in shown
        assert "casey@example" not in shown
        assert "Phone number and e-mail address" in shown
        assert "#usage.6" in shown
        assert "style=" not in shown

    def test_missing_is_not_found(self, desk: Desk) -> None:
        page(desk.client, "/inbox/999999/", 404)

    def test_reveal_needs_a_reason_and_ends(self, desk: Desk) -> None:
        one = factories.message(DETAILS, channel=desk.channel)
        refused = post(desk.client, f"/inbox/{one.pk}/reveal/", 422, reason=" ")
        assert "Say why" in refused
        assert "960123" not in refused
        post(desk.client, f"/inbox/{one.pk}/reveal/", reason="To telephone them")
        assert "01632 960123" in page(desk.client, f"/inbox/{one.pk}/")
        assert "960123" not in page(desk.boss, f"/inbox/{one.pk}/")
        one.reveals.update(until=timezone.now())
        assert "960123" not in page(desk.client, f"/inbox/{one.pk}/")

    def test_a_wording_leaves_with_one_press(self, desk: Desk) -> None:
        one = factories.message(COMPLAINT, channel=desk.channel)
        shown = page(desk.client, f"/inbox/{one.pk}/")
        assert "Sent unchanged, it needs no other" in shown
        post(desk.client, f"/inbox/{one.pk}/reply/", wording="complaint_referred")
        act = Act.objects.get(kind="reply")
        assert act.state == "signed_off"
        assert Referral.objects.get().department == "complaints"
        shown = page(desk.client, f"/inbox/{one.pk}/")
        assert "on its way" in shown
        assert "Complaints Team" in shown
        assert "already" in post(desk.client, f"/inbox/{one.pk}/reply/", 422, text="Another answer for you.")

    def test_a_hold_is_admitted(self, desk: Desk) -> None:
        hold(reason="A death on an estate", by=desk.officer, at=timezone.now())
        one = factories.message(COMPLAINT, channel=desk.channel)
        post(desk.client, f"/inbox/{one.pk}/reply/", wording="complaint_phone")
        shown = page(desk.client, f"/inbox/{one.pk}/")
        assert "A hold is on" in shown
        assert "Held" in re.findall(r'id="thread".*?</ol>', shown, re.S)[0]

    def test_own_words_wait_and_are_shown(self, desk: Desk) -> None:
        one = factories.message("What time does the drop-in finish?", channel=desk.channel)
        post(desk.client, f"/inbox/{one.pk}/reply/", text="The drop-in finishes at 4pm.")
        act = Act.objects.get()
        assert act.state == "to_sign_off"
        shown = page(desk.client, f"/inbox/{one.pk}/")
        assert "The drop-in finishes at 4pm." in shown
        assert "To sign off" in shown
        sign_off(act, digest=act.digest, by=desk.officer, at=timezone.now())
        assert "Signed off" in page(desk.client, f"/inbox/{one.pk}/thread/")

    def test_a_stop_keeps_the_words_and_names_the_clause(self, desk: Desk) -> None:
        one = factories.message("My heating is broken", channel=desk.channel)
        text = "Your address 14 Larkspur Court is on our list, ring Jo on 01632 960999."
        shown = post(desk.client, f"/inbox/{one.pk}/reply/", 422, text=text)
        assert "Nothing has been sent" in shown
        assert "gp-clause" in re.findall(r'id="problem".*?</ul>', shown, re.S)[0]
        assert "14 Larkspur Court" in shown
        assert not Act.objects.exists()

    def test_empty_is_refused(self, desk: Desk) -> None:
        one = factories.message(COMPLAINT, channel=desk.channel)
        assert "Write an answer" in post(
            desk.client, f"/inbox/{one.pk}/reply/", 422, text="  ", wording="complaint_phone"
        )
        assert "Choose an approved wording" in post(desk.client, f"/inbox/{one.pk}/reply/", 422)
        assert not Act.objects.exists()

    def test_a_changed_wording_loses_its_standing(self, desk: Desk) -> None:
        one = factories.message(COMPLAINT, channel=desk.channel)
        text = in_force(timezone.now()).wordings["complaint_phone"].text
        assert text in page(desk.client, f"/inbox/{one.pk}/?wording=complaint_phone")
        live = post(
            desk.client, f"/inbox/{one.pk}/check/", 200, wording="complaint_phone", text=f"{text}. We will look."
        )
        assert "Put the wording back" in live
        assert "Submit for sign-off" in live
        unchanged = post(desk.client, f"/inbox/{one.pk}/check/", 200, wording="complaint_phone", text=text)
        assert "Send the wording" in unchanged
        post(desk.client, f"/inbox/{one.pk}/reply/", wording="complaint_phone", text=f"{text}. We will look.")
        assert Act.objects.get().state == "to_sign_off"

    def test_live_checks_keep_nothing(self, desk: Desk) -> None:
        one = factories.message("Hello", channel=desk.channel)
        shown = post(desk.client, f"/inbox/{one.pk}/check/", 200, text="  Ring Jo Sample on 01632 960999 <b>")
        assert 'hx-swap-oob="true"' in shown
        assert 'data-n="1"' in shown
        assert "&lt;b&gt;" in shown
        assert not Act.objects.exists()

    def test_who_is_not_approved_is_told_why(self, desk: Desk) -> None:
        stranger = Client()
        stranger.force_login(factories.staff(factories.channel(by=desk.officer), by=desk.officer))
        one = factories.message(COMPLAINT, channel=desk.channel)
        shown = post(stranger, f"/inbox/{one.pk}/reply/", 422, text="Thank you for telling us.")
        assert "You are not approved for" in shown
        assert "Thank you for telling us." in shown
        for part in ("close", "reveal", "evidence"):
            post(stranger, f"/inbox/{one.pk}/{part}/", 422, because="x", reason="x")
        post(stranger, f"/inbox/{one.pk}/refer/", 422, to="repairs")
        assert not Referral.objects.exists()
        assert not Evidence.objects.exists()

    def test_abuse_is_not_answered(self, desk: Desk) -> None:
        one = factories.message(ABUSE, channel=desk.channel)
        shown = page(desk.client, f"/inbox/{one.pk}/")
        assert "Nobody answers this" in shown
        assert 'id="reply-form"' not in shown
        post(desk.client, f"/inbox/{one.pk}/reply/", 422, text="How dare you.")


class TestDoing:
    def test_hide_with_evidence_and_put_back(self, desk: Desk) -> None:
        one = factories.message(DETAILS, channel=desk.channel)
        assert "Say why" in post(
            desk.client, f"/inbox/{one.pk}/moderate/", 422, kind="hide", clause="usage.6", reason=""
        )
        post(desk.client, f"/inbox/{one.pk}/moderate/", 422, kind="hide", clause="no.such", reason="Details")
        post(desk.client, f"/inbox/{one.pk}/moderate/", 422, kind="burn", clause="usage.6", reason="Details")
        post(desk.client, f"/inbox/{one.pk}/moderate/", kind="hide", clause="usage.6", reason="Details in public")
        assert Act.objects.get().state == "signed_off"
        assert Evidence.objects.get().reason == "Details in public"
        shown = page(desk.client, f"/inbox/{one.pk}/")
        assert "Evidence kept by" in shown
        Act.objects.update(state="sent")
        Message.objects.update(visibility="hidden")
        assert "Put it back" in page(desk.client, f"/inbox/{one.pk}/")
        post(desk.client, f"/inbox/{one.pk}/moderate/", kind="unhide", clause="usage.6", reason="Details were removed")

    def test_what_a_network_does_not_let_us_do_is_not_offered(self, desk: Desk) -> None:
        other = factories.channel(by=desk.officer, network="x", name="Practice X", base_url="http://127.0.0.1:9/x")
        one = factories.message("Hello", channel=other)
        shown = page(desk.client, f"/inbox/{one.pk}/")
        assert 'value="remove"' not in shown
        assert "Only when the author mentioned this account" in shown

    def test_refer_and_record_the_answer(self, desk: Desk) -> None:
        one = factories.message("Hello there", channel=desk.channel)
        assert "Choose the department" in post(desk.client, f"/inbox/{one.pk}/refer/", 422, note="Keep me")
        post(desk.client, f"/inbox/{one.pk}/refer/", 422, to="nobody")
        assert not Referral.objects.exists()
        post(desk.client, f"/inbox/{one.pk}/refer/", to=["repairs", "housing"], note="Third report")
        assert Referral.objects.count() == 2
        assert "Hello there" in page(desk.client, "/inbox/?show=referred")
        referral = Referral.objects.get(department="repairs")
        where = f"/inbox/{one.pk}/referrals/{referral.pk}/"
        assert "Write what the department said" in post(desk.client, where, 422, answer=" ")
        post(desk.client, where, answer="We come on Thursday.")
        assert "We come on Thursday." in page(desk.client, f"/inbox/{one.pk}/")
        other = factories.message("Hello", channel=desk.channel)
        post(desk.client, f"/inbox/{other.pk}/referrals/{referral.pk}/", 404, answer="x")

    def test_close_and_open_again(self, desk: Desk) -> None:
        one = factories.message("Hello there", channel=desk.channel)
        assert "Say why" in post(desk.client, f"/inbox/{one.pk}/close/", 422, because="")
        post(desk.client, f"/inbox/{one.pk}/close/", because="Spam from a shop")
        shown = page(desk.client, f"/inbox/{one.pk}/")
        assert "Spam from a shop" in shown
        assert "Open it again" in shown
        post(desk.client, f"/inbox/{one.pk}/close/", 422, because="Twice")
        post(desk.client, f"/inbox/{one.pk}/reopen/")
        assert Message.objects.get(pk=one.pk).state == "new"

    def test_earlier_conversations_are_listed_without_details(self, desk: Desk) -> None:
        factories.message(DETAILS, channel=desk.channel, author_ref="77", author_name="Ada Sample")
        one = factories.message("Any news?", channel=desk.channel, author_ref="77", author_name="Ada Sample")
        shown = page(desk.client, f"/inbox/{one.pk}/")
        assert "Ada Sample before" in shown
        assert "(phone number hidden)" in shown
        assert "960123" not in shown

    def test_what_waits_can_be_withdrawn(self, desk: Desk) -> None:
        one = factories.message("What time does the drop-in finish?", channel=desk.channel)
        post(desk.client, f"/inbox/{one.pk}/reply/", text="The drop-in finishes at 4pm.")
        act = Act.objects.get()
        other = factories.message("Hello", channel=desk.channel)
        post(desk.client, f"/inbox/{other.pk}/withdraw/{act.pk}/", 404)
        post(desk.client, f"/inbox/{one.pk}/withdraw/{act.pk}/")
        act.refresh_from_db()
        assert act.state == "withdrawn"
        post(desk.client, f"/inbox/{one.pk}/withdraw/{act.pk}/", 422)
        assert "finishes at 4pm" not in page(desk.client, f"/inbox/{one.pk}/")

    def test_a_conversation_costs_few_queries(self, desk: Desk, django_assert_max_num_queries: Any) -> None:
        for n in range(30):
            factories.message(f"Hello {n}", channel=desk.channel, author_ref="77", thread_ref="t")
        one = Message.objects.latest("pk")
        with django_assert_max_num_queries(60):
            page(desk.client, f"/inbox/{one.pk}/")
        with django_assert_max_num_queries(30):
            page(desk.client, "/inbox/")


class TestDrafting:
    def test_marks_that_overlap_share_a_number(self) -> None:
        found = [
            Finding("a", "stop", "c.1", "A", "Mend", start=0, end=5),
            Finding("b", "stop", "c.2", "B", "Mend", start=3, end=8),
            Finding("c", "ask", "c.3", "C", "Mend", start=10, end=12),
            Finding("d", "note", "c.4", "D", "Mend", field=""),
        ]
        assert [line.number for line in lines_of(found, {})] == [1, 1, 2, 0]
        marks = under("  0123456789abcdef", found)
        assert [(mark.text, mark.number) for mark in marks if mark.number] == [("01234", 1), ("ab", 2)]
        assert "".join(mark.text for mark in marks) == "  0123456789abcdef\n"


def test_advice_is_quoted_from_the_policy_that_gave_it(desk: Desk) -> None:
    """The policy in force now may have numbered its clauses anew."""
    message = factories.message(ABUSE, channel=desk.channel)
    now = timezone.now()
    pack = in_force(now)
    anew = load_files({name: text.replace("usage.8", "usage.88") for name, text in pack.files.items()})
    advice = next(one for one in says_of(message, pack=anew, at=now).advice if one.clause == "usage.8")
    assert advice.quoted == pack.clause("usage.8").text
    assert f"“{advice.quoted}”" in page(desk.client, f"/inbox/{message.pk}/")
