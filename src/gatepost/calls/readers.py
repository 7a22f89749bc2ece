"""What the readers have learnt by name: the trainings kept, training anew, putting one to use, going back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from gatepost.calls.asked import Asked, Nothing
from gatepost.inbox import teaching
from gatepost.people.authority import require_sign_off
from gatepost.people.models import User
from gatepost.rulebook import readers
from gatepost.rulebook.models import ReaderModel

MOST = 50  # trainings told, the latest first


class ReadersAccept(Asked):
    """`digest`: its beginning; "" for the latest training."""

    digest: Annotated[str, Field(max_length=64)] = ""


class TrainingOut(BaseModel):
    """`report`: for each corrected label the figures before and after, as `gatepost train` prints them."""

    digest: str
    made_at: datetime
    in_use: bool
    fits: bool  # learnt on top of the readers of this release
    report: list[dict[str, Any]]


class ReadersOut(BaseModel):
    """`corrections`: how many for each label. `in_use`: a digest, or "" for the readers as shipped."""

    corrections: dict[str, int]
    in_use: str
    trainings: list[TrainingOut]


def told(wish: Nothing, *, by: User, at: datetime) -> ReadersOut:
    use = readers.used(at)
    digest = use.model_id if use else ""
    rows = ReaderModel.objects.defer("data").order_by("-made_at", "digest")[:MOST]
    trainings = [
        TrainingOut(
            digest=row.digest,
            made_at=row.made_at,
            in_use=row.digest == digest,
            fits=readers.fits(row),
            report=row.report,
        )
        for row in rows
    ]
    return ReadersOut(corrections=dict(teaching.counts()), in_use=digest, trainings=trainings)


def train(wish: Nothing, *, by: User, at: datetime) -> ReadersOut:
    require_sign_off(by, at)
    teaching.train(by=by, at=at)
    return told(wish, by=by, at=at)


def accept(wish: ReadersAccept, *, by: User, at: datetime) -> ReadersOut:
    readers.accept(readers.candidate(wish.digest), by=by, at=at)
    return told(Nothing(), by=by, at=at)


def undo(wish: Nothing, *, by: User, at: datetime) -> ReadersOut:
    readers.undo(by=by, at=at)
    return told(wish, by=by, at=at)


# name -> (what is asked, what is done, what is told, in a sentence)
READERS: dict[str, tuple[type[Asked], Callable[..., BaseModel], type[BaseModel], str]] = {
    "readers.list": (Nothing, told, ReadersOut, "What the readers have learnt from corrections, and what is in use"),
    "readers.train": (Nothing, train, ReadersOut, "Let the readers learn from the desk's corrections; changes nothing"),
    "readers.accept": (ReadersAccept, accept, ReadersOut, "Read new messages with what was learnt"),
    "readers.undo": (Nothing, undo, ReadersOut, "Go back to the readers as shipped"),
}
