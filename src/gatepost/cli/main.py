"""`gatepost`: the desk from the command line. `gatepost COMMAND --help` says what each does."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

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
    output,
    policy,
    record,
    streams,
    train,
    triage,
    up,
)


def parser() -> argparse.ArgumentParser:
    """Every command with its options; each sets `run`, which takes the arguments and returns the exit code."""
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
    for room in (
        policy,
        triage,
        train,
        checking,
        record,
        network_contract,
        keys,
        link,
        archive,
        data,
        acts,
        holds,
        doctor,
    ):
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
    streams.ready()
    try:
        with output.watched():
            arguments = parser().parse_args(given)
            code: int = arguments.run(arguments)
    except (output.Gone, BrokenPipeError):  # the reader of our output has gone: that is its right
        streams.give_up_output()
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.filename is None:  # it was the output: what waits for it would be refused again
            streams.give_up_output()
        print(streams.said(error), file=sys.stderr)
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
