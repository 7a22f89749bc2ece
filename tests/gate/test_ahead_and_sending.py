"""Files that are on their way when their post leaves: what a look asks about, and what waits for what."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from gatepost.gate import actions, looking, sending, uploading
from gatepost.gate.content import Part
from gatepost.gate.models import Act, Attempt, Unseen
from gatepost.networks.protocol import (
    Unknown,
    Uploaded,
)

from .scene import AT, Desk
from .uploads import SOON, Store, film, leave, named, picture, signed, up


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


def answer_due(desk: Desk, at: datetime) -> Act:
    act = actions.submit(
        desk.content("We are open.", kind="reply", in_reply_to="7", not_before=at),
        subject="message:1",
        by=desk.staff,
        at=AT,
    )
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    return act


def test_posts_that_wait_for_their_films_hold_up_nothing_else(desk: Desk, store: Store) -> None:
    """Many more of them than one claim looks at, all due before what can leave: first met, and again and again."""
    one, many, limit = film(desk), 30, 4
    for number in range(many):
        signed(desk, one, text=f"Film {number}.")
    now = SOON + timedelta(seconds=1)
    first = answer_due(desk, now)
    assert [found.act for found in sending.claim(worker="w", at=now, limit=limit)] == [first]
    waits = Act.objects.filter(state="signed_off", files_by=SOON + timedelta(minutes=25))
    assert waits.filter(try_at=now + timedelta(seconds=5)).count() == many
    later = now + timedelta(seconds=6)  # they are all asked again, and are all older than this one
    second = answer_due(desk, later)
    assert [found.act for found in sending.claim(worker="w", at=later, limit=limit)] == [second]
    assert sending.claim(worker="w", at=later, limit=limit) == []
    assert waits.count() == many


def test_a_post_that_waited_leaves_as_soon_as_its_film_is_there(desk: Desk, store: Store) -> None:
    act = signed(desk, film(desk))
    assert leave() == 0
    assert up(SOON) == 1
    act.refresh_from_db()
    assert (act.files_by, act.try_at) == (None, None)
    assert leave() == 1
    assert named(store) == ["m1"]


def test_a_film_that_nobody_said_is_there_is_found_to_be(desk: Desk, store: Store) -> None:
    act = signed(desk, film(desk))
    assert leave() == 0
    assert up(SOON) == 1
    wait_until = SOON + timedelta(minutes=25)
    Act.objects.filter(pk=act.pk).update(files_by=wait_until, try_at=SOON)
    assert leave() == 1


def test_a_post_that_waited_in_vain_is_one_like_others_in_the_end(desk: Desk, store: Store) -> None:
    signed(desk, film(desk))
    assert leave() == 0
    assert leave(SOON + timedelta(minutes=25)) == 1
    assert named(store) == [""]


def test_a_film_behind_many_that_the_network_works_on_goes_up(
    desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "LOOKED_AT", 2)
    one = film(desk)
    for number in range(5):
        signed(desk, one, text=f"Film {number}.")
        store.ups = [Uploaded(f"m{number}", after=3600)]
        assert up() == 1
    last = signed(desk, one, text="The last film.", due=SOON + timedelta(minutes=1))
    assert up() == 1
    assert Unseen.objects.get(act=last).ready_at == AT
    assert up() == 0
