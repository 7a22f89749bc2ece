"""What the readers learnt is kept, put to use by somebody who signs off, told with each decision, given up again."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest
from django.utils import timezone

from gatepost.inbox import teaching
from gatepost.inbox.actions import close
from gatepost.inbox.corrections import correct_label
from gatepost.inbox.models import Message
from gatepost.ledger.actions import System
from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from gatepost.policy.reading.learning import LabelReport, Lesson
from gatepost.policy.reading.learnt import packed
from gatepost.policy.reading.trained import shipped
from gatepost.rulebook import readers
from gatepost.rulebook.models import KeptDecision, ReaderModel, ReaderUse
from gatepost.rulebook.readers import ReadersError
from tests import factories
from tests.policy.reading.test_learning import MOANS, REAL, UNSEEN, taught

pytestmark = pytest.mark.django_db
BY = System("train")


def lesson(offset: int = -12, base: str = "") -> Lesson:
    base = base or shipped().digest
    data = packed([taught(offset=offset)], base)
    return Lesson(data, sha256(data).hexdigest(), base, (LabelReport("complaint", 12, ""),))


def kept(offset: int = -12, base: str = "") -> ReaderModel:
    model = readers.keep_lesson(lesson(offset, base), by=BY, at=timezone.now())
    assert model is not None
    return model


@pytest.fixture
def officer() -> User:
    return factories.officer()


def test_corrections_of_the_desk_change_how_the_next_message_is_read(officer: User) -> None:
    channel = factories.channel(by=officer)
    for text in REAL:
        factories.message(text, channel=channel)
    for message in Message.objects.all():
        close(message, because="told", by=officer, at=timezone.now())
    for text in MOANS:
        wrong = factories.message(text, channel=channel)
        correct_label(wrong, "complaint", holds=False, by=officer, at=timezone.now())
    assert teaching.counts() == {"complaint": 24}
    assert set(teaching.beside()) == set(REAL)
    made, model = teaching.train(by=BY, at=timezone.now())
    assert model is not None
    assert (model.digest, model.report) == (made.digest, made.figures())
    line = Line.objects.get(verb="readers.trained")
    assert line.detail == {"digest": made.digest, "corrections": 24, "learnt": ["complaint"]}
    before = factories.message(UNSEEN, channel=channel).decision
    assert ("complaint" in before.decided, before.readers) == (True, "")
    use = readers.accept(model, by=officer, at=timezone.now())
    after = factories.message(UNSEEN, channel=channel).decision
    assert ("complaint" in after.decided, after.readers) == (False, made.digest)
    assert KeptDecision.objects.get(pk=before.pk).readers == ""
    line = Line.objects.get(verb="readers.accepted")
    assert line.actor == officer.actor
    assert line.detail["figures"][0]["after"]["right"] == 24
    assert "choir" not in str(line.detail)
    readers.undo(by=officer, at=timezone.now())
    again = factories.message(UNSEEN, channel=channel).decision
    assert ("complaint" in again.decided, again.readers) == (True, "")
    assert Line.objects.get(verb="readers.undone").detail == {"digest": use.model_id}


def test_only_somebody_who_signs_off_puts_it_to_use_or_gives_it_up(officer: User) -> None:
    model, other = kept(), factories.person()
    with pytest.raises(NotAllowed):
        readers.accept(model, by=other, at=timezone.now())
    readers.accept(model, by=officer, at=timezone.now())
    with pytest.raises(NotAllowed):
        readers.undo(by=other, at=timezone.now())
    assert ReaderUse.objects.get().active


def test_one_is_in_use_at_a_time_and_the_past_can_be_asked(officer: User) -> None:
    first, second = kept(), kept(-13)
    now = timezone.now()
    readers.accept(first, by=officer, at=now)
    with pytest.raises(ReadersError, match="in use already"):
        readers.accept(first, by=officer, at=now)
    readers.accept(second, by=officer, at=now + timedelta(hours=1))
    found = [readers.in_use(now + timedelta(minutes=minutes)) for minutes in (-1, 30, 90)]
    assert [one and one.digest for one in found] == [None, first.digest, second.digest]
    assert Line.objects.filter(verb="readers.accepted").last().detail["instead_of"] == first.digest  # type: ignore[union-attr]  # two are there
    readers.undo(by=officer, at=now + timedelta(hours=2))
    assert readers.in_use(now + timedelta(hours=3)) is None
    with pytest.raises(ReadersError, match="nothing to undo"):
        readers.undo(by=officer, at=now + timedelta(hours=4))
    readers.accept(first, by=officer, at=now + timedelta(hours=5))
    assert readers.used(now + timedelta(hours=6)) == ReaderUse.objects.get(active=True)


def test_what_was_learnt_under_another_release_is_not_used(officer: User) -> None:
    model = kept(base="b" * 64)
    with pytest.raises(ReadersError, match="another release"):
        readers.accept(model, by=officer, at=timezone.now())
    ReaderUse.objects.create(model=model, accepted_by=officer.actor, accepted_at=timezone.now())
    assert readers.in_use(timezone.now()) is None


def test_what_cannot_be_read_stops_no_message(officer: User) -> None:
    model = kept(-14)
    ReaderModel.objects.filter(pk=model.pk).update(data=b"x")
    model.refresh_from_db()
    with pytest.raises(ReadersError, match=f"The training {model.digest[:12]} is not a file"):
        readers.accept(model, by=officer, at=timezone.now())
    ReaderUse.objects.create(model=model, accepted_by=officer.actor, accepted_at=timezone.now())
    assert readers.in_use(timezone.now()) is None
    assert factories.message("Hello", channel=factories.channel(by=officer)).decision.readers == ""


def test_a_training_is_found_by_the_beginning_of_its_digest() -> None:
    with pytest.raises(ReadersError, match="Nothing has been learnt yet"):
        readers.candidate("")
    model = kept()
    assert readers.candidate(model.digest[:6].upper()) == readers.candidate("") == model
    with pytest.raises(ReadersError, match="No training begins with zz"):
        readers.candidate("zz")
    ReaderModel.objects.create(
        digest=model.digest[:20], base="", data=b"", report=[], made_by="system:x", made_at=timezone.now()
    )
    with pytest.raises(ReadersError, match="More than one"):
        readers.candidate(model.digest[:5])


def test_a_training_that_taught_nothing_is_recorded_and_not_kept() -> None:
    factories.pack()
    made, model = teaching.train(by=BY, at=timezone.now())
    assert (made.report, model) == ((), None)
    assert Line.objects.get(verb="readers.trained").subject == "readers:none"
