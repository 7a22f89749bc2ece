"""Switching the outside reader on and off. Off unless somebody has said yes to exactly what would be sent."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from gatepost.channels.actions import reads_messages
from gatepost.channels.models import OutsideReader
from gatepost.ledger.actions import record
from gatepost.networks import outside_reader as wire
from gatepost.people.actions import UNPRINTABLE
from gatepost.people.authority import NotAllowed, require_admin, signs_off
from gatepost.people.models import User
from gatepost.vault import lock

SUBJECT = "outside_reader"
CLAUSES = ["desk:personal_data"]  # data protection: who else sees what residents write
LONGEST = {"address": 300, "model": 120, "key": 400}


class OutsideReaderError(Exception):
    """The outside reader cannot be switched so; the message says why and what to do."""


def in_use() -> OutsideReader | None:
    """The reader that is asked now, or None: nothing is sent."""
    return OutsideReader.objects.filter(off_at=None).first()


def may_be_told(person: User, at: datetime) -> bool:
    """Who may know where residents' words go, and how it fares: those who read them, and who looks after the desk."""
    return person.is_active and (person.is_admin or reads_messages(person, at))


def told(*, by: User, at: datetime) -> OutsideReader | None:
    """The reader that is asked now. Raises NotAllowed."""
    if not may_be_told(by, at):
        raise NotAllowed(
            "Which outside reader is asked is shown to people who read what residents write, and to administrators of "
            "this desk.",
            "desk:approvals",
        )
    return in_use()


@transaction.atomic
def switch_on(
    *, base_url: str, model: str, key: str, allow_private: bool, seen: bool, by: User, at: datetime
) -> OutsideReader:
    """From now on each new message is sent there, with its personal details masked. `seen`: the person has looked at
    what is sent. Replaces the one in use."""
    _may(by, at)
    if not seen:
        raise OutsideReaderError("Say that you have seen what is sent. Nothing was switched on.")
    given = {"address": base_url.strip().rstrip("/"), "model": model.strip(), "key": key.strip()}
    for name, value in given.items():
        if len(value) > LONGEST[name] or UNPRINTABLE.search(value):
            raise OutsideReaderError(f"The {name} must be at most {LONGEST[name]} characters, in one line.")
    if not given["model"]:
        raise OutsideReaderError("Name the model that is to be asked, as its server calls it.")
    try:
        wire.address(given["address"], key=given["key"], allow_private=allow_private)
    except wire.BadAccount as error:
        raise OutsideReaderError(str(error)) from error
    _end(by=by, at=at)
    reader = OutsideReader.objects.create(
        base_url=given["address"],
        model=given["model"],
        allow_private=allow_private,
        secret=lock({"key": given["key"]}, settings.DATA),
        on_by=by,
        on_at=at,
    )
    detail = {"address": reader.base_url, "model": reader.model, "private": allow_private}
    record("outside_reader.on", SUBJECT, by=by, at=at, clauses=CLAUSES, detail=detail)
    return reader


@transaction.atomic
def switch_off(*, by: User, at: datetime) -> None:
    """Nothing is sent any more, nor what was waiting; its key is forgotten. What it said stays."""
    _may(by, at)
    if not _end(by=by, at=at):
        raise OutsideReaderError("There is no outside reader in use.")


def _end(*, by: User, at: datetime) -> bool:
    reader = OutsideReader.objects.select_for_update().filter(off_at=None).first()
    if reader is None:
        return False
    reader.off_by, reader.off_at, reader.secret = by, at, lock({}, settings.DATA)
    reader.save(update_fields=["off_by", "off_at", "secret"])
    detail = {"address": reader.base_url, "model": reader.model}
    record("outside_reader.off", SUBJECT, by=by, at=at, clauses=CLAUSES, detail=detail)
    return True


def _may(by: User, at: datetime) -> None:
    if not signs_off(by, at):
        require_admin(by)
