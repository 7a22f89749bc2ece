"""Passkeys for signing off: registering one, and taking it away. Only the public half comes here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.db import IntegrityError, transaction
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.rpid import verify_rp_id
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from gatepost.ledger.actions import record
from gatepost.people.actions import PeopleError, hashed, require_admin_or_approver
from gatepost.people.models import Passkey, User

MOST = 10  # of one person
LONGEST_ANSWER = 20_000  # characters of what a browser sends


class PasskeyError(PeopleError):
    """A passkey was not registered, or is not right; the message says why. Nothing was changed."""


def server(host: str) -> Fido2Server:
    """WebAuthn for the name in the browser's address, without the port."""
    return Fido2Server(PublicKeyCredentialRpEntity(name="Gatepost", id=host))


def possible(host: str, *, secure: bool) -> bool:
    """Do browsers make passkeys for this address? For a name over https, and for localhost; never for a number."""
    return verify_rp_id(host, f"http{'s' if secure else ''}://{host}") and not host.replace(".", "").isdecimal()


def keys_of(person: User, host: str) -> list[Passkey]:
    return list(Passkey.objects.filter(person=person, host=host, revoked_at=None).order_by("created_at"))


def credential(passkey: Passkey) -> AttestedCredentialData:
    public = CoseKey.parse(cast(Mapping[int, Any], cbor.decode(bytes(passkey.public_key))))
    return AttestedCredentialData.create(b"\x00" * 16, bytes(passkey.credential_id), public)


def begin(person: User, *, host: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what the browser is asked, what is kept until it answers)."""
    user = PublicKeyCredentialUserEntity(
        id=hashed(f"passkey:{person.pk}").encode()[:32], name=person.email, display_name=person.name
    )
    options, state = server(host).register_begin(
        user,
        [credential(key) for key in keys_of(person, host)],
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return json.loads(json.dumps(dict(options.public_key))), state


def parsed(answer: str) -> dict[str, Any]:
    """What a browser sent, as far as its outer shape goes. Raises PasskeyError."""
    try:
        value = json.loads(answer) if len(answer) <= LONGEST_ANSWER else None
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise PasskeyError("The browser's answer cannot be read. Try again, or use another browser.")
    return value


@transaction.atomic
def register(
    person: User, answer: str, *, state: dict[str, Any], host: str, title: str, by: User, at: datetime
) -> Passkey:
    """Keeps the public half of a new passkey, made by the person's own device for this host. Raises PasskeyError."""
    if by != person:
        raise PasskeyError("Only the person whose device it is can register its passkey.")
    if Passkey.objects.filter(person=person, revoked_at=None).count() >= MOST:
        raise PasskeyError(f"You have {MOST} passkeys. Remove one that you no longer use first.")
    try:
        made = server(host).register_complete(state, RegistrationResponse.from_dict(parsed(answer)))
    except PasskeyError:
        raise
    except Exception as error:  # whatever a browser, or somebody in its place, sends
        raise PasskeyError("This passkey could not be checked. Nothing was kept. Try again.") from error
    data = made.credential_data
    if data is None or len(data.credential_id) > 1023:
        raise PasskeyError("This passkey could not be checked. Nothing was kept. Try again.")
    try:
        with transaction.atomic():
            kept = Passkey.objects.create(
                person=person,
                title=" ".join(title.split())[:120] or "Passkey",
                host=host,
                credential_id=data.credential_id,
                public_key=cbor.encode(dict(data.public_key)),
                sign_count=made.counter,
                created_at=at,
            )
    except IntegrityError as error:
        raise PasskeyError("This passkey is registered already.") from error
    record("passkey.registered", f"person:{person.pk}", by=by, at=at, detail={"passkey": kept.pk})
    return kept


@transaction.atomic
def revoke(passkey: Passkey, *, by: User, at: datetime) -> None:
    """It signs nothing any more. What it has signed stays signed, and can still be checked."""
    if by != passkey.person:
        require_admin_or_approver(by, at)
    if Passkey.objects.filter(pk=passkey.pk, revoked_at=None).update(revoked_at=at):
        record("passkey.revoked", f"person:{passkey.person_id}", by=by, at=at, detail={"passkey": passkey.pk})
