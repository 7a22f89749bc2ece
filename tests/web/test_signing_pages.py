"""The sign-off's own pages: steps, suggestions, people outside, passkeys, deputies, absence; and their calls."""

from __future__ import annotations

import html
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from fido2.utils import websafe_encode

from gatepost.calls.actions import ACTIONS
from gatepost.calls.found import NoSuch
from gatepost.channels.models import Channel
from gatepost.gate import outside
from gatepost.gate.models import Act, Invitation, Reminder, Seen, SignOff, Suggestion
from gatepost.gate.seal import together
from gatepost.people.models import Absence, Deputy, Passkey, User
from gatepost.publishing import actions as publishing
from gatepost.publishing.models import Post
from gatepost.web.sign_off.group import post_of
from tests import factories
from tests.gate.device import Device
from tests.gate.scene import with_chains

pytestmark = pytest.mark.django_db

TEXT = "Come to the open day on Saturday 5 December, 10am to 2pm, at Millrace hall. It is free."
TWO = """
[[chain]]
id = "two"
title = "Two people"
clause = "responsibility.2"
step = [{ title = "Two people", count = 2 }]
"""
PROVEN = """
[[chain]]
id = "proven"
title = "With a passkey"
clause = "responsibility.2"
step = [{ title = "Communications", passkey = true }]
"""


@pytest.fixture
def second() -> User:
    return factories.officer("Ida Root")


@pytest.fixture
def writer(officer: User, channel: Channel, x: Channel) -> User:
    return factories.staff(channel, x, by=officer, name="Dafydd Rees")


def signed_in(person: User) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    return client


def submitted(by: User, *channels: Channel, text: str = TEXT) -> list[Act]:
    draft = publishing.Draft(
        text=text, kind="event", aim="promote", channels=[channel.pk for channel in channels], audiences=["residents"]
    )
    post = publishing.save_draft(draft, by=by, at=timezone.now())
    return publishing.submit(post, by=by, at=timezone.now())


def do(client: Client, acts: list[Act], wish: str, **given: str) -> str:
    digests = {f"digest.{act.pk}": act.digest for act in acts}
    answer = client.post(f"/sign-off/{acts[0].pk}/", {"do": wish, **digests, **given}, follow=True)
    return html.unescape(answer.content.decode())


class TestSteps:
    def test_two_people(self, officer: User, second: User, writer: User, channel: Channel) -> None:
        with_chains(TWO, at=timezone.now())
        acts = submitted(writer, channel)
        assert "2 more" in signed_in(officer).get(f"/sign-off/{acts[0].pk}/").content.decode()
        assert "Others have to sign it too" in do(signed_in(officer), acts, "sign")
        page = html.unescape(signed_in(officer).get(f"/sign-off/{acts[0].pk}/").content.decode())
        assert "You have signed this" in page
        assert "1 more" in page
        queue = signed_in(second).get("/sign-off/").content.decode()
        assert "1 of 2 have signed" in queue
        assert "It is on its way" in do(signed_in(second), acts, "sign")
        done = signed_in(officer).get(f"/sign-off/{acts[0].pk}/").content.decode()
        assert "Ida Root" in done

    def test_channels_with_different_steps_are_told_apart(
        self, officer: User, second: User, writer: User, channel: Channel, x: Channel
    ) -> None:
        with_chains(TWO.replace("step =", 'networks = ["x"]\nstep ='), at=timezone.now())
        acts = submitted(writer, channel, x)
        page = signed_in(officer).get(f"/sign-off/{acts[0].pk}/").content.decode()
        assert page.count('class="gp-who gp-who--steps"') == 2

    def test_nobody_has_signed_is_said_in_the_queue(self, officer: User, writer: User, channel: Channel) -> None:
        [act] = submitted(writer, channel)
        Reminder.objects.create(
            act=act, digest=act.digest, step=0, kind="escalation", person=officer, at=timezone.now()
        )
        assert "Nobody has signed" in signed_in(officer).get("/sign-off/").content.decode()

    def test_what_changed_since_one_last_looked(self, officer: User, writer: User, channel: Channel) -> None:
        [act] = submitted(writer, channel)
        path = f"/sign-off/{act.pk}/"
        assert "Changed since" not in signed_in(officer).get(path).content.decode()
        post = post_of(act)
        assert post is not None
        draft = publishing.Draft(
            text=TEXT + " Bring the children.",
            kind="event",
            aim="promote",
            channels=[channel.pk],
            audiences=["residents"],
        )
        publishing.save_draft(draft, by=writer, at=timezone.now(), post=post)
        page = signed_in(officer).get(path).content.decode()
        assert "Changed since you last looked" in page
        assert "Bring the children." in page
        assert "Changed since you last looked" in signed_in(officer).get(path).content.decode()  # loaded again
        Seen.objects.update(at=timezone.now() - timedelta(hours=2))
        assert "Changed since" not in signed_in(officer).get(path).content.decode()


