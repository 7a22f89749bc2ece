"""Hashtags with a capital on each word, where the words can be told apart."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

from gatepost.policy.model import Finding
from gatepost.policy.pack import Pack

_WORD = re.compile(r"[^\W\d_]{2,}")
_LONGEST = 24  # letters of a word
_MOST = 100  # letters of a hashtag that is looked at


def camel_case(text: str, finding: Finding, pack: Pack) -> str | None:
    """#RepairsWeek for #repairsweek. None when the words are not all known, or could be told apart in no good way."""
    said = text[finding.start : finding.end]
    if not said.startswith("#") or not said[1:].isalnum() or len(said) > _MOST:
        return None
    known = _common() | _of_pack(pack) | frozenset(word.lower() for word in _WORD.findall(text.replace(said, " ")))
    parts = split(said[1:].lower(), known)
    return "#" + "".join(part[0].upper() + part[1:] for part in parts) if len(parts) > 1 else None


def split(run: str, known: frozenset[str]) -> tuple[str, ...]:
    """`run` cut into the fewest known words and numbers; () when that cannot be done."""
    best: list[tuple[int, int, tuple[str, ...]] | None] = [None] * (len(run) + 1)
    best[0] = (0, 0, ())
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - _LONGEST), end):
            before, piece = best[start], run[start:end]
            if before is None or not (piece in known or _is_number(run, start, end)):
                continue
            # Fewest words; among equals the ones of more even length, so that "the rapist" is not made of a therapist.
            rank = (before[0] + 1, before[1] + len(piece) ** 2, (*before[2], piece))
            now = best[end]
            if now is None or rank[:2] < now[:2]:
                best[end] = rank
    found = best[len(run)]
    return found[2] if found else ()


def _is_number(run: str, start: int, end: int) -> bool:
    """A whole run of digits, not a part of one."""
    whole = (start == 0 or not run[start - 1].isdigit()) and (end == len(run) or not run[end].isdigit())
    return whole and run[start:end].isdigit()


@lru_cache(maxsize=4)
def _of_pack(pack: Pack) -> frozenset[str]:
    """The words of the policy, its wordings and its lists: how this organisation speaks."""
    texts = [pack.policy_md, pack.organisation, *(wording.text for wording in pack.wordings.values())]
    texts += [item.title for group in (pack.aims, pack.audiences, pack.post_kinds) for item in group]
    texts += [department.name for department in pack.departments.values()]
    return frozenset(word.lower() for text in texts for word in _WORD.findall(text))


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    words = (resources.files(__package__) / "common.txt").read_text("utf-8")
    return frozenset(word for line in words.splitlines() if not line.startswith("#") for word in line.split())
