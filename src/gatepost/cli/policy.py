"""`gatepost policy check|lint|explain|test|coverage`: a pack tried out. Needs no desk, but for coverage's evidence."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gatepost.cli import importing, policy_adopt, policy_diff, policy_replay, policy_suggest
from gatepost.cli.database import EXPECTED, database
from gatepost.cli.packs import WRONG, add_pack, pack_at, pack_of
from gatepost.cli.streams import words_of
from gatepost.policy import examples, shown
from gatepost.policy.coverage import coverage, not_enforced
from gatepost.policy.decide import decide
from gatepost.policy.hazards import in_words, told_to_us
from gatepost.policy.lint import lint
from gatepost.policy.model import Decision, Inbound, Reading
from gatepost.policy.pack import Pack
from gatepost.policy.plainly import duration
from gatepost.policy.reasons import reasons
from gatepost.policy.statutory import legal_times

_MOST_BYTES = 4 * 1024 * 1024 + 4  # of a text: one character more than is read, so that this is told


def add_to(commands: Any) -> None:
    parser = commands.add_parser("policy", help="check, lint, explain, test a policy pack; its coverage")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    checked = verbs.add_parser("check", help="does the pack load? Says every mistake with file, line and mend")
    checked.add_argument("folder", type=Path, nargs="?", default=None)
    add_pack(checked)
    checked.set_defaults(run=check)
    linted = verbs.add_parser("lint", help="what is doubtful: repealed law, roles without holder, typing errors …")
    linted.add_argument("--strict", action="store_true", help="exit 1 when anything should be mended")
    linted.add_argument("--json", action="store_true", help="as JSON")
    add_pack(linted)
    linted.set_defaults(run=run_lint)
    told = verbs.add_parser("explain", help="what the policy says of a text, for people")
    told.add_argument("text", help="the words, or - to read them from standard input")
    add_pack(told)
    told.set_defaults(run=explain)
    tested = verbs.add_parser("test", help="run the pack's own examples")
    add_pack(tested)
    tested.set_defaults(run=test)
    covered = verbs.add_parser("coverage", help="each clause: what enforces it, and the evidence on this desk")
    covered.add_argument("--json", action="store_true", help="as JSON")
    add_pack(covered)
    covered.set_defaults(run=run_coverage)
    timed = verbs.add_parser("clocks", help="the times set by law, codes and networks that a pack can take by name")
    timed.set_defaults(run=clocks)
    importing.add_to(verbs)
    for verb in (policy_suggest, policy_diff, policy_replay, policy_adopt):
        verb.add_to(verbs)


def check(arguments: argparse.Namespace) -> int:
    arguments.pack = arguments.folder or arguments.pack
    try:
        pack = pack_of(arguments)
    except WRONG as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"{pack.title}: {len(pack.clauses)} clauses, {len(pack.rules)} rules, {len(pack.wordings)} wordings. It loads."
    )
    print(f"Digest {pack.digest}")
    return 0


def run_lint(arguments: argparse.Namespace) -> int:
    try:
        pack = pack_of(arguments)
    except WRONG as error:
        print(error, file=sys.stderr)
        return 1
    found = lint(pack, datetime.now(UTC))
    mend = sum(one.grade == "mend" for one in found)
    if arguments.json:
        print(json.dumps([asdict(one) for one in found], indent=1))
        return 1 if arguments.strict and mend else 0
    for grade, title in (("mend", "To mend"), ("look", "To look at")):
        rows = [one for one in found if one.grade == grade]
        if rows:
            print(f"{title}:")
        for one in rows:
            print(f"  {one} ({one.suggests})" if one.suggests else f"  {one}")
    print(f"{mend} to mend, {len(found) - mend} to look at.")
    if any(one.suggests for one in found):
        print("A clause that is lacking is put in, as suggested, by: gatepost policy suggest NAME --pack DIR")
    return 1 if arguments.strict and mend else 0


def explain(arguments: argparse.Namespace) -> int:
    try:
        pack = pack_of(arguments)
    except WRONG as error:
        print(error, file=sys.stderr)
        return 1
    text = words_of(arguments.text, _MOST_BYTES)
    if not text.strip():
        print(
            "There are no words to read. Give them in quotation marks, or - and the words on standard input.",
            file=sys.stderr,
        )
        return 1
    print("\n".join(explained(decide(Inbound("text", text), pack, datetime.now(UTC)), text, pack)))
    return 0


def explained(decision: Decision, text: str, pack: Pack) -> list[str]:
    """A decision in sentences: what was found, in which words, what the policy says, by when, and the clauses."""
    zone = ZoneInfo(pack.hours.timezone)
    reading = decision.reading
    lines = [f"Language {reading.language}, tone {reading.sentiment}."]
    for label in decision.decided:
        lines.append(
            f"{label.replace('_', ' ').capitalize()}, {reading.labels[label]:.0%} sure{_because(text, label, reading)}."
        )
    if not decision.decided:
        lines.append(
            "It is not sure enough of any label; what follows rests on the likeliest."
            if decision.evidence
            else "Nothing the policy has a rule for."
        )
    told = in_words(told_to_us(text, pack.words, decision.decided, urgent=decision.urgent))
    if told:
        lines.append(f"Hazards: {', '.join(told)}.")
    if decision.urgent:
        lines.append("Urgent.")
    lines += [f"Offer: “{pack.wording(offer).text}” ({pack.wording(offer).clause})." for offer in decision.offers]
    for name, to in zip(decision.refer, decision.addressed, strict=True):
        team = pack.department(name).name
        who = f", to {to.name}{' (deputy)' if to.deputy else ''}" if to.name != team else ""
        lines.append(f"Refer to: {team}{who}.")
    if decision.steps:
        lines.append(f"On the network: {', then '.join(decision.steps)}.")
    if decision.mask:
        lines.append("Personal details are masked on the desk.")
    if not decision.answer:
        lines.append("Do not answer.")
    lines += list(decision.advice)
    for due in decision.clocks:
        lines.append(f"By {due.due.astimezone(zone):%H:%M on %A %-d %B %Y}: {pack.clocks[due.id].name} ({due.source}).")
    for found in decision.evidence:
        lines.append(f"Because of clause {found.clause}, rule {found.rule}: {', '.join(found.because)}.")
    if decision.clauses:
        lines.append(f"Clauses: {', '.join(decision.clauses)}.")
    return lines


def _because(text: str, label: str, reading: Reading) -> str:
    """The reasons for a label with the words they rest on: ": it is sarcastic “slow clap”"; "" for none."""
    if label == "personal_details":
        spans = [span for span in reading.spans if span.label == label]
        found = [f"{span.kind.replace('_', ' ')} “{text[span.start : span.end]}”" for span in spans]
    else:
        whys = reasons(text, label, reading.spans)
        found = [" ".join((why.says, *(f"“{word}”" for word in why.words))) for why in whys]
    return f": {'; '.join(found)}" if found else ""


def test(arguments: argparse.Namespace) -> int:
    try:
        pack = pack_of(arguments)
    except WRONG as error:
        print(error, file=sys.stderr)
        return 1
    results = examples.run(pack, datetime.now(UTC))
    failed = [one for one in results if not one.ok]
    for one in failed:
        print(f"{one.id} ({', '.join(one.clauses)}):")
        for failure in one.failures:
            print(f"    {failure}")
    print(f"{len(results) - len(failed)} examples hold, {len(failed)} do not.")
    rows = shown.by_clause(pack, results)
    things = [one for one in shown.by_thing(pack, results) if not one.whole]
    print(f"{sum(one.whole for one in rows)} of {len(rows)} clauses with a rule or check are shown both ways.")
    for row in (*(clause for clause in rows if not clause.whole), *things):
        lacks = [words for words, ids in (("makes it speak", row.fires), ("must not", row.silent)) if not ids]
        print(f"    {row.name}: no example that {' and none that '.join(lacks)}.")
    return 1 if failed else 0


def clocks(arguments: argparse.Namespace) -> int:
    for row in legal_times().values():
        longer = f", up to {duration(row.extension.amount, row.unit)} more" if row.extension else ""
        print(f"{row.id}: {row.name}. {duration(row.amount, row.unit)} from: {row.starts}{longer}.")
        print(f"    {row.said}; applies to {row.applies}. Figure {_SEEN[row.seen]}: {row.source}")
    return 0


_SEEN = {"source": "read at its source", "second hand": "read second hand", "unchecked": "not checked"}


def run_coverage(arguments: argparse.Namespace) -> int:
    evidence: dict[str, int] = {}
    asked = arguments.pack is not None
    try:
        with database():
            from django.db import DatabaseError
            from django.utils import timezone

            from gatepost.ledger.evidence import by_clause
            from gatepost.rulebook.actions import NoPolicy, in_force

            try:
                pack = pack_at(arguments.pack) if asked else in_force(timezone.now())
                evidence = {clause: cited.count for clause, cited in by_clause().items()}
            except (DatabaseError, NoPolicy):
                pack = pack_of(arguments)
    except EXPECTED as error:
        print(f"{error} Evidence is not counted.", file=sys.stderr)
        try:
            pack = pack_of(arguments)
        except WRONG as wrong:
            print(wrong, file=sys.stderr)
            return 1
    except WRONG as error:
        print(error, file=sys.stderr)
        return 1
    rows = [
        {
            "clause": one.clause,
            "kind": one.kind,
            "status": one.status,
            "by": list(one.by),
            "evidence": evidence.get(one.clause, 0),
            "reason": one.reason,
        }
        for one in coverage(pack)
    ]
    if arguments.json:
        print(json.dumps(rows, indent=1))
        return 0
    for row in rows:
        by = ", ".join(row["by"]) if isinstance(row["by"], list) else ""
        tail = f"  {row['reason']}" if row["reason"] else ""
        print(f"{row['clause']:<18} {row['kind']:<12} {row['status']:<8} {row['evidence']:>7}  {by}{tail}")
    told = not_enforced(pack)
    print(f"Not enforced, kept as text: {len(told) or 'nothing'}.")
    for kept in told:
        print(f"    {kept.clause}{f', {kept.what}' if kept.what else ''}: {' '.join(kept.text.split())}")
    return 0
