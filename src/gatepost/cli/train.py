"""`gatepost train`: the readers learn from what people corrected, on this machine alone; a person puts it to use."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gatepost.cli.database import EXPECTED, database
from gatepost.cli.packs import WRONG
from gatepost.policy.model import LABELS
from gatepost.policy.pack import load
from gatepost.policy.reading.learning import FOLDS, LEAST, Example, LabelReport, Lesson, Score, learn
from gatepost.shipped import pack_folder

if TYPE_CHECKING:
    from gatepost.people.models import User

MOST_LINES = 50_000
LINE_LIMIT = 200_000  # bytes
_SHORT = 12
_WANTED = '{"text": "…", "label": "complaint", "holds": false}'  # a line of a file
_MOST_TRAININGS = 20  # told, the latest first
_HEADINGS = (
    f"{'label':<18}{'corrections':>12}  {'right':>11}  {'precision':>13}  {'recall':>13}  {'F1':>13}  {'log loss':>15}"
)
WHY = {
    "": "learnt",
    "cues": "read by fixed rules: not learnt",
    "few": f"too few corrections: {LEAST} are needed",
    "one_sided": "too few messages that are this, or that are not",
    "no_better": "would read no better: stays as shipped",
}


class Wrong(Exception):
    """The command cannot be done; the text says why and what to do."""


def add_to(commands: Any) -> None:
    parser = commands.add_parser("train", help="let the readers learn from what people corrected, on this machine")
    parser.add_argument(
        "--from",
        dest="file",
        type=Path,
        default=None,
        metavar="FILE",
        help='learn from lines of {"text": "…", "label": "…", "holds": true}, not from the desk; needs --out',
    )
    parser.add_argument(
        "--out", type=Path, default=None, metavar="FILE", help="write what was learnt to a new file, keep nothing"
    )
    parser.set_defaults(run=train)
    verbs = parser.add_subparsers(metavar="VERB")
    accepting = verbs.add_parser("accept", help="read new messages with what was learnt")
    accepting.add_argument("digest", metavar="DIGEST", help="the beginning of its digest")
    accepting.add_argument("--as", dest="email", required=True, metavar="EMAIL", help="who does it")
    accepting.set_defaults(run=_with_desk(accept))
    undoing = verbs.add_parser("undo", help="go back to the readers as shipped")
    undoing.add_argument("--as", dest="email", required=True, metavar="EMAIL", help="who does it")
    undoing.set_defaults(run=_with_desk(undo))
    telling = verbs.add_parser("status", help="what was corrected, learnt and put to use")
    telling.set_defaults(run=_with_desk(status))


def train(arguments: argparse.Namespace) -> int:
    try:
        if arguments.out is not None and arguments.out.exists():
            raise Wrong(f"{arguments.out} is there already. Give the name of a new file.")
        if arguments.file is None:
            with database():
                return _from_desk(arguments)
        if arguments.out is None:
            raise Wrong("Say with --out FILE where to write what is learnt from a file. The desk keeps only its own.")
        examples = examples_in(arguments.file)
        if not examples:
            raise Wrong(f"{arguments.file} holds no corrections. Write one a line: {_WANTED}.")
        return _told(learn(examples, load(pack_folder()).words), arguments.out)
    except (Wrong, *WRONG, *EXPECTED) as error:
        print(error, file=sys.stderr)
        return 1


def _from_desk(arguments: argparse.Namespace) -> int:
    from gatepost.inbox import teaching
    from gatepost.ledger.actions import System
    from gatepost.rulebook.actions import NoPolicy, in_force

    now = datetime.now(UTC)
    try:
        if arguments.out is not None:
            return _told(learn(teaching.corrections(), in_force(now).words, beside=teaching.beside()), arguments.out)
        lesson, kept = teaching.train(by=System("train"), at=now)
    except NoPolicy as error:
        raise Wrong(str(error)) from error
    _told(lesson, None)
    if kept is not None:
        print(f"Kept as {kept.digest[:_SHORT]}. Nothing has changed yet. Somebody who signs off puts it to use with:")
        print(f"  gatepost train accept {kept.digest[:_SHORT]} --as EMAIL")
    return 0


def _told(lesson: Lesson, out: Path | None) -> int:
    print("\n".join(table(lesson.report)))
    if not lesson.data:
        print("Nothing was learnt. The readers stay as they are.")
    elif out is not None:
        try:
            out.write_bytes(lesson.data)
        except OSError as error:
            raise Wrong(f"{out} cannot be written: {error.strerror}. Give another place.") from error
        print(f"Written to {out}. Digest {lesson.digest}")
    return 0


def table(report: Sequence[LabelReport]) -> list[str]:
    """Before and after, label by label, as lines for people."""
    if not report:
        return ["Nobody has corrected a reading yet. It is done on the page of a message that was read wrongly."]
    lines = [
        f"Each corrected message is read by what was learnt from the others, in {FOLDS} parts.",
        "",
        _HEADINGS,
    ]
    for one in report:
        line = f"{one.label:<18}{one.corrections:>12}"
        if one.before is not None and one.after is not None:
            line += _figures(one.before, one.after)
        lines += [line, f"{'':<18}{WHY[one.why]}{_moved(one)}"]
    return lines


def _figures(before: Score, after: Score) -> str:
    right = f"{before.right} → {after.right}"
    shares = [
        f"{getattr(before, name):.2f} → {getattr(after, name):.2f}"
        for name in ("precision", "recall", "f1", "log_loss")
    ]
    return f"  {right:>11}  {shares[0]:>13}  {shares[1]:>13}  {shares[2]:>13}  {shares[3]:>15}"


def _moved(one: LabelReport) -> str:
    return f"; {one.moved} of {one.beside} other messages would be read otherwise" if one.beside else ""


def examples_in(path: Path) -> list[Example]:
    """The corrections of a JSON lines file. Raises Wrong, naming the line."""
    found: list[Example] = []
    try:
        with path.open("rb") as source:
            for number, line in enumerate(iter(lambda: source.readline(LINE_LIMIT + 1), b""), 1):
                if number > MOST_LINES or len(line) > LINE_LIMIT:
                    raise Wrong(
                        f"{path}, line {number}: at most {MOST_LINES:,} lines of {LINE_LIMIT:,} bytes. Split it."
                    )
                if line.strip():
                    found.append(_example(line, f"{path}, line {number}"))
    except OSError as error:
        raise Wrong(f"{path} cannot be read: {error.strerror}. Give the path of a JSONL file.") from error
    return found


def _example(line: bytes, place: str) -> Example:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Wrong(f"{place}: it is not JSON. Write one object a line.") from error
    if not isinstance(value, dict) or not isinstance(value.get("text"), str) or type(value.get("holds")) is not bool:
        raise Wrong(f"{place}: “text” or “holds” is missing or of another kind. Write {_WANTED}.")
    if value.get("label") not in LABELS:
        raise Wrong(f"{place}: there is no such label. Use one of: {', '.join(LABELS)}.")
    return Example(value["text"], value["label"], value["holds"])


def _person(email: str) -> User:
    from gatepost.people.models import User

    person = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if person is None:
        raise Wrong(f"Nobody on this desk has the address {email or '(none given)'}. Say who you are with --as EMAIL.")
    return person


def _with_desk(command: Callable[[argparse.Namespace, datetime], None]) -> Callable[[argparse.Namespace], int]:
    """The command on the desk's database; what it refuses becomes a sentence and the exit code 1."""

    def run(arguments: argparse.Namespace) -> int:
        try:
            with database():
                from gatepost.people.authority import NotAllowed
                from gatepost.rulebook.readers import ReadersError

                try:
                    command(arguments, datetime.now(UTC))
                except (NotAllowed, ReadersError) as error:
                    raise Wrong(str(error)) from error
        except (Wrong, *EXPECTED) as error:
            print(error, file=sys.stderr)
            return 1
        return 0

    return run


