"""`gatepost hold | release | holds`: stop everything that would leave, let it be looked at again, see what stands."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from gatepost.cli.database import EXPECTED, database, sorry

if TYPE_CHECKING:
    from gatepost.people.models import User


def add_to(commands: Any) -> None:
    stop = commands.add_parser("hold", help="stop everything that would leave, or one channel of it")
    stop.add_argument("reason", help="why, for everybody on the desk")
    stop.add_argument("--as", dest="email", metavar="EMAIL", required=True, help="somebody who signs off")
    stop.add_argument("--channel", type=int, metavar="NUMBER", help="that channel alone; `act channels.list` has them")
    stop.set_defaults(run=hold)
    go = commands.add_parser("release", help="end a hold; what it kept back is looked at before it leaves")
    go.add_argument("hold", type=int, metavar="NUMBER", help="as `gatepost holds` shows it")
    go.add_argument("--as", dest="email", metavar="EMAIL", required=True, help="somebody who signs off")
    go.set_defaults(run=release)
    commands.add_parser("holds", help="the holds in force, and how much each keeps back").set_defaults(run=holds)


def hold(arguments: argparse.Namespace) -> int:
    """Exit 0 when it is done, 1 when the call is wrong, 2 when the desk or the policy says no."""

    def do(by: User, at: datetime) -> str:
        from gatepost.channels.models import Channel
        from gatepost.gate import holds as gate

        channel = Channel.objects.filter(pk=arguments.channel).first() if arguments.channel is not None else None
        if arguments.channel is not None and channel is None:
            raise gate.HoldError(f"There is no channel {arguments.channel}. Nothing is held.")
        made = gate.hold(reason=arguments.reason, channel=channel, by=by, at=at)
        what = channel.name if channel is not None else "Everything"
        return f"{what} is held: hold {made.pk}. End it with: gatepost release {made.pk} --as {by.email}"

    return _done(arguments, do)


def release(arguments: argparse.Namespace) -> int:
    """The same exit codes."""

    def do(by: User, at: datetime) -> str:
        from gatepost.gate import holds as gate
        from gatepost.gate.models import Hold

        found = Hold.objects.filter(pk=arguments.hold, ended_at=None).first()
        if found is None:
            raise gate.HoldError(f"There is no hold {arguments.hold} in force. See: gatepost holds")
        kept = gate.end_hold(found, by=by, at=at)
        rest = "Nothing was kept back." if not kept else f"{kept} to look at before they leave: on the page Hold."
        return f"Hold {found.pk} has ended. {rest}"

    return _done(arguments, do)


def holds(arguments: argparse.Namespace) -> int:
    """One line for each hold in force."""
    try:
        with database():
            from django.utils import timezone

            from gatepost.gate import holds as gate
            from gatepost.gate.models import Act

            rows = list(gate.active())
            for row in rows:
                count = Act.objects.filter(gate.reach(row, at=timezone.now()), state="signed_off").count()
                what = row.channel.name if row.channel is not None else gate.scope_of(row)
                since = timezone.localtime(row.at)
                print(f"{row.pk:>4}  {since:%Y-%m-%d %H:%M}  {what}  {count} kept back  {row.by.name}: {row.reason}")
            if not rows:
                print("Nothing is held.")
    except EXPECTED as error:
        return sorry(error)
    return 0


def _done(arguments: argparse.Namespace, do: Callable[[User, datetime], str]) -> int:
    try:
        with database():
            from django.utils import timezone

            from gatepost.calls.refusals import REFUSALS
            from gatepost.people.models import User

            person = User.objects.filter(email=arguments.email.lower(), is_active=True).first()
            if person is None:
                print("Nobody on the desk has this e-mail address: --as EMAIL", file=sys.stderr)
                return 1
            try:
                print(do(person, timezone.now()))
            except REFUSALS as error:
                print(error, file=sys.stderr)
                return 2
    except EXPECTED as error:
        return sorry(error)
    return 0
