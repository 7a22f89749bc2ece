"""`gatepost triage`: what the policy says of each message, one JSON object a line in and out. Needs no desk."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import IO, Any
from zoneinfo import ZoneInfo

from gatepost.cli.before import Before
from gatepost.cli.packs import WRONG, add_pack, pack_of
from gatepost.policy.decide import decide_many
from gatepost.policy.model import Decision, Inbound
from gatepost.policy.pack import Pack

BATCH = 512
LINE_LIMIT = 4 * 1024 * 1024  # bytes of one line
CHUNK = 1024 * 1024


class BadLine(Exception):
    """One line is not a message; the text says why."""


@dataclass(frozen=True, slots=True)
class Asked:
    message: Inbound
    at: datetime
    timed: bool  # the line says when it came in


def add_to(commands: Any) -> None:
    parser = commands.add_parser("triage", help="read messages.jsonl on standard input, write decisions.jsonl")
    add_pack(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    try:
        pack = pack_of(arguments)
    except WRONG as error:
        print(error, file=sys.stderr)
        return 1
    return stream(sys.stdin.buffer, sys.stdout, sys.stderr, pack, now=datetime.now(UTC))


def stream(source: IO[bytes], out: IO[str], err: IO[str], pack: Pack, *, now: datetime) -> int:
    """Decides line by line, in order; holds at most one chunk of input. Returns 1 when any line was bad."""
    bad = False
    waiting: list[Asked] = []
    zone = ZoneInfo(pack.hours.timezone)
    before = Before((pack,))
    number = 0
    for lines in _chunks(source):
        for line in lines:
            number += 1
            try:
                asked = _asked(line, zone, now)
            except BadLine as error:
                bad = True
                print(f"line {number}: {error}", file=err)
                continue
            if asked is not None:
                waiting.append(replace(asked, message=before.told(asked.message, asked.at)) if asked.timed else asked)
            if len(waiting) >= BATCH:
                _answer(waiting, out, pack)
        _answer(waiting, out, pack)  # whoever writes one line and waits for its answer gets it
        out.flush()
    return 1 if bad else 0


def _answer(waiting: list[Asked], out: IO[str], pack: Pack) -> None:
    if not waiting:
        return
    for decision in decide_many([one.message for one in waiting], pack, [one.at for one in waiting]):
        out.write(json.dumps(as_json(decision)) + "\n")
    waiting.clear()


def _chunks(source: IO[bytes]) -> Iterator[list[bytes]]:
    """Whole lines as they come in; a line over the limit is cut to one byte more than the limit."""
    rest = b""
    read = getattr(source, "read1", source.read)
    while data := read(CHUNK):
        *lines, rest = (rest + data).split(b"\n")
        if len(rest) > LINE_LIMIT:
            rest = rest[: LINE_LIMIT + 1]
        yield lines
    if rest:
        yield [rest]


def _asked(line: bytes, zone: ZoneInfo, now: datetime) -> Asked | None:
    if not line.strip():
        return None
    if len(line) > LINE_LIMIT:
        raise BadLine(f"it is longer than {LINE_LIMIT // 1024 // 1024} MB; split it or leave it out.")
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"it is not JSON ({error}); each line must hold one JSON object.") from error
    if not isinstance(value, dict):
        raise BadLine('it is not a JSON object; write {"id": "…", "text": "…"}.')
    for name in ("id", "text"):
        if not isinstance(value.get(name), str):
            raise BadLine(f'“{name}” is missing or is not a string; write {{"id": "…", "text": "…"}}.')
    for name in ("network", "author", "author_kind", "at"):
        if not isinstance(value.get(name, ""), str | None):
            raise BadLine(f"“{name}” is not a string; leave it out or put it in quotation marks.")
    if not isinstance(value.get("private", False), bool | None):
        raise BadLine("“private” is neither true nor false; leave it out or write one of them without quotes.")
    at = now
    if value.get("at"):
        try:
            at = datetime.fromisoformat(value["at"])
        except ValueError as error:
            raise BadLine("“at” is not an ISO time; write it like 2026-11-24T09:30:00+00:00.") from error
        if not 1900 <= at.year < 2200:  # clocks and calendars end somewhere
            raise BadLine("“at” lies before 1900 or after 2199; give the time the message came in.")
        at = at if at.tzinfo else at.replace(tzinfo=zone)
    message = Inbound(
        id=value["id"],
        text=value["text"],
        network=value.get("network") or "",
        author=value.get("author") or "",
        private=bool(value.get("private")),
        author_kind=value.get("author_kind") or "",
        audiences=_audiences(value.get("audience")),
    )
    return Asked(message, at, bool(value.get("at")))


def _audiences(value: Any) -> tuple[str, ...]:
    """Whom the channel is for: one id, or several in a list."""
    names = [value] if isinstance(value, str) else value or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise BadLine("“audience” is neither a string nor a list of strings; write the ids of the pack's audiences.")
    return tuple(name for name in names if name)


def as_json(decision: Decision) -> dict[str, Any]:
    """A decision in the form scripts rely on; offsets are Unicode code points."""
    reading = decision.reading
    return {
        "id": decision.message,
        "labels": {name: round(value, 4) for name, value in reading.labels.items()},
        "decided": list(decision.decided),
        "spans": [
            {"start": span.start, "end": span.end, "label": span.label, "kind": span.kind} for span in reading.spans
        ],
        "sentiment": reading.sentiment,
        "language": reading.language,
        "offers": list(decision.offers),
        "refer": list(decision.refer),
        "moderate": decision.moderate,
        "steps": list(decision.steps),
        "urgent": decision.urgent,
        "answer": decision.answer,
        "mask": decision.mask,
        "second_look": decision.second_look,
        "hand_over": decision.hand_over,
        "clocks": [{"id": due.id, "due": due.due.isoformat()} for due in decision.clocks],
        "clauses": list(decision.clauses),
    }
