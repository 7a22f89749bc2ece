"""A film from the sign-off to the practice town: it goes up first, unseen, and its post is out with its subtitles."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from gatepost.channels import actions as channels
from gatepost.channels.models import Channel
from gatepost.gate import actions, sending, settling, uploading
from gatepost.gate.content import CaptionsRef, Content, MediaRef
from gatepost.gate.media import put
from gatepost.gate.models import Act, Published, Unseen
from gatepost.networks.registry import connect
from gatepost.people.models import User
from gatepost.sandbox.town import Town
from tests import factories
from tests.networks.conftest import town_account

pytestmark = pytest.mark.django_db
VTT = b"WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nThe hall\n"
FILM = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 9000  # more than two of the town's pieces on Facebook


@pytest.fixture
def officer() -> User:
    return factories.officer()


def live(town: Town, network: str, officer: User) -> Channel:
    account, at = town_account(town, network), timezone.now()
    made = channels.connect(
        network=network,
        name=f"Our {network}",
        external_id=account.external_id,
        handle=account.handle,
        base_url=account.base_url,
        credentials=account.credentials,
        by=officer,
        at=at,
        allow_private=True,
    )
    channels.sign_off(made, by=officer, at=at)
    made.refresh_from_db()
    return made


def signed(channel: Channel, officer: User, text: str) -> Act:
    """A post with a film that is due now."""
    writer = factories.staff(channel, by=officer)
    at = timezone.now()
    words = CaptionsRef(put(VTT))
    media = MediaRef(put(FILM), "video/mp4", "A walk", "walk.mp4", 1280, 720, len(FILM), captions=(words,))
    content = Content("publish", channel.pk, text=text, media=(media,))
    act = actions.submit(content, subject="variant:1", by=writer, at=at)
    actions.sign_off(act, digest=act.digest, by=officer, at=at)
    act.refresh_from_db()
    return act


def leave(after: float = 0.0) -> int:
    at = timezone.now() + timedelta(seconds=after)
    claims = sending.claim(worker="test", at=at)
    settling.settle([(one, sending.send(one)) for one in claims], at=at)
    return len(claims)


def bring_up() -> None:
    [job] = uploading.take(worker="test", at=timezone.now(), limit=1)
    uploading.keep(job, uploading.bring_up(job), at=timezone.now())


@pytest.mark.parametrize("network", ["facebook", "x"])
def test_a_film_goes_up_first_and_its_post_leaves_with_it(town: Town, officer: User, network: str) -> None:
    act = signed(live(town, network, officer), officer, "A walk round the hall.")
    assert leave() == 0  # not before its film is there
    bring_up()
    assert Unseen.objects.get().ready_at is not None
    assert leave(after=5) == 1
    act.refresh_from_db()
    assert (act.state, act.says) == ("sent", "")
    shown = connect(act.channel.account()).shown(act.ref)  # type: ignore[attr-defined]  # both networks show posts again
    assert shown.text == "A walk round the hall."
    assert Published.objects.get().ref == act.ref
    assert uploading.throw_away(at=timezone.now()) == 1
    assert connect(act.channel.account()).shown(act.ref).text == shown.text  # type: ignore[attr-defined]  # as above


def test_a_film_of_a_withdrawn_post_is_deleted_at_facebook(town: Town, officer: User) -> None:
    act = signed(live(town, "facebook", officer), officer, "A walk that is called off.")
    bring_up()
    session = Unseen.objects.get().ref
    actions.withdraw(act, by=officer, at=timezone.now())
    assert uploading.throw_away(at=timezone.now() + timedelta(seconds=1)) == 1
    assert not Unseen.objects.exists()
    page = connect(act.channel.account())
    film = uploading.MediaFile(b"", "video/mp4", "", "", ref=session)
    assert "session has ended" in page._films.post(film, "Again", "").reason  # type: ignore[attr-defined]  # it is gone there
