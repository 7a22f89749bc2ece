"""A sign-off proven by passkey: registered, used for exactly one digest, kept, and checked later by nobody's word."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from fido2.utils import websafe_decode, websafe_encode

from gatepost.gate import actions, proofs, sending
from gatepost.gate.models import Act, SignOff
from gatepost.gate.seal import together
from gatepost.ledger.models import Line
from gatepost.people import passkeys
from gatepost.people.authority import NotAllowed
from gatepost.people.models import Passkey
from gatepost.people.passkeys import PasskeyError

from .device import PRESENT, Device
from .scene import AT, Desk, submitted, with_chains

CHAIN = """
[[chain]]
id = "proven"
title = "Everything with a passkey"
clause = "responsibility.2"
step = [{ title = "Communications", passkey = true }]
"""


@pytest.fixture
def device(desk: Desk) -> Device:
    made = Device()
    register(desk, made)
    return made


def register(desk: Desk, device: Device, title: str = "Work laptop") -> Passkey:
    options, state = passkeys.begin(desk.officer, host=device.host)
    state = json.loads(json.dumps(state))  # it is kept in a session
    answer = device.registers(options)
    return passkeys.register(desk.officer, answer, state=state, host=device.host, title=title, by=desk.officer, at=AT)


def proven(desk: Desk, device: Device, *acts: Act) -> dict[str, Any]:
    digests = [act.digest for act in acts]
    options = proofs.options(desk.officer, together(digests), host=device.host)
    assert options is not None
    assert websafe_decode(options["challenge"]).hex() == together(digests)  # the challenge is the digest itself
    return proofs.prove(digests, device.signs(options["challenge"]), host=device.host, by=desk.officer, at=AT)


def test_where_the_policy_wants_a_proof_nothing_else_will_do(desk: Desk, device: Device) -> None:
    with_chains(CHAIN)
    act = submitted(desk)
    with pytest.raises(NotAllowed, match="signed with a passkey"):
        actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    proof = proven(desk, device, act)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT, proof=proof)
    assert len(sending.claim(worker="w", at=AT)) == 1
    key = Passkey.objects.get()
    assert (key.last_used_at, key.sign_count, str(key)) == (AT, device.count, "Work laptop")


def test_one_proof_covers_what_is_signed_together(desk: Desk, device: Device) -> None:
    acts = [submitted(desk), submitted(desk, text="Something else on Sunday.")]
    proof = proven(desk, device, *acts)
    for act in acts:
        actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT, proof=proof)
    checked = proofs.verify_kept()
    assert (checked.ok, checked.proofs, checked.says) == (
        True,
        2,
        "2 proofs by passkey checked: each holds for exactly what was signed.",
    )


def test_the_signature_of_another_digest_proves_nothing(desk: Desk, device: Device) -> None:
    act, other = submitted(desk), submitted(desk, text="Something else on Sunday.")
    answer = device.signs(websafe_encode(bytes.fromhex(other.digest)))
    with pytest.raises(PasskeyError, match="not right for what you see"):
        proofs.prove([act.digest], answer, host="localhost", by=desk.officer, at=AT)


def test_a_signature_is_used_once(desk: Desk, device: Device) -> None:
    act = submitted(desk)
    answer = device.signs(websafe_encode(bytes.fromhex(act.digest)))
    proof = proofs.prove([act.digest], answer, host="localhost", by=desk.officer, at=AT)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT, proof=proof)
    Passkey.objects.update(sign_count=0)  # devices may keep no count
    with pytest.raises(PasskeyError, match="used before"):
        proofs.prove([act.digest], answer, host="localhost", by=desk.officer, at=AT)


def test_a_count_that_goes_backwards_gives_a_copy_away(desk: Desk, device: Device) -> None:
    act = submitted(desk)
    proven(desk, device, act)
    device.count = 0
    with pytest.raises(PasskeyError, match="copied"):
        proven(desk, device, act)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda device: setattr(device, "flags", PRESENT),  # nobody was asked
        lambda device: setattr(device, "host", "elsewhere.example.org"),
        lambda device: setattr(device, "key", Device().key),
        lambda device: setattr(device, "id", b"unknown"),
    ],
)
def test_what_a_device_gets_wrong(desk: Desk, device: Device, spoil: Any) -> None:
    act = submitted(desk)
    spoil(device)
    answer = device.signs(websafe_encode(bytes.fromhex(act.digest)))
    with pytest.raises(PasskeyError, match="Nothing was signed"):
        proofs.prove([act.digest], answer, host="localhost", by=desk.officer, at=AT)


@pytest.mark.parametrize("answer", ["", "[]", "{", "{}", "x" * 30_000, '{"rawId": 3}'])
def test_what_cannot_be_read(desk: Desk, device: Device, answer: str) -> None:
    with pytest.raises(PasskeyError):
        proofs.prove(["a" * 64], answer, host="localhost", by=desk.officer, at=AT)
    _, state = passkeys.begin(desk.officer, host="localhost")
    with pytest.raises(PasskeyError):
        passkeys.register(desk.officer, answer, state=state, host="localhost", title="", by=desk.officer, at=AT)


def test_without_a_passkey_for_this_address_none_is_asked_for(desk: Desk, device: Device) -> None:
    assert proofs.options(desk.officer, "a" * 64, host="desk.example.org") is None
    assert proofs.options(desk.staff, "a" * 64, host="localhost") is None
    with pytest.raises(PasskeyError, match="no passkey for this address"):
        proofs.prove(["a" * 64], "{}", host="localhost", by=desk.staff, at=AT)


def test_a_removed_passkey_signs_nothing_more_and_its_proofs_hold(desk: Desk, device: Device) -> None:
    act = submitted(desk)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT, proof=proven(desk, device, act))
    key = Passkey.objects.get()
    with pytest.raises(NotAllowed):
        passkeys.revoke(key, by=desk.staff, at=AT)
    passkeys.revoke(key, by=desk.officer, at=AT)
    passkeys.revoke(key, by=desk.officer, at=AT)
    assert Line.objects.filter(verb="passkey.revoked").count() == 1
    assert proofs.options(desk.officer, act.digest, host="localhost") is None
    assert proofs.verify_kept().ok


class TestRegistering:
    def test_only_for_oneself_once_and_ten_at_most(self, desk: Desk, device: Device) -> None:
        _, state = passkeys.begin(desk.officer, host="localhost")
        with pytest.raises(PasskeyError, match="Only the person"):
            passkeys.register(desk.officer, "{}", state=state, host="localhost", title="", by=desk.staff, at=AT)
        with pytest.raises(PasskeyError, match="registered already"):
            register(desk, device)
        for number in range(9):
            assert register(desk, Device(), title=" " if number == 0 else f"Key {number}").title
        with pytest.raises(PasskeyError, match="10 passkeys"):
            register(desk, Device())

    @pytest.mark.parametrize(
        ("host", "secure", "possible"),
        [
            ("localhost", False, True),
            ("desk.example.org", True, True),
            ("desk.example.org", False, False),
            ("127.0.0.1", True, False),
            ("", True, False),
        ],
    )
    def test_browsers_make_them_for_names(self, host: str, secure: bool, possible: bool) -> None:
        assert passkeys.possible(host, secure=secure) is possible

    def test_an_answer_to_another_question_is_refused(self, desk: Desk) -> None:
        options, _ = passkeys.begin(desk.officer, host="localhost")
        _, state = passkeys.begin(desk.officer, host="localhost")
        with pytest.raises(PasskeyError, match="could not be checked"):
            passkeys.register(
                desk.officer,
                Device().registers(options),
                state=state,
                host="localhost",
                title="",
                by=desk.officer,
                at=AT,
            )


class TestKeptProofs:
    def signed(self, desk: Desk, device: Device) -> SignOff:
        act = submitted(desk)
        return actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT, proof=proven(desk, device, act))

    @pytest.mark.parametrize(
        ("spoil", "says"),
        [
            (lambda proof: proof.update(digests=["b" * 64]), "something else"),
            (lambda proof: proof.update(digests=[*proof["digests"], "b" * 64]), "another challenge"),
            (lambda proof: proof.update(host="elsewhere.example.org"), "another address"),
            (lambda proof: proof.update(public_key="x"), "signature does not hold"),
            (lambda proof: proof.update(signature=websafe_encode(b"0" * 70)), "signature does not hold"),
            (lambda proof: proof.pop("signature"), "signature does not hold"),
        ],
    )
    def test_what_is_wrong_is_said(self, desk: Desk, device: Device, spoil: Any, says: str) -> None:
        made = self.signed(desk, device)
        proof = dict(made.proof or {})
        assert proofs.wrong_with(proof, made.digest) == ""
        spoil(proof)
        assert says in proofs.wrong_with(proof, made.digest)

    def test_a_registration_is_no_signature_and_nobody_asked_is_no_consent(self, desk: Desk, device: Device) -> None:
        made = self.signed(desk, device)
        for change, says in (("webauthn.create", "no proof of signing"), ("webauthn.get", "nobody was asked")):
            device.flags = PRESENT if change == "webauthn.get" else device.flags
            answer = json.loads(device.signs(websafe_encode(bytes.fromhex(made.digest)), change))["response"]
            proof = {
                **(made.proof or {}),
                "client_data": answer["clientDataJSON"],
                "authenticator_data": answer["authenticatorData"],
                "signature": answer["signature"],
            }
            assert says in proofs.wrong_with(proof, made.digest)

    def test_a_proof_put_in_anothers_place_is_found_by_the_record(self, desk: Desk, device: Device) -> None:
        made = self.signed(desk, device)
        other = proofs.prove(
            [made.digest],
            device.signs(websafe_encode(bytes.fromhex(made.digest))),
            host="localhost",
            by=desk.officer,
            at=AT,
        )
        with connection.cursor() as cursor:  # as somebody could who owns the database
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE gate_signoff DISABLE TRIGGER gate_sign_off_kept")
            SignOff.objects.filter(pk=made.pk).update(proof=other)
        checked = proofs.verify_kept()
        assert (checked.ok, checked.says) == (
            False,
            f"The proof of sign-off {made.pk} does not hold: the record holds another.",
        )
