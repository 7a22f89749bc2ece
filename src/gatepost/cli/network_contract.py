"""`gatepost networks contract`: does an account do what every connector promises? Tried on a fresh practice town by
default, or on a server named by options."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from gatepost.networks.client import BadAccount
from gatepost.networks.contract import Resident, lines, run
from gatepost.networks.protocol import Account
from gatepost.networks.registry import credential_fields, posting_networks


def add_to(commands: Any) -> None:
    parser = commands.add_parser("networks", help="try out the connectors")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    contract = verbs.add_parser("contract", help="run the contract suite; posts and removes real posts on the account")
    known = posting_networks()
    contract.add_argument("network", nargs="?", choices=known, help="one network (default: all of the town)")
    contract.add_argument("--url", default="", help="the server's address (default: a fresh practice town)")
    contract.add_argument("--account", default="", help="the account's id on the network")
    contract.set_defaults(run=contract_run)


def contract_run(arguments: argparse.Namespace) -> int:
    """Credentials come from variables GATEPOST_CREDENTIALS_<NAME>: a command line can be seen by others."""
    if arguments.url:
        if not arguments.network:
            print("Name the network too: gatepost networks contract wordpress --url …", file=sys.stderr)
            return 1
        return _report([_given(arguments)])
    with tempfile.TemporaryDirectory(prefix="gatepost-contract-") as folder:
        from gatepost.sandbox import town

        started = town.start(Path(folder), pace=0, quiet=True)
        try:
            accounts = _of_town(started.url)
            wanted = [one for one in accounts if arguments.network in (None, one.network)]
            if not wanted:
                print(f"The practice town has no {arguments.network}. Name a server with --url.", file=sys.stderr)
                return 1
            return _report(wanted, started.url)
        finally:
            started.stop()


def _given(arguments: argparse.Namespace) -> Account:
    credentials = {}
    for field in credential_fields(arguments.network):
        value = os.environ.get(f"GATEPOST_CREDENTIALS_{field.id.upper()}", "")
        if value:
            credentials[field.id] = value
    return Account(arguments.network, arguments.url, arguments.account, credentials=credentials, allow_private=True)


def _of_town(address: str) -> list[Account]:
    with urllib.request.urlopen(f"{address}/_town/state", timeout=10) as answer:  # noqa: S310  # our own town
        accounts: dict[str, dict[str, Any]] = json.load(answer)["accounts"]
    return [
        Account(
            network=network,
            base_url=address + there["path"],
            external_id=there["id"],
            handle=there["handle"],
            credentials={"token": there["token"], "app_secret": there.get("app_secret") or ""},
            allow_private=True,
        )
        for network, there in accounts.items()
    ]


def _resident(address: str, network: str) -> Resident:
    """Lets a resident of the town say something under one of our posts."""

    def say(text: str, under: str) -> str:
        body = json.dumps({"network": network, "text": text, "under": under}).encode()
        request = urllib.request.Request(  # noqa: S310  # our own town
            f"{address}/_town/say", data=body, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  # our own town
            return str(json.load(answer)["ref"])

    return say


def _report(accounts: list[Account], town: str = "") -> int:
    ok = True
    for account in accounts:
        try:
            results = run(account, resident=_resident(town, account.network) if town else None)
        except BadAccount as error:
            print(error, file=sys.stderr)
            return 1
        for line in lines(account, results):
            print(line)
        ok = ok and all(result.ok for result in results)
    return 0 if ok else 1
