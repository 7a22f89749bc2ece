"""A sign-off proven by passkey: the device signs a challenge that is the digest itself, and the proof is kept with it.

A proof can be checked for ever without asking anybody: it holds the public key, what the device signed, and the
signature (WebAuthn level 2, section 7.2). The record holds a digest of each proof, so none can be put in its place.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db import transaction
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AuthenticationResponse,
    AuthenticatorData,
    CollectedClientData,
    UserVerificationRequirement,
)

from gatepost.gate.content import text_digest
from gatepost.gate.models import SignOff
from gatepost.gate.seal import together
from gatepost.ledger.digest import canonical
from gatepost.ledger.models import Line
from gatepost.people.models import Passkey, User
from gatepost.people.passkeys import PasskeyError, credential, keys_of, parsed, server


def options(person: User, digest: str, *, host: str) -> dict[str, Any] | None:
    """What the browser is asked, to sign this digest; None when the person has no passkey for this host."""
    keys = keys_of(person, host)
    if not keys:
        return None
    made, _ = _begin(server(host), keys, digest)
    return json.loads(json.dumps(dict(made.public_key)))  # type: ignore[no-any-return]  # a JSON object


def _begin(at_host: Fido2Server, keys: Sequence[Passkey], digest: str) -> tuple[Any, Any]:
    return at_host.authenticate_begin(
        [credential(key) for key in keys],
        user_verification=UserVerificationRequirement.REQUIRED,
        challenge=bytes.fromhex(digest),
    )


@transaction.atomic
def prove(digests: Sequence[str], answer: str, *, host: str, by: User, at: datetime) -> dict[str, Any]:
    """Verifies what the device signed for these digests together and returns the proof to be kept with each sign-off.
    Raises PasskeyError; then nothing is signed."""
    digest = together(digests)
    keys = list(Passkey.objects.select_for_update().filter(person=by, host=host, revoked_at=None))
    if not keys:
        raise PasskeyError("You have no passkey for this address. Register one under Settings.")
    given = parsed(answer)
    try:
        response = AuthenticationResponse.from_dict(given)
        _, state = _begin(server(host), keys, digest)
        used = server(host).authenticate_complete(state, [credential(key) for key in keys], response)
    except Exception as error:  # whatever a browser, or somebody in its place, sends
        raise PasskeyError("The passkey's signature is not right for what you see. Nothing was signed.") from error
    key = next(one for one in keys if bytes(one.credential_id) == used.credential_id)
    said = response.response
    count = said.authenticator_data.counter
    if key.sign_count and count <= key.sign_count:
        raise PasskeyError("This passkey may have been copied: its counter went backwards. Remove it under Settings.")
    Passkey.objects.filter(pk=key.pk).update(sign_count=count, last_used_at=at)
    proof = {
        "format": 1,
        "passkey": key.pk,
        "host": host,
        "digests": sorted(digests),
        "public_key": websafe_encode(bytes(key.public_key)),
        "authenticator_data": websafe_encode(bytes(said.authenticator_data)),
        "client_data": websafe_encode(bytes(said.client_data)),
        "signature": websafe_encode(said.signature),
    }
    if SignOff.objects.filter(proof__signature=proof["signature"]).exists():
        raise PasskeyError("This signature has been used before. Sign afresh. Nothing was signed.")
    return proof


def wrong_with(proof: Mapping[str, Any], digest: str) -> str:
    """What is wrong with a kept proof for this digest, in words; "" when it holds. Asks nobody."""
    try:
        data = AuthenticatorData(websafe_decode(proof["authenticator_data"]))
        client = CollectedClientData(websafe_decode(proof["client_data"]))
        key = CoseKey.parse(cast(Mapping[int, Any], cbor.decode(websafe_decode(proof["public_key"]))))
        if digest not in proof["digests"]:
            return "it is a proof of something else"
        if not hmac.compare_digest(client.challenge, bytes.fromhex(together(proof["digests"]))):
            return "the device signed another challenge"
        if client.type != CollectedClientData.TYPE.GET:
            return "it is no proof of signing"
        if data.rp_id_hash != hashlib.sha256(proof["host"].encode()).digest():
            return "it was made for another address"
        if not (data.is_user_present() and data.is_user_verified()):
            return "nobody was asked at the device"
        key.verify(bytes(data) + client.hash, websafe_decode(proof["signature"]))
    except Exception as error:  # a proof that cannot even be read proves nothing
        return f"its signature does not hold ({type(error).__name__})"
    return ""


@dataclass(frozen=True, slots=True)
class Checked:
    """How many proofs there are, and the first that does not hold, in words."""

    proofs: int
    ok: bool
    says: str


def verify_kept() -> Checked:
    """Checks every proof that is kept: that it holds, is for its sign-off's digest, and is the one in the record."""
    count = 0
    for row in SignOff.objects.exclude(proof=None).order_by("pk").iterator(chunk_size=200):
        problem = wrong_with(row.proof or {}, row.digest) or _not_in_the_record(row)
        if problem:
            return Checked(count, False, f"The proof of sign-off {row.pk} does not hold: {problem}.")
        count += 1
    said = "1 proof by passkey" if count == 1 else f"{count} proofs by passkey"
    return Checked(count, True, f"{said} checked: each holds for exactly what was signed.")


def _not_in_the_record(row: SignOff) -> str:
    verbs = ["act.step_signed", "act.signed_off"]
    line = Line.objects.filter(subject=f"act:{row.act_id}", verb__in=verbs, detail__sign_off=row.pk).first()
    if line is None or line.detail.get("proof") != text_digest(canonical(row.proof).decode()):
        return "the record holds another"
    return ""
