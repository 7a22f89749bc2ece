"""Which networks there are, what each needs from a person, and the way from an account to its connector."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from . import facebook_messenger
from .by_hand import ByHand
from .client import BadAccount
from .facebook import Facebook
from .limits import limits, network_title
from .mailbox import Mailbox
from .press_feed import PressFeed
from .protocol import Account, Network
from .wordpress import WordPress
from .x import X


class UnknownNetwork(BadAccount):
    """There is no connector of that name; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One thing a person must enter: `id` is its key in Account.credentials, `hint` says where it is
    found."""

    id: str
    label: str
    hint: str
    secret: bool = True
    required: bool = True


@dataclass(frozen=True, slots=True)
class _Entry:
    make: Callable[[Account, httpx.BaseTransport | None], Network]
    sign: str
    fields: tuple[CredentialField, ...]
    account_label: str


_NETWORKS: dict[str, _Entry] = {
    "facebook": _Entry(
        Facebook,
        "Fb",
        (
            CredentialField("token", "Page access token", "A long-lived Page token of an app of your organisation's"),
            CredentialField(
                "app_secret",
                "App secret",
                "Under App settings, Basic. Needed when the app demands proof, and for webhooks",
                required=False,
            ),
            CredentialField(
                "verify_token",
                "Verify token for webhooks",
                "Words of your own choice; enter the same words where the app's webhook is set up",
                required=False,
            ),
        ),
        "Page id",
    ),
    "x": _Entry(
        X,
        "X",
        (
            CredentialField(
                "token", "User access token", "An OAuth 2.0 user token with read, write and moderate scopes"
            ),
        ),
        "User id (a number)",
    ),
    "wordpress": _Entry(
        WordPress,
        "Wp",
        (
            CredentialField("username", "User name", "A user with the role Editor", secret=False),
            CredentialField("application_password", "Application password", "Made under Users, Profile"),
        ),
        "Site name",
    ),
    "mailbox": _Entry(
        Mailbox,
        "Em",
        (
            CredentialField("username", "User name", "Often the whole address of the mailbox", secret=False),
            CredentialField(
                "password", "Password", "Of the mailbox, or one made for programs where the provider asks for that"
            ),
        ),
        "Address of the mailbox",
    ),
    "press_feed": _Entry(
        PressFeed,
        "Pr",
        (
            CredentialField(
                "words",
                "Only items with one of these words",
                "Names and words with commas between them. Empty: every item of the feed comes in",
                secret=False,
                required=False,
            ),
        ),
        "Name of the paper or site",
    ),
    "by_hand": _Entry(ByHand, "Hd", (), "Name of the book"),
}


def networks() -> tuple[str, ...]:
    """The keys of all networks there is a connector for."""
    return tuple(_NETWORKS)


def connectable() -> tuple[str, ...]:
    """The keys of the networks of which a person can connect a channel."""
    return tuple(key for key in _NETWORKS if key != ByHand.key)


def posting_networks() -> tuple[str, ...]:
    """The keys of the networks to which posts and answers can be sent from here."""
    return tuple(key for key in _NETWORKS if limits(key).posts)


def connect(account: Account, *, transport: httpx.BaseTransport | None = None) -> Network:
    """The connector of `account`. Raises UnknownNetwork, or BadAccount naming the field that cannot work.

    `transport` replaces the guarded connection in tests.
    """
    return _entry(account.network).make(account, transport)


def title(key: str) -> str:
    """The network's name as people write it. Raises UnknownNetwork."""
    _entry(key)
    return network_title(key)


def sign(key: str) -> str:
    """The two letters that stand for the network where there is little room. Raises UnknownNetwork."""
    return _entry(key).sign


def credential_fields(key: str) -> tuple[CredentialField, ...]:
    """What a person must enter to connect a channel, in order. Raises UnknownNetwork."""
    return _entry(key).fields


def account_label(key: str) -> str:
    """What Account.external_id is called on this network. Raises UnknownNetwork."""
    return _entry(key).account_label


def webhook_fields(key: str) -> tuple[tuple[str, str], ...]:
    """What to subscribe to where the network's app is set up, so that it calls us: (field, what it tells). Empty where
    there is nothing to choose. Raises UnknownNetwork."""
    _entry(key)
    return facebook_messenger.FIELDS if key == "facebook" else ()


def _entry(key: str) -> _Entry:
    if key not in _NETWORKS:
        raise UnknownNetwork(f"There is no network “{key[:40]}”. There are: {', '.join(_NETWORKS)}.")
    return _NETWORKS[key]
