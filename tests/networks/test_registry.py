from __future__ import annotations

import dataclasses
import tomllib
from importlib import resources

import pytest

from gatepost.networks import limits as the_limits
from gatepost.networks import registry
from gatepost.networks.client import BadAccount
from gatepost.networks.limits import NoLimits, limits
from gatepost.networks.protocol import Account, Approves, Hides, Limits, ReadsAgain, RemovesOthers
from tests.networks import wires

ACCOUNTS = {"facebook": wires.FACEBOOK, "x": wires.X, "wordpress": wires.WORDPRESS, "mailbox": wires.MAILBOX}
ACCOUNTS |= {"press_feed": wires.PRESS, "by_hand": wires.BY_HAND}


def test_the_networks_there_are() -> None:
    assert registry.networks() == ("facebook", "x", "wordpress", "mailbox", "press_feed", "by_hand")
    assert registry.connectable() == registry.networks()[:-1]
    assert registry.posting_networks() == ("facebook", "x", "wordpress")
    assert [registry.title(key) for key in registry.networks()] == [
        "Facebook",
        "X",
        "WordPress",
        "E-mail",
        "Press feed",
        "By hand",
    ]
    assert [registry.sign(key) for key in registry.networks()] == ["Fb", "X", "Wp", "Em", "Pr", "Hd"]


@pytest.mark.parametrize("key", registry.networks())
def test_an_account_leads_to_its_connector_and_its_limits_tell_the_truth(key: str) -> None:
    made = registry.connect(ACCOUNTS[key])
    assert made.key == key
    known = limits(key)
    assert (known.hide, known.remove_others, known.approve) == (
        isinstance(made, Hides),
        isinstance(made, RemovesOthers),
        isinstance(made, Approves),
    )


@pytest.mark.parametrize("key", registry.networks())
def test_every_required_credential_is_needed_and_named(key: str) -> None:
    fields = registry.credential_fields(key)
    assert registry.account_label(key)
    assert any(field.secret for field in fields) or key in ("press_feed", "by_hand")
    for field in fields:
        rest = {name: value for name, value in ACCOUNTS[key].credentials.items() if name != field.id}
        without = dataclasses.replace(ACCOUNTS[key], credentials=rest)
        if field.required:
            with pytest.raises(BadAccount, match=field.id.replace("_", " ")):
                registry.connect(without)
        else:
            registry.connect(without)


def test_an_unknown_network_names_those_there_are() -> None:
    for ask in (registry.title, registry.sign, registry.credential_fields, registry.account_label):
        with pytest.raises(registry.UnknownNetwork, match="facebook, x, wordpress"):
            ask("myspace")
    with pytest.raises(registry.UnknownNetwork, match="myspace"):
        registry.connect(Account("myspace", "", "1"))


def test_credentials_are_not_in_the_representation_of_an_account() -> None:
    assert "EAAsecret" not in repr(wires.FACEBOOK)


MAY_BE = {
    "edit",
    "edit_minutes",
    "edit_replies",
    "unseen_hours",
    "delete",
    "writes",
    "writes_seconds",
    "cost_post",
    "cost_link",
    "cost_reply",
    "cost_delete",
    "cost_read",
    "deletion_hours",
    "read_again",
    "private_reply_closed",
    "private_by_call",
    "reread",
    "private_reply_days",
    "private_text",
}


def test_every_limit_has_its_source_and_date() -> None:
    table = tomllib.loads((resources.files("gatepost.networks") / "limits.toml").read_text("utf-8"))
    assert set(registry.networks()) <= set(table) == set(the_limits.all_networks())
    for network, section in table.items():
        required = {field.name for field in dataclasses.fields(Limits)} - MAY_BE
        assert set(section) - MAY_BE == required | {"title"}
        for name in set(section) - {"title"}:
            where, when = the_limits.source(network, name)
            assert where.startswith(("https://", "own: "))
            assert when >= "2026-01-01"


def test_limits() -> None:
    assert limits("x").text == 280
    assert limits("x").counted == "weighted"
    assert "by hand" in limits("x").reply_rule
    assert limits("facebook").hidden_still_visible_to != ""
    for ask in (lambda: limits("myspace"), lambda: the_limits.source("x", "colour")):
        with pytest.raises(NoLimits):
            ask()


def test_the_figures_say_which_networks_can_be_read_again() -> None:
    able = {key for key in registry.networks() if isinstance(registry.connect(ACCOUNTS[key]), ReadsAgain)}
    assert able == {key for key in registry.networks() if the_limits.figure(key, "read_again")}
