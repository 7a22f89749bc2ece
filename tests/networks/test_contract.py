"""The contract suite against the practice town, a real WordPress and whatever account the environment names."""

from __future__ import annotations

import dataclasses

import pytest

from gatepost.networks import contract
from gatepost.networks.contract import ContractResult
from gatepost.networks.facebook import Facebook
from gatepost.networks.protocol import (
    Account,
    Answer,
    Found,
    Health,
    NotThere,
    Outgoing,
    Page,
    Receipt,
    Refused,
    Shown,
    Unknown,
)
from gatepost.sandbox.town import Town
from tests.networks.conftest import from_environment, said_in_town, town_account
from tests.networks.wordpress_server import WordPressServer


def broken(results: list[ContractResult]) -> list[str]:
    return [f"{result.name}: {result.detail}" for result in results if not result.ok]


def left_out(results: list[ContractResult]) -> set[str]:
    return {result.name for result in results if result.skipped}


@pytest.mark.parametrize(
    ("network", "cannot"),
    [
        ("facebook", {"approve", "close comments"}),
        ("x", {"approve", "private reply", "remove somebody's message", "close comments"}),
    ],
)
def test_the_practice_town_keeps_the_contract(town: Town, network: str, cannot: set[str]) -> None:
    results = contract.run(
        town_account(town, network), resident=lambda text, under: said_in_town(town, network, text, under)
    )
    assert broken(results) == []
    assert left_out(results) == cannot
    assert len(results) == 14


@pytest.mark.wordpress
def test_a_real_wordpress_keeps_the_contract(wordpress: WordPressServer) -> None:
    results = contract.run(wordpress.account(), resident=wordpress.say)
    assert broken(results) == []
    assert left_out(results) == {"block or mute", "private reply"}


@pytest.mark.parametrize("network", ["facebook", "x", "wordpress"])
def test_a_real_account_keeps_the_contract(network: str) -> None:
    assert broken(contract.run(from_environment(network))) == []


def test_without_a_resident_what_needs_one_is_left_out_and_said(town: Town) -> None:
    results = contract.run(town_account(town, "facebook"))
    assert broken(results) == []
    assert {"read since a cursor", "hide and show", "remove somebody's message"} <= left_out(results)
    said = list(contract.lines(town_account(town, "facebook"), results))
    assert len(said) == len(results)
    assert sum("left out" in line for line in said) >= 3


def test_a_broken_account_is_found_out_and_the_suite_stops(town: Town) -> None:
    account = town_account(town, "x")
    wrong: Account = dataclasses.replace(account, credentials={"token": "not-the-token"})
    results = contract.run(wrong)
    assert [result.name for result in results] == ["check", "publish"]
    assert not any(result.ok for result in results)
    assert "not-the-token" not in repr(results)


class Careless:
    """A Facebook connector with one habit broken."""

    def __init__(self, account: Account, habit: str) -> None:
        self.inner, self.habit, self.key = Facebook(account), habit, "facebook"

    def publish(self, act: Outgoing) -> Answer:
        if self.habit == "drops alternative texts":
            act = dataclasses.replace(act, media=tuple(dataclasses.replace(each, alt="") for each in act.media))
        said = self.inner.publish(act)
        if self.habit == "calls a refusal unknown" and isinstance(said, Refused):
            return Unknown(said.reason)
        return said

    def find(self, act: Outgoing) -> Found:
        if self.habit == "finds nothing":
            return NotThere()
        if self.habit == "claims what is taken":
            act = dataclasses.replace(act, taken=())
        return self.inner.find(act)

    def read_since(self, cursor: str) -> Page:
        page = self.inner.read_since(cursor)
        if self.habit == "reads twice" and page.messages:
            return dataclasses.replace(page, messages=(*page.messages, *page.messages))
        if self.habit == "reads backwards":
            return dataclasses.replace(page, messages=tuple(reversed(page.messages)))
        if self.habit == "misses messages":
            return dataclasses.replace(page, messages=page.messages[1:])
        return page

    def remove(self, ref: str) -> Answer:
        said = self.inner.remove(ref)
        gone = isinstance(said, Receipt) and said.raw.get("already_gone")
        return Refused("gone") if gone and self.habit == "cannot remove twice" else said

    def check(self) -> Health:
        return self.inner.check()

    def shown(self, ref: str) -> Shown | NotThere:
        return self.inner.shown(ref)

    def hide(self, ref: str) -> Answer:
        return Unknown("perhaps") if self.habit == "hides nothing" else self.inner.hide(ref)

    def unhide(self, ref: str) -> Answer:
        return self.inner.unhide(ref)


@pytest.mark.parametrize(
    ("habit", "found_out_by"),
    [
        ("none", set()),
        ("drops alternative texts", {"picture with alternative text"}),
        ("finds nothing", {"find", "reply", "take down our own"}),
        ("claims what is taken", {"find"}),
        ("reads twice", {"read since a cursor"}),
        ("reads backwards", {"read since a cursor"}),
        ("misses messages", {"read since a cursor"}),
        ("cannot remove twice", {"take down our own"}),
        ("hides nothing", {"hide and show"}),
        ("calls a refusal unknown", {"wrong token"}),
    ],
)
def test_the_suite_finds_out_what_is_broken(
    town: Town, monkeypatch: pytest.MonkeyPatch, habit: str, found_out_by: set[str]
) -> None:
    monkeypatch.setattr(contract, "PATIENCE", 0.1)
    monkeypatch.setattr(contract, "PAUSE", 1.1 if habit == "reads backwards" else 0)
    monkeypatch.setattr(contract, "connect", lambda account: Careless(account, habit))
    results = contract.run(
        town_account(town, "facebook"), resident=lambda text, under: said_in_town(town, "facebook", text, under)
    )
    assert {result.name for result in results if not result.ok} == found_out_by
