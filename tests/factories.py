"""People, channels and messages for tests: invented, and made by the desk's own actions."""

from __future__ import annotations

import functools
import itertools
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from gatepost.channels import actions as channels
from gatepost.channels.models import Channel
from gatepost.gate.standing import sign_all
from gatepost.inbox.intake import take_in
from gatepost.inbox.models import Message
from gatepost.ledger.actions import System
from gatepost.networks.protocol import Incoming
from gatepost.people.actions import add_person, give_role
from gatepost.people.models import Role, User
from gatepost.policy.pack import Pack, load
from gatepost.rulebook.actions import NoPolicy, adopt, in_force
from gatepost.shipped import pack_folder

SETUP = System("setup")
LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)  # before every moment a test names
_numbers = itertools.count(1)


@functools.cache
def shipped() -> Pack:
    """The shipped pack, read once for all tests: reading it takes a good part of a second."""
    return load(pack_folder())


def pack(at: datetime | None = None) -> Pack:
    """The shipped policy, in force."""
    at = at or timezone.now()
    try:
        return in_force(at)
    except NoPolicy:
        adopt(shipped(), by=SETUP, at=min(at, LONG_AGO))
        return in_force(at)


def allow_private_replies(folder: Path) -> None:
    """Another policy comes in force, whose clause usage.5 lets us answer a comment privately."""
    copy = folder / "pack"
    shutil.copytree(pack_folder(), copy)
    path = copy / "checks.toml"
    path.write_text(path.read_text("utf-8").replace("emoji = 3", 'private_reply = "usage.5"\nemoji = 3', 1), "utf-8")
    adopt(load(copy), by=SETUP, at=timezone.now() - timedelta(days=60))


def person(name: str = "", *, password: str = "", is_admin: bool = False) -> User:
    """Somebody on the desk with no role."""
    number = next(_numbers)
    pack()
    made = add_person(
        name=name or f"Robin Sample {number}",
        email=f"person{number}@example.org",
        by=SETUP,
        at=timezone.now(),
        is_admin=is_admin,
    )
    if password:
        made.set_password(password)
        made.save()
    return made


def officer(name: str = "", *, is_admin: bool = True, standing: bool = False) -> User:
    """The communications officer: signs off, approves staff, writes everywhere. `standing` signs all wordings."""
    made = person(name or "Nell Okafor", is_admin=is_admin)
    give_role(made, Role.objects.get(pk="communications_officer"), by=SETUP, at=timezone.now())
    if standing:
        sign_all(by=made, at=timezone.now())
    return made


def staff(*approved_for: Channel, by: User | None = None, name: str = "") -> User:
    """Somebody who may write for the channels given and sign off nothing."""
    made = person(name or "Sam Whitlock")
    for channel_ in approved_for:
        channels.approve_staff(made, channel_, by=by or officer(), at=timezone.now())
    return made


def channel(
    *,
    by: User | None = None,
    network: str = "facebook",
    name: str = "",
    live: bool = True,
    practice: bool = True,
    base_url: str = "http://127.0.0.1:9/facebook",
) -> Channel:
    """A connected account whose server answers nobody; signed off unless `live` is off."""
    by = by or officer()
    number = next(_numbers)
    made = channels.connect(
        network=network,
        name=name or f"{network.title()} {number}",
        external_id=str(100000000000000 + number),
        credentials={"token": "practice-token", "username": "desk", "application_password": "practice"},
        by=by,
        at=timezone.now(),
        handle=f"@sample{number}",
        base_url=base_url,
        practice=practice,
    )
    if live:
        channels.sign_off(made, by=by, at=timezone.now())
        made.refresh_from_db()
    return made


def message(text: str, *, channel: Channel, at: datetime | None = None, **fields: Any) -> Message:
    """One message as the network would have given it, through intake and the policy. `fields` are Incoming's."""
    number = next(_numbers)
    at = at or timezone.now()
    given: dict[str, Any] = {
        "ref": f"m{number}",
        "kind": "comment",
        "author_ref": f"resident{number}",
        "author_name": f"Casey Sample {number}",
        "posted_at": at,
    }
    incoming = Incoming(text=text, **{**given, **fields})
    take_in(channel, [incoming], cursor=f"c{number}", at=at)
    return Message.objects.get(channel=channel, ref=incoming.ref)
