"""Links that somebody handed over: told, counted, and no way to sign one's own content in a colleague's name."""

from __future__ import annotations

import queue
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from gatepost.cli.main import main
from gatepost.gate import outside
from gatepost.gate.actions import sign_off, submit
from gatepost.gate.content import Content
from gatepost.gate.models import Act, SignOff
from gatepost.ledger.models import Line
from gatepost.people import actions, links
from gatepost.people.actions import PeopleError
from gatepost.people.authority import NotAllowed, let_in_by
from gatepost.people.models import ApiToken, Passkey, SignInLink, User
from gatepost.worker import tasks
from tests import factories

pytestmark = pytest.mark.django_db
AT = datetime(2100, 3, 1, 12, 0, tzinfo=UTC)  # after everything that the factories give


@pytest.fixture
def olive() -> User:
    return factories.officer("Olive Ferris")


@pytest.fixture
def nell(olive: User) -> User:
    return factories.officer("Nell Okafor", is_admin=False)


@pytest.fixture
def act(olive: User, nell: User) -> Act:
    channel = factories.channel(by=nell)
    return submit(Content("publish", channel.pk, text="We are open."), subject="variant:1", by=olive, at=AT)


def come_in(person: User, by: Any, *, at: datetime = AT) -> User:
    return links.use_link(links.make_link(person, by=by, at=at), at=at)


def sign(act: Act, person: User) -> SignOff:
    return sign_off(act, digest=act.digest, by=User.objects.get(pk=person.pk), at=AT)


class TestOwnContentInAnothersName:
    def test_by_no_way_in(self, act: Act, olive: User, nell: User) -> None:
        come_in(nell, olive)
        with pytest.raises(NotAllowed, match="link that Olive Ferris handed over"):
            sign(act, nell)
        with pytest.raises(NotAllowed, match="handed over"):
            outside.invite(act, name="Lee", email="lee@example.org", digest=act.digest, by=nell, at=AT)
        with pytest.raises(IntegrityError, match="let its signer in"), transaction.atomic():
            SignOff.objects.create(act=act, digest=act.digest, step=0, signer=nell, seen={}, at=AT)

    def test_also_what_the_maker_only_changed(self, act: Act, olive: User, nell: User) -> None:
        sam = factories.person("Sam Whitlock")
        come_in(nell, olive)
        Act.objects.filter(pk=act.pk).update(author=sam, context={"editors": [olive.pk]})
        act.refresh_from_db()
        with pytest.raises(NotAllowed, match="handed over"):
            sign(act, nell)
        with pytest.raises(IntegrityError, match="let its signer in"), transaction.atomic():
            SignOff.objects.create(act=act, digest=act.digest, step=0, signer=nell, seen={}, at=AT)

    def test_what_others_wrote_they_sign(self, act: Act, olive: User, nell: User) -> None:
        come_in(nell, factories.officer("Ash Vyas"))
        assert sign(act, nell).signer == nell

    def test_their_own_link_and_one_of_the_desk_count_for_nothing(self, act: Act, nell: User) -> None:
        come_in(nell, nell)
        come_in(nell, factories.SETUP)
        assert let_in_by(nell) == frozenset()
        assert sign(act, nell).signer == nell

    def test_a_link_that_nobody_used_counts_for_nothing(self, act: Act, olive: User, nell: User) -> None:
        links.make_link(nell, by=olive, at=AT)
        assert sign(act, nell).signer == nell


