"""Which networks there are, what each needs from a person, and the way from an account to its connector."""

from __future__ import annotations

import dataclasses
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
from .protocol import Account, Network, ReadsDeliveries, Receives
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
    is_day: bool = False  # as 2027-05-31


@dataclass(frozen=True, slots=True)
class SignIn:
    """One of several ways into an account: what a person enters for it, and the address it usually has."""

    id: str  # as credentials keep it under `sign_in`
    label: str
    hint: str
    fields: tuple[CredentialField, ...]
    address: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    make: Callable[[Account, httpx.BaseTransport | None], Network]
    sign: str
    fields: tuple[CredentialField, ...]
    account_label: str
    ways: tuple[SignIn, ...] = ()  # the first is what `fields` are for


_PASSWORD = (
    CredentialField("username", "User name", "Often the whole address of the mailbox", secret=False),
    CredentialField(
        "password", "Password", "Of the mailbox, or one made for programs where the provider asks for that"
    ),
)
_ENDS = CredentialField(
    "secret_ends",
    "Day on which the secret runs out",
    "The desk warns of it from 30 days before. Empty: it cannot",
    secret=False,
    required=False,
    is_day=True,
)
_CLIENT_ID = CredentialField("client_id", "Client id", "Of the app; also called application id", secret=False)
_TOKEN_URL = CredentialField(
    "token_url", "Address of the token service", "As the provider names it, with https:// in front", secret=False
)
_INTO_MAILBOXES = (
    SignIn("password", "User name and password", "For a mail server that takes a password.", _PASSWORD),
    SignIn(
        "microsoft",
        "Microsoft 365",
        "The desk signs in as an app of your organisation that may open this mailbox alone.",
        (
            CredentialField(
                "tenant", "Tenant", "The directory (tenant) id, on the app's overview in Entra", secret=False
            ),
            _CLIENT_ID,
            CredentialField("client_secret", "Client secret", "Its value, not its id; shown once, when it is made"),
            _ENDS,
            dataclasses.replace(
                _TOKEN_URL,
                hint="For a national cloud only. Empty: login.microsoftonline.com",
                required=False,
            ),
        ),
        "imaps://outlook.office365.com",
    ),
    SignIn(
        "google",
        "Google Workspace",
        "The desk signs in by a service account to which the domain was delegated.",
        (CredentialField("key_file", "Key file of the service account", "The whole JSON file, pasted"), _ENDS),
        "imaps://imap.gmail.com",
    ),
    SignIn(
        "other",
        "Another provider with OAuth",
        "For mail servers that take tokens for client credentials (RFC 6749, RFC 7628).",
        (
            _TOKEN_URL,
            _CLIENT_ID,
            CredentialField("client_secret", "Client secret", "As the provider gave it"),
            CredentialField("scope", "Scope", "What the provider calls access to mail", secret=False, required=False),
            CredentialField(
                "username", "User name", "When it is not the mailbox's address", secret=False, required=False
            ),
            _ENDS,
        ),
    ),
)

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
            CredentialField(
                "api_secret",
                "API secret key",
                "The app's consumer secret. Needed only where X calls us",
                required=False,
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
        _PASSWORD,
        "Address of the mailbox",
        _INTO_MAILBOXES,
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


def sign_ins(key: str) -> tuple[SignIn, ...]:
    """The ways into an account, where a person must choose; empty where there is one alone. Raises UnknownNetwork."""
    return _entry(key).ways


def credential_fields(key: str, way: str = "") -> tuple[CredentialField, ...]:
    """What a person must enter to connect a channel, in order; for one of its `sign_ins`, or the first. Raises
    UnknownNetwork, and BadAccount for a way there is not."""
    entry = _entry(key)
    if not way:
        return entry.fields
    found = next((one.fields for one in entry.ways if one.id == way), None)
    if found is None:
        raise BadAccount(f"There is no way to sign in called “{way[:40]}”. Choose one of those on the page.")
    return found


def account_label(key: str) -> str:
    """What Account.external_id is called on this network. Raises UnknownNetwork."""
    return _entry(key).account_label


def webhook_fields(key: str) -> tuple[tuple[str, str], ...]:
    """What to subscribe to where the network's app is set up, so that it calls us: (field, what it tells). Empty where
    there is nothing to choose. Raises UnknownNetwork."""
    _entry(key)
    return facebook_messenger.FIELDS if key == "facebook" else ()


def called_to_read(key: str) -> bool:
    """Whether the network's calls only say that there is something, so that the account is read after each. Raises
    UnknownNetwork."""
    made = _entry(key).make
    return isinstance(made, type) and issubclass(made, Receives) and not issubclass(made, ReadsDeliveries)


def _entry(key: str) -> _Entry:
    if key not in _NETWORKS:
        raise UnknownNetwork(f"There is no network “{key[:40]}”. There are: {', '.join(_NETWORKS)}.")
    return _NETWORKS[key]
