"""What a person types to connect a channel. Secrets are taken from the form but never shown again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gatepost.networks.client import BadAccount
from gatepost.networks.mail_sign_in import grant_of
from gatepost.networks.registry import SignIn, credential_fields, sign_ins
from gatepost.web.frame.problems import Unclear

LONGEST = 4_000  # characters of one credential


@dataclass(frozen=True, slots=True)
class Given:
    name: str = ""
    external_id: str = ""
    handle: str = ""
    base_url: str = ""
    allow_private: bool = False


def read(form: Mapping[str, str]) -> Given:
    return Given(
        name=form.get("name", "")[:160],
        external_id=form.get("external_id", "")[:200],
        handle=form.get("handle", "")[:160],
        base_url=form.get("base_url", "").strip()[:300],
        allow_private=bool(form.get("allow_private")),
    )


def way_in(form: Mapping[str, str], network: str, *, kept: str = "") -> SignIn | None:
    """The way to sign in that was chosen, or is `kept`, or the first; None where there is nothing to choose."""
    ways = sign_ins(network)
    wanted = form.get("sign_in", "") or kept
    return next((way for way in ways if way.id == wanted), ways[0] if ways else None)


def shown_again(form: Mapping[str, str], network: str, way: SignIn | None) -> dict[str, str]:
    """What was typed of the credentials that is no secret, by the ids of the fields."""
    fields = way.fields if way else credential_fields(network)
    names = [f"credential_{field.id}" for field in fields if not field.secret]
    return {name: form.get(name, "")[:LONGEST] for name in names}


def credentials_of(form: Mapping[str, str], network: str, *, account: str) -> dict[str, str]:
    """The network's credentials from the form, for the account of this id. Raises Unclear when a needed one is missing,
    or is none."""
    ways = sign_ins(network)
    way = form.get("sign_in", "") if ways else ""
    try:
        fields = credential_fields(network, way)
    except BadAccount as error:
        raise Unclear(str(error), "sign_in") from None
    found = {"sign_in": way} if way and way != ways[0].id else {}
    for field in fields:
        value = form.get(f"credential_{field.id}", "").strip()
        if field.required and not value:
            raise Unclear(f"Enter the {field.label[:1].lower()}{field.label[1:]}.", f"credential_{field.id}")
        if len(value) > LONGEST:
            raise Unclear(f"The {field.label} is too long to be one.", f"credential_{field.id}")
        if value:
            found[field.id] = value
    try:
        grant_of(found, user=account)
    except BadAccount as error:
        raise Unclear(str(error), f"credential_{error.field}" if error.field else "external_id") from None
    return found
