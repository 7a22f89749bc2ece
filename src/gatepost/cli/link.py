"""`gatepost link ADDRESS`: a one-time link into the desk for somebody who has no other way in."""

from __future__ import annotations

import argparse
from typing import Any

from gatepost.cli.database import EXPECTED, database, sorry


def add_to(commands: Any) -> None:
    parser = commands.add_parser("link", help="a one-time sign-in link for somebody on the desk")
    parser.add_argument("address", metavar="ADDRESS", help="the e-mail address they have on the desk")
    parser.set_defaults(run=link)


def link(arguments: argparse.Namespace) -> int:
    """Prints the link. The record keeps that the command line made it; it ends links that were handed over before."""
    try:
        with database():
            from django.conf import settings
            from django.utils import timezone

            from gatepost.ledger.actions import System
            from gatepost.people.actions import PeopleError
            from gatepost.people.links import make_link
            from gatepost.people.models import User

            try:
                person = User.objects.filter(email=arguments.address.strip().lower()).first()
                if person is None:
                    raise PeopleError("Nobody on the desk has this address.")
                secret = make_link(person, by=System("command line"), at=timezone.now())
            except PeopleError as error:
                return sorry(error)
            print(f"{settings.PUBLIC_URL}/sign-in/link/{secret}/")
    except EXPECTED as error:
        return sorry(error)
    print("It lets them in once, within 24 hours. Give it to nobody else.")
    return 0
