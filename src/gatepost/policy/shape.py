"""What every shape of a pack's files is made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
ClauseId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[0-9]+)+$", max_length=60)]
MaybeClauseId = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_]*(\.[0-9]+)+)?$", max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=5_000)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Day = Annotated[list[str], Field(min_length=2, max_length=2)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=False)


class Phrase(Strict):
    """A pattern (RE2, without regard to case), why it matters, and what to write instead."""

    pattern: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
    why: Line
    instead: str = ""


class WeekIn(Strict):
    """Hours of each day, as two times; a day left out is closed."""

    monday: Day | None = None
    tuesday: Day | None = None
    wednesday: Day | None = None
    thursday: Day | None = None
    friday: Day | None = None
    saturday: Day | None = None
    sunday: Day | None = None
