"""`gatepost`: the desk from the command line. `gatepost COMMAND --help` says what each does."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from types import ModuleType

from gatepost.cli import up

_DESK = ("up", "demo", "worker")  # the desk itself, whose processes stay: they load nothing that they do not need


def _rooms() -> tuple[ModuleType, ...]:
    """The modules of all other commands."""
    from gatepost.cli import (
        acts,
        archive,
        checking,
        data,
        doctor,
        holds,
        keys,
        link,
        network_contract,
        policy,
        record,
        train,
        triage,
    )

    return policy, triage, train, checking, record, network_contract, keys, link, archive, data, acts, holds, doctor


def parser(asked: str = "") -> argparse.ArgumentParser:
    """Every command with its options; each sets `run`, which takes the arguments and returns the exit code. Where a
    command of the desk itself is `asked` for, only those."""
    made = argparse.ArgumentParser(
        prog="gatepost", description="A social media desk in which the policy is the program."
    )
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    desk = commands.add_parser("up", help="start the desk and everything it needs")
    up.add_arguments(desk)
    desk.set_defaults(run=up.up)
    demo = commands.add_parser("demo", help="the same in a new folder that is thrown away afterwards")
    up.add_arguments(demo)
    demo.set_defaults(run=up.demo)
    worker = commands.add_parser("worker", help="send, read and seal for a desk whose database DATABASE_URL names")
    worker.set_defaults(run=_worker)
    for room in () if asked in _DESK else _rooms():
        room.add_to(commands)
    return made


def _worker(arguments: argparse.Namespace) -> int:
    from gatepost.cli.database import NoDesk, django_ready, sorry

    try:
        django_ready()
    except NoDesk as error:
        return sorry(error)
    from gatepost.worker.run import run

    return run()


def main(given: Sequence[str] | None = None) -> int:
    words = sys.argv[1:] if given is None else given
    arguments = parser(words[0] if words else "").parse_args(words)
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output has gone: that is its right
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return code


if __name__ == "__main__":
    sys.exit(main())
