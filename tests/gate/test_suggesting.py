"""Other words for what waits: suggested by who could sign, taken or left by the author."""

from __future__ import annotations

import pytest

from gatepost.gate import actions, suggesting
from gatepost.gate.content import Content
from gatepost.gate.ground import GateError
from gatepost.lifecycle import Conflict
from gatepost.people.authority import NotAllowed

from .scene import AT, Desk, submitted

WORDS = "The office opens on Saturday."


def test_the_author_takes_it_and_it_is_signed_afresh(desk: Desk) -> None:
    act = submitted(desk)
    old = act.digest
    made = suggesting.suggest(act, WORDS, digest=old, note="Shorter", by=desk.officer, at=AT)
    act.refresh_from_db()
    assert act.digest == old
    act = suggesting.take(made, by=desk.staff, at=AT)
    made.refresh_from_db()
    assert (act.content["text"], act.state, made.outcome) == (WORDS, "to_sign_off", "taken")
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)  # two people have agreed to these words
    with pytest.raises(Conflict):
        suggesting.take(made, by=desk.staff, at=AT)


def test_or_leaves_it(desk: Desk) -> None:
    act = submitted(desk)
    made = suggesting.suggest(act, WORDS, digest=act.digest, by=desk.officer, at=AT)
    with pytest.raises(NotAllowed, match="Its author"):
        suggesting.take(made, by=desk.officer, at=AT)
    suggesting.leave(made, by=desk.staff, at=AT)
    with pytest.raises(Conflict, match="already"):
        suggesting.leave(made, by=desk.staff, at=AT)


def test_a_second_one_takes_the_place_of_the_first(desk: Desk) -> None:
    act = submitted(desk)
    first = suggesting.suggest(act, WORDS, digest=act.digest, by=desk.officer, at=AT)
    suggesting.suggest(act, WORDS + " Come.", digest=act.digest, by=desk.officer, at=AT)
    first.refresh_from_db()
    assert first.outcome == "replaced"


def test_what_has_changed_meanwhile_is_not_overwritten(desk: Desk) -> None:
    act = submitted(desk)
    made = suggesting.suggest(act, WORDS, digest=act.digest, by=desk.officer, at=AT)
    actions.amend(act, desk.content("Quite another text."), by=desk.staff, at=AT)
    with pytest.raises(Conflict, match="has changed since this was suggested"):
        suggesting.take(made, by=desk.staff, at=AT)
    with pytest.raises(Conflict, match="changed since you opened it"):
        suggesting.suggest(act, WORDS, digest=made.digest, by=desk.officer, at=AT)


def test_what_cannot_be_suggested(desk: Desk) -> None:
    act = submitted(desk)
    with pytest.raises(NotAllowed):
        suggesting.suggest(act, WORDS, digest=act.digest, by=desk.staff, at=AT)
    for words in ("", act.content["text"]):
        with pytest.raises(GateError, match="Change the words"):
            suggesting.suggest(act, words, digest=act.digest, by=desk.officer, at=AT)
    with pytest.raises(GateError, match="NUL"):
        suggesting.suggest(act, "a\x00b", digest=act.digest, by=desk.officer, at=AT)
    hide = Content(kind="hide", channel=desk.channel.pk, target="7")
    gone = actions.submit(hide, subject="message:1", by=desk.staff, at=AT, clauses=["usage.6"], reason="A number")
    with pytest.raises(GateError, match="no text of ours"):
        suggesting.suggest(gone, WORDS, digest=gone.digest, by=desk.officer, at=AT)