class TestSuggesting:
    def test_for_every_channel_with_the_same_words(
        self, officer: User, writer: User, channel: Channel, x: Channel
    ) -> None:
        acts = submitted(writer, channel, x)
        said = do(
            signed_in(officer), acts, "suggest", words=TEXT + " Come early.", note="Queues", about=str(acts[0].pk)
        )
        assert "takes it or leaves it" in said
        assert Suggestion.objects.count() == 2
        mine = signed_in(writer)
        page = html.unescape(mine.get(f"/sign-off/{acts[0].pk}/").content.decode())
        assert "Suggested by Nell Okafor" in page
        assert "Queues" in page
        assert "The suggested words are in" in do(mine, acts, "take")
        assert {act.content["text"] for act in Act.objects.all()} == {TEXT + " Come early."}
        variants = Post.objects.get().variants.values_list("text", flat=True)
        assert set(variants) == {TEXT + " Come early."}

    def test_left(self, officer: User, writer: User, channel: Channel) -> None:
        acts = submitted(writer, channel)
        do(signed_in(officer), acts, "suggest", words="Other words.")
        assert "Your own words stay" in do(signed_in(writer), acts, "leave")
        assert "nothing suggested here any more" in do(signed_in(writer), acts, "leave")

    def test_the_same_words_are_no_suggestion(self, officer: User, writer: User, channel: Channel) -> None:
        acts = submitted(writer, channel)
        assert "Change the words first" in do(signed_in(officer), acts, "suggest", words=TEXT)


class TestOutside:
    def test_asked_shown_and_taken_back(self, officer: User, writer: User, channel: Channel) -> None:
        acts = submitted(writer, channel)
        client = signed_in(officer)
        assert "Lee Barr gets a link" in do(client, acts, "ask", name="Lee Barr", email="lee@law.example.org")
        page = client.get(f"/sign-off/{acts[0].pk}/").content.decode()
        assert "link on its way" in page
        asked = Invitation.objects.get()
        assert "is no longer asked" in do(client, acts, "revoke", invitation=str(asked.pk))
        assert "no such request any more" in do(client, acts, "revoke", invitation="0")

    def test_a_wrong_address_is_said_beside_the_field(self, officer: User, writer: User, channel: Channel) -> None:
        acts = submitted(writer, channel)
        page = do(signed_in(officer), acts, "ask", name="Lee Barr", email="nobody")
        assert 'id="outside-e"' in page
        assert 'value="Lee Barr"' in page

    def test_one_link_for_each_channel(self, officer: User, writer: User, channel: Channel, x: Channel) -> None:
        acts = submitted(writer, channel, x)
        said = do(signed_in(officer), acts, "ask", name="Lee Barr", email="lee@law.example.org")
        assert "2 links, one for each channel" in said
        for one in Invitation.objects.all():
            outside.send_code(one, at=timezone.now())


