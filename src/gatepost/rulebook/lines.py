"""Approved lines: set, changed with a reason, looked over again, ended; and the lines in force for the checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from gatepost.ledger.actions import Actor, record
from gatepost.mailing import letter
from gatepost.people.authority import require_sign_off
from gatepost.people.models import User
from gatepost.policy.model import Line, Stated
from gatepost.rulebook.approved import ApprovedLine, LineVersion

MOST = 40  # words, figures or dates of one line
UNKEEPABLE = "\x00"
NEAR = timedelta(days=7)  # before its day of review the owner is written to
AT_ONCE = 20  # letters


class LineError(Exception):
    """A line cannot be kept so; `field` is the part that mends it."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line as somebody writes it. `words` say what a draft must hold to be about the topic; dates are ISO days."""

    topic: str
    text: str
    review_on: date
    owner: int
    words: Sequence[str] = ()
    figures: Sequence[Stated] = ()
    dates: Sequence[Stated] = ()
    because: str = ""


def current(line: ApprovedLine) -> LineVersion:
    found: LineVersion = line.versions.order_by("-number")[:1].get()
    return found


def value_of(version: LineVersion, topic: str) -> Line:
    """A version as the policy's check reads it."""
    return Line(
        id=str(version.line_id),
        topic=topic,
        words=tuple(version.words),
        text=version.text,
        figures=tuple(Stated(**item) for item in version.figures),
        dates=tuple(Stated(**item) for item in version.dates),
    )


def lines_in_force() -> tuple[Line, ...]:
    """Every line that has not been ended, as it stands, in one query."""
    rows = LineVersion.objects.filter(line__ended_at=None).select_related("line")
    latest = rows.order_by("line_id", "-number").distinct("line_id")
    return tuple(value_of(version, version.line.topic) for version in latest)


def to_review(on: date) -> list[ApprovedLine]:
    """Lines whose day of review has come, the longest overdue first."""
    return list(ApprovedLine.objects.filter(ended_at=None, review_on__lte=on).order_by("review_on", "topic"))


def _short(words: str, most: int, message: str, field: str, *, empty: bool = False) -> str:
    clean = words.strip()
    if (not clean and not empty) or len(clean) > most or UNKEEPABLE in clean:
        raise LineError(message, field)
    return clean


def _checked(wanted: Wanted, *, at: datetime) -> dict[str, object]:
    _short(wanted.topic, 160, "Give the topic in at most 160 characters.", "topic")
    text = _short(wanted.text, 4000, "Write what we say, in at most 4,000 characters.", "text")
    for given, field in ((wanted.words, "words"), (wanted.figures, "figures"), (wanted.dates, "dates")):
        if len(given) > MOST:
            raise LineError(f"At most {MOST} can be kept here.", field)
    words = [_short(word, 80, "Each word or phrase has at most 80 characters.", "words") for word in wanted.words]
    if not words:
        raise LineError(
            "Give at least one word or phrase by which a post about this topic is known, such as “Millrace lifts”.",
            "words",
        )
    for item, field in [*((one, "figures") for one in wanted.figures), *((one, "dates") for one in wanted.dates)]:
        _short(item.what, 80, "Say what each figure and date is of, in at most 80 characters.", field)
        _short(item.value, 60, "Give each figure and date itself, in at most 60 characters.", field)
    for item in wanted.dates:
        try:
            date.fromisoformat(item.value.strip())
        except ValueError as error:
            raise LineError(
                f"“{item.value[:40]}” is not a day. Write it as year-month-day, such as 2026-12-01.", "dates"
            ) from error
    if not User.objects.filter(pk=wanted.owner, is_active=True).exists():
        raise LineError("Choose somebody on the desk who looks after this line.", "owner")
    return {
        "text": text,
        "words": list(dict.fromkeys(words)),
        "figures": [_stated(item) for item in wanted.figures],
        "dates": [_stated(item) for item in wanted.dates],
        "because": _short(wanted.because, 400, "Give the reason in at most 400 characters.", "because", empty=True),
    }