class TestThroughAnAccountInBetween:
    """Olive lets Bo in, and as Bo lets Nell in."""

    @pytest.fixture
    def bo(self, olive: User) -> User:
        return come_in(factories.officer("Bo Lamb"), olive)

    def refused(self, act: Act, nell: User) -> None:
        with pytest.raises(NotAllowed, match="by somebody whom Olive Ferris had let in"):
            sign(act, nell)
        with pytest.raises(IntegrityError, match="let its signer in"), transaction.atomic():
            SignOff.objects.create(act=act, digest=act.digest, step=0, signer=nell, seen={}, at=AT)

    def test_olives_own_content_is_not_signed(self, act: Act, olive: User, bo: User, nell: User) -> None:
        come_in(nell, bo)
        assert let_in_by(nell) == {olive.pk, bo.pk}
        self.refused(act, nell)

    def test_nor_when_bos_link_ended_after_it_was_used(self, act: Act, olive: User, bo: User, nell: User) -> None:
        come_in(nell, bo, at=AT + timedelta(hours=1))
        come_in(bo, factories.SETUP, at=AT + timedelta(hours=2))
        assert let_in_by(bo) == frozenset()
        self.refused(act, nell)

    def test_what_ended_before_let_nobody_in(self, act: Act, olive: User, bo: User, nell: User) -> None:
        come_in(bo, factories.SETUP, at=AT + timedelta(hours=1))
        come_in(nell, bo, at=AT + timedelta(hours=2))
        come_in(bo, olive, at=AT + timedelta(hours=3))
        assert let_in_by(nell) == {bo.pk}
        assert sign(act, nell).signer == nell

    def test_two_who_let_each_other_in(self, act: Act, olive: User, bo: User, nell: User) -> None:
        come_in(olive, bo)
        assert let_in_by(bo) == {olive.pk}
        assert let_in_by(olive) == {bo.pk}
        assert sign(act, nell).signer == nell

    def test_bos_link_does_not_end_olives(self, act: Act, olive: User, bo: User, nell: User) -> None:
        come_in(nell, olive)
        come_in(nell, bo, at=AT + timedelta(hours=1))
        assert SignInLink.objects.filter(person=nell, ended_at=None).count() == 2
        assert not Line.objects.filter(verb="ways_in.begun_anew").exists()


class TestAnotherOrigin:
    def borrowed(self, olive: User, nell: User) -> None:
        """Olive came in as Nell and left doors open."""
        come_in(nell, olive)
        actions.make_token(nell, title="Script", by=nell, at=AT)
        Passkey.objects.create(
            person=nell, title="Key", host="desk.example.org", credential_id=b"1", public_key=b"1", created_at=AT
        )
        actions.change_password(nell, current="", new="correct horse battery", at=AT)

    def test_another_administrators_link_throws_away_what_was_set_up(self, act: Act, olive: User, nell: User) -> None:
        self.borrowed(olive, nell)
        ash = factories.officer("Ash Vyas")
        come_in(nell, nell)
        assert let_in_by(nell) == {olive.pk}
        come_in(nell, ash, at=AT + timedelta(hours=1))
        assert let_in_by(nell) == {ash.pk}
        assert not ApiToken.objects.filter(person=nell, revoked_at=None).exists()
        assert not Passkey.objects.filter(person=nell, revoked_at=None).exists()
        assert not User.objects.get(pk=nell.pk).has_usable_password()
        assert Line.objects.get(verb="ways_in.begun_anew").detail == {"keys": 1, "passkeys": 1}
        assert sign(act, nell).signer == nell

    def test_a_link_made_meanwhile_lets_nobody_in(self, olive: User, nell: User) -> None:
        come_in(nell, olive)
        desks = links.make_link(nell, by=factories.SETUP, at=AT)
        kept = links.make_link(nell, by=nell, at=AT)
        links.use_link(desks, at=AT + timedelta(hours=1))
        with pytest.raises(PeopleError, match="used or is too old"):
            links.use_link(kept, at=AT + timedelta(hours=1))

    def test_what_was_theirs_before_stays(self, olive: User, nell: User) -> None:
        actions.make_token(nell, title="Script", by=nell, at=AT - timedelta(days=1))
        come_in(nell, olive)
        come_in(nell, factories.SETUP, at=AT + timedelta(hours=1))
        assert ApiToken.objects.filter(person=nell, revoked_at=None).count() == 1
        assert let_in_by(nell) == frozenset()

    def test_the_same_makers_next_link_changes_nothing(self, olive: User, nell: User) -> None:
        self.borrowed(olive, nell)
        come_in(nell, olive)
        assert ApiToken.objects.filter(person=nell, revoked_at=None).exists()
        assert let_in_by(nell) == {olive.pk}

    def test_the_address_is_not_led_elsewhere(self, olive: User) -> None:
        new = actions.add_person(name="Nel Okafor", email="nel@example.org", by=olive, at=AT)
        come_in(new, olive)
        actions.introduce(new, name="Nell Okafor", email="nell.o@example.org", password="", at=AT)  # a slip, put right
        come_in(new, olive)
        with pytest.raises(PeopleError, match="address stays as it is"):
            actions.introduce(new, name="Nell Okafor", email="olive2@example.org", password="", at=AT)
        come_in(new, factories.SETUP)
        actions.introduce(new, name="Nell Okafor", email="nell@example.org", password="", at=AT)


