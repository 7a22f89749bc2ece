"""The contract suite against the practice town, a real WordPress and whatever account the environment names."""

from __future__ import annotations

import dataclasses

import pytest

from gatepost.networks import contract
from gatepost.networks.contract import ContractResult
from gatepost.networks.protocol import Account
from gatepost.sandbox.town import Town
from tests.networks.conftest import from_environment, said_in_town, town_account
from tests.networks.wordpress_server import WordPressServer


def broken(results: list[ContractResult]) -> list[str]:
    return [f"{result.name}: {result.detail}" for result in results if not result.ok]


def left_out(results: list[ContractResult]) -> set[str]:
    return {result.name for result in results if result.skipped}


@pytest.mark.parametrize(
    ("network", "cannot"),
    [("facebook", {"approve"}), ("x", {"approve", "remove somebody's message"})],
)
def test_the_practice_town_keeps_the_contract(town: Town, network: str, cannot: set[str]) -> None:
    results = contract.run(
        town_account(town, network), resident=lambda text, under: said_in_town(town, network, text, under)
    )
    assert broken(results) == []
    assert left_out(results) == cannot
    assert len(results) == 11


@pytest.mark.wordpress
def test_a_real_wordpress_keeps_the_contract(wordpress: WordPressServer) -> None:
    results = contract.run(wordpress.account(), resident=wordpress.say)
    assert broken(results) == []
    assert left_out(results) == set()


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