def accept(arguments: argparse.Namespace, now: datetime) -> None:
    from gatepost.rulebook import readers

    model = readers.candidate(arguments.digest)
    readers.accept(model, by=_person(arguments.email), at=now)
    print(f"From now on new messages are read with {model.digest[:_SHORT]}. What was decided before stays.")
    print("Go back to the readers as shipped with: gatepost train undo --as EMAIL")


def undo(arguments: argparse.Namespace, now: datetime) -> None:
    from gatepost.rulebook import readers

    use = readers.undo(by=_person(arguments.email), at=now)
    print(f"The readers are as shipped again. {use.model_id[:_SHORT]} is kept and can be put to use again.")


def status(arguments: argparse.Namespace, now: datetime) -> None:
    from gatepost.inbox import teaching
    from gatepost.rulebook import readers
    from gatepost.rulebook.models import ReaderModel

    counts = teaching.counts()
    print("Corrections: " + (", ".join(f"{label} {count}" for label, count in counts.items()) or "none yet") + ".")
    use = readers.used(now)
    for model in ReaderModel.objects.defer("data").order_by("-made_at", "digest")[:_MOST_TRAININGS]:
        state = "in use" if use is not None and use.model_id == model.digest else ""
        if not readers.fits(model):
            state = "of another release: not used"
        labels = ", ".join(one["label"] for one in model.report if not one["why"])
        print(f"{model.made_at:%Y-%m-%d %H:%M} UTC  {model.digest[:_SHORT]}  {labels}  {state}".rstrip())
    if use is None:
        print("The readers are as shipped.")
