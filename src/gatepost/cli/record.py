"""`gatepost ledger verify|export`: the record, read back."""

from __future__ import annotations

import argparse
import json
from typing import Any

from gatepost.cli.database import EXPECTED, database, sorry


def add_to(commands: Any) -> None:
    parser = commands.add_parser("ledger", help="verify or export the record")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    checking = verbs.add_parser("verify", help="record and evidence: exit 0 and a count, or 1 naming what is broken")
    checking.add_argument("--signatures", action="store_true", help="check the proofs by passkey too, offline")
    checking.set_defaults(run=verify)
    verbs.add_parser("export", help="every line as JSON, oldest first").set_defaults(run=export)


def verify(arguments: argparse.Namespace) -> int:
    try:
        with database():
            from gatepost.inbox.evidence_check import verify_kept as evidence_kept
            from gatepost.ledger.verify import verify as read_back

            report, evidence = read_back(), evidence_kept()
            proofs = None
            if arguments.signatures:
                from gatepost.gate.proofs import verify_kept

                proofs = verify_kept()
    except EXPECTED as error:
        return sorry(error)
    print(report.says)
    print(evidence.says)
    if proofs is not None:
        print(proofs.says)
    return 0 if report.ok and evidence.ok and (proofs is None or proofs.ok) else 1


def export(arguments: argparse.Namespace) -> int:
    try:
        with database():
            from gatepost.ledger.verify import export as lines

            for line in lines():
                print(json.dumps(line))
    except EXPECTED as error:
        return sorry(error)
    return 0
