"""One thing lint has to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Grade = Literal["mend", "look"]


@dataclass(frozen=True, slots=True)
class LintFinding:
    """`grade`: "mend" is wrong and should be put right; "look" deserves a look. `line` counts from 1; 0: the
    file. `suggests`: the suggestion of usual.toml that would settle it, for TakeUp.
    """

    code: str
    grade: Grade
    file: str
    line: int
    clause: str
    message: str
    mend: str
    suggests: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message.rstrip('.')}. {self.mend}"
