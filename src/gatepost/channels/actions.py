"""Connecting, signing off and pausing channels; approving staff for them; their health."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from gatepost.channels.models import Approval, Channel, OutsideReader
from gatepost.ledger.actions import Actor, record
from gatepost.lifecycle import advance
from gatepost.networks.client import BadAccount
from gatepost.networks.mail_sign_in import grant_of
from gatepost.networks.registry import networks
from gatepost.people.actions import UNPRINTABLE
from gatepost.people.authority import (
    NotAllowed,
    approves_staff,
    require_admin,
    require_approver,
    require_sign_off,
    signs_off,
)
from gatepost.people.models import Holding, User
from gatepost.vault import add_key, forget_old_keys, lock, unlock

APPROVAL_LASTS = timedelta(days=365)
LONGEST = {"name": 160, "handle": 160, "external_id": 200, "base_url": 300}


class ChannelError(Exception):
    """Something about a channel cannot be done; the message says why and what to do."""


def connect(
    *,
    network: str,
    name: str,
    external_id: str,
    credentials: Mapping[str, str],
    by: User,
    at: datetime,
    handle: str = "",
    base_url: str = "",
    practice: bool = False,
    allow_private: bool = False,
) -> Channel:
    """Keeps an account's address and locked credentials. It is not live until it is signed off."""
    if not approves_staff(by, at):
        require_admin(by)
    if network not in networks():
        raise ChannelError(f"There is no network “{network}”. There are: {', '.join(networks())}.")
    name = " ".join(name.split())
    if not name or not external_id.strip():
        raise ChannelError("A channel needs a name and the account's id on the network.")
    given = {"name": name, "handle": handle, "external_id": external_id, "base_url": base_url}
    for field, most in LONGEST.items():
        if len(given[field].strip()) > most or UNPRINTABLE.search(given[field]):
            what = field.replace("_", " ")
            raise ChannelError(f"The {what} must be at most {most} characters, none of them a control character.")
    ends = _ends(credentials, external_id)
    try:
        with transaction.atomic():
            channel = Channel.objects.create(
                network=network,
                name=_apart(name, handle.strip()),
                handle=handle.strip(),
                external_id=external_id.strip(),
                base_url=base_url.strip(),
                practice=practice,
                allow_private=allow_private or practice,
                credentials=lock(credentials, settings.DATA),
                credentials_end=ends,
                created_at=at,
            )
            record(
                "channel.connected",
                f"channel:{channel.pk}",
                by=by,
                at=at,
                clauses=["desk:connectors"],
                detail={"network": network, "practice": practice},
            )
    except IntegrityError as error:
        raise ChannelError("This account is connected already. Look under Channels.") from error
    return channel


def _ends(credentials: Mapping[str, str], external_id: str) -> date | None:
    """The day on which they run out, where it was said. Raises ChannelError for what no token can be asked for with."""
    try:
        grant = grant_of(credentials, user=external_id)
    except BadAccount as error:
        raise ChannelError(str(error)) from None
    return grant.ends if grant else None


def _apart(name: str, handle: str) -> str:
    """The name, with the handle or a number behind it when another channel, closed ones too, is called so: people
    choose where they write by this name alone."""
    taken = {known.casefold() for known in Channel.objects.values_list("name", flat=True)}
    if name.casefold() not in taken:
        return name
    more = itertools.chain([f" ({handle})"] if handle else [], (f" {number}" for number in itertools.count(2)))
    names = (name[: LONGEST["name"] - len(end)] + end for end in more)
    return next(one for one in names if one.casefold() not in taken)


@transaction.atomic
def sign_off(channel: Channel, *, by: User, at: datetime) -> None:
    """Communications agree to this instance of use: from now on it is read and may be written for."""
    require_sign_off(by, at)
    advance(channel, "signed_off", by=by, at=at, clauses=["desk:channel_sign_off"], signed_off_by=by, signed_off_at=at)


@transaction.atomic
def pause(channel: Channel, *, by: User, at: datetime) -> None:
    require_sign_off(by, at)
    advance(channel, "paused", by=by, at=at, clauses=["desk:channel_sign_off"])


@transaction.atomic
def resume(channel: Channel, *, by: User, at: datetime) -> None:
    require_sign_off(by, at)
    advance(channel, "resumed", by=by, at=at, clauses=["desk:channel_sign_off"])


@transaction.atomic
def close(channel: Channel, *, by: User, at: datetime) -> None:
    """Ends the use of an account; its credentials are forgotten, its history stays."""
    require_sign_off(by, at)
    advance(
        channel,
        "closed",
        by=by,
        at=at,
        clauses=["desk:channel_sign_off"],
        credentials=lock({}, settings.DATA),
        credentials_end=None,
    )


@transaction.atomic
def approve_staff(person: User, channel: Channel, *, by: User, at: datetime, until: datetime | None = None) -> Approval:
    """The communications officer lets a person write for a channel; by default for a year."""
    require_approver(by, at)
    until = until or at + APPROVAL_LASTS
    if until <= at:
        raise ChannelError("The end of an approval must lie in the future.")
    if not person.is_active:
        raise ChannelError(f"{person.name} has left the desk.")
    Approval.objects.in_force(at).filter(person=person, channel=channel).update(ended_at=at)
    approval = Approval.objects.create(person=person, channel=channel, approved_by=by, starts=at, until=until)
    detail = {"person": person.pk, "until": until.isoformat()}
    record("approval.given", f"channel:{channel.pk}", by=by, at=at, clauses=["desk:approvals"], detail=detail)
    return approval


