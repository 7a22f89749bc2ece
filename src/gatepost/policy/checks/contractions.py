"""Short forms that many people misread: can't and don't may be taken for their opposite.

Source: GOV.UK style guide, "contractions" (negative ones, and should've, could've, would've). "We'll" is fine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatepost.policy.checks.base import Draft, clause
from gatepost.policy.model import Finding

WHOLE = {
    "can't": "cannot",
    "won't": "will not",
    "shan't": "shall not",
    **{
        f"{word}n't": f"{word} not"
        for word in (
            "is", "are", "was", "were", "do", "does", "did", "has", "have", "had", "could", "should", "would", "must",
            "need", "might", "ought",
        )
    },
    **{f"{word}'ve": f"{word} have" for word in ("should", "could", "would", "might", "must")},
}  # fmt: skip
_FORMS = re.compile(
    r"\b(?:" + "|".join(form.replace("'", "['’]") for form in sorted(WHOLE, key=len, reverse=True)) + r")\b",
    re.IGNORECASE,
)


def contractions(draft: Draft) -> Iterator[Finding]:
    """A note for each, with the words in full."""
    if draft.unchanged_wording:
        return
    for found in _FORMS.finditer(draft.text):
        whole = WHOLE[found[0].lower().replace("’", "'")]
        yield Finding(
            "contractions",
            "note",
            clause(draft, "contractions"),
            f"Many people misread “{found[0]}”, also as its opposite.",
            f"Write “{whole}”.",
            start=found.start(),
            end=found.end(),
        )