class TestByMail:
    @pytest.fixture(autouse=True)
    def mail_is_set_up(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.MAIL_SET_UP = True
        monkeypatch.setattr(tasks, "close_old_connections", lambda: None)  # the test's transaction is on it

    def test_only_its_person_sees_it(self, act: Act, olive: User, nell: User, client: Client) -> None:
        client.force_login(olive)
        answer = client.post(f"/people/{nell.pk}/", {"act": "link"}, follow=True)
        said = answer.content.decode()
        assert "A link is on its way" in said
        assert "/sign-in/link/" not in said
        tasks.sign_in_letter(SignInLink.objects.get().pk)
        [letter] = mail.outbox
        assert letter.to == [nell.email]
        found = re.search(r"/sign-in/link/([^/]+)/", str(letter.body))
        assert found
        assert found[1] not in str(list(SignInLink.objects.values()))
        assert links.use_link(found[1], at=timezone.now()) == nell
        assert Line.objects.get(verb="sign_in.link_used").detail == {"made_by": olive.actor, "by_mail": True}
        assert sign(act, nell).signer == nell

    def test_nobody_gets_it_in_their_hands(self, olive: User, nell: User) -> None:
        with pytest.raises(PeopleError, match="by e-mail"):
            links.make_link(nell, by=olive, at=AT)

    def test_a_new_colleague_gets_theirs_by_mail(self, olive: User, client: Client) -> None:
        client.force_login(olive)
        answer = client.post("/people/", {"name": "Ash Vyas", "email": "ash@example.org"}, follow=True)
        assert "A link is on its way to ash@example.org" in answer.content.decode()

    def test_it_ends_what_was_handed_over(self, olive: User, nell: User) -> None:
        SignInLink.objects.create(person=nell, secret_hash="x", expires_at=AT, used_at=AT, made_by=olive)
        made = links.mail_link(nell, by=olive, at=AT)
        links.use_link(links._mailed_secret(made), at=AT)
        assert let_in_by(nell) == frozenset()

    def test_a_link_from_before_is_told_to_its_person(self, olive: User, nell: User, settings: Any) -> None:
        settings.MAIL_SET_UP = False
        secret = links.make_link(nell, by=olive, at=AT)
        settings.MAIL_SET_UP = True
        links.use_link(secret, at=AT)
        tasks.sign_in_letter(SignInLink.objects.get().pk)
        [letter] = mail.outbox
        assert "by a link that Olive Ferris handed over" in str(letter.body)

    def test_a_link_of_ones_own_ends_no_other_that_is_on_its_way(self, olive: User, nell: User) -> None:
        sent = links.mail_link(nell, by=olive, at=AT)
        first = links.make_link(nell, by=nell, at=AT)
        links.make_link(nell, by=nell, at=AT)
        with pytest.raises(PeopleError, match="used or is too old"):
            links.use_link(first, at=AT)
        assert links.use_link(links._mailed_secret(sent), at=AT) == nell

    def test_a_letter_that_comes_too_late_or_for_nothing(self, olive: User, nell: User) -> None:
        made = links.mail_link(nell, by=olive, at=AT)
        links.send_letter(made, at=AT + timedelta(days=2))
        tasks.sign_in_letter(made.pk + 100)
        assert mail.outbox == []

    def test_a_server_that_does_not_take_it(self, olive: User, nell: User, monkeypatch: pytest.MonkeyPatch) -> None:
        made = links.mail_link(nell, by=olive, at=AT)

        def fails(*_: object, **__: object) -> None:
            raise OSError("nell@example.org refused")

        monkeypatch.setattr("django.core.mail.EmailMessage.send", fails)
        with pytest.raises(links.LetterFailed, match="OSError") as told:
            links.send_letter(made, at=AT)
        assert "nell@" not in str(told.value)

    def test_an_address_that_changes_takes_the_link_with_it(self, olive: User, nell: User) -> None:
        links.mail_link(nell, by=olive, at=AT)
        actions.introduce(nell, name=nell.name, email="other@example.org", password="", at=AT)
        assert not SignInLink.objects.exists()


def test_without_mail_only_an_administrator_hands_over(olive: User, nell: User, client: Client) -> None:
    with pytest.raises(NotAllowed, match="administrator"):
        links.make_link(factories.person(), by=nell, at=AT)
    with pytest.raises(PeopleError, match="sends no mail"):
        links.mail_link(factories.person(), by=nell, at=AT)
    client.force_login(nell)
    answer = client.post("/people/", {"name": "Ash Vyas", "email": "ash@example.org"}, follow=True)
    said = answer.content.decode()
    assert "An administrator makes the first link" in said
    assert "Make a one-time link" not in said


def test_its_person_is_told_and_can_end_it(olive: User, nell: User, client: Client) -> None:
    come_in(nell, olive, at=timezone.now())
    assert Line.objects.get(verb="sign_in.link_used").detail == {"made_by": olive.actor, "by_mail": False}
    client.force_login(nell)
    assert "Olive Ferris made it" in client.get("/").content.decode()
    assert "By a link that Olive Ferris handed over" in client.get("/settings/").content.decode()
    boss = Client()
    boss.force_login(olive)
    assert "By a link that Olive Ferris handed over" in boss.get(f"/people/{nell.pk}/").content.decode()
    thief = Client()
    thief.force_login(User.objects.get(pk=nell.pk))
    assert client.post("/settings/", {"act": "not_me"}).status_code == 303
    assert thief.get("/").status_code == 302
    assert Line.objects.filter(verb="sign_in.disputed", subject=f"person:{nell.pk}").exists()
    assert let_in_by(nell) == {olive.pk}
    with pytest.raises(NotAllowed):
        links.not_me(nell, by=olive, at=AT)
    assert links.lately_handed(nell, at=timezone.now() + timedelta(days=8)) == []


def test_whoever_says_it_in_a_borrowed_session_locks_nobody_out(olive: User, nell: User, settings: Any) -> None:
    settings.MAIL_SET_UP = True
    mailed = links.mail_link(nell, by=olive, at=AT)
    handed = links.make_link(nell, by=nell, at=AT)  # as somebody in a borrowed session can
    links.not_me(nell, by=nell, at=AT)
    with pytest.raises(PeopleError, match="used or is too old"):
        links.use_link(handed, at=AT)
    assert links.use_link(links._mailed_secret(mailed), at=AT) == nell


class TestCommand:
    def test_a_link_of_the_desks_own(self, nell: User, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["link", nell.email.upper()]) == 0
        secret = re.search(r"/sign-in/link/([^/]+)/", capsys.readouterr().out)
        assert secret
        assert links.use_link(secret[1], at=timezone.now()) == nell
        assert Line.objects.get(verb="sign_in.link_made").actor == "system:command line"

    def test_somebody_it_does_not_know(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["link", "nobody@example.org"]) == 1
        assert "Nobody on the desk" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_of_two_links_made_at_once_one_stays() -> None:
    person = factories.officer("Nell Okafor")
    backend: queue.Queue[int] = queue.Queue()

    def meanwhile() -> str:
        try:
            with connection.cursor() as cursor:
                backend.put(cursor.execute("SELECT pg_backend_pid()").fetchone()[0])
            return links.make_link(person, by=factories.SETUP, at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic(), connection.cursor() as cursor:
            links.make_link(person, by=factories.SETUP, at=AT)
            other = pool.submit(meanwhile)
            pid, blocked, until = backend.get(timeout=60), 0, time.monotonic() + 60
            while not blocked and time.monotonic() < until:
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [pid])
                [blocked] = cursor.fetchone()
        secret = other.result(timeout=60)
    assert blocked
    assert SignInLink.objects.count() == 1
    assert links.use_link(secret, at=AT) == person
