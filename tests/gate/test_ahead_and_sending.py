"""Files that are on their way when their post leaves: what a look asks about, and what waits for what."""

from __future__ import annotations

from datetime import timedelta

from gatepost.gate import actions, looking, sending, uploading
from gatepost.gate.content import Part
from gatepost.gate.models import Act, Attempt, Unseen
from gatepost.networks.protocol import (
    Unknown,
    Uploaded,
)
from gatepost.worker.dispatcher import LEAST

from .scene import AT, Desk
from .uploads import SOON, Store, film, leave, picture, signed, up


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