def _stated(item: Stated) -> dict[str, str]:
    return {name: words.strip() for name, words in asdict(item).items()}


@transaction.atomic
def save_line(wanted: Wanted, *, by: User, at: datetime, line: ApprovedLine | None = None) -> ApprovedLine:
    """A new line, or a new version of one; what it said before is kept. Raises LineError, NotAllowed."""
    require_sign_off(by, at)
    values = _checked(wanted, at=at)
    if wanted.review_on <= timezone.localdate(at):
        raise LineError("The day of review must lie ahead.", "review_on")
    others = ApprovedLine.objects.filter(ended_at=None, topic=wanted.topic.strip())
    if (others.exclude(pk=line.pk) if line else others).exists():
        raise LineError("There is a line on this topic already. Change that one.", "topic")
    head = {
        "topic": wanted.topic.strip(),
        "owner_id": wanted.owner,
        "review_on": wanted.review_on,
        "reviewed_at": at,
    }
    if line is None:
        line = ApprovedLine.objects.create(created_at=at, **head)
        version = LineVersion.objects.create(line=line, number=1, by=by, at=at, **values)
    else:
        line = ApprovedLine.objects.select_for_update().get(pk=line.pk)
        if line.ended_at is not None:
            raise LineError("This line has been ended. Write a new one.")
        before = current(line)
        for name, value in head.items():
            setattr(line, name, value)
        line.save()
        same = all(getattr(before, name) == values[name] for name in ("text", "words", "figures", "dates"))
        if same:
            record("line.reviewed", f"line:{line.pk}", by=by, at=at, clauses=["desk:lines"])
            return line
        if not values["because"]:
            raise LineError("Say why the line changes. The reason stands in its history.", "because")
        version = LineVersion.objects.create(line=line, number=before.number + 1, by=by, at=at, **values)
    record("line.set", f"line:{line.pk}", by=by, at=at, clauses=["desk:lines"], detail={"version": version.number})
    return line


@transaction.atomic
def end_line(line: ApprovedLine, *, by: User, at: datetime) -> None:
    """Nobody is held to the line any more; its history stays."""
    require_sign_off(by, at)
    if ApprovedLine.objects.filter(pk=line.pk, ended_at=None).update(ended_at=at):
        record("line.ended", f"line:{line.pk}", by=by, at=at, clauses=["desk:lines"])


def remind(*, by: Actor, at: datetime) -> int:
    """Writes to the owners of lines whose day of review is near or past, once for each such day. Returns how many."""
    soon = timezone.localtime(at).date() + NEAR
    rows = ApprovedLine.objects.filter(ended_at=None, review_on__lte=soon, owner__is_active=True)
    due = rows.exclude(reminded_for=models.F("review_on")).select_related("owner").order_by("pk")[:AT_ONCE]
    sent = 0
    for line in due:
        # The mark is set first: a mail server that hangs must not make one reminder into many.
        if not ApprovedLine.objects.filter(pk=line.pk, ended_at=None).update(reminded_for=line.review_on):
            continue
        mail = letter(
            f"Please look over our line on {line.topic}"[:200],
            f"You look after what we say on {line.topic}. It is to be reviewed by {line.review_on:%-d %B %Y}.\n\n"
            f"It says now:\n\n{current(line).text}\n\n"
            f"Keep it or have it changed here: {settings.PUBLIC_URL}/lines/{line.pk}/\n",
            [line.owner.email],
        )
        try:
            mail.send()
        except OSError:  # of the mail server: tried again a quarter of an hour later
            ApprovedLine.objects.filter(pk=line.pk).update(reminded_for=None)
            return sent
        record("line.reminded", f"line:{line.pk}", by=by, at=at, clauses=["desk:lines"])
        sent += 1
    return sent
