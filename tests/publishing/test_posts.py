"""Posts: saved, submitted all or none, changed, taken back, taken down; and who may do what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from gatepost.channels import actions as channels
from gatepost.channels.models import Channel
from gatepost.gate import actions as gate
from gatepost.gate.actions import GateError
from gatepost.gate.checking import Stopped
from gatepost.gate.correcting import take_down
from gatepost.gate.models import Act, SignOff
from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from gatepost.publishing.actions import (
    Draft,
    Picture,
    PublishingError,
    content_of,
    findings,
    save_draft,
    submit,
    withdraw,
)
from gatepost.publishing.models import Post
from gatepost.publishing.pictures import add_picture
from gatepost.rulebook.actions import in_force
from tests import factories

from .images import photograph

pytestmark = pytest.mark.django_db
TEXT = "The estate office is open on Saturday from 9 to 12. Bring your questions about repairs."


@dataclass
class Desk:
    officer: User
    staff: User
    facebook: Channel
    x: Channel
    at: datetime

    def draft(self, text: str = TEXT, **more: Any) -> Draft:
        pack = in_force(self.at)
        given: dict[str, Any] = {
            "kind": pack.post_kinds[0].id,
            "aim": pack.aims[0].id,
            "channels": [self.facebook.pk, self.x.pk],
            **more,
        }
        return Draft(text=text, **given)

    def save(self, draft: Draft | None = None, **more: Any) -> Post:
        return save_draft(draft or self.draft(), **{"by": self.staff, "at": self.at, **more})


@pytest.fixture
def desk() -> Desk:
    officer = factories.officer(standing=True)
    facebook, x = factories.channel(by=officer), factories.channel(by=officer, network="x")
    return Desk(officer, factories.staff(facebook, x, by=officer), facebook, x, timezone.now())


def acts(post: Post) -> list[Act]:
    return list(Act.objects.filter(subject__in=[v.subject for v in post.variants.all()]).order_by("channel_id"))


def test_submitted_signed_amended_and_void(desk: Desk) -> None:
    post = desk.save()
    first, second = submit(post, by=desk.staff, at=desk.at)
    gate.sign_off(first, digest=first.digest, by=desk.officer, at=desk.at)
    save_draft(desk.draft(TEXT + " No appointment is needed."), by=desk.staff, at=desk.at, post=post, version=1)
    first.refresh_from_db()
    assert first.state == "to_sign_off"
    assert "void" in first.says
    assert SignOff.objects.get(act=first).voided_at is not None
    assert "No appointment" in first.content["text"]
    second.refresh_from_db()
    assert "No appointment" in second.content["text"]
    assert submit(post, by=desk.staff, at=desk.at) == [first, second]  # nothing is there twice
    assert Act.objects.count() == 2


@pytest.mark.parametrize("what", ["kind", "aim"])
def test_another_kind_or_aim_is_a_change_to_sign_anew(desk: Desk, what: str) -> None:
    pack = in_force(desk.at)
    other = {"kind": pack.post_kinds[1].id} if what == "kind" else {"aim": pack.aims[1].id}
    post = desk.save()
    first, _ = submit(post, by=desk.staff, at=desk.at)
    gate.sign_off(first, digest=first.digest, by=desk.officer, at=desk.at)
    changed = desk.draft(**other)
    save_draft(changed, by=desk.staff, at=desk.at, post=post, version=1)
    first.refresh_from_db()
    assert first.state == "to_sign_off"
    assert (first.post_kind, first.context["post_kind"], first.context["aim"]) == (
        changed.kind,
        changed.kind,
        changed.aim,
    )
    assert SignOff.objects.get(act=first).voided_at is not None


def test_nobody_overwrites_anybody(desk: Desk) -> None:
    post = desk.save()
    desk.save(desk.draft("The office is closed on Monday."), by=desk.officer, post=post, version=1)
    with pytest.raises(PublishingError, match=r"Nell Okafor changed this post .* Nothing was overwritten"):
        desk.save(desk.draft("The office is closed on Friday."), post=post, version=1)
    post.refresh_from_db()
    assert (post.text, post.version) == ("The office is closed on Monday.", 2)


def test_all_or_none(desk: Desk) -> None:
    post = desk.save(desk.draft("The estate office is open on Saturday. " * 10))  # too long for X
    with pytest.raises(Stopped, match=r"(?i)characters|long"):
        submit(post, by=desk.staff, at=desk.at)
    assert not Act.objects.exists()
    assert not Line.objects.filter(verb="act.submitted").exists()
    found = findings(post, at=desk.at)
    assert not [one for one in found[desk.facebook.pk] if one.severity == "stop"]
    assert [one for one in found[desk.x.pk] if one.severity == "stop"]


def test_one_channel_that_is_paused_holds_all_back(desk: Desk) -> None:
    post = desk.save()
    channels.pause(desk.x, by=desk.officer, at=desk.at)
    with pytest.raises(gate.GateError, match="not live"):
        submit(post, by=desk.staff, at=desk.at)
    assert not Act.objects.exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "rumour"}, "Choose what kind"),
        ({"aim": "fame"}, "no aim"),
        ({"audiences": ["martians"]}, "no audience"),
        ({"text": "x" * 70_001}, "longer than 70,000"),
        ({"link": "javascript:alert(1)"}, "https://"),
        ({"link": "https://example.org/" + "x" * 700}, "600"),
        ({"text": "nul \x00"}, "character that no network takes"),
        ({"text": "half \ud83d"}, "character that no network takes"),
        ({"pictures": [Picture("0" * 64, "A lift")]}, "no longer on the desk"),
    ],
)
def test_what_cannot_be_saved_is_said(desk: Desk, change: dict[str, Any], says: str) -> None:
    with pytest.raises(PublishingError, match=says):
        desk.save(replace(desk.draft(), **change))
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"channels": []}, "at least one channel"),
        ({"aim": ""}, "which aim"),
        ({"not_before": timedelta(minutes=-1)}, "has passed"),
    ],
)
def test_what_cannot_be_submitted_is_said(desk: Desk, change: dict[str, Any], says: str) -> None:
    if "not_before" in change:
        change = {"not_before": desk.at + change["not_before"]}
    post = desk.save(desk.draft(**change))
    with pytest.raises(PublishingError, match=says):
        submit(post, by=desk.staff, at=desk.at)


def test_only_who_is_approved_writes_and_changes(desk: Desk) -> None:
    stranger = factories.person()
    with pytest.raises(NotAllowed, match="not approved"):
        desk.save(by=stranger)
    post = desk.save()
    with pytest.raises(NotAllowed, match="not approved"):  # not even by choosing no channel at all
        desk.save(desk.draft("Nonsense", channels=[]), by=stranger, post=post)
    post.refresh_from_db()
    assert post.text == TEXT


def test_whoever_wrote_it_does_not_sign_it_whoever_submits_it(desk: Desk) -> None:
    post = desk.save(by=desk.officer)
    (act, _) = submit(post, by=desk.staff, at=desk.at)
    with pytest.raises(NotAllowed, match="You wrote this"):
        gate.sign_off(act, digest=act.digest, by=desk.officer, at=desk.at)
    other = factories.officer("Ines Sample")
    gate.sign_off(act, digest=act.digest, by=other, at=timezone.now())


def test_a_channel_no_longer_chosen_gets_nothing(desk: Desk) -> None:
    post = desk.save()
    submit(post, by=desk.staff, at=desk.at)
    dropped = Act.objects.get(channel=desk.x)
    gate.sign_off(dropped, digest=dropped.digest, by=desk.officer, at=desk.at)
    desk.save(desk.draft(channels=[desk.facebook.pk]), post=post)
    dropped.refresh_from_db()
    assert dropped.state == "withdrawn"
    assert [act.channel_id for act in submit(post, by=desk.staff, at=desk.at)] == [desk.facebook.pk]


def test_what_has_left_is_not_changed(desk: Desk) -> None:
    post = desk.save()
    submit(post, by=desk.staff, at=desk.at)
    act = acts(post)[0]
    gate.sign_off(act, digest=act.digest, by=desk.officer, at=desk.at)
    Act.objects.filter(pk=act.pk).update(state="sending")
    with pytest.raises(PublishingError, match="has left"):
        desk.save(post=post)


def test_alternative_text_is_under_the_signature(desk: Desk) -> None:
    media = add_picture(photograph(), "hall.jpg", by=desk.staff, at=desk.at)
    post = desk.save(desk.draft(pictures=[Picture(media.pk, "The new hall with its blue doors")]))
    before = content_of(post, post.variants.get(channel=desk.facebook)).digest
    desk.save(desk.draft(pictures=[Picture(media.pk, "The new hall with its red doors")]), post=post)
    assert content_of(post, post.variants.get(channel=desk.facebook)).digest != before


def test_a_picture_without_alternative_text_is_stopped(desk: Desk) -> None:
    media = add_picture(photograph(), "hall.jpg", by=desk.staff, at=desk.at)
    post = desk.save(desk.draft(pictures=[Picture(media.pk, " ")]))
    with pytest.raises(Stopped) as stopped:
        submit(post, by=desk.staff, at=desk.at)
    assert {found.check for found in stopped.value.findings} == {"alternative_text"}


def test_withdrawn_and_submitted_again(desk: Desk) -> None:
    post = desk.save()
    submit(post, by=desk.staff, at=desk.at)
    withdraw(post, by=desk.staff, at=desk.at)
    assert {act.state for act in acts(post)} == {"withdrawn"}
    assert {act.state for act in submit(post, by=desk.staff, at=desk.at)} == {"to_sign_off"}


def test_taking_down_waits_for_a_sign_off_and_is_asked_once(desk: Desk) -> None:
    post = desk.save()
    (act, _) = submit(post, by=desk.staff, at=desk.at)
    with pytest.raises(GateError, match="Only what has been sent"):
        take_down(act, reason="Wrong date", by=desk.staff, at=desk.at)
    Act.objects.filter(pk=act.pk).update(state="sent", ref="1_2", sent_at=desk.at)
    act.refresh_from_db()
    with pytest.raises(GateError, match="Say why"):
        take_down(act, reason=" ", by=desk.staff, at=desk.at)
    made = take_down(act, reason="Wrong date", by=desk.staff, at=desk.at)
    assert (made.kind, made.state, made.content["target"]) == ("delete", "to_sign_off", "1_2")
    assert not SignOff.objects.filter(act=made).exists()
    with pytest.raises(GateError, match="already"):
        take_down(act, reason="Wrong date", by=desk.officer, at=desk.at)
    with pytest.raises(NotAllowed):
        gate.sign_off(made, digest=made.digest, by=desk.staff, at=desk.at)
    gate.sign_off(made, digest=made.digest, by=desk.officer, at=desk.at)
