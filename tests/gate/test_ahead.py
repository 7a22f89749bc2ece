"""Pictures and films of signed posts go up before their moment, and count for exactly what was signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from gatepost.channels.models import Channel
from gatepost.gate import actions, ahead, holds, looking, sending, settling, uploading
from gatepost.gate.content import CaptionsRef, MediaRef, Part
from gatepost.gate.media import MediaError, put
from gatepost.gate.models import Act, Attempt, Published, SignOff, Unseen
from gatepost.ledger.models import Line
from gatepost.networks.client import BadAccount
from gatepost.networks.protocol import (
    Answer,
    Found,
    MediaFile,
    Outgoing,
    Receipt,
    Refused,
    TryLater,
    Unknown,
    UploadAnswer,
    Uploaded,
)
from gatepost.worker.dispatcher import LEAST

from .scene import AT, Desk, Wire

SOON = AT + timedelta(minutes=20)
LATER = AT + timedelta(hours=5)


@dataclass
class Store(Wire):
    """A network that takes files before their posts."""

    ups: list[UploadAnswer | Exception] = field(default_factory=list)
    came: list[tuple[str, int, str]] = field(default_factory=list)  # key, place, the ref it went on with
    lost: list[str] = field(default_factory=list)
    looked: list[list[str]] = field(default_factory=list)  # the refs that each look asked about

    def find(self, act: Outgoing) -> Found:
        self.looked.append([file.ref for file in act.media])
        return Unknown("It cannot be told.")

    def upload_unseen(self, file: MediaFile, *, key: str, place: int) -> UploadAnswer:
        self.came.append((key, place, file.ref))
        answer = self.ups.pop(0) if self.ups else Uploaded(f"m{len(self.came)}")
        if isinstance(answer, Exception):
            raise answer
        return answer

    def forget_unseen(self, file: MediaFile) -> Answer:
        self.lost.append(file.ref)
        return Receipt(file.ref)


@pytest.fixture
def store(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Store:
    made = Store()
    for module in (sending, uploading, looking):
        monkeypatch.setattr(module, "connect", lambda account: made)
    desk.wire = made
    return made


def picture(data: bytes = b"a picture") -> MediaRef:
    return MediaRef(put(data), "image/png", "The hall", "hall.png", 1200, 800, len(data))


def film(desk: Desk) -> MediaRef:
    """A film with its captions, and a channel that takes films."""
    Channel.objects.filter(pk=desk.channel.pk).update(network="x")
    words = CaptionsRef(put(b"WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nThe hall\n"))
    return MediaRef(put(b"a film"), "video/mp4", "The hall", "hall.mp4", 1200, 800, 6, captions=(words,))


def signed(desk: Desk, *media: MediaRef, due: datetime = SOON, **more: object) -> Act:
    content = desk.content(media=media or (picture(),), not_before=due, **more)
    act = actions.submit(content, subject="variant:1", by=desk.staff, at=AT, answers={"rights": "ours"})
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    act.refresh_from_db()
    return act


def up(at: datetime = AT, limit: int = 9) -> int:
    """One round of a worker."""
    jobs = uploading.take(worker="w", at=at, limit=limit)
    for job in jobs:
        uploading.keep(job, uploading.bring_up(job), at=at)
    return len(jobs)


def leave(at: datetime = SOON) -> int:
    claims = sending.claim(worker="w", at=at, lease=timedelta(days=3650))
    settling.settle([(one, sending.send(one)) for one in claims], at=at)
    return len(claims)


def named(store: Store) -> list[str]:
    return [file.ref for file in store.sent[-1].media]


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


def test_posts_that_wait_for_their_films_hold_up_nothing_else(desk: Desk, store: Store) -> None:
    one = film(desk)
    for number in range(LEAST):
        signed(desk, one, text=f"Film {number}.")
    act = actions.submit(
        desk.content("We are open.", kind="reply", in_reply_to="7", not_before=SOON + timedelta(seconds=1)),
        subject="message:1",
        by=desk.staff,
        at=AT,
    )
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    now = SOON + timedelta(seconds=1)
    assert sending.claim(worker="w", at=now, limit=LEAST) == []
    assert [found.act for found in sending.claim(worker="w", at=now, limit=LEAST)] == [act]
    assert Act.objects.filter(state="signed_off", try_at=now + timedelta(seconds=5)).count() == LEAST


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
    assert uploading._with_work([odd, act], at=AT) == [act]


def test_two_workers_at_once(desk: Desk, store: Store) -> None:
    act = signed(desk)
    assert uploading._take(act.pk, worker="a", at=AT) is not None
    assert uploading._take(act.pk, worker="b", at=AT) is None
    Act.objects.filter(pk=act.pk).update(state="declined")
    assert uploading._take(act.pk, worker="b", at=AT) is None


def look(act: Act) -> None:
    act.refresh_from_db()
    assert act.state == "unconfirmed"
    assert act.look_at is not None
    looking.look(at=act.look_at)


def test_a_look_asks_about_the_film_that_the_attempt_named(desk: Desk, store: Store) -> None:
    act = signed(desk, film(desk))
    up()
    store.answers = [Unknown("Lost.")]
    leave()
    look(act)
    assert store.looked == [["m1"]]
    Unseen.objects.update(ready_at=Attempt.objects.get().begun_at + timedelta(seconds=1))  # type: ignore[operator]  # it has begun
    Act.objects.update(look_at=SOON)
    look(act)
    assert store.looked[1:] == [[""]]


def test_a_film_that_comes_after_its_post_has_left_is_not_what_a_look_asks_about(desk: Desk, store: Store) -> None:
    act = signed(desk, film(desk))
    [job] = uploading.take(worker="w", at=AT, limit=1)
    store.answers = [Unknown("Lost.")]
    assert leave(SOON + timedelta(minutes=26)) == 1
    uploading.keep(job, Uploaded("late"), at=AT)
    row = Unseen.objects.get()
    assert (row.ref, row.ready_at, row.lease_until) == ("", None, None)
    look(act)
    assert store.looked == [[""]]


def test_a_film_of_a_later_part_is_kept_while_the_first_part_leaves(desk: Desk, store: Store) -> None:
    signed(desk, parts=(Part("The end.", (picture(b"last"),)),))
    up()
    [job] = uploading.take(worker="w", at=AT, limit=1)
    store.answers = [Unknown("Lost.")]
    leave()
    uploading.keep(job, Uploaded("m2"), at=SOON)
    assert Unseen.objects.get(part=1).ref == "m2"
