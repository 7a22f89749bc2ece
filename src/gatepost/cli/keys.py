"""`gatepost keys rotate`: a new key for the channels' credentials."""

from __future__ import annotations

import argparse
from typing import Any

from gatepost.cli.database import EXPECTED, database, sorry


def add_to(commands: Any) -> None:
    parser = commands.add_parser("keys", help="the key that locks up channel credentials")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("rotate", help="make a new key and lock everything up again").set_defaults(run=rotate)


def rotate(arguments: argparse.Namespace) -> int:
    try:
        with database():
            from django.utils import timezone

            from gatepost.channels.actions import rotate_key
            from gatepost.inbox.models import CallLine, Receiver
            from gatepost.ledger.actions import System
            from gatepost.vault import VaultError

            try:
                also = [model.objects.filter(ended_at=None) for model in (CallLine, Receiver)]
                count = rotate_key(by=System("command line"), at=timezone.now(), also=also)
            except VaultError as error:
                return sorry(error)
    except EXPECTED as error:
        return sorry(error)
    print(
        f"A new key is in use; the credentials of {count} channels are locked up with it. "
        "Keep a copy of credentials.key."
    )
    return 0