class TestPasskeys:
    def registered(self, client: Client, device: Device) -> str:
        page = html.unescape(client.get("/settings/passkeys/").content.decode())
        asked = json.loads(page.partition('data-passkey-make="')[2].partition('">')[0])
        given = {"act": "register", "passkey": device.registers(asked), "title": "Laptop"}
        return html.unescape(client.post("/settings/passkeys/", given, follow=True).content.decode())

    def test_registered_used_and_removed(self, officer: User, writer: User, channel: Channel, x: Channel) -> None:
        with_chains(PROVEN, at=timezone.now())
        client, device = signed_in(officer), Device()
        acts = submitted(writer, channel, x)
        path = f"/sign-off/{acts[0].pk}/"
        assert "wants this signed with a passkey" in client.get(path).content.decode()
        assert "is registered" in self.registered(client, device)
        assert "with your passkey" in client.get(path).content.decode()
        assert "signed with a passkey" in do(client, acts, "sign")
        challenge = websafe_encode(bytes.fromhex(together(act.digest for act in acts)))
        assert "It is on its way" in do(client, acts, "sign", passkey=device.signs(challenge))
        assert {bool(one.proof) for one in SignOff.objects.all()} == {True}
        key = Passkey.objects.get()
        answer = client.post("/settings/passkeys/", {"act": "revoke", "key": str(key.pk)}, follow=True)
        assert "signs nothing any more" in answer.content.decode()

    def test_what_goes_wrong(self, officer: User) -> None:
        client = signed_in(officer)
        stale = client.post("/settings/passkeys/", {"act": "register", "passkey": "{}"})
        assert (stale.status_code, "open for too long" in stale.content.decode()) == (422, True)
        assert client.post("/settings/passkeys/", {"act": "sing"}).status_code == 422
        assert client.post("/settings/passkeys/", {"act": "revoke", "key": "99"}).status_code == 404
        number = Client(headers={"host": "127.0.0.1"})
        number.force_login(officer)
        assert "Not at this address" in number.get("/settings/passkeys/").content.decode()


class TestDeputies:
    def test_appointed_away_back_and_ended(self, officer: User, writer: User, channel: Channel) -> None:
        client, path = signed_in(officer), f"/people/{officer.pk}/deputies/"
        last = (timezone.localtime() + timedelta(days=30)).date().isoformat()
        first = (timezone.localtime() + timedelta(days=1)).date().isoformat()

        def post(**given: Any) -> str:
            return html.unescape(client.post(path, given, follow=True).content.decode())

        assert "Nobody stands in" in client.get(path).content.decode()
        assert "Choose who stands in" in post(act="appoint", deputy_until=last)
        assert "Say until when" in post(act="appoint", deputy=str(writer.pk))
        given = {"deputy_until": last, "kinds": ["reply", "post:event"], "channels": [str(channel.pk)]}
        said = post(act="appoint", deputy=str(writer.pk), **given)
        assert "Dafydd Rees may sign in the stead of Nell Okafor" in said
        assert "Posts: Event, Answers, on Millrace on Facebook" in said
        row = Deputy.objects.get()
        assert "Nell Okafor" in signed_in(writer).get(f"/people/{writer.pk}/deputies/").content.decode()
        assert "is down as away" in post(act="away", away_from=first, away_until=last)
        assert "is back" in post(act="back", row=str(Absence.objects.get().pk))
        assert "no longer signs" in post(act="end", row=str(row.pk))
        assert "does not know" in post(act="sing")

    def test_the_deputy_sees_in_whose_stead(self, officer: User, writer: User, channel: Channel) -> None:
        third = factories.staff(channel, by=officer, name="Tess Vale")
        now = timezone.now()
        from gatepost.people.deputies import appoint, go_away

        appoint(officer, third, starts=now, until=now + timedelta(days=9), by=officer, at=now)
        go_away(officer, starts=now, until=now + timedelta(days=9), by=officer, at=now)
        acts = submitted(writer, channel)
        page = html.unescape(signed_in(third).get(f"/sign-off/{acts[0].pk}/").content.decode())
        assert "You sign in the stead of" in page
        assert "stands in for Nell Okafor" in page
        assert "away until" in page
        assert "It is on its way" in do(signed_in(third), acts, "sign")
        mine = submitted(officer, channel, text="What the officer wrote herself, on Sunday.")
        page = html.unescape(signed_in(third).get(f"/sign-off/{mine[0].pk}/").content.decode())
        assert "stands in for Nell Okafor, who wrote it" in page


