"""The pack a command works on."""

from __future__ import annotations

import argparse
from pathlib import Path

from gatepost.policy.pack import Pack, load
from gatepost.policy.problems import PackError
from gatepost.shipped import PackMissing, pack_folder

WRONG = (PackError, PackMissing, OSError)


def add_pack(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pack",
        type=Path,
        default=None,
        metavar="DIR",
        help="the policy pack's folder (default: $GATEPOST_PACK, else bhp)",
    )


def pack_of(arguments: argparse.Namespace) -> Pack:
    """Raises one of WRONG."""
    return load(pack_folder(arguments.pack))
