"""A consent noted by those who write a post does not let them through, whenever they noted it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from gatepost.gate import actions as gate
from gatepost.gate.checking import Stopped
from gatepost.gate.sending import claim
from gatepost.publishing import rights
from gatepost.publishing.actions import findings, save_draft, submit
from gatepost.publishing.drafts import Draft, Picture
from gatepost.publishing.pictures import add_picture
from gatepost.rulebook.actions import in_force
from tests import factories

from .images import photograph

pytestmark = pytest.mark.django_db


def test_one_noted_before_writing_is_noted_again_by_somebody_else() -> None:
    officer = factories.officer()
    channel = factories.channel(by=officer)
    staff, at = factories.staff(channel, by=officer), timezone.now()
    media = add_picture(photograph(), "hall.jpg", by=staff, at=at)
    given = {"given_on": timezone.localtime(at).date(), "expires_on": None, "at": at}
    rights.note_consent(media, "form 12", by=staff, **given)
    pack = in_force(at)
    draft = Draft(
        text="The hall in Damson Court is open on Saturday.",
        kind=pack.post_kinds[0].id,
        aim=pack.aims[0].id,
        channels=[channel.pk],
        pictures=[Picture(media.pk, "Two neighbours at the hall")],
    )
    post = save_draft(draft, by=staff, at=at)
    assert "consent" in {one.check for one in findings(post, at=at)[channel.pk]}
    with pytest.raises(Stopped, match="Only those who wrote this"):
        submit(post, by=staff, at=at)
    rights.note_consent(media, "form 13", by=officer, **given)
    (act,) = submit(post, by=staff, at=at)
    gate.sign_off(act, digest=act.digest, by=officer, at=at)
    assert [one.act for one in claim(worker="test", at=at)] == [act]