class TestCalls:
    def call(self, name: str, by: User, /, **wish: Any) -> Any:
        action = ACTIONS[name]
        return action(action.asks.model_validate_json(json.dumps(wish)), by=by, at=timezone.now())

    def test_each_of_them(self, officer: User, second: User, writer: User, channel: Channel) -> None:
        with_chains(TWO, at=timezone.now())
        [act] = submitted(writer, channel)
        pk, now = str(act.pk), timezone.now()
        steps = self.call("act.steps", officer, act=pk)
        assert (steps.chain, steps.yours, steps.steps[0].missing, steps.why_not) == ("two", 0, 2, "")
        assert "You wrote this" in self.call("act.steps", writer, act=pk).why_not
        suggested = self.call("act.suggest", officer, act=pk, digest=act.digest, text="Other words.")
        assert self.call("suggestion.leave", writer, suggestion=suggested.id).outcome == "left"
        again = self.call("act.suggest", officer, act=pk, digest=act.digest, text="Other words.")
        assert [row.id for row in self.call("act.asked", writer, act=pk).suggestions] == [again.id]
        changed = self.call("suggestion.take", writer, suggestion=again.id)
        asked = self.call(
            "outside.ask", officer, act=pk, digest=changed.digest, name="Lee", email="lee@law.example.org"
        )
        assert [row.id for row in self.call("act.asked", officer, act=pk).outside] == [asked.id]
        assert self.call("outside.revoke", officer, invitation=asked.id).outcome == "revoked"
        assert self.call("act.asked", officer, act=pk).model_dump() == {"suggestions": [], "outside": []}
        with pytest.raises(NoSuch):
            self.call("act.asked", officer, act="00000000-0000-0000-0000-000000000000")
        to = (now + timedelta(hours=2)).isoformat()
        moved = self.call("act.move", writer, act=pk, to=to)
        assert moved.kept is False
        assert self.call("act.sign_off", officer, act=pk, digest=moved.act.digest).state == "to_sign_off"
        assert self.call("act.sign_off", second, act=pk, digest=moved.act.digest).state == "signed_off"
        assert "does not wait" in self.call("act.steps", officer, act=pk).why_not
        later = (now + timedelta(days=2)).isoformat()
        times = {"starts": now.isoformat(), "until": later}
        made = self.call("deputy.appoint", officer, person=officer.pk, deputy=writer.pk, kinds=["reply"], **times)
        assert [row.id for row in self.call("deputies.list", officer).deputies] == [made.id]
        assert self.call("deputy.end", officer, deputy=made.id).ended_at is not None
        gone = self.call("away.set", officer, person=officer.pk, **times)
        assert self.call("away.end", officer, absence=gone.id).ended_at is not None

    def test_with_a_passkey(self, officer: User, writer: User, channel: Channel, settings: Any) -> None:
        from gatepost.people import passkeys

        settings.PUBLIC_URL = "http://localhost:8000"
        device = Device()
        options, state = passkeys.begin(officer, host="localhost")
        passkeys.register(
            officer,
            device.registers(options),
            state=state,
            host="localhost",
            title="",
            by=officer,
            at=timezone.now(),
        )
        [act] = submitted(writer, channel)
        answer = device.signs(websafe_encode(bytes.fromhex(act.digest)))
        self.call("act.sign_off", officer, act=str(act.pk), digest=act.digest, passkey=answer)
        assert SignOff.objects.get().proof is not None

    def test_what_is_not_there(self, officer: User) -> None:
        for name, wish in (
            ("suggestion.take", "suggestion"),
            ("outside.revoke", "invitation"),
            ("away.end", "absence"),
        ):
            with pytest.raises(NoSuch, match="There is no"):
                self.call(name, officer, **{wish: 999})
