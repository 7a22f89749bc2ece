"""The page of what the desk has learnt: corrections, a training with progress, figures, put to use, back again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.inbox import teaching
from gatepost.inbox.actions import close
from gatepost.inbox.corrections import correct_label
from gatepost.inbox.models import Message
from gatepost.ledger.actions import System
from gatepost.ledger.models import Line
from gatepost.people.models import User
from gatepost.policy.reading.learning import LEAST
from gatepost.rulebook import readers
from gatepost.rulebook.models import ReaderModel, ReaderTraining, ReaderUse
from tests import factories
from tests.policy.reading.test_learning import MOANS, REAL

pytestmark = pytest.mark.django_db
PAGE = "/settings/learnt/"
WORKER = System("worker")


@pytest.fixture
def officer(client: Client) -> User:
    made = factories.officer()
    client.force_login(made)
    return made


@pytest.fixture
def corrected(officer: User) -> None:
    channel = factories.channel(by=officer)
    for text in REAL:
        factories.message(text, channel=channel)
    for message in Message.objects.all():
        close(message, because="told", by=officer, at=timezone.now())
    for text in MOANS:
        wrong = factories.message(text, channel=channel)
        correct_label(wrong, "complaint", holds=False, by=officer, at=timezone.now())
    factories.message("Ring me on 01632 960123", channel=channel)


def run() -> ReaderTraining:
    training = ReaderTraining.objects.latest("pk")
    teaching.run(training, by=WORKER, at=timezone.now())
    training.refresh_from_db()
    return training


def test_nothing_yet(client: Client, officer: User) -> None:
    page = client.get(PAGE).content.decode()
    assert "No corrections yet" in page
    assert "Messages are read as shipped" in page
    assert "Learn from the corrections" not in page
    assert "What the desk has learnt" in client.get("/settings/").content.decode()


def test_from_the_corrections_to_use_and_back(client: Client, officer: User, corrected: None) -> None:
    page = client.get(PAGE).content.decode()
    assert "“It is not”" in page
    assert ">24<" in page
    assert client.post(PAGE, {"act": "train"}).status_code == 303
    assert client.post(PAGE, {"act": "train"}).status_code == 303
    assert ReaderTraining.objects.count() == 1, "asking twice waits for one training"
    waiting = client.get(PAGE + "?piece=1").content.decode()
    assert "Waiting for its turn" in waiting
    assert 'hx-trigger="every 1s"' in waiting
    done = run()
    assert (done.done, done.total, done.failed) == (1, 1, "")
    model = ReaderModel.objects.get()
    assert done.model == model
    assert "See the figures and decide" in client.get(PAGE).content.decode()
    one = client.get(f"{PAGE}{model.digest}/").content.decode()
    assert "24 of 24" in one
    assert "Words that moved most" in one
    assert "choir" in one
    assert "960123" not in one
    assert client.post(f"{PAGE}{model.digest}/", {"act": "accept"}).status_code == 303
    assert ReaderUse.objects.get(active=True).accepted_by == officer.actor
    assert "Put to use by" in client.get(PAGE).content.decode()
    again = client.post(f"{PAGE}{model.digest}/", {"act": "accept"})
    assert again.status_code == 422
    assert "in use already" in again.content.decode()
    assert client.post(PAGE, {"act": "undo"}).status_code == 303
    assert not ReaderUse.objects.filter(active=True).exists()
    assert "ended by" in client.get(f"{PAGE}{model.digest}/").content.decode()
    readers.accept(model, by=officer, at=timezone.now())
    assert client.post(f"{PAGE}{model.digest}/", {"act": "undo"}).status_code == 303
    assert client.post(PAGE, {"act": "undo"}).status_code == 422
    assert client.post(PAGE, {"act": "other"}).status_code == 422
    assert client.post(f"{PAGE}{model.digest}/", {"act": "other"}).status_code == 422
    verbs = set(Line.objects.values_list("verb", flat=True))
    assert {"readers.train_asked", "readers.trained", "readers.accepted", "readers.undone"} <= verbs


def test_what_was_learnt_under_another_release_is_only_told_of(client: Client, officer: User, corrected: None) -> None:
    readers.ask(by=officer, at=timezone.now())
    run()
    readers.accept(ReaderModel.objects.get(), by=officer, at=timezone.now())
    ReaderModel.objects.update(base="0" * 64)
    page = client.get(PAGE).content.decode()
    assert "Not used since the update" in page
    assert "Older release" in page
    digest = ReaderModel.objects.get().digest
    one = client.get(f"{PAGE}{digest}/").content.decode()
    assert "Cannot be told for another release" in one
    ReaderUse.objects.all().delete()
    assert client.post(f"{PAGE}{digest}/", {"act": "accept"}).status_code == 422


def test_too_little_is_said_so(client: Client, officer: User) -> None:
    wrong = factories.message(MOANS[0], channel=factories.channel(by=officer))
    correct_label(wrong, "complaint", holds=False, by=officer, at=timezone.now())
    assert f"{LEAST - 1} more before it is learnt" in client.get(PAGE).content.decode()
    readers.ask(by=officer, at=timezone.now())
    done = run()
    assert done.model is None
    page = client.get(PAGE).content.decode()
    assert "Nothing learnt" in page
    assert f"fewer than {LEAST} corrections" in page


def test_what_goes_wrong_is_told(
    client: Client, officer: User, corrected: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers.ask(by=officer, at=timezone.now())
    monkeypatch.setattr(teaching, "beside", lambda: 1 / 0)
    assert "ZeroDivisionError" in run().failed
    assert "Nothing was learnt" in client.get(PAGE).content.decode()
    assert run().failed, "what has ended is not run again"


def test_who_does_not_sign_off_only_looks(client: Client, officer: User, corrected: None) -> None:
    readers.ask(by=officer, at=timezone.now())
    run()
    client.force_login(factories.staff(*Channel.objects.all(), by=officer))
    page = client.get(PAGE).content.decode()
    assert "Learn from the corrections" not in page
    assert "Only who signs off can start it" in page
    assert client.post(PAGE, {"act": "train"}).status_code == 422
    one = client.get(f"{PAGE}{ReaderModel.objects.get().digest}/").content.decode()
    assert "Only who signs off can put it to use" in one
