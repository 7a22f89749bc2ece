"""What the readers learnt, by the API's actions."""

from __future__ import annotations

import pytest
from django.utils import timezone

from gatepost.calls.actions import ACTIONS
from gatepost.calls.asked import Nothing
from gatepost.calls.readers import ReadersAccept, ReadersOut
from gatepost.calls.refusals import REFUSALS
from gatepost.inbox.corrections import correct_label
from gatepost.inbox.models import Message
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from gatepost.rulebook.readers import ReadersError, in_use
from tests import factories
from tests.policy.reading.test_learning import MOANS, REAL
from tests.rulebook.test_readers import kept

pytestmark = pytest.mark.django_db


def call(name: str, by: User, wish: Nothing | ReadersAccept | None = None) -> ReadersOut:
    told = ACTIONS[name](wish or Nothing(), by=by, at=timezone.now())
    assert isinstance(told, ReadersOut)
    return told


def test_trained_put_to_use_and_given_up() -> None:
    officer = factories.officer()
    channel = factories.channel(by=officer)
    for text in [*MOANS, *REAL]:
        message = factories.message(text, channel=channel)
        if text in MOANS:
            correct_label(message, "complaint", holds=False, by=officer, at=timezone.now())
    Message.objects.filter(text__in=REAL).update(state="done")
    trained = call("readers.train", officer)
    assert trained.corrections == {"complaint": len(MOANS)}
    [training] = trained.trainings
    assert (training.in_use, training.fits, trained.in_use) == (False, True, "")
    assert call("readers.accept", officer, ReadersAccept(digest=training.digest[:12])).in_use == training.digest
    assert in_use(timezone.now()) is not None
    assert call("readers.undo", officer).in_use == ""
    assert in_use(timezone.now()) is None


def test_only_who_signs_off_trains_and_accepts() -> None:
    officer = factories.officer()
    staff = factories.staff(factories.channel(by=officer), by=officer)
    kept()
    for name in ("readers.train", "readers.undo"):
        with pytest.raises(NotAllowed):
            call(name, staff)
    with pytest.raises(NotAllowed):
        call("readers.accept", staff, ReadersAccept())
    assert len(call("readers.list", staff).trainings) == 1


def test_what_is_refused_is_a_sentence_of_the_desk() -> None:
    with pytest.raises(ReadersError, match="Nothing has been learnt yet"):
        call("readers.accept", factories.officer(), ReadersAccept())
    assert ReadersError in REFUSALS
