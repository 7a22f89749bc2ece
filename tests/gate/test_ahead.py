"""Pictures and films of signed posts go up before their moment, and count for exactly what was signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from gatepost.gate import actions, ahead, holds, uploading
from gatepost.gate.content import MediaRef, Part
from gatepost.gate.media import MediaError
from gatepost.gate.models import Act, Attempt, Published, SignOff, Unseen
from gatepost.ledger.models import Line
from gatepost.networks.client import BadAccount
from gatepost.networks.protocol import (
    MediaFile,
    Receipt,
    Refused,
    TryLater,
    Unknown,
    UploadAnswer,
    Uploaded,
)

from .scene import AT, Desk, Wire
from .uploads import LATER, SOON, Store, film, leave, named, picture, signed, up


def test_files_go_up_before_their_moment_and_the_post_names_them(desk: Desk, store: Store) -> None:
    act = signed(desk, picture(), picture(b"another"))
    assert [up(), up(), up()] == [1, 1, 0]
    assert store.came == [(str(act.pk), 0, ""), (str(act.pk), 1, "")]
    assert store.verbs == []  # nothing was posted
    act.refresh_from_db()
    assert act.says == "Its pictures and films are at Facebook already. Nobody sees them yet."
    assert Line.objects.filter(verb="act.uploaded_ahead").count() == 2
    assert leave() == 1
    assert named(store) == ["m1", "m2"]
    assert uploading.throw_away(at=SOON) == 2
    assert store.lost == []  # the post shows them
    assert not Unseen.objects.exists()


def test_nothing_goes_up_long_before_it_is_due_or_where_it_is_switched_off(
    desk: Desk, store: Store, settings: object
) -> None:
    signed(desk, due=LATER)
    assert up() == 0
    assert up(LATER - timedelta(minutes=61)) == 0
    settings.UPLOAD_AHEAD_MINUTES = 0  # type: ignore[attr-defined]  # pytest-django's fixture
    assert up(LATER - timedelta(minutes=30)) == 0
    settings.UPLOAD_AHEAD_MINUTES = 100_000  # type: ignore[attr-defined]  # as above
    assert ahead.lead("x") == timedelta(hours=12)  # never longer than half of what the network keeps
    assert ahead.lead("mailbox") == timedelta()


def _declined(desk: Desk) -> Act:
    act = actions.submit(
        desk.content(media=(picture(),)), subject="variant:1", by=desk.staff, at=AT, answers={"rights": "ours"}
    )
    actions.decline(act, reason="Not now", by=desk.officer, at=AT)
    return act


def _held(desk: Desk) -> Act:
    act = signed(desk)
    holds.hold(reason="Wait", by=desk.officer, at=AT)
    return act


def _touched(desk: Desk) -> Act:
    act = signed(desk)
    with transaction.atomic():
        SignOff.objects.filter(act=act).update(voided_at=AT, voided_because="test")
    return act


@pytest.mark.parametrize("made", [_declined, _held, _touched])
def test_what_may_not_leave_does_not_go_up(desk: Desk, store: Store, made: Callable[[Desk], Act]) -> None:
    made(desk)
    assert up() == 0
    assert store.came == []


def test_the_database_refuses_a_file_of_what_is_not_signed(desk: Desk, store: Store) -> None:
    act = signed(desk)
    one = SignOff.objects.get(act=act)
    values = {"act": act, "sign_off": one, "part": 0, "place": 0, "sha256": "0" * 64, "worker": "w", "at": AT}
    with pytest.raises(IntegrityError), transaction.atomic():
        Unseen.objects.create(digest="f" * 64, **values)
    SignOff.objects.filter(act=act).update(voided_at=AT, voided_because="test")
    with pytest.raises(IntegrityError), transaction.atomic():
        Unseen.objects.create(digest=act.digest, **values)
    item = picture()
    assert uploading._begun(act, 0, 0, item, one, worker="w", at=AT) is None


def test_a_changed_post_names_nothing_of_what_went_up_for_the_old_one(desk: Desk, store: Store) -> None:
    act = signed(desk)
    up()
    fresh = desk.content("The hall is open.", media=(picture(),), not_before=SOON)
    act = actions.amend(act, fresh, by=desk.staff, at=AT)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    assert leave() == 1
    assert named(store) == [""]


def test_what_is_signed_no_more_is_thrown_away_there_and_here(desk: Desk, store: Store) -> None:
    act = signed(desk)
    up()
    assert uploading.throw_away(at=AT) == 0
    actions.withdraw(act, by=desk.staff, at=AT)
    assert uploading.throw_away(at=AT) == 1
    assert store.lost == ["m1"]
    assert Line.objects.filter(verb="act.upload_thrown_away").count() == 1


def test_signed_again_after_the_sign_off_was_void_it_goes_up_anew(desk: Desk, store: Store) -> None:
    act = signed(desk)
    up()
    SignOff.objects.filter(act=act).update(voided_at=AT, voided_because="test")
    Act.objects.filter(pk=act.pk).update(state="to_sign_off")
    act.refresh_from_db()
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    assert up() == 0  # the old one stands in the way until it is thrown away
    assert uploading.throw_away(at=AT) == 1
    assert up() == 1
    leave()
    assert named(store) == ["m2"]


def test_what_an_attempt_may_have_named_is_left_alone_at_the_network(desk: Desk, store: Store) -> None:
    act = signed(desk)
    up()
    store.answers = [Refused("No.")]
    leave()
    act.refresh_from_db()
    assert act.state == "refused"
    assert uploading.throw_away(at=SOON) == 1
    assert store.lost == []


def test_while_the_network_works_on_a_film_its_post_waits(desk: Desk, store: Store) -> None:
    act = signed(desk, film(desk))
    assert leave() == 0  # a film goes up first
    store.ups = [Uploaded("f1", keeps=7200, after=30), Uploaded("f1", keeps=7200)]
    assert [up(SOON), up(SOON)] == [1, 0]
    assert leave(SOON + timedelta(seconds=6)) == 0
    assert up(SOON + timedelta(seconds=30)) == 1
    assert store.came[-1] == (str(act.pk), 0, "f1")
    row = Unseen.objects.get()
    assert row.expires_at == SOON + timedelta(seconds=30 + 7200) - uploading.SPARE
    assert leave(SOON + timedelta(seconds=31)) == 1
    assert named(store) == ["f1"]


def test_no_post_waits_until_it_is_too_late(desk: Desk, store: Store) -> None:
    signed(desk, film(desk))
    assert leave(SOON + timedelta(minutes=24)) == 0
    assert leave(SOON + timedelta(minutes=26)) == 1
    assert named(store) == [""]


def test_a_file_the_network_will_not_have_is_told_and_tried_with_the_post(desk: Desk, store: Store) -> None:
    act = signed(desk, film(desk))
    store.ups = [Refused("X could not use the film.")]
    assert [up(), up()] == [1, 0]
    act.refresh_from_db()
    assert act.says.startswith("A picture or film of it could not be brought up: X could not use the film.")
    assert leave() == 1


@pytest.mark.parametrize("answer", [TryLater(1.0, "Busy."), Unknown("Lost."), ValueError("odd")])
def test_what_did_not_go_up_is_tried_again(desk: Desk, store: Store, answer: UploadAnswer | Exception) -> None:
    signed(desk)
    store.ups = [answer]
    assert up() == 1
    assert up(AT + timedelta(seconds=1)) == 0
    assert up(AT + timedelta(minutes=2)) == 1
    leave()
    assert named(store) == ["m2"]


def test_a_worker_that_died_leaves_the_file_to_others(
    desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed(desk)
    [job] = uploading.take(worker="dead", at=AT, limit=1)
    assert uploading.take(worker="w", at=AT, limit=1) == []
    assert leave() == 0  # it is on its way
    monkeypatch.setattr(uploading, "silent", lambda workers, at: list(workers))
    assert up(SOON) == 1
    uploading.keep(job, Uploaded("late"), at=AT)  # the dead one's answer counts no more
    uploading.keep(job, Refused("late"), at=AT)
    leave(SOON + timedelta(seconds=5))
    assert named(store) == ["m1"]


def test_further_parts_have_their_own_files(desk: Desk, store: Store) -> None:
    act = signed(desk, parts=(Part("More of it."), Part("The end.", (picture(b"last"),))))
    assert [up(), up()] == [1, 1]
    assert store.came == [(str(act.pk), 0, ""), (f"{act.pk}-2", 0, "")]
    assert leave() == 1
    assert uploading.throw_away(at=SOON) == 1  # that of the first part
    assert store.lost == []
    leave()
    leave()
    assert [[file.ref for file in call.media] for call in store.sent] == [["m1"], [], ["m2"]]


def test_one_channel_at_a_time(desk: Desk, store: Store) -> None:
    signed(desk)
    act = actions.submit(
        desk.content("Two.", media=(picture(b"two"),), not_before=SOON),
        subject="variant:2",
        by=desk.staff,
        at=AT,
        answers={"rights": "ours"},
    )
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    assert len(uploading.take(worker="w", at=AT, limit=9)) == 1
    assert uploading.take(worker="w", at=AT, limit=0) == []
    assert uploading.take(worker="w", at=AT, limit=1, passing=[desk.channel.pk]) == []


def test_what_goes_wrong_on_our_side(desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    signed(desk)
    [job] = uploading.take(worker="w", at=AT, limit=1)
    monkeypatch.setattr(uploading, "connect", lambda account: Wire())
    assert uploading.bring_up(job) == Refused("This network takes no files before their post.")

    def broken(account: object) -> Store:
        raise BadAccount("No token.")

    monkeypatch.setattr(uploading, "connect", broken)
    assert uploading.bring_up(job) == Refused("No token.", "ours")

    def missing(item: MediaRef) -> MediaFile:
        raise MediaError("Missing.")

    monkeypatch.setattr(uploading, "connect", lambda account: store)
    monkeypatch.setattr(uploading, "file_of", missing)
    assert uploading.bring_up(job) == Refused("Missing.", "ours")


def test_throwing_away_stops_at_nothing(desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, connect in enumerate((lambda account: Wire(), lambda account: 1 / 0)):
        act = signed(desk, due=SOON + timedelta(seconds=number))
        up()
        monkeypatch.setattr(uploading, "connect", connect)
        actions.withdraw(act, by=desk.staff, at=AT)
        assert uploading.throw_away(at=AT) == 1
        monkeypatch.setattr(uploading, "connect", lambda account: store)


def test_a_few_are_thrown_away_at_a_time(desk: Desk, store: Store) -> None:
    act = signed(desk, picture(), picture(b"two"), picture(b"three"))
    assert [up(), up(), up()] == [1, 1, 1]
    actions.withdraw(act, by=desk.staff, at=AT)
    assert uploading.throw_away(at=AT) == 2
    assert len(store.lost) == 2
    assert [uploading.throw_away(at=AT), uploading.throw_away(at=AT)] == [1, 0]
    assert sorted(store.lost) == ["m1", "m2", "m3"]


def test_what_ends_at_the_network_before_the_post_goes_up_anew(desk: Desk, store: Store) -> None:
    act = signed(desk)
    store.ups = [Uploaded("short", keeps=900)]
    up()
    assert uploading.throw_away(at=AT + timedelta(minutes=6)) == 1
    assert store.lost == ["short"]
    assert up(AT + timedelta(minutes=6)) == 1
    assert not Attempt.objects.filter(act=act).exists()


def test_a_file_that_is_not_the_signed_one_is_not_named(desk: Desk, store: Store) -> None:
    act = signed(desk)
    up()
    Unseen.objects.update(sha256="0" * 64)
    act.refresh_from_db()
    [file] = ahead.with_refs(act, (picture(),), at=SOON)
    assert file.ref == ""


def test_what_is_still_to_be_done_there_stands_with_the_post(desk: Desk, store: Store) -> None:
    note = "The film is out, but Facebook did not take its subtitles (en). Add them there by hand."
    store.answers = [Receipt("r1", note=note), Receipt("r2")]
    act = signed(desk, parts=(Part("More of it."),), due=AT)
    leave(AT)
    act.refresh_from_db()
    assert act.says == note
    leave(AT)
    act.refresh_from_db()
    assert (act.state, Published.objects.get().says) == ("sent", note)


def test_one_that_cannot_be_read_stops_no_other(desk: Desk, store: Store) -> None:
    act = signed(desk)
    odd = Act(kind="publish", content={"kind": "publish", "channel": 1, "sound": "x"})
    assert list(uploading._with_work([odd, act], at=AT)) == [act]


def test_two_workers_at_once(desk: Desk, store: Store) -> None:
    act = signed(desk)
    assert uploading._take(act.pk, worker="a", at=AT) is not None
    assert uploading._take(act.pk, worker="b", at=AT) is None
    Act.objects.filter(pk=act.pk).update(state="declined")
    assert uploading._take(act.pk, worker="b", at=AT) is None
