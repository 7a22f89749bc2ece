"""`gatepost act`: the same actions as the API's, in the name of somebody on the desk."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from gatepost.cli.database import EXPECTED, database, sorry

SIZE_LIMIT = 1024 * 1024


def add_to(commands: Any) -> None:
    parser = commands.add_parser("act", help="do one of the desk's actions; without a name, list them")
    parser.add_argument("action", nargs="?", help="for example message.reply")
    parser.add_argument("--as", dest="email", metavar="EMAIL", help="the person on the desk in whose name it is done")
    parser.add_argument(
        "--json", metavar="JSON", default=None, help="what the action asks for (default: standard input)"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit 0 when it is done, 1 when the call is wrong, 2 when the desk or the policy says no."""
    try:
        with database():
            return _done(arguments) if arguments.action else _listed()
    except EXPECTED as error:
        return sorry(error)


def _listed() -> int:
    from gatepost.calls.actions import ACTIONS

    for name, action in ACTIONS.items():
        fields = ", ".join(
            field if info.is_required() else f"[{field}]" for field, info in action.asks.model_fields.items()
        )
        print(f"{name:<20} {action.words}" + (f": {fields}" if fields else ""))
    return 0


def _done(arguments: argparse.Namespace) -> int:
    from django.utils import timezone
    from pydantic import ValidationError

    from gatepost.calls.actions import ACTIONS
    from gatepost.calls.found import NoSuch
    from gatepost.calls.refusals import REFUSALS
    from gatepost.ledger.governing import clause_for
    from gatepost.people.models import User

    action = ACTIONS.get(arguments.action)
    if action is None:
        print(f"There is no action “{arguments.action}”. List them with: gatepost act", file=sys.stderr)
        return 1
    person = User.objects.filter(email=(arguments.email or "").lower(), is_active=True).first()
    if person is None:
        print("Say in whose name, by the e-mail address of somebody on the desk: --as EMAIL", file=sys.stderr)
        return 1
    body = arguments.json if arguments.json is not None else sys.stdin.read(SIZE_LIMIT + 1)
    if len(body) > SIZE_LIMIT:
        print("What the action asks for is longer than 1 MB.", file=sys.stderr)
        return 1
    try:
        wish = action.asks.model_validate_json(body or "{}")
        print(action(wish, by=person, at=timezone.now()).model_dump_json(indent=1))
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            place = ".".join(str(part) for part in problem["loc"]) or "the input"
            print(f"{place}: {problem['msg']}.", file=sys.stderr)
        return 1
    except (*REFUSALS, NoSuch) as error:
        clause = clause_for(getattr(error, "clause", ""), timezone.now())
        print(f"{error}" + (f" ({clause})" if clause else ""), file=sys.stderr)
        return 2
    return 0
