"""`gatepost policy replay`: what another pack would have done with the past, on the desk or in a file."""

from __future__ import annotations

import argparse
import json
import sys
import time
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gatepost.cli import past
from gatepost.cli.database import EXPECTED, database
from gatepost.cli.packs import WRONG, pack_at
from gatepost.inbox.masking import hidden
from gatepost.policy.pack import Pack, load
from gatepost.policy.plainly import FIELD_WORDS, detail_words, listed
from gatepost.policy.reading import Learnt
from gatepost.policy.replay import ReplayError, ReplayResult, replay

_MOST = 8  # details of one field
_MOST_WORKERS = 64
_QUIET = 2.0  # seconds between two words on how far it is


class BadSince(ValueError):
    """Not a length of time nor a date; the text says how to write it."""


def _processes(text: str) -> int:
    """Raises ArgumentTypeError for what is no number of processes."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= _MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes. Give one from 1 to {_MOST_WORKERS}.")
    return int(text)


def add_to(verbs: Any) -> None:
    parser = verbs.add_parser("replay", help="what another pack would have done with past messages and posts")
    parser.add_argument("--pack", type=Path, required=True, metavar="NEW", help="the folder of the pack to try")
    parser.add_argument(
        "--against",
        type=Path,
        default=None,
        metavar="OLD",
        help="the folder to compare with (default: what is in force)",
    )
    parser.add_argument("--since", default="12m", help="how far back: 30d, 8w, 12m, 2y, or a date (default: 12m)")
    parser.add_argument(
        "--from",
        dest="file",
        type=Path,
        default=None,
        metavar="FILE",
        help="messages from a JSONL file (as for gatepost triage) or a Parquet file; needs no desk",
    )
    parser.add_argument("--examples", type=int, default=5, metavar="N", help="ids shown for each change (default: 5)")
    parser.add_argument(
        "--show-text", action="store_true", help="also the words of the examples, personal details masked"
    )
    parser.add_argument("--workers", type=_processes, default=None, metavar="N", help="processes (default: all cores)")
    parser.add_argument(
        "--readers",
        choices=("in-use", "shipped"),
        default="in-use",
        help="read with what the desk's readers have learnt, or as shipped (default: in-use; with --from as shipped)",
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    now = datetime.now(UTC)
    try:
        since = since_of(arguments.since, now)
        new = pack_at(arguments.pack)
        if arguments.file is not None:
            return _from_file(arguments, new, since, now)
        with database():
            return _from_desk(arguments, new, since, now)
    except (*WRONG, *EXPECTED, BadSince, ReplayError, past.CannotRead) as error:
        print(error, file=sys.stderr)
        return 1


def since_of(text: str, now: datetime) -> datetime:
    """ "30d", "8w", "12m", "2y" before `now`, or an ISO date. Raises BadSince."""
    unit, number = text[-1:], text[:-1]
    if unit in "dwmy" and number.isascii() and number.isdecimal() and 0 < int(number) <= 36_500:
        if unit in "dw":
            return now - timedelta(days=int(number) * (7 if unit == "w" else 1))
        months = now.year * 12 + now.month - 1 - int(number) * (12 if unit == "y" else 1)
        year, month = divmod(months, 12)
        if year >= 1:
            return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadSince(
            f"{text!r} is not a length of time. Write 30d, 8w, 12m, 2y, or a date such as 2026-01-31."
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _from_file(arguments: argparse.Namespace, new: Pack, since: datetime, now: datetime) -> int:
    old = pack_at(arguments.against)
    rows = past.File(arguments.file, ZoneInfo(old.hours.timezone), now, since, packs=(old, new))
    result = _replayed(arguments, rows, old, new)
    for problem in rows.problems:
        print(problem, file=sys.stderr)
    if rows.bad > len(rows.problems):
        print(f"… and {rows.bad - len(rows.problems):,} more lines that could not be read.", file=sys.stderr)
    if rows.disordered:
        print(
            f"{rows.disordered:,} lines came in before lines above them. What people wrote before is counted from "
            "the lines above alone. Sort the file by “at”, the oldest first.",
            file=sys.stderr,
        )
    _print(arguments, result, old, new, rows.texts)
    return 1 if rows.bad else 0


def _from_desk(arguments: argparse.Namespace, new: Pack, since: datetime, now: datetime) -> int:
    from gatepost.inbox import past as past_desk
    from gatepost.rulebook import readers
    from gatepost.rulebook.actions import NoPolicy, in_force

    try:
        old = load(arguments.against) if arguments.against else in_force(now)
    except NoPolicy as error:
        print(error, file=sys.stderr)
        return 1
    learnt = readers.in_use(now) if arguments.readers == "in-use" else None
    result = _replayed(arguments, past_desk.since(since, old, new), old, new, learnt)
    _print(arguments, result, old, new, past_desk.texts)
    return 0


def _replayed(
    arguments: argparse.Namespace, items: Iterable[Any], old: Pack, new: Pack, learnt: Learnt | None = None
) -> ReplayResult:
    return replay(
        items,
        old,
        new,
        examples=max(arguments.examples, 0),
        workers=arguments.workers,
        progress=_Progress(sys.stderr),
        learnt=learnt,
    )


class _Progress:
    """Says how far it is, every few seconds; nothing for short work."""

    def __init__(self, err: Any) -> None:
        self._err = err
        self._said = time.monotonic()

    def __call__(self, done: int) -> None:
        if time.monotonic() - self._said >= _QUIET:
            self._said = time.monotonic()
            print(f"{done:,} done …", file=self._err, flush=True)


def _print(
    arguments: argparse.Namespace,
    result: ReplayResult,
    old: Pack,
    new: Pack,
    texts: Callable[[set[str]], dict[str, str]],
) -> None:
    shown: dict[str, str] = {}
    if arguments.show_text:
        wanted = {key for keys in result.examples.values() for key in keys}
        shown = {key: hidden(text, old, new) for key, text in texts(wanted).items()}
    if arguments.json:
        print(json.dumps(as_json(result, shown), indent=1))
        return
    print("\n".join(told(result, new, shown)))


def as_json(result: ReplayResult, shown: dict[str, str]) -> dict[str, Any]:
    return {
        "messages": result.messages,
        "changed_messages": result.changed_messages,
        "drafts": result.drafts,
        "changed_drafts": result.changed_drafts,
        "fields": dict(result.fields),
        "details": [{"field": field, "what": what, "count": n} for (field, what), n in result.details.items()],
        "clauses": dict(result.clauses),
        "examples": {name: list(keys) for name, keys in result.examples.items()},
        **({"texts": shown} if shown else {}),
    }


def told(result: ReplayResult, new: Pack, shown: dict[str, str]) -> list[str]:
    """The result as lines for people."""
    lines = [_of("message", result.changed_messages, result.messages, "be decided otherwise")]
    if result.drafts:
        lines.append(_of("post or answer", result.changed_drafts, result.drafts, "be checked otherwise"))
    if not result.fields:
        return lines
    lines += ["", "By what changes"]
    for field, count in sorted(result.fields.items(), key=lambda pair: -pair[1]):
        lines.append(f"  {count:>7,}  {FIELD_WORDS[field]}{_examples(result, field)}")
        details = sorted(((n, what) for (name, what), n in result.details.items() if name == field), reverse=True)
        lines += [f"  {n:>13,}  {detail_words(what)}" for n, what in details[:_MOST]]
        if len(details) > _MOST:
            lines.append(f"{'':>17}… and {len(details) - _MOST} other changes")
    lines += ["", "By clause"]
    for clause, count in sorted(result.clauses.items(), key=lambda pair: new.numbers.get(pair[0], 10**6)):
        lines.append(f"  {count:>7,}  {clause or 'no clause'}{_examples(result, f'clause:{clause}')}")
    if shown:
        lines += ["", "Examples"]
        lines += [f"  {key}: {text}" for key, text in shown.items()]
    return lines


def _of(noun: str, changed: int, total: int, verb: str) -> str:
    plural = {"message": "messages", "post or answer": "posts and answers"}[noun]
    if not total:
        return f"There are no {plural} in this time."
    return f"{changed:,} of {total:,} {plural if total != 1 else noun} would {verb} ({changed / total:.1%})."


def _examples(result: ReplayResult, name: str) -> str:
    keys = result.examples.get(name, ())
    return f"; for example {listed(keys)}" if keys else ""
