"""Is what is kept as evidence still what the record says was kept? Each piece is hashed anew, and the record asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Concat

from gatepost.inbox.evidence import is_whole
from gatepost.inbox.models import Evidence
from gatepost.ledger.models import Line

Found = Literal["whole", "erased", "broken"]
SAYS: dict[Found, str] = {
    "whole": "It is as it was kept: checked against the record just now.",
    "erased": "It was erased by law. That it was kept, and its digest, stay.",
    "broken": "It is not what the record says was kept. Do not rely on it; tell whoever looks after the desk.",
}
NAMED = 10  # broken pieces that are named; of more their number is told
AT_ONCE = 500  # lines
PIECES = 100  # with their pictures in memory


@dataclass(frozen=True, slots=True)
class EvidenceReport:
    """`broken` names each piece, with what is wrong with it."""

    count: int
    erased: int
    broken: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.broken

    @property
    def says(self) -> str:
        if self.broken:
            more = len(self.broken) - NAMED
            return " ".join(self.broken[:NAMED]) + (f" And {more} more." if more > 0 else "")
        pieces = "1 piece of evidence" if self.count == 1 else f"{self.count} pieces of evidence"
        erased = f" {self.erased} of them erased by law." if self.erased else ""
        return f"{pieces} checked: each is as it was kept.{erased}"


def state_of(kept: Evidence) -> Found:
    """How one piece is now."""
    if not _recorded([kept.pk]):
        return "broken"
    if _emptied(kept):
        return "erased" if kept.message.erased_at is not None or _retention().exists() else "broken"
    return "whole" if is_whole(kept) else "broken"


def verify_kept() -> EvidenceReport:
    """Reads every piece of evidence, and every line of the record that says one was kept. Streams."""
    count = erased = by_age = 0
    broken: list[str] = []
    for kept, recorded in _every():
        count += 1
        name = f"Evidence {kept.pk} about message {kept.message_id}"
        if not recorded:
            broken.append(f"{name} has a digest that the record does not hold.")
        elif _emptied(kept):
            erased += 1
            by_age += kept.message.erased_at is None
        elif not is_whole(kept):
            broken.append(f"{name} has been changed since it was kept.")
    told = sum(line.detail.get("count", 0) for line in _retention())
    if by_age > told:
        broken.append(f"{by_age} pieces of evidence are empty, and the record says of {told} that they were erased.")
    broken += [f"The evidence about {subject} that line {pk} says was kept is gone." for pk, subject in _gone()]
    return EvidenceReport(count, erased, tuple(broken))


def _every() -> Iterator[tuple[Evidence, bool]]:
    """All evidence, some at a time, each with whether the record names it."""
    last = 0
    while some := list(Evidence.objects.select_related("message").filter(pk__gt=last).order_by("pk")[:PIECES]):
        last = some[-1].pk
        named = _recorded([kept.pk for kept in some])
        yield from ((kept, kept.pk in named) for kept in some)


def _recorded(numbers: Sequence[int]) -> set[int]:
    """Those of which the record says that exactly this was kept about their message."""
    about = Concat(Value("message:"), Cast(OuterRef("message_id"), CharField()))
    line = Line.objects.filter(verb="evidence.kept", subject=about).alias(named=KT("detail__sha256"))
    named = Exists(line.filter(named=OuterRef("sha256")))
    return set(Evidence.objects.filter(named, pk__in=numbers).values_list("pk", flat=True))


def _emptied(kept: Evidence) -> bool:
    return not (kept.text or kept.author_name or kept.author_ref or kept.raw or kept.picture)


def _retention() -> QuerySet[Line]:
    return Line.objects.filter(verb="retention.deleted", subject="retention:evidence")


def _gone() -> Iterator[tuple[int, str]]:
    """(number of the line, what it is about) of evidence that the record names and nobody has any more."""
    last = 0
    while lines := list(Line.objects.filter(verb="evidence.kept", pk__gt=last).order_by("pk")[:AT_ONCE]):
        last = lines[-1].pk
        named = {(line.subject, line.detail.get("sha256")) for line in lines}
        rows = Evidence.objects.filter(sha256__in=[sha256 for _, sha256 in named])
        there = {(f"message:{message}", sha256) for message, sha256 in rows.values_list("message", "sha256")}
        yield from ((line.pk, line.subject) for line in lines if (line.subject, line.detail.get("sha256")) not in there)