@transaction.atomic
def end_approval(approval: Approval, *, by: User, at: datetime) -> None:
    require_approver(by, at)
    if not Approval.objects.filter(pk=approval.pk, ended_at=None).update(ended_at=at):
        return
    detail = {"person": approval.person_id}
    record(
        "approval.ended",
        f"channel:{approval.channel_id}",
        by=by,
        at=at,
        clauses=["desk:approvals"],
        detail=detail,
    )


def may_write(person: User, channel: Channel, at: datetime) -> bool:
    """Is the person's approval for this channel in force? The officer who approves others needs none."""
    if not person.is_active:
        return False
    approved = Approval.objects.in_force(at).filter(person=person, channel=channel).exists()
    return approved or approves_staff(person, at)


def require_may_write(person: User, channel: Channel, at: datetime) -> None:
    if not may_write(person, channel, at):
        raise NotAllowed(
            f"You are not approved for {channel.name}. Ask the communications officer to approve you.",
            "desk:approvals",
        )


def require_writer(person: User, at: datetime, *, what: str = "add pictures or films") -> None:
    """Raises NotAllowed for somebody who may write for no channel: what they add would be for nothing."""
    approved = Approval.objects.in_force(at).filter(person=person).exclude(channel__state="closed").exists()
    if not person.is_active or not (approved or approves_staff(person, at)):
        raise NotAllowed(
            f"You may write for no channel yet, so you cannot {what}. Ask the communications officer to approve you.",
            "desk:approvals",
        )


def reads_messages(person: User, at: datetime) -> bool:
    """May this person read what residents say? Whoever is approved for a channel, and whoever holds a role of the
    policy, for messages are referred to them. Being let in, or looking after the machine, is not enough."""
    if not person.is_active:
        return False
    approved = Approval.objects.in_force(at).filter(person=person).exclude(channel__state="closed").exists()
    return approved or Holding.objects.in_force(at).filter(person=person).exists()


def require_reader(person: User, at: datetime) -> None:
    if not reads_messages(person, at):
        raise NotAllowed(
            "What residents write is shown to people who are approved for a channel or hold a role of the policy. "
            "Ask the communications officer to approve you.",
            "desk:approvals",
        )


def record_health(channel: Channel, *, ill: str, by: Actor, at: datetime) -> None:
    """Keeps whether the network answers; a line in the ledger only when it changes. `ill` is "" when well."""
    changed = bool(ill) != bool(channel.ill_since) or ill[:400] != channel.ill_says
    if not changed:
        return
    with transaction.atomic():
        since = (channel.ill_since or at) if ill else None
        Channel.objects.filter(pk=channel.pk).update(ill_since=since, ill_says=ill[:400])
        record("channel.ill" if ill else "channel.well", f"channel:{channel.pk}", by=by, at=at)
    channel.ill_since, channel.ill_says = since, ill[:400]


@transaction.atomic
def change_credentials(channel: Channel, credentials: Mapping[str, str], *, by: User, at: datetime) -> None:
    """Replaces a channel's credentials, for example after the network revoked them. New ones can be another account's:
    from somebody who does not sign off, they pause the channel until Communications have looked and resume it."""
    if not approves_staff(by, at):
        require_admin(by)
    if channel.state == "closed":
        raise ChannelError(f"{channel.name} is closed. Connect the account anew.")
    ends, locked = _ends(credentials, channel.external_id), lock(credentials, settings.DATA)
    # It is tried at once.
    Channel.objects.filter(pk=channel.pk).update(credentials=locked, credentials_end=ends, read_after=None)
    record("channel.reconnected", f"channel:{channel.pk}", by=by, at=at)
    if channel.state == "live" and not signs_off(by, at):
        advance(channel, "paused", by=by, at=at, clauses=["desk:channel_sign_off"])


def rotate_key(*, by: Actor, at: datetime, also: Sequence[QuerySet[Any]] = ()) -> int:
    """A new key, everything locked up again under it, the old one forgotten. `also`: rows of folders above, whose
    `secret` is locked as well. Returns how many channels."""
    add_key(settings.DATA)
    with transaction.atomic():
        channels = list(Channel.objects.select_for_update())
        for channel in channels:
            opened = unlock(channel.credentials, settings.DATA)
            Channel.objects.filter(pk=channel.pk).update(credentials=lock(opened, settings.DATA))
        for reader in OutsideReader.objects.select_for_update().filter(off_at=None):
            reader.secret = lock(unlock(reader.secret, settings.DATA), settings.DATA)
            reader.save(update_fields=["secret"])
        for row in (row for rows in also for row in rows.select_for_update()):
            row.secret = lock(unlock(row.secret, settings.DATA), settings.DATA)
            row.save(update_fields=["secret"])
        record(
            "vault.rotated", "vault", by=by, at=at, clauses=["desk:personal_data"], detail={"channels": len(channels)}
        )
    forget_old_keys(settings.DATA)
    return len(channels)
